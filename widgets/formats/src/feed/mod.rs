//! News feeds: RSS (0.9 to 2.0, and 1.0 in RDF), Atom and JSON Feed as one kind of tree.
//!
//! Publishers write ill-formed feeds, and citizens expect every reader to show them all the same.
//! So the XML is parsed with recovery (`markup.rs`), elements are recognised by their meaning in
//! any of the dialects, and missing values are `null`. feed-rs 3 reads fewer of the same feeds: see
//! docs/adr/0038-our-own-feed-reader.md.

mod json_feed;
mod links;
mod order;
mod position;
mod texts;

use serde_json::Value;
use url::Url;
use voordeur_widget_api::{Budget, Exhausted};

use super::dates::{WrittenDate, written_date};
use super::markup::{self, Element};
use super::{FormatError, excerpt, html, line_and_column, tree};
use links::{base_of, is_base};
use order::Version;

/// Items beyond this many are not looked at.
const MAX_READ_ITEMS: usize = 20_000;

/// Categories of an item beyond this many are omitted.
const MAX_CATEGORIES: usize = 100;

/// Reads a feed, which was fetched from this URL. Items are in the order of their dates, the newest
/// first, and each stands there once.
pub fn read(text: &str, url: Option<&str>, budget: &Budget) -> Result<Value, FormatError> {
    let url = url.and_then(|url| Url::parse(url).ok()).filter(is_base);
    let reader = Reader { budget, url: url.as_ref(), is_atom: false };
    let trimmed = text.trim_start();
    if trimmed.starts_with('{') {
        return reader.of_json(trimmed);
    }
    let error = |reason: String| Err(FormatError::Feed(reason));
    let markup::Document { root: document, truncated } = markup::parse(text, budget)?;
    let root = document.elements().find(|element| {
        ["rss", "rdf", "feed", "channel"].iter().any(|name| element.name.eq_ignore_ascii_case(name))
    });
    let Some(root) = root else {
        let Some(first) = document.elements().next() else {
            return error(format!("no element before {}", line_and_column(text, text.len())));
        };
        let at = text.find(&format!("<{}", first.name)).unwrap_or(text.len());
        let (name, position) = (excerpt(first.name), line_and_column(text, at));
        return error(format!("`{name}` at {position} is no feed"));
    };
    let mut tree = if root.name.eq_ignore_ascii_case("feed") {
        Reader { is_atom: true, ..reader }.of_atom(root)
    } else {
        reader.of_rss(root)
    }?;
    // A feed that is truncated before its first item may have had items.
    if truncated && tree["items"].as_array().is_some_and(Vec::is_empty) {
        let position = line_and_column(text, text.len());
        return error(format!("truncated at {position}, before any item"));
    }
    if let Value::Object(tree) = &mut tree {
        tree::insert(budget, tree, "cut_off", truncated.into())?;
    }
    Ok(tree)
}

/// Builds the tree out of a budget.
#[derive(Clone, Copy)]
struct Reader<'b> {
    budget: &'b Budget,
    /// Where the feed was fetched from.
    url: Option<&'b Url>,
    /// Whether texts without a `type` are plain (RFC 4287, section 3.1.1).
    is_atom: bool,
}

/// Names of elements with their conventional prefixes; earlier ones take precedence.
type Names<'n> = &'n [(&'n str, &'n str)];

const ITEM_TITLE: Names<'_> = &[("", "title"), ("dc", "title"), ("media", "title")];
const ITEM_SUMMARY: Names<'_> = &[
    ("", "description"),
    ("", "summary"),
    ("content", "encoded"),
    ("", "content"),
    ("dc", "description"),
    ("media", "description"),
    ("itunes", "summary"),
    ("itunes", "subtitle"),
    ("xhtml", "body"),
    ("", "body"),
    ("", "fullitem"),
];
const ITEM_PUBLISHED: Names<'_> = &[
    ("", "pubDate"),
    ("", "published"),
    ("", "issued"),
    ("dc", "date"),
    ("dcterms", "issued"),
    ("", "created"),
    ("dcterms", "created"),
];
const ITEM_UPDATED: Names<'_> = &[
    ("", "updated"),
    ("", "modified"),
    ("atom", "updated"),
    ("dcterms", "modified"),
    ("", "lastBuildDate"),
];
const CHANNEL_DESCRIPTION: Names<'_> =
    &[("", "description"), ("itunes", "subtitle"), ("dc", "description"), ("itunes", "summary")];
