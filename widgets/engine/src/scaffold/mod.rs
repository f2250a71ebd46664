//! Scaffolds a widget from a response of a service: a manifest with placeholder texts, and samples.

mod block_guess;
mod date_formats;
mod field_roles;
mod format_blocks;
mod format_detection;
mod record_fields;
mod record_list;
mod sample_files;
mod zone_guess;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::conformance::{Checker, Tier, WidgetFolder};
use block_guess::{BlockGuess, RecordList};
use format_blocks::FormatBlock;
use format_detection::DetectedFormat;
use sample_files::{Sample, SampleSource};
use voordeur_formats::FormatError;

/// Default size limit of responses; a response larger than half of it gets a higher limit.
const DEFAULT_MAX_BYTES: usize = 2_000_000;
/// Maximum size limit that a manifest can set.
const MAX_MEGABYTES: usize = 16;

/// Why no widget can be scaffolded from a response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScaffoldError {
    /// The format is not supported.
    #[error("the answer cannot be read: {0}")]
    Format(#[from] FormatError),
    /// The response has no list of records.
    #[error("there is no list of records in the answer")]
    NoRecords,
    /// No field of the records can be a title.
    #[error("no field of the records is a text")]
    NoTitle,
    /// The URL cannot be used in a manifest.
    #[error("the address must be `https://HOST/…`")]
    Address,
}

/// The files of a widget, by path in its folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Rules that every scaffold breaks: texts that only the author can write.
const AUTHOR_RULES: [&str; 5] = ["text-todo", "text-same", "publisher", "licence", "covers"];
/// The guesses in order; the last is a list of titles.
const SIMPLIFICATIONS: [u8; 3] = [0, 1, 2];

/// Scaffolds a widget. `url` is the URL of the response, `now` the moment of its samples.
///
/// # Errors
/// The facts that the response lacks.
pub fn from_response(url: &str, bytes: &[u8], now: Timestamp) -> Result<Files, ScaffoldError> {
    let parsed = url::Url::parse(url).map_err(|_| ScaffoldError::Address)?;
    let host =
        parsed.domain().filter(|_| parsed.scheme() == "https").ok_or(ScaffoldError::Address)?;
    // Braces would begin an expression.
    let address = parsed.as_str().replace('{', "%7B").replace('}', "%7D");
    let (detected, tree) = DetectedFormat::read(url, bytes)?;
    let now = match detected {
        DetectedFormat::Cap => format_blocks::moment_of_alerts(&tree, now),
        _ => now,
    };
    let file = |FormatBlock { before, block }: FormatBlock,
                path: &[String],
                shown: &[usize],
                omits: bool| {
        let template = ManifestTemplate {
            host,
            zone: zone_guess::guess(detected, &tree, host),
            address: &address,
            format: detected.name(),
            largest: largest(bytes.len()),
            before: &before,
            block: &block,
            evidence: "recorded",
        };
        let source = SampleSource { detected, bytes, tree: &tree, path, shown, omits, now };
        template.files(now, source.samples())
    };
    let format_block = |format_block| Ok(file(format_block, &[], &[], false));
    let mut path = Vec::new();
    let mut alternatives = Vec::new();
    let under = |key: &str| tree.get(key).and_then(Value::as_array).map(Vec::as_slice);
    let records = match detected {
        DetectedFormat::Feed => return format_block(format_blocks::feed(&tree)?),
        DetectedFormat::Calendar => {
            let (block, shown) = format_blocks::calendar(&tree, now)?;
            return Ok(file(block, &[], &shown, false));
        }
        DetectedFormat::Cap => return format_block(format_blocks::alerts(&tree)?),
        DetectedFormat::JsonStat => return format_block(format_blocks::statistics(&tree)?),
        DetectedFormat::GtfsRealtime => return format_block(format_blocks::transport(&tree)?),
        DetectedFormat::GeoJson => under("items"),
        DetectedFormat::Csv => under("rows"),
        DetectedFormat::Json | DetectedFormat::Xml => {
            let found = record_list::find(&tree, detected == DetectedFormat::Xml);
            let found = found.ok_or(ScaffoldError::NoRecords)?;
            (path, alternatives) = (found.path, found.alternatives);
            Some(found.records)
        }
    };
    let records = records.filter(|list| !list.is_empty()).ok_or(ScaffoldError::NoRecords)?;
    let place = match detected {
        DetectedFormat::GeoJson => "items".to_owned(),
        DetectedFormat::Csv => "rows".to_owned(),
        _ => path.join("."),
    };
    let each = match detected {
        DetectedFormat::Xml => element_list(&tree, &path),
        _ if path.is_empty() && place.is_empty() => "answer + []".to_owned(),
        _ if path.is_empty() => format!("answer.{place} + []"),
        _ => format!("{} + []", members(&path)),
    };
    let records = RecordList {
        each: &each,
        list: records,
        alternatives: &alternatives,
        today: now.to_zoned(TimeZone::UTC).date(),
    };
    let mut first = None;
    for simplification in SIMPLIFICATIONS {
        let BlockGuess { block, shown, omits } = records.guess(simplification)?;
        let files = file(FormatBlock { before: String::new(), block }, &path, &shown, omits);
        if passes_checks(&files) {
            return Ok(files);
        }
        first.get_or_insert(files);
    }
    first.ok_or(ScaffoldError::NoRecords)
}

