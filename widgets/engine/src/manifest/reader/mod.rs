//! From the text of a `widget.toml` to a widget: one file per part of a manifest.
//!
//! A manifest is validated against the tables of its keys, then the names in its expressions are
//! checked, then each part is read. Errors are collected, so that an author sees all of them at
//! once.

pub mod block_kinds;
mod connector_requests;
mod expressions;
pub mod field_kinds;
pub mod key_tables;
mod let_cycles;
mod lookups;
mod rate_limits;
mod requests;
mod samples;
pub mod schema;
mod search_words;
pub mod time_zones;
mod view;
mod vocabulary;
mod without_service;

use std::borrow::Cow;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use voordeur_widget_api::{
    ApiKey, CardWidth, Coverage, Evidence, FieldKind, Limits, Manifest, Pace, Sample, Settings,
    Size, Texts, TimeDependence,
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
use schema::{SchemaVisitor, is_page_address};

/// Id of the only request when it has none.
const DEFAULT_REQUEST_ID: &str = "answer";
const DEFAULT_PACE: Duration = Duration::from_secs(60 * 60);
const DEFAULT_SIZE: Size = Size { best: CardWidth::Narrow, smallest: CardWidth::Narrow };

/// Reads a manifest and its samples.
pub fn read(
    id: &str,
    text: &str,
    files: &impl SampleFiles,
) -> Result<ManifestWidget, ManifestErrors> {
    let mut document = parse(text)?;
    fill_request_defaults(&mut document);
    let mut visitor = SchemaVisitor::new(text);
    visitor.manifest(&document, key_tables::MANIFEST);
    let SchemaVisitor { mut errors, sources, .. } = visitor;
    without_service::check(&document, text, &mut errors);
    let declared = vocabulary::declared_names(&document, text, &mut errors);
    let expressions = Expressions::read(&sources, &declared, &mut errors);
    vocabulary::check_request_cycles(
        &document,
        &declared,
        &expressions,
        &sources,
        text,
        &mut errors,
    );

    let mut reader = Reader { text, expressions, errors, secondary_errors: Vec::new() };
    let widget = reader.widget(id, &document, files);
    let Reader { mut errors, secondary_errors, .. } = reader;
    if errors.is_empty() && widget.is_none() {
        errors = secondary_errors;
    }
    match widget {
        Some(widget) if errors.is_empty() => Ok(widget),
        _ => Err(ManifestErrors::sorted(errors)),
    }
}

fn parse(text: &str) -> Result<DeTable<'_>, ManifestErrors> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(document.into_inner());
    }
    let manifest_error = |error: &toml::de::Error| {
        let manifest_error = ManifestError::new("widget.toml", error.message());
        match error.span() {
            Some(span) => manifest_error.at_byte(text, span.start),
            None => manifest_error,
        }
    };
    Err(ManifestErrors::sorted(errors.iter().map(manifest_error).collect()))
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
        let areas = match self {
            RawCoverage::One(area) => vec![area],
            RawCoverage::Several(areas) => areas,
        };
        if areas.iter().any(|area| area == key_tables::EVERYWHERE) {
            return Coverage::Everywhere;
        }
        Coverage::Areas(
            areas.iter().filter_map(|area| voordeur_gazetteer::parse_area(area)).collect(),
        )
    }
}

/// Fills in the defaults of requests.
fn fill_request_defaults(document: &mut DeTable<'_>) {
    let Some(DeValue::Array(requests)) = document.get_mut("request").map(Spanned::get_mut) else {
        return;
    };
    let only = requests.len() == 1;
    for request in requests.iter_mut() {
        let span = request.span();
        let DeValue::Table(request) = request.get_mut() else { continue };
        let has_connector = request.contains_key("connector");
        let mut add = |key: &'static str, value: &'static str| {
            if !request.contains_key(key) {
                request.insert(
                    Spanned::new(span.clone(), Cow::Borrowed(key)),
                    Spanned::new(span.clone(), DeValue::String(Cow::Borrowed(value))),
                );
            }
        };
        if !has_connector {
            add("format", "json");
        }
        if only {
            add("id", DEFAULT_REQUEST_ID);
        }
    }
}

