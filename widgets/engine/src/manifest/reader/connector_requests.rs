//! Requests with a connector: the URL of the data set is enough.

use std::collections::BTreeSet;

use toml::Spanned;
use voordeur_widget_api::Method;

use super::requests::{MAX_PAGES, RawRequest};
use super::{Expression, ManifestError, Reader};
use crate::manifest::connectors::{
    Address, CONNECTORS, Connector, Dataset, NextRecords, query_separator, split_outside_braces,
};
use crate::manifest::expression;
use crate::manifest::pagination::{NextPage, Pagination};

/// Number of records requested when `most` is absent.
const DEFAULT_RECORDS: usize = 100;

/// A request as completed by its connector.
pub(super) struct ConnectorRequest<'a> {
    pub connector: &'static Connector,
    /// URL with expressions in `{}`.
    pub url: String,
    pub query: Vec<(String, Expression)>,
    pub pages: Option<Pagination>,
    pub max_records: usize,
    /// Position of `dataset` in the manifest.
    pub span: &'a Spanned<String>,
}

impl Reader<'_> {
    /// Completes a request that has a connector; `None` when it has none.
    pub(super) fn connector_request<'a>(
        &self,
        raw: &'a RawRequest,
    ) -> Result<Option<ConnectorRequest<'a>>, ManifestError> {
        let id = raw.id.get_ref();
        let wrong = |key: &str, message: String, span: &Spanned<String>| {
            self.at(ManifestError::new(format!("request `{id}`.{key}"), message), span)
        };
        let options = [("where", &raw.only), ("select", &raw.select), ("order", &raw.order)];
        let Some(name) = &raw.connector else {
            let portal = [("portal", &raw.portal), ("dataset", &raw.dataset)];
            let without_connector =
                portal.iter().chain(&options).find_map(|(key, text)| Some((key, text.as_ref()?)));
            return match without_connector {
                Some((key, text)) => Err(wrong(key, "needs `connector`".to_owned(), text)),
                None if raw.most.is_some() => {
                    Err(wrong("most", "needs `connector`".to_owned(), &raw.id))
                }
                None => Ok(None),
            };
        };
        let connector = Connector::by_name(name.get_ref()).ok_or_else(|| {
            let known = CONNECTORS.map(|connector| connector.name).join(", ");
            wrong("connector", format!("`{}` is not one of {known}", name.get_ref()), name)
        })?;
        let overrides = raw.url.is_some() || raw.format.is_some() || raw.pages.is_some();
        if overrides || raw.method.is_some_and(|method| method != Method::Get) {
            let message = "defines `url`, `method`, `format` and `pages`: remove them";
            return Err(wrong("connector", message.to_owned(), name));
        }
        let Some(dataset) = &raw.dataset else {
            let message = format!("needs `dataset`, like `{}`", connector.address);
            return Err(wrong("connector", message, name));
        };
        let set = self.dataset(raw, connector, dataset)?;

        let mut query = Vec::new();
        for (key, text) in options {
            let Some(text) = text else { continue };
            let Some((_, name)) = connector.options.iter().find(|(known, _)| *known == key) else {
                let message = format!("is not supported by `{}`: use `query`", connector.name);
                return Err(wrong(key, message, text));
            };
            query.push((
                (*name).to_owned(),
                self.expression(&format!("request `{id}`.{key}"), text)?,
            ));
        }
        let mut url = without_overridden(&(connector.url)(&set), raw);
        let most = raw.most.as_ref().map_or(DEFAULT_RECORDS, |most| *most.get_ref());
        let pages = self.pagination_of(raw, connector, most)?;
        if let Some(paging) = &connector.paging {
            let size = format!("{}={}", paging.size_parameter, most.min(paging.max_size));
            let separator = query_separator(&url);
            url = without_overridden(&format!("{url}{separator}{size}"), raw);
        }
        Ok(Some(ConnectorRequest {
            connector,
            url,
            query,
            pages,
            max_records: most,
            span: dataset,
        }))
    }

    /// The portal and data set of a request.
    fn dataset(
        &self,
        raw: &RawRequest,
        connector: &Connector,
        dataset: &Spanned<String>,
    ) -> Result<Dataset, ManifestError> {
        let set = match &raw.portal {
            Some(portal) => Some(Dataset {
                portal: portal.get_ref().trim_end_matches('/').to_owned(),
                name: dataset.get_ref().clone(),
            }),
            None => {
                Address::read(dataset.get_ref()).and_then(|address| (connector.locate)(&address))
            }
        };
        set.ok_or_else(|| {
            let message = format!(
                "should be like `{}`, or the name of the data set together with `portal`",
                connector.address
            );
            let key = format!("request `{}`.dataset", raw.id.get_ref());
            self.at(ManifestError::new(key, message), dataset)
        })
    }

    /// Pagination for the records beyond the first page.
    fn pagination_of(
        &self,
        raw: &RawRequest,
        connector: &Connector,
        most: usize,
    ) -> Result<Option<Pagination>, ManifestError> {
        let id = raw.id.get_ref();
        let Some(paging) = &connector.paging else { return Ok(None) };
        // With `each` only the first page of each data set is requested.
        let max_pages = if raw.each.is_some() { 1 } else { MAX_PAGES };
        if most == 0 || most > paging.max_size * max_pages {
            let message = format!("should be from 1 to {}", paging.max_size * max_pages);
            let error = ManifestError::new(format!("request `{id}`.most"), message);
            return Err(match &raw.most {
                Some(most) => self.at(error, most),
                None => error,
            });
        }
        if raw.each.is_some() {
            return Ok(None);
        }
        let list = connector.list.to_owned();
        Ok(match paging.next {
            NextRecords::Offset(..) if most <= paging.max_size => None,
            NextRecords::Offset(name, first) => Some(Pagination {
                list,
                next_page: NextPage::Counter {
                    name: name.to_owned(),
                    first,
                    step: paging.max_size,
                    page_size: Some(paging.max_size),
                },
                max_pages: most.div_ceil(paging.max_size),
                max_items: most,
            }),
            NextRecords::Link(source) => Some(Pagination {
                list,
                next_page: NextPage::Link(builtin_expression(
                    &format!("request `{id}`.pages.next"),
                    source,
                )?),
                max_pages: MAX_PAGES,
                max_items: most,
            }),
        })
    }
}

/// A built-in expression, which is in no manifest. It reads only `page`.
fn builtin_expression(key: &str, source: &str) -> Result<Expression, ManifestError> {
    let program = expression::compile(source)
        .map_err(|error| ManifestError::new(key, format!("`{source}`: {}", error.message)))?;
    Ok(Expression::new(key, source, program.node, BTreeSet::new(), BTreeSet::new()))
}

/// Removes query parameters that the manifest sets itself in `query`.
fn without_overridden(url: &str, raw: &RawRequest) -> String {
    let pieces = split_outside_braces(url, '?');
    let [start, _, ..] = pieces.as_slice() else { return url.to_owned() };
    let query = &url[start.len() + 1..];
    let is_kept = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        let name = name.replace("%5B", "[").replace("%5D", "]");
        !raw.query.contains_key(&name)
    };
    let pairs: Vec<&str> = split_outside_braces(query, '&').into_iter().filter(is_kept).collect();
    if pairs.is_empty() { (*start).to_owned() } else { format!("{start}?{}", pairs.join("&")) }
}
