//! News feeds: RSS (0.9 to 2.0, and 1.0 in RDF), Atom and JSON Feed as one kind of tree.
//!
//! feed-rs 3 was measured on the same suites of real and broken feeds, and read fewer of them:
//! publishers write ill-formed feeds, and citizens expect every reader to show them all the same.
//! So the XML is parsed with recovery (`markup.rs`), elements are recognised by their meaning in
//! any of the dialects, and missing values are `null`.

use std::borrow::Cow;

use serde_json::{Map, Value};
use url::Url;
use voordeur_widget_api::{Budget, Exhausted};

use super::alternate_links::MAX_URL_BYTES;
use super::feed_dates::timestamp;
use super::markup::{self, Element};
use super::{FormatError, excerpt, html, json, line_and_column, tree};

/// Items beyond this many are omitted.
const MAX_ITEMS: usize = 2_000;

/// Categories of an item beyond this many are omitted.
const MAX_CATEGORIES: usize = 100;

/// Numbers of a geometry beyond this many are ignored.
const MAX_COORDINATES: usize = 20_000;

/// Reads a feed.
pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    let reader = Reader { budget };
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
        reader.of_atom(root)
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
}

/// Names of elements with their conventional prefixes; earlier ones take precedence.
type Names<'n> = &'n [(&'n str, &'n str)];

