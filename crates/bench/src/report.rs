//! Reports in `docs/`: a measured part, rewritten by each run, and a handwritten part that stays.

use std::io;
use std::path::Path;

/// The handwritten part starts at the first heading of this level.
const HANDWRITTEN_HEADING: &str = "\n## ";

/// Replaces the measured part of a report.
pub fn write(report: &Path, measured: &str) -> io::Result<()> {
    let before = std::fs::read_to_string(report).unwrap_or_default();
    std::fs::write(report, with_handwritten_part(measured, &before))
}

fn with_handwritten_part(measured: &str, before: &str) -> String {
    let handwritten = before.find(HANDWRITTEN_HEADING).map_or("", |at| &before[at..]);
    format!("{measured}{handwritten}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measured_part_is_replaced_and_the_handwritten_part_stays() {
        let before = "# Soak\n\nold\n\n## What it shows\n\nMuch.\n\n## And more\n";
        let after = "# Soak\n\nnew\n\n## What it shows\n\nMuch.\n\n## And more\n";
        assert_eq!(with_handwritten_part("# Soak\n\nnew\n", before), after);
        assert_eq!(with_handwritten_part("# Soak\n\nnew\n", ""), "# Soak\n\nnew\n");
    }
}
