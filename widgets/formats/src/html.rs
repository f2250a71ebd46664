//! The text of HTML pages and fragments.
//!
//! Crates that convert HTML to text lay it out in lines and build a DOM; a card needs plain text on
//! one line, decoded as often as feeds encode it. So this module reads the tokens.

use voordeur_widget_api::{Budget, Exhausted};

use super::tokens::{Syntax, Token, Tokens, decode, decoded_length};
use super::tree;

/// Text that was encoded more often than this stays encoded.
const MAX_ENCODINGS: usize = 3;

/// The text of an HTML fragment on one line: without tags and scripts, with entities decoded. Text
/// that was encoded several times is decoded as often, at most three times. The time is linear in
/// the length of the fragment, and the result is at most a fifth longer, as `&nGt;` is six bytes of
/// text.
pub fn html_to_text(html: &str) -> String {
    let mut text = html.to_owned();
    for _ in 0..MAX_ENCODINGS {
        if !text.contains(['<', '&']) {
            break;
        }
        let decoded = without_tags(&text);
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

/// The same as [`html_to_text`], out of a budget.
pub fn charged_text(html: &str, budget: &Budget) -> Result<String, Exhausted> {
    budget.charge_steps(html.len() / 16)?;
    budget.charge_bytes(tree::string_bytes(decoded_length(html.len())))?;
    Ok(html_to_text(html))
}

/// The text of an HTML fragment that was encoded once, on one line, out of a budget.
pub fn charged_once(html: &str, budget: &Budget) -> Result<String, Exhausted> {
    budget.charge_steps(html.len() / 16)?;
    budget.charge_bytes(tree::string_bytes(decoded_length(html.len())))?;
    Ok(if html.contains(['<', '&']) { one_line(&without_tags(html)) } else { one_line(html) })
}

/// Whether a text that may be HTML or plain is HTML: it has a character reference, an end tag, a tag
/// that needs no end, or an attribute with a value. So `<12 jaar>` and `the <blink> tag` are plain.
pub fn is_html(text: &str) -> bool {
    if !text.contains(['<', '&']) {
        return false;
    }
    let mut tokens = Tokens::new(text, Syntax::Html);
    tokens.any(|token| match token {
        Token::Text(words) => words.contains('&') && decode(words, false) != words,
        Token::CharacterData(_) => false,
        Token::Start(tag) => {
            ENDLESS.iter().any(|name| tag.name.eq_ignore_ascii_case(name))
                || tag.attributes().any(|(_, value)| !value.is_empty())
        }
        Token::End(name) => name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
    })
}

/// Elements whose end tag is often left out, or that have none.
const ENDLESS: [&str; 7] = ["br", "img", "hr", "p", "li", "wbr", "input"];

/// Collapses each run of white space to one space.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.shrink_to_fit();
    line
}

/// Whether decoded text still contains entities or tags.
fn looks_like_html(text: &str) -> bool {
    let entity = text.match_indices('&').any(|(at, _)| {
        let rest = &text.as_bytes()[at + 1..];
        let length = rest.iter().take(10).position(|byte| *byte == b';').unwrap_or_default();
        length > 1
            && rest[..length].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
    });
    // Searching the rest of the text for each `<` would take quadratic time.
    let last_end = text.rfind('>').unwrap_or_default();
    let tag = text[..last_end].match_indices('<').any(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches('/');
        rest.starts_with(|first: char| first.is_ascii_alphabetic())
    });
    entity || tag
}

fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(decoded_length(html.len()));
    for token in Tokens::new(html, Syntax::Html) {
        match token {
            Token::Text(words) => text.push_str(&decode(words, false)),
            Token::CharacterData(words) => text.push_str(words),
            Token::Start(tag) => text.extend(separator(tag.name)),
            Token::End(name) => text.extend(separator(name)),
        }
    }
    text
}

/// A space between the words before and after a tag, unless it is of inline content or a script.
fn separator(name: &str) -> Option<char> {
    let is_script = ["script", "style"].iter().any(|raw| name.eq_ignore_ascii_case(raw));
    (!is_script && !is_inline(name)).then_some(' ')
}

/// Whether an HTML element is inline content, which does not separate words.
pub fn is_inline(name: &str) -> bool {
    if name.len() > "acronym".len() {
        return false;
    }
    matches!(
        name.to_ascii_lowercase().as_str(),
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
        assert_eq!(html_to_text("a<BR>b<B>c</B> &lt;d"), "a bc <d");
    }

    #[test]
    fn text_is_hardly_longer_than_its_html() {
        for html in ["<p>", "a<p>b", "&amp;amp;amp;amp;", "<", "</", "&nGt;&amp;nLt;&#0;", "\0"] {
            let text = html_to_text(html);
            assert!(text.len() <= decoded_length(html.len()), "{html:?}: {text:?}");
        }
        assert_eq!(one_line(" a \n b\u{a0}c "), "a b c");
    }
}
