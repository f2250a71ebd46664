//! News feeds: RSS (0.9 to 2.0, and 1.0 in RDF), Atom and JSON Feed as one kind of tree.
//!
//! feed-rs 3 was measured on the same suites of real and broken feeds, and read fewer of them:
//! publishers write ill-formed feeds, and citizens expect every reader to show them all the same.
//! So the XML is parsed with recovery (`markup.rs`), elements are recognised by their meaning in
//! any of the dialects, and missing values are `null`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Map, Value, json};
use url::Url;

use super::html::{self, html_to_text};
use super::markup::{self, Element};
use super::{FormatError, line_and_column};

/// Items beyond this many are omitted.
const MAX_ITEMS: usize = 2_000;

/// Categories of an item beyond this many are omitted.
const MAX_CATEGORIES: usize = 100;

/// Numbers of a geometry beyond this many are ignored.
const MAX_COORDINATES: usize = 20_000;

/// Reads a feed.
pub fn read(text: &str) -> Result<Value, FormatError> {
    let trimmed = text.trim_start();
    if trimmed.starts_with('{') {
        return from_json(trimmed);
    }
    let error = |reason: String| Err(FormatError::Feed(reason));
    if let Some(at) = html::oversized_tag(text) {
        let position = line_and_column(text, at);
        return error(format!("a tag with thousands of attributes at {position}"));
    }
    let markup::Document { root: document, truncated } = markup::parse(text);
    let root = document.elements().find(|element| {
        ["rss", "rdf", "feed", "channel"].iter().any(|name| element.name.eq_ignore_ascii_case(name))
    });
    let Some(root) = root else {
        let Some(first) = document.elements().next() else {
            return error(format!("no element before {}", line_and_column(text, text.len())));
        };
        let at = text.find(&format!("<{}", first.name)).unwrap_or(text.len());
        let (name, position) = (html::one_line(&first.name), line_and_column(text, at));
        return error(format!("`{name}` at {position} is no feed"));
    };
    let mut tree =
        if root.name.eq_ignore_ascii_case("feed") { from_atom(root) } else { from_rss(root) };
    // A feed that is truncated before its first item may have had items.
    if truncated && tree["items"].as_array().is_some_and(Vec::is_empty) {
        let position = line_and_column(text, text.len());
        return error(format!("truncated at {position}, before any item"));
    }
    tree["cut_off"] = truncated.into();
    Ok(tree)
}

fn from_atom(root: &Element) -> Value {
    let own = best_link(root).and_then(|link| resolve(&link, None));
    let base = base_of(root, own.as_deref().and_then(|link| Url::parse(link).ok()));
    let items: Vec<Value> = root
        .elements()
        .filter(|element| element.is("", "entry"))
        .take(MAX_ITEMS)
        .map(|entry| item(entry, base.as_ref()))
        .collect();
    json!({
        "title": text_of(root, &[("", "title")]),
        "link": best_link(root).and_then(|link| resolve(&link, base.as_ref())),
        "description": text_of(root, &[("", "subtitle"), ("", "tagline"), ("", "info")]),
        "language": root.attribute("xml:lang").filter(|tag| !tag.is_empty()).map(str::to_owned)
            .or_else(|| text_of(root, &[("dc", "language")])),
        "updated": timestamp_of(root, &[("", "updated"), ("", "modified"), ("dc", "date")]),
        "items": items,
    })
}

