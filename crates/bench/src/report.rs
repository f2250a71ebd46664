//! A report in `docs/`: what was measured, and what somebody wrote about it.

use std::io;
use std::path::Path;

/// From the first heading of this level on, a report is written by hand.
const BY_HAND: &str = "\n## ";

/// Writes what was measured into a report, and leaves what was written by hand.
///
/// # Errors
/// When the file cannot be written.
pub fn write(report: &Path, measured: &str) -> io::Result<()> {
    let before = std::fs::read_to_string(report).unwrap_or_default();
    std::fs::write(report, with_what_is_by_hand(measured, &before))
}

fn with_what_is_by_hand(measured: &str, before: &str) -> String {
    let by_hand = before.find(BY_HAND).map_or("", |at| &before[at..]);
    format!("{measured}{by_hand}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_is_new_and_what_is_by_hand_stays() {
        let before = "# Morning\n\nold\n\n## What it shows\n\nMuch.\n\n## And more\n";
        let after = "# Morning\n\nnew\n\n## What it shows\n\nMuch.\n\n## And more\n";
        assert_eq!(with_what_is_by_hand("# Morning\n\nnew\n", before), after);
        assert_eq!(with_what_is_by_hand("# Morning\n\nnew\n", ""), "# Morning\n\nnew\n");
    }
}
