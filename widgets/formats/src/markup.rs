//! XML that need not be well-formed: the feeds of real publishers.
//!
//! No crate serves as a whole: XML parsers reject such documents, HTML parsers move or drop the
//! elements of a feed, and `xml5ever`'s tree builder brings a DOM and its own rules for namespaces.
//! So this module uses the tokenizer of `xml5ever` and builds a small tree with rules of recovery
//! for feeds. Entities that a document declares are not expanded; only the predefined ones of XML
//! and the named ones of HTML are.

use std::cell::{Cell, RefCell};

use xml5ever::buffer_queue::BufferQueue;
use xml5ever::tendril::StrTendril;
use xml5ever::tokenizer as xml;

use super::html::is_inline;

/// Elements nested deeper become children at this depth, so that recursion over the tree cannot
/// exhaust the stack.
const MAX_DEPTH: usize = 64;

/// Attributes of an element beyond this many are dropped: namespaces are looked up in the
/// attributes of all ancestors.
const MAX_ATTRIBUTES: usize = 50;

/// An element.
#[derive(Debug, Default)]
pub struct Element {
    /// The conventional prefix of the namespace, whatever prefix the document uses; empty for the
    /// namespaces of Atom and RSS and for none.
    pub prefix: String,
    /// The local name.
    pub name: String,
    /// Names, with the document's own prefixes, and values.
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

/// A child of an element.
#[derive(Debug)]
pub enum Node {
    /// Text, with its entities decoded.
    Text(String),
    Element(Element),
}

impl Element {
    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Whether the element has this conventional prefix and local name, in any case.
    pub fn is(&self, prefix: &str, name: &str) -> bool {
        self.prefix == prefix && self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute, by its name with the document's own prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// The text of the element and its descendants. Elements that are not inline in HTML are
    /// separated by a space.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.append_text(&mut text);
        text
    }

    fn append_text(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => {
                    if matches!(element.name.as_str(), "script" | "style") {
                        continue;
                    }
                    let is_block = !is_inline(&element.name);
                    if is_block {
                        out.push(' ');
                    }
                    element.append_text(out);
                    if is_block {
                        out.push(' ');
                    }
                }
            }
        }
    }
}

/// A document that may be ill-formed.
pub struct Document {
    /// An unnamed element that contains the document.
    pub root: Element,
    /// Whether the end tag of the first element is missing, so that the document is probably
    /// incomplete.
    pub truncated: bool,
}

/// Parses a document; every text gives a tree.
pub fn parse(text: &str) -> Document {
    let sink = TreeBuilder::default();
    let tokenizer = xml::XmlTokenizer::new(sink, xml::XmlTokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(without_doctype(text.trim_start()).as_str()));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.finish()
}

/// The text without its document type declaration, which the tokenizer would return as text.
fn without_doctype(text: &str) -> String {
    let Some(start) = text.find("<!DOCTYPE").or_else(|| text.find("<!doctype")) else {
        return text.to_owned();
    };
    // Within a CDATA section it is text.
    if text[..start].contains("<![CDATA[") {
        return text.to_owned();
    }
    let rest = &text[start..];
    let subset = rest.find('[').filter(|open| rest.find('>').is_some_and(|end| *open < end));
    let end = match subset {
        Some(open) => rest[open..].find("]").and_then(|close| {
            let close = open + close;
            rest[close..].find('>').map(|end| close + end)
        }),
        None => rest.find('>'),
    };
    match end {
        Some(end) => format!("{}{}", &text[..start], &rest[end + 1..]),
        None => text[..start].to_owned(),
    }
}

#[derive(Default)]
struct TreeBuilder {
    /// The open elements, outermost first; the first is unnamed and contains the document.
    open: RefCell<Vec<Element>>,
    /// Whether the end tag of the first element was seen.
    is_complete: Cell<bool>,
    /// The number of open elements beyond `MAX_DEPTH`.
    too_deep: Cell<usize>,
}

impl TreeBuilder {
    fn finish(&self) -> Document {
        let mut open = self.open.borrow_mut();
        let truncated = open.len() > 1 && !self.is_complete.get();
        while open.len() > 1 {
            close(&mut open);
        }
        Document { root: open.pop().unwrap_or_default(), truncated }
    }

    fn add_text(&self, text: &str) {
        let mut open = self.open.borrow_mut();
        if open.is_empty() {
            open.push(Element::default());
        }
        if let Some(last) = open.last_mut() {
            match last.children.last_mut() {
                Some(Node::Text(last)) => last.push_str(text),
                _ => last.children.push(Node::Text(text.to_owned())),
            }
        }
    }

