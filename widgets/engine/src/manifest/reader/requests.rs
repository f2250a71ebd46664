//! What a manifest asks of the service.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use voordeur_widget_api::{ApiKey, ApiKeyLocation, FieldKind, Format, Manifest, Method};

use super::{ManifestError, Reader, units};
use crate::manifest::pages::{self, Pages, Turn};
use crate::manifest::requests::{RequestPlan, UrlPart};

const LARGEST_ANSWER: usize = 2_000_000;
const LARGEST_ANSWER_ALLOWED: usize = 16_000_000;
const REPEATED_REQUESTS: usize = 5;
const PAGES: usize = 3;
pub(super) const PAGES_ALLOWED: usize = 10;
/// Names that expressions already use.
const TAKEN_NAMES: [&str; 10] =
    ["settings", "place", "language", "now", "today", "texts", "codes", "item", "index", "page"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRequest {
    pub(super) id: Spanned<String>,
    pub(super) url: Option<Spanned<String>>,
    pub(super) connector: Option<Spanned<String>>,
    pub(super) portal: Option<Spanned<String>>,
    pub(super) dataset: Option<Spanned<String>>,
    #[serde(rename = "where")]
    pub(super) only: Option<Spanned<String>>,
    pub(super) select: Option<Spanned<String>>,
    pub(super) order: Option<Spanned<String>>,
    pub(super) most: Option<Spanned<usize>>,
    #[serde(default)]
    pub(super) query: BTreeMap<String, Spanned<String>>,
    pub(super) method: Option<Method>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Option<Spanned<String>>,
    pub(super) format: Option<Spanned<Format>>,
    pub(super) fresh_for: Option<Spanned<String>>,
    pub(super) largest: Option<Spanned<String>>,
    pub(super) when: Option<Spanned<String>>,
    pub(super) each: Option<Spanned<String>>,
    pub(super) limit: Option<usize>,
    pub(super) pages: Option<Spanned<WrittenPages>>,
    #[serde(default)]
    pub(super) may_fail: bool,
    pub(super) key_header: Option<Spanned<String>>,
    pub(super) key_query: Option<Spanned<String>>,
}

/// How a request goes on after its first page: by one of `next`, `offset` and `number`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPages {
    #[serde(default)]
    list: String,
    next: Option<Spanned<String>>,
    offset: Option<String>,
    number: Option<String>,
    step: Option<usize>,
    first: Option<usize>,
    most: Option<usize>,
}

