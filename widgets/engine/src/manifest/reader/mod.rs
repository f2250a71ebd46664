//! From the text of a `widget.toml` to a widget: one file per part of a manifest.
//!
//! A manifest is validated against the tables of its keys, then the names in its expressions are
//! checked, then each part is read. Errors are collected, so that an author sees all of them at
//! once.

pub mod block_kinds;
mod connector_requests;
mod expressions;
mod field_kinds;
pub mod key_tables;
mod let_cycles;
mod lookups;
mod rate_limits;
mod requests;
mod samples;
pub mod schema;
mod view;
mod vocabulary;

use std::borrow::Cow;
use std::time::Duration;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use voordeur_widget_api::{
    Clock, Coverage, Evidence, FieldKind, KeySpec, Limits, Manifest, Pace, Settings, Size, Texts,
};

use super::error::{ManifestError, ManifestErrors};
use super::expression::Expression;
use super::lookup::LookupPlan;
use super::requests::RequestPlan;
use super::{ManifestWidget, quantities};
use expressions::Expressions;
use field_kinds::RawField;
use requests::RawRequest;
pub use samples::{ByName, SampleFiles, SampleFolder};
use samples::{RawSample, SampleDefaults};
use schema::SchemaVisitor;
use vocabulary::known_names;

/// Id of the only request when it has none.
const ONLY_REQUEST: &str = "answer";
const PACE: Duration = Duration::from_secs(60 * 60);
const SIZE: Size = Size { best: 4, smallest: 3 };

/// Reads a manifest and its samples.
pub fn read(
    id: &str,
    text: &str,
    files: &impl SampleFiles,
) -> Result<ManifestWidget, ManifestErrors> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let error = |error: &toml::de::Error| {
            let error = ManifestError::new("widget.toml", error.message());
            match error.span() {
                Some(span) => error.at_byte(text, span.start),
                None => error,
            }
        };
        return Err(ManifestErrors::sorted(errors.iter().map(error).collect()));
    }
    let mut document = document.into_inner();
    complete_requests(&mut document);

    let mut visitor = SchemaVisitor::new(text);
    visitor.manifest(&document, key_tables::MANIFEST);
    let known = known_names(&document, text, &mut visitor.errors);
    let expressions = Expressions::read(&visitor.sources, &known, &mut visitor.errors);
    vocabulary::refuse_circles(
        &document,
        &known,
        &expressions,
        &visitor.sources,
        text,
        &mut visitor.errors,
    );

    let mut reader = Reader { text, expressions, doubts: Vec::new(), errors: visitor.errors };
    let declared = reader.declared(id, &document, files);
    let Reader { mut errors, doubts, .. } = reader;
    if errors.is_empty() && declared.is_none() {
        errors = doubts;
    }
    match declared {
        Some(declared) if errors.is_empty() => Ok(declared),
        _ => Err(ManifestErrors::sorted(errors)),
    }
}

/// A text in four languages, or a proper name that is the same in each.
#[derive(Deserialize)]
#[serde(untagged)]
enum NameOrTexts {
    Name(String),
    Texts(Texts),
}

impl NameOrTexts {
    fn texts(self) -> Texts {
        match self {
            NameOrTexts::Name(name) => Texts::same(&name),
            NameOrTexts::Texts(texts) => texts,
        }
    }
}

/// The value of `covers`. The key tables have validated the areas.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawCoverage {
    One(String),
    Several(Vec<String>),
}

impl RawCoverage {
    fn coverage(self) -> Coverage {
        let raw = match self {
            RawCoverage::One(area) => vec![area],
            RawCoverage::Several(areas) => areas,
        };
        if raw.iter().any(|area| area == key_tables::EVERYWHERE) {
            return Coverage::Global;
        }
        Coverage::Areas(raw.iter().filter_map(|area| voordeur_gazetteer::area(area)).collect())
    }
}

