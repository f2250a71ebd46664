//! News feeds of every kind as one tree.
//!
//! Publishers write RSS (0.9 to 2.0, and 1.0 in RDF), Atom and JSON Feed, often ill-formed, and people expect every reader to show them
//! all the same. So the markup is read with recovery (`markup.rs`), names are known by what they mean, and what is missing is `null`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Map, Value, json};
use url::Url;

use super::markup::{self, Element};
use super::{FormatError, place_of};

/// No feed is read beyond this many items.
const MOST_ITEMS: usize = 2_000;

/// Reads a feed.
pub fn read(text: &str) -> Result<Value, FormatError> {
    let start = text.trim_start();
    if start.starts_with('{') {
        return from_json(start);
    }
    if let Some(at) = markup::oversized_tag(text) {
        let problem = format!("a tag with thousands of attributes at {}", place_of(text, at));
        return Err(FormatError::Feed(problem));
    }
    let markup::Document { whole: document, cut_off } = markup::document(text);
    let root = document.elements().find(|element| {
        ["rss", "rdf", "feed", "channel"].iter().any(|name| element.name.eq_ignore_ascii_case(name))
    });
    let Some(root) = root else {
        let found = document.elements().next().map(|element| element.name.as_str());
        let at = found.and_then(|name| text.find(&format!("<{name}"))).unwrap_or(text.len());
        let place = place_of(text, at);
        return Err(FormatError::Feed(match found {
            Some(name) => format!("`{}` at {place} is no feed", markup::one_line(name)),
            None => format!("no element before {place}"),
        }));
    };
    let mut tree =
        if root.name.eq_ignore_ascii_case("feed") { from_atom(root) } else { from_rss(root) };
    // Of one that breaks off before its first item nothing is known, and it does not say that there is none.
    if cut_off && tree["items"].as_array().is_some_and(Vec::is_empty) {
        let place = place_of(text, text.len());
        return Err(FormatError::Feed(format!("it breaks off at {place}, before any item")));
    }
    tree["cut_off"] = cut_off.into();
    Ok(tree)
}

fn from_atom(root: &Element) -> Value {
    let own = best_link(root).and_then(|link| resolved(&link, None));
    let base = base_of(root, own.as_deref().and_then(|link| Url::parse(link).ok()));
    let items: Vec<Value> = root
        .elements()
        .filter(|element| element.is("", "entry"))
        .take(MOST_ITEMS)
        .map(|entry| item(entry, base.as_ref()))
        .collect();
    json!({
        "title": plain_of(root, &[("", "title")]),
        "link": best_link(root).and_then(|link| resolved(&link, base.as_ref())),
        "description": plain_of(root, &[("", "subtitle"), ("", "tagline"), ("", "info")]),
        "language": root.attribute("xml:lang").filter(|tag| !tag.is_empty()).map(str::to_owned)
            .or_else(|| plain_of(root, &[("dc", "language")])),
        "updated": moment_of(root, &[("", "updated"), ("", "modified"), ("dc", "date")]),
        "items": items,
    })
}

fn from_rss(root: &Element) -> Value {
    let channel = root.elements().find(|element| element.is("", "channel")).unwrap_or(root);
    let own = best_link(channel).and_then(|link| resolved(&link, None));
    let start = own.as_deref().and_then(|link| Url::parse(link).ok());
    let base = base_of(channel, base_of(root, start));
    // In RSS 1.0, and in feeds that end their channel too early, the items stand beside it.
    let beside = if std::ptr::eq(channel, root) { None } else { Some(root) };
    let items: Vec<Value> = std::iter::once(channel)
        .chain(beside)
        .flat_map(Element::elements)
        .flat_map(|element| {
            // The very first RSS wrote a list of items around them.
            let inside = element.is("", "items").then(|| element.elements());
            std::iter::once(element).chain(inside.into_iter().flatten())
        })
        .filter(|element| element.is("", "item") || element.is("", "entry"))
        .take(MOST_ITEMS)
        .map(|element| item(element, base.as_ref()))
        .collect();
    json!({
        "title": plain_of(channel, &[("", "title"), ("dc", "title")]),
        "link": best_link(channel).and_then(|link| resolved(&link, base.as_ref())),
        "description": plain_of(channel, &[("", "description"), ("itunes", "subtitle"), ("dc", "description")]),
        "language": plain_of(channel, &[("", "language"), ("dc", "language")])
            .or_else(|| root.attribute("xml:lang").map(str::to_owned)),
        "updated": moment_of(channel, &[("", "lastBuildDate"), ("", "pubDate"), ("dc", "date"), ("atom", "updated"), ("", "updated")]),
        "items": items,
    })
}

