//! How large an expression may be: the parser of `cel` and its evaluation take stack for each level, and a stack that overflows ends the
//! whole server. The bounds are far above what the catalogue needs, and far below what a thread with 2 MB bears: the largest
//! expression of each kind and the longest chain of names need less than 640 kB, with the little optimisation that tests have.

use cel::ParseErrors;

/// In bytes.
pub const MAX_BYTES: usize = 4_000;
/// Brackets that are open at once.
pub const MAX_DEPTH: usize = 32;
/// Operators, dots and brackets.
pub const MAX_OPERATORS: usize = 300;
/// The same, together with those of the names it reads, of the names those read, and so on.
pub const MAX_TOTAL_OPERATORS: usize = 500;
/// What reading a name takes beside its steps.
pub const OPERATORS_PER_NAME: usize = 5;

/// Why an expression cannot be read, and where.
#[derive(Debug)]
pub struct ExpressionError {
    /// What is wrong.
    pub message: String,
    /// How many lines below its first.
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

/// What goes into an expression, outside of its texts.
#[derive(Default)]
struct OperatorCounter {
    operators: usize,
    depth: usize,
    /// The first byte that is too deep.
    too_deep: Option<usize>,
    /// The first byte that is one step too many.
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

/// How many steps an expression has.
pub fn operators(source: &str) -> usize {
    count(source).operators
}

/// Refuses an expression that is too large to be read safely.
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

/// Counts outside of texts and comments; everywhere, where a text does not end: what `cel` would make of that one is not guessed.
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

/// Counts the word from `word` to `at`, when it ends there.
fn continue_word(counter: &mut OperatorCounter, bytes: &[u8], word: usize, at: usize) {
    let ends = bytes.get(at).is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_');
    if ends {
        counter.word(bytes.get(word..at).unwrap_or_default(), word);
    }
}

/// The byte after a text that begins at `at`; `None` when it does not end.
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
