//! What a change was, told so that it can be put into words in any language later.

use serde::{Deserialize, Serialize};

/// What a change was about and what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "kebab-case")]
pub enum ChangeSummary {
    /// A card was added.
    Added {
        /// The id of its widget.
        widget: String,
    },
    /// A card was taken away.
    Removed {
        /// The id of its widget.
        widget: String,
    },
    /// A card that was taken away came back, with an edit made to it.
    PutBack {
        /// The id of its widget.
        widget: String,
    },
    /// A card was moved on its page.
    Moved {
        /// The id of its widget.
        widget: String,
        /// Its place, counted from one.
        position: usize,
    },
    /// A card was moved to another page.
    MovedToPage {
        /// The id of its widget.
        widget: String,
        /// The name of the page.
        page: String,
        /// Its place, counted from one.
        position: usize,
    },
    /// A card got another size.
    Resized {
        /// The id of its widget.
        widget: String,
        /// Columns of twelve.
        size: u8,
    },
    /// A card was folded.
    Folded {
        /// The id of its widget.
        widget: String,
    },
    /// A card was unfolded.
    Unfolded {
        /// The id of its widget.
        widget: String,
    },
    /// A card got other settings.
    Configured {
        /// The id of its widget.
        widget: String,
    },
    /// The cards were put in order by what matters to the citizen.
    Arranged,
    /// A page was added.
    AddedPage {
        /// Its name.
        name: String,
    },
    /// A page got another name or icon.
    ChangedPage {
        /// Its name now.
        name: String,
    },
    /// A page got another place.
    MovedPage {
        /// Its name.
        name: String,
        /// Its place, counted from one.
        position: usize,
    },
    /// A page was taken away.
    RemovedPage {
        /// Its name.
        name: String,
    },
    /// A change of before changes were told.
    Changed,
}

impl ChangeSummary {
    /// The same on a card that was away.
    pub(super) fn put_back(self) -> Self {
        match self {
            ChangeSummary::Moved { widget, .. }
            | ChangeSummary::MovedToPage { widget, .. }
            | ChangeSummary::Resized { widget, .. }
            | ChangeSummary::Folded { widget }
            | ChangeSummary::Unfolded { widget }
            | ChangeSummary::Configured { widget } => ChangeSummary::PutBack { widget },
            other => other,
        }
    }
}
