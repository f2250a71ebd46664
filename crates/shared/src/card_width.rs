//! The widths that a card can have, in columns of the twelve-column grid.
//!
//! `style/cards.css` and `style/media.css` have a rule for each of them.

/// Every width, the narrowest first.
pub const ALL: [u8; 5] = [3, 4, 6, 8, 12];

/// The narrowest width.
pub const NARROWEST: u8 = ALL[0];

/// The full width of the grid.
pub const WIDEST: u8 = ALL[ALL.len() - 1];

/// The next width up, if there is one.
pub fn wider(now: u8) -> Option<u8> {
    ALL.into_iter().find(|width| *width > now)
}

/// The next width down that is not below `narrowest`, if there is one.
pub fn narrower(now: u8, narrowest: u8) -> Option<u8> {
    ALL.into_iter().rev().find(|width| *width < now && *width >= narrowest)
}

/// Reads a width as attributes and forms write it.
pub fn parse(text: &str) -> Option<u8> {
    text.parse().ok().filter(|width| ALL.contains(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_go_step_by_step_down_to_the_narrowest() {
        assert_eq!(wider(3), Some(4));
        assert_eq!(wider(8), Some(12));
        assert_eq!(wider(12), None);
        assert_eq!(narrower(12, 3), Some(8));
        assert_eq!(narrower(6, 6), None);
        assert_eq!(narrower(4, 3), Some(3));
        assert_eq!(narrower(3, 3), None);
    }

    #[test]
    fn only_a_width_of_the_set_is_parsed() {
        assert_eq!(parse("6"), Some(6));
        assert_eq!(parse("5"), None);
        assert_eq!(parse("wide"), None);
    }

    #[test]
    fn the_style_sheets_have_rules_for_exactly_these_widths() {
        let sheets = [
            include_str!("../../../style/cards.css"),
            include_str!("../../../style/media.css"),
            include_str!("../../../style/board.css"),
            include_str!("../../../style/choosing.css"),
        ];
        for sheet in sheets {
            for rest in sheet.split("data-size=\"").skip(1) {
                let width = rest.split('"').next().and_then(parse);
                assert!(width.is_some(), "unknown width: {}", rest.get(..40).unwrap_or(rest));
            }
        }
        // Four columns are the default of a card, without a rule of its own.
        for width in ALL.into_iter().filter(|width| *width != 4) {
            let selector = ["[data-size=\"", &width.to_string(), "\"]"].concat();
            assert!(sheets[0].contains(&selector), "{selector}");
        }
    }
}
