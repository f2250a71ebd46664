use std::collections::BTreeMap;
use std::sync::Arc;

use voordeur_contract::Widget;

use crate::conformance::Tier;
use crate::declared::{Declared, ManifestProblem};

/// One embedded folder of the catalogue.
pub struct Folder {
    /// The folder's name.
    pub id: &'static str,
    /// The text of its `widget.toml`.
    pub manifest: &'static str,
    /// What its file `tier` says: the tier that it reaches, as a test holds true.
    pub tier: &'static str,
    /// The files of its `samples/`, by name.
    pub samples: &'static [(&'static str, &'static [u8])],
}

include!(concat!(env!("OUT_DIR"), "/folders.rs"));

/// All widgets, to choose from.
pub struct Catalogue {
    widgets: BTreeMap<String, Arc<dyn Widget>>,
}

/// A folder of the catalogue that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("widgets/catalogue/{id}/widget.toml: {problem}")]
pub struct CatalogueProblem {
    /// The folder.
    pub id: String,
    /// What is wrong with it.
    pub problem: ManifestProblem,
}

impl Catalogue {
    /// The widgets that were embedded when this was built, and the folders that could not be used.
    pub fn embedded() -> (Self, Vec<CatalogueProblem>) {
        let mut widgets: BTreeMap<String, Arc<dyn Widget>> = BTreeMap::new();
        let mut problems = Vec::new();
        for folder in FOLDERS {
            match Declared::read(folder.id, folder.manifest, |name| {
                let file = folder.samples.iter().find(|(file, _)| *file == name);
                file.map(|(_, bytes)| bytes.to_vec())
            }) {
                Ok(widget) => {
                    widgets.insert(folder.id.to_owned(), Arc::new(widget));
                }
                Err(problem) => {
                    problems.push(CatalogueProblem { id: folder.id.to_owned(), problem });
                }
            }
        }
        (Catalogue { widgets }, problems)
    }

    /// The tier that each embedded widget reaches. A test holds them true; a widget that is absent here reaches none.
    pub fn embedded_tiers() -> BTreeMap<&'static str, Tier> {
        let tiers = FOLDERS.iter().filter_map(|folder| {
            let tier = folder.tier.trim().parse().ok()?;
            Some((folder.id, tier))
        });
        tiers.collect()
    }

    /// The widget with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<dyn Widget>> {
        self.widgets.get(id)
    }

    /// All widgets, by id.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Widget>> {
        self.widgets.values()
    }
}
