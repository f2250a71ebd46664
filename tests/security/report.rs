//! The tables of docs/ATTACKS.md.

use std::fmt::Write as _;
use std::path::Path;

/// The attacks of one kind.
pub struct Group {
    pub title: &'static str,
    pub rows: Vec<Row>,
}

/// One attack.
pub struct Row {
    pub sent: String,
    pub response: String,
    pub shows: String,
}

pub fn row(sent: &str, response: impl ToString, shows: &str) -> Row {
    Row { sent: sent.to_owned(), response: response.to_string(), shows: shows.to_owned() }
}

const BEGIN: &str = "<!-- written by tests/security -->\n";

/// Compares the tables with docs/ATTACKS.md. `VOORDEUR_STORE=1` writes them instead.
pub fn compare_with_docs(groups: &[Group]) {
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
            let _ =
                writeln!(tables, "| {number} | {} | {} | {} |", row.sent, row.response, row.shows);
        }
    }
    assert!(number >= 50, "{number} attacks are too few");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ATTACKS.md");
    let document = std::fs::read_to_string(&path).expect("docs/ATTACKS.md");
    let (introduction, stored) = document.split_once(BEGIN).expect("the mark before the tables");
    if std::env::var_os("VOORDEUR_STORE").is_some() {
        std::fs::write(&path, format!("{introduction}{BEGIN}{tables}")).expect("stored");
    } else {
        let lines = stored.lines().zip(tables.lines());
        for (stored, now) in lines {
            assert_eq!(now, stored, "docs/ATTACKS.md is outdated; VOORDEUR_STORE=1 writes it");
        }
        assert_eq!(tables.len(), stored.len(), "docs/ATTACKS.md has other rows");
    }
}
