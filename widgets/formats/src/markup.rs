//! Markup that need not be well-formed, after the servo parsers' rules of recovery: feeds as they are found, and HTML in them.
//!
//! Nothing here follows an entity that a document declares itself: only the five of XML and the named ones of HTML are known.

use std::cell::{Cell, RefCell};

use html5ever::tokenizer as html;
use html5ever::tokenizer::states::{RawKind, ScriptData};
use xml5ever::buffer_queue::BufferQueue;
use xml5ever::tendril::StrTendril;
use xml5ever::tokenizer as xml;

/// Elements deeper than this are hung at this depth, so that walking the tree cannot exhaust the stack.
const DEEPEST: usize = 64;

/// More separators than this in one tag make it no tag of a document: the tokenizers compare each attribute with each other one.
const MOST_SEPARATORS: usize = 2_000;

/// No element of a feed has more attributes than this; those beyond are dropped, because every tag looks through those of its ancestors.
const MOST_ATTRIBUTES: usize = 50;

/// An element of a document that may be ill-formed.
#[derive(Debug, Default)]
pub struct Element {
    /// The usual prefix of its namespace, however the document calls it; empty for the namespaces of Atom and RSS and for none.
    pub space: String,
    /// Its local name.
    pub name: String,
    /// Its attributes, by their name as written.
    pub attributes: Vec<(String, String)>,
    /// What is in it.
    pub children: Vec<Node>,
}

/// What is in an element.
#[derive(Debug)]
pub enum Node {
    /// Words, with their entities decoded.
    Text(String),
    /// An element.
    Element(Element),
}

impl Element {
    /// The elements directly in it.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Whether it is called so; the spelling of RSS in capitals is found too.
    pub fn is(&self, space: &str, name: &str) -> bool {
        self.space == space && self.name.eq_ignore_ascii_case(name)
    }

    /// An attribute, by its name as written.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// The words in it and in all that is in it. Elements of HTML that start a new line give a space.
    pub fn words(&self) -> String {
        let mut words = String::new();
        self.add_words(&mut words);
        words
    }

    fn add_words(&self, words: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => words.push_str(text),
                Node::Element(element) => {
                    if matches!(element.name.as_str(), "script" | "style") {
                        continue;
                    }
                    let apart = !inline(&element.name);
                    if apart {
                        words.push(' ');
                    }
                    element.add_words(words);
                    if apart {
                        words.push(' ');
                    }
                }
            }
        }
    }
}

/// Where a tag stands that has more attributes than any document needs, as a byte offset.
pub fn oversized_tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'<') {
        let start = at + found;
        at = start + 1;
        // What is no tag has no attributes.
        if bytes.get(at).is_none_or(|byte| matches!(byte, b'!' | b'?' | b' ')) {
            continue;
        }
        let mut separators = 0;
        while at < bytes.len() && bytes[at] != b'>' {
            if matches!(bytes[at], b'/' | b'"' | b'\'') || bytes[at].is_ascii_whitespace() {
                separators += 1;
            }
            at += 1;
        }
        if separators > MOST_SEPARATORS {
            return Some(start);
        }
    }
    None
}

/// A document, however ill-formed.
pub struct Document {
    /// An element without a name that holds the document.
    pub whole: Element,
    /// Whether the end of its first element is missing: what follows was lost on the way.
    pub cut_off: bool,
}

/// Reads a document.
pub fn document(text: &str) -> Document {
    let sink = Builder::default();
    let tokenizer = xml::XmlTokenizer::new(sink, xml::XmlTokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(without_document_type(text.trim_start()).as_str()));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.finish()
}

