//! How wide a card can be: in columns of twelve.

/// The widths of cards.
pub const STEPS: [u8; 5] = [3, 4, 6, 8, 12];

/// The next width up.
pub fn wider(now: u8) -> Option<u8> {
    STEPS.into_iter().find(|step| *step > now)
}

/// The next width down that the card can still be read at.
pub fn narrower(now: u8, smallest: u8) -> Option<u8> {
    STEPS.into_iter().rev().find(|step| *step < now && *step >= smallest)
}

/// The step that comes closest to a width in pixels, on a grid of twelve columns.
pub fn closest(wanted: i32, grid: i32, gap: i32, smallest: u8) -> u8 {
    // A card of n columns is as wide as n columns with their gaps, but for the last gap.
    let miss = |step: u8| ((grid + gap) * i32::from(step) / 12 - gap - wanted).abs();
    STEPS.into_iter().filter(|step| *step >= smallest).min_by_key(|step| miss(*step)).unwrap_or(12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_goes_step_by_step_and_no_further_than_it_can_be_read() {
        assert_eq!(wider(3), Some(4));
        assert_eq!(wider(8), Some(12));
        assert_eq!(wider(12), None);
        assert_eq!(narrower(12, 3), Some(8));
        assert_eq!(narrower(6, 6), None);
        assert_eq!(narrower(4, 3), Some(3));
        assert_eq!(narrower(3, 3), None);
    }

    #[test]
    fn a_width_in_pixels_becomes_the_closest_step() {
        // 1200 pixels with gaps of 20: a column with its gap is about 102 pixels.
        let closest = |wanted| closest(wanted, 1_200, 20, 3);
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
