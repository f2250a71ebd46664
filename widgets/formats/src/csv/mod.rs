//! Delimited text: CSV with any of the usual delimiters, with lines before the header, ragged or
//! not.

mod quotes;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use csv_core::{ReadFieldResult, ReaderBuilder};
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::{FormatError, line_and_column, tree};

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

/// The name of the only column of a table has at most this many words: a sentence has more.
const MAX_WORDS_OF_NAME: usize = 4;

/// Longer names of columns are cut off: each cell has a copy of its name.
const MAX_NAME_BYTES: usize = 200;

/// Reads a table: `columns`, `rows`, `truncated`, and `cut_off` when its end is missing.
pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
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
    // The sample and the text are read, the text twice, after its quotes were looked at.
    budget.charge_steps(text.len() / 6)?;
    let (announced, table) = announced_delimiter(&text[start..]);
    let Some((delimiter, width)) = sniff(table, announced).or_else(|| one_column(table, announced))
    else {
        return error("no row of two or more cells", start);
    };
    let table = quotes::mended(table, delimiter, Some(width));
    if let Cow::Owned(table) = &table {
        budget.charge_bytes(table.len())?;
    }
    let mut records = Records::new(&table, delimiter);
    let Some((header, first_row)) = header(&mut records, width) else {
        return error(&format!("no row of {width} cells"), start);
    };

    // The number of columns must be known before the first row is built, so the rows are read
    // twice; this takes less memory than to keep them.
    let first_row = first_row.as_ref();
    let mut table = Table::new(&header);
    let mut filled = header.filled();
    let mut end = End::of(header.width);
    for_each(first_row, records.again(), |record| {
        if table.admits(record) {
            filled = filled.max(record.filled());
            end.add(record.width);
        }
        Ok(())
    })?;
    let is_open = !text.ends_with(['\n', '\r']) && !table.is_truncated;
    let cut_off = is_open && end.is_missing(table.rows);
    let whole_rows = table.rows.saturating_sub(usize::from(cut_off));
    let columns = columns(&header, filled.min(MAX_COLUMNS));
    let names = columns.iter().map(|name| tree::text(budget, name)).collect::<Result<_, _>>()?;
    budget.charge_bytes(columns.len() * (size_of::<String>() + size_of::<Value>()))?;
    let mut table = Table::new(&header);
    let mut rows = Vec::new();
    for_each(first_row, records, |record| {
        if !table.admits(record) || table.rows > whole_rows {
            return Ok(());
        }
        let mut row = Map::new();
        for (column, cell) in columns.iter().zip(record.cells()) {
            let cell = tree::text(budget, cell.trim())?;
            tree::insert(budget, &mut row, column, cell)?;
        }
        tree::push_value(budget, &mut rows, Value::Object(row))
    })?;
    Ok(tree::object(
        budget,
        [
            ("columns", Value::Array(names)),
            ("rows", Value::Array(rows)),
            ("truncated", table.is_truncated.into()),
            ("cut_off", cut_off.into()),
        ],
    )?)
}

/// The delimiter that the first line names, as Excel reads and writes it (`sep=;`), and the text
/// after it.
fn announced_delimiter(text: &str) -> (Option<u8>, &str) {
    let (first, rest) = text.split_once(['\n', '\r']).unwrap_or((text, ""));
    let rest = if text.as_bytes().get(first.len()) == Some(&b'\r') {
        rest.strip_prefix('\n').unwrap_or(rest)
    } else {
        rest
    };
    let first = first.trim_matches('"');
    let written = match first.get(..4) {
        Some(key) if key.eq_ignore_ascii_case("sep=") => &first[4..],
        _ => return (None, text),
    };
    let spaced = written.trim_matches(' ');
    match *(if spaced.is_empty() { written } else { spaced }).as_bytes() {
        // A line that other readers drop too.
        [] => (None, rest),
        [b'\\', b't'] => (Some(b'\t'), rest),
        // A program that takes the line for a row adds the delimiters of the empty cells after it.
        [delimiter, ref more @ ..]
            if more.iter().all(|byte| *byte == delimiter)
                && delimiter.is_ascii()
                && delimiter != b'"' =>
        {
            (Some(delimiter), rest)
        }
        _ => (None, text),
    }
}

