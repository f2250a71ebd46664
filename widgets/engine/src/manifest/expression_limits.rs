//! Limits on the size of an expression. The parser of `cel` and its evaluation use stack for each
//! level, and a stack overflow aborts the server. The limits are far above what the catalogue
//! needs. The largest expression of each kind and the longest chain of names need less than 640 kB
//! of stack in an unoptimised build; threads have 2 MB.

use cel::ParseErrors;

pub const MAX_BYTES: usize = 4_000;
/// Nested brackets.
pub const MAX_DEPTH: usize = 32;
/// Operators, dots and brackets.
pub const MAX_OPERATORS: usize = 300;
/// Like `MAX_OPERATORS`, including the names that an expression reads, transitively.
pub const MAX_TOTAL_OPERATORS: usize = 500;
/// Cost of reading a name.
pub const OPERATORS_PER_NAME: usize = 5;

/// Why an expression is invalid, and where.
#[derive(Debug)]
pub struct ExpressionError {
    pub message: String,
    /// Line of the error, relative to the first line of the expression.
    pub line_offset: usize,
}

impl From<ParseErrors> for ExpressionError {
    fn from(errors: ParseErrors) -> Self {
        let Some(error) = errors.errors.first() else {
            return ExpressionError { message: errors.to_string(), line_offset: 0 };
        };
        let line_offset = usize::try_from(error.pos.0).unwrap_or(1).saturating_sub(1);
        ExpressionError { message: error.msg.clone(), line_offset }
    }
}

/// Counts the operators and the nesting of an expression, outside of string literals.
#[derive(Default)]
struct OperatorCounter {
    operators: usize,
    depth: usize,
    /// Offset of the first byte beyond `MAX_DEPTH`.
    too_deep: Option<usize>,
    /// Offset of the first byte beyond `MAX_OPERATORS`.
    too_many: Option<usize>,
}

impl OperatorCounter {
    fn count_operator(&mut self, at: usize) {
        self.operators += 1;
        if self.operators > MAX_OPERATORS {
            self.too_many.get_or_insert(at);
        }
    }

    fn byte(&mut self, byte: u8, at: usize) {
        match byte {
            b'(' | b'[' | b'{' => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    self.too_deep.get_or_insert(at);
                }
                self.count_operator(at);
            }
            b')' | b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'>' | b'=' | b'!' | b'&' | b'|' | b'?'
            | b'.' => self.count_operator(at),
            _ => {}
        }
    }

    fn word(&mut self, word: &[u8], at: usize) {
        if word == b"in" {
            self.count_operator(at);
        }
    }
}

/// Number of operators, dots and brackets.
pub fn operators(source: &str) -> usize {
    count(source).operators
}

/// Rejects an expression that is too large to be parsed safely.
pub fn check(source: &str) -> Result<(), ExpressionError> {
    let refuse = |message: String, at: usize| {
        let line_offset = source.bytes().take(at).filter(|byte| *byte == b'\n').count();
        Err(ExpressionError { message, line_offset })
    };
    if source.len() > MAX_BYTES {
        return refuse(format!("it is longer than {MAX_BYTES} bytes; split it with `let`"), 0);
    }
    let count = count(source);
    if let Some(at) = count.too_deep {
        return refuse(format!("more than {MAX_DEPTH} brackets are open; split it with `let`"), at);
    }
    if let Some(at) = count.too_many {
        let message = format!("it has more than {MAX_OPERATORS} operators, dots and brackets");
        return refuse(format!("{message}; split it with `let`"), at);
    }
    Ok(())
}

/// Counts outside of string literals and comments. When a literal is not closed, everything counts:
/// the parser's interpretation of it is unknown.
fn count(source: &str) -> OperatorCounter {
    outside_of_texts(source.as_bytes()).unwrap_or_else(|| {
        let mut all = OperatorCounter::default();
        for (at, byte) in source.bytes().enumerate() {
            all.byte(byte, at);
        }
        all
    })
}

fn outside_of_texts(bytes: &[u8]) -> Option<OperatorCounter> {
    let mut counter = OperatorCounter::default();
    let mut at = 0;
    let mut word = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            at += 1;
            continue_word(&mut counter, bytes, word, at);
            continue;
        }
        match byte {
            b'\'' | b'"' => {
                let before = bytes.get(word..at).unwrap_or_default();
                let raw = before.len() <= 2 && before.iter().any(|b| matches!(b, b'r' | b'R'));
                at = end_of_text(bytes, at, raw)?;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                let rest = bytes.get(at..).unwrap_or_default();
                at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
            }
            _ => {
                counter.byte(byte, at);
                at += 1;
            }
        }
        word = at;
    }
    Some(counter)
}

/// Counts the word from `word` to `at`, if it ends there.
fn continue_word(counter: &mut OperatorCounter, bytes: &[u8], word: usize, at: usize) {
    let ends = bytes.get(at).is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_');
    if ends {
        counter.word(bytes.get(word..at).unwrap_or_default(), word);
    }
}

/// Offset after the string literal that begins at `at`; `None` when it is not closed.
fn end_of_text(bytes: &[u8], at: usize, raw: bool) -> Option<usize> {
    let quote = *bytes.get(at)?;
    let thrice = bytes.get(at..at + 3).is_some_and(|three| three.iter().all(|b| *b == quote));
    let long = if thrice { 3 } else { 1 };
    let mut at = at + long;
    loop {
        let byte = *bytes.get(at)?;
        if byte == b'\\' && !raw {
            at += 2;
        } else if byte == quote
            && bytes.get(at..at + long).is_some_and(|end| end.iter().all(|b| *b == quote))
        {
            return Some(at + long);
        } else if !thrice && matches!(byte, b'\n' | b'\r') {
            return None;
        } else {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests;