fn from_rss(root: &Element) -> Value {
    let channel = root.elements().find(|element| element.is("", "channel")).unwrap_or(root);
    let own = best_link(channel).and_then(|link| resolve(&link, None));
    let start = own.as_deref().and_then(|link| Url::parse(link).ok());
    let base = base_of(channel, base_of(root, start));
    // In RSS 1.0, and in feeds that close their channel too early, items are siblings of the
    // channel.
    let sibling_parent = if std::ptr::eq(channel, root) { None } else { Some(root) };
    let items: Vec<Value> = std::iter::once(channel)
        .chain(sibling_parent)
        .flat_map(Element::elements)
        .flat_map(|element| {
            // RSS 0.9x has variants with an `items` element around the items.
            let inside = element.is("", "items").then(|| element.elements());
            std::iter::once(element).chain(inside.into_iter().flatten())
        })
        .filter(|element| element.is("", "item") || element.is("", "entry"))
        .take(MAX_ITEMS)
        .map(|element| item(element, base.as_ref()))
        .collect();
    json!({
        "title": text_of(channel, &[("", "title"), ("dc", "title")]),
        "link": best_link(channel).and_then(|link| resolve(&link, base.as_ref())),
        "description": text_of(channel, &[("", "description"), ("itunes", "subtitle"), ("dc", "description")]),
        "language": text_of(channel, &[("", "language"), ("dc", "language")])
            .or_else(|| root.attribute("xml:lang").map(str::to_owned)),
        "updated": timestamp_of(channel, &[("", "lastBuildDate"), ("", "pubDate"), ("dc", "date"), ("atom", "updated"), ("", "updated")]),
        "items": items,
    })
}

/// An item of RSS or an entry of Atom. Feeds mix the elements of both, so either is accepted.
fn item(element: &Element, base: Option<&Url>) -> Value {
    let base = base_of(element, base.cloned());
    let link = link_of(element).and_then(|link| resolve(&link, base.as_ref()));
    let media = child(element, "media", "group").unwrap_or(element);
    let summary = text_of(
        element,
        &[
            ("", "description"),
            ("", "summary"),
            ("content", "encoded"),
            ("", "content"),
            ("dc", "description"),
            ("media", "description"),
            ("xhtml", "body"),
        ],
    )
    .or_else(|| text_of(media, &[("media", "description")]));
    let published = timestamp_of(
        element,
        &[
            ("", "pubDate"),
            ("", "published"),
            ("", "issued"),
            ("dc", "date"),
            ("dcterms", "issued"),
            ("", "created"),
            ("dcterms", "created"),
        ],
    );
    let updated = timestamp_of(
        element,
        &[
            ("", "updated"),
            ("", "modified"),
            ("atom", "updated"),
            ("dcterms", "modified"),
            ("", "lastBuildDate"),
        ],
    );
    let mut tree = json!({
        "id": id_of(element).or_else(|| link.clone()),
        "title": text_of(element, &[("", "title"), ("dc", "title"), ("media", "title")]),
        "link": link,
        "summary": summary,
        "published": published,
        "updated": updated,
        "author": author_of(element),
        "categories": categories_of(element),
    });
    if let (Some((latitude, longitude)), Value::Object(tree)) = (position(element), &mut tree) {
        tree.insert("latitude".to_owned(), latitude.into());
        tree.insert("longitude".to_owned(), longitude.into());
    }
    tree
}

/// The link of an item, also when only its identifier is a link.
fn link_of(element: &Element) -> Option<String> {
    best_link(element)
        .or_else(|| {
            let guid = child(element, "", "guid")?;
            let text = guid.text().trim().to_owned();
            let is_link =
                guid.attribute("isPermaLink") != Some("false") && text.starts_with("http");
            is_link.then_some(text)
        })
        .or_else(|| {
            let about = element.attribute("rdf:about")?;
            about.starts_with("http").then(|| about.to_owned())
        })
}

fn id_of(element: &Element) -> Option<String> {
    [("", "guid"), ("", "id"), ("dc", "identifier")]
        .into_iter()
        .filter_map(|(prefix, name)| child(element, prefix, name))
        .map(|id| html::one_line(&id.text()))
        .find(|id| !id.is_empty())
        .or_else(|| element.attribute("rdf:about").map(str::to_owned))
}

fn author_of(element: &Element) -> Option<String> {
    child(element, "", "author")
        .map(|author| {
            let name = child(author, "", "name").or_else(|| child(author, "", "email"));
            html_to_text(&name.unwrap_or(author).text())
        })
        .filter(|author| !author.is_empty())
        .or_else(|| text_of(element, &[("dc", "creator"), ("itunes", "author")]))
}