/// The error at the position of a value.
fn error_at<T>(error: ManifestError, text: &str, spanned: &Spanned<T>) -> ManifestError {
    error.at_byte(text, spanned.span().start)
}

struct Reader<'a> {
    text: &'a str,
    expressions: Expressions,
    errors: Vec<ManifestError>,
    /// Parts that could not be read, most likely because of an error that is already reported.
    secondary_errors: Vec<ManifestError>,
}

impl Reader<'_> {
    /// The widget, when every part of it can be read.
    fn widget(
        &mut self,
        id: &str,
        document: &DeTable<'_>,
        files: &impl SampleFiles,
    ) -> Option<ManifestWidget> {
        let raw_fields: Vec<RawField> = self.read_all(document, "field");
        let manifest = self.manifest(id, document, &raw_fields)?;
        let plans = self.plans(document, &manifest);
        let lookups = self.lookups(&raw_fields, &manifest);
        self.check_key_is_used(document, &manifest, &lookups);
        let samples = self.all_samples(document, files);
        if !self.errors.is_empty() {
            return None;
        }

        let vocabulary = self.vocabulary(document);
        let vocabulary = self.ok_or_report(vocabulary)?;
        let Some(DeValue::Table(view)) = document.get("view").map(Spanned::get_ref) else {
            return None;
        };
        let mapping = self.view(view);
        let mapping = self.ok_or_report(mapping)?;
        // An expression can depend on the date through the value of a date field.
        let dates =
            manifest.fields.iter().any(|field| matches!(field.kind, FieldKind::Date { .. }));
        let clock = self.expressions.clock().max(if dates {
            TimeDependence::Day
        } else {
            TimeDependence::Never
        });
        Some(ManifestWidget { manifest, vocabulary, plans, lookups, mapping, samples, clock })
    }

    /// The metadata and fields. Everything is read before the first missing part ends it, so that
    /// all errors are reported.
    fn manifest(
        &mut self,
        id: &str,
        document: &DeTable<'_>,
        raw_fields: &[RawField],
    ) -> Option<Manifest> {
        let pace = self.pace(document);
        let limits = self.rate_limits(document);
        let size = self.size(document);
        let key = self.read::<Spanned<ApiKey>>(document, "key");
        if let Some(key) = &key {
            let checked = self.key(key);
            self.ok_or_report(checked);
        }
        let documentation = self.documentation(document);
        let mut fields = Vec::new();
        for raw in raw_fields {
            let field = self.field(raw);
            fields.extend(self.ok_or_report(field));
        }
        let hosts = self.read(document, "hosts");
        let (publisher, licence) = match without_service::key(document) {
            Some(_) => without_service::no_source(),
            None => (self.read(document, "publisher")?, self.read(document, "licence")?),
        };
        Some(Manifest {
            id: id.to_owned(),
            name: self.read(document, "name")?,
            summary: self.read(document, "summary")?,
            search: self.search_words(document),
            theme: self.read(document, "theme")?,
            covers: self
                .read(document, "covers")
                .map_or(Coverage::Everywhere, RawCoverage::coverage),
            zone: self.read::<String>(document, "zone").and_then(|name| time_zones::find(&name)),
            icon: self.read(document, "icon")?,
            own: without_service::is_true(document, "own"),
            links_only: without_service::is_true(document, "links_only"),
            publisher,
            licence,
            documentation,
            attribution: self.read::<NameOrTexts>(document, "attribution").map(NameOrTexts::texts),
            hosts: hosts.unwrap_or_else(|| vocabulary::hosts(document)),
            pace: Pace(pace?),
            limits: limits?,
            size,
            fields,
            evidence: self.read(document, "evidence").unwrap_or(Evidence::Documented),
            key: key.map(Spanned::into_inner),
            owner: self.read(document, "owner"),
        })
    }

    fn pace(&mut self, document: &DeTable<'_>) -> Option<Duration> {
        let Some(pace) = self.read::<Spanned<String>>(document, "pace") else {
            return Some(DEFAULT_PACE);
        };
        let duration = self.duration("pace", &pace);
        self.ok_or_report(duration)
    }

    fn rate_limits(&mut self, document: &DeTable<'_>) -> Option<Limits> {
        let Some(limits) = document.get("limits") else { return Some(Limits::default()) };
        self.deserialize("limits", limits).map(|raw| self.limits(&raw))
    }

    fn size(&mut self, document: &DeTable<'_>) -> Size {
        self.read::<Size>(document, "size").unwrap_or(DEFAULT_SIZE)
    }

    fn documentation(&mut self, document: &DeTable<'_>) -> Option<String> {
        let page = self.read::<Spanned<String>>(document, "documentation")?;
        // One that is no web address is reported already.
        if is_page_address(page.get_ref()) && !page.get_ref().starts_with("https://") {
            let error = ManifestError::new("documentation", "must be an `https` page");
            self.errors.push(self.at(error, &page));
            return None;
        }
        Some(page.into_inner())
    }

    fn plans(&mut self, document: &DeTable<'_>, manifest: &Manifest) -> Vec<RequestPlan> {
        let raw_requests: Vec<RawRequest> = self.read_all(document, "request");
        let mut plans = Vec::new();
        for raw in &raw_requests {
            let plan = self.request(raw, manifest.pace.0, manifest);
            plans.extend(self.ok_or_report(plan));
        }
        vocabulary::sort_by_dependency(&mut plans);
        plans
    }

    fn lookups(&mut self, raw_fields: &[RawField], manifest: &Manifest) -> Vec<LookupPlan> {
        let mut lookups = Vec::new();
        for raw in raw_fields {
            if let Some(lookup) = self.lookup(raw, manifest) {
                lookups.extend(self.ok_or_report(lookup));
            }
        }
        lookups
    }

    fn check_key_is_used(
        &mut self,
        document: &DeTable<'_>,
        manifest: &Manifest,
        lookups: &[LookupPlan],
    ) {
        if manifest.key.is_some()
            && !vocabulary::some_request_has(document, &["key_header", "key_query"])
            && lookups.iter().all(|lookup| lookup.request.key.is_none())
            && let Some(key) = document.get("key")
        {
            let message = "is used by no request: one needs `key_header` or `key_query`";
            self.errors.push(self.at(ManifestError::new("key", message), key));
        }
    }

    fn all_samples(&mut self, document: &DeTable<'_>, files: &impl SampleFiles) -> Vec<Sample> {
        let raw: Vec<Spanned<RawSample>> = self.read_all(document, "sample");
        let defaults = SampleDefaults {
            moment: self.read(document, "sample_moment"),
            place: self.read(document, "sample_place"),
            settings: self.read::<Settings>(document, "sample_settings").unwrap_or_default(),
        };
        let requests = vocabulary::request_ids(document);
        let mut errors = Vec::new();
        let has_service = without_service::key(document).is_none();
        let samples = self.samples(&raw, &defaults, &requests, has_service, files, &mut errors);
        self.errors.append(&mut errors);
        samples
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
                self.secondary_errors.push(error.at_byte(self.text, byte));
            })
            .ok()
    }

    /// The result, or `None` after recording the error.
    fn ok_or_report<T>(&mut self, result: Result<T, ManifestError>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    fn at<T>(&self, error: ManifestError, spanned: &Spanned<T>) -> ManifestError {
        error_at(error, self.text, spanned)
    }

    fn duration(&self, key: &str, text: &Spanned<String>) -> Result<Duration, ManifestError> {
        quantities::duration(text.get_ref()).filter(|duration| !duration.is_zero()).ok_or_else(
            || {
                let message = "should be like `30 s`, `5 min`, `1 h`, `1 day`";
                self.at(ManifestError::new(key, message), text)
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
