//! Texts of several lines that a citizen writes: a note, links, and a list of items to tick.
//!
//! Each is stored as one value of a card's settings, a line for each thing, as it was typed: the
//! form shows it again, and a difference between two boards is a difference of one text.

use crate::FieldError;
use crate::field::{turns_direction, web_address};

/// Maximum length of a text of several lines, in bytes. A board of 64 KiB holds some fifteen.
pub const MAX_LINES_BYTES: usize = 4_000;
/// Maximum number of links in a field.
pub const MAX_LINKS: usize = 20;
/// Maximum number of items in a field.
pub const MAX_ITEMS: usize = 50;
/// Maximum length of an item, in characters.
pub const MAX_ITEM_CHARS: usize = 120;

/// The sign before a ticked item.
const TICK: char = '✓';
/// Maximum length of a line that an error quotes, in characters.
const MAX_QUOTED_CHARS: usize = 40;

/// A link of a citizen's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLink {
    /// The citizen's name for it, or else its host.
    pub name: String,
    /// An `http` or `https` URL.
    pub url: String,
}

/// An item of a list to tick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnItem {
    /// The text without control characters, which no other item of the list has.
    pub text: String,
    /// Whether it is done.
    pub ticked: bool,
}

/// A text with the line ends of Unix: a form sends those of Windows.
pub(crate) fn with_unix_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The lines with something in them, each with its number from 1.
fn written_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines =
        text.lines().enumerate().map(|(index, line)| (index.saturating_add(1), line.trim()));
    lines.filter(|(_, line)| !line.is_empty())
}

/// Validates links, and returns their lines without the empty ones.
pub(crate) fn validate_links(text: &str) -> Result<String, FieldError> {
    let mut kept = Vec::new();
    for (number, line) in written_lines(text) {
        if link_of(line).is_none() {
            return Err(FieldError::LineNotAnAddress { number, line: quoted(line) });
        }
        if kept.len() == MAX_LINKS {
            return Err(FieldError::TooManyLines { max_lines: MAX_LINKS });
        }
        kept.push(line);
    }
    Ok(kept.join("\n"))
}

/// The links of a stored value.
pub fn links(value: &str) -> Vec<OwnLink> {
    written_lines(value).filter_map(|(_, line)| link_of(line)).take(MAX_LINKS).collect()
}

/// The link of a line: an address before or after its name, or alone.
fn link_of(line: &str) -> Option<OwnLink> {
    let (first, after) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (before, last) = line.rsplit_once(char::is_whitespace).unwrap_or(("", line));
    let is_alone = first.len() == line.len();
    let (address, name) = match (first, last) {
        (address, _) if is_alone || has_scheme(address) => (address, after),
        (_, address) if has_scheme(address) => (address, before),
        _ => return None,
    };
    let url = web_address(address).ok()?;
    let host = url.split("://").nth(1)?.split(['/', '?', '#']).next()?;
    let name = match name.trim() {
        "" => host.strip_prefix("www.").unwrap_or(host),
        name => name,
    };
    Some(OwnLink { name: name.to_owned(), url })
}

fn has_scheme(word: &str) -> bool {
    let scheme = word.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    })
}

