//! XML that need not be well-formed: the feeds of real publishers.
//!
//! No crate serves as a whole: XML parsers reject such documents, HTML parsers move or drop the
//! elements of a feed. So this module builds a small tree from the tokens, with rules of recovery
//! for feeds. Entities that a document declares are not expanded; only the predefined ones of XML
//! and the named ones of HTML are.

use std::borrow::Cow;

use voordeur_widget_api::{Budget, Exhausted};

use super::html::is_inline;
use super::tokens::{Syntax, Tag, Token, Tokens, decode, decoded_length};
use super::tree;

/// Elements nested deeper become children at this depth, so that recursion over the tree cannot
/// exhaust the stack.
const MAX_DEPTH: usize = 64;

/// The attributes that mean something in a feed; others are dropped.
const ATTRIBUTES: [&str; 13] = [
    "xml:base",
    "xml:lang",
    "href",
    "hreflang",
    "rel",
    "src",
    "type",
    "mode",
    "label",
    "term",
    "text",
    "isPermaLink",
    "rdf:about",
];

/// Maximum number of namespaces in scope, which are compared with the prefix of each element;
/// further ones are not known.
const MAX_NAMESPACES: usize = 100;

/// Longer namespaces are none that is known.
const MAX_NAMESPACE_BYTES: usize = 300;

/// An element. Names and texts are slices of the document.
#[derive(Debug, Default)]
pub struct Element<'a> {
    /// The conventional prefix of the namespace, whatever prefix the document uses; empty for the
    /// namespaces of Atom and RSS and for none.
    pub prefix: &'a str,
    /// The local name.
    pub name: &'a str,
    /// Those of [`ATTRIBUTES`], with the document's own prefixes, and their values with their
    /// character references.
    attributes: Vec<(&'a str, &'a str)>,
    children: Vec<Node<'a>>,
}

/// A child of an element.
#[derive(Debug)]
enum Node<'a> {
    /// Text with its character references.
    Text(&'a str),
    /// Text without character references.
    CharacterData(&'a str),
    Element(Element<'a>),
}

impl<'a> Element<'a> {
    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::CharacterData(_) => None,
        })
    }

    /// The number of children, texts included.
    pub fn child_count(&self) -> usize {
        self.children.len()
    }

    /// Whether the element has this conventional prefix and local name, in any case.
    pub fn is(&self, prefix: &str, name: &str) -> bool {
        self.prefix == prefix && self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute, by its name with the document's own prefix.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let (_, value) = self.attributes.iter().find(|(key, _)| *key == name)?;
        Some(match decode(value.trim(), true) {
            Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
            Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
        })
    }

    /// The text of the element and its descendants. Elements that are not inline in HTML are
    /// separated by a space.
    pub fn text(&self, budget: &Budget) -> Result<String, Exhausted> {
        let (length, nodes) = self.text_size();
        let length = decoded_length(length);
        budget.charge_steps(nodes.saturating_add(length / 16))?;
        budget.charge_bytes(tree::string_bytes(length))?;
        let mut text = String::with_capacity(length);
        self.append_text(&mut text);
        Ok(text)
    }

    /// An upper bound of the length of the text before it is decoded, and the number of nodes that
    /// it comes from.
    fn text_size(&self) -> (usize, usize) {
        self.children.iter().fold((0, 1), |(length, nodes), node| match node {
            Node::Text(text) | Node::CharacterData(text) => (length + text.len(), nodes + 1),
            Node::Element(element) => {
                let (inner_length, inner_nodes) = element.text_size();
                // A space on both sides.
                (length + inner_length + 2, nodes + inner_nodes)
            }
        })
    }

    fn append_text(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => out.push_str(&decode(text, false)),
                Node::CharacterData(text) => out.push_str(text),
                Node::Element(element) => {
                    if matches!(element.name, "script" | "style") {
                        continue;
                    }
                    let is_block = !is_inline(element.name);
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
pub struct Document<'a> {
    /// An unnamed element that contains the document.
    pub root: Element<'a>,
    /// Whether the end tag of the first element is missing, so that the document is probably
    /// incomplete.
    pub truncated: bool,
}

/// Parses a document; every text gives a tree, within the budget.
pub fn parse<'a>(text: &'a str, budget: &Budget) -> Result<Document<'a>, Exhausted> {
    let mut builder = TreeBuilder {
        budget,
        open: vec![Element::default()],
        scopes: Vec::new(),
        is_complete: false,
        too_deep: 0,
    };
    for token in Tokens::new(text.trim_start(), Syntax::Xml) {
        budget.charge_steps(1)?;
        match token {
            Token::Text(text) => builder.add(Node::Text(text))?,
            Token::CharacterData(text) => builder.add(Node::CharacterData(text))?,
            Token::Start(tag) => builder.start(tag)?,
            Token::End(name) => builder.end(local_name(name).1)?,
        }
    }
    builder.finish()
}

