//! `[[request]]` and `[key]`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use voordeur_widget_api::{ApiKey, ApiKeyLocation, Budget, FieldKind, Format, Manifest, Method};

use super::schema::is_page_address;
use super::{ManifestError, Reader, quantities};
use crate::manifest::pagination::{self, NextPage, Pagination};
use crate::manifest::requests::{RequestPlan, UrlPart};

const DEFAULT_MAX_BYTES: usize = 2_000_000;
const MAX_BYTES: usize = 16_000_000;
const DEFAULT_EACH_LIMIT: usize = 5;
const DEFAULT_PAGES: usize = 3;
pub(super) const MAX_PAGES: usize = 10;
/// Variables of the expression language.
const RESERVED_NAMES: [&str; 10] =
    ["settings", "place", "language", "now", "today", "texts", "codes", "item", "index", "page"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRequest {
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
    pub(super) if_empty: Option<Spanned<String>>,
    pub(super) when: Option<Spanned<String>>,
    pub(super) each: Option<Spanned<String>>,
    pub(super) limit: Option<usize>,
    pub(super) pages: Option<Spanned<RawPages>>,
    #[serde(default)]
    pub(super) may_fail: bool,
    pub(super) key_header: Option<Spanned<String>>,
    pub(super) key_query: Option<Spanned<String>>,
}

/// How the next page is requested: by one of `next`, `offset` and `number`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPages {
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
    pub(super) fn key(&self, raw: &Spanned<ApiKey>) -> Result<ApiKey, ManifestError> {
        let key = raw.get_ref();
        let rest = key.variable.strip_prefix(ApiKey::PREFIX).unwrap_or_default();
        let capitals = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if rest.is_empty() || !rest.chars().all(capitals) {
            let message = format!(
                "must be `{}` and a name in capitals, digits and `_` after it",
                ApiKey::PREFIX
            );
            return Err(self.at(ManifestError::new("key.variable", message), raw));
        }
        // One that is no web address is reported already.
        if is_page_address(&key.url) && !key.url.starts_with("https://") {
            let message = "must be the `https` page where operators get the key";
            return Err(self.at(ManifestError::new("key.url", message), raw));
        }
        Ok(key.clone())
    }

    /// Where a request sends the key of the widget.
    fn key_place(
        &self,
        raw: &RawRequest,
        manifest: &Manifest,
    ) -> Result<Option<ApiKeyLocation>, ManifestError> {
        let id = raw.id.get_ref();
        let error = |key: &str, message: &str, name: &Spanned<String>| {
            self.at(ManifestError::new(format!("request `{id}`.{key}"), message), name)
        };
        let (key, name, place) = match (&raw.key_header, &raw.key_query) {
            (None, None) => return Ok(None),
            (Some(header), None) => {
                ("key_header", header, ApiKeyLocation::Header(header.get_ref().clone()))
            }
            (None, Some(query)) => {
                ("key_query", query, ApiKeyLocation::Query(query.get_ref().clone()))
            }
            (Some(_), Some(query)) => {
                return Err(error("key_query", "cannot be combined with `key_header`", query));
            }
        };
        if manifest.key.is_none() {
            return Err(error(key, "needs `[key]` with the variable that holds the key", name));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.get_ref().is_empty() || !name.get_ref().chars().all(fits) {
            return Err(error(key, "must be letters, digits, `-`, `_` and `.`", name));
        }
        Ok(Some(place))
    }

    pub(super) fn request(
        &self,
        raw: &RawRequest,
        pace: Duration,
        manifest: &Manifest,
    ) -> Result<RequestPlan, ManifestError> {
        let id = raw.id.get_ref();
        let key = |key: &str| format!("request `{id}`.{key}");
        if RESERVED_NAMES.contains(&id.as_str())
            || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            let message = "must be letters, digits and `_`, and not a built-in name";
            return Err(self.at(ManifestError::new(key("id"), message), &raw.id));
        }
        let connected = self.connector_request(raw)?;
        let (address, span) = match (&connected, &raw.url) {
            (Some(connected), _) => (connected.url.as_str(), connected.span),
            (None, Some(url)) => (url.get_ref().as_str(), url),
            (None, None) => {
                let message = "needs `url` and `format`, or `connector` and `dataset`";
                let error = ManifestError::new(format!("request `{id}`"), message);
                return Err(self.at(error, &raw.id));
            }
        };
        let url = self.url(&key("url"), address, span)?;
        let user_supplied_url = is_web_address(address, manifest);
        self.check_host(raw, &url, span, user_supplied_url, manifest)?;
        let method = self.method(raw)?;
        let mut query = Vec::new();
        for (name, text) in &raw.query {
            query.push((name.clone(), self.expression(&key(&format!("query.{name}")), text)?));
        }
        let mut headers = raw.headers.clone();
        let (mut pages, mut connector) = (None, None);
        let mut format = raw.format.as_ref().map(|format| *format.get_ref());
        if let Some(connected) = connected {
            query.extend(connected.query);
            for (name, value) in connected.connector.headers {
                headers.entry((*name).to_owned()).or_insert_with(|| (*value).to_owned());
            }
            pages = connected.pages;
            connector = Some((connected.connector, connected.max_records));
            format = Some(connected.connector.format);
        }
        if let Some(raw_pages) = &raw.pages {
            pages = Some(self.pages(raw, raw_pages)?);
        }
        let format = format
            .ok_or_else(|| self.at(ManifestError::new(key("format"), "is missing"), &raw.id))?;
        Ok(RequestPlan {
            id: id.clone(),
            method,
            url,
            query,
            headers: headers.into_iter().collect(),
            body: self.optional_expression(&key("body"), raw.body.as_ref())?,
            format,
            fresh_for: match &raw.fresh_for {
                Some(text) => self.duration(&key("fresh_for"), text)?,
                None => pace,
            },
            largest: self.max_bytes(raw)?,
            when: self.optional_expression(&key("when"), raw.when.as_ref())?,
            each: self.optional_expression(&key("each"), raw.each.as_ref())?,
            limit: raw.limit.unwrap_or(DEFAULT_EACH_LIMIT),
            pages,
            connector,
            if_empty: self.if_empty(raw, format)?,
            optional: raw.may_fail,
            user_supplied_url,
            key: self.key_place(raw, manifest)?,
        })
    }

    /// Rejects a URL outside of the declared hosts, and anything but `GET` to a citizen's URL.
    fn check_host(
        &self,
        raw: &RawRequest,
        url: &[UrlPart],
        span: &Spanned<String>,
        user_supplied_url: bool,
        manifest: &Manifest,
    ) -> Result<(), ManifestError> {
        let id = raw.id.get_ref();
        if user_supplied_url {
            if raw.method.is_some_and(|method| method != Method::Get) {
                let message = "must be `GET`, because the URL is a citizen's setting";
                let error = ManifestError::new(format!("request `{id}`.method"), message);
                return Err(self.at(error, span));
            }
            return Ok(());
        }
        let start = match url.first() {
            Some(UrlPart::Literal(start)) => start.as_str(),
            _ => "",
        };
        let host = start
            .strip_prefix("https://")
            .or_else(|| start.strip_prefix("http://"))
            .and_then(|rest| rest.split_once('/'))
            .map(|(host, _)| host);
        if !host.is_some_and(|host| manifest.hosts.iter().any(|known| known == host)) {
            let message = "must begin with `https://` and one of `hosts`, followed by `/`";
            let error = ManifestError::new(format!("request `{id}`.url"), message);
            return Err(self.at(error, span));
        }
        Ok(())
    }

    fn method(&self, raw: &RawRequest) -> Result<Method, ManifestError> {
        let method = raw.method.unwrap_or(Method::Get);
        if let Some(body) = &raw.body
            && method != Method::Post
        {
            let key = format!("request `{}`.body", raw.id.get_ref());
            return Err(self.at(ManifestError::new(key, "is sent with POST only"), body));
        }
        Ok(method)
    }

    fn max_bytes(&self, raw: &RawRequest) -> Result<usize, ManifestError> {
        let Some(text) = &raw.largest else { return Ok(DEFAULT_MAX_BYTES) };
        let bytes = quantities::bytes(text.get_ref()).filter(|bytes| *bytes <= MAX_BYTES);
        bytes.ok_or_else(|| {
            let key = format!("request `{}`.largest", raw.id.get_ref());
            let message = "should be like `300 kB` or `6 MB`, and at most `16 MB`";
            self.at(ManifestError::new(key, message), text)
        })
    }

    /// The body that an empty one stands for. It has to be one of the format.
    fn if_empty(&self, raw: &RawRequest, format: Format) -> Result<Option<String>, ManifestError> {
        let Some(text) = &raw.if_empty else { return Ok(None) };
        match voordeur_formats::read(format, text.get_ref().as_bytes(), &Budget::default()) {
            Ok(_) => Ok(Some(text.get_ref().clone())),
            Err(error) => {
                let key = format!("request `{}`.if_empty", raw.id.get_ref());
                let message = format!("should be a response in the format of the request: {error}");
                Err(self.at(ManifestError::new(key, message), text))
            }
        }
    }

    fn pages(
        &self,
        request: &RawRequest,
        raw: &Spanned<RawPages>,
    ) -> Result<Pagination, ManifestError> {
        let id = request.id.get_ref();
        let wrong = |message: &str| {
            Err(self.at(ManifestError::new(format!("request `{id}`.pages"), message), raw))
        };
        if request.each.is_some() {
            return wrong("cannot be combined with `each`");
        }
        if request.method.is_some_and(|method| method != Method::Get) {
            return wrong("is for GET only");
        }
        let pages = raw.get_ref();
        let most = pages.most.unwrap_or(DEFAULT_PAGES);
        if !(2..=MAX_PAGES).contains(&most) {
            return wrong(&format!("`most` should be from 2 to {MAX_PAGES}"));
        }
        let next_page = match (&pages.next, &pages.offset, &pages.number, pages.step) {
            (Some(next), None, None, None) if pages.first.is_none() => {
                NextPage::Link(self.expression(&format!("request `{id}`.pages.next"), next)?)
            }
            (None, Some(_), None, None | Some(0)) => {
                return wrong("`offset` needs `step`: the number of items in a page");
            }
            (None, Some(name), None, Some(step)) => NextPage::Counter {
                name: name.clone(),
                first: pages.first.unwrap_or(0),
                step,
                page_size: Some(step),
            },
            (None, None, Some(name), step) => NextPage::Counter {
                name: name.clone(),
                first: pages.first.unwrap_or(1),
                step: 1,
                page_size: step,
            },
            _ => {
                return wrong(
                    "needs one of `next` (a URL), `offset` (with `step`) and `number`; `step` and `first` go with the last two",
                );
            }
        };
        Ok(Pagination {
            list: pagination::pointer(&pages.list),
            next_page,
            max_pages: most,
            max_items: usize::MAX,
        })
    }

    /// A URL with its expressions; `span` is its position in the manifest.
    fn url(
        &self,
        key: &str,
        text: &str,
        span: &Spanned<String>,
    ) -> Result<Vec<UrlPart>, ManifestError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((inside, after)) = after.split_once('}') else {
                return Err(self.at(ManifestError::new(key, "has a `{` without a `}`"), span));
            };
            parts.push(UrlPart::Literal(before.to_owned()));
            let expression = self.compile(key, inside);
            parts.push(UrlPart::Expression(expression.map_err(|error| self.at(error, span))?));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(UrlPart::Literal(rest.to_owned()));
        }
        Ok(parts)
    }
}

/// Whether a URL is just the value of a required field of the kind `web-address`.
fn is_web_address(url: &str, manifest: &Manifest) -> bool {
    let id = url.strip_prefix("{settings.").and_then(|rest| rest.strip_suffix('}'));
    let field = id.and_then(|id| manifest.field(id));
    field.is_some_and(|field| field.kind == FieldKind::WebAddress && field.required)
}
