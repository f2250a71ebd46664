//! A board as a file: all of it, to keep; or a template, without personal values, to share.
//! `docs/BOARD-FILE.md` describes the format.

mod problem;
mod read;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use voordeur_engine::Catalogue;
use voordeur_store::{Board, Card};
use voordeur_widget_api::{CardWidth, Field, FieldKind, Settings, TITLE_KEY, label_key};

pub use problem::{FileProblem, ValueProblem};
pub use read::{FileContent, FileReader};

/// The version of the format that is written, and the newest that is read.
pub const VERSION: u64 = 1;
/// The maximum size of a file, in bytes: a board of the maximum size, and its frame.
pub const MAX_FILE_BYTES: usize = 96 * 1024;
/// The maximum length of a template in a link, in bytes. A server reads 16 KiB of a request's head,
/// and programs that pass on links cut off much longer ones.
pub const MAX_LINK_BYTES: usize = 6 * 1024;

/// The purpose of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum FileFormat {
    /// All of a board, for its owner.
    #[serde(rename = "voordeur-board")]
    Board,
    /// Pages without personal values, for others.
    #[serde(rename = "voordeur-template")]
    Template,
}

impl FileFormat {
    const ALL: [FileFormat; 2] = [FileFormat::Board, FileFormat::Template];

    /// The value of the key `format`.
    pub const fn id(self) -> &'static str {
        match self {
            FileFormat::Board => "voordeur-board",
            FileFormat::Template => "voordeur-template",
        }
    }
}

/// The content of a file.
#[derive(Debug, Serialize)]
pub struct BoardFile<'a> {
    format: FileFormat,
    version: u64,
    /// The citizen's postcode; never in a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    pages: Vec<FilePage<'a>>,
}

/// A page in a file.
#[derive(Debug, Serialize)]
pub struct FilePage<'a> {
    pub name: &'a str,
    pub icon: &'a str,
    pub cards: Vec<FileCard<'a>>,
}

/// A card in a file.
#[derive(Debug, Serialize)]
pub struct FileCard<'a> {
    pub widget: &'a str,
    pub size: CardWidth,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub folded: bool,
    #[serde(skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
    /// The ids of the fields whose values were left out of a template.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<&'a str>,
}

impl<'a> BoardFile<'a> {
    /// All of a board. Values of fields that a widget does not have any more have no effect, and
    /// are left out.
    pub fn board(board: &'a Board, place: Option<&'a str>, catalogue: &Catalogue) -> Self {
        let card = |card: &'a Card| {
            let mut settings = card.settings.clone();
            if let Some(widget) = catalogue.get(&card.widget) {
                let fields = &widget.manifest().fields;
                settings.retain(|key, _| key == TITLE_KEY || field_of_key(fields, key).is_some());
            }
            file_card(card, settings, Vec::new())
        };
        BoardFile::of(FileFormat::Board, place, board, card)
    }

    /// A board with inputs in the place of personal values.
    pub fn template(board: &'a Board, catalogue: &Catalogue) -> Self {
        let card = |card: &'a Card| {
            let Some(widget) = catalogue.get(&card.widget) else {
                // Nothing is known about its settings, so none is shared.
                return file_card(card, Settings::new(), Vec::new());
            };
            // The words of a citizen on a card of their own are neither shared nor asked for.
            if widget.manifest().own {
                return file_card(card, Settings::new(), Vec::new());
            }
            let fields = &widget.manifest().fields;
            let named = |id: &str| fields.iter().find(|field| field.id == id);
            let shared = |id: &&String| named(id).is_some_and(|field| !is_personal(field));
            let settings = card.settings.iter().filter(|(id, _)| shared(id));
            let settings = settings.map(|(id, value)| (id.clone(), value.clone())).collect();
            let inputs = card.settings.keys().map(String::as_str);
            let inputs = inputs.filter(|id| named(id).is_some_and(is_personal)).collect();
            file_card(card, settings, inputs)
        };
        BoardFile::of(FileFormat::Template, None, board, card)
    }

    fn of(
        format: FileFormat,
        place: Option<&'a str>,
        board: &'a Board,
        card: impl Fn(&'a Card) -> FileCard<'a>,
    ) -> Self {
        let pages = board.pages.iter().map(|page| FilePage {
            name: &page.name,
            icon: &page.icon,
            cards: page.cards.iter().map(&card).collect(),
        });
        BoardFile { format, version: VERSION, place, pages: pages.collect() }
    }

    /// The pages, in order.
    pub fn pages(&self) -> &[FilePage<'a>] {
        &self.pages
    }

    /// The text of the file.
    ///
    /// # Errors
    /// Never in practice: maps have texts as keys.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

/// A template as the value of a link's parameter; `None` when it is too long for a link.
///
/// # Errors
/// Never in practice: maps have texts as keys.
pub fn to_link(template: &BoardFile<'_>) -> Result<Option<String>, serde_json::Error> {
    let coded = URL_SAFE_NO_PAD.encode(serde_json::to_string(template)?);
    Ok(Some(coded).filter(|coded| coded.len() <= MAX_LINK_BYTES))
}

/// The file in a link; it is not checked further.
///
/// # Errors
/// When the link was cut off, or is none of ours.
pub fn of_link(coded: &str) -> Result<Vec<u8>, FileProblem> {
    if coded.len() > MAX_LINK_BYTES {
        return Err(FileProblem::BrokenLink);
    }
    URL_SAFE_NO_PAD.decode(coded).map_err(|_| FileProblem::BrokenLink)
}

fn file_card<'a>(card: &'a Card, settings: Settings, inputs: Vec<&'a str>) -> FileCard<'a> {
    FileCard { widget: &card.widget, size: card.size, folded: card.folded, settings, inputs }
}

/// Whether a value of this field may say something about the citizen. Only what is chosen from a
/// few values, or is a number, stays in a template.
pub fn is_personal(field: &Field) -> bool {
    let impersonal = matches!(
        field.kind,
        FieldKind::Number { .. } | FieldKind::Choice { .. } | FieldKind::Toggle
    );
    field.personal || !impersonal
}

/// The field that a key of settings belongs to, and whether the key is that of its label.
fn field_of_key<'a>(fields: &'a [Field], key: &str) -> Option<(&'a Field, bool)> {
    fields.iter().find_map(|field| {
        if field.id == key {
            return Some((field, false));
        }
        let has_label = matches!(field.kind, FieldKind::Lookup { .. });
        (has_label && label_key(&field.id) == key).then_some((field, true))
    })
}