/// An item of RSS or an entry of Atom; feeds mix their elements, so both are looked for.
fn item(element: &Element, base: Option<&Url>) -> Value {
    let base = base_of(element, base.cloned());
    let base = base.as_ref();
    let guid = child(element, "", "guid");
    let guid_is_link = guid.is_some_and(|guid| {
        guid.attribute("isPermaLink") != Some("false") && guid.words().trim().starts_with("http")
    });
    let link = best_link(element)
        .or_else(|| guid.filter(|_| guid_is_link).map(|guid| guid.words().trim().to_owned()))
        .or_else(|| {
            element
                .attribute("rdf:about")
                .filter(|about| about.starts_with("http"))
                .map(str::to_owned)
        })
        .and_then(|link| resolved(&link, base));
    let id = [guid, child(element, "", "id"), child(element, "dc", "identifier")]
        .into_iter()
        .flatten()
        .map(|id| markup::one_line(&id.words()))
        .find(|id| !id.is_empty())
        .or_else(|| element.attribute("rdf:about").map(str::to_owned))
        .or_else(|| link.clone());
    let media = child(element, "media", "group").unwrap_or(element);
    let summary = plain_of(
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
    .or_else(|| plain_of(media, &[("media", "description")]));
    let author = child(element, "", "author")
        .map(|author| {
            let name = child(author, "", "name").or_else(|| child(author, "", "email"));
            markup::html_to_text(&name.unwrap_or(author).words())
        })
        .filter(|author| !author.is_empty())
        .or_else(|| plain_of(element, &[("dc", "creator"), ("itunes", "author")]));
    let mut categories: Vec<String> = Vec::new();
    let named = element.elements().filter(|e| e.is("", "category") || e.is("dc", "subject"));
    for category in named.take(100) {
        let name = [category.attribute("label"), category.attribute("term")]
            .into_iter()
            .flatten()
            .map(markup::html_to_text)
            .find(|name| !name.is_empty())
            .unwrap_or_else(|| markup::html_to_text(&category.words()));
        if !name.is_empty() && !categories.contains(&name) {
            categories.push(name);
        }
    }
    let mut tree = json!({
        "id": id,
        "title": plain_of(element, &[("", "title"), ("dc", "title"), ("media", "title")]),
        "link": link,
        "summary": summary,
        "published": moment_of(element, &[("", "pubDate"), ("", "published"), ("", "issued"), ("dc", "date"), ("dcterms", "issued"), ("", "created"), ("dcterms", "created")]),
        "updated": moment_of(element, &[("", "updated"), ("", "modified"), ("atom", "updated"), ("dcterms", "modified"), ("", "lastBuildDate")]),
        "author": author,
        "categories": categories,
    });
    if let (Some((latitude, longitude)), Value::Object(tree)) = (position(element), &mut tree) {
        tree.insert("latitude".to_owned(), latitude.into());
        tree.insert("longitude".to_owned(), longitude.into());
    }
    tree
}

fn child<'a>(element: &'a Element, space: &str, name: &str) -> Option<&'a Element> {
    element.elements().find(|child| child.is(space, name))
}

/// The plain words of the first of these children that has any.
fn plain_of(element: &Element, names: &[(&str, &str)]) -> Option<String> {
    names
        .iter()
        .flat_map(|(space, name)| element.elements().filter(move |child| child.is(space, name)))
        .map(|child| markup::html_to_text(&child.words()))
        .find(|words| !words.is_empty())
}

/// The first readable date of these children.
fn moment_of(element: &Element, names: &[(&str, &str)]) -> Option<String> {
    names
        .iter()
        .flat_map(|(space, name)| element.elements().filter(move |child| child.is(space, name)))
        .find_map(|child| moment(&child.words()))
        .map(|moment| moment.to_string())
}

