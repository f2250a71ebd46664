//! `[field.lookup]`: how a field is looked up at the service.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use voordeur_widget_api::{Format, Manifest};

use super::field_kinds::RawField;
use super::requests::RawRequest;
use super::{ManifestError, Reader};
use crate::manifest::lookup::{self, LookupPlan};

/// Values that can be looked up rarely change.
const FRESH_FOR: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLookup {
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

impl RawLookup {
    /// The lookup as a request.
    fn request(&self, field: &str) -> RawRequest {
        let raw = self.clone();
        let span = self.url.span();
        RawRequest {
            id: Spanned::new(span.clone(), field.to_owned()),
            url: Some(raw.url),
            connector: None,
            portal: None,
            dataset: None,
            only: None,
            select: None,
            order: None,
            most: None,
            query: raw.query,
            method: None,
            headers: raw.headers,
            body: None,
            format: Some(raw.format.unwrap_or(Spanned::new(span, Format::Json))),
            fresh_for: raw.fresh_for,
            largest: raw.largest,
            if_empty: None,
            when: None,
            each: None,
            limit: None,
            pages: None,
            may_fail: false,
            key_header: raw.key_header,
            key_query: raw.key_query,
        }
    }
}

impl Reader<'_> {
    /// The lookup of a field, if it has one.
    pub(super) fn lookup(
        &self,
        field: &RawField,
        manifest: &Manifest,
    ) -> Option<Result<LookupPlan, ManifestError>> {
        let raw = field.lookup.as_ref()?;
        Some(self.lookup_of(&field.id, raw, manifest))
    }

    fn lookup_of(
        &self,
        field: &str,
        raw: &RawLookup,
        manifest: &Manifest,
    ) -> Result<LookupPlan, ManifestError> {
        let key = |key: &str| format!("field `{field}`.lookup.{key}");
        let mut request = self.request(&raw.request(field), FRESH_FOR, manifest)?;
        request.id = lookup::request_id(field);
        Ok(LookupPlan {
            field: field.to_owned(),
            request,
            each: self.expression(&key("each"), &raw.each)?,
            value: self.expression(&key("value"), &raw.value)?,
            label: self.expression(&key("label"), &raw.label)?,
            note: self.optional_expression(&key("note"), raw.note.as_ref())?,
            also: self.optional_expression(&key("also"), raw.also.as_ref())?,
        })
    }
}
