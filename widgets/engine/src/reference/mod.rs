//! The reference of the language of manifests, written from the tables by which manifests are read.
//!
//! `docs/WIDGETS.md` holds each part between two marks; `make views` writes it there and a test holds it true.

use std::fmt::Write as _;

use crate::manifest::reader::blocks::{self, BLOCKS};
use crate::manifest::reader::keys;
use crate::manifest::reader::shape::Key;
use crate::manifest::{functions, names};

/// Every part of the reference: its name, and its Markdown.
pub fn parts() -> Vec<(&'static str, String)> {
    let mut names_known = String::from("| name | value |\n|---|---|\n");
    for name in names::EVERYWHERE.iter().chain(names::REPEATED).chain([&names::PAGE]) {
        row(&mut names_known, &[&code(name.written), name.what]);
    }
    let request = "its answer; a list of answers when the request has `each`; `null` when its `when` was false";
    row(&mut names_known, &["the id of a request", request]);
    row(&mut names_known, &["a name in `[let]` or `let`", "the value of its expression"]);

    let mut place = String::from("| `place.` | value |\n|---|---|\n");
    for name in names::PLACE {
        row(&mut place, &[&code(name.written), name.what]);
    }

    let mut given = String::from("| function | what it gives |\n|---|---|\n");
    for function in functions::all() {
        row(&mut given, &[&code(function.written), function.gives]);
    }

    let written = names::CEL.iter().map(|own| own.written);
    let own: Vec<String> =
        written.chain(names::CEL_MACROS.iter().map(|(_, written)| *written)).map(code).collect();

    vec![
        ("manifest", keys_of(keys::MANIFEST)),
        ("limits", keys_of(keys::LIMITS)),
        ("field", keys_of(keys::FIELD)),
        ("field-kinds", words("kind", keys::FIELDS)),
        ("names", names_known),
        ("place", place),
        ("functions", given),
        ("cel", format!("{}.\n", own.join(", "))),
        ("codes", keys_of(keys::CODE)),
        ("request", keys_of(keys::REQUEST)),
        ("formats", words("format", keys::FORMATS)),
        ("pages", keys_of(keys::PAGES)),
        ("view", keys_of(keys::VIEW)),
        ("block", keys_of(blocks::BLOCK)),
        ("each", {
            let mut table = keys_of(blocks::EACH);
            rows_of(&mut table, blocks::REPEATED_BLOCK);
            table
        }),
        ("blocks", blocks()),
        ("sample", keys_of(keys::SAMPLE)),
    ]
}

/// A page with every part of the reference in its place. The parts whose marks are missing are named.
///
/// # Errors
/// The name of a part that has no place in the page.
pub fn written_into(page: &str) -> Result<String, &'static str> {
    let mut page = page.to_owned();
    for (name, text) in parts() {
        let (begin, end) =
            (format!("<!-- reference: {name} -->\n"), format!("<!-- end: {name} -->"));
        let start = page.find(&begin).ok_or(name)? + begin.len();
        let stop = start + page.get(start..).and_then(|rest| rest.find(&end)).ok_or(name)?;
        page.replace_range(start..stop, &text);
    }
    Ok(page)
}

fn keys_of(keys: &[Key]) -> String {
    let mut table =
        String::from("| key | needed | what stands there | what it is |\n|---|---|---|---|\n");
    rows_of(&mut table, keys);
    table
}

fn rows_of(table: &mut String, keys: &[Key]) {
    for key in keys {
        let needed = if key.needed { "yes" } else { "" };
        row(table, &[&code(key.name), needed, &key.shape.told(), key.what]);
    }
}

fn words(what: &str, all: &[(&str, &str)]) -> String {
    let mut table = format!("| {what} | what it is |\n|---|---|\n");
    for (word, what) in all {
        row(&mut table, &[&code(word), what]);
    }
    table
}

fn blocks() -> String {
    let mut table = String::from(
        "| kind | what it is | keys of the block | keys of each thing |\n|---|---|---|---|\n",
    );
    let all = |keys: &[Key]| {
        let told = keys.iter().map(|key| {
            let name = if key.needed { code(key.name) } else { code(&format!("[{}]", key.name)) };
            format!("{name} {}", key.what)
        });
        told.collect::<Vec<_>>().join("; ")
    };
    for block in BLOCKS {
        row(&mut table, &[&code(block.name), block.what, &all(block.own), &all(block.thing)]);
    }
    table
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn row(table: &mut String, cells: &[&str]) {
    for cell in cells {
        // A bar would end the cell.
        let _ = write!(table, "| {} ", cell.replace('|', "\\|"));
    }
    table.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_as_many_cells_as_its_table() {
        for (name, text) in parts().iter().filter(|(name, _)| *name != "cel") {
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            let head = text.lines().next().map(cells);
            for line in text.lines() {
                assert_eq!(Some(cells(line)), head, "{name}: {line}");
            }
        }
    }

    #[test]
    fn a_page_without_a_place_for_a_part_is_refused() {
        assert_eq!(written_into("no marks"), Err("manifest"));
    }
}
