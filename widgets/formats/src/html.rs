//! Text and links of HTML pages and fragments.
//!
//! Crates that convert HTML to text lay it out in lines and build a DOM; a card needs plain text on
//! one line, decoded as often as feeds encode it. So this module reads the tokens of `html5ever`.

use std::cell::{Cell, RefCell};

use html5ever::tokenizer as html;
use html5ever::tokenizer::states::{RawKind, ScriptData};
use xml5ever::buffer_queue::BufferQueue;
use xml5ever::tendril::StrTendril;

/// Maximum number of separators in a tag. The tokenizers compare each attribute with every other
/// one, so the time for a tag is quadratic in their number.
const MAX_SEPARATORS: usize = 2_000;

/// The text of an HTML fragment on one line: without tags and scripts, with entities decoded. Text
/// that was encoded several times is decoded as often, at most three times.
pub fn html_to_text(html: &str) -> String {
    let mut text = html.to_owned();
    for _ in 0..3 {
        if !text.contains(['<', '&']) {
            break;
        }
        let decoded = decode(&text);
        if decoded == text {
            break;
        }
        text = decoded;
        if !looks_like_html(&text) {
            break;
        }
    }
    one_line(&text)
}

/// Collapses each run of white space to one space.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether decoded text still contains entities or tags.
fn looks_like_html(text: &str) -> bool {
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

fn decode(text: &str) -> String {
    let text = oversized_tag(text).map_or(text, |at| &text[..at]);
    tokenize(text, TextSink::default()).text.take()
}

/// Sends the tokens of `text` to a sink and returns the sink.
fn tokenize<S: html::TokenSink>(text: &str, sink: S) -> S {
    let tokenizer = html::Tokenizer::new(sink, html::TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink
}

#[derive(Default)]
struct TextSink {
    text: RefCell<String>,
    /// Whether the tokenizer is within a script or a style sheet.
    is_hidden: Cell<bool>,
}

impl html::TokenSink for TextSink {
    type Handle = ();

    fn process_token(&self, token: html::Token, _line: u64) -> html::TokenSinkResult<()> {
        match token {
            html::Token::CharacterTokens(text) if !self.is_hidden.get() => {
                self.text.borrow_mut().push_str(&text);
            }
            html::Token::TagToken(tag) => {
                let start = tag.kind == html::TagKind::StartTag;
                if matches!(&*tag.name, "script" | "style") {
                    self.is_hidden.set(start);
                    if start {
                        let kind =
                            if &*tag.name == "script" { ScriptData } else { RawKind::Rawtext };
                        return html::TokenSinkResult::RawData(kind);
                    }
                } else if !is_inline(&tag.name) {
                    self.text.borrow_mut().push(' ');
                }
            }
            _ => {}
        }
        html::TokenSinkResult::Continue
    }
}

/// The name and the attributes of a tag.
pub type Tag = (String, Vec<(String, String)>);

/// The `<link>` and `<base>` tags of an HTML page, in document order.
pub fn link_tags(page: &str) -> Vec<Tag> {
    let page = oversized_tag(page).map_or(page, |at| &page[..at]);
    tokenize(page, LinkTagSink::default()).tags.take()
}

#[derive(Default)]
struct LinkTagSink {
    tags: RefCell<Vec<Tag>>,
}

impl html::TokenSink for LinkTagSink {
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
                    self.tags.borrow_mut().push((tag.name.to_string(), attributes));
                }
                _ => {}
            }
        }
        html::TokenSinkResult::Continue
    }
}

/// Whether an HTML element is inline content, which does not separate words.
pub fn is_inline(name: &str) -> bool {
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

/// The byte offset of the first tag with an excessive number of attributes.
pub fn oversized_tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'<') {
        let start = at + found;
        at = start + 1;
        // Comments, declarations and stray `<` are not tags.
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
        if separators > MAX_SEPARATORS {
            return Some(start);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text() {
        assert_eq!(
            html_to_text("<p>Wind &amp; <b>re</b>gen</p><script>x<y</script><p>caf&eacute;"),
            "Wind & regen café"
        );
        assert_eq!(html_to_text("&lt;p&gt;twice &amp;amp; more&lt;/p&gt;"), "twice & more");
        assert_eq!(html_to_text("3 < 4 & 5"), "3 < 4 & 5");
    }

    #[test]
    fn a_tag_with_thousands_of_attributes_is_detected() {
        let tag = format!("ab<x {}>", "a=1 ".repeat(5_000));
        assert_eq!(oversized_tag(&tag), Some(2));
        assert_eq!(oversized_tag("<x a='1'>"), None);
    }
}
