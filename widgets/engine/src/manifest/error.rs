use std::fmt;

/// Everything that is wrong with a manifest, in the order of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestErrors(pub Vec<ManifestError>);

impl ManifestErrors {
    /// The problems by line, each once.
    pub fn sorted(mut errors: Vec<ManifestError>) -> Self {
        errors.sort_by_key(|error| error.line.unwrap_or(usize::MAX));
        let mut once: Vec<ManifestError> = Vec::new();
        for error in errors {
            if !once.contains(&error) {
                once.push(error);
            }
        }
        ManifestErrors(once)
    }
}

impl fmt::Display for ManifestErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, error) in self.0.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ManifestErrors {}

/// What is wrong with a manifest, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The key, as a path: `view.block[0].title`.
    pub key: String,
    /// What is wrong and what would be right.
    pub message: String,
    /// The known name that is nearest to the one that was written.
    pub suggestion: Option<String>,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        write!(f, "{}: {}", self.key, self.message)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; did you mean `{suggestion}`?")?;
        }
        Ok(())
    }
}

impl ManifestError {
    /// A problem with a key.
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        ManifestError { line: None, key: key.into(), message: message.into(), suggestion: None }
    }

    /// The same problem, at the line in which this byte of the manifest stands.
    pub fn at_byte(mut self, text: &str, byte: usize) -> Self {
        self.line = Some(line(text, byte));
        self
    }

    /// The same problem, with the nearest of the names that would have been right, when one is near.
    pub fn nearest<'a>(mut self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.suggestion = nearest(written, known).map(str::to_owned);
        self
    }
}

/// The line, from 1, in which a byte of a text stands.
pub fn line(text: &str, byte: usize) -> usize {
    let before = &text.as_bytes()[..byte.min(text.len())];
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The name that differs least from what was written, when no more than a third of its letters do.
fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let max_distance = (written.chars().count().max(3)).div_ceil(3);
    known
        .into_iter()
        .map(|name| {
            (strsim::damerau_levenshtein(&written.to_lowercase(), &name.to_lowercase()), name)
        })
        .filter(|(distance, _)| *distance <= max_distance)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_that_is_near_is_suggested() {
        assert_eq!(nearest("titel", ["note", "title", "tag"]), Some("title"));
        assert_eq!(nearest("Title", ["note", "title"]), Some("title"));
        assert_eq!(nearest("colour", ["note", "title"]), None);
    }

    #[test]
    fn problems_stand_by_line_and_once() {
        let at = |line| ManifestError { line, ..ManifestError::new("a", "is wrong") };
        let sorted = ManifestErrors::sorted(vec![at(None), at(Some(7)), at(Some(2)), at(Some(7))]);
        assert_eq!(sorted.to_string(), "line 2, a: is wrong\nline 7, a: is wrong\na: is wrong");
    }
}
