//! The hidden fields of every form about the board, and the addresses that lead back to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use voordeur_shared::paths;

use crate::markup::{Element, html};
use voordeur_store::short_id;

/// Fields that every form about the board sends: which revision and which page the citizen saw.
#[derive(Clone, Debug)]
pub struct FormContext {
    /// The revision of the shown board.
    pub revision: i64,
    /// The id of the shown page; `None` for the first.
    pub page: Option<String>,
    pub editing: bool,
    /// The idempotency key: a form that is sent twice is applied once. It begins with what is the
    /// same for all forms of a page, which costs their compressed page little.
    key: String,
    /// How many keys of this page were given.
    keys: Arc<AtomicU32>,
}

impl FormContext {
    pub fn new(revision: i64, page: Option<String>, editing: bool) -> Self {
        FormContext { revision, page, editing, key: short_id(), keys: Arc::default() }
    }

    pub fn fields(&self) -> Vec<(String, String)> {
        let mut fields = vec![("revision", self.revision.to_string()), ("edit", self.key.clone())];
        fields.extend(self.page.clone().map(|page| ("page", page)));
        fields.extend(self.editing.then(|| ("editing", "true".to_owned())));
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    pub fn draw(&self) -> Vec<Element> {
        let hidden = |(name, value): (String, String)| {
            html("input").with("type", "hidden").with("name", name).with("value", value)
        };
        self.fields().into_iter().map(hidden).collect()
    }

    pub fn address(&self) -> String {
        paths::board(self.page.as_deref(), self.editing)
    }

    /// The catalogue, to add a card to the shown page.
    pub fn catalogue(&self) -> String {
        paths::catalogue(self.page.as_deref())
    }

    /// The same with a new key: several forms on one page are separate edits, also after a step
    /// back.
    pub fn with_new_key(&self) -> Self {
        let nth = self.keys.fetch_add(1, Ordering::Relaxed);
        FormContext { key: format!("{}-{nth}", self.key), ..self.clone() }
    }

    /// The page of a widget, to add a card to the shown page.
    pub fn widget(&self, id: &str) -> String {
        paths::widget(id, self.page.as_deref())
    }
}
