//! How a field is looked up at the service.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use voordeur_widget_api::{Format, Manifest};

use super::fields::WrittenField;
use super::requests::WrittenRequest;
use super::{ManifestError, Reader};
use crate::manifest::lookup::{self, LookupPlan};

/// What can be looked up seldom changes.
const FRESH_FOR: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenLookup {
    url: Spanned<String>,
    #[serde(default)]
    query: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    format: Option<Spanned<Format>>,
    fresh_for: Option<Spanned<String>>,
    largest: Option<Spanned<String>>,
    key_header: Option<Spanned<String>>,
    key_query: Option<Spanned<String>>,
    each: Spanned<String>,
    value: Spanned<String>,
    label: Spanned<String>,
    note: Option<Spanned<String>>,
    also: Option<Spanned<String>>,
    pub(super) least: Option<usize>,
    pub(super) most: Option<usize>,
}

impl WrittenLookup {
    /// What is asked, as a request.
    fn request(&self, field: &str) -> WrittenRequest {
        let written = self.clone();
        let span = self.url.span();
        WrittenRequest {
            id: Spanned::new(span.clone(), field.to_owned()),
            url: Some(written.url),
            connector: None,
            portal: None,
            dataset: None,
            only: None,
            select: None,
            order: None,
            most: None,
            query: written.query,
            method: None,
            headers: written.headers,
            body: None,
            format: Some(written.format.unwrap_or(Spanned::new(span, Format::Json))),
            fresh_for: written.fresh_for,
            largest: written.largest,
            when: None,
            each: None,
            limit: None,
            pages: None,
            may_fail: false,
            key_header: written.key_header,
            key_query: written.key_query,
        }
    }
}

impl Reader<'_> {
    /// How a field is looked up, when it is.
    pub(super) fn lookup(
        &self,
        field: &WrittenField,
        manifest: &Manifest,
    ) -> Option<Result<LookupPlan, ManifestError>> {
        let written = field.lookup.as_ref()?;
        Some(self.lookup_of(&field.id, written, manifest))
    }

    fn lookup_of(
        &self,
        field: &str,
        written: &WrittenLookup,
        manifest: &Manifest,
    ) -> Result<LookupPlan, ManifestError> {
        let key = |key: &str| format!("field `{field}`.lookup.{key}");
        let mut request = self.request(&written.request(field), FRESH_FOR, manifest)?;
        request.id = lookup::request_id(field);
        Ok(LookupPlan {
            field: field.to_owned(),
            request,
            each: self.expression(&key("each"), &written.each)?,
            value: self.expression(&key("value"), &written.value)?,
            label: self.expression(&key("label"), &written.label)?,
            note: self.maybe(&key("note"), written.note.as_ref())?,
            also: self.maybe(&key("also"), written.also.as_ref())?,
        })
    }
}
