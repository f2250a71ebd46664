//! Connectors: known kinds of data portal, for which the URL of a data set is enough. A connector
//! defines the request, its paging, and where the records are in a page. One file per connector.

mod ckan;
mod geometry;
mod json_api;
mod json_stat;
mod kiwis;
mod odata;
mod ogcapi_features;
mod opendatasoft;
mod socrata;
mod sru;
#[cfg(test)]
mod tests;
mod wfs;

use serde_json::Value as Tree;
use voordeur_widget_api::{Budget, Exhausted, Format};

use super::values;

/// The records of a page; `None` when the response is not from such a portal.
pub type Records = Result<Option<Vec<Tree>>, Exhausted>;

/// A known kind of data portal.
pub struct Connector {
    /// Name in manifests.
    pub name: &'static str,
    /// Example URL of a data set, for error messages.
    pub address: &'static str,
    /// Supported request options: the manifest key and the portal's query parameter.
    pub options: &'static [(&'static str, &'static str)],
    pub format: Format,
    pub headers: &'static [(&'static str, &'static str)],
    /// Parses a public URL into the URL of the portal and the name of the data set.
    pub locate: fn(&Address<'_>) -> Option<Dataset>,
    /// URL at which the records of a data set are requested.
    pub url: fn(&Dataset) -> String,
    pub paging: Option<Paging>,
    /// JSON pointer to the list of records in a page.
    pub list: &'static str,
    /// The records of a page. A copy of the page is charged already; this charges what is more.
    pub records: fn(&Tree, &Budget) -> Records,
}

/// Number of records per request, and how the next ones are requested.
pub struct Paging {
    /// Query parameter for the page size, percent-encoded.
    pub size_parameter: &'static str,
    pub max_size: usize,
    pub next: NextRecords,
}

/// How the next page of records is requested.
pub enum NextRecords {
    /// By a query parameter with this name, which is this number for the first record.
    Offset(&'static str, usize),
    /// At the URL that this expression reads from the `page`.
    Link(&'static str),
}

/// All connectors, sorted by name.
pub const CONNECTORS: [&Connector; 11] = [
    &ckan::CKAN,
    &json_api::JSON_API,
    &json_stat::JSON_STAT,
    &kiwis::KIWIS,
    &odata::ODATA,
    &ogcapi_features::OGCAPI_FEATURES,
    &opendatasoft::OPENDATASOFT,
    &opendatasoft::OPENDATASOFT_V1,
    &socrata::SOCRATA,
    &sru::SRU,
    &wfs::WFS,
];

/// A data set on a portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// URL of the portal, without trailing slash.
    pub portal: String,
    pub name: String,
}

impl Connector {
    pub fn by_name(name: &str) -> Option<&'static Connector> {
        CONNECTORS.into_iter().find(|connector| connector.name == name)
    }

    /// The records of a page, each with a `geometry`, which is `null` when the position is unknown.
    ///
    /// # Errors
    /// When they are beyond the budget.
    pub fn read(&self, page: &Tree, budget: &Budget) -> Records {
        values::charge_tree(page, budget)?;
        let Some(mut records) = (self.records)(page, budget)? else { return Ok(None) };
        for record in &mut records {
            if let Tree::Object(fields) = record {
                fields.entry("geometry").or_insert(Tree::Null);
            }
        }
        Ok(Some(records))
    }
}

/// A parsed URL. An expression in `{}` is never split.
pub struct Address<'a> {
    pub host: &'a str,
    /// Path segments.
    pub path: Vec<&'a str>,
    /// Query parameters.
    pub query: Vec<(&'a str, &'a str)>,
}

impl<'a> Address<'a> {
    /// Parses a URL; `None` unless it is `http` or `https`.
    pub fn read(address: &'a str) -> Option<Self> {
        let start = address.find("://")? + "://".len();
        if !matches!(&address[..start], "https://" | "http://") {
            return None;
        }
        let mut pieces = split_outside_braces(&address[start..], '#').into_iter();
        let mut pieces = split_outside_braces(pieces.next()?, '?').into_iter();
        let mut path = split_outside_braces(pieces.next()?, '/').into_iter();
        let host = path.next().filter(|host| !host.is_empty())?;
        Some(Address {
            host: &address[..start + host.len()],
            path: path.filter(|step| !step.is_empty()).collect(),
            query: pieces
                .flat_map(|query| split_outside_braces(query, '&'))
                .filter_map(|pair| pair.split_once('='))
                .collect(),
        })
    }

    /// The URL up to a path segment, and the segments after it.
    fn after(&self, step: &str) -> Option<(String, &[&'a str])> {
        let at = self.path.iter().position(|here| *here == step)?;
        Some((self.up_to(at), &self.path[at + 1..]))
    }

    /// Scheme, host and the first path segments.
    fn up_to(&self, steps: usize) -> String {
        let mut address = self.host.to_owned();
        for step in &self.path[..steps] {
            address.push('/');
            address.push_str(step);
        }
        address
    }

    fn without_query(&self) -> String {
        self.up_to(self.path.len())
    }

    /// The value of a query parameter; names are case-insensitive.
    fn query_value(&self, names: &[&str]) -> Option<&'a str> {
        let found = self
            .query
            .iter()
            .find(|(name, _)| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)));
        found.map(|(_, value)| *value)
    }

    /// The query without these parameters; empty or with a trailing `&`.
    fn other_query(&self, names: &[&str]) -> String {
        let others = self
            .query
            .iter()
            .filter(|(name, _)| !names.iter().any(|omitted| name.eq_ignore_ascii_case(omitted)));
        others.map(|(name, value)| format!("{name}={value}&")).collect()
    }
}

/// The whole URL as the portal, for services whose data sets are URLs.
fn dataset_is_address(address: &Address<'_>) -> Option<Dataset> {
    let query = address.other_query(&[]);
    let query = query.strip_suffix('&').unwrap_or(&query);
    let question = if query.is_empty() { "" } else { "?" };
    let portal = format!("{}{question}{query}", address.without_query());
    Some(Dataset { portal, name: String::new() })
}

fn dataset_url(dataset: &Dataset) -> String {
    match dataset.name.as_str() {
        "" => dataset.portal.clone(),
        name => format!("{}/{name}", dataset.portal),
    }
}

/// The records of a list. A malformed record is kept as it is, so that the view counts it.
fn map_records(list: Option<&Tree>, read: impl Fn(&Tree) -> Option<Tree>) -> Option<Vec<Tree>> {
    let list = list?.as_array()?;
    Some(list.iter().map(|one| read(one).unwrap_or_else(|| one.clone())).collect())
}

/// The separator for one more query parameter.
pub fn query_separator(url: &str) -> char {
    if split_outside_braces(url, '?').len() > 1 { '&' } else { '?' }
}

/// Splits a text at a separator, except inside `{}`.
pub fn split_outside_braces(text: &str, separator: char) -> Vec<&str> {
    let mut depth = 0usize;
    text.split(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == separator && depth == 0
    })
    .collect()
}
