//! The tokens of HTML, and of XML that need not be well-formed, in time linear in the text.
//!
//! The tokenizers of `html5ever` and `xml5ever` compare each attribute of a tag with all others and
//! copy each of them, so one response could take the processor for a minute. This module follows
//! the same rules (<https://html.spec.whatwg.org/multipage/parsing.html#tokenization>), but yields
//! slices of the text, and reads the attributes of a tag only for those who ask.

use std::borrow::Cow;

use markup5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Which rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Scripts and style sheets are skipped, and an unknown declaration ends with `>`.
    Html,
    /// There are character data sections and processing instructions.
    Xml,
}

/// A part of a document. Comments, declarations and processing instructions are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text with its character references, see [`decode`]. Adjacent text may be in several tokens.
    Text(&'a str),
    /// Text without character references.
    CharacterData(&'a str),
    Start(Tag<'a>),
    /// The name in an end tag.
    End(&'a str),
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    pub name: &'a str,
    /// The text between the name and the `>`.
    inside: &'a str,
    /// Whether the tag ends with `/>`.
    pub is_empty: bool,
}

impl<'a> Tag<'a> {
    /// The names of the attributes and their values with their character references, in order,
    /// with duplicates.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes { text: self.inside, at: 0, after_slash: false }
    }
}

/// The attributes in a tag.
pub struct Attributes<'a> {
    text: &'a str,
    at: usize,
    /// Whether the last character was a `/` outside of names and values.
    after_slash: bool,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

impl<'a> Attributes<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_bytes(&mut self, skipped: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&skipped) {
            self.at += 1;
        }
    }

    fn take_bytes(&mut self, taken: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        self.skip_bytes(taken);
        &self.text[start..self.at]
    }
}

/// Ends before the `>` of the tag.
impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        while let Some(byte) = self.peek().filter(|byte| *byte == b'/' || is_space(*byte)) {
            self.after_slash = byte == b'/';
            self.at += 1;
        }
        let first = self.peek().filter(|byte| *byte != b'>')?;
        self.after_slash = false;
        let start = self.at;
        if first == b'=' {
            // It is the first character of a name.
            self.at += 1;
        }
        self.skip_bytes(|byte| !is_space(byte) && !matches!(byte, b'/' | b'>' | b'='));
        let name = &self.text[start..self.at];
        self.skip_bytes(is_space);
        if self.peek() != Some(b'=') {
            return Some((name, ""));
        }
        self.at += 1;
        self.skip_bytes(is_space);
        let value = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                let value = self.take_bytes(|byte| byte != quote);
                // The quote; nothing at the end of the text.
                self.at = (self.at + 1).min(self.text.len());
                value
            }
            _ => self.take_bytes(|byte| !is_space(byte) && byte != b'>'),
        };
        Some((name, value))
    }
}