impl Reader<'_> {
    fn of_atom(self, root: &Element<'_>) -> Result<Value, Exhausted> {
        let base = base_of(root, self.page_of(root)?);
        let entries = root.elements().filter(|element| element.is("", "entry"));
        let items = self.items(entries, base.as_ref())?;
        let language = root.attribute("xml:lang").filter(|tag| !tag.is_empty());
        let language = match language {
            Some(language) => tree::text(self.budget, &language)?,
            None => self.text_of(root, &[("dc", "language")])?,
        };
        let updated = [("", "updated"), ("", "modified"), ("dc", "date")];
        tree::object(
            self.budget,
            [
                ("title", self.text_of(root, &[("", "title")])?),
                ("link", self.link(self.best_link(root)?, base.as_ref())?),
                (
                    "description",
                    self.text_of(root, &[("", "subtitle"), ("", "tagline"), ("", "info")])?,
                ),
                ("language", language),
                ("updated", self.timestamp_of(root, &updated)?),
                ("items", items),
            ],
        )
    }

    fn of_rss(self, root: &Element<'_>) -> Result<Value, Exhausted> {
        let channel = root.elements().find(|element| element.is("", "channel")).unwrap_or(root);
        let base = base_of(channel, base_of(root, self.page_of(channel)?));
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
        let items = self.items(items, base.as_ref())?;
        let language = match self.text_of(channel, &[("", "language"), ("dc", "language")])? {
            Value::Null => tree::optional(self.budget, root.attribute("xml:lang").as_deref())?,
            language => language,
        };
        let description = [("", "description"), ("itunes", "subtitle"), ("dc", "description")];
        let updated = [
            ("", "lastBuildDate"),
            ("", "pubDate"),
            ("dc", "date"),
            ("atom", "updated"),
            ("", "updated"),
        ];
        tree::object(
            self.budget,
            [
                ("title", self.text_of(channel, &[("", "title"), ("dc", "title")])?),
                ("link", self.link(self.best_link(channel)?, base.as_ref())?),
                ("description", self.text_of(channel, &description)?),
                ("language", language),
                ("updated", self.timestamp_of(channel, &updated)?),
                ("items", items),
            ],
        )
    }

    /// The page of a feed, to which its links are relative.
    fn page_of(self, element: &Element<'_>) -> Result<Option<Url>, Exhausted> {
        let link = self.best_link(element)?;
        Ok(link.and_then(|link| resolve(&link, None)).filter(is_base))
    }

    fn items<'e, 'd: 'e>(
        self,
        elements: impl Iterator<Item = &'e Element<'d>>,
        base: Option<&Url>,
    ) -> Result<Value, Exhausted> {
        let mut items = Vec::new();
        for element in elements.take(MAX_ITEMS) {
            let item = self.item(element, base)?;
            tree::push_value(self.budget, &mut items, item)?;
        }
        Ok(Value::Array(items))
    }

    /// An item of RSS or an entry of Atom. Feeds mix the elements of both, so either is accepted.
    fn item(self, element: &Element<'_>, base: Option<&Url>) -> Result<Value, Exhausted> {
        let base = base_of(element, base.cloned());
        let link = self.link(self.link_of(element)?, base.as_ref())?;
        let media = child(element, "media", "group").unwrap_or(element);
        let summary = [
            ("", "description"),
            ("", "summary"),
            ("content", "encoded"),
            ("", "content"),
            ("dc", "description"),
            ("media", "description"),
            ("xhtml", "body"),
        ];
        let summary = match self.text_of(element, &summary)? {
            Value::Null => self.text_of(media, &[("media", "description")])?,
            summary => summary,
        };
        let published = [
            ("", "pubDate"),
            ("", "published"),
            ("", "issued"),
            ("dc", "date"),
            ("dcterms", "issued"),
            ("", "created"),
            ("dcterms", "created"),
        ];
        let updated = [
            ("", "updated"),
            ("", "modified"),
            ("atom", "updated"),
            ("dcterms", "modified"),
            ("", "lastBuildDate"),
        ];
        let id = match self.id_of(element)? {
            Value::Null => tree::copy(self.budget, &link)?,
            id => id,
        };
        let title = [("", "title"), ("dc", "title"), ("media", "title")];
        let mut item = tree::object(
            self.budget,
            [
                ("id", id),
                ("title", self.text_of(element, &title)?),
                ("link", link),
                ("summary", summary),
                ("published", self.timestamp_of(element, &published)?),
                ("updated", self.timestamp_of(element, &updated)?),
                ("author", self.author_of(element)?),
                ("categories", self.categories_of(element)?),
            ],
        )?;
        let position = self.position(element)?;
        if let (Some((latitude, longitude)), Value::Object(item)) = (position, &mut item) {
            tree::insert(self.budget, item, "latitude", latitude.into())?;
            tree::insert(self.budget, item, "longitude", longitude.into())?;
        }
        Ok(item)
    }

    /// The link of an item, also when only its identifier is a link.
    fn link_of<'d>(self, element: &Element<'d>) -> Result<Option<Cow<'d, str>>, Exhausted> {
        if let Some(link) = self.best_link(element)? {
            return Ok(Some(link));
        }
        if let Some(guid) = child(element, "", "guid")
            && guid.attribute("isPermaLink").as_deref() != Some("false")
        {
            let text = guid.text(self.budget)?;
            if text.trim().starts_with("http") {
                return Ok(Some(text.trim().to_owned().into()));
            }
        }
        Ok(element.attribute("rdf:about").filter(|about| about.starts_with("http")))
    }

    fn id_of(self, element: &Element<'_>) -> Result<Value, Exhausted> {
        for (prefix, name) in [("", "guid"), ("", "id"), ("dc", "identifier")] {
            let Some(child) = child(element, prefix, name) else { continue };
            let id = html::one_line(&child.text(self.budget)?);
            if !id.is_empty() {
                return Ok(id.into());
            }
        }
        tree::optional(self.budget, element.attribute("rdf:about").as_deref())
    }

    fn author_of(self, element: &Element<'_>) -> Result<Value, Exhausted> {
        if let Some(author) = child(element, "", "author") {
            let name = child(author, "", "name").or_else(|| child(author, "", "email"));
            let name = self.words(name.unwrap_or(author))?;
            if !name.is_empty() {
                return Ok(name.into());
            }
        }
        self.text_of(element, &[("dc", "creator"), ("itunes", "author")])
    }

    fn categories_of(self, element: &Element<'_>) -> Result<Value, Exhausted> {
        let mut categories: Vec<Value> = Vec::new();
        let elements = element.elements().filter(|e| e.is("", "category") || e.is("dc", "subject"));
        for category in elements.take(MAX_CATEGORIES) {
            let mut name = String::new();
            for key in ["label", "term"] {
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

    /// The plain text of an element, on one line.
    fn words(self, element: &Element<'_>) -> Result<String, Exhausted> {
        html::charged_text(&element.text(self.budget)?, self.budget)
    }

    /// The plain text of the first of these child elements that has any, or null.
    fn text_of(self, element: &Element<'_>, names: Names<'_>) -> Result<Value, Exhausted> {
        self.budget.charge_steps(element.child_count())?;
        for (prefix, name) in names {
            for child in element.elements().filter(|child| child.is(prefix, name)) {
                let text = self.words(child)?;
                if !text.is_empty() {
                    return Ok(text.into());
                }
            }
        }
        Ok(Value::Null)
    }

    /// The first readable date in these child elements, or null.
    fn timestamp_of(self, element: &Element<'_>, names: Names<'_>) -> Result<Value, Exhausted> {
        self.budget.charge_steps(element.child_count())?;
        for (prefix, name) in names {
            for child in element.elements().filter(|child| child.is(prefix, name)) {
                if let Some(timestamp) = timestamp(&child.text(self.budget)?) {
                    return tree::text(self.budget, &timestamp.to_string());
                }
            }
        }
        Ok(Value::Null)
    }

    /// The URL of the page of an element: the text of `<link>` in RSS, or the `href` of the most
    /// suitable `<link>` in Atom.
    fn best_link<'d>(self, element: &Element<'d>) -> Result<Option<Cow<'d, str>>, Exhausted> {
        self.budget.charge_steps(element.child_count())?;
        let links =
            || element.elements().filter(|child| child.is("", "link") || child.is("atom", "link"));
        for link in links() {
            let text = link.text(self.budget)?;
            if !text.trim().is_empty() {
                return Ok(Some(text.trim().to_owned().into()));
            }
        }
        let with_relation = |wanted: &[&str]| {
            links().find_map(|link| {
                let href = link.attribute("href").filter(|href| !href.is_empty())?;
                let relation = link.attribute("rel").unwrap_or(Cow::Borrowed("alternate"));
                wanted.contains(&&*relation).then_some(href)
            })
        };
        Ok(with_relation(&["alternate", ""]).or_else(|| with_relation(&["self", "via", "related"])))
    }

    /// The absolute URL of a link, or null.
    fn link(self, link: Option<Cow<'_, str>>, base: Option<&Url>) -> Result<Value, Exhausted> {
        let Some(link) = link else { return Ok(Value::Null) };
        let url = resolve(&link, base);
        tree::optional(self.budget, url.as_ref().map(Url::as_str))
    }

    /// The position of an item: a point, or the mean of the points of another geometry.
    fn position(self, element: &Element<'_>) -> Result<Option<(f64, f64)>, Exhausted> {
        self.budget.charge_steps(element.child_count())?;
        let geometry = child(element, "georss", "where").unwrap_or(element);
        let point = child(element, "geo", "Point").unwrap_or(element);
        let longitude = child(point, "geo", "long").or(child(point, "geo", "lon"));
        if let (Some(latitude), Some(longitude)) = (child(point, "geo", "lat"), longitude) {
            let numbers = [self.numbers(latitude)?, self.numbers(longitude)?].concat();
            return Ok(mean(&numbers, 1));
        }
        let shapes = [("point", 1), ("box", 2), ("line", 2), ("polygon", 4)];
        for (name, min_points) in shapes {
            if let Some(shape) = child(geometry, "georss", name)
                && let Some(position) = mean(&self.numbers(shape)?, min_points)
            {
                return Ok(Some(position));
            }
        }
        // The text of a GML geometry consists of coordinates, at any depth.
        let shapes = [("Point", 1), ("LineString", 2), ("Polygon", 4), ("Envelope", 2)];
        for (name, min_points) in shapes {
            if let Some(shape) = child(geometry, "gml", name) {
                return Ok(mean(&self.numbers(shape)?, min_points));
            }
        }
        Ok(None)
    }

    /// The numbers in the text of an element.
    fn numbers(self, element: &Element<'_>) -> Result<Vec<f64>, Exhausted> {
        let text = element.text(self.budget)?;
        Ok(text
            .split([' ', ',', '\n', '\t', '\r'])
            .filter(|part| !part.is_empty())
            .map_while(|part| part.parse().ok())
            .take(MAX_COORDINATES)
            .collect())
    }

    /// JSON Feed 1 and 1.1, <https://www.jsonfeed.org/version/1.1/>.
    fn of_json(self, text: &str) -> Result<Value, FormatError> {
        let feed = json::parse(text, self.budget).map_err(|error| {
            error.within(|message| FormatError::Feed(format!("JSON, but {message}")))
        })?;
        let version = feed["version"].as_str().unwrap_or_default();
        let Some(items) = feed["items"].as_array() else {
            return Err(FormatError::Feed("JSON without a list at `items`".to_owned()));
        };
        if !version.contains("jsonfeed.org") {
            return Err(FormatError::Feed(
                "JSON whose `version` does not name jsonfeed.org".to_owned(),
            ));
        }
        let Value::Object(feed) = &feed else {
            return Err(FormatError::Feed("JSON that is no object".to_owned()));
        };
        let page = member(feed, "home_page_url").and_then(|link| Url::parse(link).ok());
        let base = page.as_ref().filter(|page| is_base(page));
        let mut list = Vec::new();
        for item in items.iter().filter_map(Value::as_object).take(MAX_ITEMS) {
            let item = self.json_item(item, base)?;
            tree::push_value(self.budget, &mut list, item)?;
        }
        Ok(tree::object(
            self.budget,
            [
                ("title", self.plain(member(feed, "title"))?),
                ("link", tree::optional(self.budget, page.as_ref().map(Url::as_str))?),
                ("description", self.plain(member(feed, "description"))?),
                ("language", tree::optional(self.budget, member(feed, "language"))?),
                ("updated", Value::Null),
                ("cut_off", false.into()),
                ("items", Value::Array(list)),
            ],
        )?)
    }

    fn json_item(self, item: &Map<String, Value>, base: Option<&Url>) -> Result<Value, Exhausted> {
        let link = member(item, "url").or_else(|| member(item, "external_url"));
        let author = item
            .get("authors")
            .and_then(|authors| authors.get(0))
            .or_else(|| item.get("author"))
            .and_then(|author| author.get("name"))
            .and_then(Value::as_str);
        let id = match item.get("id") {
            Some(Value::Number(number)) => tree::text(self.budget, &number.to_string())?,
            _ => tree::optional(self.budget, member(item, "id"))?,
        };
        let mut categories = Vec::new();
        let tags = item.get("tags").and_then(Value::as_array).into_iter().flatten();
        for tag in tags.filter_map(Value::as_str).take(MAX_CATEGORIES) {
            let tag = html::charged_text(tag, self.budget)?;
            tree::push_value(self.budget, &mut categories, tag.into())?;
        }
        let mut summary = Value::Null;
        for key in ["summary", "content_text", "content_html"] {
            let text = self.plain(member(item, key))?;
            if text.as_str().is_some_and(|text| !text.is_empty()) {
                summary = text;
                break;
            }
        }
        let date = |key: &str| {
            let found = member(item, key).and_then(timestamp);
            tree::optional(self.budget, found.map(|at| at.to_string()).as_deref())
        };
        tree::object(
            self.budget,
            [
                ("id", id),
                ("title", self.plain(member(item, "title"))?),
                ("link", self.link(link.map(Cow::Borrowed), base)?),
                ("summary", summary),
                ("published", date("date_published")?),
                ("updated", date("date_modified")?),
                ("author", self.plain(author)?),
                ("categories", Value::Array(categories)),
            ],
        )
    }

    /// The plain text of HTML, or null.
    fn plain(self, html: Option<&str>) -> Result<Value, Exhausted> {
        let Some(html) = html else { return Ok(Value::Null) };
        Ok(html::charged_text(html, self.budget)?.into())
    }
}

