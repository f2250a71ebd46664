//! Character encodings: detection and decoding of text.
//!
//! Services declare their encoding in several ways, and some declare a wrong one.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use voordeur_widget_api::{Budget, Exhausted};

/// How many bytes at the start of a document are searched for a declaration.
const DECLARATION_WITHIN: usize = 1_024;

/// The largest number of bytes of UTF-8 for a byte of another encoding.
const MAX_GROWTH: usize = 3;

/// Decodes a document, see [`text`], and charges the memory when it is not UTF-8 already.
pub fn charged_text<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    budget: &Budget,
) -> Result<Cow<'a, str>, Exhausted> {
    let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_borrowed = std::str::from_utf8(unmarked).is_ok_and(|text| !has_c1_controls(text))
        && !unmarked.iter().take(2).any(|byte| *byte == 0)
        && !has_escapes(unmarked);
    if !is_borrowed {
        budget.charge_bytes(bytes.len().saturating_mul(MAX_GROWTH))?;
    }
    Ok(text(bytes, content_type))
}

/// Decodes a document.
///
/// A byte order mark decides (RFC 7303, section 3.3). Otherwise, valid UTF-8 is UTF-8: wrong
/// declarations are common, and text in another encoding is hardly ever valid UTF-8. Otherwise, the
/// encoding counts that `Content-Type` declares, then the one that the document declares, and
/// without one windows-1252, which decodes any bytes.
///
/// The control characters U+0080 to U+009F are read as windows-1252, as browsers do
/// (<https://encoding.spec.whatwg.org>): whoever writes `don\u{92}t` means an apostrophe.
pub fn text<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    let text = decoded(bytes, content_type);
    if has_c1_controls(&text) { text.chars().map(without_c1_control).collect() } else { text }
}

fn decoded<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    // UTF-16 without a byte order mark: markup starts with an ASCII character, and text in no other
    // encoding has a zero byte there.
    let unmarked = match bytes {
        [0, first, ..] if *first != 0 => Some(UTF_16BE),
        [first, 0, ..] if *first != 0 => Some(UTF_16LE),
        _ => None,
    };
    if let Some(encoding) = unmarked {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    let declared =
        content_type.and_then(of_content_type).filter(|encoding| is_possible(encoding, bytes));
    let declared =
        declared.or_else(|| in_document(bytes).filter(|encoding| is_possible(encoding, bytes)));
    // Its bytes are ASCII.
    if declared == Some(ISO_2022_JP) && has_escapes(bytes) {
        return ISO_2022_JP.decode_without_bom_handling(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    // A document that is truncated within a character, or has a few invalid bytes, is still UTF-8.
    let guess = if is_not_utf_8(bytes) { WINDOWS_1252 } else { UTF_8 };
    declared.unwrap_or(guess).decode_without_bom_handling(bytes).0
}

/// Whether bytes can be in a declared encoding. UTF-16 would have been recognised, and UTF-8 is
/// wrong when most of the text would be lost.
fn is_possible(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    encoding != UTF_16LE && encoding != UTF_16BE && (encoding != UTF_8 || !is_not_utf_8(bytes))
}

/// The encoding that the `charset` of a `Content-Type` names.
fn of_content_type(content_type: &str) -> Option<&'static Encoding> {
    let parameters = content_type.split(';').skip(1);
    parameters.filter_map(|parameter| parameter.split_once('=')).find_map(|(name, value)| {
        let label = value.trim().trim_matches(['"', '\'']);
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| of_label(label.as_bytes()))?
    })
}

/// The encoding in the XML declaration, or in a `charset` near the start of an HTML page.
fn in_document(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(DECLARATION_WITHIN)];
    let start = start.to_ascii_lowercase();
    [&b"encoding="[..], b"charset="].iter().find_map(|key| {
        let at = start.windows(key.len()).position(|window| window == *key)? + key.len();
        let rest = start[at..].iter().skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '));
        let label: Vec<u8> = rest
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'))
            .copied()
            .collect();
        of_label(&label)
    })
}

/// The encoding with this label, also with one of those that publishers use beside the registered
/// ones.
fn of_label(label: &[u8]) -> Option<&'static Encoding> {
    let label = label.to_ascii_lowercase();
    let label: &[u8] = match label.as_slice() {
        b"macroman" | b"mac-roman" => b"macintosh",
        b"maccyrillic" | b"mac-cyrillic" => b"x-mac-cyrillic",
        b"ms-cyrl" => b"windows-1251",
        other => other,
    };
    let hyphens: Vec<u8> =
        label.iter().map(|byte| if *byte == b'_' { b'-' } else { *byte }).collect();
    Encoding::for_label(label).or_else(|| Encoding::for_label(&hyphens))
}