/// The address of the page that an element is about: the words of `<link>` in RSS, or the attribute of the best `<link>` in Atom.
fn best_link(element: &Element) -> Option<String> {
    let links =
        || element.elements().filter(|child| child.is("", "link") || child.is("atom", "link"));
    let words = links().map(|link| link.words().trim().to_owned()).find(|words| !words.is_empty());
    let with_relation = |wanted: &[&str]| {
        links().find_map(|link| {
            let href = link.attribute("href").filter(|href| !href.is_empty())?;
            let relation = link.attribute("rel").unwrap_or("alternate");
            wanted.contains(&relation).then(|| href.to_owned())
        })
    };
    words
        .or_else(|| with_relation(&["alternate", ""]))
        .or_else(|| with_relation(&["self", "via", "related"]))
}

/// What relative addresses in an element are relative to.
fn base_of(element: &Element, outer: Option<Url>) -> Option<Url> {
    let Some(written) = element.attribute("xml:base") else { return outer };
    match &outer {
        Some(outer) => outer.join(written).ok(),
        None => Url::parse(written).ok(),
    }
    .or(outer)
}

/// An absolute address of a page. Scripts and other schemes are none.
fn resolved(link: &str, base: Option<&Url>) -> Option<String> {
    let link = link.trim();
    let url = match base {
        Some(base) => base.join(link).ok()?,
        None => Url::parse(link).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

/// Where an item is: a point as it is, the middle of any other shape.
fn position(element: &Element) -> Option<(f64, f64)> {
    let place = child(element, "georss", "where").unwrap_or(element);
    let written = |words: String| -> Vec<f64> {
        words
            .split([' ', ',', '\n', '\t', '\r'])
            .filter(|part| !part.is_empty())
            .map_while(|part| part.parse().ok())
            .take(20_000)
            .collect()
    };
    if let Some(point) = child(element, "geo", "Point").or(Some(element))
        && let (Some(latitude), Some(longitude)) =
            (child(point, "geo", "lat"), child(point, "geo", "long").or(child(point, "geo", "lon")))
    {
        let numbers = [written(latitude.words()), written(longitude.words())].concat();
        return middle(&numbers, 1);
    }
    let shapes = [("point", 1), ("box", 2), ("line", 2), ("polygon", 4)];
    for (name, least) in shapes {
        if let Some(shape) = child(place, "georss", name)
            && let Some(found) = middle(&written(shape.words()), least)
        {
            return Some(found);
        }
    }
    // The words of a shape of GML are its positions, however deep they stand.
    for (name, least) in [("Point", 1), ("LineString", 2), ("Polygon", 4), ("Envelope", 2)] {
        if let Some(shape) = child(place, "gml", name) {
            return middle(&written(shape.words()), least);
        }
    }
    None
}

fn middle(numbers: &[f64], least: usize) -> Option<(f64, f64)> {
    let pairs = numbers.chunks_exact(2);
    let count = pairs.len();
    if count < least {
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
    let base = words(&tree, "home_page_url").and_then(|link| Url::parse(&link).ok());
    let items: Vec<Value> = items
        .iter()
        .filter_map(Value::as_object)
        .take(MOST_ITEMS)
        .map(|item| {
            let link = words(item, "url").or_else(|| words(item, "external_url"));
            let author = item
                .get("authors")
                .and_then(|authors| authors.get(0))
                .or_else(|| item.get("author"))
                .and_then(|author| author.get("name"))
                .and_then(Value::as_str);
            let id = match item.get("id") {
                Some(Value::Number(number)) => Some(number.to_string()),
                _ => words(item, "id"),
            };
            let categories: Vec<String> = item
                .get("tags")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .take(100)
                .map(markup::html_to_text)
                .collect();
            let summary = ["summary", "content_text", "content_html"]
                .iter()
                .filter_map(|key| words(item, key))
                .map(|found| markup::html_to_text(&found))
                .find(|found| !found.is_empty());
            json!({
                "id": id,
                "title": words(item, "title").map(|title| markup::html_to_text(&title)),
                "link": link.and_then(|link| resolved(&link, base.as_ref())),
                "summary": summary,
                "published": words(item, "date_published").and_then(|date| moment(&date)).map(|date| date.to_string()),
                "updated": words(item, "date_modified").and_then(|date| moment(&date)).map(|date| date.to_string()),
                "author": author.map(markup::html_to_text),
                "categories": categories,
            })
        })
        .collect();
    Ok(json!({
        "title": words(&tree, "title").map(|title| markup::html_to_text(&title)),
        "link": base.as_ref().map(Url::to_string),
        "description": words(&tree, "description").map(|text| markup::html_to_text(&text)),
        "language": words(&tree, "language"),
        "updated": null,
        "cut_off": false,
        "items": items,
    }))
}

fn words(map: &Map<String, Value>, key: &str) -> Option<String> {
    map.get(key).and_then(Value::as_str).map(str::to_owned).filter(|text| !text.trim().is_empty())
}

/// Zones by name that RFC 822 does not know and that feeds use, with their offset in hours.
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

/// Ways of writing a moment with an offset, beyond RFC 2822 and 3339.
const WITH_OFFSET: [&str; 5] = [
    "%d %B %Y %H:%M:%S %z",
    "%d %b %y %H:%M:%S %z",
    "%d %b %Y %H:%M:%S %:z",
    "%Y-%m-%d %H:%M:%S %z",
    "%b %d %H:%M:%S %z %Y",
];

/// Ways of writing one without: it is taken in UTC, as there is nothing better.
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

/// Ways of writing a day.
const DAYS: [&str; 8] =
    ["%d %B %Y", "%d %b %Y", "%B %d, %Y", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d", "%d-%m-%Y"];

/// The moment in a date as feeds write it.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = markup::one_line(text);
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    if let Ok(moment) = parser.parse_timestamp(&text) {
        return Some(moment);
    }
    // The weekday tells nothing, and it is written in many languages.
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
    if let Ok(moment) = parser.parse_timestamp(&rest) {
        return Some(moment);
    }
    for candidate in [&rest, &text] {
        for format in WITH_OFFSET {
            if let Ok(moment) = Timestamp::strptime(format, candidate) {
                return Some(moment);
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
                DAYS.iter()
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
    fn a_feed_that_breaks_off_says_so() {
        let whole = "<rss><channel><title>t</title><item><title>a</title></item></channel></rss>";
        assert_eq!(read(whole).expect("a feed")["cut_off"], false);
        // Ends that are left out or written otherwise are no sign of it.
        for end in ["</rss>", "</item></RSS>"] {
            let tree = read(&format!("<rss><channel><item><title>a</title>{end}"));
            assert_eq!(tree.expect("a feed")["cut_off"], false);
        }
        let items = whole.find("<item>").expect("an item") + "<item>".len();
        // Where only the last `>` is missing, nothing is lost.
        for length in items..whole.len() - 1 {
            assert_eq!(read(&whole[..length]).expect("a feed")["cut_off"], true, "{length}");
        }
        let problem = read(&whole[..items - 2]).expect_err("is refused").to_string();
        assert!(problem.contains("before any item"), "{problem}");
        assert!(read("<rss><channel><title>t</title></channel></rss>").is_ok());
    }

    #[test]
    fn dates_as_feeds_write_them() {
        let expected = "2017-06-03T13:15:44Z";
        for written in [
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
            assert_eq!(
                moment(written).map(|m| m.to_string()).as_deref(),
                Some(expected),
                "{written}"
            );
        }
        assert_eq!(
            moment("3 June 2017").map(|m| m.to_string()).as_deref(),
            Some("2017-06-03T00:00:00Z")
        );
        assert_eq!(
            moment("2017-06-03").map(|m| m.to_string()).as_deref(),
            Some("2017-06-03T00:00:00Z")
        );
        assert_eq!(moment("soon"), None);
        assert_eq!(moment(""), None);
    }

    #[test]
    fn relative_links_are_resolved_and_scripts_are_none() {
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
    fn the_place_of_an_item() {
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
    fn what_is_no_feed_is_refused_with_its_place() {
        let problem = read("<?xml version='1.0'?>\n<note><to/></note>").expect_err("no feed");
        assert!(problem.to_string().contains("line 2"), "{problem}");
    }
}
