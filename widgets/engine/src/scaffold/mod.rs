//! From an answer of a service to the first draft of a widget: a manifest whose texts are still to be written, and its samples.

mod dates;
mod fields;
mod guess;
mod notation;
mod recognised;
mod records;
mod samples;
mod special;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::conformance::{Folder, Kit, Tier};
use guess::{Guess, Records};
use notation::Notation;
use samples::{Response_, Sample};
use special::Special;
use voordeur_formats::FormatError;

/// A manifest that says nothing about it allows so many bytes; an answer that is larger than half of it gets room to grow.
const LARGEST_ANSWER: usize = 2_000_000;
/// No manifest may allow more megabytes.
const MOST_MEGABYTES: usize = 16;

/// Why no draft can be made of an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScaffoldError {
    /// It is in none of the formats that are read.
    #[error("the answer cannot be read: {0}")]
    BoundsError(#[from] FormatError),
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

/// What the kit finds in every draft: texts that only an author can write.
const TO_WRITE: [&str; 5] = ["text-todo", "text-same", "publisher", "licence", "covers"];
/// The guesses that are tried in turn: the last shows a list of titles and nothing else.
const PLAINER: [u8; 3] = [0, 1, 2];

/// The files of a drafted widget. `url` is the address that gave the answer, `now` the moment of its samples.
///
/// # Errors
/// What the answer lacks.
pub fn draft(url: &str, bytes: &[u8], now: Timestamp) -> Result<Files, ScaffoldError> {
    let parsed = url::Url::parse(url).map_err(|_| ScaffoldError::Address)?;
    let host =
        parsed.domain().filter(|_| parsed.scheme() == "https").ok_or(ScaffoldError::Address)?;
    // Braces would begin an expression.
    let address = parsed.as_str().replace('{', "%7B").replace('}', "%7D");
    let (notation, tree) = Notation::read(bytes)?;
    let file = |Special { before, block }: Special, path: &[String], shown: &[usize]| {
        let drafted = Drafted {
            host,
            address: &address,
            format: notation.name(),
            largest: largest(bytes.len()),
            before: &before,
            block: &block,
            evidence: "recorded",
        };
        drafted.files(now, Response_ { notation, bytes, tree: &tree, path, shown }.samples())
    };
    let special = |special| Ok(file(special, &[], &[]));
    let mut path = Vec::new();
    let mut others = Vec::new();
    let under = |key: &str| tree.get(key).and_then(Value::as_array).map(Vec::as_slice);
    let records = match notation {
        Notation::Feed => return special(special::feed(&tree)?),
        Notation::Calendar => return special(special::calendar(&tree, now)?),
        Notation::Cap => return special(special::alerts(&tree)?),
        Notation::JsonStat => return special(special::statistics(&tree)?),
        Notation::GtfsRealtime => return special(special::transport(&tree)?),
        Notation::GeoJson => under("items"),
        Notation::Csv => under("rows"),
        Notation::Json | Notation::Xml => {
            let found = records::find(&tree, notation == Notation::Xml);
            let found = found.ok_or(ScaffoldError::NoRecords)?;
            (path, others) = (found.path, found.others);
            Some(found.records)
        }
    };
    let records = records.filter(|list| !list.is_empty()).ok_or(ScaffoldError::NoRecords)?;
    let place = match notation {
        Notation::GeoJson => "items".to_owned(),
        Notation::Csv => "rows".to_owned(),
        _ => path.join("."),
    };
    let records = Records {
        path: &place,
        list: records,
        others: &others,
        today: now.to_zoned(TimeZone::UTC).date(),
    };
    let mut first = None;
    for plainness in PLAINER {
        let Guess { block, shown } = records.guess(plainness)?;
        let files = file(Special { before: String::new(), block }, &path, &shown);
        if works(&files) {
            return Ok(files);
        }
        first.get_or_insert(files);
    }
    first.ok_or(ScaffoldError::NoRecords)
}

/// Whether a draft lacks nothing but texts. What a guess overlooked in the values shows here.
fn works(files: &Files) -> bool {
    let folder = Folder { id: "draft".to_owned(), files: files.clone() };
    let report = Kit::default().check(&folder);
    report.before(Tier::Bronze).all(|finding| TO_WRITE.contains(&finding.rule))
}

/// The files of a widget that is still about nothing: a manifest that can be read, and samples that fit it.
pub fn blank(now: Timestamp) -> Files {
    let block = format!(
        "# One line for each of the list `things` in the answer.\n\
        [[view.block]]\nkind = \"list\"\neach = \"list(at(answer, 'things'))\"\nlimit = 20\nempty = {}\n\
        title = \"item.title\"\nlink = \"at(item, 'link')\"\n",
        texts("what to say when there is nothing.")
    );
    let drafted = Drafted {
        host: "service.example",
        address: "https://service.example/things.json",
        format: "json",
        largest: None,
        before: "",
        block: &block,
        evidence: "documented",
    };
    let normal = "{\n  \"things\": [\n    { \"title\": \"A thing\", \"link\": \"https://service.example/1\" }\n  ]\n}\n";
    let others = [
        "{\n  \"things\": []\n}\n",
        "{\n  \"things\": [\n    { \"name\": \"no title\" }\n  ]\n}\n",
    ];
    drafted
        .files(now, [normal, others[0], others[1]].map(|text| ("json", text.as_bytes().to_vec())))
}

/// What a drafted manifest is made of.
struct Drafted<'a> {
    host: &'a str,
    address: &'a str,
    format: &'a str,
    /// As in a manifest; nothing when the usual limit is enough.
    largest: Option<String>,
    before: &'a str,
    block: &'a str,
    evidence: &'a str,
}