fn child<'e, 'd>(element: &'e Element<'d>, prefix: &str, name: &str) -> Option<&'e Element<'d>> {
    element.elements().find(|child| child.is(prefix, name))
}

/// The base URL of an element.
fn base_of(element: &Element<'_>, outer: Option<Url>) -> Option<Url> {
    let own = element.attribute("xml:base").filter(|own| own.len() <= MAX_URL_BYTES);
    let Some(own) = own else { return outer };
    let joined = match &outer {
        Some(outer) => outer.join(&own).ok(),
        None => Url::parse(&own).ok(),
    };
    joined.filter(is_base).or(outer)
}

/// Whether a URL is short enough to be copied into each link.
fn is_base(url: &Url) -> bool {
    url.as_str().len() <= MAX_URL_BYTES
}

/// The absolute URL of a link; `None` for schemes other than `http` and `https`.
fn resolve(link: &str, base: Option<&Url>) -> Option<Url> {
    let link = link.trim();
    let url = match base {
        Some(base) => base.join(link).ok()?,
        None => Url::parse(link).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The mean of pairs of latitude and longitude; `None` for fewer than `min_points`.
fn mean(numbers: &[f64], min_points: usize) -> Option<(f64, f64)> {
    let pairs = numbers.chunks_exact(2);
    let count = pairs.len();
    if count < min_points {
        return None;
    }
    let (latitude, longitude) =
        pairs.fold((0.0, 0.0), |sum, pair| (sum.0 + pair[0], sum.1 + pair[1]));
    let (latitude, longitude) = (latitude / count as f64, longitude / count as f64);
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some((latitude, longitude))
}

/// The text of a member that is not blank.
fn member<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    map.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value, FormatError> {
        super::read(text, &Budget::default())
    }

    #[test]
    fn truncated_feeds_are_marked() {
        let whole = "<rss><channel><title>t</title><item><title>a</title></item></channel></rss>";
        assert_eq!(read(whole).expect("a feed")["cut_off"], false);
        // Missing or misspelt end tags of other elements do not count.
        for end in ["</rss>", "</item></RSS>"] {
            let tree = read(&format!("<rss><channel><item><title>a</title>{end}"));
            assert_eq!(tree.expect("a feed")["cut_off"], false);
        }
        let items = whole.find("<item>").expect("an item") + "<item>".len();
        // When only the last `>` is missing, nothing is lost.
        for length in items..whole.len() - 1 {
            assert_eq!(read(&whole[..length]).expect("a feed")["cut_off"], true, "{length}");
        }
        let error = read(&whole[..items - 2]).expect_err("no items").to_string();
        assert!(error.contains("before any item"), "{error}");
        assert!(read("<rss><channel><title>t</title></channel></rss>").is_ok());
    }

    #[test]
    fn relative_links_are_resolved_and_scripts_are_dropped() {
        let tree = read(
            "<feed xml:base='https://example.org/news/'><entry><link href='a.html'/></entry>\
             <entry xml:base='/b/'><link href='c'/></entry><entry><link href='javascript:x()'/></entry></feed>",
        )
        .expect("a feed");
        assert_eq!(tree["items"][0]["link"], "https://example.org/news/a.html");
        assert_eq!(tree["items"][1]["link"], "https://example.org/b/c");
        assert_eq!(tree["items"][2]["link"], Value::Null);
    }

    #[test]
    fn a_long_base_is_not_copied_into_each_link() {
        let long = "x".repeat(MAX_URL_BYTES);
        let entries = "<entry><link href='a'/></entry>".repeat(2);
        let own = "https://example.org/b/";
        let tree = read(&format!(
            "<feed xml:base='https://example.org/{long}/'><link href='{own}'/>{entries}</feed>"
        ))
        .expect("a feed");
        assert_eq!(tree["items"][1]["link"], "https://example.org/b/a");
        let tree = read(&format!("<feed><link href='{own}{long}/'/>{entries}</feed>"));
        let tree = tree.expect("a feed");
        assert!(tree["link"].is_string());
        assert_eq!(tree["items"][1]["link"], Value::Null);
    }

    #[test]
    fn positions_of_items_are_read() {
        let tree = read(
            "<rss xmlns:g='http://www.georss.org/georss'><channel><item><g:point>50.5 4.25</g:point></item>\
             <item><georss:where xmlns:gml='http://www.opengis.net/gml'><gml:Point><gml:pos>51 3</gml:pos></gml:Point></georss:where></item>\
             <item><geo:lat>51.5</geo:lat><geo:long>3,5</geo:long></item></channel></rss>",
        )
        .expect("a feed");
        assert_eq!(tree["items"][0]["latitude"], 50.5);
        assert_eq!(tree["items"][1]["longitude"], 3.0);
        assert_eq!(tree["items"][2]["latitude"], 51.5);
    }

    #[test]
    fn errors_name_the_position() {
        let error = read("<?xml version='1.0'?>\n<note><to/></note>").expect_err("not a feed");
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
