//! Quotes that do not quote. A quote at the beginning of a cell means that the cell ends at the next
//! one (RFC 4180), so that one too many would swallow all rows up to there, or to the end.

use std::borrow::Cow;
use std::ops::Range;

/// The text with the stray quotes doubled inside quoted cells, as RFC 4180 wants them. `width` is the
/// usual number of cells, if it is known.
pub fn mended(text: &str, delimiter: u8, width: Option<usize>) -> Cow<'_, str> {
    let mut scan = Scan { text: text.as_bytes(), delimiter, width, unclosed: 0..0, whole: None };
    let mut mended = String::new();
    // The beginning of what is not in `mended` yet.
    let mut copied = 0;
    let (mut at, mut line_start) = (0, 0);
    while at < text.len() {
        if scan.text[at] != b'"' {
            if let Some(open) = scan.quote_after_spaces(at, line_start) {
                mended.push_str(&text[copied..at]);
                (copied, at) = (open, open);
                continue;
            }
            let end = scan.end_of_cell(at);
            (at, line_start) = scan.next_cell(end, line_start);
            continue;
        }
        let end = match scan.quoted(at) {
            Some(end) if !scan.swallows_rows(line_start, at, end) => end,
            _ => {
                let end = scan.end_of_stray(at);
                let cell = &text[at..end];
                let inside = cell.strip_prefix('"').unwrap_or(cell);
                // A cell that is quoted after all keeps the quotes inside it.
                let inside = match inside.trim_end().strip_suffix('"') {
                    Some(inside) if !inside.is_empty() => inside,
                    _ if inside.is_empty() => "",
                    _ => cell,
                };
                mended.push_str(&text[copied..at]);
                mended.push('"');
                mended.push_str(&inside.replace('"', "\"\""));
                mended.push('"');
                copied = end;
                end
            }
        };
        (at, line_start) = scan.next_cell(end, line_start);
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(&text[copied..]);
    Cow::Owned(mended)
}

struct Scan<'t> {
    text: &'t [u8],
    delimiter: u8,
    width: Option<usize>,
    /// A part of a line without a quote that closes a cell.
    unclosed: Range<usize>,
    /// The beginning of a row that is known to swallow no others.
    whole: Option<usize>,
}

impl Scan<'_> {
    fn ends_cell(&self, at: usize) -> bool {
        self.text
            .get(at)
            .is_none_or(|byte| *byte == self.delimiter || matches!(byte, b'\n' | b'\r'))
    }

    /// The end of a cell without quotes.
    fn end_of_cell(&self, from: usize) -> usize {
        (from..self.text.len()).find(|at| self.ends_cell(*at)).unwrap_or(self.text.len())
    }

    /// The quote after spaces at the beginning of a cell, when it is one that quotes.
    fn quote_after_spaces(&mut self, from: usize, line_start: usize) -> Option<usize> {
        let is_space = |at: &usize| self.text.get(*at) == Some(&b' ') && !self.ends_cell(*at);
        let open = (from..).find(|at| !is_space(at))?;
        if open == from || self.text.get(open) != Some(&b'"') {
            return None;
        }
        let end = self.quoted(open)?;
        (!self.swallows_rows(line_start, open, end)).then_some(open)
    }

    /// The beginnings of the next cell and of its line, after a cell that ends here.
    fn next_cell(&self, end: usize, line_start: usize) -> (usize, usize) {
        let next = end.saturating_add(1);
        let is_new_line = self.text.get(end).is_some_and(|byte| matches!(byte, b'\n' | b'\r'));
        (next, if is_new_line { next } else { line_start })
    }

    /// The end of a cell whose quotes are as they should be.
    fn quoted(&self, open: usize) -> Option<usize> {
        let mut at = open.saturating_add(1);
        while let Some(byte) = self.text.get(at) {
            if *byte != b'"' {
                at += 1;
            } else if self.text.get(at + 1) == Some(&b'"') {
                at += 2;
            } else {
                return self.closes(at);
            }
        }
        None
    }

    /// The end of the cell that a quote closes: after it there may be spaces.
    fn closes(&self, quote: usize) -> Option<usize> {
        let mut at = quote.saturating_add(1);
        while !self.ends_cell(at) && matches!(self.text.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        self.ends_cell(at).then_some(at)
    }

    /// The end of a cell whose first quote is stray: at the first quote on its line that may close
    /// it, else where a cell without quotes ends.
    fn end_of_stray(&mut self, open: usize) -> usize {
        if self.unclosed.contains(&open) {
            return self.end_of_cell(open);
        }
        let mut at = open.saturating_add(1);
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'\n' | b'\r' => break,
                b'"' => {
                    if let Some(end) = self.closes(at) {
                        return end;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.unclosed = open..at;
        self.end_of_cell(open)
    }

    /// Whether a quoted cell holds whole rows: it goes over several lines, and each of them has the
    /// usual number of cells when its quotes are left aside. With two columns, a comma in a text is
    /// enough for that. Within a text, a space follows a comma.
    fn swallows_rows(&mut self, line_start: usize, open: usize, end: usize) -> bool {
        let Some(width) = self.width.filter(|width| *width > 2) else { return false };
        let cell = &self.text[open..end];
        if self.whole == Some(line_start) || !cell.contains(&b'\n') {
            return false;
        }
        let mut pairs = cell.windows(2).filter(|pair| pair[0] == self.delimiter);
        if pairs.all(|pair| pair[1] == b' ') {
            return false;
        }
        let line_end = (end..self.text.len())
            .find(|at| matches!(self.text[*at], b'\n' | b'\r'))
            .unwrap_or(self.text.len());
        let lines = self.text[line_start..line_end].split(|byte| *byte == b'\n');
        let delimiters = |line: &[u8]| line.iter().filter(|byte| **byte == self.delimiter).count();
        let swallows = lines.map(delimiters).all(|count| count.saturating_add(1) == width);
        if !swallows {
            self.whole = Some(line_start);
        }
        swallows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        super::mended(text, b';', Some(3)).into_owned()
    }

    #[test]
    fn quotes_that_are_as_they_should_be_stay() {
        for text in [
            "a;b;c\n\"1\";\"2;3\";\"4\"\"5\"\n",
            "a;b;c\n\"two\nlines\";2;3\n",
            "a;b;c\n\"\";\"\"\"\";\"x\" ;\n",
            "a;b;c\n5\";6\"\";7\"x\n",
            // Each line has three cells, were it not for the quotes.
            "a;b;c\n1;\"Markt 1; bus 2\n9000 Gent; België\";3\n",
            "",
        ] {
            assert!(matches!(super::mended(text, b';', Some(3)), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn a_stray_quote_ends_with_its_cell() {
        for (text, right) in [
            ("1;\"2,5 m;x\n2;3;4", "1;\"\"\"2,5 m\";x\n2;3;4"),
            ("1;\"2 m;x\n2;\"3\";4", "1;\"\"\"2 m\";x\n2;\"3\";4"),
            ("\"Bank \"Mia\"\";2;3\n", "\"Bank \"\"Mia\"\"\";2;3\n"),
            ("\"Bank \"Mia\" x\";2;3\n", "\"Bank \"\"Mia\"\" x\";2;3\n"),
            // Each line has three cells of its own.
            ("1;\"2 m;x\n2;3\";4\n", "1;\"\"\"2 m\";x\n2;3\";4\n"),
            ("1;2;\"", "1;2;\"\""),
            ("1; \"2; 3\";  \"4\"\n5; \"6;7", "1;\"2; 3\";\"4\"\n5; \"6;7"),
        ] {
            assert_eq!(mended(text), right, "{text}");
        }
    }
}
