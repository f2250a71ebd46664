//! What every form about the board sends along, and the addresses that lead back to it.

use crate::markup::{Element, html};
use voordeur_store::short_id;

/// What a page tells the server with every form: what the citizen saw, and where.
#[derive(Clone, Debug)]
pub struct Sending {
    /// The revision of the board that is shown.
    pub revision: i64,
    /// The id of the page that is shown; nothing for the first.
    pub page: Option<String>,
    /// Whether the board is being arranged.
    pub editing: bool,
    /// The key of what is sent from this drawn page, so that a form that is sent twice is done once.
    key: String,
}

impl Sending {
    /// For a page that is drawn now.
    pub fn new(revision: i64, page: Option<String>, editing: bool) -> Self {
        Sending { revision, page, editing, key: short_id() }
    }

    /// The hidden fields: names and values.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut fields = vec![("revision", self.revision.to_string()), ("edit", self.key.clone())];
        fields.extend(self.page.clone().map(|page| ("page", page)));
        fields.extend(self.editing.then(|| ("editing", "true".to_owned())));
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The hidden fields, drawn.
    pub fn draw(&self) -> Vec<Element> {
        let hidden = |(name, value): (String, String)| {
            html("input").with("type", "hidden").with("name", name).with("value", value)
        };
        self.fields().into_iter().map(hidden).collect()
    }

    /// The address of the page that is shown.
    pub fn address(&self) -> String {
        board_address(self.page.as_deref(), self.editing)
    }

    /// The catalogue, to add a card to the page that is shown.
    pub fn catalogue(&self) -> String {
        match &self.page {
            Some(page) => format!("/catalogue?page={page}"),
            None => "/catalogue".to_owned(),
        }
    }
}

impl Sending {
    /// The same with a key of its own: of several forms on one page each is done, also when somebody goes back in between.
    pub fn anew(&self) -> Self {
        Sending { key: short_id(), ..self.clone() }
    }

    /// The page of a widget, to add a card of it to the page that is shown.
    pub fn widget(&self, id: &str) -> String {
        match &self.page {
            Some(page) => format!("/catalogue/{id}?page={page}"),
            None => format!("/catalogue/{id}"),
        }
    }
}

/// The address of a page of the board; the first has none of its own.
pub fn board_address(page: Option<&str>, editing: bool) -> String {
    match (page, editing) {
        (None, false) => "/".to_owned(),
        (None, true) => "/?edit".to_owned(),
        (Some(page), false) => format!("/?page={page}"),
        (Some(page), true) => format!("/?page={page}&edit"),
    }
}