/// The tokens of a document, in order.
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
    syntax: Syntax,
    /// The name of the element whose text is skipped: `script` or `style`.
    skipped: Option<&'a str>,
}

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str, syntax: Syntax) -> Self {
        Self { text, at: 0, syntax, skipped: None }
    }

    /// Continues behind the next `end`; nothing remains when there is none.
    fn skip_past(&mut self, end: &str) {
        let found = self.text[self.at..].find(end);
        self.at = found.map_or(self.text.len(), |found| self.at + found + end.len());
    }

    /// Continues behind a comment that starts here.
    fn skip_comment(&mut self) {
        self.at += "<!--".len();
        let rest = &self.text[self.at..];
        if let Some(empty) = [">", "->"].iter().find(|empty| rest.starts_with(**empty)) {
            self.at += empty.len();
            return;
        }
        let end = rest.match_indices('-').find_map(|(at, _)| {
            ["-->", "--!>"]
                .iter()
                .find(|end| rest[at..].starts_with(**end))
                .map(|end| at + end.len())
        });
        self.at = end.map_or(self.text.len(), |end| self.at + end);
    }

    /// Continues behind a document type declaration that starts here, which may declare entities.
    fn skip_doctype(&mut self) {
        let rest = &self.text[self.at..];
        if let Some(end) = rest.find('>')
            && let Some(subset) = rest[..end].find('[')
        {
            self.at += subset;
            self.skip_past("]");
        }
        self.skip_past(">");
    }

    /// Continues at the end tag of the skipped element.
    fn skip_raw_text(&mut self, name: &str) {
        let rest = &self.text[self.at..];
        let end = rest.match_indices("</").map(|(at, _)| at).find(|at| {
            let tag = &rest.as_bytes()[at + 2..];
            tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
                && tag.get(name.len()).is_some_and(|byte| is_space(*byte) || b"/>".contains(byte))
        });
        self.at = end.map_or(self.text.len(), |end| self.at + end);
    }

    /// Whether a tag starts with this character.
    fn starts_name(&self, first: u8) -> bool {
        match self.syntax {
            Syntax::Html => first.is_ascii_alphabetic(),
            Syntax::Xml => !is_space(first) && !matches!(first, b':' | b'<' | b'>'),
        }
    }

    /// The tag whose name starts here, and whether it ends before the text does.
    fn tag(&mut self) -> (Tag<'a>, bool) {
        let mut inside = Attributes { text: &self.text[self.at..], at: 0, after_slash: false };
        let name = inside.take_bytes(|byte| !is_space(byte) && !matches!(byte, b'/' | b'>'));
        while inside.next().is_some() {}
        let (text, end) = (inside.text, inside.at);
        let is_closed = inside.peek().is_some();
        self.at += end + usize::from(is_closed);
        let tag = Tag { name, inside: &text[name.len()..end], is_empty: inside.after_slash };
        (tag, is_closed)
    }

    /// The token of the markup that starts here with `<`; `None` for markup without a token.
    fn markup(&mut self) -> Option<Token<'a>> {
        let rest = &self.text[self.at..];
        let is_xml = self.syntax == Syntax::Xml;
        match rest.as_bytes().get(1) {
            Some(b'!') if rest.starts_with("<!--") => self.skip_comment(),
            Some(b'!') if is_xml && rest.starts_with("<![CDATA[") => {
                let start = self.at + "<![CDATA[".len();
                self.at = start;
                self.skip_past("]]>");
                let data = &self.text[start..self.at];
                return Some(Token::CharacterData(data.strip_suffix("]]>").unwrap_or(data)));
            }
            Some(b'!') => {
                let is_doctype =
                    rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!DOCTYPE"));
                if is_xml && is_doctype { self.skip_doctype() } else { self.skip_past(">") }
            }
            Some(b'?') => self.skip_past(if is_xml { "?>" } else { ">" }),
            Some(b'/') => match rest.as_bytes().get(2) {
                Some(first) if *first != b'>' && self.starts_name(*first) => {
                    self.at += 2;
                    let (tag, is_closed) = self.tag();
                    // Of a document that ends here, only the last character is missing.
                    return (is_closed || is_xml).then_some(Token::End(tag.name));
                }
                Some(b'>') => self.skip_past(">"),
                Some(_) if !is_xml => self.skip_past(">"),
                _ => {
                    self.at += 2;
                    return Some(Token::Text(&rest[..2]));
                }
            },
            Some(first) if self.starts_name(*first) => {
                self.at += 1;
                let (tag, is_closed) = self.tag();
                if !is_closed {
                    return None;
                }
                if !is_xml {
                    let raw = ["script", "style"];
                    let is_raw = raw.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
                    self.skipped = is_raw.then_some(tag.name);
                }
                return Some(Token::Start(tag));
            }
            // A lone `<` is text.
            _ => {
                self.at += 1;
                return Some(Token::Text(&rest[..1]));
            }
        }
        None
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.skipped.take() {
            self.skip_raw_text(name);
        }
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let length = rest.find('<').unwrap_or(rest.len());
            if length > 0 {
                self.at += length;
                return Some(Token::Text(&rest[..length]));
            }
            let token = self.markup();
            if token.is_some() {
                return token;
            }
        }
        None
    }
}

/// The largest length of a text of this length once it is decoded: `&nGt;` becomes six bytes.
pub fn decoded_length(length: usize) -> usize {
    length.saturating_add(length / 5)
}

