//! Errors of manifests, with lines and suggestions.

use std::fmt;

/// The errors of a manifest, sorted by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestErrors(pub Vec<ManifestError>);

impl ManifestErrors {
    /// Sorts the errors by line and removes duplicates.
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

/// An error of a manifest, with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// 1-based line, if known.
    pub line: Option<usize>,
    /// Path of the key: `view.block[0].title`.
    pub key: String,
    /// The mistake, and the expected value.
    pub message: String,
    /// The valid name most similar to the one found.
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
    /// An error at a key, without a line.
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        ManifestError { line: None, key: key.into(), message: message.into(), suggestion: None }
    }

    /// Sets the line to that of a byte offset in the manifest.
    pub fn at_byte(mut self, text: &str, byte: usize) -> Self {
        self.line = Some(line(text, byte));
        self
    }

    /// Suggests the most similar of the valid names, if one is similar enough.
    pub fn nearest<'a>(mut self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.suggestion = nearest(written, known).map(str::to_owned);
        self
    }
}

/// 1-based line of a byte offset.
pub fn line(text: &str, byte: usize) -> usize {
    let before = &text.as_bytes()[..byte.min(text.len())];
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The most similar name, when at most a third of the letters differ.
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
    fn only_similar_names_are_suggested() {
        assert_eq!(nearest("titel", ["note", "title", "tag"]), Some("title"));
        assert_eq!(nearest("Title", ["note", "title"]), Some("title"));
        assert_eq!(nearest("colour", ["note", "title"]), None);
    }

    #[test]
    fn errors_are_sorted_by_line_without_duplicates() {
        let at = |line| ManifestError { line, ..ManifestError::new("a", "is wrong") };
        let sorted = ManifestErrors::sorted(vec![at(None), at(Some(7)), at(Some(2)), at(Some(7))]);
        assert_eq!(sorted.to_string(), "line 2, a: is wrong\nline 7, a: is wrong\na: is wrong");
    }
}
