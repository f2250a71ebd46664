//! What is said to a screen reader at each step. The words are the page's, in the citizen's language.

use super::dom;

/// Says one of the page's texts, with what stands in braces filled in.
pub fn say(key: &str, blanks: &[(&str, &str)]) {
    let Some(document) = dom::document() else { return };
    let Some(words) = document
        .get_element_by_id("arranging-words")
        .and_then(|words| words.get_attribute(&["data-say-", key].concat()))
    else {
        return;
    };
    if let Some(announcer) = document.get_element_by_id("announcer") {
        // The same words twice are a change only when something was in between.
        announcer.set_text_content(None);
        announcer.set_text_content(Some(&filled(&words, blanks)));
    }
}

/// A text with its blanks filled in; what fills one is not looked into again, whatever a title holds.
fn filled(words: &str, blanks: &[(&str, &str)]) -> String {
    let mut said = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        said.push_str(before);
        said.push_str(blanks.iter().find(|blank| blank.0 == name).map_or("", |blank| blank.1));
        rest = after;
    }
    said + rest
}