fn categories_of(element: &Element) -> Vec<String> {
    let mut categories: Vec<String> = Vec::new();
    let elements = element.elements().filter(|e| e.is("", "category") || e.is("dc", "subject"));
    for category in elements.take(MAX_CATEGORIES) {
        let name = [category.attribute("label"), category.attribute("term")]
            .into_iter()
            .flatten()
            .map(html_to_text)
            .find(|name| !name.is_empty())
            .unwrap_or_else(|| html_to_text(&category.text()));
        if !name.is_empty() && !categories.contains(&name) {
            categories.push(name);
        }
    }
    categories
}

fn child<'a>(element: &'a Element, prefix: &str, name: &str) -> Option<&'a Element> {
    element.elements().find(|child| child.is(prefix, name))
}

/// The plain text of the first of these child elements that has any; earlier names take precedence.
fn text_of(element: &Element, names: &[(&str, &str)]) -> Option<String> {
    names
        .iter()
        .flat_map(|(prefix, name)| element.elements().filter(move |child| child.is(prefix, name)))
        .map(|child| html_to_text(&child.text()))
        .find(|text| !text.is_empty())
}

/// The first readable date in these child elements; earlier names take precedence.
fn timestamp_of(element: &Element, names: &[(&str, &str)]) -> Option<String> {
    names
        .iter()
        .flat_map(|(prefix, name)| element.elements().filter(move |child| child.is(prefix, name)))
        .find_map(|child| timestamp(&child.text()))
        .map(|timestamp| timestamp.to_string())
}

/// The URL of the page of an element: the text of `<link>` in RSS, or the `href` of the most
/// suitable `<link>` in Atom.
fn best_link(element: &Element) -> Option<String> {
    let links =
        || element.elements().filter(|child| child.is("", "link") || child.is("atom", "link"));
    let text = links().map(|link| link.text().trim().to_owned()).find(|text| !text.is_empty());
    let with_relation = |wanted: &[&str]| {
        links().find_map(|link| {
            let href = link.attribute("href").filter(|href| !href.is_empty())?;
            let relation = link.attribute("rel").unwrap_or("alternate");
            wanted.contains(&relation).then(|| href.to_owned())
        })
    };
    text.or_else(|| with_relation(&["alternate", ""]))
        .or_else(|| with_relation(&["self", "via", "related"]))
}

/// The base URL of an element.
fn base_of(element: &Element, outer: Option<Url>) -> Option<Url> {
    let Some(own) = element.attribute("xml:base") else { return outer };
    match &outer {
        Some(outer) => outer.join(own).ok(),
        None => Url::parse(own).ok(),
    }
    .or(outer)
}

