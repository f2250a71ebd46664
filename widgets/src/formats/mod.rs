//! Answers in any format become one kind of tree, so that mappings are written once.

mod xml;

use voordeur_contract::Format;

/// Why bytes are no answer in the format that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatProblem {
    /// Not JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// Not XML, or XML with a document type, which is refused.
    #[error("not XML: {0}")]
    Xml(String),
    /// Bytes that are no text.
    #[error("not UTF-8 text")]
    NotText,
}

/// Reads an answer. A byte-order mark is ignored.
///
/// # Errors
/// Says what the bytes are not, and where.
pub fn read(format: Format, bytes: &[u8]) -> Result<serde_json::Value, FormatProblem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match format {
        Format::Json => {
            serde_json::from_slice(bytes).map_err(|error| FormatProblem::Json(error.to_string()))
        }
        Format::Xml => {
            let text = std::str::from_utf8(bytes).map_err(|_| FormatProblem::NotText)?;
            xml::read(text)
        }
    }
}