/// Whether more than a tenth of the non-ASCII bytes are invalid in UTF-8: another encoding rather
/// than a few corrupt bytes.
fn is_not_utf_8(bytes: &[u8]) -> bool {
    let non_ascii = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let invalid: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    invalid * 10 > non_ascii
}

/// Whether a text may be in ISO-2022-JP.
fn has_escapes(bytes: &[u8]) -> bool {
    bytes.contains(&0x1b)
}

/// Whether a text contains U+0080 to U+009F.
fn has_c1_controls(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair[0] == 0xc2 && (0x80..0xa0).contains(&pair[1]))
}

/// The character that windows-1252 has in the place of a control character.
pub fn without_c1_control(character: char) -> char {
    let code = u32::from(character);
    match u8::try_from(code) {
        Ok(byte @ 0x80..0xa0) => {
            let decoded = WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
            decoded.unwrap_or(character)
        }
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Cow<'_, str> {
        super::text(bytes, None)
    }

    #[test]
    fn a_byte_order_mark_decides() {
        assert_eq!(text(b"\xef\xbb\xbfcaf\xc3\xa9"), "café");
        assert_eq!(text(b"\xff\xfe<\0a\0"), "<a");
        assert_eq!(text(b"\xfe\xff\0<\0a"), "<a");
        let latin = Some("text/xml; charset=ISO-8859-1");
        assert_eq!(super::text(b"\xef\xbb\xbfcaf\xc3\xa9", latin), "café");
    }

    #[test]
    fn a_declaration_counts_unless_the_bytes_are_utf_8() {
        assert_eq!(
            text(b"<?xml version='1.0' encoding='koi8-r'?>\xc4\xc1"),
            "<?xml version='1.0' encoding='koi8-r'?>да"
        );
        assert!(text("<?xml version='1.0' encoding='ISO-8859-1'?>é".as_bytes()).ends_with("?>é"));
        assert!(text(b"<?xml version='1.0' encoding='utf-8'?>\xe9t\xe9").ends_with("?>été"));
    }

    #[test]
    fn the_content_type_comes_before_the_document() {
        let koi = b"<?xml version='1.0' encoding='iso-8859-5'?>\xc4\xc1";
        for header in
            ["application/rss+xml; charset=KOI8-R", "text/xml;x=y; Charset = \"koi8-r\"; z"]
        {
            assert!(super::text(koi, Some(header)).ends_with("?>да"), "{header}");
        }
        for useless in ["", "text/xml", "text/xml; charset=", "x; charset=no", "; charset=utf-16"] {
            assert!(!super::text(koi, Some(useless)).ends_with("?>да"), "{useless}");
        }
        assert_eq!(super::text(b"\xc4\xe0", Some("x;charset=windows_1251")), "Да");
        assert_eq!(super::text(b"caf\x8e", Some("x;charset=MacRoman")), "café");
        // A header that says UTF-8 of everything.
        assert_eq!(super::text(b"caf\xe9", Some("text/csv; charset=utf-8")), "café");
        let latin = Some("text/csv; charset=iso-8859-1");
        assert_eq!(super::text("café".as_bytes(), latin), "café");
        assert_eq!(super::text(b"\x1b$B4A;z\x1b(B", Some("x;charset=iso-2022-jp")), "漢字");
    }

    #[test]
    fn the_default_is_windows_1252() {
        assert_eq!(text(b"caf\xe9 \x80"), "café €");
        assert_eq!(text("été".as_bytes()), "été");
        assert_eq!(text(b""), "");
    }

    #[test]
    fn control_characters_are_those_of_windows_1252() {
        assert_eq!(text("don\u{92}t \u{80}5\u{85}".as_bytes()), "don’t €5…");
        assert_eq!(text("a\u{a0}é\u{81}".as_bytes()), "a\u{a0}é\u{81}");
        let latin_9 = Some("text/xml; charset=iso-8859-15");
        assert_eq!(super::text(b"\xa4 don\x92t", latin_9), "€ don’t");
    }

    #[test]
    fn utf_16_markup_needs_no_byte_order_mark() {
        assert_eq!(text(b"\0<\0a"), "<a");
        assert_eq!(text(b"<\0a\0"), "<a");
    }
}