/// The absolute URL of a link; `None` for schemes other than `http` and `https`.
fn resolve(link: &str, base: Option<&Url>) -> Option<String> {
    let link = link.trim();
    let url = match base {
        Some(base) => base.join(link).ok()?,
        None => Url::parse(link).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

/// The position of an item: a point, or the mean of the points of another geometry.
fn position(element: &Element) -> Option<(f64, f64)> {
    let geometry = child(element, "georss", "where").unwrap_or(element);
    let numbers = |text: String| -> Vec<f64> {
        text.split([' ', ',', '\n', '\t', '\r'])
            .filter(|part| !part.is_empty())
            .map_while(|part| part.parse().ok())
            .take(MAX_COORDINATES)
            .collect()
    };
    if let Some(point) = child(element, "geo", "Point").or(Some(element))
        && let (Some(latitude), Some(longitude)) =
            (child(point, "geo", "lat"), child(point, "geo", "long").or(child(point, "geo", "lon")))
    {
        let numbers = [numbers(latitude.text()), numbers(longitude.text())].concat();
        return mean(&numbers, 1);
    }
    let shapes = [("point", 1), ("box", 2), ("line", 2), ("polygon", 4)];
    for (name, min_points) in shapes {
        if let Some(shape) = child(geometry, "georss", name)
            && let Some(position) = mean(&numbers(shape.text()), min_points)
        {
            return Some(position);
        }
    }
    // The text of a GML geometry consists of coordinates, at any depth.
    for (name, min_points) in [("Point", 1), ("LineString", 2), ("Polygon", 4), ("Envelope", 2)] {
        if let Some(shape) = child(geometry, "gml", name) {
            return mean(&numbers(shape.text()), min_points);
        }
    }
    None
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

/// JSON Feed 1 and 1.1, <https://www.jsonfeed.org/version/1.1/>.
fn from_json(text: &str) -> Result<Value, FormatError> {
    let tree: Map<String, Value> = serde_json::from_str(text)
        .map_err(|error| FormatError::Feed(format!("JSON, but {error}")))?;
    let version = tree.get("version").and_then(Value::as_str).unwrap_or_default();
    let Some(Value::Array(items)) = tree.get("items") else {
        return Err(FormatError::Feed("JSON without a list at `items`".to_owned()));
    };
    if !version.contains("jsonfeed.org") {
        return Err(FormatError::Feed(
            "JSON whose `version` does not name jsonfeed.org".to_owned(),
        ));
    }
    let base = member(&tree, "home_page_url").and_then(|link| Url::parse(&link).ok());
    let items: Vec<Value> = items
        .iter()
        .filter_map(Value::as_object)
        .take(MAX_ITEMS)
        .map(|item| json_item(item, base.as_ref()))
        .collect();
    Ok(json!({
        "title": member(&tree, "title").map(|title| html_to_text(&title)),
        "link": base.as_ref().map(Url::to_string),
        "description": member(&tree, "description").map(|text| html_to_text(&text)),
        "language": member(&tree, "language"),
        "updated": null,
        "cut_off": false,
        "items": items,
    }))
}

fn json_item(item: &Map<String, Value>, base: Option<&Url>) -> Value {
    let link = member(item, "url").or_else(|| member(item, "external_url"));
    let author = item
        .get("authors")
        .and_then(|authors| authors.get(0))
        .or_else(|| item.get("author"))
        .and_then(|author| author.get("name"))
        .and_then(Value::as_str);
    let id = match item.get("id") {
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => member(item, "id"),
    };
    let categories: Vec<String> = item
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .take(MAX_CATEGORIES)
        .map(html_to_text)
        .collect();
    let summary = ["summary", "content_text", "content_html"]
        .iter()
        .filter_map(|key| member(item, key))
        .map(|text| html_to_text(&text))
        .find(|text| !text.is_empty());
    let date = |key: &str| Some(timestamp(&member(item, key)?)?.to_string());
    json!({
        "id": id,
        "title": member(item, "title").map(|title| html_to_text(&title)),
        "link": link.and_then(|link| resolve(&link, base)),
        "summary": summary,
        "published": date("date_published"),
        "updated": date("date_modified"),
        "author": author.map(html_to_text),
        "categories": categories,
    })
}

fn member(map: &Map<String, Value>, key: &str) -> Option<String> {
    map.get(key).and_then(Value::as_str).map(str::to_owned).filter(|text| !text.trim().is_empty())
}

/// Time zone abbreviations in feeds that RFC 822 does not define, with their offsets.
const ZONES: [(&str, &str); 12] = [
    ("CET", "+0100"),
    ("MEZ", "+0100"),
    ("MET", "+0100"),
    ("CEST", "+0200"),
    ("MESZ", "+0200"),
    ("WET", "+0000"),
    ("WEST", "+0100"),
    ("BST", "+0100"),
    ("EET", "+0200"),
    ("EEST", "+0300"),
    ("UTC", "+0000"),
    ("Z", "+0000"),
];

/// Formats of timestamps with an offset, beside RFC 2822 and RFC 3339.
const WITH_OFFSET: [&str; 5] = [
    "%d %B %Y %H:%M:%S %z",
    "%d %b %y %H:%M:%S %z",
    "%d %b %Y %H:%M:%S %:z",
    "%Y-%m-%d %H:%M:%S %z",
    "%b %d %H:%M:%S %z %Y",
];

/// Formats of timestamps without an offset; they are taken as UTC.
const WITHOUT_OFFSET: [&str; 10] = [
    "%d %B %Y %H:%M:%S",
    "%d %B %Y %H:%M",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%b %d %H:%M:%S %Y",
    "%Y/%m/%d %H:%M:%S",
];

/// Formats of dates.
const DATES: [&str; 8] =
    ["%d %B %Y", "%d %b %Y", "%B %d, %Y", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d", "%d-%m-%Y"];

/// Parses a date in any of the formats of feeds; a date without a time is midnight UTC.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let text = html::one_line(text);
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp);
    }
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    if let Ok(timestamp) = parser.parse_timestamp(&text) {
        return Some(timestamp);
    }
    // The weekday is redundant, and may be in any language.
    let mut rest = text.as_str();
    if let Some((weekday, after)) = text.split_once([',', ' '])
        && weekday.trim_end_matches('.').chars().all(char::is_alphabetic)
        && after.contains(|c: char| c.is_ascii_digit())
        && (text.contains(',') || !after.starts_with(|c: char| c.is_ascii_digit()))
        && !after.trim().is_empty()
    {
        rest = after.trim_start_matches([',', ' ']);
    }
    let mut rest = rest.to_owned();
    if let Some((before, zone)) = rest.rsplit_once(' ')
        && let Some((_, offset)) = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(zone))
    {
        rest = format!("{before} {offset}");
    }
    if let Some(before) = rest.strip_suffix(" GMT") {
        rest = format!("{before} +0000");
    }
    if let Ok(timestamp) = parser.parse_timestamp(&rest) {
        return Some(timestamp);
    }
    for candidate in [&rest, &text] {
        for format in WITH_OFFSET {
            if let Ok(timestamp) = Timestamp::strptime(format, candidate) {
                return Some(timestamp);
            }
        }
    }
    let mut civil = rest.parse::<DateTime>().ok();
    for candidate in [&rest, &text] {
        civil = civil
            .or_else(|| {
                WITHOUT_OFFSET.iter().find_map(|format| DateTime::strptime(format, candidate).ok())
            })
            .or_else(|| {
                DATES
                    .iter()
                    .find_map(|format| Date::strptime(format, candidate).ok())
                    .map(|day| day.at(0, 0, 0, 0))
            });
    }
    let utc = TimeZone::fixed(Offset::UTC);
    utc.to_timestamp(civil?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn dates_of_feeds_are_parsed() {
        let expected = "2017-06-03T13:15:44Z";
        for text in [
            "2017-06-03T13:15:44Z",
            "2017-06-03 15:15:44+02:00",
            "Sat, 03 Jun 2017 13:15:44 GMT",
            "Sat, 3 Jun 2017 15:15:44 +0200",
            "  Sa, 03 Jun 2017 15:15:44 CEST ",
            "Mon, 03 Jun 2017 08:15:44 -0500",
            "03 June 2017 15:15:44 +0200",
            "2017-06-03T13:15:44",
            "2017-06-03 13:15:44",
            "03.06.2017 13:15:44",
            "Sat Jun 3 13:15:44 2017",
        ] {
            assert_eq!(timestamp(text).map(|m| m.to_string()).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(
            timestamp("3 June 2017").map(|m| m.to_string()).as_deref(),
            Some("2017-06-03T00:00:00Z")
        );
        assert_eq!(
            timestamp("2017-06-03").map(|m| m.to_string()).as_deref(),
            Some("2017-06-03T00:00:00Z")
        );
        assert_eq!(timestamp("soon"), None);
        assert_eq!(timestamp(""), None);
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