/// The text without its document type, whose declarations would else be read as words.
fn without_document_type(text: &str) -> String {
    let Some(start) = text.find("<!DOCTYPE").or_else(|| text.find("<!doctype")) else {
        return text.to_owned();
    };
    // In a section of characters it is a word like any other.
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
struct Builder {
    /// The elements that are open, the outermost first; the first has no name and holds the document.
    open: RefCell<Vec<Element>>,
    /// Whether the first element was ended.
    ended: Cell<bool>,
    /// How many start tags were dropped for their depth and are still to be ended.
    too_deep: Cell<usize>,
}

impl Builder {
    fn finish(&self) -> Document {
        let mut open = self.open.borrow_mut();
        let cut_off = open.len() > 1 && !self.ended.get();
        while open.len() > 1 {
            close(&mut open);
        }
        Document { whole: open.pop().unwrap_or_default(), cut_off }
    }

    fn text(&self, text: &str) {
        let mut open = self.open.borrow_mut();
        if open.is_empty() {
            open.push(Element::default());
        }
        if let Some(last) = open.last_mut() {
            match last.children.last_mut() {
                Some(Node::Text(words)) => words.push_str(text),
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
            .take(MOST_ATTRIBUTES)
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
        let space = match declared {
            Some(uri) => usual_prefix(uri, prefix),
            None => prefix.to_owned(),
        };
        let element =
            Element { space, name: tag.name.local.to_string(), attributes, children: Vec::new() };
        // An item that was never ended does not hold the next one.
        let item = |element: &Element| element.is("", "item") || element.is("", "entry");
        if item(&element)
            && let Some(at) = open.iter().position(item)
        {
            while open.len() > at {
                close(&mut open);
            }
        }
        if open.len() > DEEPEST {
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
        // Some write its end in another case than its start.
        if open.get(1).is_some_and(|first| first.name.eq_ignore_ascii_case(name)) {
            self.ended.set(true);
        }
        let found = open.iter().skip(1).rposition(|element| element.name == *name);
        if self.too_deep.get() > 0 && !matches!(found, Some(at) if at + 2 < open.len()) {
            self.too_deep.set(self.too_deep.get() - 1);
            return;
        }
        // An end without a start is noise; one that skips others ends those too.
        if let Some(at) = found {
            self.too_deep.set(0);
            while open.len() > at + 1 {
                close(&mut open);
            }
        }
    }
}

/// Ends the innermost element.
fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(element) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(Node::Element(element));
    }
}

impl xml::TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: xml::Token) -> xml::ProcessResult<()> {
        match token {
            xml::Token::Characters(text) => self.text(&text),
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

/// The usual prefix of a namespace that feeds use.
fn usual_prefix(uri: &str, written: &str) -> String {
    let uri = uri.trim().trim_end_matches(['/', '#']).to_ascii_lowercase();
    let rest = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    let usual = match rest {
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
        // Some feeds declare the documentation of RSS as its namespace.
        _ if written.is_empty() && (rest.contains("rss") || rest.contains("atom")) => "",
        _ => written,
    };
    usual.to_owned()
}

/// Whether an element of HTML stands in the middle of a line.
fn inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

/// The words of a piece of HTML on one line: no tags, no scripts, entities decoded. Words that were encoded more than once are decoded
/// as often, at most three times.
pub fn html_to_text(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..3 {
        if !text.contains(['<', '&']) {
            break;
        }
        let once = words_of_html(&text);
        if once == text {
            break;
        }
        text = once;
        if !looks_encoded(&text) {
            break;
        }
    }
    one_line(&text)
}

/// The text with each run of white space as one space.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether words that were decoded once are still HTML.
fn looks_encoded(text: &str) -> bool {
    let entity = text.match_indices('&').any(|(at, _)| {
        let rest = &text.as_bytes()[at + 1..];
        let length = rest.iter().take(10).position(|byte| *byte == b';').unwrap_or_default();
        length > 1
            && rest[..length].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
    });
    let tag = text.match_indices('<').any(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches('/');
        rest.starts_with(|first: char| first.is_ascii_alphabetic()) && rest.contains('>')
    });
    entity || tag
}

fn words_of_html(text: &str) -> String {
    let text = oversized_tag(text).map_or(text, |at| &text[..at]);
    let sink = Words::default();
    let tokenizer = html::Tokenizer::new(sink, html::TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.words.take()
}

#[derive(Default)]
struct Words {
    words: RefCell<String>,
    /// Whether a script or style sheet is passed over.
    hidden: Cell<bool>,
}

impl html::TokenSink for Words {
    type Handle = ();

    fn process_token(&self, token: html::Token, _line: u64) -> html::TokenSinkResult<()> {
        match token {
            html::Token::CharacterTokens(text) if !self.hidden.get() => {
                self.words.borrow_mut().push_str(&text);
            }
            html::Token::TagToken(tag) => {
                let start = tag.kind == html::TagKind::StartTag;
                if matches!(&*tag.name, "script" | "style") {
                    self.hidden.set(start);
                    if start {
                        let kind =
                            if &*tag.name == "script" { ScriptData } else { RawKind::Rawtext };
                        return html::TokenSinkResult::RawData(kind);
                    }
                } else if !inline(&tag.name) {
                    self.words.borrow_mut().push(' ');
                }
            }
            _ => {}
        }
        html::TokenSinkResult::Continue
    }
}

/// A `<link>` or `<base>` of an HTML page: its name and its attributes.
pub type HeadTag = (String, Vec<(String, String)>);

/// The `<link>` and `<base>` tags of an HTML page, in its order; comments and scripts are passed over.
pub fn head_tags(page: &str) -> Vec<HeadTag> {
    let page = oversized_tag(page).map_or(page, |at| &page[..at]);
    let tokenizer = html::Tokenizer::new(Head::default(), html::TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(page));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.found.take()
}

#[derive(Default)]
struct Head {
    found: RefCell<Vec<HeadTag>>,
}

impl html::TokenSink for Head {
    type Handle = ();

    fn process_token(&self, token: html::Token, _line: u64) -> html::TokenSinkResult<()> {
        if let html::Token::TagToken(tag) = token
            && tag.kind == html::TagKind::StartTag
        {
            match &*tag.name {
                "script" => return html::TokenSinkResult::RawData(ScriptData),
                "style" => return html::TokenSinkResult::RawData(RawKind::Rawtext),
                "link" | "base" => {
                    let attributes = tag
                        .attrs
                        .iter()
                        .map(|attribute| {
                            (attribute.name.local.to_string(), attribute.value.to_string())
                        })
                        .collect();
                    self.found.borrow_mut().push((tag.name.to_string(), attributes));
                }
                _ => {}
            }
        }
        html::TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_words() {
        assert_eq!(
            html_to_text("<p>Wind &amp; <b>re</b>gen</p><script>x<y</script><p>caf&eacute;"),
            "Wind & regen café"
        );
        assert_eq!(html_to_text("&lt;p&gt;twice &amp;amp; more&lt;/p&gt;"), "twice & more");
        assert_eq!(html_to_text("3 < 4 & 5"), "3 < 4 & 5");
    }

    #[test]
    fn an_end_that_is_missing_ends_with_its_parent() {
        let tree = document("<rss><channel><item><title>a<item><title>b</item></rss>").whole;
        let rss = tree.elements().next().expect("a root");
        let channel = rss.elements().next().expect("a channel");
        assert_eq!(
            channel.elements().map(|item| html_to_text(&item.words())).collect::<Vec<_>>(),
            ["a", "b"]
        );
    }

    #[test]
    fn what_a_document_type_declares_is_not_known() {
        let tree = document("<!DOCTYPE x [<!ENTITY a 'bomb'>]><x>&a;&eacute;</x>").whole;
        assert_eq!(tree.words().trim(), "&a;é");
    }

    #[test]
    fn a_tag_with_thousands_of_attributes_is_seen_before_it_is_read() {
        let tag = format!("ab<x {}>", "a=1 ".repeat(5_000));
        assert_eq!(oversized_tag(&tag), Some(2));
        assert_eq!(oversized_tag("<x a='1'>"), None);
    }
}
