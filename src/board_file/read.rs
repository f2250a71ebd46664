//! Reads a file. Every value is checked, and the first unusable one is named by its position.
//!
//! Reading by hand instead of deriving: serde's errors name a line and a type in English, and a
//! citizen needs the field.

use jiff::civil::Date;
use serde_json::{Map, Value};
use voordeur_engine::Catalogue;
use voordeur_store::{ImportedCard, ImportedPage, MAX_CARDS, MAX_PAGES, Page};
use voordeur_widget_api::{
    CardWidth, Field, FieldError, FieldKind, MAX_LOOKUP_CHARS, MAX_TITLE_CHARS, Manifest, Settings,
    TITLE_KEY,
};

use super::{
    FileFormat, FileProblem, MAX_FILE_BYTES, VERSION, ValueProblem, field_of_key, is_personal,
};

/// Maximum length of an id of a widget that this catalogue does not have, in bytes.
const MAX_ID_BYTES: usize = 64;

/// The usable content of a file.
#[derive(Debug)]
pub struct FileContent {
    /// The purpose of the file.
    pub format: FileFormat,
    /// The postcode of its owner.
    pub place: Option<String>,
    /// The pages, with the cards that the catalogue has.
    pub pages: Vec<ImportedPage>,
    /// For each card, in order: the ids of the fields that a template asks for.
    pub inputs: Vec<Vec<String>>,
    /// The ids of widgets that the catalogue does not have, once each.
    pub unknown_widgets: Vec<String>,
}

/// Reads files.
pub struct FileReader<'a> {
    pub catalogue: &'a Catalogue,
    /// The current date where the citizen is.
    pub today: Date,
    /// Whether an id is that of an icon for pages.
    pub is_page_icon: fn(&str) -> bool,
}

type Read<T> = Result<T, FileProblem>;

