//! Character encodings: detection and decoding of text.
//!
//! Services declare their encoding in several ways, and some declare a wrong one.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use voordeur_widget_api::{Budget, Exhausted};

/// How many bytes at the start of a document are searched for a declaration.
const DECLARATION_WITHIN: usize = 1_024;

/// The largest number of bytes of UTF-8 for a byte of another encoding.
const MAX_GROWTH: usize = 3;

/// Decodes a document, see [`text`], and charges the memory when it is not UTF-8 already.
pub fn charged_text<'a>(bytes: &'a [u8], budget: &Budget) -> Result<Cow<'a, str>, Exhausted> {
    let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if std::str::from_utf8(unmarked).is_err() || unmarked.iter().take(2).any(|byte| *byte == 0) {
        budget.charge_bytes(bytes.len().saturating_mul(MAX_GROWTH))?;
    }
    Ok(text(bytes))
}

/// Decodes a document.
///
/// A byte order mark decides. Otherwise, valid UTF-8 is UTF-8: wrong declarations are common, and
/// text in another encoding is hardly ever valid UTF-8. Otherwise, the declared encoding counts,
/// and without one windows-1252, which decodes any bytes.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
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
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    // A document that is truncated within a character, or has a few invalid bytes, is still UTF-8.
    let encoding =
        declared(bytes).unwrap_or(if is_not_utf_8(bytes) { WINDOWS_1252 } else { UTF_8 });
    encoding.decode_without_bom_handling(bytes).0
}

/// The encoding in the XML declaration, or in a `charset` near the start of an HTML page.
///
/// A declaration of UTF-16 is wrong, since it could be read as ASCII, and so is one of UTF-8 when
/// most of the text would be lost.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(DECLARATION_WITHIN)];
    let start = start.to_ascii_lowercase();
    let found = [&b"encoding="[..], b"charset="].iter().find_map(|key| {
        let at = start.windows(key.len()).position(|window| window == *key)? + key.len();
        let rest = start[at..].iter().skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '));
        let label: Vec<u8> = rest
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'))
            .copied()
            .collect();
        Encoding::for_label(&label)
    })?;
    if found == UTF_16LE || found == UTF_16BE {
        return None;
    }
    if found == UTF_8 && is_not_utf_8(bytes) {
        return None;
    }
    Some(found)
}

/// Whether more than a tenth of the non-ASCII bytes are invalid in UTF-8: another encoding rather
/// than a few corrupt bytes.
fn is_not_utf_8(bytes: &[u8]) -> bool {
    let non_ascii = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let invalid: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    invalid * 10 > non_ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_decides() {
        assert_eq!(text(b"\xef\xbb\xbfcaf\xc3\xa9"), "café");
        assert_eq!(text(b"\xff\xfe<\0a\0"), "<a");
        assert_eq!(text(b"\xfe\xff\0<\0a"), "<a");
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
    fn the_default_is_windows_1252() {
        assert_eq!(text(b"caf\xe9 \x80"), "café €");
        assert_eq!(text("été".as_bytes()), "été");
        assert_eq!(text(b""), "");
    }

    #[test]
    fn utf_16_markup_needs_no_byte_order_mark() {
        assert_eq!(text(b"\0<\0a"), "<a");
        assert_eq!(text(b"<\0a\0"), "<a");
    }
}
