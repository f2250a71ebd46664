//! The number of lines that a text takes.
//!
//! Browsers measure; the server only has to come close, and rather too many lines than too few. So
//! the letters are as wide as those of DejaVu Sans, the widest of the faces that systems have.

/// Advance widths of the printable ASCII characters of DejaVu Sans, in hundredths of the font size.
const ADVANCES: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75,
    79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,
    63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];
/// The width of any other character: letters with accents are as wide as those without.
const OTHER: u8 = 62;
/// A text beyond this many characters is taken to go on like its beginning.
const MAX_CHARS: usize = 2_000;

/// A font size in rem, and whether it is bold.
#[derive(Clone, Copy)]
pub(super) struct Font {
    pub size: f32,
    pub bold: bool,
}

pub(super) const fn plain(size: f32) -> Font {
    Font { size, bold: false }
}

pub(super) const fn bold(size: f32) -> Font {
    Font { size, bold: true }
}

/// The width of a text on one line, in rem.
pub(super) fn width(text: &str, font: Font) -> f32 {
    let weight = if font.bold { 1.1 } else { 1.0 };
    text.chars().take(MAX_CHARS).map(advance).sum::<f32>() * font.size * weight
}

fn advance(letter: char) -> f32 {
    let at = (u32::from(letter)).checked_sub(32).and_then(|at| usize::try_from(at).ok());
    let hundredths = match letter {
        '\u{a0}' | '\u{202f}' | '·' | '’' | '‘' => 32,
        '–' | '“' | '”' | '„' => 51,
        '…' | '—' => 100,
        _ => at.and_then(|at| ADVANCES.get(at)).copied().unwrap_or(OTHER),
    };
    f32::from(hundredths) / 100.0
}

/// The number of lines that a text takes in a width in rem: at least one.
pub(super) fn lines(text: &str, font: Font, within: f32) -> f32 {
    let space = width(" ", font);
    let (mut lines, mut used) = (1.0_f32, 0.0_f32);
    let within = within.max(2.0);
    // A no-break space joins two words.
    let words = text.split([' ', '\n', '\t']).filter(|word| !word.is_empty());
    for word in words.take(MAX_CHARS / 4) {
        let long = width(word, font);
        if used > 0.0 && used + space + long > within {
            lines += 1.0;
            used = 0.0;
        }
        if long > within {
            // A word that is wider than the line breaks anywhere.
            let more = (long / within).floor();
            lines += more;
            used = long - more * within;
        } else {
            used += long + if used > 0.0 { space } else { 0.0 };
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_wrap_between_words_and_long_words_anywhere() {
        assert_eq!(lines("", plain(1.0), 10.0), 1.0);
        assert_eq!(lines("Trein", plain(1.0), 10.0), 1.0);
        assert_eq!(lines("Werken in de Prinsenstraat", plain(1.0), 10.0), 2.0);
        assert_eq!(lines("Werken in de Prinsenstraat", plain(2.0), 10.0), 4.0);
        assert!(lines(&"x".repeat(100), plain(1.0), 10.0) >= 5.0);
        assert_eq!(lines("Werken in de Prinsenstraat", plain(1.0), 8.0), 2.0);
        assert_eq!(lines("Werken in de\u{a0}Prinsenstraat", plain(1.0), 8.0), 3.0);
        assert!(width("éé", plain(1.0)) > 1.0);
        assert!(width("breed", bold(1.0)) > width("breed", plain(1.0)));
        // Bounded, however long the text is.
        assert!(lines(&"x ".repeat(1_000_000), plain(1.0), 10.0) < 1_000.0);
    }
}
