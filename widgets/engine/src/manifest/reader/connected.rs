//! A request whose portal is of a known kind: of the data set its address is enough.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::Spanned;
use voordeur_widget_api::Method;

use super::requests::{PAGES_ALLOWED, WrittenRequest};
use super::{Expression, ManifestError, Reader};
use crate::manifest::connectors::{Address, CONNECTORS, Connector, Dataset, Next, joint, split};
use crate::manifest::expression;
use crate::manifest::pages::{Pages, Turn};

/// So many records are asked when nothing is said.
const RECORDS: usize = 100;

/// What the connector of a request makes of what is written.
pub(super) struct Connected<'a> {
    pub connector: &'static Connector,
    /// The whole address, with expressions in `{}`.
    pub url: String,
    pub query: Vec<(String, Expression)>,
    pub pages: Option<Pages>,
    pub most: usize,
    /// Where the data set stands in the manifest.
    pub spot: &'a Spanned<String>,
}

impl Reader<'_> {
    /// What the connector of a request says, when it has one.
    pub(super) fn connected<'a>(
        &self,
        written: &'a WrittenRequest,
    ) -> Result<Option<Connected<'a>>, ManifestError> {
        let id = written.id.get_ref();
        let wrong = |key: &str, what: String, spot: &Spanned<String>| {
            self.at(ManifestError::new(format!("request `{id}`.{key}"), what), spot)
        };
        let said =
            [("where", &written.only), ("select", &written.select), ("order", &written.order)];
        let Some(name) = &written.connector else {
            let portal = [("portal", &written.portal), ("dataset", &written.dataset)];
            let lonely =
                portal.iter().chain(&said).find_map(|(key, text)| Some((key, text.as_ref()?)));
            return match lonely {
                Some((key, text)) => Err(wrong(key, "needs `connector`".to_owned(), text)),
                None if written.most.is_some() => {
                    Err(wrong("most", "needs `connector`".to_owned(), &written.id))
                }
                None => Ok(None),
            };
        };
        let connector = Connector::named(name.get_ref()).ok_or_else(|| {
            let known = CONNECTORS.map(|connector| connector.name).join(", ");
            wrong("connector", format!("`{}` is none of {known}", name.get_ref()), name)
        })?;
        let theirs = written.url.is_some() || written.format.is_some() || written.pages.is_some();
        if theirs || written.method.is_some_and(|method| method != Method::Get) {
            let what = "says `url`, `method`, `format` and `pages` itself: leave them out";
            return Err(wrong("connector", what.to_owned(), name));
        }
        let Some(dataset) = &written.dataset else {
            let what = format!("needs `dataset`, like `{}`", connector.address);
            return Err(wrong("connector", what, name));
        };
        let set = match &written.portal {
            Some(portal) => Some(Dataset {
                portal: portal.get_ref().trim_end_matches('/').to_owned(),
                name: dataset.get_ref().clone(),
            }),
            None => {
                Address::read(dataset.get_ref()).and_then(|address| (connector.locate)(&address))
            }
        };
        let set = set.ok_or_else(|| {
            let what = format!(
                "should be like `{}`, or the name of the data set beside `portal`",
                connector.address
            );
            wrong("dataset", what, dataset)
        })?;

        let mut query = Vec::new();
        for (key, text) in said {
            let Some(text) = text else { continue };
            let Some((_, name)) = connector.said.iter().find(|(known, _)| *known == key) else {
                let what = format!("is not known to `{}`: say it in `query`", connector.name);
                return Err(wrong(key, what, text));
            };
            query.push((
                (*name).to_owned(),
                self.expression(&format!("request `{id}`.{key}"), text)?,
            ));
        }
        let mut url = without(&(connector.url)(&set), written);
        let most = written.most.as_ref().map_or(RECORDS, |most| *most.get_ref());
        let pages = self.portions(written, connector, most)?;
        if let Some(portion) = &connector.portion {
            let size = format!("{}={}", portion.size, most.min(portion.largest));
            let joint = joint(&url);
            url = without(&format!("{url}{joint}{size}"), written);
        }
        Ok(Some(Connected { connector, url, query, pages, most, spot: dataset }))
    }

    /// How further records are asked, when one portion is not enough.
    fn portions(
        &self,
        written: &WrittenRequest,
        connector: &Connector,
        most: usize,
    ) -> Result<Option<Pages>, ManifestError> {
        let id = written.id.get_ref();
        let Some(portion) = &connector.portion else { return Ok(None) };
        // Of several data sets only the first portion is asked.
        let portions = if written.each.is_some() { 1 } else { PAGES_ALLOWED };
        if most == 0 || most > portion.largest * portions {
            let what = format!("should be from 1 to {}", portion.largest * portions);
            let problem = ManifestError::new(format!("request `{id}`.most"), what);
            return Err(match &written.most {
                Some(most) => self.at(problem, most),
                None => problem,
            });
        }
        if written.each.is_some() {
            return Ok(None);
        }
        let list = connector.list.to_owned();
        Ok(match portion.next {
            Next::From(..) if most <= portion.largest => None,
            Next::From(name, first) => Some(Pages {
                list,
                turn: Turn::Counted {
                    name: name.to_owned(),
                    first,
                    by: portion.largest,
                    full: Some(portion.largest),
                },
                most: most.div_ceil(portion.largest),
                enough: most,
            }),
            Next::Link(source) => Some(Pages {
                list,
                turn: Turn::Next(own_expression(&format!("request `{id}`.pages.next"), source)?),
                most: PAGES_ALLOWED,
                enough: most,
            }),
        })
    }
}

/// An expression of ours, which stands in no manifest. It reads `page` alone.
fn own_expression(key: &str, source: &str) -> Result<Expression, ManifestError> {
    let program = expression::compile(source)
        .map_err(|error| ManifestError::new(key, format!("`{source}`: {}", error.what)))?;
    Ok(Expression::new(key, source, Arc::new(program), BTreeSet::new(), BTreeSet::new()))
}

/// An address without what the manifest says in `query` in its own way.
fn without(url: &str, written: &WrittenRequest) -> String {
    let pieces = split(url, '?');
    let [start, _, ..] = pieces.as_slice() else { return url.to_owned() };
    let query = &url[start.len() + 1..];
    let theirs = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        let name = name.replace("%5B", "[").replace("%5D", "]");
        !written.query.contains_key(&name)
    };
    let pairs: Vec<&str> = split(query, '&').into_iter().filter(theirs).collect();
    if pairs.is_empty() { (*start).to_owned() } else { format!("{start}?{}", pairs.join("&")) }
}
