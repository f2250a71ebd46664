//! Kinds of portal that are known: of a data set on one of them its address is enough. A connector says how that is asked, how it goes on
//! after a page, and where the records stand. One file for each kind.

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
use voordeur_widget_api::Format;

/// A known kind of portal.
pub struct Connector {
    /// Its name in manifests.
    pub name: &'static str,
    /// What the address of a data set looks like, for people.
    pub address: &'static str,
    /// What can be said of the records that are wanted: the key in a manifest, and the name in the query of the portal.
    pub options: &'static [(&'static str, &'static str)],
    /// What its answers are written in.
    pub format: Format,
    /// Headers that its services need.
    pub headers: &'static [(&'static str, &'static str)],
    /// The address of the portal and the name of the data set in an address that people know.
    pub locate: fn(&Address<'_>) -> Option<Dataset>,
    /// Where the records of a data set are asked.
    pub url: fn(&Dataset) -> String,
    /// How many records are asked at a time.
    pub paging: Option<Paging>,
    /// Where the list of records stands in a page, as a JSON pointer.
    pub list: &'static str,
    /// The records of a page; `None` when it is no page of such a portal.
    pub records: fn(&Tree) -> Option<Vec<Tree>>,
}

/// How many records are asked at a time, and how it goes on.
pub struct Paging {
    /// The name in the query, percent-encoded.
    pub size_parameter: &'static str,
    /// More than this are not asked at once.
    pub max_size: usize,
    /// How the next ones are asked.
    pub next: NextRecords,
}

/// How the next records are asked.
pub enum NextRecords {
    /// By a number in the query, which for the first record is so much.
    Offset(&'static str, usize),
    /// At the address that an expression finds in the `page`.
    Link(&'static str),
}

/// All connectors, by name.
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
    /// The address of the portal, without a slash at its end.
    pub portal: String,
    /// The name of the data set there.
    pub name: String,
}

impl Connector {
    /// The connector with this name.
    pub fn by_name(name: &str) -> Option<&'static Connector> {
        CONNECTORS.into_iter().find(|connector| connector.name == name)
    }

    /// The records of a page, of which each says where it is: `geometry` is `null` when nothing tells.
    pub fn read(&self, page: &Tree) -> Option<Vec<Tree>> {
        let mut records = (self.records)(page)?;
        for record in &mut records {
            if let Tree::Object(fields) = record {
                fields.entry("geometry").or_insert(Tree::Null);
            }
        }
        Some(records)
    }
}

/// An address as people know it, in pieces. What stands in `{}` is one piece, whatever it holds.
pub struct Address<'a> {
    /// Scheme and host.
    pub host: &'a str,
    /// The steps of the path.
    pub path: Vec<&'a str>,
    /// The pairs of the query.
    pub query: Vec<(&'a str, &'a str)>,
}

impl<'a> Address<'a> {
    /// Takes an address into pieces; `None` when it is no address of the web.
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

    /// The portal up to a step of the path, and what follows that step.
    fn after(&self, step: &str) -> Option<(String, &[&'a str])> {
        let at = self.path.iter().position(|here| *here == step)?;
        Some((self.up_to(at), &self.path[at + 1..]))
    }

    /// Scheme, host and the first steps of the path.
    fn up_to(&self, steps: usize) -> String {
        let mut address = self.host.to_owned();
        for step in &self.path[..steps] {
            address.push('/');
            address.push_str(step);
        }
        address
    }

    /// Everything but the query.
    fn without_query(&self) -> String {
        self.up_to(self.path.len())
    }

    /// What a name in the query says, in whatever case.
    fn query_value(&self, names: &[&str]) -> Option<&'a str> {
        let found = self
            .query
            .iter()
            .find(|(name, _)| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)));
        found.map(|(_, value)| *value)
    }

    /// The query without these names, to be followed by more; empty or with `&` at its end.
    fn other_query(&self, names: &[&str]) -> String {
        let others = self
            .query
            .iter()
            .filter(|(name, _)| !names.iter().any(|left_out| name.eq_ignore_ascii_case(left_out)));
        others.map(|(name, value)| format!("{name}={value}&")).collect()
    }
}

/// The whole address as the portal, for services where a data set is an address.
fn dataset_is_address(address: &Address<'_>) -> Option<Dataset> {
    let query = address.other_query(&[]);
    let query = query.strip_suffix('&').unwrap_or(&query);
    let question = if query.is_empty() { "" } else { "?" };
    let portal = format!("{}{question}{query}", address.without_query());
    Some(Dataset { portal, name: String::new() })
}

/// Where such a data set is asked.
fn dataset_url(dataset: &Dataset) -> String {
    match dataset.name.as_str() {
        "" => dataset.portal.clone(),
        name => format!("{}/{name}", dataset.portal),
    }
}

/// The records of a list. One that is none stays as it is, so that whoever reads it can count it.
fn map_records(list: Option<&Tree>, read: impl Fn(&Tree) -> Option<Tree>) -> Option<Vec<Tree>> {
    let list = list?.as_array()?;
    Some(list.iter().map(|one| read(one).unwrap_or_else(|| one.clone())).collect())
}

/// What stands between an address and one more pair of its query.
pub fn query_separator(url: &str) -> char {
    if split_outside_braces(url, '?').len() > 1 { '&' } else { '?' }
}

/// The pieces between a separator, but for what stands in `{}`.
pub fn split_outside_braces(text: &str, separator: char) -> Vec<&str> {
    let mut depth = 0usize;
    text.split_outside_braces(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == separator && depth == 0
    })
    .collect()
}
