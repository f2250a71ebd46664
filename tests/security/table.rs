//! The table that docs/ATTACKS.md holds.

use std::fmt::Write as _;
use std::path::Path;

/// One kind of attack.
pub struct Group {
    pub title: &'static str,
    pub rows: Vec<Row>,
}

/// One attack.
pub struct Row {
    /// What was sent.
    pub sent: String,
    /// What came back.
    pub came: String,
    /// What that shows.
    pub shows: String,
}

pub fn row(sent: &str, came: impl ToString, shows: &str) -> Row {
    Row { sent: sent.to_owned(), came: came.to_string(), shows: shows.to_owned() }
}

const BEGIN: &str = "<!-- written by tests/attacks -->\n";

/// Compares the tables with those in the file; `VOORDEUR_STORE=1` stores them.
pub fn hold(groups: &[Group]) {
    let mut tables = String::new();
    let mut number = 0;
    for group in groups {
        let _ = write!(
            tables,
            "\n## {}\n\n| | sent | came back | what it shows |\n|---|---|---|---|\n",
            group.title
        );
        for row in &group.rows {
            number += 1;
            let _ = writeln!(tables, "| {number} | {} | {} | {} |", row.sent, row.came, row.shows);
        }
    }
    assert!(number >= 50, "{number} attacks are too few");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ATTACKS.md");
    let kept = std::fs::read_to_string(&path).expect("docs/ATTACKS.md");
    let (words, stored) = kept.split_once(BEGIN).expect("where the tables begin");
    if std::env::var_os("VOORDEUR_STORE").is_some() {
        std::fs::write(&path, format!("{words}{BEGIN}{tables}")).expect("stored");
    } else {
        let lines = stored.lines().zip(tables.lines());
        for (stored, now) in lines {
            assert_eq!(now, stored, "docs/ATTACKS.md says otherwise; VOORDEUR_STORE=1 stores it");
        }
        assert_eq!(tables.len(), stored.len(), "docs/ATTACKS.md has other rows");
    }
}