/// A table of one column: words below a name, neither of which is a sentence. A message in plain text
/// must not become a table without rows.
fn one_column(text: &str, announced: Option<u8>) -> Option<(u8, usize)> {
    let mut lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let header = lines.next()?.trim_matches('"');
    let rows = lines.take(2).count();
    let words = header.split_whitespace().count();
    let is_name = header.len() <= MAX_NAME_BYTES && !header.ends_with(['.', '!', '?', ':', ',']);
    let is_table = rows >= 1 && words == 1 || rows >= 2 && words <= MAX_WORDS_OF_NAME;
    (is_name && (is_table || announced.is_some() && rows >= 1))
        .then_some((announced.unwrap_or(b','), 1))
}

/// Calls `each` for a record that was read before the others, and for these.
fn for_each(
    first: Option<&Record>,
    mut records: Records<'_>,
    mut each: impl FnMut(&Record) -> Result<(), Exhausted>,
) -> Result<(), Exhausted> {
    if let Some(first) = first {
        each(first)?;
    }
    let mut record = Record::default();
    while records.read(&mut record) {
        each(&record)?;
    }
    Ok(())
}

/// Decides which records are rows of the table.
struct Table<'h> {
    header: &'h Record,
    rows: usize,
    cells: usize,
    is_truncated: bool,
}

impl<'h> Table<'h> {
    fn new(header: &'h Record) -> Self {
        Self { header, rows: 0, cells: 0, is_truncated: false }
    }

    /// Whether the next record is a row: neither a comment, nor empty, nor beyond the maximum.
    fn admits(&mut self, record: &Record) -> bool {
        let is_comment = record.is_comment() && record.width != self.header.width;
        if self.is_truncated || is_comment || record.filled() == 0 {
            return false;
        }
        let cells = self.cells.saturating_add(record.width);
        if self.rows == MAX_ROWS || cells > MAX_CELLS {
            self.is_truncated = true;
            return false;
        }
        (self.rows, self.cells) = (self.rows + 1, cells);
        true
    }
}

/// Tells whether the end of a table is missing. A table may end without a line break (RFC 4180,
/// 2), but a last row that has fewer cells than all others broke off, and so may have a table without
/// rows. A table that ends within its last cell cannot be told from a whole one.
struct End {
    /// The fewest cells of the header and of the rows before the last.
    width: usize,
    last: usize,
}

impl End {
    fn of(width: usize) -> Self {
        Self { width, last: width }
    }

    fn add(&mut self, width: usize) {
        self.width = self.width.min(self.last);
        self.last = width;
    }

    fn is_missing(&self, rows: usize) -> bool {
        rows == 0 || self.last < self.width
    }
}

/// The header, and the first row when it had to be read to recognise the header.
fn header(records: &mut Records<'_>, width: usize) -> Option<(Record, Option<Record>)> {
    // Lines before the header have another number of cells, or are comments.
    let (mut before, mut first) = (Record::default(), Record::default());
    loop {
        if !records.read(&mut first) {
            return None;
        }
        if first.width == width && !first.is_comment() {
            break;
        }
        std::mem::swap(&mut before, &mut first);
    }
    // The header may be in a comment, or may lack the trailing delimiter of the rows.
    if before.width > 1
        && before.width.abs_diff(width) <= 1
        && first.has_number()
        && !before.has_number()
    {
        return Some((before, Some(first)));
    }
    Some((first, None))
}

/// A row of a table.
#[derive(Clone, Default)]
struct Record {
    /// The texts of the first cells, one after the other.
    text: String,
    /// The ends of the first `MAX_COLUMNS` cells.
    ends: Vec<usize>,
    /// The number of all cells.
    width: usize,
}

