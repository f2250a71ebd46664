//! From an answer of a service to the first draft of a widget: a manifest whose texts are still to be written, and its samples.

mod guess;
mod notation;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::Value;
use voordeur_contract::Language;

use crate::formats::FormatProblem;
use notation::Notation;

/// A manifest that says nothing about it allows so many bytes; an answer that is larger than half of it gets room to grow.
const LARGEST_ANSWER: usize = 2_000_000;
/// No manifest may allow more megabytes.
const MOST_MEGABYTES: usize = 16;

/// Why no draft can be made of an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftProblem {
    /// It is in none of the formats that are read.
    #[error("the answer cannot be read: {0}")]
    Unreadable(#[from] FormatProblem),
    /// Nowhere in it stands a list of records.
    #[error("there is no list of records in the answer")]
    NoRecords,
    /// No record has a text that could stand as its title.
    #[error("no field of the records is a text")]
    NoTitle,
    /// The address is not one that a manifest can ask.
    #[error("the address must be `https://HOST/…`")]
    Address,
}

/// The files of a widget, by their path in its folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The files of a drafted widget. `url` is the address that gave the answer, `now` the moment of its samples.
///
/// # Errors
/// What the answer lacks.
pub fn draft(url: &str, bytes: &[u8], now: Timestamp) -> Result<Files, DraftProblem> {
    let parsed = url::Url::parse(url).map_err(|_| DraftProblem::Address)?;
    let host =
        parsed.domain().filter(|_| parsed.scheme() == "https").ok_or(DraftProblem::Address)?;
    // Braces would begin an expression.
    let address = parsed.as_str().replace('{', "%7B").replace('}', "%7D");
    let (notation, tree) = Notation::read(bytes)?;
    let mut path = Vec::new();
    let block = match notation {
        Notation::Feed => of_feed(&tree),
        Notation::Calendar => of_calendar(&tree, now)?,
        Notation::GeoJson => of_records("items", &tree)?,
        Notation::Csv => of_records("rows", &tree)?,
        Notation::Json | Notation::Xml => {
            let mut best = None;
            guess::longest_list(&tree, &mut Vec::new(), &mut best);
            let (found, records) = best.ok_or(DraftProblem::NoRecords)?;
            let block = guess::block(&found.join("."), records)?;
            path = found;
            block
        }
    };
    let drafted = Drafted {
        host,
        address: &address,
        format: notation.name(),
        largest: largest(bytes.len()),
        block: &block,
        evidence: "recorded",
        extension: notation.extension(bytes),
    };
    let empty = notation.empty(&tree, &path);
    let malformed = notation.malformed(&tree, &path);
    Ok(drafted.files(now, [notation.normal(bytes, &tree, &path), empty, malformed]))
}

/// The files of a widget that is still about nothing: a manifest that can be read, and samples that fit it.
pub fn blank(now: Timestamp) -> Files {
    let block = "# One line for each of the list `things` in the answer.\n\
        [[view.block]]\nkind = \"list\"\neach = \"list(at(answer, 'things'))\"\nlimit = 20\nempty = \"texts.none\"\n\
        title = \"item.title\"\nlink = \"at(item, 'link')\"\n";
    let drafted = Drafted {
        host: "service.example",
        address: "https://service.example/things.json",
        format: "json",
        largest: None,
        block,
        evidence: "documented",
        extension: "json",
    };
    let normal = "{\n  \"things\": [\n    { \"title\": \"A thing\", \"link\": \"https://service.example/1\" }\n  ]\n}\n";
    let others = [
        "{\n  \"things\": []\n}\n",
        "{\n  \"things\": [\n    { \"name\": \"no title\" }\n  ]\n}\n",
    ];
    drafted.files(now, [normal, others[0], others[1]].map(|text| text.as_bytes().to_vec()))
}

/// What a drafted manifest is made of.
struct Drafted<'a> {
    host: &'a str,
    address: &'a str,
    format: &'a str,
    /// As in a manifest; nothing when the usual limit is enough.
    largest: Option<String>,
    block: &'a str,
    evidence: &'a str,
    extension: &'a str,
}

