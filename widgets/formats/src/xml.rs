use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value};

use super::{FormatError, place_of};

/// Elements nested deeper than this are refused: no public service needs them, and the tree is walked recursively.
const DEEPEST: usize = 64;

/// No document has more elements, attributes and texts than this.
const MOST_NODES: u32 = 2_000_000;

/// More namespaces than this around one element are refused: each element that declares one gets a list of all that are around it.
const MOST_NAMESPACES: usize = 100;

/// Reads XML into a tree: an element is a map of its attributes (`@name`), its children by local name (always a list), and its text
/// (`#text`). The answer is the root element.
pub fn read(text: &str) -> Result<Value, FormatError> {
    Ok(element(parse(text).map_err(FormatError::Xml)?.root_element()))
}

/// A document within bounds, and without a document type: it could declare entities.
///
/// # Errors
/// What is wrong with it, and where.
pub fn parse(text: &str) -> Result<Document<'_>, String> {
    let text = text.trim_start();
    if let Some((problem, at)) = beyond_bounds(text) {
        return Err(format!("{problem} at {}", place_of(text, at)));
    }
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| told(text, &error))
}

/// What is too much in a document, and where, found before the parser builds anything of it. What is no XML may be seen wrongly here,
/// as the parser refuses it in any case.
fn beyond_bounds(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    // The open elements, by how many namespaces each declares.
    let mut open: Vec<usize> = Vec::new();
    let mut namespaces = 0;
    let mut at = 0;
    let past =
        |from: usize, end: &str| text[from..].find(end).map(|found| from + found + end.len());
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        let rest = &bytes[start..];
        if rest.starts_with(b"<!--") {
            at = past(start, "-->")?;
        } else if rest.starts_with(b"<![CDATA[") {
            at = past(start, "]]>")?;
        } else if rest.starts_with(b"<?") {
            at = past(start, "?>")?;
        } else if rest.starts_with(b"</") {
            namespaces -= open.pop().unwrap_or_default();
            at = past(start, ">")?;
        } else {
            let mut quote = None;
            let end = start
                + rest.iter().position(|byte| match (quote, *byte) {
                    (None, b'"' | b'\'') => {
                        quote = Some(*byte);
                        false
                    }
                    (Some(open), byte) => {
                        if open == byte {
                            quote = None;
                        }
                        false
                    }
                    (None, byte) => byte == b'>',
                })?;
            let tag = &text[start..end];
            let declared = tag.matches("xmlns").count();
            if namespaces + declared > MOST_NAMESPACES {
                return Some((format!("more than {MOST_NAMESPACES} namespaces"), start));
            }
            if !tag.ends_with('/') {
                open.push(declared);
                namespaces += declared;
                // The root is no nesting.
                if open.len() > DEEPEST + 1 {
                    return Some((format!("nested deeper than {DEEPEST} elements"), start));
                }
            }
            at = end + 1;
        }
    }
    None
}

/// A problem with its place; the crate does not tell it of a document type.
fn told(text: &str, error: &roxmltree::Error) -> String {
    match error {
        roxmltree::Error::DtdDetected => {
            let at = text.find("<!DOCTYPE").unwrap_or_default();
            format!("{error} at {}", place_of(text, at))
        }
        _ if error.to_string().contains(':') => error.to_string(),
        _ => format!("{error} before {}", place_of(text, text.len())),
    }
}

fn element(node: Node<'_, '_>) -> Value {
    let mut map = Map::new();
    for attribute in node.attributes() {
        map.insert(format!("@{}", attribute.name()), Value::from(attribute.value()));
    }
    let mut words = String::new();
    for child in node.children() {
        if child.is_element() {
            let name = child.tag_name().name().to_owned();
            let value = element(child);
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
    Value::Object(map)
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
        assert!(matches!(read(bomb), Err(FormatError::Xml(_))));
    }

    #[test]
    fn deep_nesting_is_refused_and_no_stack_is_needed_for_that() {
        let nested = |depth: usize| "<a b='>'>".repeat(depth) + &"</a >".repeat(depth);
        assert!(read(&nested(DEEPEST + 1)).is_ok());
        for depth in [DEEPEST + 2, 500_000] {
            let refused = read(&nested(depth)).expect_err("too deep").to_string();
            assert_eq!(refused, "not XML: nested deeper than 64 elements at line 1, column 586");
        }
        // What is beside each other is not nested, nor what only looks like a start.
        let flat = "<a/><b c='/'></b><!-- <a> --><![CDATA[<a>]]><?a <a> ?>".repeat(100);
        assert!(read(&format!("<all>{flat}</all>")).is_ok());
    }

    #[test]
    fn namespaces_that_would_fill_the_memory_are_refused() {
        let declared =
            |count: usize| (0..count).map(|n| format!(" xmlns:n{n}='u{n}'")).collect::<String>();
        let inner = "<b xmlns:z='z'/>".repeat(50);
        let around = |count| format!("<a{}>{inner}</a>", declared(count));
        assert!(read(&around(MOST_NAMESPACES - 1)).is_ok());
        let refused = read(&around(MOST_NAMESPACES)).expect_err("too many").to_string();
        assert!(refused.starts_with("not XML: more than 100 namespaces at line 1, "), "{refused}");
        let chain: String =
            (0..20).map(|n| format!("<a xmlns:n{n}='u{n}' xmlns:m{n}='u'>")).collect();
        let chains = |times| chain.repeat(times) + &"</a>".repeat(20 * times);
        assert!(read(&chains(2)).is_ok());
        assert!(read(&chains(3)).is_err());
    }
}
