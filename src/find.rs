//! The ranking of quick find, the same on the server and in the browser.

/// Maximum length of a search, in characters; nothing that can be found has a longer name.
pub const MAX_SEARCH_CHARS: usize = 80;

/// Whether a search is short enough to be looked at. The work of a search grows with its length, so
/// this comes first.
pub fn is_short(typed: &str) -> bool {
    // A character has at most four bytes: the first comparison bounds the second.
    typed.len() <= MAX_SEARCH_CHARS * 4 && typed.chars().count() <= MAX_SEARCH_CHARS
}

/// The beginning of a search that is too long, to be shown again.
pub fn shortened(typed: &str) -> String {
    typed.chars().take(MAX_SEARCH_CHARS).collect()
}

/// How well an item matches what was typed: 0 is best, `None` is no match. Both texts are lower
/// case and without accents; `text` begins with the name of the item.
pub fn rank(text: &str, typed: &str) -> Option<u8> {
    let typed = typed.trim();
    let mut words = typed.split(' ').filter(|word| !word.is_empty());
    if !words.clone().all(|word| text.contains(word)) {
        return None;
    }
    let first = words.next().unwrap_or_default();
    if text.starts_with(typed) {
        Some(0)
    } else if text.split(' ').any(|word| word.starts_with(first)) {
        Some(1)
    } else {
        Some(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_measured_in_characters() {
        assert!(is_short("") && is_short(&"é".repeat(MAX_SEARCH_CHARS)));
        assert!(is_short(&"\u{1f682}".repeat(MAX_SEARCH_CHARS)));
        for long in ["x".repeat(MAX_SEARCH_CHARS + 1), "\u{1f682}".repeat(MAX_SEARCH_CHARS + 1)] {
            assert!(!is_short(&long) && is_short(&shortened(&long)));
        }
    }

    #[test]
    fn every_word_must_match() {
        assert_eq!(rank("treinen nmbs station onderweg", "trein nmbs"), Some(1));
        assert_eq!(rank("treinen nmbs station onderweg", "trein bus"), None);
        assert_eq!(rank("treinen", ""), Some(0));
        assert_eq!(rank("treinen", "  "), Some(0));
    }

    #[test]
    fn the_start_of_the_name_ranks_first_then_the_start_of_a_word() {
        assert_eq!(rank("treinen in gent", "trei"), Some(0));
        assert_eq!(rank("treinen in gent", "treinen in"), Some(0));
        assert_eq!(rank("treinen in gent", "gent"), Some(1));
        assert_eq!(rank("treinen in gent", "einen"), Some(2));
    }
}
