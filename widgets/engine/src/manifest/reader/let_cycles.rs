//! Checks of named expressions: no cycles, and no chain so long that its evaluation overflows the
//! stack.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::ExpressionSource;
use crate::manifest::error::ManifestError;
use crate::manifest::expression_limits;

/// The names of one `let` table, each with its source and the names it reads.
type LetTable<'s> = BTreeMap<&'s str, (&'s ExpressionSource, BTreeSet<String>)>;

/// Reports names that depend on themselves, and expressions that exceed the limit through the names
/// they read. `reads` returns the variables that an expression reads directly.
pub fn check(
    sources: &[ExpressionSource],
    reads: impl Fn(&str) -> BTreeSet<String>,
    errors: &mut Vec<ManifestError>,
) {
    let mut tables: BTreeMap<&str, LetTable<'_>> = BTreeMap::new();
    for source in sources {
        if let Some((table, name)) = let_entry(&source.key) {
            tables.entry(table).or_default().insert(name, (source, reads(&source.text)));
        }
    }
    let before = errors.len();
    for names in tables.values() {
        errors.extend(find_cycles(names));
    }
    if errors.len() > before {
        return;
    }
    // Global names read no others.
    let none = BTreeMap::new();
    let everywhere = tables.get("").map_or_else(BTreeMap::new, |names| costs(names, &none));
    let own: BTreeMap<&str, BTreeMap<&str, usize>> =
        tables.iter().map(|(table, names)| (*table, costs(names, &everywhere))).collect();
    for source in sources {
        let table =
            let_entry(&source.key).map_or_else(|| block_path(&source.key), |(table, _)| table);
        let own = own.get(table).unwrap_or(&none);
        let read = reads(&source.text);
        let cost = cost(&source.text, &read, own, &everywhere);
        // An expression that only reads a name over the limit has no error of its own.
        let is_over_limit = |name: &String| {
            let read = own.get(name.as_str()).or_else(|| everywhere.get(name.as_str()));
            read.is_some_and(|cost| *cost > expression_limits::MAX_TOTAL_OPERATORS)
        };
        if cost > expression_limits::MAX_TOTAL_OPERATORS && !read.iter().any(is_over_limit) {
            let message = format!(
                "has more than {} operators, dots and brackets, including those of the names it reads",
                expression_limits::MAX_TOTAL_OPERATORS
            );
            let mut error = ManifestError::new(&source.key, message);
            error.line = Some(source.line);
            errors.push(error);
        }
    }
}

/// The table and the name of a key in `let`: of a block, or of the manifest, whose table is empty
/// here.
fn let_entry(key: &str) -> Option<(&str, &str)> {
    match key.strip_prefix("let.") {
        Some(name) => Some(("", name)),
        None if key.starts_with("view.block") => key.split_once(".let."),
        None => None,
    }
}

/// The block that contains a key.
fn block_path(key: &str) -> &str {
    let end = key.starts_with("view.block").then(|| key.find(']')).flatten();
    end.and_then(|end| key.get(..=end)).unwrap_or_default()
}

fn find_cycles(names: &LetTable<'_>) -> Vec<ManifestError> {
    let mut errors = Vec::new();
    for (name, (source, _)) in names {
        let (mut reachable, mut pending) = (BTreeSet::new(), vec![*name]);
        while let Some((_, reads)) = pending.pop().and_then(|next| names.get(next)) {
            for read in reads {
                if let Some((read, _)) = names.get_key_value(read.as_str())
                    && reachable.insert(*read)
                {
                    pending.push(read);
                }
            }
        }
        if reachable.contains(name) {
            let cycle: Vec<&str> = reachable.into_iter().collect();
            let message = format!("depends on itself, through {}", cycle.join(", "));
            let mut error = ManifestError::new(&source.key, message);
            error.line = Some(source.line);
            errors.push(error);
        }
    }
    errors
}

/// The transitive cost of each name, capped just above the limit.
fn costs<'s>(names: &LetTable<'s>, around: &BTreeMap<&str, usize>) -> BTreeMap<&'s str, usize> {
    let mut costs: BTreeMap<&str, usize> = BTreeMap::new();
    // Each iteration reaches one name further, and every name has a cost, so this terminates.
    loop {
        let next: BTreeMap<&str, usize> = names
            .iter()
            .map(|(name, (source, reads))| (*name, cost(&source.text, reads, &costs, around)))
            .collect();
        if next == costs {
            return costs;
        }
        costs = next;
    }
}

fn cost(
    text: &str,
    reads: &BTreeSet<String>,
    own: &BTreeMap<&str, usize>,
    around: &BTreeMap<&str, usize>,
) -> usize {
    let of = |name: &String| own.get(name.as_str()).or_else(|| around.get(name.as_str()));
    let through = reads.iter().filter_map(of).max();
    let through = through.map_or(0, |through| through + expression_limits::OPERATORS_PER_NAME);
    (expression_limits::operators(text) + through).min(expression_limits::MAX_TOTAL_OPERATORS + 1)
}
