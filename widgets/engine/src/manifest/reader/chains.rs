//! Names that read names: none may go round in a circle, and none may go on for so long that evaluating it overflows the stack.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::Source;
use crate::manifest::bounds;
use crate::manifest::error::ManifestError;

/// The names of one `let`, each with where it is written and the names it reads.
type Names<'s> = BTreeMap<&'s str, (&'s Source, BTreeSet<String>)>;

/// Tells which names are made from themselves, and which expressions go on for too long through names. `reads` gives the variables that an
/// expression reads itself.
pub fn judge(
    sources: &[Source],
    reads: impl Fn(&str) -> BTreeSet<String>,
    problems: &mut Vec<ManifestError>,
) {
    let mut lets: BTreeMap<&str, Names<'_>> = BTreeMap::new();
    for source in sources {
        if let Some((table, name)) = named(&source.key) {
            lets.entry(table).or_default().insert(name, (source, reads(&source.text)));
        }
    }
    let before = problems.len();
    for names in lets.values() {
        problems.extend(circles(names));
    }
    if problems.len() > before {
        return;
    }
    // Those that are known everywhere read no others.
    let none = BTreeMap::new();
    let everywhere = lets.get("").map_or_else(BTreeMap::new, |names| lengths(names, &none));
    let own: BTreeMap<&str, BTreeMap<&str, usize>> =
        lets.iter().map(|(table, names)| (*table, lengths(names, &everywhere))).collect();
    for source in sources {
        let table = named(&source.key).map_or_else(|| block(&source.key), |(table, _)| table);
        let own = own.get(table).unwrap_or(&none);
        let read = reads(&source.text);
        let length = length(&source.text, &read, own, &everywhere);
        // What only reads a name that goes too far has no problem of its own.
        let told = |name: &String| {
            let read = own.get(name.as_str()).or_else(|| everywhere.get(name.as_str()));
            read.is_some_and(|length| *length > bounds::MOST_STEPS_THROUGH_NAMES)
        };
        if length > bounds::MOST_STEPS_THROUGH_NAMES && !read.iter().any(told) {
            let what = format!(
                "has more than {} operators, dots and brackets, with those of the names it reads",
                bounds::MOST_STEPS_THROUGH_NAMES
            );
            let mut problem = ManifestError::new(&source.key, what);
            problem.line = Some(source.line);
            problems.push(problem);
        }
    }
}

/// The table and the name, of a key that is one in `let`: that of a block, or that of the manifest, whose table is empty here.
fn named(key: &str) -> Option<(&str, &str)> {
    match key.strip_prefix("let.") {
        Some(name) => Some(("", name)),
        None if key.starts_with("view.block") => key.split_once(".let."),
        None => None,
    }
}

/// The block in which a key stands.
fn block(key: &str) -> &str {
    let end = key.starts_with("view.block").then(|| key.find(']')).flatten();
    end.and_then(|end| key.get(..=end)).unwrap_or_default()
}

fn circles(names: &Names<'_>) -> Vec<ManifestError> {
    let mut problems = Vec::new();
    for (name, (source, _)) in names {
        let (mut seen, mut open) = (BTreeSet::new(), vec![*name]);
        while let Some((_, reads)) = open.pop().and_then(|next| names.get(next)) {
            for read in reads {
                if let Some((read, _)) = names.get_key_value(read.as_str())
                    && seen.insert(*read)
                {
                    open.push(read);
                }
            }
        }
        if seen.contains(name) {
            let circle: Vec<&str> = seen.into_iter().collect();
            let what = format!("is made from itself, through {}", circle.join(", "));
            let mut problem = ManifestError::new(&source.key, what);
            problem.line = Some(source.line);
            problems.push(problem);
        }
    }
    problems
}

/// How long each name is, through those it reads; of those that go beyond the bound, only that they do.
fn lengths<'s>(names: &Names<'s>, around: &BTreeMap<&str, usize>) -> BTreeMap<&'s str, usize> {
    let mut lengths: BTreeMap<&str, usize> = BTreeMap::new();
    // Each round reaches one name further, and a name has steps of its own: so this ends soon.
    loop {
        let next: BTreeMap<&str, usize> = names
            .iter()
            .map(|(name, (source, reads))| (*name, length(&source.text, reads, &lengths, around)))
            .collect();
        if next == lengths {
            return lengths;
        }
        lengths = next;
    }
}

fn length(
    text: &str,
    reads: &BTreeSet<String>,
    own: &BTreeMap<&str, usize>,
    around: &BTreeMap<&str, usize>,
) -> usize {
    let of = |name: &String| own.get(name.as_str()).or_else(|| around.get(name.as_str()));
    let through = reads.iter().filter_map(of).max();
    let through = through.map_or(0, |through| through + bounds::STEPS_OF_A_NAME);
    (bounds::steps(text) + through).min(bounds::MOST_STEPS_THROUGH_NAMES + 1)
}
