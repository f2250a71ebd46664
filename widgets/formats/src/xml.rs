//! XML as a tree.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value};

use super::{FormatError, line_and_column};

/// Maximum nesting of elements. The tree is traversed recursively, and no public service nests
/// deeper.
const MAX_DEPTH: usize = 64;

/// Maximum number of elements, attributes and texts.
const MAX_NODES: u32 = 2_000_000;

/// Maximum number of namespaces in scope: roxmltree stores a list of all of them for each element
/// that declares one.
const MAX_NAMESPACES: usize = 100;

/// Reads XML into a tree: an element is a map of its attributes (`@name`), its children by local
/// name (always a list), and its text (`#text`). The result is the root element.
pub fn read(text: &str) -> Result<Value, FormatError> {
    Ok(element(parse(text).map_err(FormatError::Xml)?.root_element()))
}

/// Parses a document within bounds and without a document type declaration, which could define
/// entities.
///
/// # Errors
/// The error and its position.
pub fn parse(text: &str) -> Result<Document<'_>, String> {
    let text = text.trim_start();
    if let Some((reason, at)) = beyond_bounds(text) {
        return Err(format!("{reason} at {}", line_and_column(text, at)));
    }
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| with_position(text, &error))
}

/// Checks the bounds before the parser builds a tree: the first excess and its byte offset.
///
/// For text that is not XML the result may be wrong; the parser rejects it anyway.
fn beyond_bounds(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    // The number of namespaces that each open element declares.
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
            let end = start + end_of_tag(rest)?;
            let tag = &text[start..end];
            let declared = tag.matches("xmlns").count();
            if namespaces + declared > MAX_NAMESPACES {
                return Some((format!("more than {MAX_NAMESPACES} namespaces"), start));
            }
            if !tag.ends_with('/') {
                open.push(declared);
                namespaces += declared;
                // The root element does not count.
                if open.len() > MAX_DEPTH + 1 {
                    return Some((format!("nested deeper than {MAX_DEPTH} elements"), start));
                }
            }
            at = end + 1;
        }
    }
    None
}

/// The offset of the `>` that ends a tag; `>` may occur in quoted attribute values.
fn end_of_tag(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    tag.iter().position(|byte| match quote {
        None if matches!(byte, b'"' | b'\'') => {
            quote = Some(*byte);
            false
        }
        None => *byte == b'>',
        Some(open) => {
            if open == *byte {
                quote = None;
            }
            false
        }
    })
}

/// The message of a parser error with its position, which roxmltree does not give for every error.
fn with_position(text: &str, error: &roxmltree::Error) -> String {
    match error {
        roxmltree::Error::DtdDetected => {
            let at = text.find("<!DOCTYPE").unwrap_or_default();
            format!("{error} at {}", line_and_column(text, at))
        }
        _ if error.to_string().contains(':') => error.to_string(),
        _ => format!("{error} before {}", line_and_column(text, text.len())),
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
    fn a_document_type_declaration_is_rejected() {
        let bomb = "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>";
        assert!(matches!(read(bomb), Err(FormatError::Xml(_))));
    }

    #[test]
    fn deep_nesting_is_rejected_without_recursion() {
        let nested = |depth: usize| "<a b='>'>".repeat(depth) + &"</a >".repeat(depth);
        assert!(read(&nested(MAX_DEPTH + 1)).is_ok());
        for depth in [MAX_DEPTH + 2, 500_000] {
            let error = read(&nested(depth)).expect_err("too deep").to_string();
            assert_eq!(error, "not XML: nested deeper than 64 elements at line 1, column 586");
        }
        // Siblings are not nested, nor are start tags in comments and character data.
        let flat = "<a/><b c='/'></b><!-- <a> --><![CDATA[<a>]]><?a <a> ?>".repeat(100);
        assert!(read(&format!("<all>{flat}</all>")).is_ok());
    }

    #[test]
    fn too_many_namespaces_in_scope_are_rejected() {
        let declared =
            |count: usize| (0..count).map(|n| format!(" xmlns:n{n}='u{n}'")).collect::<String>();
        let inner = "<b xmlns:z='z'/>".repeat(50);
        let around = |count| format!("<a{}>{inner}</a>", declared(count));
        assert!(read(&around(MAX_NAMESPACES - 1)).is_ok());
        let error = read(&around(MAX_NAMESPACES)).expect_err("too many").to_string();
        assert!(error.starts_with("not XML: more than 100 namespaces at line 1, "), "{error}");
        let chain: String =
            (0..20).map(|n| format!("<a xmlns:n{n}='u{n}' xmlns:m{n}='u'>")).collect();
        let chains = |times| chain.repeat(times) + &"</a>".repeat(20 * times);
        assert!(read(&chains(2)).is_ok());
        assert!(read(&chains(3)).is_err());
    }
}
