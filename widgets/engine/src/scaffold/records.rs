//! Which list of an answer holds the records: the one with a name that services give to records, else the longest.

use serde_json::Value;

/// A list is looked for so many names deep.
const DEEPEST: usize = 8;

/// What services call their list of records. The second group also holds things in XML, where it stands once around them.
const KNOWN: [&str; 30] = [
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
const AROUND: [&str; 9] =
    ["datasets", "dataset", "records", "results", "result", "items", "value", "data", "rows"];
/// Lists that say something about the answer or about one record.
const REFUSED: [&str; 28] = [
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

/// A list of records and where it stands.
pub struct Found<'a> {
    /// The steps to it.
    pub path: Vec<String>,
    /// What is in it.
    pub records: &'a [Value],
    /// Whether its name says that it is one.
    pub known: bool,
    /// Paths of lists that would have done as well.
    pub others: Vec<String>,
}

/// Whether a key can stand in a path of `at`.
pub fn plain(key: &str) -> bool {
    !key.is_empty() && !key.contains(['.', '\'', '"', '\\']) && !key.contains(char::is_control)
}

/// A name without prefix, case and what parts its words.
pub fn bare(name: &str) -> String {
    let name = name.rsplit(':').next().unwrap_or(name);
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | '@' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A list that may be the one. Greater is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Worth {
    class: u8,
    /// Of lists with a known name the outer one, of others the longest.
    first: isize,
    second: isize,
}

struct Search<'a> {
    xml: bool,
    found: Vec<(Worth, String, Vec<String>, &'a [Value])>,
}

/// Finds the list of records.
pub fn find(tree: &Value, xml: bool) -> Option<Found<'_>> {
    let mut search = Search { xml, found: Vec::new() };
    search.walk(tree, &mut Vec::new(), 0);
    let best = search.found.iter().map(|(worth, ..)| *worth).max()?;
    let at = search.found.iter().position(|(worth, ..)| *worth == best)?;
    let (_, name, path, records) = search.found.swap_remove(at);
    let mut others: Vec<String> = search
        .found
        .iter()
        .filter(|(worth, other, ..)| worth.class == best.class && *other == name)
        .map(|(_, _, path, _)| path.join("."))
        .collect();
    others.sort();
    Some(Found { path, records, known: best.class > 1, others })
}

impl<'a> Search<'a> {
    fn walk(&mut self, tree: &'a Value, path: &mut Vec<String>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match tree {
            Value::Array(list) => {
                self.take(list, path, depth);
                // What stands inside of records belongs to one record; a list of one is how XML is read.
                if let [only] = list.as_slice() {
                    path.push("0".to_owned());
                    self.walk(only, path, depth + usize::from(!self.xml));
                    path.pop();
                }
            }
            Value::Object(map) => {
                for (key, value) in map.iter().filter(|(key, _)| plain(key)) {
                    if REFUSED.contains(&bare(key).as_str()) {
                        continue;
                    }
                    path.push(key.clone());
                    self.walk(value, path, depth + 1);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    fn take(&mut self, list: &'a [Value], path: &[String], depth: usize) {
        if list.is_empty() || !list.iter().all(Value::is_object) {
            return;
        }
        let name = path.iter().rev().find(|step| *step != "0").map(|name| bare(name));
        let name = name.unwrap_or_default();
        let many = list.len() > 1;
        let known = path.is_empty()
            || KNOWN.contains(&name.as_str())
            || (AROUND.contains(&name.as_str()) && (many || !self.xml));
        let [depth, length] = [depth, list.len()].map(|n| isize::try_from(n).unwrap_or(isize::MAX));
        let (class, first, second) = match (known, many) {
            (true, true) => (3, -depth, length),
            (true, false) => (2, -depth, length),
            (false, true) => (1, length, -depth),
            (false, false) => (0, -depth, 0),
        };
        self.found.push((Worth { class, first, second }, name, path.to_vec(), list));
    }
}
