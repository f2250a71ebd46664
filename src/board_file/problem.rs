//! Why a file is refused.

use voordeur_widget_api::FieldError;

/// Why a file is refused: nothing of it is taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FileProblem {
    /// No file was chosen, or it is empty.
    #[error("there is no file")]
    Absent,
    /// The file has more than [`MAX_FILE_BYTES`](super::MAX_FILE_BYTES).
    #[error("the file is too large")]
    TooLarge,
    /// The file is not JSON in UTF-8.
    #[error("the file is not JSON")]
    NotJson,
    /// The file is JSON of something else.
    #[error("the file is not a board")]
    NotABoard,
    /// The link was cut off, or is none of ours.
    #[error("the link is broken")]
    BrokenLink,
    /// A newer version of Voordeur wrote the file.
    #[error("the file has a newer format")]
    NewerFormat,
    /// A value in the file is unusable.
    #[error("{path}: {problem}")]
    Value {
        /// The position of the value: `pages[0].cards[3].size`.
        path: String,
        /// The reason.
        problem: ValueProblem,
    },
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ValueProblem {
    /// The key is absent.
    #[error("is missing")]
    Missing,
    /// The format has no such key, or the widget no such field.
    #[error("is unknown")]
    Unknown,
    /// The value has another type.
    #[error("has another type")]
    WrongType,
    /// A list has too many entries.
    #[error("has more than {most} entries")]
    TooMany {
        /// Maximum number of entries.
        most: usize,
    },
    /// A list that needs entries has none.
    #[error("has no entries")]
    Empty,
    /// A template has a value that is personal: it may ask for one only.
    #[error("is personal")]
    Personal,
    /// A text is too long, has control characters, or is none of the known values.
    #[error("is unusable")]
    Unusable,
    /// The value of a setting is invalid.
    #[error(transparent)]
    Field(FieldError),
}
