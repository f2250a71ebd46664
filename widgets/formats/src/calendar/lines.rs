//! The lines of a calendar, before they are parsed.

use std::borrow::Cow;

use voordeur_widget_api::{Budget, Exhausted};

/// Joins folded lines of a calendar that is not UTF-8 as it stands.
///
/// Lines are folded between any two octets (RFC 5545, 3.1), so a character may be on two lines. The
/// encoding of the whole is known only after they are joined.
pub fn unfolded<'a>(bytes: &'a [u8], budget: &Budget) -> Result<Cow<'a, [u8]>, Exhausted> {
    // Zero bytes are those of UTF-16, in which no octet is a line end.
    if std::str::from_utf8(bytes).is_ok() || bytes.contains(&0) {
        return Ok(Cow::Borrowed(bytes));
    }
    budget.charge_bytes(bytes.len())?;
    let mut joined = Vec::with_capacity(bytes.len());
    let mut octets = bytes.iter().copied().peekable();
    while let Some(octet) = octets.next() {
        if octet == b'\n' && octets.next_if(|next| matches!(next, b' ' | b'\t')).is_some() {
            while joined.last() == Some(&b'\r') {
                joined.pop();
            }
        } else {
            joined.push(octet);
        }
    }
    Ok(Cow::Owned(joined))
}

/// Declares rules of recurrence as text, since the parser drops signs and the upper bits of their
/// numbers, and ends lines that end with `\r` alone.
pub fn prepared<'a>(text: &'a str, budget: &Budget) -> Result<Cow<'a, str>, Exhausted> {
    const AS_TEXT: &str = ";VALUE=TEXT";
    let separator = if text.contains('\n') { '\n' } else { '\r' };
    let is_rule = |line: &str| {
        let name = line.split([':', ';']).next().unwrap_or_default();
        name.eq_ignore_ascii_case("RRULE") || name.eq_ignore_ascii_case("EXRULE")
    };
    let lines = || text.split_inclusive(separator);
    let rules = lines().filter(|line| is_rule(line)).count();
    if rules == 0 && separator == '\n' {
        return Ok(Cow::Borrowed(text));
    }
    let length = text.len().saturating_add(rules.saturating_mul(AS_TEXT.len()));
    budget.charge_bytes(length)?;
    let mut prepared = String::with_capacity(length);
    for line in lines() {
        let name = if is_rule(line) { line.find([':', ';']) } else { None };
        let (name, rest) = line.split_at(name.unwrap_or(0));
        prepared.push_str(name);
        if !name.is_empty() {
            prepared.push_str(AS_TEXT);
        }
        match rest.strip_suffix('\r') {
            Some(rest) if separator == '\r' => {
                prepared.push_str(rest);
                prepared.push('\n');
            }
            _ => prepared.push_str(rest),
        }
    }
    Ok(Cow::Owned(prepared))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_calendar_that_is_not_utf_8_is_unfolded() {
        let joined = |bytes: &[u8]| unfolded(bytes, &Budget::default()).map(Cow::into_owned);
        assert_eq!(joined(b"a\r\n b"), Ok(b"a\r\n b".to_vec()));
        assert_eq!(joined(b"caf\xc3\r\n \xa9s"), Ok("cafés".as_bytes().to_vec()));
        assert_eq!(joined(b"caf\xc3\n\t\xa9s\r\nb"), Ok("cafés\r\nb".as_bytes().to_vec()));
        assert_eq!(joined(b"\xe9\r\n t\xe9"), Ok(b"\xe9t\xe9".to_vec()));
        assert_eq!(joined(b"\xff\xfea\0\n\0 \0"), Ok(b"\xff\xfea\0\n\0 \0".to_vec()));
    }

    #[test]
    fn rules_are_declared_as_text() {
        let text = |text| prepared(text, &Budget::default()).map(Cow::into_owned);
        assert_eq!(text("SUMMARY:RRULE:\r\n"), Ok("SUMMARY:RRULE:\r\n".to_owned()));
        assert_eq!(text("a\r\nrrule:x\r\nb"), Ok("a\r\nrrule;VALUE=TEXT:x\r\nb".to_owned()));
        assert_eq!(text("EXRULE;A=B:x"), Ok("EXRULE;VALUE=TEXT;A=B:x".to_owned()));
        assert_eq!(text("a:1\rRRULE:x\r"), Ok("a:1\nRRULE;VALUE=TEXT:x\n".to_owned()));
    }
}