/// Fills in the defaults of requests.
fn complete_requests(document: &mut DeTable<'_>) {
    let Some(DeValue::Array(requests)) = document.get_mut("request").map(Spanned::get_mut) else {
        return;
    };
    let only = requests.len() == 1;
    for request in requests.iter_mut() {
        let span = request.span();
        let DeValue::Table(request) = request.get_mut() else { continue };
        let connected = request.contains_key("connector");
        let mut add = |key: &'static str, value: &'static str| {
            if !request.contains_key(key) {
                request.insert(
                    Spanned::new(span.clone(), Cow::Borrowed(key)),
                    Spanned::new(span.clone(), DeValue::String(Cow::Borrowed(value))),
                );
            }
        };
        if !connected {
            add("format", "json");
        }
        if only {
            add("id", ONLY_REQUEST);
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    expressions: Expressions,
    errors: Vec<ManifestError>,
    /// Parts that could not be read, most likely because of an error that is already reported.
    doubts: Vec<ManifestError>,
}

impl Reader<'_> {
    /// The widget, when every part of it can be read.
    fn declared(
        &mut self,
        id: &str,
        document: &DeTable<'_>,
        files: &impl SampleFiles,
    ) -> Option<ManifestWidget> {
        let pace = self.read::<Spanned<String>>(document, "pace").map(|pace| {
            let read = self.duration("pace", &pace);
            self.keep(read)
        });
        let pace = pace.map_or(Some(PACE), |pace| pace);
        let limits = match document.get("limits") {
            None => Some(Limits::default()),
            Some(raw) => self.deserialize("limits", raw).map(|raw| self.limits(&raw)),
        };
        let size = self.read::<Spanned<Size>>(document, "size");
        if let Some(size) = &size {
            for step in [size.get_ref().best, size.get_ref().smallest] {
                if !Size::STEPS.contains(&step) {
                    let message = format!("{step} is none of 3, 4, 6, 8, 12");
                    let error = self.at(ManifestError::new("size", message), size);
                    self.errors.push(error);
                }
            }
        }
        let written_key = self.read::<Spanned<KeySpec>>(document, "key");
        if let Some(key) = &written_key {
            let read = self.key(key);
            self.keep(read);
        }
        let proven = self.read::<Spanned<String>>(document, "proven").and_then(|day| {
            let read = self.day("proven", &day);
            self.keep(read)
        });
        let documentation =
            self.read::<Spanned<String>>(document, "documentation").and_then(|page| {
                let read = if page.get_ref().starts_with("https://") {
                    Ok(page.get_ref().clone())
                } else {
                    let message = "must be an `https` page";
                    Err(self.at(ManifestError::new("documentation", message), &page))
                };
                self.keep(read)
            });
        let written_fields: Vec<RawField> = self.read_all(document, "field");
        let fields: Vec<_> = written_fields
            .iter()
            .filter_map(|field| {
                let read = self.field(field);
                self.keep(read)
            })
            .collect();
        let written_requests: Vec<RawRequest> = self.read_all(document, "request");
        let hosts = self.read(document, "hosts").or_else(|| Some(vocabulary::hosts(document)));
        let manifest = (|| {
            Some(Manifest {
                id: id.to_owned(),
                name: self.read(document, "name")?,
                summary: self.read(document, "summary")?,
                theme: self.read(document, "theme")?,
                covers: self
                    .read(document, "covers")
                    .map_or(Coverage::Global, RawCoverage::coverage),
                icon: self.read(document, "icon")?,
                publisher: self.read(document, "publisher")?,
                licence: self.read(document, "licence")?,
                documentation,
                attribution: self
                    .read::<NameOrTexts>(document, "attribution")
                    .map(NameOrTexts::texts),
                hosts: hosts?,
                pace: Pace(pace?),
                limits: limits?,
                size: size.map_or(SIZE, Spanned::into_inner),
                fields,
                evidence: self.read(document, "evidence").unwrap_or(Evidence::Documented),
                key: written_key.as_ref().map(|key| key.get_ref().clone()),
                owner: self.read(document, "owner"),
                proven,
            })
        })()?;
        let mut plans: Vec<RequestPlan> = Vec::new();
        for request in &written_requests {
            let read = self.request(request, manifest.pace.0, &manifest);
            plans.extend(self.keep(read));
        }
        vocabulary::order(&mut plans);
        let mut lookups = Vec::new();
        for field in &written_fields {
            if let Some(read) = self.lookup(field, &manifest) {
                lookups.extend(self.keep(read));
            }
        }
        if let Some(key) = &written_key
            && !vocabulary::some_request_has(document, &["key_header", "key_query"])
            && lookups.iter().all(|lookup: &LookupPlan| lookup.request.key.is_none())
        {
            let message = "is used by no request: one needs `key_header` or `key_query`";
            let error = self.at(ManifestError::new("key", message), key);
            self.errors.push(error);
        }
        let raw: Vec<Spanned<RawSample>> = self.read_all(document, "sample");
        let defaults = SampleDefaults {
            moment: self.read(document, "sample_moment"),
            place: self.read(document, "sample_place"),
            settings: self.read::<Settings>(document, "sample_settings").unwrap_or_default(),
        };
        let requests: Vec<String> = vocabulary::request_ids(document);
        let mut errors = Vec::new();
        let samples = self.samples(&raw, &defaults, &requests, files, &mut errors);
        self.errors.append(&mut errors);
        if !self.errors.is_empty() {
            return None;
        }
        let vocabulary = self.vocabulary(document);
        let vocabulary = self.keep(vocabulary)?;
        let Some(DeValue::Table(view)) = document.get("view").map(Spanned::get_ref) else {
            return None;
        };
        let mapping = self.view(view);
        let mapping = self.keep(mapping)?;
        // An expression can depend on the date through the value of a date field.
        let days = manifest.fields.iter().any(|field| matches!(field.kind, FieldKind::Date { .. }));
        let clock = self.expressions.clock().max(if days { Clock::Day } else { Clock::Unread });
        Some(ManifestWidget { manifest, vocabulary, plans, lookups, mapping, samples, clock })
    }

    /// The value of a key of the manifest.
    fn read<T: DeserializeOwned>(&mut self, document: &DeTable<'_>, key: &str) -> Option<T> {
        let value = document.get(key)?;
        self.deserialize(key, value)
    }

    /// The readable tables under a key of the manifest.
    fn read_all<T: DeserializeOwned>(&mut self, document: &DeTable<'_>, key: &str) -> Vec<T> {
        let list = document.get(key).and_then(|list| list.get_ref().as_array());
        let list = list.into_iter().flat_map(|list| list.iter());
        list.filter_map(|value| self.deserialize(key, value)).collect()
    }

    fn deserialize<T: DeserializeOwned>(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<T> {
        T::deserialize(ValueDeserializer::from(value.clone()))
            .map_err(|error| {
                let byte = error.span().map_or(value.span().start, |span| span.start);
                let error = ManifestError::new(key, error.message());
                self.doubts.push(error.at_byte(self.text, byte));
            })
            .ok()
    }

    /// The result, or `None` after recording the error.
    fn keep<T>(&mut self, read: Result<T, ManifestError>) -> Option<T> {
        read.map_err(|error| self.errors.push(error)).ok()
    }

    fn at<T>(&self, error: ManifestError, spanned: &Spanned<T>) -> ManifestError {
        error.at_byte(self.text, spanned.span().start)
    }

    fn day(&self, key: &str, text: &Spanned<String>) -> Result<Date, ManifestError> {
        text.get_ref()
            .parse()
            .map_err(|_| self.at(ManifestError::new(key, "should be like `2026-11-23`"), text))
    }

    fn duration(&self, key: &str, text: &Spanned<String>) -> Result<Duration, ManifestError> {
        quantities::duration(text.get_ref()).filter(|duration| !duration.is_zero()).ok_or_else(
            || {
                self.at(
                    ManifestError::new(key, "should be like `30 s`, `5 min`, `1 h`, `1 day`"),
                    text,
                )
            },
        )
    }

    /// A compiled expression. An invalid one is already reported, and becomes `null`.
    fn compile(&self, key: &str, source: &str) -> Result<Expression, ManifestError> {
        self.expressions.get(key, source)
    }

    fn expression(&self, key: &str, text: &Spanned<String>) -> Result<Expression, ManifestError> {
        self.compile(key, text.get_ref()).map_err(|error| self.at(error, text))
    }

    fn optional_expression(
        &self,
        key: &str,
        text: Option<&Spanned<String>>,
    ) -> Result<Option<Expression>, ManifestError> {
        text.map(|text| self.expression(key, text)).transpose()
    }
}