impl Record {
    fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }

    fn is_comment(&self) -> bool {
        self.cells().next().is_some_and(|cell| cell.trim_start().starts_with('#'))
    }

    /// Whether a cell starts like a number or a date, which no cell of a header does.
    fn has_number(&self) -> bool {
        self.cells().any(|cell| {
            let cell = cell.trim_start().trim_start_matches(['-', '+']);
            cell.starts_with(|first: char| first.is_ascii_digit())
        })
    }

    /// The number of cells up to the last one that is not blank.
    fn filled(&self) -> usize {
        let filled = self.cells().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
        filled.last().map_or(0, |(at, _)| at + 1)
    }
}

/// The records of a text. The reader of the crate `csv` keeps all cells of a record, however many
/// they are, so this uses its core.
struct Records<'t> {
    reader: csv_core::Reader,
    delimiter: u8,
    rest: &'t [u8],
}

impl<'t> Records<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        Self::of(text.as_bytes(), delimiter)
    }

    fn of(rest: &'t [u8], delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, delimiter, rest }
    }

    /// The records that are left, once more. The clone of a `csv_core::Reader` (0.1.13) does not
    /// work: it lacks the final states.
    fn again(&self) -> Self {
        Self::of(self.rest, self.delimiter)
    }

    /// Reads the next record; `false` at the end.
    fn read(&mut self, record: &mut Record) -> bool {
        record.text.clear();
        record.ends.clear();
        record.width = 0;
        let mut cell = Vec::new();
        let mut buffer = [0; 1_024];
        loop {
            let (result, taken, written) = self.reader.read_field(self.rest, &mut buffer);
            self.rest = &self.rest[taken..];
            let is_kept = record.width < MAX_COLUMNS;
            if is_kept {
                cell.extend_from_slice(&buffer[..written]);
            }
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => {
                    if is_kept {
                        // The text is UTF-8, and is cut at ASCII characters only.
                        record.text.push_str(&String::from_utf8_lossy(&cell));
                        record.ends.push(record.text.len());
                        cell.clear();
                    }
                    record.width += 1;
                    if record_end {
                        return true;
                    }
                }
                ReadFieldResult::End => return false,
            }
        }
    }
}

/// The delimiter with which the most rows have the same number of cells, and that number.
fn sniff(text: &str, announced: Option<u8>) -> Option<(u8, usize)> {
    let sample = if text.len() > SNIFFED_BYTES {
        let end = text.floor_char_boundary(SNIFFED_BYTES);
        // Leave out the last line, which may be incomplete.
        &text[..text[..end].rfind(['\n', '\r']).unwrap_or(end)]
    } else {
        text
    };
    let mut best: Option<(u8, usize, usize)> = None;
    let announced = announced.as_ref().map(std::slice::from_ref);
    for delimiter in announced.unwrap_or(&DELIMITERS).iter().copied() {
        let sample = quotes::mended(sample, delimiter, None);
        let mut records = Records::new(&sample, delimiter);
        let mut record = Record::default();
        let mut widths: Vec<usize> = Vec::new();
        for _ in 0..SNIFFED_ROWS {
            if !records.read(&mut record) {
                break;
            }
            if !record.is_comment() {
                widths.push(record.width);
            }
        }
        for width in widths.iter().copied().filter(|width| *width > 1).collect::<HashSet<_>>() {
            let count = widths.iter().filter(|other| **other == width).count();
            // Per mille of the rows, so that a delimiter with which a quote merges lines has no
            // advantage.
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

/// The names of the first columns: unique, not empty and not long.
fn columns(header: &Record, count: usize) -> Vec<String> {
    let mut used: HashSet<String> = HashSet::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut written = header.cells();
    (0..count)
        .map(|at| {
            let written = written.next().unwrap_or_default().trim();
            let written =
                if at == 0 { written.trim_start_matches('#').trim_start() } else { written };
            let name = match &written[..written.floor_char_boundary(MAX_NAME_BYTES)] {
                "" => format!("column_{}", at + 1),
                name => name.to_owned(),
            };
            // Continue where the last search for a free number ended, so that the search stays
            // linear when many columns have the same name.
            let nth = numbers.entry(name.clone()).or_insert(1);
            let mut free = name.clone();
            while used.contains(&free) {
                *nth += 1;
                free = format!("{name}_{nth}");
            }
            used.insert(free.clone());
            free
        })
        .collect()
}
