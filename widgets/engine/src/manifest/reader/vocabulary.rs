//! The names that a manifest declares: its requests, fields, texts, codes and `[let]`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use voordeur_widget_api::{Severity, Texts, Tone};

use super::expressions::{DeclaredNames, Expressions};
use super::schema::ExpressionSource;
use super::{ManifestError, Reader};
use crate::manifest::codes::{Code, CodeTable};
use crate::manifest::environment::Vocabulary;
use crate::manifest::lookup;
use crate::manifest::requests::RequestPlan;
use crate::manifest::scope_names;

/// Collects the declared names and reports duplicates and reserved names.
pub fn declared_names(
    document: &DeTable<'_>,
    text: &str,
    errors: &mut Vec<ManifestError>,
) -> DeclaredNames {
    let declared = DeclaredNames {
        requests: request_ids(document),
        fields: ids(document, "field")
            .into_iter()
            .map(|(id, _)| id)
            .chain(lookup_fields(document).map(lookup::label_variable))
            .collect(),
        texts: keys_of(document, "texts"),
        codes: keys_of(document, "codes"),
        bindings: keys_of(document, "let"),
    };
    for kind in ["request", "field"] {
        let mut seen = BTreeSet::new();
        for (id, byte) in ids(document, kind) {
            if !seen.insert(id.clone()) {
                let error = ManifestError::new(format!("{kind} `{id}`.id"), "is a duplicate");
                errors.push(error.at_byte(text, byte));
            }
        }
    }
    if let Some(DeValue::Array(requests)) = document.get("request").map(Spanned::get_ref) {
        for (number, request) in requests.iter().enumerate() {
            if request.get_ref().as_table().is_some_and(|request| !request.contains_key("id")) {
                let error = ManifestError::new(
                    format!("request[{number}].id"),
                    "is missing: required when there are several requests",
                );
                errors.push(error.at_byte(text, request.span().start));
            }
        }
    }
    let blocks = document.get("view").and_then(|view| view.get_ref().as_table()?.get("block"));
    let blocks = blocks.and_then(|blocks| blocks.get_ref().as_array());
    let blocks = blocks.into_iter().flat_map(|blocks| blocks.iter());
    let own = blocks.filter_map(|block| block.get_ref().as_table()?.get("let"));
    let tables = document.get("let").into_iter().chain(own);
    for table in tables.filter_map(|table| table.get_ref().as_table()) {
        for name in table.keys() {
            let raw = name.get_ref().as_ref();
            let fits = raw.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && raw.starts_with(|c: char| c.is_ascii_alphabetic());
            let always =
                scope_names::GLOBAL.iter().chain(scope_names::PER_ITEM).chain([&scope_names::PAGE]);
            let taken = always.map(|name| name.name).any(|declared| declared == raw)
                || declared.requests.iter().any(|request| request == raw);
            if !fits || taken {
                let error = ManifestError::new(
                    format!("let.{raw}"),
                    "must be letters, digits and `_`, and not a built-in name or a request",
                );
                errors.push(error.at_byte(text, name.span().start));
            }
        }
    }
    declared
}

/// Ids of the fields with a lookup.
fn lookup_fields<'d>(document: &'d DeTable<'_>) -> impl Iterator<Item = &'d str> {
    let list = document.get("field").and_then(|list| list.get_ref().as_array());
    let fields = list.into_iter().flat_map(|list| list.iter());
    let fields = fields.filter_map(|field| field.get_ref().as_table());
    fields
        .filter(|field| field.contains_key("lookup"))
        .filter_map(|field| field.get("id")?.get_ref().as_str())
}

/// Ids of the requests, in order.
pub fn request_ids(document: &DeTable<'_>) -> Vec<String> {
    ids(document, "request").into_iter().map(|(id, _)| id).collect()
}

/// Ids of an array of tables, each with its byte offset.
fn ids(document: &DeTable<'_>, key: &str) -> Vec<(String, usize)> {
    let list = document.get(key).and_then(|list| list.get_ref().as_array());
    let list = list.into_iter().flat_map(|list| list.iter());
    list.filter_map(|entry| {
        let id = entry.get_ref().as_table()?.get("id")?;
        Some((id.get_ref().as_str()?.to_owned(), id.span().start))
    })
    .collect()
}

fn keys_of(document: &DeTable<'_>, key: &str) -> Vec<String> {
    let table = document.get(key).and_then(|table| table.get_ref().as_table());
    let keys = table.into_iter().flat_map(|table| table.keys());
    keys.map(|key| key.get_ref().to_string()).collect()
}

/// The hosts of the request URLs.
pub fn hosts(document: &DeTable<'_>) -> Vec<String> {
    let list = document.get("request").and_then(|list| list.get_ref().as_array());
    let requests = list.into_iter().flat_map(|list| list.iter());
    let tables = requests.filter_map(|request| request.get_ref().as_table());
    let addresses = tables.flat_map(|request| {
        ["url", "dataset", "portal"].into_iter().filter_map(|key| request.get(key))
    });
    let hosts: BTreeSet<String> = addresses
        .filter_map(|address| {
            let address = address.get_ref().as_str()?.strip_prefix("https://")?;
            let host = address.split(['/', '?', '#']).next()?;
            (!host.is_empty() && !host.contains('{')).then(|| host.to_owned())
        })
        .collect();
    hosts.into_iter().collect()
}

