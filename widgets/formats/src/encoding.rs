//! From bytes to text: services say their encoding in four ways, and some say it wrongly.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a document its encoding is looked for, in bytes.
const DECLARATION_WITHIN: usize = 1_024;

/// The text in the bytes. A byte-order mark decides; then what is valid UTF-8 is UTF-8, because a wrong declaration is common and valid
/// UTF-8 by chance is not; then counts what an XML declaration says; and the rest is read as windows-1252, which never fails.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    // UTF-16 without its mark: markup always starts with a character of one byte, and no text in another encoding has a zero there.
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
    // A document cut off in the middle of a character, or with one broken byte, is still UTF-8.
    let encoding = declared(bytes).unwrap_or(if broken(bytes) { WINDOWS_1252 } else { UTF_8 });
    encoding.decode_without_bom_handling(bytes).0
}

/// The encoding that an XML declaration, or a `charset` near the start of an HTML page, names. UTF-16 in text that is read byte by byte is
/// an error of the writer, and UTF-8 where the bytes are not UTF-8 is one too when most of it would be lost.
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
    if found == UTF_8 && broken(bytes) {
        return None;
    }
    Some(found)
}

/// Whether the bytes are rather another encoding than UTF-8 with an accident: more than one in ten of the bytes beyond ASCII do not fit.
fn broken(bytes: &[u8]) -> bool {
    let beyond = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let misfit: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    misfit * 10 > beyond
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_decides() {
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
    fn without_a_declaration_it_is_western() {
        assert_eq!(text(b"caf\xe9 \x80"), "café €");
        assert_eq!(text("été".as_bytes()), "été");
        assert_eq!(text(b""), "");
    }

    #[test]
    fn markup_in_two_bytes_needs_no_mark() {
        assert_eq!(text(b"\0<\0a"), "<a");
        assert_eq!(text(b"<\0a\0"), "<a");
    }
}
