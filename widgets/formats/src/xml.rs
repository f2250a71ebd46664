//! XML as a tree.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::{FormatError, ParseError, line_and_column, tree};

/// Maximum nesting of elements. The tree is traversed recursively, and no public service nests
/// deeper.
const MAX_DEPTH: usize = 64;

/// Maximum number of attributes of an element: the parser compares each with all others.
const MAX_ATTRIBUTES: usize = 256;

/// Maximum number of namespaces in scope: roxmltree stores a list of all of them for each element
/// that declares one, and compares them with the prefix of each name.
const MAX_NAMESPACES: usize = 100;

/// The memory of a node and of an attribute of roxmltree, whose types are private.
const NODE: usize = 88;
const ATTRIBUTE: usize = 80;

/// An error message with names from the document is cut off here.
const MAX_MESSAGE_CHARS: usize = 200;

/// Reads XML into a tree: an element is a map of its attributes (`@name`), its children by local
/// name (always a list), and its text (`#text`). The result is the root element.
pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    let document = parse(text, budget).map_err(|error| error.within(FormatError::Xml))?;
    Ok(element(document.root_element(), budget)?)
}

/// Parses a document within bounds and without a document type declaration, which could define
/// entities.
///
/// # Errors
/// The error and its position.
pub fn parse<'a>(text: &'a str, budget: &Budget) -> Result<Document<'a>, ParseError> {
    let text = text.trim_start();
    if let Some((reason, at)) = Scan::new(text, budget).run()? {
        return Err(ParseError::Syntax(format!("{reason} at {}", line_and_column(text, at))));
    }
    let nodes_limit = u32::try_from(budget.limits().nodes).unwrap_or(u32::MAX);
    let options = ParsingOptions { allow_dtd: false, nodes_limit, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => ParseError::OverBudget(Exhausted::Nodes),
        error => ParseError::Syntax(with_position(text, &error)),
    })
}

/// Checks the bounds, and charges what the parser will take, before it builds a document.
///
/// For text that is not XML the result may be wrong behind the first error, where the parser ends
/// anyway.
struct Scan<'t, 'b> {
    text: &'t str,
    budget: &'b Budget,
    /// The number of namespaces that each open element declares.
    open: Vec<usize>,
    namespaces: usize,
    at: usize,
}

impl<'t, 'b> Scan<'t, 'b> {
    fn new(text: &'t str, budget: &'b Budget) -> Self {
        Self { text, budget, open: Vec::new(), namespaces: 0, at: 0 }
    }

    /// The first excess and its byte offset.
    fn run(mut self) -> Result<Option<(String, usize)>, Exhausted> {
        while let Some(start) = self.text[self.at..].find('<').map(|found| self.at + found) {
            self.budget.charge_steps(1)?;
            let rest = &self.text[start..];
            let (is_closed, is_tag) = if rest.starts_with("<!--") {
                (self.skip_past(start, "-->"), false)
            } else if rest.starts_with("<![CDATA[") {
                (self.skip_past(start, "]]>"), false)
            } else if rest.starts_with("<?") {
                (self.skip_past(start, "?>"), false)
            } else if rest.starts_with("</") {
                self.namespaces -= self.open.pop().unwrap_or_default();
                (self.skip_past(start, ">"), false)
            } else {
                (true, true)
            };
            if !is_closed {
                break;
            }
            if is_tag {
                let Some(tag) = Tag::of(rest) else { break };
                if let Some(reason) = self.enter(&tag)? {
                    return Ok(Some((reason, start)));
                }
                self.at = start + tag.length;
            }
        }
        self.charge_document()?;
        Ok(None)
    }

    /// Continues behind the next `end`, if there is one.
    fn skip_past(&mut self, start: usize, end: &str) -> bool {
        let found = self.text[start..].find(end);
        self.at = found.map_or(self.text.len(), |found| start + found + end.len());
        found.is_some()
    }

    /// The parser allocates as many nodes as there are `<`, and as many attributes as there are
    /// `=`; when the texts between the tags need more, it doubles the nodes.
    fn charge_document(&self) -> Result<(), Exhausted> {
        let bytes = self.text.as_bytes();
        let tags = bytes.iter().filter(|byte| **byte == b'<').count();
        let attributes = bytes.iter().filter(|byte| **byte == b'=').count();
        let ends = self.text.matches("</").count();
        let texts = bytes.windows(2).filter(|pair| pair[1] == b'<' && pair[0] != b'>').count();
        let nodes = if 1 + tags - ends + texts > tags { tags * 3 } else { tags };
        self.budget.charge_steps(bytes.len() / 16)?;
        self.budget.charge_bytes(nodes * NODE + attributes * ATTRIBUTE)?;
        // Texts and values with references are copied.
        if self.text.contains(['&', '\r']) {
            self.budget.charge_bytes(bytes.len())?;
        }
        Ok(())
    }