/// Whether a request has one of these keys.
pub fn some_request_has(document: &DeTable<'_>, keys: &[&str]) -> bool {
    let list = document.get("request").and_then(|list| list.get_ref().as_array());
    let requests = list.into_iter().flat_map(|list| list.iter());
    let mut tables = requests.filter_map(|request| request.get_ref().as_table());
    tables.any(|request| keys.iter().any(|key| request.contains_key(*key)))
}

/// Rejects requests that depend on their own response.
pub fn check_request_cycles(
    document: &DeTable<'_>,
    declared: &DeclaredNames,
    expressions: &Expressions,
    sources: &[ExpressionSource],
    text: &str,
    errors: &mut Vec<ManifestError>,
) {
    let mut waits: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for id in &declared.requests {
        let path = format!("request `{id}`.");
        let own = sources.iter().filter(|source| source.key.starts_with(&path));
        let read = own.flat_map(|source| expressions.dependencies(&source.text).names);
        waits.insert(id, read.filter(|name| declared.requests.contains(name)).collect());
    }
    let mut reported: BTreeSet<String> = BTreeSet::new();
    for (id, byte) in ids(document, "request") {
        let (mut pending, mut seen) = (vec![id.clone()], BTreeSet::new());
        while let Some(next) = pending.pop() {
            for name in waits.get(next.as_str()).into_iter().flatten() {
                if seen.insert(name.clone()) {
                    pending.push(name.clone());
                }
            }
        }
        if seen.contains(&id) && !reported.contains(&id) {
            let through: Vec<&str> = seen.iter().map(String::as_str).collect();
            let message = if through.len() == 1 {
                "reads its own response".to_owned()
            } else {
                format!("depends on a response that depends on it, through {}", through.join(", "))
            };
            let error = ManifestError::new(format!("request `{id}`"), message);
            errors.push(error.at_byte(text, byte));
            reported.extend(seen);
        }
    }
}

/// Sorts requests topologically; independent requests keep their order.
pub fn sort_by_dependency(plans: &mut Vec<RequestPlan>) {
    let ids: BTreeSet<String> = plans.iter().map(|plan| plan.id.clone()).collect();
    let mut rest = std::mem::take(plans);
    let mut done: BTreeSet<String> = BTreeSet::new();
    while !rest.is_empty() {
        let ready = rest.iter().position(|plan| {
            plan.names().iter().all(|name| !ids.contains(name) || done.contains(name))
        });
        // A cycle, which is already rejected.
        let next = rest.remove(ready.unwrap_or(0));
        done.insert(next.id.clone());
        plans.push(next);
    }
}

/// Separates values of a service that have the same meaning.
const CODE_SEPARATOR: &str = " | ";

#[derive(Deserialize)]
struct RawCode {
    nl: Option<String>,
    fr: Option<String>,
    de: Option<String>,
    en: Option<String>,
    severity: Option<Severity>,
    tone: Option<Tone>,
}

impl Reader<'_> {
    /// Texts, codes and named expressions.
    pub(super) fn vocabulary(&self, document: &DeTable<'_>) -> Result<Vocabulary, ManifestError> {
        let (mut texts_by_id, mut tables, mut bindings) = (Vec::new(), Vec::new(), Vec::new());
        for (id, value) in entries(document.get("texts")) {
            let texts = Texts::deserialize(ValueDeserializer::from(value.clone()));
            let texts = texts.map_err(|error| {
                self.at(ManifestError::new(format!("texts.{id}"), error.message()), value)
            })?;
            texts_by_id.push((id, texts));
        }
        for (id, table) in entries(document.get("codes")) {
            let mut codes = BTreeMap::new();
            for (code, value) in entries(Some(table)) {
                let key = format!("codes.{id}.{code}");
                for code in code.split(CODE_SEPARATOR) {
                    codes.insert(code.trim().to_owned(), self.code(&key, value)?);
                }
            }
            tables.push((id, CodeTable(codes)));
        }
        for (name, value) in entries(document.get("let")) {
            let expression = self.expression_or_texts(&format!("let.{name}"), value)?;
            bindings.push((name, expression));
        }
        Ok(Vocabulary::new(&texts_by_id, &tables, bindings))
    }

    fn code(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Code, ManifestError> {
        let error = |message: &str| self.at(ManifestError::new(key, message), value);
        let raw = RawCode::deserialize(ValueDeserializer::from(value.clone()))
            .map_err(|cause| error(cause.message()))?;
        let text = match (raw.nl, raw.fr, raw.de, raw.en) {
            (Some(nl), Some(fr), Some(de), Some(en)) => Some(Texts { nl, fr, de, en }),
            (None, None, None, None) => None,
            _ => return Err(error("needs nl, fr, de and en, or none of them")),
        };
        if text.is_none() && raw.severity.is_none() && raw.tone.is_none() {
            return Err(error("is empty: it needs a text, `severity` or `tone`"));
        }
        Ok(Code { text, severity: raw.severity, tone: raw.tone })
    }
}

/// The entries of a table, sorted by key.
fn entries<'t, 'i>(
    table: Option<&'t Spanned<DeValue<'i>>>,
) -> impl Iterator<Item = (String, &'t Spanned<DeValue<'i>>)> {
    let table = table.and_then(|table| table.get_ref().as_table());
    let entries = table.into_iter().flat_map(|table| table.iter());
    entries.map(|(key, value)| (key.get_ref().to_string(), value))
}
