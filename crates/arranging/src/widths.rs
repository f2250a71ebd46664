//! The width of a card, in columns of the twelve-column grid, from a width in pixels.

use voordeur_shared::card_width;

/// The card width that comes closest to `wanted` pixels and is not below `narrowest`. `grid` is the
/// width of the grid and `gap` the gap between two columns, in pixels.
pub fn closest(wanted: i32, grid: i32, gap: i32, narrowest: u8) -> u8 {
    // A card of n columns is as wide as n columns with their gaps, less the last gap.
    let miss = |columns: u8| ((grid + gap) * i32::from(columns) / 12 - gap - wanted).abs();
    card_width::ALL
        .into_iter()
        .filter(|columns| *columns >= narrowest)
        .min_by_key(|columns| miss(*columns))
        .unwrap_or(card_width::WIDEST)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_width_in_pixels_becomes_the_closest_card_width() {
        // 1200 pixels with gaps of 20: a column with its gap is about 102 pixels.
        let closest = |wanted| super::closest(wanted, 1_200, 20, 3);
        assert_eq!(closest(285), 3);
        assert_eq!(closest(330), 3);
        assert_eq!(closest(345), 4);
        assert_eq!(closest(600), 6);
        assert_eq!(closest(690), 6);
        assert_eq!(closest(1_400), 12);
        assert_eq!(closest(-50), 3);
        assert_eq!(super::closest(285, 1_200, 20, 6), 6);
    }
}
