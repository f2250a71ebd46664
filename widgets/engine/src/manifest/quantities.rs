//! Durations and sizes with units. A crate such as `humantime` accepts many more notations than
//! manifests allow.

use std::time::Duration;

/// Parses `30 s`, `5 min`, `1 h` or `1 day`.
pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: u64 = number.parse().ok()?;
    let seconds = match unit.trim() {
        "s" => 1,
        "min" => 60,
        "h" => 60 * 60,
        "day" | "days" => 24 * 60 * 60,
        _ => return None,
    };
    Some(Duration::from_secs(number.checked_mul(seconds)?))
}

/// Parses `300 kB` or `6 MB` into bytes.
pub fn bytes(text: &str) -> Option<usize> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: usize = number.parse().ok()?;
    match unit.trim() {
        "kB" => number.checked_mul(1_000),
        "MB" => number.checked_mul(1_000_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_number_and_a_unit() {
        assert_eq!(duration("5 min"), Some(Duration::from_secs(300)));
        assert_eq!(duration("1 day"), Some(Duration::from_secs(86_400)));
        assert_eq!(duration("5"), None);
        assert_eq!(duration("-5 min"), None);
    }

    #[test]
    fn a_size_is_in_decimal_units() {
        assert_eq!(bytes("6 MB"), Some(6_000_000));
        assert_eq!(bytes("6 MiB"), None);
    }
}
