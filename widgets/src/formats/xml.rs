use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value};

use super::{FormatProblem, place_of};

/// Elements nested deeper than this are refused: no public service needs them, and the tree is walked recursively.
const DEEPEST: usize = 64;

/// Reads XML into a tree: an element is a map of its attributes (`@name`), its children by local name (always a list), and its text
/// (`#text`). The answer is the root element.
pub fn read(text: &str) -> Result<Value, FormatProblem> {
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text.trim_start(), options)
        .map_err(|error| FormatProblem::Xml(told(text, &error)))?;
    element(document.root_element(), 0)
}

/// A problem with its place; the crate does not tell it of a document type.
pub fn told(text: &str, error: &roxmltree::Error) -> String {
    match error {
        roxmltree::Error::DtdDetected => {
            let at = text.find("<!DOCTYPE").unwrap_or_default();
            format!("{error} at {}", place_of(text, at))
        }
        _ if error.to_string().contains(':') => error.to_string(),
        _ => format!("{error} before {}", place_of(text, text.len())),
    }
}

fn element(node: Node<'_, '_>, depth: usize) -> Result<Value, FormatProblem> {
    if depth > DEEPEST {
        let at = node.document().text_pos_at(node.range().start);
        let place = format!("line {}, column {}", at.row, at.col);
        return Err(FormatProblem::Xml(format!(
            "nested deeper than {DEEPEST} elements at {place}"
        )));
    }
    let mut map = Map::new();
    for attribute in node.attributes() {
        map.insert(format!("@{}", attribute.name()), Value::from(attribute.value()));
    }
    let mut words = String::new();
    for child in node.children() {
        if child.is_element() {
            let name = child.tag_name().name().to_owned();
            let value = element(child, depth + 1)?;
            if let Value::Array(list) = map.entry(name).or_insert_with(|| Value::Array(Vec::new()))
            {
                list.push(value);
            }
        } else if child.is_text() {
            words.push_str(child.text().unwrap_or_default());
        }
    }
    let words = words.trim();
    if !words.is_empty() {
        map.insert("#text".to_owned(), Value::from(words));
    }
    Ok(Value::Object(map))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn namespaces_are_dropped_and_children_are_lists() {
        let tree = read(
            "<?xml version='1.0'?><feed xmlns:cap='urn:x'><entry><cap:event>Wind &amp; rain</cap:event><link href='h'/></entry></feed>",
        );
        assert_eq!(
            tree,
            Ok(json!({"entry": [{"event": [{"#text": "Wind & rain"}], "link": [{"@href": "h"}]}]}))
        );
    }

    #[test]
    fn a_document_type_is_refused() {
        let bomb = "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>";
        assert!(matches!(read(bomb), Err(FormatProblem::Xml(_))));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = "<a>".repeat(500) + &"</a>".repeat(500);
        assert!(matches!(read(&deep), Err(FormatProblem::Xml(_))));
    }
}
