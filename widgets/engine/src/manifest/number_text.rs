//! Numbers as people write them: with a decimal comma, and with separators between thousands.

/// No number is longer, in bytes.
const MAX_BYTES: usize = 64;

/// A number in text, with a sign before it or not; `None` for anything else, also with a unit.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    if let Ok(number) = text.parse::<f64>() {
        return Some(number).filter(|number| number.is_finite());
    }
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = match digits.replace(',', ".").parse::<f64>() {
        Ok(number) if digits.starts_with(|first: char| !matches!(first, '-' | '+')) => number,
        _ => plain(digits)?,
    };
    Some(sign * number).filter(|number| number.is_finite())
}

/// Parses digits with separators. The last of `.` and `,` is the decimal separator when both occur,
/// or when it occurs once.
pub fn plain(digits: &str) -> Option<f64> {
    let last = digits.rfind(['.', ',']);
    let decimal = last.filter(|last| {
        let separator = &digits[*last..=*last];
        let other = if separator == "." { "," } else { "." };
        digits.matches(separator).count() == 1
            && (digits.contains(other) || separator == "," || !digits[*last + 1..].contains(' '))
    });
    let (whole, fraction) = match decimal {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, ""),
    };
    let groups: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
    let (first, rest) = groups.split_first()?;
    let has_digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    let fits = (has_digit(whole) || has_digit(fraction))
        && (rest.is_empty() || (1..=3).contains(&first.len()))
        && rest.iter().all(|group| group.len() == 3)
        && fraction.chars().all(|c| c.is_ascii_digit());
    if !fits {
        return None;
    }
    format!("{}.{fraction}0", groups.concat()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_have_a_decimal_comma_and_thousands() {
        for (text, expected) in [
            ("12,5", 12.5),
            (" 7 ", 7.0),
            ("1.234,5", 1_234.5),
            ("1,234.5", 1_234.5),
            ("1 234,5", 1_234.5),
            ("1\u{202f}234,5", 1_234.5),
            ("\u{2212}3,5", -3.5),
            ("-1.234,5", -1_234.5),
            ("+0,5", 0.5),
            ("1,5e3", 1_500.0),
        ] {
            assert_eq!(number(text), Some(expected), "{text}");
        }
        let long = "1".repeat(MAX_BYTES + 1);
        for text in
            ["", "-", "--1", "-+1,5", "NaN", "inf", "1e999", "12 34", "1,2,3", "12,5 km", &long]
        {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