fn quoted(line: &str) -> String {
    match line.char_indices().nth(MAX_QUOTED_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// Validates items, and returns a line for each. An item that is there twice is kept once.
pub(crate) fn validate_items(text: &str) -> Result<String, FieldError> {
    let mut items: Vec<OwnItem> = Vec::new();
    for (number, line) in written_lines(text) {
        let item = item_of(line);
        if item.text.is_empty() {
            continue;
        }
        if item.text.chars().count() > MAX_ITEM_CHARS {
            return Err(FieldError::LineTooLong { number, max_chars: MAX_ITEM_CHARS });
        }
        if let Some(other) = items.iter_mut().find(|other| other.text == item.text) {
            // One of both is still to be done.
            other.ticked &= item.ticked;
        } else if items.len() == MAX_ITEMS {
            return Err(FieldError::TooManyLines { max_lines: MAX_ITEMS });
        } else {
            items.push(item);
        }
    }
    Ok(written(&items))
}

/// The items of a stored value, in the order in which they were written.
pub fn items(value: &str) -> Vec<OwnItem> {
    let items = written_lines(value).map(|(_, line)| item_of(line));
    items.filter(|item| !item.text.is_empty()).take(MAX_ITEMS).collect()
}

/// The items of a stored value, what is to be done first.
pub fn items_to_do_first(value: &str) -> Vec<OwnItem> {
    let mut items = items(value);
    items.sort_by_key(|item| item.ticked);
    items
}

fn item_of(line: &str) -> OwnItem {
    let (ticked, text) = match line.strip_prefix(TICK) {
        Some(text) => (true, text.trim_start_matches([TICK, ' '])),
        None => (false, line),
    };
    let plain: String =
        text.chars().map(|c| if c.is_control() || turns_direction(c) { ' ' } else { c }).collect();
    let text = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    OwnItem { text, ticked }
}

fn written(items: &[OwnItem]) -> String {
    let line = |item: &OwnItem| match item.ticked {
        true => format!("{TICK} {}", item.text),
        false => item.text.clone(),
    };
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The value in which an item is ticked or not; `None` when there is no such item.
pub fn with_item_ticked(value: &str, item: &str, ticked: bool) -> Option<String> {
    let mut items = items(value);
    items.iter_mut().find(|known| known.text == item)?.ticked = ticked;
    Some(written(&items))
}

/// The value with one more item at the end. One that is there already is to be done again.
///
/// # Errors
/// When the item is empty or too long, or there is no room for it.
pub fn with_item_added(value: &str, typed: &str) -> Result<String, FieldError> {
    let too_long = FieldError::TooLong { max_chars: MAX_ITEM_CHARS };
    if typed.len() > MAX_LINES_BYTES {
        return Err(too_long);
    }
    let item = OwnItem { ticked: false, ..item_of(typed.trim()) };
    if item.text.is_empty() {
        return Err(FieldError::Missing);
    }
    if item.text.chars().count() > MAX_ITEM_CHARS {
        return Err(too_long);
    }
    let mut items = items(value);
    if let Some(known) = items.iter_mut().find(|known| known.text == item.text) {
        known.ticked = false;
    } else if items.len() >= MAX_ITEMS {
        return Err(FieldError::TooManyLines { max_lines: MAX_ITEMS });
    } else {
        items.push(item);
    }
    let value = written(&items);
    match value.len() > MAX_LINES_BYTES {
        true => Err(FieldError::TooManyBytes { max_bytes: MAX_LINES_BYTES }),
        false => Ok(value),
    }
}

/// The value without those of these items that are ticked.
pub fn without_ticked(value: &str, seen: &[String]) -> String {
    let mut items = items(value);
    items.retain(|item| !item.ticked || !seen.contains(&item.text));
    written(&items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_its_address_before_or_after_its_name_or_alone() {
        let link = |line: &str| link_of(line).map(|link| (link.name, link.url));
        let both = |name: &str, url: &str| Some((name.to_owned(), url.to_owned()));
        assert_eq!(link("https://a.be/x De bib"), both("De bib", "https://a.be/x"));
        assert_eq!(link("De bib  HTTP://a.be/x"), both("De bib", "http://a.be/x"));
        assert_eq!(
            link("https://www.a.be:8080/x?y#z"),
            both("a.be:8080", "https://www.a.be:8080/x?y#z")
        );
        assert_eq!(link("a.be/x"), both("a.be", "https://a.be/x"));
        for other in [
            "De bib",
            "De bib a.be",
            "javascript:alert(1)",
            "javascript://a.be/%0aalert(1) x",
            "data:text/html,x",
            "ftp://a.be/ x",
            "https://me@a.be/",
            "https://localhost/ x",
            "https://a.\u{202e}be/ x",
        ] {
            assert_eq!(link(other), None, "{other}");
        }
    }

    #[test]
    fn the_line_of_a_link_that_is_none_is_named() {
        let kept = validate_links("https://a.be\n\n  B https://b.be  \n");
        assert_eq!(kept, Ok("https://a.be\nB https://b.be".to_owned()));
        let wrong = validate_links("https://a.be\n\nDe bib\n");
        let line = "De bib".to_owned();
        assert_eq!(wrong, Err(FieldError::LineNotAnAddress { number: 3, line }));
        let many = "https://a.be\n".repeat(MAX_LINKS + 1);
        assert_eq!(validate_links(&many), Err(FieldError::TooManyLines { max_lines: MAX_LINKS }));
    }

    #[test]
    fn items_are_kept_once_and_within_bounds() {
        assert_eq!(validate_items("Melk\n✓ Brood\n\n✓Melk\n✓\n"), Ok("Melk\n✓ Brood".to_owned()));
        let long = format!("a\n{}", "é".repeat(MAX_ITEM_CHARS + 1));
        let too_long = FieldError::LineTooLong { number: 2, max_chars: MAX_ITEM_CHARS };
        assert_eq!(validate_items(&long), Err(too_long));
        let many: String = (0..=MAX_ITEMS).map(|number| format!("{number}\n")).collect();
        let too_many = FieldError::TooManyLines { max_lines: MAX_ITEMS };
        assert_eq!(validate_items(&many), Err(too_many.clone()));
        let full = many.lines().take(MAX_ITEMS).collect::<Vec<_>>().join("\n");
        assert_eq!(with_item_added(&full, "x"), Err(too_many));
        assert_eq!(with_item_added(&full, " 7 "), Ok(full));
    }

    #[test]
    fn an_item_is_ticked_added_and_removed_by_its_text() {
        let ticked = with_item_ticked("Melk\nBrood", "Melk", true).expect("is there");
        assert_eq!(ticked, "✓ Melk\nBrood");
        let first = |item: &OwnItem| (item.text.clone(), item.ticked);
        let shown: Vec<_> = items_to_do_first(&ticked).iter().map(first).collect();
        assert_eq!(shown, [("Brood".to_owned(), false), ("Melk".to_owned(), true)]);
        assert_eq!(with_item_ticked(&ticked, "Kaas", true), None);
        assert_eq!(with_item_ticked(&ticked, "Melk", false).as_deref(), Some("Melk\nBrood"));
        assert_eq!(with_item_added(&ticked, "✓ Melk\n"), Ok("Melk\nBrood".to_owned()));
        assert_eq!(with_item_added("", " a\u{202e}b\t \u{0}c "), Ok("a b c".to_owned()));
        assert_eq!(with_item_added("", "  ✓ "), Err(FieldError::Missing));
        // Only what was seen as ticked goes.
        let both = "✓ Melk\n✓ Brood\nKaas";
        assert_eq!(without_ticked(both, &["Melk".to_owned(), "Kaas".to_owned()]), "✓ Brood\nKaas");
    }
}
