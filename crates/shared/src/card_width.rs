//! The widths that a card can have, in lanes of the board.
//!
//! Earlier versions had a number of columns of a grid of twelve in its place. Stored boards,
//! backups and the forms of tabs that are still open have such numbers, and they are still read.

/// The width of a card. Ordered: the widest is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum CardWidth {
    /// One lane.
    Narrow,
    /// Two lanes.
    Wide,
    /// All lanes.
    Full,
}

impl CardWidth {
    /// Every width, the narrowest first.
    pub const ALL: [CardWidth; 3] = [CardWidth::Narrow, CardWidth::Wide, CardWidth::Full];

    /// The ids of [`CardWidth::ALL`], in the same order.
    pub const IDS: [&'static str; 3] = ["narrow", "wide", "full"];

    /// The narrowest width.
    pub const NARROWEST: CardWidth = CardWidth::Narrow;

    /// The id in manifests, stored boards, forms and `data-size`.
    pub const fn id(self) -> &'static str {
        match self {
            CardWidth::Narrow => "narrow",
            CardWidth::Wide => "wide",
            CardWidth::Full => "full",
        }
    }

    /// The width with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        CardWidth::ALL.into_iter().find(|width| width.id() == id)
    }

    /// The width that a number of columns of twelve has become; `None` for a number that is none.
    pub const fn from_columns(columns: u8) -> Option<Self> {
        match columns {
            1..=5 => Some(CardWidth::Narrow),
            6..=8 => Some(CardWidth::Wide),
            9..=12 => Some(CardWidth::Full),
            _ => None,
        }
    }

    /// Reads a width from a form: an id, or one of the numbers of columns that pages of earlier
    /// versions send.
    pub fn from_form(text: &str) -> Option<Self> {
        match text {
            "3" | "4" => Some(CardWidth::Narrow),
            "6" | "8" => Some(CardWidth::Wide),
            "12" => Some(CardWidth::Full),
            _ => CardWidth::from_id(text),
        }
    }

    /// The next width up, if there is one.
    pub fn wider(self) -> Option<Self> {
        CardWidth::ALL.into_iter().find(|width| *width > self)
    }

    /// The next width down that is not below `narrowest`, if there is one.
    pub fn narrower(self, narrowest: CardWidth) -> Option<Self> {
        CardWidth::ALL.into_iter().rev().find(|width| *width < self && *width >= narrowest)
    }

    /// The number of lanes that the card takes on a board of this many.
    pub const fn lanes(self, of: usize) -> usize {
        match self {
            CardWidth::Narrow => 1,
            CardWidth::Wide if of > 2 => 2,
            CardWidth::Wide | CardWidth::Full => of,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CardWidth::{Full, Narrow, Wide};

    #[test]
    fn widths_go_step_by_step_down_to_the_narrowest() {
        assert_eq!(Narrow.wider(), Some(Wide));
        assert_eq!(Wide.wider(), Some(Full));
        assert_eq!(Full.wider(), None);
        assert_eq!(Full.narrower(Narrow), Some(Wide));
        assert_eq!(Wide.narrower(Wide), None);
        assert_eq!(Narrow.narrower(Narrow), None);
        assert!(CardWidth::ALL.is_sorted());
        assert_eq!(CardWidth::ALL.map(CardWidth::id), CardWidth::IDS);
    }

    #[test]
    fn numbers_of_columns_become_widths() {
        for (columns, width) in [(3, Narrow), (4, Narrow), (6, Wide), (8, Wide), (12, Full)] {
            assert_eq!(CardWidth::from_columns(columns), Some(width));
            assert_eq!(CardWidth::from_form(&columns.to_string()), Some(width));
        }
        assert_eq!(CardWidth::from_columns(0), None);
        assert_eq!(CardWidth::from_columns(13), None);
        assert_eq!(CardWidth::from_form("wide"), Some(Wide));
        for other in ["", "Wide", "many", "5", "300", "-4", " 6", "4.5"] {
            assert_eq!(CardWidth::from_form(other), None, "{other}");
        }
    }

    #[test]
    fn a_card_takes_one_lane_two_or_all() {
        let lanes = |width: CardWidth| [1, 2, 3, 4].map(|of| width.lanes(of));
        assert_eq!(lanes(Narrow), [1, 1, 1, 1]);
        assert_eq!(lanes(Wide), [1, 2, 2, 2]);
        assert_eq!(lanes(Full), [1, 2, 3, 4]);
    }

    #[test]
    fn the_style_sheets_know_no_other_width() {
        let sheets = [
            include_str!("../../../style/cards.css"),
            include_str!("../../../style/lanes.css"),
            include_str!("../../../style/media.css"),
            include_str!("../../../style/board.css"),
            include_str!("../../../style/choosing.css"),
            include_str!("../../../src/preview/preview.css"),
        ];
        for sheet in sheets {
            for rest in sheet.split("data-size=\"").skip(1) {
                let width = rest.split('"').next().and_then(CardWidth::from_id);
                assert!(width.is_some(), "unknown width: {}", rest.get(..40).unwrap_or(rest));
            }
        }
        // One lane is the default of a card, without a rule of its own.
        for width in [Wide, Full] {
            let selector = ["[data-size=\"", width.id(), "\"]"].concat();
            assert!(sheets[1].contains(&selector), "{selector}");
        }
    }
}