const CHANNEL_UPDATED: Names<'_> = &[
    ("", "lastBuildDate"),
    ("", "pubDate"),
    ("dc", "date"),
    ("atom", "updated"),
    ("", "updated"),
    ("dcterms", "modified"),
    ("dcterms", "issued"),
    ("dcterms", "created"),
];

impl<'b> Reader<'b> {
    fn of_atom(self, root: &Element<'_>) -> Result<Value, Exhausted> {
        let base = base_of(root, self.url.cloned());
        let link = self.best_link(root, base.as_ref(), None)?;
        let base = base.or_else(|| link.clone().filter(is_base));
        let language = match self.language_of(root)? {
            Value::Null => self.text_of(root, &[("dc", "language")])?,
            language => language,
        };
        let entries = root.elements().filter(|element| element.is("", "entry"));
        let items = self.items(entries, base.as_ref(), &language)?;
        let updated = [
            ("", "updated"),
            ("", "modified"),
            ("dc", "date"),
            ("dcterms", "modified"),
            ("dcterms", "issued"),
        ];
        let description = [("", "subtitle"), ("", "tagline"), ("", "info")];
        tree::object(
            self.budget,
            [
                ("title", self.text_of(root, &[("", "title")])?),
                ("link", tree::optional(self.budget, link.as_ref().map(Url::as_str))?),
                ("description", self.text_of(root, &description)?),
                ("language", language),
                ("updated", self.moment(self.date_of(root, &updated)?)?),
                ("items", items),
            ],
        )
    }

    fn of_rss(self, root: &Element<'_>) -> Result<Value, Exhausted> {
        let channel = root.elements().find(|element| element.is("", "channel")).unwrap_or(root);
        let base = base_of(channel, base_of(root, self.url.cloned()));
        let link = self.best_link(channel, base.as_ref(), None)?;
        let base = base.or_else(|| link.clone().filter(is_base));
        // In RSS 1.0, and in feeds that close their channel too early, items are siblings of the
        // channel.
        let sibling_parent = if std::ptr::eq(channel, root) { None } else { Some(root) };
        let items = std::iter::once(channel)
            .chain(sibling_parent)
            .flat_map(Element::elements)
            .flat_map(|element| {
                // RSS 0.9x has variants with an `items` element around the items.
                let inside = element.is("", "items").then(|| element.elements());
                std::iter::once(element).chain(inside.into_iter().flatten())
            })
            .filter(|element| element.is("", "item") || element.is("", "entry"));
        let mut language = self.text_of(channel, &[("", "language"), ("dc", "language")])?;
        for element in [channel, root] {
            if language.is_null() {
                language = self.language_of(element)?;
            }
        }
        let items = self.items(items, base.as_ref(), &language)?;
        tree::object(
            self.budget,
            [
                ("title", self.text_of(channel, &[("", "title"), ("dc", "title")])?),
                ("link", tree::optional(self.budget, link.as_ref().map(Url::as_str))?),
                ("description", self.text_of(channel, CHANNEL_DESCRIPTION)?),
                ("language", language),
                ("updated", self.moment(self.date_of(channel, CHANNEL_UPDATED)?)?),
                ("items", items),
            ],
        )
    }