impl FileReader<'_> {
    /// Reads a file.
    ///
    /// # Errors
    /// The reason why nothing of it is taken.
    pub fn read(&self, bytes: &[u8]) -> Read<FileContent> {
        if bytes.is_empty() {
            return Err(FileProblem::Absent);
        }
        if bytes.len() > MAX_FILE_BYTES {
            return Err(FileProblem::TooLarge);
        }
        // Editors put a mark before UTF-8.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let value: Value = serde_json::from_slice(bytes).map_err(|_| FileProblem::NotJson)?;
        let top = value.as_object().ok_or(FileProblem::NotABoard)?;
        let format = top.get("format").and_then(Value::as_str);
        let format = FileFormat::ALL.into_iter().find(|known| Some(known.id()) == format);
        let format = format.ok_or(FileProblem::NotABoard)?;
        match top.get("version") {
            None => return Err(problem("version", ValueProblem::Missing)),
            Some(version) => match version.as_u64() {
                Some(1..=VERSION) => {}
                Some(newer) if newer > VERSION => return Err(FileProblem::NewerFormat),
                _ => return Err(problem("version", ValueProblem::Unusable)),
            },
        }
        let known: &[&str] = match format {
            FileFormat::Board => &["format", "version", "place", "pages"],
            FileFormat::Template => &["format", "version", "pages"],
        };
        check_keys(top, "", known)?;
        let place = top.get("place").map(read_place).transpose()?;
        let mut content = FileContent {
            format,
            place,
            pages: Vec::new(),
            inputs: Vec::new(),
            unknown_widgets: Vec::new(),
        };
        for (at, page) in list(top, "", "pages", MAX_PAGES)?.iter().enumerate() {
            let page = self.page(page, &format!("pages[{at}]"), &mut content)?;
            content.pages.push(page);
        }
        if content.pages.is_empty() {
            return Err(problem("pages", ValueProblem::Empty));
        }
        Ok(content)
    }

    fn page(&self, value: &Value, path: &str, content: &mut FileContent) -> Read<ImportedPage> {
        let page = object(value, path)?;
        check_keys(page, path, &["name", "icon", "cards"])?;
        let name = text(page, path, "name")?;
        let name = Page::normalize_name(name)
            .ok_or_else(|| problem(&join(path, "name"), ValueProblem::Unusable))?;
        let icon = text(page, path, "icon")?;
        if !(self.is_page_icon)(icon) {
            return Err(problem(&join(path, "icon"), ValueProblem::Unusable));
        }
        let mut cards = Vec::new();
        for (at, card) in list(page, path, "cards", MAX_CARDS)?.iter().enumerate() {
            let at = format!("{}[{at}]", join(path, "cards"));
            cards.extend(self.card(card, &at, content)?);
            if content.inputs.len() > MAX_CARDS {
                let most = ValueProblem::TooMany { most: MAX_CARDS };
                return Err(problem(&join(path, "cards"), most));
            }
        }
        Ok(ImportedPage { name, icon: icon.to_owned(), cards })
    }

    /// A card; `None` when the catalogue does not have its widget.
    fn card(
        &self,
        value: &Value,
        path: &str,
        content: &mut FileContent,
    ) -> Read<Option<ImportedCard>> {
        let card = object(value, path)?;
        let known: &[&str] = match content.format {
            FileFormat::Board => &["widget", "size", "folded", "settings"],
            FileFormat::Template => &["widget", "size", "folded", "settings", "inputs"],
        };
        check_keys(card, path, known)?;
        let widget = text(card, path, "widget")?;
        let size = card.get("size").ok_or_else(|| missing(path, "size"))?;
        let unusable = |key: &str| problem(&join(path, key), ValueProblem::Unusable);
        let size = size.as_str().and_then(CardWidth::from_id).ok_or_else(|| unusable("size"))?;
        let folded = match card.get("folded") {
            None => false,
            Some(folded) => folded.as_bool().ok_or_else(|| wrong_type(&join(path, "folded")))?,
        };
        let Some(known_widget) = self.catalogue.get(widget) else {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            if !(1..=MAX_ID_BYTES).contains(&widget.len()) || !widget.bytes().all(is_plain) {
                return Err(unusable("widget"));
            }
            if !content.unknown_widgets.iter().any(|unknown| unknown == widget) {
                content.unknown_widgets.push(widget.to_owned());
            }
            return Ok(None);
        };
        let manifest = known_widget.manifest();
        // A widget may have become wider since the file was written.
        let size = size.max(manifest.size.smallest);
        let settings = self.settings(card, manifest, path, content.format)?;
        content.inputs.push(inputs(card, manifest, path)?);
        Ok(Some(ImportedCard { widget: manifest.id.clone(), size, folded, settings }))
    }

    fn settings(
        &self,
        card: &Map<String, Value>,
        manifest: &Manifest,
        path: &str,
        format: FileFormat,
    ) -> Read<Settings> {
        let mut settings = Settings::new();
        let Some(values) = card.get("settings") else { return Ok(settings) };
        let path = join(path, "settings");
        for (key, value) in object(values, &path)? {
            if key == TITLE_KEY {
                settings.extend(title(value, &join(&path, key), format)?);
                continue;
            }
            let Some((field, is_label)) = field_of_key(&manifest.fields, key) else {
                return Err(problem(&join(&path, &shown_key(key)), ValueProblem::Unknown));
            };
            let path = join(&path, key);
            if format == FileFormat::Template && (manifest.own || is_personal(field)) {
                return Err(problem(&path, ValueProblem::Personal));
            }
            let value = value.as_str().ok_or_else(|| wrong_type(&path))?;
            let is_control = |c: char| c.is_control() && !(c == '\n' && has_lines(field));
            if value.chars().any(is_control) {
                return Err(problem(&path, ValueProblem::Unusable));
            }
            if is_label {
                if value.len() > MAX_LOOKUP_CHARS * 4 || value.chars().count() > MAX_LOOKUP_CHARS {
                    let error = FieldError::TooLong { max_chars: MAX_LOOKUP_CHARS };
                    return Err(problem(&path, ValueProblem::Field(error)));
                }
                settings.insert(key.clone(), value.to_owned());
                continue;
            }
            match field.validate_with_places(value, self.today, voordeur_gazetteer::find) {
                Ok(Some(value)) => {
                    settings.insert(key.clone(), value);
                }
                // A date that was in bounds when it was typed: the card asks for another one.
                Ok(None) | Err(FieldError::Missing | FieldError::DayOutOfBounds { .. }) => {}
                Err(error) => return Err(problem(&path, ValueProblem::Field(error))),
            }
        }
        Ok(settings)
    }
}

