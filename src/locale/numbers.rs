use voordeur_widget_api::Language;

use super::Locale;

impl Locale {
    /// Writes a number in the citizen's language, with a narrow no-break space between thousands
    /// (SI Brochure, 5.4.4), which suits all four languages.
    pub fn number(self, number: f64, decimals: u8) -> String {
        let plain = format!("{:.*}", usize::from(decimals), number.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut written = String::new();
        if number < 0.0 && plain.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
            written.push('−');
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) && whole.len() > 4 {
                written.push('\u{202f}');
            }
            written.push(digit);
        }
        if !fraction.is_empty() {
            written.push(if self.language == Language::En { '.' } else { ',' });
            written.push_str(fraction);
        }
        written
    }

    /// A distance: metres rounded to ten, or kilometres.
    pub fn distance(self, metres: f64) -> String {
        if metres < 995.0 {
            format!("{}\u{a0}m", self.number((metres / 10.0).round() * 10.0, 0))
        } else {
            let tenths = (metres / 100.0).round();
            let decimals = u8::from(tenths % 10.0 != 0.0);
            format!("{}\u{a0}km", self.number(tenths / 10.0, decimals))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_conventions_of_the_language() {
        let dutch = Locale::new(Language::Nl);
        assert_eq!(dutch.number(1234.5, 1), "1234,5");
        assert_eq!(dutch.number(1_234_567.0, 0), "1\u{202f}234\u{202f}567");
        assert_eq!(dutch.number(-0.04, 1), "0,0");
        assert_eq!(dutch.number(-2.0, 0), "−2");
        assert_eq!(Locale::new(Language::En).number(7.25, 2), "7.25");
        assert_eq!(dutch.distance(423.0), "420\u{a0}m");
        assert_eq!(dutch.distance(1_840.0), "1,8\u{a0}km");
        assert_eq!(dutch.distance(2_010.0), "2\u{a0}km");
        assert_eq!(dutch.distance(998.0), "1\u{a0}km");
    }
}