struct TreeBuilder<'a, 'b> {
    budget: &'b Budget,
    /// The open elements, outermost first; the first is unnamed and contains the document.
    open: Vec<Element<'a>>,
    /// The namespaces in scope, innermost last.
    scopes: Vec<Scope<'a>>,
    /// Whether the end tag of the first element was seen.
    is_complete: bool,
    /// The number of open elements beyond `MAX_DEPTH`.
    too_deep: usize,
}

/// A declared namespace.
struct Scope<'a> {
    /// The number of elements around the one that declares it.
    depth: usize,
    /// The document's own prefix.
    own: &'a str,
    /// The conventional one, which is looked up once and not for each element.
    conventional: &'a str,
}

impl<'a> TreeBuilder<'a, '_> {
    fn finish(mut self) -> Result<Document<'a>, Exhausted> {
        let truncated = self.open.len() > 1 && !self.is_complete;
        self.close_down_to(1)?;
        Ok(Document { root: self.open.pop().unwrap_or_default(), truncated })
    }

    /// Adds a child to the innermost open element.
    fn add(&mut self, node: Node<'a>) -> Result<(), Exhausted> {
        self.budget.charge_nodes(1)?;
        match self.open.last_mut() {
            Some(parent) => tree::push(self.budget, &mut parent.children, node),
            None => Ok(()),
        }
    }

    fn start(&mut self, tag: Tag<'a>) -> Result<(), Exhausted> {
        let outer_scopes = self.scopes.len();
        let element = self.element(tag)?;
        // An item without an end tag does not contain the next item.
        let is_item = |element: &Element<'_>| element.is("", "item") || element.is("", "entry");
        if is_item(&element)
            && let Some(at) = self.open.iter().position(is_item)
        {
            let own_scopes = self.scopes.split_off(outer_scopes);
            self.close_down_to(at)?;
            let depth = self.open.len();
            self.scopes.extend(own_scopes.into_iter().map(|scope| Scope { depth, ..scope }));
        }
        if self.open.len() > MAX_DEPTH {
            self.add(Node::Element(element))?;
            self.leave_scopes();
            if !tag.is_empty {
                self.too_deep += 1;
            }
            return Ok(());
        }
        self.open.push(element);
        if tag.is_empty {
            self.close_down_to(self.open.len() - 1)?;
        }
        Ok(())
    }

    /// The element of a start tag, whose namespaces enter the scope.
    fn element(&mut self, tag: Tag<'a>) -> Result<Element<'a>, Exhausted> {
        let mut element = Element::default();
        let depth = self.open.len();
        for (name, value) in tag.attributes() {
            self.budget.charge_steps(1)?;
            let own = match name.strip_prefix("xmlns") {
                Some("") => Some(""),
                Some(prefix) => prefix.strip_prefix(':'),
                None => None,
            };
            if let Some(own) = own {
                // The first of two attributes of the same name counts.
                let mut siblings =
                    self.scopes.iter().rev().take_while(|scope| scope.depth == depth);
                let is_known = siblings.any(|scope| scope.own == own);
                if self.scopes.len() < MAX_NAMESPACES && !is_known {
                    let conventional = conventional_prefix(value, own);
                    self.scopes.push(Scope { depth, own, conventional });
                }
            } else if ATTRIBUTES.contains(&name)
                && !element.attributes.iter().any(|(known, _)| *known == name)
            {
                self.budget.charge_nodes(1)?;
                tree::push(self.budget, &mut element.attributes, (name, value))?;
            }
        }
        let (own, name) = local_name(tag.name);
        let declared = self.scopes.iter().rev().find(|scope| scope.own == own);
        element.prefix = declared.map_or(own, |scope| scope.conventional);
        element.name = name;
        Ok(element)
    }

    fn end(&mut self, name: &str) -> Result<(), Exhausted> {
        // Some feeds write the end tag in another case than the start tag.
        if self.open.get(1).is_some_and(|first| first.name.eq_ignore_ascii_case(name)) {
            self.is_complete = true;
        }
        let found = self.open.iter().skip(1).rposition(|element| element.name == name);
        if self.too_deep > 0 && !matches!(found, Some(at) if at + 2 < self.open.len()) {
            self.too_deep -= 1;
            return Ok(());
        }
        // An end tag without a start tag is ignored; one of an outer element closes the inner ones
        // too.
        if let Some(at) = found {
            self.too_deep = 0;
            self.close_down_to(at + 1)?;
        }
        Ok(())
    }

    /// Closes the innermost elements until `count` are open.
    fn close_down_to(&mut self, count: usize) -> Result<(), Exhausted> {
        while self.open.len() > count.max(1) {
            let Some(element) = self.open.pop() else { break };
            self.add(Node::Element(element))?;
        }
        self.leave_scopes();
        Ok(())
    }

    /// Forgets the namespaces of elements that are not open.
    fn leave_scopes(&mut self) {
        while self.scopes.last().is_some_and(|scope| scope.depth >= self.open.len()) {
            self.scopes.pop();
        }
    }
}

