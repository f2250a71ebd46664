//! Screen-reader announcements for each step. The page carries the texts, in the citizen's
//! language.

use super::dom;

/// The id of the element whose attributes are the texts.
const WORDS: &str = "arranging-words";

/// Announces one of the page's texts, with its `{placeholders}` filled in.
pub fn say(key: &str, arguments: &[(&str, &str)]) {
    let Some(document) = dom::document() else { return };
    let Some(words) = word(&["data-say-", key].concat()) else { return };
    if let Some(announcer) = document.get_element_by_id("announcer") {
        // Live regions announce changes only: clear the region first, so that a repeated text is
        // announced.
        announcer.set_text_content(None);
        announcer.set_text_content(Some(&fill_in(&words, arguments)));
    }
}

/// A width in words, such as "two columns".
pub fn width_in_words(width: &str) -> String {
    word(&["data-width-", width].concat()).unwrap_or_default()
}

fn word(attribute: &str) -> Option<String> {
    dom::document()?.get_element_by_id(WORDS)?.get_attribute(attribute)
}

/// Fills in the placeholders of a text. Inserted values are not scanned again, so braces in a title
/// are harmless.
fn fill_in(words: &str, arguments: &[(&str, &str)]) -> String {
    let mut said = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        said.push_str(before);
        said.push_str(arguments.iter().find(|blank| blank.0 == name).map_or("", |blank| blank.1));
        rest = after;
    }
    said + rest
}
