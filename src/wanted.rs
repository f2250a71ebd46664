//! Services that people look for and that no widget shows yet: `widgets/wanted.toml`.

use std::sync::LazyLock;

use serde::Deserialize;
use voordeur_widget_api::{Coverage, SearchWords, Texts};

/// A service that no widget shows yet.
pub struct Wanted {
    /// The name, in the citizen's words.
    pub name: Texts,
    /// The words by which people look for it.
    pub search: SearchWords,
    /// The area where it is looked for.
    pub covers: Coverage,
    /// The ids of the widgets that help most until then.
    pub instead: Vec<String>,
    #[cfg(test)]
    pub id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    wanted: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "the id names a row in tests"))]
struct Row {
    id: String,
    name: Texts,
    search: SearchWords,
    covers: Areas,
    instead: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Areas {
    One(String),
    Several(Vec<String>),
}

static ALL: LazyLock<Vec<Wanted>> = LazyLock::new(|| {
    let rows = match toml::from_str::<Table>(include_str!("../widgets/wanted.toml")) {
        Ok(table) => table.wanted,
        Err(error) => {
            // A test reads the table, so that this is not reached with the one that is embedded.
            tracing::error!(%error, "wanted.toml is unusable");
            Vec::new()
        }
    };
    rows.into_iter().map(Wanted::from).collect()
});

/// All of them, in the order of the table.
pub fn all() -> &'static [Wanted] {
    &ALL
}

impl From<Row> for Wanted {
    fn from(row: Row) -> Self {
        let areas = match row.covers {
            Areas::One(area) => vec![area],
            Areas::Several(areas) => areas,
        };
        let areas = areas.iter().filter_map(|area| voordeur_gazetteer::parse_area(area));
        Wanted {
            name: row.name,
            search: row.search,
            covers: Coverage::Areas(areas.collect()),
            instead: row.instead,
            #[cfg(test)]
            id: row.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use voordeur_engine::Catalogue;
    use voordeur_widget_api::{Language, search_key};

    use super::*;

    #[test]
    fn the_table_is_whole() {
        let (catalogue, _) = Catalogue::embedded();
        let table: Table = toml::from_str(include_str!("../widgets/wanted.toml")).expect("a table");
        assert!(table.wanted.len() > 10);
        for wanted in all() {
            let Coverage::Areas(areas) = &wanted.covers else { panic!("{}", wanted.id) };
            assert!(!areas.is_empty(), "{} names no area", wanted.id);
            assert!(!wanted.instead.is_empty(), "{} names no other widget", wanted.id);
            for widget in &wanted.instead {
                assert!(catalogue.get(widget).is_some(), "{}: {widget}", wanted.id);
            }
            for language in Language::ALL {
                let words = wanted.search.get(language);
                assert!(!words.is_empty() && words.len() <= SearchWords::MAX_WORDS);
                assert!(words.iter().all(|word| !search_key(word).is_empty()));
            }
        }
    }

    #[test]
    fn what_a_widget_shows_is_not_wanted() {
        let (catalogue, _) = Catalogue::embedded();
        for wanted in all() {
            for language in Language::ALL {
                let name = search_key(wanted.name.get(language));
                for widget in catalogue.all() {
                    let known = search_key(widget.manifest().name.get(language));
                    assert_ne!(name, known, "{}", wanted.id);
                }
            }
        }
    }
}
