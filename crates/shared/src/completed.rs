//! The action that was just completed, as the address of the board names it after a redirect.

/// The query parameter that names the completed action.
pub const DONE: &str = "done";
/// The query parameter with the id of the card that the action was about.
pub const CARD: &str = "card";
/// The query parameter with the id of the widget whose card was removed.
pub const WIDGET: &str = "widget";

/// The parameters that a reload must not repeat: the browser removes them from the address bar.
pub const PARAMETERS: [&str; 3] = [DONE, CARD, WIDGET];

/// An action that the board reports once, above the cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completed {
    /// A card was added.
    Add,
    /// A card was removed.
    Remove,
    /// A card was moved.
    Move,
    /// A card was moved and resized.
    Place,
    /// A card was moved to another page of the board.
    ToPage,
    /// A card was resized.
    Resize,
    /// A card was folded.
    Fold,
    /// A card was unfolded.
    Unfold,
    /// The settings of a card were saved.
    Settings,
    /// An item of a list was ticked.
    Tick,
    /// A ticked item of a list is to be done again.
    Untick,
    /// An item was added to a list.
    ItemAdd,
    /// The ticked items were removed from a list.
    ItemsClear,
    /// All cards were arranged at once.
    Arrange,
    /// The cards of a set were added.
    SetAdd,
    /// A page was added.
    PageAdd,
    /// The name or icon of a page was changed.
    PageChange,
    /// A page was moved.
    PageMove,
    /// A page was removed.
    PageRemove,
    /// A card was refreshed.
    Refresh,
    /// A card could not be refreshed.
    RefreshFailed,
    /// A change was undone.
    Undo,
    /// A change was redone.
    Redo,
    /// The board went to another point of its history.
    History,
    /// The questions of the welcome page were answered.
    Welcome,
    /// Pages came from a file.
    Import,
}

impl Completed {
    /// Every action.
    pub const ALL: [Completed; 26] = [
        Completed::Add,
        Completed::Remove,
        Completed::Move,
        Completed::Place,
        Completed::ToPage,
        Completed::Resize,
        Completed::Fold,
        Completed::Unfold,
        Completed::Settings,
        Completed::Tick,
        Completed::Untick,
        Completed::ItemAdd,
        Completed::ItemsClear,
        Completed::Arrange,
        Completed::SetAdd,
        Completed::PageAdd,
        Completed::PageChange,
        Completed::PageMove,
        Completed::PageRemove,
        Completed::Refresh,
        Completed::RefreshFailed,
        Completed::Undo,
        Completed::Redo,
        Completed::History,
        Completed::Welcome,
        Completed::Import,
    ];

    /// The value of the parameter [`DONE`].
    pub const fn id(self) -> &'static str {
        match self {
            Completed::Add => "add",
            Completed::Remove => "remove",
            Completed::Move => "move",
            Completed::Place => "place",
            Completed::ToPage => "to-page",
            Completed::Resize => "resize",
            Completed::Fold => "fold",
            Completed::Unfold => "unfold",
            Completed::Settings => "settings",
            Completed::Tick => "tick",
            Completed::Untick => "untick",
            Completed::ItemAdd => "item-add",
            Completed::ItemsClear => "items-clear",
            Completed::Arrange => "arrange",
            Completed::SetAdd => "set-add",
            Completed::PageAdd => "page-add",
            Completed::PageChange => "page-change",
            Completed::PageMove => "page-move",
            Completed::PageRemove => "page-remove",
            Completed::Refresh => "refresh",
            Completed::RefreshFailed => "refresh-failed",
            Completed::Undo => "undo",
            Completed::Redo => "redo",
            Completed::History => "history",
            Completed::Welcome => "welcome",
            Completed::Import => "import",
        }
    }

    /// The action with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Completed::ALL.into_iter().find(|action| action.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_lead_back() {
        for action in Completed::ALL {
            assert_eq!(Completed::from_id(action.id()), Some(action));
        }
        assert_eq!(Completed::from_id(""), None);
    }
}
