//! Delimited text: CSV with any of the usual delimiters, with lines before the header, ragged or
//! not.

use std::collections::{HashMap, HashSet};

use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value, json};

use super::{FormatError, line_and_column};

/// The delimiters, by precedence: commas also occur in numbers and sentences.
const DELIMITERS: [u8; 4] = *b"\t;|,";

/// How much of the text is used to detect the delimiter and the number of columns.
const SNIFFED_BYTES: usize = 64 * 1_024;
const SNIFFED_ROWS: usize = 500;

/// Rows and cells beyond these are omitted; each cell takes the memory of its column name too.
const MAX_ROWS: usize = 50_000;
const MAX_CELLS: usize = 1_000_000;

/// Columns beyond this many are omitted.
const MAX_COLUMNS: usize = 1_000;

/// Reads a table: `columns`, `rows` and `truncated`.
pub fn read(text: &str) -> Result<Value, FormatError> {
    let error = |reason: &str, at: usize| {
        Err(FormatError::Csv(format!("{reason} at {}", line_and_column(text, at))))
    };
    let start = text.len() - text.trim_start().len();
    match text[start..].chars().next() {
        None => return error("nothing", text.len()),
        Some(first @ ('<' | '{' | '[')) => return error(&format!("`{first}`"), start),
        Some(_) => {}
    }
    if let Some(at) = text.find('\0') {
        return error("a zero byte", at);
    }
    let Some((delimiter, width)) = sniff(text) else {
        return error("no row of two or more cells", start);
    };
    let mut records = reader(text, delimiter).into_records().filter_map(Result::ok);

    let Some((header, first_row)) = header(&mut records, width) else {
        return error(&format!("no row of {width} cells"), start);
    };
    let mut rows: Vec<StringRecord> = Vec::new();
    let mut cells = 0;
    let mut truncated = false;
    for record in first_row.into_iter().chain(records) {
        let comment = is_comment(&record) && record.len() != header.len();
        if comment || record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        cells += record.len();
        if rows.len() == MAX_ROWS || cells > MAX_CELLS {
            truncated = true;
            break;
        }
        rows.push(record);
    }
    let columns = columns(&header, &rows);
    let rows: Vec<Value> = rows
        .iter()
        .map(|record| {
            let cells = columns.iter().zip(record.iter());
            let row: Map<String, Value> =
                cells.map(|(column, cell)| (column.clone(), Value::from(cell.trim()))).collect();
            Value::Object(row)
        })
        .collect();
    Ok(json!({ "columns": columns, "rows": rows, "truncated": truncated }))
}