impl Reader<'_> {
    pub(super) fn key(&self, written: &Spanned<ApiKey>) -> Result<ApiKey, ManifestError> {
        let key = written.get_ref();
        let rest = key.variable.strip_prefix(ApiKey::PREFIX).unwrap_or_default();
        let capitals = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if rest.is_empty() || !rest.chars().all(capitals) {
            let what = format!(
                "must be `{}` and a name in capitals, digits and `_` after it",
                ApiKey::PREFIX
            );
            return Err(self.at(ManifestError::new("key.variable", what), written));
        }
        if !key.url.starts_with("https://") {
            let what = "must be the `https` page where an operator gets the key";
            return Err(self.at(ManifestError::new("key.url", what), written));
        }
        Ok(key.clone())
    }

    /// Where a request puts the key of the widget.
    fn key_place(
        &self,
        written: &WrittenRequest,
        manifest: &Manifest,
    ) -> Result<Option<ApiKeyLocation>, ManifestError> {
        let id = written.id.get_ref();
        let problem = |key: &str, what: &str, name: &Spanned<String>| {
            self.at(ManifestError::new(format!("request `{id}`.{key}"), what), name)
        };
        let (key, name, place) = match (&written.key_header, &written.key_query) {
            (None, None) => return Ok(None),
            (Some(header), None) => {
                ("key_header", header, ApiKeyLocation::Header(header.get_ref().clone()))
            }
            (None, Some(query)) => {
                ("key_query", query, ApiKeyLocation::Query(query.get_ref().clone()))
            }
            (Some(_), Some(query)) => {
                return Err(problem("key_query", "cannot stand beside `key_header`", query));
            }
        };
        if manifest.key.is_none() {
            return Err(problem(key, "needs `[key]` with the variable that holds the key", name));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.get_ref().is_empty() || !name.get_ref().chars().all(fits) {
            return Err(problem(key, "must be letters, digits, `-`, `_` and `.`", name));
        }
        Ok(Some(place))
    }

    pub(super) fn request(
        &self,
        written: &WrittenRequest,
        pace: Duration,
        manifest: &Manifest,
    ) -> Result<RequestPlan, ManifestError> {
        let id = written.id.get_ref();
        let key = |key: &str| format!("request `{id}`.{key}");
        if TAKEN_NAMES.contains(&id.as_str())
            || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            let what = "must be letters, digits and `_`, and no name that expressions already use";
            return Err(self.at(ManifestError::new(key("id"), what), &written.id));
        }
        let connected = self.connected(written)?;
        let (address, spot) = match (&connected, &written.url) {
            (Some(connected), _) => (connected.url.as_str(), connected.spot),
            (None, Some(url)) => (url.get_ref().as_str(), url),
            (None, None) => {
                let what = "needs `url` and `format`, or `connector` and `dataset`";
                return Err(
                    self.at(ManifestError::new(format!("request `{id}`"), what), &written.id)
                );
            }
        };
        let url = self.url(&key("url"), address, spot)?;
        let user_supplied_url = is_web_address(address, manifest);
        let start = match url.first() {
            Some(UrlPart::Literal(start)) => start.as_str(),
            _ => "",
        };
        let host = start
            .strip_prefix("https://")
            .or_else(|| start.strip_prefix("http://"))
            .and_then(|rest| rest.split_once('/'))
            .map(|(host, _)| host);
        if user_supplied_url && written.method.is_some_and(|method| method != Method::Get) {
            let what = "must be `GET`, since the address is a citizen's";
            return Err(self.at(ManifestError::new(key("method"), what), spot));
        }
        if !user_supplied_url
            && !host.is_some_and(|host| manifest.hosts.iter().any(|known| known == host))
        {
            let what = "must begin with `https://` and one of `hosts`, followed by `/`";
            return Err(self.at(ManifestError::new(key("url"), what), spot));
        }
        let max_bytes = match &written.largest {
            None => LARGEST_ANSWER,
            Some(text) => units::bytes(text.get_ref())
                .filter(|bytes| *bytes <= LARGEST_ANSWER_ALLOWED)
                .ok_or_else(|| {
                    let what = "should be like `300 kB` or `6 MB`, and at most `16 MB`";
                    self.at(ManifestError::new(key("largest"), what), text)
                })?,
        };
        let method = written.method.unwrap_or(Method::Get);
        if let Some(body) = &written.body
            && method != Method::Post
        {
            return Err(self.at(ManifestError::new(key("body"), "is sent with POST only"), body));
        }
        let mut query = written
            .query
            .iter()
            .map(|(name, text)| {
                Ok((name.clone(), self.expression(&key(&format!("query.{name}")), text)?))
            })
            .collect::<Result<Vec<_>, ManifestError>>()?;
        let mut headers = written.headers.clone();
        let (mut pages, mut connector) = (None, None);
        let mut format = written.format.as_ref().map(|format| *format.get_ref());
        if let Some(connected) = connected {
            query.extend(connected.query);
            for (name, value) in connected.connector.headers {
                headers.entry((*name).to_owned()).or_insert_with(|| (*value).to_owned());
            }
            pages = connected.pages;
            connector = Some((connected.connector, connected.most));
            format = Some(connected.connector.format);
        }
        if let Some(written_pages) = &written.pages {
            pages = Some(self.pages(written, written_pages)?);
        }
        let format = format
            .ok_or_else(|| self.at(ManifestError::new(key("format"), "is missing"), &written.id))?;
        Ok(RequestPlan {
            id: id.clone(),
            method,
            url,
            query,
            headers: headers.into_iter().collect(),
            body: self.maybe(&key("body"), written.body.as_ref())?,
            format,
            max_age: match &written.fresh_for {
                Some(text) => self.duration(&key("fresh_for"), text)?,
                None => pace,
            },
            max_bytes,
            when: self.maybe(&key("when"), written.when.as_ref())?,
            each: self.maybe(&key("each"), written.each.as_ref())?,
            limit: written.limit.unwrap_or(REPEATED_REQUESTS),
            pages,
            connector,
            optional: written.may_fail,
            user_supplied_url,
            key: self.key_place(written, manifest)?,
        })
    }

    fn pages(
        &self,
        request: &WrittenRequest,
        written: &Spanned<WrittenPages>,
    ) -> Result<Pages, ManifestError> {
        let id = request.id.get_ref();
        let wrong = |what: &str| {
            Err(self.at(ManifestError::new(format!("request `{id}`.pages"), what), written))
        };
        if request.each.is_some() {
            return wrong("cannot stand beside `each`");
        }
        if request.method.is_some_and(|method| method != Method::Get) {
            return wrong("is for GET only");
        }
        let pages = written.get_ref();
        let most = pages.most.unwrap_or(PAGES);
        if !(2..=PAGES_ALLOWED).contains(&most) {
            return wrong(&format!("`most` should be from 2 to {PAGES_ALLOWED}"));
        }
        let turn = match (&pages.next, &pages.offset, &pages.number, pages.step) {
            (Some(next), None, None, None) if pages.first.is_none() => {
                Turn::Next(self.expression(&format!("request `{id}`.pages.next"), next)?)
            }
            (None, Some(_), None, None | Some(0)) => {
                return wrong("`offset` needs `step`: how many things a page has");
            }
            (None, Some(name), None, Some(step)) => Turn::Counted {
                name: name.clone(),
                first: pages.first.unwrap_or(0),
                by: step,
                full: Some(step),
            },
            (None, None, Some(name), step) => Turn::Counted {
                name: name.clone(),
                first: pages.first.unwrap_or(1),
                by: 1,
                full: step,
            },
            _ => {
                return wrong(
                    "needs one of `next` (an address), `offset` (with `step`) and `number`; `step` and `first` go with the last two",
                );
            }
        };
        Ok(Pages { list: pages::pointer(&pages.list), turn, most, enough: usize::MAX })
    }

    /// An address with its expressions; `spot` is where it stands in the manifest.
    fn url(
        &self,
        key: &str,
        text: &str,
        spot: &Spanned<String>,
    ) -> Result<Vec<UrlPart>, ManifestError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((inside, after)) = after.split_once('}') else {
                return Err(self.at(ManifestError::new(key, "has a `{` without a `}`"), spot));
            };
            parts.push(UrlPart::Literal(before.to_owned()));
            let expression = self.compile(key, inside);
            parts.push(UrlPart::Filled(expression.map_err(|problem| self.at(problem, spot))?));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(UrlPart::Literal(rest.to_owned()));
        }
        Ok(parts)
    }
}

/// Whether an address is nothing but the answer to a field of the kind `web-address`.
fn is_web_address(url: &str, manifest: &Manifest) -> bool {
    let id = url.strip_prefix("{settings.").and_then(|rest| rest.strip_suffix('}'));
    let field = id.and_then(|id| manifest.field(id));
    field.is_some_and(|field| field.kind == FieldKind::WebAddress && field.required)
}
