//! Finds the list of records in a response: one with a common name for records, else the longest.

use serde_json::Value;

/// Maximum nesting at which a list is searched.
const MAX_DEPTH: usize = 8;

/// Common names of record lists.
const RECORD_LIST_NAMES: [&str; 30] = [
    "features",
    "feature",
    "featuretype",
    "featuremember",
    "member",
    "record",
    "item",
    "entry",
    "events",
    "event",
    "info",
    "docs",
    "periods",
    "departures",
    "departure",
    "stations",
    "station",
    "stops",
    "alerts",
    "meetings",
    "vehicles",
    "observations",
    "articles",
    "obs",
    "entity",
    "parkings",
    "row",
    "connection",
    "hits",
    "announcements",
];
const WRAPPER_NAMES: [&str; 9] =
    ["datasets", "dataset", "records", "results", "result", "items", "value", "data", "rows"];
/// Lists about the response or about one record.
const EXCLUDED_NAMES: [&str; 28] = [
    "fields",
    "fieldaliases",
    "extras",
    "links",
    "link",
    "category",
    "categories",
    "geocode",
    "parameter",
    "parameters",
    "author",
    "authors",
    "contributor",
    "contributors",
    "tags",
    "keywords",
    "columns",
    "facetgroups",
    "facets",
    "crs",
    "metadata",
    "constraint",
    "errors",
    "namespaces",
    "dimension",
    "dimensions",
    "comments",
    "enclosure",
];

/// A list of records and its path.
pub struct FoundList<'a> {
    pub path: Vec<String>,
    pub records: &'a [Value],
    /// Whether its name is a common one.
    pub known: bool,
    /// Paths of equally good lists.
    pub alternatives: Vec<String>,
}

/// Whether a key can be part of a path for `at`.
pub fn is_path_key(key: &str) -> bool {
    !key.is_empty() && !key.contains(['.', '\'', '"', '\\']) && !key.contains(char::is_control)
}

/// A name without namespace prefix, in lower case, without word separators.
pub fn normalised(name: &str) -> String {
    let name = name.rsplit(':').next().unwrap_or(name);
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | '@' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Score of a candidate list; greater is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ListScore {
    class: u8,
    /// For lists with a common name the outer one wins, for others the longest.
    first: isize,
    second: isize,
}

struct ListSearch<'a> {
    xml: bool,
    found: Vec<(ListScore, String, Vec<String>, &'a [Value])>,
}

pub fn find(tree: &Value, xml: bool) -> Option<FoundList<'_>> {
    let mut list_search = ListSearch { xml, found: Vec::new() };
    list_search.visit(tree, &mut Vec::new(), 0);
    let best = list_search.found.iter().map(|(score, ..)| *score).max()?;
    let at = list_search.found.iter().position(|(score, ..)| *score == best)?;
    let (_, name, path, records) = list_search.found.swap_remove(at);
    let mut alternatives: Vec<String> = list_search
        .found
        .iter()
        .filter(|(score, other, ..)| score.class == best.class && *other == name)
        .map(|(_, _, path, _)| path.join("."))
        .collect();
    alternatives.sort();
    Some(FoundList { path, records, known: best.class > 1, alternatives })
}

impl<'a> ListSearch<'a> {
    fn visit(&mut self, tree: &'a Value, path: &mut Vec<String>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match tree {
            Value::Array(list) => {
                self.consider(list, path, depth);
                // Lists inside of records belong to one record; XML elements are read as lists of
                // one.
                if let [only] = list.as_slice() {
                    path.push("0".to_owned());
                    self.visit(only, path, depth + usize::from(!self.xml));
                    path.pop();
                }
            }
            Value::Object(map) => {
                for (key, value) in map.iter().filter(|(key, _)| is_path_key(key)) {
                    if EXCLUDED_NAMES.contains(&normalised(key).as_str()) {
                        continue;
                    }
                    path.push(key.clone());
                    self.visit(value, path, depth + 1);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    fn consider(&mut self, list: &'a [Value], path: &[String], depth: usize) {
        if list.is_empty() || !list.iter().all(Value::is_object) {
            return;
        }
        let name = path.iter().rev().find(|step| *step != "0").map(|name| normalised(name));
        let name = name.unwrap_or_default();
        let many = list.len() > 1;
        let known = path.is_empty()
            || RECORD_LIST_NAMES.contains(&name.as_str())
            || (WRAPPER_NAMES.contains(&name.as_str()) && (many || !self.xml));
        let [depth, length] = [depth, list.len()].map(|n| isize::try_from(n).unwrap_or(isize::MAX));
        let (class, first, second) = match (known, many) {
            (true, true) => (3, -depth, length),
            (true, false) => (2, -depth, length),
            (false, true) => (1, length, -depth),
            (false, false) => (0, -depth, 0),
        };
        self.found.push((ListScore { class, first, second }, name, path.to_vec(), list));
    }
}
