//! Quick find: whether what somebody types means a thing, decided alike on the server and in the browser.

/// How well something is meant by what was typed, the best first; none when it is not meant. Both are lower case without accents, and the
/// name of the thing stands first in what is known of it.
pub fn rank(known: &str, typed: &str) -> Option<u8> {
    let typed = typed.trim();
    let mut words = typed.split(' ').filter(|word| !word.is_empty());
    if !words.clone().all(|word| known.contains(word)) {
        return None;
    }
    let first = words.next().unwrap_or_default();
    if known.starts_with(typed) {
        Some(0)
    } else if known.split(' ').any(|word| word.starts_with(first)) {
        Some(1)
    } else {
        Some(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_stand_somewhere() {
        assert_eq!(rank("treinen nmbs station onderweg", "trein nmbs"), Some(1));
        assert_eq!(rank("treinen nmbs station onderweg", "trein bus"), None);
        assert_eq!(rank("treinen", ""), Some(0));
        assert_eq!(rank("treinen", "  "), Some(0));
    }

    #[test]
    fn the_beginning_of_the_name_counts_most_then_the_beginning_of_a_word() {
        assert_eq!(rank("treinen in gent", "trei"), Some(0));
        assert_eq!(rank("treinen in gent", "treinen in"), Some(0));
        assert_eq!(rank("treinen in gent", "gent"), Some(1));
        assert_eq!(rank("treinen in gent", "einen"), Some(2));
    }
}