/// The prefix and the local name; the prefix is empty when there is none, or more than one.
fn local_name(name: &str) -> (&str, &str) {
    match name.split_once(':') {
        Some((prefix, local))
            if !prefix.is_empty() && !local.is_empty() && !local.contains(':') =>
        {
            (prefix, local)
        }
        _ => ("", name),
    }
}

/// The conventional prefix of a namespace; for an unknown one the document's own.
fn conventional_prefix<'a>(uri: &str, own: &'a str) -> &'a str {
    let uri = decode(uri.trim(), true);
    if uri.len() > MAX_NAMESPACE_BYTES {
        return own;
    }
    let uri = uri.trim().trim_end_matches(['/', '#']).to_ascii_lowercase();
    let rest = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    match rest {
        "www.w3.org/2005/atom" | "purl.org/atom/ns" | "purl.org/rss/1.0" | "" => "",
        "backend.userland.com/rss2" | "my.netscape.com/rdf/simple/0.9" => "",
        "www.w3.org/1999/02/22-rdf-syntax-ns" => "rdf",
        "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" => "dc",
        "purl.org/dc/terms" => "dcterms",
        "purl.org/rss/1.0/modules/content" => "content",
        "search.yahoo.com/mrss" => "media",
        "www.itunes.com/dtds/podcast-1.0.dtd" => "itunes",
        "www.georss.org/georss" | "www.georss.org/georss/10" => "georss",
        "www.w3.org/2003/01/geo/wgs84_pos" => "geo",
        "www.opengis.net/gml" | "www.opengis.net/gml/3.2" => "gml",
        "www.w3.org/1999/xhtml" => "xhtml",
        // Some feeds use the URL of the documentation of RSS as the namespace.
        _ if own.is_empty() && (rest.contains("rss") || rest.contains("atom")) => "",
        _ => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Document<'_> {
        parse(text, &Budget::default()).expect("within the budget")
    }

    fn text_of(element: &Element<'_>) -> String {
        element.text(&Budget::default()).expect("within the budget").trim().to_owned()
    }

    #[test]
    fn a_missing_end_tag_is_implied_by_that_of_the_parent() {
        let root = parsed("<rss><channel><item><title>a<item><title>b</item></rss>").root;
        let rss = root.elements().next().expect("a root element");
        let channel = rss.elements().next().expect("a channel");
        assert_eq!(channel.elements().map(text_of).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn declared_entities_are_not_expanded() {
        let root = parsed("<!DOCTYPE x [<!ENTITY a 'bomb'>]><x>&a;&eacute;</x>").root;
        assert_eq!(text_of(&root), "&a;é");
    }

    #[test]
    fn prefixes_are_those_of_the_innermost_declaration() {
        let root = parsed(
            "<a xmlns:d='http://purl.org/dc/terms/'><d:b xmlns:d='http://purl.org/dc/elements/1.1/'>\
             <d:c/></d:b><d:e/></a><d:f/>",
        )
        .root;
        let a = root.elements().next().expect("a root element");
        let prefixes: Vec<&str> = a.elements().map(|element| element.prefix).collect();
        assert_eq!(prefixes, ["dc", "dcterms"]);
        let inner = a.elements().next().and_then(|b| b.elements().next());
        assert_eq!(inner.map(|c| c.prefix), Some("dc"));
        assert_eq!(root.elements().nth(1).map(|f| f.prefix), Some("d"));
    }

    #[test]
    fn an_item_that_implies_an_end_tag_keeps_its_namespaces() {
        let root =
            parsed("<a><item>b<item xmlns:d='http://purl.org/dc/terms/'><d:c/></item></a>").root;
        let a = root.elements().next().expect("a root element");
        let item = a.elements().nth(1).expect("a second item");
        assert_eq!(item.elements().next().map(|c| c.prefix), Some("dcterms"));
    }

    #[test]
    fn the_first_of_equal_attributes_counts() {
        let root = parsed("<a x='1' href=' p&amp;q ' href='r'/>").root;
        let a = root.elements().next().expect("a root element");
        assert_eq!(a.attribute("href").as_deref(), Some("p&q"));
        assert_eq!(a.attribute("x"), None);
    }
}