    fn start(&self, tag: &xml::Tag, empty: bool) {
        let mut open = self.open.borrow_mut();
        if open.is_empty() {
            open.push(Element::default());
        }
        let attributes: Vec<(String, String)> = tag
            .attrs
            .iter()
            .take(MAX_ATTRIBUTES)
            .map(|attribute| {
                let local = &attribute.name.local;
                let name = match &attribute.name.prefix {
                    Some(prefix) => format!("{prefix}:{local}"),
                    None => local.to_string(),
                };
                (name, attribute.value.to_string())
            })
            .collect();
        let prefix = tag.name.prefix.as_ref().map_or("", |prefix| prefix);
        let key = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        let declared = std::iter::once(&attributes)
            .chain(open.iter().rev().map(|element| &element.attributes))
            .find_map(|attributes| attributes.iter().find(|(name, _)| *name == key))
            .map(|(_, uri)| uri.as_str());
        let prefix = match declared {
            Some(uri) => conventional_prefix(uri, prefix),
            None => prefix.to_owned(),
        };
        let element =
            Element { prefix, name: tag.name.local.to_string(), attributes, children: Vec::new() };
        // An item without an end tag does not contain the next item.
        let is_item = |element: &Element| element.is("", "item") || element.is("", "entry");
        if is_item(&element)
            && let Some(at) = open.iter().position(is_item)
        {
            while open.len() > at {
                close(&mut open);
            }
        }
        if open.len() > MAX_DEPTH {
            if let Some(last) = open.last_mut() {
                last.children.push(Node::Element(element));
            }
            if !empty {
                self.too_deep.set(self.too_deep.get() + 1);
            }
            return;
        }
        open.push(element);
        if empty {
            close(&mut open);
        }
    }

    fn end(&self, tag: &xml::Tag) {
        let mut open = self.open.borrow_mut();
        let name = &*tag.name.local;
        // Some feeds write the end tag in another case than the start tag.
        if open.get(1).is_some_and(|first| first.name.eq_ignore_ascii_case(name)) {
            self.is_complete.set(true);
        }
        let found = open.iter().skip(1).rposition(|element| element.name == *name);
        if self.too_deep.get() > 0 && !matches!(found, Some(at) if at + 2 < open.len()) {
            self.too_deep.set(self.too_deep.get() - 1);
            return;
        }
        // An end tag without a start tag is ignored; one of an outer element closes the inner ones
        // too.
        if let Some(at) = found {
            self.too_deep.set(0);
            while open.len() > at + 1 {
                close(&mut open);
            }
        }
    }
}

/// Closes the innermost element.
fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(element) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(Node::Element(element));
    }
}

impl xml::TokenSink for TreeBuilder {
    type Handle = ();

    fn process_token(&self, token: xml::Token) -> xml::ProcessResult<()> {
        match token {
            xml::Token::Characters(text) => self.add_text(&text),
            xml::Token::Tag(tag) => match tag.kind {
                xml::TagKind::StartTag => self.start(&tag, false),
                xml::TagKind::EmptyTag => self.start(&tag, true),
                xml::TagKind::EndTag | xml::TagKind::ShortTag => self.end(&tag),
            },
            _ => {}
        }
        xml::ProcessResult::Continue
    }
}

/// The conventional prefix of a namespace; for an unknown one the document's own.
fn conventional_prefix(uri: &str, own: &str) -> String {
    let uri = uri.trim().trim_end_matches(['/', '#']).to_ascii_lowercase();
    let rest = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    let prefix = match rest {
        "www.w3.org/2005/atom" | "purl.org/atom/ns" | "purl.org/rss/1.0" | "" => "",
        "backend.userland.com/rss2" | "my.netscape.com/rdf/simple/0.9" => "",
        "www.w3.org/1999/02/22-rdf-syntax-ns" => "rdf",
        "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" => "dc",
        "purl.org/dc/terms" => "dcterms",
        "purl.org/rss/1.0/modules/content" => "content",
        "search.yahoo.com/mrss" => "media",
        "www.georss.org/georss" | "www.georss.org/georss/10" => "georss",
        "www.w3.org/2003/01/geo/wgs84_pos" => "geo",
        "www.opengis.net/gml" | "www.opengis.net/gml/3.2" => "gml",
        "www.w3.org/1999/xhtml" => "xhtml",
        // Some feeds use the URL of the documentation of RSS as the namespace.
        _ if own.is_empty() && (rest.contains("rss") || rest.contains("atom")) => "",
        _ => own,
    };
    prefix.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_end_tag_is_implied_by_that_of_the_parent() {
        let root = parse("<rss><channel><item><title>a<item><title>b</item></rss>").root;
        let rss = root.elements().next().expect("a root element");
        let channel = rss.elements().next().expect("a channel");
        let items: Vec<String> =
            channel.elements().map(|item| item.text().trim().to_owned()).collect();
        assert_eq!(items, ["a", "b"]);
    }

    #[test]
    fn declared_entities_are_not_expanded() {
        let root = parse("<!DOCTYPE x [<!ENTITY a 'bomb'>]><x>&a;&eacute;</x>").root;
        assert_eq!(root.text().trim(), "&a;é");
    }
}