/// Decodes the character references of a text or, when `in_attribute`, of the value of an
/// attribute. The result is hardly longer, see [`decoded_length`]. Zero bytes are dropped.
pub fn decode(text: &str, in_attribute: bool) -> Cow<'_, str> {
    if !text.contains(['&', '\0']) {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(decoded_length(text.len()));
    let mut rest = text;
    while let Some(at) = rest.find(['&', '\0']) {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match reference(rest, in_attribute) {
            Some((characters, length)) => {
                decoded.extend(characters.into_iter().filter(|character| *character != '\0'));
                length
            }
            None => {
                decoded.extend(rest.starts_with('&').then_some('&'));
                1
            }
        };
        rest = &rest[length..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The one or two characters of the reference at the start of a text, the second of which may be
/// zero, and the length of the reference.
fn reference(text: &str, in_attribute: bool) -> Option<([char; 2], usize)> {
    let name = text.strip_prefix('&')?;
    if let Some(number) = name.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        let count = digits.bytes().take_while(|digit| char::from(*digit).is_digit(radix)).count();
        let (digits, rest) = digits.split_at(count);
        if digits.is_empty() {
            return None;
        }
        // Too large a number is no character either.
        let code = u32::from_str_radix(digits, radix).unwrap_or(u32::MAX);
        let length = text.len() - rest.len() + usize::from(rest.starts_with(';'));
        return Some(([character(code), '\0'], length));
    }
    // The map also contains the beginnings of names, so the search ends early.
    let mut found = None;
    for (at, byte) in name.bytes().enumerate() {
        let known = if byte.is_ascii_alphanumeric() || byte == b';' {
            NAMED_ENTITIES.get(&name[..=at])
        } else {
            None
        };
        match known {
            Some((0, _)) => {}
            Some((first, second)) => found = Some((*first, *second, at + 1)),
            None => break,
        }
    }
    let (first, second, length) = found?;
    let next = name.as_bytes().get(length);
    let is_ambiguous = !name[..length].ends_with(';')
        && next.is_some_and(|next| *next == b'=' || next.is_ascii_alphanumeric());
    if in_attribute && is_ambiguous {
        return None;
    }
    Some(([char::from_u32(first)?, char::from_u32(second)?], length + 1))
}

/// The character of a numeric reference.
fn character(code: u32) -> char {
    let replacement = code.checked_sub(0x80).and_then(|at| C1_REPLACEMENTS.get(at as usize));
    if let Some(Some(character)) = replacement {
        return *character;
    }
    char::from_u32(code).filter(|character| *character != '\0').unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens on one line: start tags with their attributes, and text in quotes.
    fn written(text: &str, syntax: Syntax) -> String {
        let tokens = Tokens::new(text, syntax).map(|token| match token {
            Token::Text(text) => format!("{:?}", decode(text, false)),
            Token::CharacterData(text) => format!("data {text:?}"),
            Token::Start(tag) => {
                let attributes: Vec<String> =
                    tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
                let slash = if tag.is_empty { "/" } else { "" };
                format!("<{}{}{slash}>", tag.name, attributes.concat())
            }
            Token::End(name) => format!("</{name}>"),
        });
        tokens.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn tags_and_text_are_separated() {
        for (text, expected) in [
            ("a<b>c</b>d", r#""a" <b> "c" </b> "d""#),
            ("<a b c=d e='f g' h=\"i'>\" j = k/>", "<a b= c=d e=f g h=i'> j=k/>"),
            ("<a/><b /><c/ d><e x=/>", "<a/> <b/> <c d=> <e x=/>"),
            ("<a b='1'c=\"2\"=d>", "<a b=1 c=2 =d=>"),
            ("<a =\"x y>", "<a =\"x= y=>"),
            ("1 < 2 <", r#""1 " "<" " 2 " "<""#),
            ("<!-- <a> -- --><b><!--><!---><c><!--x--!><d>", "<b> <c> <d>"),
            ("<b><!-- never", "<b>"),
            ("<a <b>c", r#"<a <b=> "c""#),
            ("x<a b='>", r#""x""#),
            ("x<a<a<a", r#""x""#),
        ] {
            assert_eq!(written(text, Syntax::Html), expected, "{text}");
            assert_eq!(written(text, Syntax::Xml), expected, "{text}");
        }
        assert_eq!(written("<é ü=ö>&eacute;</é x='>'>", Syntax::Xml), "<é ü=ö> \"é\" </é>");
    }

    #[test]
    fn html_and_xml_differ() {
        for (text, html, xml) in [
            ("<![CDATA[<a>&amp;]]>b", "\"&]]>b\"", "data \"<a>&amp;\" \"b\""),
            ("<?a > b?>c", "\" b?>c\"", "\"c\""),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]>d", "\"]>d\"", "\"d\""),
            (
                "<script>a<b>c</script x>d",
                "<script> </script> \"d\"",
                "<script> \"a\" <b> \"c\" </script> \"d\"",
            ),
            ("<STYLE>a</styles></Style>", "<STYLE> </Style>", "<STYLE> \"a\" </styles> </Style>"),
            ("<script>a", "<script>", "<script> \"a\""),
            ("</ a>b</>", "\"b\"", "\"</\" \" a>b\""),
            ("a</b", "\"a\"", "\"a\" </b>"),
        ] {
            assert_eq!(written(text, Syntax::Html), html, "{text}");
            assert_eq!(written(text, Syntax::Xml), xml, "{text}");
        }
    }

    #[test]
    fn references_are_decoded() {
        for (text, expected) in [
            ("a &amp; b &lt;&gt;", "a & b <>"),
            ("&eacute;&eacute&notit;&notin;", "éé¬it;∉"),
            ("&#233;&#xE9;&#233&#x80;&#0;&#xD800;&#99999999999;", "ééé€\u{fffd}\u{fffd}\u{fffd}"),
            ("&nosuch; &; & &# &#x; &", "&nosuch; &; & &# &#x; &"),
            ("&NotEqualTilde;", "≂̸"),
            ("a\0b&\0", "ab&"),
            ("&é;", "&é;"),
        ] {
            assert_eq!(decode(text, false), expected, "{text}");
            assert!(decode(text, false).len() <= text.len(), "{text}");
        }
        assert_eq!(decode("?a=1&copy=2&amp;not3&lt", true), "?a=1&copy=2&not3<");
    }

    #[test]
    fn no_reference_is_much_shorter_than_its_characters() {
        for (name, (first, second)) in NAMED_ENTITIES.entries() {
            let length = |code: u32| char::from_u32(code).map_or(0, char::len_utf8);
            let decoded =
                if *second == 0 { length(*first) } else { length(*first) + length(*second) };
            assert!(*first == 0 || decoded <= decoded_length(name.len() + 1), "{name}");
        }
    }
}
