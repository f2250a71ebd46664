//! The reference of the manifest language, generated from the tables that read manifests.
//!
//! `docs/WIDGETS.md` contains each part between two marks; `make views` regenerates it and a test
//! verifies it.

use std::fmt::Write as _;

use crate::manifest::reader::block_kinds::{self, BLOCKS};
use crate::manifest::reader::schema::KeySpec;
use crate::manifest::reader::{field_kinds, key_tables};
use crate::manifest::{functions, scope_names};

/// Every part of the reference: name and Markdown.
pub fn parts() -> Vec<(&'static str, String)> {
    let mut names_known = String::from("| name | value |\n|---|---|\n");
    for name in scope_names::GLOBAL.iter().chain(scope_names::PER_ITEM).chain([&scope_names::PAGE])
    {
        row(&mut names_known, &[&code(name.name), name.description]);
    }
    let request = "its response; a list of responses when the request has `each`; `null` when its `when` was false";
    row(&mut names_known, &["the id of a request", request]);
    row(&mut names_known, &["a name in `[let]` or `let`", "the value of its expression"]);

    let mut place = String::from("| `place.` | value |\n|---|---|\n");
    for name in scope_names::PLACE {
        row(&mut place, &[&code(name.name), name.description]);
    }

    let mut given = String::from("| function | result |\n|---|---|\n");
    for function in functions::all() {
        row(&mut given, &[&code(function.signature), function.returns]);
    }

    let written = scope_names::CEL_FUNCTIONS.iter().map(|block_keys| block_keys.signature);
    let block_keys: Vec<String> = written
        .chain(scope_names::CEL_MACROS.iter().map(|(_, written)| *written))
        .map(code)
        .collect();

    vec![
        ("manifest", keys_of(key_tables::MANIFEST)),
        ("limits", keys_of(key_tables::LIMITS)),
        ("field", keys_of(key_tables::FIELD)),
        ("field-kinds", words("kind", field_kinds::KINDS)),
        ("names", names_known),
        ("place", place),
        ("functions", given),
        ("cel", format!("{}.\n", block_keys.join(", "))),
        ("codes", keys_of(key_tables::CODE)),
        ("request", keys_of(key_tables::REQUEST)),
        ("formats", words("format", key_tables::FORMATS)),
        ("pages", keys_of(key_tables::PAGES)),
        ("view", keys_of(key_tables::VIEW)),
        ("block", keys_of(block_kinds::BLOCK)),
        ("each", {
            let mut table = keys_of(block_kinds::EACH);
            rows_of(&mut table, block_kinds::REPEATED_BLOCK);
            table
        }),
        ("blocks", blocks()),
        ("roles", words("role", block_kinds::ROLES)),
        ("sample", keys_of(key_tables::SAMPLE)),
    ]
}

/// The page with every part of the reference replaced.
///
/// # Errors
/// The name of a part whose marks are missing.
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

fn keys_of(keys: &[KeySpec]) -> String {
    let mut table = String::from("| key | required | type | description |\n|---|---|---|---|\n");
    rows_of(&mut table, keys);
    table
}

fn rows_of(table: &mut String, keys: &[KeySpec]) {
    for key in keys {
        let required = if key.required { "yes" } else { "" };
        row(table, &[&code(key.name), required, &key.value_type.describe(), key.description]);
    }
}

fn words(what: &str, all: &[(&str, &str)]) -> String {
    let mut table = format!("| {what} | description |\n|---|---|\n");
    for (word, what) in all {
        row(&mut table, &[&code(word), what]);
    }
    table
}

fn blocks() -> String {
    let mut table = String::from(
        "| kind | description | keys of the block | keys of each thing |\n|---|---|---|---|\n",
    );
    let all = |keys: &[KeySpec]| {
        let describe = keys.iter().map(|key| {
            let name = if key.required { code(key.name) } else { code(&format!("[{}]", key.name)) };
            format!("{name} {}", key.description)
        });
        describe.collect::<Vec<_>>().join("; ")
    };
    for block in BLOCKS {
        row(
            &mut table,
            &[&code(block.name), block.description, &all(block.block_keys), &all(block.item_keys)],
        );
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
    fn every_table_row_has_the_same_number_of_cells() {
        for (name, text) in parts().iter().filter(|(name, _)| *name != "cel") {
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            let head = text.lines().next().map(cells);
            for line in text.lines() {
                assert_eq!(Some(cells(line)), head, "{name}: {line}");
            }
        }
    }

    #[test]
    fn a_page_without_marks_is_rejected() {
        assert_eq!(written_into("no marks"), Err("manifest"));
    }
}