/// The header, and the first row when it had to be read to recognise the header.
fn header(
    records: &mut impl Iterator<Item = StringRecord>,
    width: usize,
) -> Option<(StringRecord, Option<StringRecord>)> {
    // Lines before the header have another number of cells, or are comments.
    let mut before: Option<StringRecord> = None;
    let first = loop {
        let record = records.next()?;
        if record.len() == width && !is_comment(&record) {
            break record;
        }
        before = Some(record);
    };
    // The header may be in a comment, or may lack the trailing delimiter of the rows.
    match before {
        Some(before)
            if before.len() > 1
                && before.len().abs_diff(width) <= 1
                && has_number(&first)
                && !has_number(&before) =>
        {
            Some((before, Some(first)))
        }
        _ => Some((first, None)),
    }
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The delimiter with which the most rows have the same number of cells, and that number.
fn sniff(text: &str) -> Option<(u8, usize)> {
    let sample = if text.len() > SNIFFED_BYTES {
        let end = text.floor_char_boundary(SNIFFED_BYTES);
        // Leave out the last line, which may be incomplete.
        &text[..text[..end].rfind(['\n', '\r']).unwrap_or(end)]
    } else {
        text
    };
    let mut best: Option<(u8, usize, usize)> = None;
    for delimiter in DELIMITERS {
        let records = reader(sample, delimiter).into_records().filter_map(Result::ok);
        let widths: Vec<usize> = records
            .take(SNIFFED_ROWS)
            .filter(|record| !is_comment(record))
            .map(|record| record.len())
            .collect();
        for width in widths.iter().copied().filter(|width| *width > 1).collect::<HashSet<_>>() {
            let count = widths.iter().filter(|other| **other == width).count();
            // Per mille of the rows, so that a delimiter with which a stray quote merges lines has
            // no advantage.
            let share = count * 1_000 / widths.len();
            let better = best.is_none_or(|(_, best_width, best_share)| {
                (share, width) > (best_share, best_width)
            });
            if better {
                best = Some((delimiter, width, share));
            }
        }
    }
    best.map(|(delimiter, width, _)| (delimiter, width))
}

fn is_comment(record: &StringRecord) -> bool {
    record.get(0).is_some_and(|cell| cell.trim_start().starts_with('#'))
}

/// Whether a cell starts like a number or a date, which no cell of a header does.
fn has_number(record: &StringRecord) -> bool {
    record.iter().any(|cell| {
        let cell = cell.trim_start().trim_start_matches(['-', '+']);
        cell.starts_with(|first: char| first.is_ascii_digit())
    })
}

/// The names of the columns: unique and not empty.
fn columns(header: &StringRecord, rows: &[StringRecord]) -> Vec<String> {
    let filled = |record: &StringRecord| {
        record
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.trim().is_empty())
            .last()
            .map_or(0, |(at, _)| at + 1)
    };
    let count = rows.iter().map(filled).max().unwrap_or(0).max(filled(header)).min(MAX_COLUMNS);
    let mut used: HashSet<String> = HashSet::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    (0..count)
        .map(|at| {
            let written = header.get(at).unwrap_or_default().trim();
            let written =
                if at == 0 { written.trim_start_matches('#').trim_start() } else { written };
            let name =
                if written.is_empty() { format!("column_{}", at + 1) } else { written.to_owned() };
            // Continue where the last search for a free number ended, so that the search stays
            // linear when many columns have the same name.
            let nth = numbers.entry(name.clone()).or_insert(1);
            let mut free = name.clone();
            while used.contains(&free) {
                *nth += 1;
                free = format!("{name}_{nth}");
            }
            let name = free;
            used.insert(name.clone());
            name
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Value {
        read(text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn delimiters_are_detected() {
        for text in [
            "name;share\nGent;1,5\nBrugge;2,5\n",
            "name\tshare\r\nGent\t1,5\r\nBrugge\t2,5\r\n",
            "name|share\rGent|1,5\rBrugge|2,5\r",
            "name,share\nGent,\"1,5\"\n\nBrugge,\"2,5\"\n",
        ] {
            let tree = table(text);
            assert_eq!(tree["columns"], json!(["name", "share"]), "{text}");
            assert_eq!(tree["rows"][1], json!({"name": "Brugge", "share": "2,5"}), "{text}");
            assert_eq!(tree["rows"].as_array().map(Vec::len), Some(2), "{text}");
        }
    }

    #[test]
    fn lines_before_the_header_are_skipped() {
        let tree = table(
            "Exported on 1 June; by hand; again\n\n# a comment\nid;name\n1;a\n2;b\n3;c\n# end; of; it\n",
        );
        assert_eq!(tree["columns"], json!(["id", "name"]));
        assert_eq!(tree["rows"].as_array().map(Vec::len), Some(3));
        let tree = table("# station;level\n1;12\n2;13\n");
        assert_eq!(tree["columns"], json!(["station", "level"]));
        assert_eq!(tree["rows"].as_array().map(Vec::len), Some(2));
        let tree = table("station;level\n1;12;\n2;13;\n");
        assert_eq!(tree["columns"], json!(["station", "level"]));
    }

    #[test]
    fn column_names_are_unique_and_ragged_rows_keep_their_cells() {
        let tree = table("a;;a;\n1;2;3;\n4\n5;6;7;;8\n9;9;9;\n");
        assert_eq!(tree["columns"], json!(["a", "column_2", "a_2", "column_4", "column_5"]));
        assert_eq!(tree["rows"][1], json!({"a": "4"}));
        assert_eq!(tree["rows"][2]["column_5"], "8");
    }

    #[test]
    fn errors_name_the_position() {
        for (text, place) in [
            ("\n <html>", "line 2, column 2"),
            ("", "line 1"),
            ("just words\nand more", "line 1"),
            ("a;b\n\0;1", "line 2"),
        ] {
            let error = read(text).expect_err("not a table").to_string();
            assert!(error.contains(place), "{error}");
        }
    }

    #[test]
    fn rows_beyond_the_maximum_are_omitted() {
        let tree = table(&format!("a;b\n{}", "1;2\n".repeat(MAX_ROWS + 5)));
        assert_eq!(tree["rows"].as_array().map(Vec::len), Some(MAX_ROWS));
        assert_eq!(tree["truncated"], true);
    }
}