impl Drafted<'_> {
    /// The manifest and the samples `normal`, `empty` and `malformed`, which belong to it by their names.
    fn files(&self, now: Timestamp, samples: [Sample; 3]) -> Files {
        let Drafted { host, address, format, largest, before, block, evidence } = self;
        let format = match *format {
            "json" => String::new(),
            other => format!("format = \"{other}\"\n"),
        };
        let largest = largest
            .as_ref()
            .map(|largest| format!("largest = \"{largest}\"\n"))
            .unwrap_or_default();
        let evidence = match *evidence {
            "documented" => String::new(),
            other => format!("evidence = \"{other}\"\n"),
        };
        let manifest = format!(
            "name = {}\nsummary = {}\ntheme = \"home-and-street\"\n\
             # covers = \"TODO: everywhere, BE, flanders, vlaams-brabant, 44021, or a list of such\"\n\
             icon = \"calendar\"\n\
             publisher = {{ name = \"TODO publisher\", url = \"https://{host}/\" }}\n\
             licence = {{ name = \"TODO licence\" }}\n{evidence}sample_moment = \"{now}\"\n\n\
             {before}[[request]]\nurl = {}\n{format}{largest}\n{block}",
            texts("title"),
            texts("one sentence."),
            quoted(address),
        );
        let mut files = Files::new();
        for (name, (extension, sample)) in ["normal", "empty", "malformed"].into_iter().zip(samples)
        {
            files.insert(format!("samples/{name}.{extension}"), sample);
        }
        files.insert("widget.toml".to_owned(), manifest.into_bytes());
        files
    }
}

/// A text in four languages that is still to be written.
fn texts(what: &str) -> String {
    format!(
        "{{ nl = \"TODO {what}\", fr = \"TODO {what}\", de = \"TODO {what}\", en = \"TODO {what}\" }}"
    )
}

/// Room for an answer that is larger than usual, in whole megabytes.
fn largest(bytes: usize) -> Option<String> {
    let megabytes = (bytes * 2).div_ceil(1_000_000).min(MOST_MEGABYTES);
    (bytes > LARGEST_ANSWER / 2).then(|| format!("{megabytes} MB"))
}

/// Text between the quotes of TOML: JSON escapes the same.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
