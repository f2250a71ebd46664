//! The width of a card, in lanes, from a width in pixels.

use voordeur_shared::CardWidth;

/// The card width that comes closest to `wanted` pixels and is not below `narrowest`. `grid` is the
/// width of the grid and `gap` the gap between two lanes, in pixels; `lanes` is their number.
pub fn closest(wanted: i32, grid: i32, gap: i32, lanes: usize, narrowest: CardWidth) -> CardWidth {
    let all = i32::try_from(lanes.max(1)).unwrap_or(1);
    let miss = |width: CardWidth| {
        let taken = i32::try_from(width.lanes(lanes.max(1))).unwrap_or(all);
        ((grid + gap) * taken / all - gap - wanted).abs()
    };
    CardWidth::ALL
        .into_iter()
        .filter(|width| *width >= narrowest)
        .min_by_key(|width| miss(*width))
        .unwrap_or(CardWidth::Full)
}

#[cfg(test)]
mod tests {
    use voordeur_shared::CardWidth::{Full, Narrow, Wide};

    #[test]
    fn a_width_in_pixels_becomes_the_closest_card_width() {
        // 1200 pixels with gaps of 20: three lanes of 387 pixels, or four of 285.
        let closest = |wanted, lanes| super::closest(wanted, 1_200, 20, lanes, Narrow);
        assert_eq!(closest(400, 3), Narrow);
        assert_eq!(closest(570, 3), Narrow);
        assert_eq!(closest(600, 3), Wide);
        assert_eq!(closest(980, 3), Wide);
        assert_eq!(closest(1_050, 3), Full);
        assert_eq!(closest(470, 4), Wide);
        assert_eq!(closest(-50, 4), Narrow);
        assert_eq!(closest(1_400, 2), Wide);
        assert_eq!(super::closest(285, 1_200, 20, 4, Wide), Wide);
    }
}