    /// The items, newest first, each once.
    fn items<'e, 'd: 'e>(
        self,
        elements: impl Iterator<Item = &'e Element<'d>>,
        base: Option<&Url>,
        language: &Value,
    ) -> Result<Value, Exhausted> {
        let mut versions = Vec::new();
        for element in elements.take(MAX_READ_ITEMS) {
            let own_base = base_of(element, base.cloned());
            let own_language = self.language_of_item(element, language)?;
            let link = self.link_of_item(element, own_base.as_ref(), own_language.as_str())?;
            self.charge_link(link.as_ref())?;
            let version = Version {
                item: element,
                id: self.id_of(element)?,
                title: self.text_of(element, ITEM_TITLE)?,
                link,
                published: self.date_of(element, ITEM_PUBLISHED)?,
                updated: self.date_of(element, ITEM_UPDATED)?,
            };
            tree::push(self.budget, &mut versions, version)?;
        }
        let mut items = Vec::new();
        for version in order::newest_first(versions, self.budget)? {
            let item = self.item(version, language)?;
            tree::push_value(self.budget, &mut items, item)?;
        }
        Ok(Value::Array(items))
    }

    /// An item of RSS or an entry of Atom. Feeds mix the elements of both, so either is accepted.
    fn item(self, version: Version<&Element<'_>>, language: &Value) -> Result<Value, Exhausted> {
        let Version { item: element, id, title, link, published, updated } = version;
        let link = tree::optional(self.budget, link.as_ref().map(Url::as_str))?;
        let id = match id {
            Some(id) => id.into(),
            None => tree::copy(self.budget, &link)?,
        };
        let media = child(element, "media", "group").unwrap_or(element);
        let summary = match self.text_of(element, ITEM_SUMMARY)? {
            Value::Null => self.text_of(media, &[("media", "description")])?,
            summary => summary,
        };
        let mut item = tree::object(
            self.budget,
            [
                ("id", id),
                ("title", title),
                ("link", link),
                ("summary", summary),
                ("published", self.moment(published)?),
                ("updated", self.moment(updated)?),
                ("date", self.as_written(published.or(updated))?),
                ("language", self.language_of_item(element, language)?),
                ("author", self.author_of(element)?),
                ("categories", self.categories_of(element, media)?),
            ],
        )?;
        let position = self.position(element)?;
        if let (Some((latitude, longitude)), Value::Object(item)) = (position, &mut item) {
            tree::insert(self.budget, item, "latitude", latitude.into())?;
            tree::insert(self.budget, item, "longitude", longitude.into())?;
        }
        Ok(item)
    }

    fn id_of(self, element: &Element<'_>) -> Result<Option<String>, Exhausted> {
        for (prefix, name) in [("", "guid"), ("", "id"), ("dc", "identifier")] {
            let Some(child) = child(element, prefix, name) else { continue };
            let id = html::one_line(&child.text(self.budget)?);
            if !id.is_empty() {
                return Ok(Some(id));
            }
        }
        let about = element.attribute("rdf:about").filter(|about| !about.is_empty());
        about.map(|about| tree::string(self.budget, &about)).transpose()
    }

    fn author_of(self, element: &Element<'_>) -> Result<Value, Exhausted> {
        if let Some(author) = child(element, "", "author") {
            let name = child(author, "", "name").or_else(|| child(author, "", "email"));
            let name = self.words(name.unwrap_or(author))?;
            if !name.is_empty() {
                return Ok(name.into());
            }
        }
        self.text_of(element, &[("dc", "creator"), ("dc", "author"), ("itunes", "author")])
    }

    /// The categories of an item, also of the media in it.
    fn categories_of(self, element: &Element<'_>, media: &Element<'_>) -> Result<Value, Exhausted> {
        let mut categories: Vec<Value> = Vec::new();
        let inside = (!std::ptr::eq(element, media)).then(|| media.elements());
        let elements = element.elements().chain(inside.into_iter().flatten()).filter(|element| {
            element.is("", "category")
                || element.is("dc", "subject")
                || element.is("media", "category")
                || element.is("itunes", "category")
        });
        for category in elements.take(MAX_CATEGORIES) {
            let mut name = String::new();
            for key in ["label", "term", "text"] {
                if name.is_empty()
                    && let Some(value) = category.attribute(key)
                {
                    name = html::charged_text(&value, self.budget)?;
                }
            }
            if name.is_empty() {
                name = self.words(category)?;
            }
            if !name.is_empty() && !categories.iter().any(|known| *known == name) {
                tree::push_value(self.budget, &mut categories, name.into())?;
            }
        }
        Ok(Value::Array(categories))
    }

    /// The first readable date in these child elements.
    fn date_of(
        self,
        element: &Element<'_>,
        names: Names<'_>,
    ) -> Result<Option<WrittenDate>, Exhausted> {
        self.budget.charge_steps(element.child_count())?;
        for (prefix, name) in names {
            for child in element.elements().filter(|child| child.is(prefix, name)) {
                if let Some(date) = written_date(&child.text(self.budget)?) {
                    return Ok(Some(date));
                }
            }
        }
        Ok(None)
    }

    /// The moment of a date, local where it names no zone, or null.
    fn moment(self, date: Option<WrittenDate>) -> Result<Value, Exhausted> {
        tree::optional(self.budget, date.map(WrittenDate::as_moment).as_deref())
    }

    /// A date as exactly as it was written, or null.
    fn as_written(self, date: Option<WrittenDate>) -> Result<Value, Exhausted> {
        let written = date.and_then(WrittenDate::as_text);
        tree::optional(self.budget, written.as_deref())
    }
}

fn child<'e, 'd>(element: &'e Element<'d>, prefix: &str, name: &str) -> Option<&'e Element<'d>> {
    element.elements().find(|child| child.is(prefix, name))
}

#[cfg(test)]
mod tests;
