//! The words of an element, decoded exactly as often as they were encoded, and their language.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use voordeur_widget_api::Exhausted;

use super::markup::Element;
use super::{Names, Reader, html, tree};

/// Longer texts are no language tags.
const MAX_TAG_BYTES: usize = 35;

/// The kind of an element's text, once its XML is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextKind {
    Plain,
    Html,
    /// RSS does not say which of the two it is.
    Unknown,
    /// HTML in Base64, or a picture.
    Encoded,
}

impl Reader<'_> {
    /// The plain text of an element, on one line.
    pub(super) fn words(self, element: &Element<'_>) -> Result<String, Exhausted> {
        let text = element.text(self.budget)?;
        match self.kind_of(element) {
            TextKind::Html => html::charged_once(&text, self.budget),
            TextKind::Unknown if html::is_html(&text) => html::charged_once(&text, self.budget),
            TextKind::Plain | TextKind::Unknown => {
                self.budget.charge_bytes(tree::string_bytes(text.len()))?;
                Ok(html::one_line(&text))
            }
            TextKind::Encoded => match self.decoded(&text)? {
                Some(html) => html::charged_once(&html, self.budget),
                None => Ok(String::new()),
            },
        }
    }

    /// The plain text of the first of these child elements that has any, or null.
    pub(super) fn text_of(
        self,
        element: &Element<'_>,
        names: Names<'_>,
    ) -> Result<Value, Exhausted> {
        self.budget.charge_steps(element.child_count())?;
        for (prefix, name) in names {
            for child in element.elements().filter(|child| child.is(prefix, name)) {
                let text = self.words(child)?;
                if !text.is_empty() {
                    return Ok(text.into());
                }
            }
        }
        Ok(Value::Null)
    }

    fn kind_of(self, element: &Element<'_>) -> TextKind {
        // Markup as such, rather than as text.
        let has_elements = element.elements().next().is_some();
        let is_atom_text = self.is_atom && element.prefix.is_empty() || element.prefix == "atom";
        let media_type = element.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if element.is("content", "encoded") && !has_elements {
            return TextKind::Html;
        }
        if !is_atom_text {
            return match media_type {
                _ if has_elements => TextKind::Plain,
                "html" | "text/html" => TextKind::Html,
                _ => TextKind::Unknown,
            };
        }
        if element.attribute("mode").is_some_and(|mode| mode.eq_ignore_ascii_case("base64")) {
            return TextKind::Encoded;
        }
        // Atom 0.3 had `mode`, which says how often a text was encoded.
        let mode = element.attribute("mode").unwrap_or_default().to_ascii_lowercase();
        match media_type {
            "" | "text" if mode == "escaped" && !has_elements => TextKind::Html,
            "html" | "text/html" if !has_elements && mode != "xml" => TextKind::Html,
            // The publisher encoded what should stand there as markup.
            "xhtml" | "application/xhtml+xml" if !has_elements => TextKind::Unknown,
            "" | "text" | "html" | "xhtml" => TextKind::Plain,
            kind if kind.starts_with("text/") || kind.ends_with("xml") => TextKind::Plain,
            kind if kind.contains('/') => TextKind::Encoded,
            _ => TextKind::Plain,
        }
    }

    /// The text in Base64 (RFC 4287, section 4.1.3.3); `None` for what is no text.
    fn decoded(self, base64: &str) -> Result<Option<String>, Exhausted> {
        self.budget.charge_bytes(base64.len().saturating_mul(2))?;
        self.budget.charge_steps(base64.len() / 16)?;
        let base64: String = base64.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(base64).ok();
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// The language that an element says its text is in, or null.
    pub(super) fn language_of(self, element: &Element<'_>) -> Result<Value, Exhausted> {
        let language = element.attribute("xml:lang");
        let language = language.filter(|tag| is_tag(tag)).map(|tag| tag.replace('_', "-"));
        tree::optional(self.budget, language.as_deref())
    }

    /// The language of an item: of its title, its own, or that of the feed.
    pub(super) fn language_of_item(
        self,
        item: &Element<'_>,
        of_feed: &Value,
    ) -> Result<Value, Exhausted> {
        let title = item.elements().find(|child| child.is("", "title"));
        for element in title.into_iter().chain([item]) {
            let language = self.language_of(element)?;
            if !language.is_null() {
                return Ok(language);
            }
        }
        match self.text_of(item, &[("dc", "language")])? {
            Value::String(tag) if is_tag(&tag) => Ok(Value::String(tag)),
            _ => tree::copy(self.budget, of_feed),
        }
    }
}

/// Whether a text has the form of a language tag (BCP 47).
fn is_tag(tag: &str) -> bool {
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    tag.len() <= MAX_TAG_BYTES
        && tag.starts_with(|first: char| first.is_ascii_alphabetic())
        && tag.bytes().all(is_inside)
}
