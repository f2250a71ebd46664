//! Summaries of changes, stored with the history and worded later in the reader's language.

use serde::{Deserialize, Serialize};
use voordeur_widget_api::CardWidth;

/// The action of a change, and its widget or page. Stored as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "kebab-case")]
pub enum ChangeSummary {
    /// A card was added.
    Added {
        /// The id of the widget.
        widget: String,
    },
    /// A card was removed.
    Removed {
        /// The id of the widget.
        widget: String,
    },
    /// A removed card was restored by an edit of it.
    PutBack {
        /// The id of the widget.
        widget: String,
    },
    /// A card was moved on its page.
    Moved {
        /// The id of the widget.
        widget: String,
        /// The new position, from 1.
        position: usize,
    },
    /// A card was moved to another page.
    MovedToPage {
        /// The id of the widget.
        widget: String,
        /// The name of the page.
        page: String,
        /// The new position, from 1.
        position: usize,
    },
    /// A card was resized.
    Resized {
        /// The id of the widget.
        widget: String,
        /// The new width, in lanes.
        #[serde(deserialize_with = "super::stored_width::deserialize")]
        size: CardWidth,
    },
    /// A card was folded.
    Folded {
        /// The id of the widget.
        widget: String,
    },
    /// A card was unfolded.
    Unfolded {
        /// The id of the widget.
        widget: String,
    },
    /// The settings of a card were changed.
    Configured {
        /// The id of the widget.
        widget: String,
    },
    /// An item of a list was ticked.
    Ticked {
        /// The id of the widget.
        widget: String,
    },
    /// A ticked item of a list is to be done again.
    Unticked {
        /// The id of the widget.
        widget: String,
    },
    /// An item was added to a list.
    AddedItem {
        /// The id of the widget.
        widget: String,
    },
    /// Ticked items were removed from a list.
    ClearedItems {
        /// The id of the widget.
        widget: String,
    },
    /// The cards were sorted by the citizen's interests.
    Arranged,
    /// The cards were chosen for the citizen's place and interests.
    Started,
    /// The cards of a set were added.
    AddedSet {
        /// The id of the set.
        set: String,
    },
    /// A page was added.
    AddedPage {
        /// The name of the page.
        name: String,
    },
    /// The name or icon of a page was changed.
    ChangedPage {
        /// The new name.
        name: String,
    },
    /// A page was moved.
    MovedPage {
        /// The name of the page.
        name: String,
        /// The new position, from 1.
        position: usize,
    },
    /// A page was removed.
    RemovedPage {
        /// The name of the page.
        name: String,
    },
    /// Pages came from a file.
    Imported {
        /// The number of cards on them.
        cards: usize,
        /// Whether they replaced all pages.
        replace: bool,
    },
    /// A change from schema 1, which stored no summary.
    Changed,
}

impl ChangeSummary {
    /// The summary of the same edit on a card that the edit restored.
    pub(super) fn put_back(self) -> Self {
        match self {
            ChangeSummary::Moved { widget, .. }
            | ChangeSummary::MovedToPage { widget, .. }
            | ChangeSummary::Resized { widget, .. }
            | ChangeSummary::Folded { widget }
            | ChangeSummary::Unfolded { widget }
            | ChangeSummary::Configured { widget }
            | ChangeSummary::Ticked { widget }
            | ChangeSummary::Unticked { widget }
            | ChangeSummary::AddedItem { widget }
            | ChangeSummary::ClearedItems { widget } => ChangeSummary::PutBack { widget },
            other => other,
        }
    }
}