    /// Enters an element: the reason why it is beyond bounds, if it is.
    fn enter(&mut self, tag: &Tag) -> Result<Option<String>, Exhausted> {
        if tag.attributes > MAX_ATTRIBUTES {
            return Ok(Some(format!("more than {MAX_ATTRIBUTES} attributes")));
        }
        let in_scope = self.namespaces + tag.namespaces;
        if in_scope > MAX_NAMESPACES {
            return Ok(Some(format!("more than {MAX_NAMESPACES} namespaces")));
        }
        // Each attribute is compared with all others, and each prefix with all namespaces. An
        // element that declares a namespace compares its own with those in scope, and lists all.
        let attributes = tag.attributes * tag.attributes / 2;
        let prefixes = (tag.attributes + 1) * in_scope;
        let declarations = if tag.namespaces > 0 { in_scope * in_scope } else { 0 };
        self.budget.charge_steps((attributes + prefixes + declarations) / 4)?;
        if tag.namespaces > 0 {
            self.budget.charge_bytes(in_scope * 8 + tag.namespaces * 2 * NODE)?;
        }
        if !tag.is_empty {
            self.open.push(tag.namespaces);
            self.namespaces = in_scope;
            // The root element does not count.
            if self.open.len() > MAX_DEPTH + 1 {
                return Ok(Some(format!("nested deeper than {MAX_DEPTH} elements")));
            }
        }
        Ok(None)
    }
}

/// The parts of a start tag that readers use.
struct Tag {
    /// Its length with both brackets.
    length: usize,
    attributes: usize,
    namespaces: usize,
    is_empty: bool,
}

impl Tag {
    /// The tag at the start of a text; `>` may occur in quoted attribute values.
    fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut quote = None;
        let mut attributes = 0;
        let end = bytes.iter().position(|byte| match quote {
            None => {
                match byte {
                    b'"' | b'\'' => quote = Some(*byte),
                    b'=' => attributes += 1,
                    _ => {}
                }
                *byte == b'>'
            }
            Some(open) => {
                if open == *byte {
                    quote = None;
                }
                false
            }
        })?;
        let tag = &text[..end];
        let namespaces = tag.matches("xmlns").count();
        Some(Self { length: end + 1, attributes, namespaces, is_empty: tag.ends_with('/') })
    }
}

/// The message of a parser error with its position, which roxmltree does not give for every error.
fn with_position(text: &str, error: &roxmltree::Error) -> String {
    match error {
        roxmltree::Error::DtdDetected => {
            let at = text.find("<!DOCTYPE").unwrap_or_default();
            format!("{error} at {}", line_and_column(text, at))
        }
        _ if error.to_string().contains(':') => {
            let message = error.to_string();
            match message.char_indices().nth(MAX_MESSAGE_CHARS) {
                Some((end, _)) => format!("{}… at {}", &message[..end], error.pos()),
                None => message,
            }
        }
        _ => format!("{error} before {}", line_and_column(text, text.len())),
    }
}

fn element(node: Node<'_, '_>, budget: &Budget) -> Result<Value, Exhausted> {
    let mut map = Map::new();
    for attribute in node.attributes() {
        let value = tree::text(budget, attribute.value())?;
        let name = attribute.name();
        budget.charge_bytes(tree::string_bytes(name.len() + 1))?;
        tree::insert_owned(budget, &mut map, format!("@{name}"), value)?;
    }
    let mut length = 0;
    for child in node.children() {
        if child.is_element() {
            let value = element(child, budget)?;
            let name = child.tag_name().name();
            if !map.contains_key(name) {
                tree::insert(budget, &mut map, name, Value::Array(Vec::new()))?;
            }
            if let Some(Value::Array(list)) = map.get_mut(name) {
                tree::push_value(budget, list, value)?;
            }
        } else if child.is_text() {
            length += child.text().unwrap_or_default().len();
        }
    }
    if length > 0 {
        budget.charge_bytes(tree::string_bytes(length))?;
        let mut words = String::with_capacity(length);
        for child in node.children().filter(Node::is_text) {
            words.push_str(child.text().unwrap_or_default());
        }
        let words = words.trim();
        if !words.is_empty() {
            let words = tree::text(budget, words)?;
            tree::insert(budget, &mut map, "#text", words)?;
        }
    }
    Ok(Value::Object(map))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, FormatError> {
        super::read(text, &Budget::default())
    }

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
    fn too_many_attributes_are_rejected() {
        let tag = |count: usize| {
            let attributes: String = (0..count).map(|n| format!(" a{n}='='")).collect();
            format!("<b{attributes}/>")
        };
        assert!(read(&tag(MAX_ATTRIBUTES)).is_ok());
        let error = read(&tag(MAX_ATTRIBUTES + 1)).expect_err("too many").to_string();
        assert_eq!(error, "not XML: more than 256 attributes at line 1, column 1");
    }

    #[test]
    fn error_messages_are_short() {
        let error = read(&format!("<{0}></{0}y>", "x".repeat(9_000))).expect_err("not XML");
        let message = error.to_string();
        assert!(message.len() < 300 && message.contains(" at 1:9003"), "{message}");
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
