/// What is wrong with a manifest, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{key}: {what}", .line.map(|line| format!("line {line}, ")).unwrap_or_default())]
pub struct ManifestProblem {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The key, as a path: `view.block[0].title`.
    pub key: String,
    /// What is wrong and what would be right.
    pub what: String,
}

impl ManifestProblem {
    /// A problem with a key.
    pub fn new(key: impl Into<String>, what: impl Into<String>) -> Self {
        ManifestProblem { line: None, key: key.into(), what: what.into() }
    }

    /// The same problem, at the line in which this byte of the manifest stands.
    pub fn at_byte(mut self, text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        self.line = Some(before.matches('\n').count() + 1);
        self
    }
}