/// The expression for the value at a path, each step of which has to be there.
fn members(path: &[String]) -> String {
    let is_name = |step: &str| {
        step.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && step.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    path.iter().fold("answer".to_owned(), |whole, step| match step {
        index if index.chars().all(|c| c.is_ascii_digit()) => format!("{whole}[{index}]"),
        name if is_name(name) => format!("{whole}.{name}"),
        other => format!("{whole}['{}']", other.replace('\\', "").replace('\'', "\\'")),
    })
}

/// The expression for a list of elements. XML has no element without any, so that the elements beside
/// them have to show that the answer is the right one.
fn element_list(tree: &Value, path: &[String]) -> String {
    let Some((name, parents)) = path.split_last() else { return "answer + []".to_owned() };
    let parent = parents.iter().try_fold(tree, |value, step| match value {
        Value::Array(list) => list.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    });
    let elements = parent.and_then(Value::as_object).into_iter().flatten();
    let beside: Vec<String> = elements
        .filter(|(key, value)| *key != name && value.is_array() && record_list::is_path_key(key))
        .map(|(key, _)| format!("'{key}'"))
        .collect();
    format!("children({}, '{name}', [{}])", members(parents), beside.join(", "))
}

/// Whether a scaffold lacks only texts. A wrong guess shows here.
fn passes_checks(files: &Files) -> bool {
    let folder = WidgetFolder { id: "draft".to_owned(), files: files.clone() };
    let report = Checker::default().check(&folder);
    report.blocking(Tier::Bronze).all(|finding| AUTHOR_RULES.contains(&finding.rule))
}

/// A widget without a service: a valid manifest with matching samples.
pub fn blank(now: Timestamp) -> Files {
    let block = format!(
        "# One line for each of the list `things` in the answer.\n\
        [[view.block]]\nkind = \"list\"\neach = \"answer.things + []\"\nlimit = 20\nempty = {}\n\
        title = \"item.title\"\nlink = \"at(item, 'link')\"\n",
        texts("what to say when there is nothing.")
    );
    let template = ManifestTemplate {
        host: "service.example",
        zone: None,
        address: "https://service.example/things.json",
        format: "json",
        largest: None,
        before: "",
        block: &block,
        evidence: "documented",
    };
    let normal = "{\n  \"things\": [\n    { \"title\": \"A thing\", \"link\": \"https://service.example/1\" }\n  ]\n}\n";
    let alternatives = [
        "{\n  \"things\": []\n}\n",
        "{\n  \"things\": [\n    { \"name\": \"no title\" }\n  ]\n}\n",
    ];
    template.files(
        now,
        [normal, alternatives[0], alternatives[1]].map(|text| ("json", text.as_bytes().to_vec())),
    )
}

/// Parts of a scaffolded manifest.
struct ManifestTemplate<'a> {
    host: &'a str,
    /// The IANA name; `None` for the default.
    zone: Option<&'a str>,
    address: &'a str,
    format: &'a str,
    /// As in a manifest; `None` when the default is enough.
    largest: Option<String>,
    before: &'a str,
    block: &'a str,
    evidence: &'a str,
}

impl ManifestTemplate<'_> {
    /// The manifest and the samples `normal`, `empty` and `malformed`, which are found by their
    /// names.
    fn files(&self, now: Timestamp, samples: [Sample; 3]) -> Files {
        let ManifestTemplate { host, zone, address, format, largest, before, block, evidence } =
            self;
        let zone = zone.map(|zone| format!("zone = {}\n", quoted(zone))).unwrap_or_default();
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
            "name = {}\nsummary = {}\nsearch = {}\ntheme = \"home-and-street\"\n\
             # covers = \"TODO: everywhere, BE, flanders, vlaams-brabant, 44021, or a list of such\"\n{zone}\
             icon = \"calendar\"\n\
             publisher = {{ name = \"TODO publisher\", url = \"https://{host}/\" }}\n\
             licence = {{ name = \"TODO licence\" }}\n{evidence}sample_moment = \"{now}\"\n\n\
             {before}[[request]]\nurl = {}\n{format}{largest}\n{block}",
            texts("title"),
            texts("one sentence."),
            search_words(),
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

/// A placeholder text in four languages.
fn texts(what: &str) -> String {
    format!(
        "{{ nl = \"TODO {what}\", fr = \"TODO {what}\", de = \"TODO {what}\", en = \"TODO {what}\" }}"
    )
}

/// Placeholders for search words in four languages.
fn search_words() -> String {
    let list = |language| format!("{language} = [\"TODO word that people type\"]");
    format!("{{ {} }}", ["nl", "fr", "de", "en"].map(list).join(", "))
}

/// The size limit for a large response, in megabytes.
fn largest(bytes: usize) -> Option<String> {
    let megabytes = (bytes * 2).div_ceil(1_000_000).min(MAX_MEGABYTES);
    (bytes > DEFAULT_MAX_BYTES / 2).then(|| format!("{megabytes} MB"))
}

/// A TOML string: its escapes are those of JSON.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