/// The title of a card's own, which only its owner's file has; none when it is empty.
fn title(value: &Value, path: &str, format: FileFormat) -> Read<Option<(String, String)>> {
    if format == FileFormat::Template {
        return Err(problem(path, ValueProblem::Personal));
    }
    let title = value.as_str().ok_or_else(|| wrong_type(path))?.trim();
    if title.chars().any(char::is_control) {
        return Err(problem(path, ValueProblem::Unusable));
    }
    if title.chars().count() > MAX_TITLE_CHARS {
        let error = FieldError::TooLong { max_chars: MAX_TITLE_CHARS };
        return Err(problem(path, ValueProblem::Field(error)));
    }
    Ok((!title.is_empty()).then(|| (TITLE_KEY.to_owned(), title.to_owned())))
}

/// Whether the values of a field have several lines.
fn has_lines(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Lines { .. } | FieldKind::Links | FieldKind::Items)
}

fn inputs(card: &Map<String, Value>, manifest: &Manifest, path: &str) -> Read<Vec<String>> {
    if !card.contains_key("inputs") {
        return Ok(Vec::new());
    }
    let mut inputs = Vec::new();
    for (at, input) in list(card, path, "inputs", manifest.fields.len())?.iter().enumerate() {
        let path = format!("{}[{at}]", join(path, "inputs"));
        let input = input.as_str().ok_or_else(|| wrong_type(&path))?;
        if manifest.field(input).is_none() {
            return Err(problem(&path, ValueProblem::Unknown));
        }
        if inputs.iter().any(|known| known == input) {
            return Err(problem(&path, ValueProblem::Unusable));
        }
        inputs.push(input.to_owned());
    }
    Ok(inputs)
}

fn read_place(place: &Value) -> Read<String> {
    let place = place.as_str().ok_or_else(|| wrong_type("place"))?;
    let unknown = || problem("place", ValueProblem::Field(FieldError::UnknownPlace));
    voordeur_gazetteer::by_postcode(place).map(|place| place.postcode).ok_or_else(unknown)
}

fn check_keys(object: &Map<String, Value>, path: &str, known: &[&str]) -> Read<()> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(problem(&join(path, &shown_key(key)), ValueProblem::Unknown)),
        None => Ok(()),
    }
}

fn object<'a>(value: &'a Value, path: &str) -> Read<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| wrong_type(path))
}

fn text<'a>(object: &'a Map<String, Value>, path: &str, key: &str) -> Read<&'a str> {
    let value = object.get(key).ok_or_else(|| missing(path, key))?;
    value.as_str().ok_or_else(|| wrong_type(&join(path, key)))
}

fn list<'a>(
    object: &'a Map<String, Value>,
    path: &str,
    key: &str,
    most: usize,
) -> Read<&'a [Value]> {
    let value = object.get(key).ok_or_else(|| missing(path, key))?;
    let list = value.as_array().ok_or_else(|| wrong_type(&join(path, key)))?;
    if list.len() > most {
        return Err(problem(&join(path, key), ValueProblem::TooMany { most }));
    }
    Ok(list)
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The beginning of a key that is not ours: it is shown again.
fn shown_key(key: &str) -> String {
    key.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn problem(path: &str, problem: ValueProblem) -> FileProblem {
    FileProblem::Value { path: path.to_owned(), problem }
}

fn wrong_type(path: &str) -> FileProblem {
    problem(path, ValueProblem::WrongType)
}

fn missing(path: &str, key: &str) -> FileProblem {
    problem(&join(path, key), ValueProblem::Missing)
}