impl Drafted<'_> {
    /// The manifest and the samples `normal`, `empty` and `malformed`.
    fn files(&self, now: Timestamp, samples: [Vec<u8>; 3]) -> Files {
        let Drafted { host, address, format, largest, block, evidence, extension } = self;
        let texts = |what: &str| {
            format!(
                "{{ nl = \"TODO {what}\", fr = \"TODO {what}\", de = \"TODO {what}\", en = \"TODO {what}\" }}"
            )
        };
        let largest = largest
            .as_ref()
            .map(|largest| format!("largest = \"{largest}\"\n"))
            .unwrap_or_default();
        let mut manifest = format!(
            "name = {}\nsummary = {}\ntheme = \"home-and-street\"\nicon = \"calendar\"\n\
             publisher = {{ name = \"TODO publisher\", url = \"https://{host}/\" }}\n\
             licence = {{ name = \"TODO licence\" }}\nhosts = [\"{host}\"]\npace = \"1 h\"\n\
             size = {{ best = 4, smallest = 3 }}\nevidence = \"{evidence}\"\n\n\
             [texts]\nnone = {}\n\n\
             [[request]]\nid = \"answer\"\nurl = {}\nformat = \"{format}\"\n{largest}\n\
             [view]\n\n{block}",
            texts("title"),
            texts("one sentence"),
            texts("what to say when there is nothing"),
            quoted(address),
        );
        let mut files = Files::new();
        for (name, sample) in ["normal", "empty", "malformed"].into_iter().zip(samples) {
            // Writing to a string cannot fail.
            let _ = write!(
                manifest,
                "\n[[sample]]\nname = \"{name}\"\nmoment = \"{now}\"\nanswers = {{ answer = \"{name}.{extension}\" }}\n"
            );
            files.insert(format!("samples/{name}.{extension}"), sample);
        }
        files.insert("widget.toml".to_owned(), manifest.into_bytes());
        files
    }
}

/// Room for an answer that is larger than usual, in whole megabytes.
fn largest(bytes: usize) -> Option<String> {
    let megabytes = (bytes * 2).div_ceil(1_000_000).min(MOST_MEGABYTES);
    (bytes > LARGEST_ANSWER / 2).then(|| format!("{megabytes} MB"))
}

/// The block of a feed: its items with their title, link and moment, marked with the language that it says it is in.
fn of_feed(tree: &Value) -> String {
    let tag = tree.get("language").and_then(Value::as_str).unwrap_or_default();
    let title = match tag.parse::<Language>() {
        Ok(language) => {
            format!("in_language(coalesce(item.title, item.summary), '{language}')")
        }
        Err(()) => "coalesce(item.title, item.summary)".to_owned(),
    };
    // A key that no item gives anything for is left out.
    let items = tree.get("items").and_then(Value::as_array);
    let told = |keys: &[&str]| {
        let mut items = items.into_iter().flatten();
        items.any(|item| keys.iter().any(|key| item[*key].is_string()))
    };
    let at = if told(&["published", "updated"]) {
        "at = \"moment(coalesce(item.published, item.updated))\"\n"
    } else {
        ""
    };
    let link = if told(&["link"]) { "link = \"item.link\"\n" } else { "" };
    format!(
        "[[view.block]]\nkind = \"list\"\neach = \"answer.items\"\nlimit = 10\nempty = \"texts.none\"\n\
         title = \"{title}\"\n{at}{link}"
    )
}

/// The block of a tree whose records always stand under one key.
fn of_records(key: &str, tree: &Value) -> Result<String, DraftProblem> {
    let records = tree.get(key).and_then(Value::as_array).ok_or(DraftProblem::NoRecords)?;
    guess::block(key, records)
}

/// The block of a calendar: its events, those that are past left out when others are still to come.
fn of_calendar(tree: &Value, now: Timestamp) -> Result<String, DraftProblem> {
    let events = tree.get("events").and_then(Value::as_array).ok_or(DraftProblem::NoRecords)?;
    if events.is_empty() {
        return Err(DraftProblem::NoRecords);
    }
    let today = now.strftime("%Y-%m-%d").to_string();
    let comes = |event: &Value| {
        let end = event["end"].as_str().or(event["start"].as_str());
        end.and_then(|end| end.get(..10)).is_some_and(|day| day > today.as_str())
    };
    let keep = if events.iter().any(comes) {
        "keep = \"day(coalesce(item.end, item.start)) >= today\"\n"
    } else {
        ""
    };
    let link = if events.iter().any(|event| event["link"].is_string()) {
        "link = \"item.link\"\n"
    } else {
        ""
    };
    Ok(format!(
        "[[view.block]]\nkind = \"moments\"\neach = \"answer.events\"\n{keep}sort = \"item.start\"\nlimit = 10\nempty = \"texts.none\"\n\
         start = \"item.all_day ? item.start : moment(item.start)\"\n\
         end = \"item.end == null ? null : item.all_day ? item.end : moment(item.end)\"\n\
         title = \"item.title\"\nnote = \"item.location\"\n{link}"
    ))
}

/// Text between the quotes of TOML: JSON escapes the same.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
