//! The search of quick find and of the catalogue, the same on the server and in the browser.
//!
//! An item is searched by a text of four parts, folded by `search_key` and joined by `;`: its name,
//! its search words (each ends with `,`), other words about it, and its theme.

/// Maximum length of a search, in characters; nothing that can be found has a longer name.
pub const MAX_SEARCH_CHARS: usize = 80;

/// Precedes the text of an item that is of no use where the citizen lives: it follows all others.
pub const FAR: char = '~';
/// Precedes the text of something that does not exist yet: it is found by its name and its search
/// words alone.
pub const WANTED: char = '?';

/// The rank of the item whose name is what was typed. Others follow in the order of the fields.
const NAME: u8 = 0;
const SEARCH_WORD: u8 = 1;
const NAME_BEGINS: u8 = 2;
const WORDS_OF_NAME: u8 = 3;
const WORDS_OF_SEARCH: u8 = 4;
const OTHER_WORDS: u8 = 5;
const THEME: u8 = 6;
/// A part of a compound, or a word that continues one: `vakanties` in `schoolvakanties`.
const COMPOUND: u8 = 7;
const TYPING_ERROR: u8 = 8;
/// Added to the rank of an item that is far.
const FAR_AWAY: u8 = 16;

/// Minimum length of a word that is looked for within others, in characters.
const MIN_COMPOUND: usize = 4;
/// Minimum lengths of a word in which one, and two, typing errors are forgiven, in characters.
const MIN_ONE_ERROR: usize = 5;
const MIN_TWO_ERRORS: usize = 9;

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

/// The rank of each item for the typed text, folded as the items are: 0 is best, `None` is no
/// match. Typing errors are forgiven when nothing matches without.
pub fn ranks(items: &[impl AsRef<str>], typed: &str) -> Vec<Option<u8>> {
    let typed = typed.trim();
    let ranked = |rank: fn(&Fields<'_>, &str) -> Option<u8>| -> Vec<Option<u8>> {
        items
            .iter()
            .map(|item| {
                let fields = Fields::of(item.as_ref());
                let rank = rank(&fields, typed)?;
                Some(if fields.far { rank.saturating_add(FAR_AWAY) } else { rank })
            })
            .collect()
    };
    let exact = ranked(|fields, typed| fields.rank(typed));
    if exact.iter().any(Option::is_some) {
        return exact;
    }
    ranked(|fields, typed| fields.nearly_has(typed).then_some(TYPING_ERROR))
}

/// The parts of an item's text.
struct Fields<'a> {
    far: bool,
    wanted: bool,
    name: &'a str,
    search: &'a str,
    others: &'a str,
    theme: &'a str,
}

impl<'a> Fields<'a> {
    fn of(item: &'a str) -> Self {
        let near = item.strip_prefix(FAR);
        let text = near.unwrap_or(item);
        let wanted = text.strip_prefix(WANTED);
        let mut parts = wanted.unwrap_or(text).split(';');
        let mut part = || parts.next().unwrap_or_default();
        Fields {
            far: near.is_some(),
            wanted: wanted.is_some(),
            name: part(),
            search: part(),
            others: part(),
            theme: part(),
        }
    }

    fn phrases(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.search.split(',').filter(|phrase| !phrase.is_empty())
    }

    /// The words of the name and of the search words.
    fn own_words(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        words(self.name).chain(self.phrases().flat_map(words))
    }

    fn rank(&self, typed: &str) -> Option<u8> {
        if typed.is_empty() {
            return (!self.wanted).then_some(NAME);
        }
        if self.name == typed {
            return Some(NAME);
        }
        if self.phrases().any(|phrase| phrase == typed) {
            return Some(SEARCH_WORD);
        }
        if self.wanted {
            let begins = |text: &str| text.starts_with(typed);
            let begun = is_long(typed) && (begins(self.name) || self.phrases().any(begins));
            return begun.then_some(WORDS_OF_SEARCH);
        }
        if self.name.starts_with(typed) {
            return Some(NAME_BEGINS);
        }
        // Each word may be in another field; the farthest of these counts.
        words(typed)
            .map(|word| self.rank_of_word(word))
            .try_fold(NAME, |worst, rank| Some(worst.max(rank?)))
    }

    fn rank_of_word(&self, typed: &str) -> Option<u8> {
        let begins = |text: &str| words(text).any(|word| word.starts_with(typed));
        if begins(self.name) {
            Some(WORDS_OF_NAME)
        } else if self.phrases().any(begins) {
            Some(WORDS_OF_SEARCH)
        } else if begins(self.others) {
            Some(OTHER_WORDS)
        } else if begins(self.theme) {
            Some(THEME)
        } else {
            let compound = self.own_words().any(|word| is_compound(word, typed));
            compound.then_some(COMPOUND)
        }
    }

    /// Whether each word resembles one of the item's own.
    fn nearly_has(&self, typed: &str) -> bool {
        let resembles = |typed: &str| self.own_words().any(|word| is_nearly(word, typed));
        !self.wanted && !typed.is_empty() && words(typed).all(resembles)
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}

/// Whether one word is a part of the other.
fn is_compound(word: &str, typed: &str) -> bool {
    let within = word.contains(typed) || typed.starts_with(word);
    is_long(word) && is_long(typed) && within
}

fn is_long(word: &str) -> bool {
    word.chars().nth(MIN_COMPOUND - 1).is_some()
}

/// Whether a word was typed with few errors.
fn is_nearly(word: &str, typed: &str) -> bool {
    let length = typed.chars().count();
    let errors = match length {
        MIN_TWO_ERRORS.. => 2,
        MIN_ONE_ERROR.. => 1,
        _ => 0,
    };
    word.chars().count().abs_diff(length) <= errors && distance(word, typed) <= errors
}

/// The number of letters to insert, remove, replace or swap with their neighbour that turns one
/// word into the other. A library would bring more code to the browser than these lines.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let (mut last_but_one, mut last) = (Vec::new(), (0..=other.len()).collect::<Vec<usize>>());
    let mut before = None;
    for (row, letter) in one.chars().enumerate() {
        let mut costs = vec![row + 1];
        for (at, typed) in other.iter().enumerate() {
            let replaced = last[at] + usize::from(letter != *typed);
            let mut cost = replaced.min(last[at + 1] + 1).min(costs[at] + 1);
            if at > 0 && before == Some(*typed) && other[at - 1] == letter {
                cost = cost.min(last_but_one[at - 1] + 1);
            }
            costs.push(cost);
        }
        before = Some(letter);
        (last_but_one, last) = (last, costs);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAINS: &str =
        "treinen;nmbs,dienstregeling,;de volgende treinen in jouw station;onderweg";

    fn rank(item: &str, typed: &str) -> Option<u8> {
        ranks(&[item], typed)[0]
    }

    #[test]
    fn a_search_is_measured_in_characters() {
        assert!(is_short("") && is_short(&"é".repeat(MAX_SEARCH_CHARS)));
        assert!(is_short(&"\u{1f682}".repeat(MAX_SEARCH_CHARS)));
        for long in ["x".repeat(MAX_SEARCH_CHARS + 1), "\u{1f682}".repeat(MAX_SEARCH_CHARS + 1)] {
            assert!(!is_short(&long) && is_short(&shortened(&long)));
        }
    }

    #[test]
    fn the_name_comes_before_search_words_others_and_the_theme() {
        for (typed, expected) in [
            ("treinen", Some(NAME)),
            ("nmbs", Some(SEARCH_WORD)),
            ("trei", Some(NAME_BEGINS)),
            ("dienst", Some(WORDS_OF_SEARCH)),
            ("volgende", Some(OTHER_WORDS)),
            ("onder", Some(THEME)),
            ("regeling", Some(COMPOUND)),
            ("", Some(NAME)),
            ("  ", Some(NAME)),
            ("bus", None),
        ] {
            assert_eq!(rank(TRAINS, typed), expected, "{typed}");
        }
    }

    #[test]
    fn every_word_must_match() {
        assert_eq!(rank(TRAINS, "trein nmbs"), Some(WORDS_OF_SEARCH));
        assert_eq!(rank(TRAINS, "trein station"), Some(OTHER_WORDS));
        assert_eq!(rank(TRAINS, "trein bus"), None);
    }

    #[test]
    fn a_word_within_another_word_is_no_match_unless_it_is_long() {
        assert_eq!(rank("rampen;;in de hele wereld;weer", "were"), Some(OTHER_WORDS));
        assert_eq!(rank("rampen;;in de hele wereld;milieu", "ere"), None);
        assert_eq!(rank("schoolvakanties;;;", "vakanties"), Some(COMPOUND));
        assert_eq!(rank("afval;poubelle,;;", "poubelles"), Some(COMPOUND));
    }

    #[test]
    fn typing_errors_are_forgiven_when_nothing_else_matches() {
        assert_eq!(rank(TRAINS, "treinne"), Some(TYPING_ERROR));
        assert_eq!(rank(TRAINS, "dienstregelnig"), Some(TYPING_ERROR));
        assert_eq!(rank(TRAINS, "nmbz"), None);
        assert_eq!(ranks(&[TRAINS, "tremens;;;"], "tremen"), [None, Some(NAME_BEGINS)]);
    }

    #[test]
    fn an_item_that_is_far_follows_all_others() {
        let far = format!("{FAR}{TRAINS}");
        assert_eq!(rank(&far, "treinen"), Some(NAME + FAR_AWAY));
        assert!(rank(&far, "treinen") > rank("bus;;treinen;", "treinen"));
    }

    #[test]
    fn a_wanted_thing_is_found_by_its_own_words_alone() {
        let wanted = format!("{WANTED}metro;mivb,stib,;;");
        assert_eq!(rank(&wanted, "stib"), Some(SEARCH_WORD));
        assert_eq!(rank(&wanted, "metro"), Some(NAME));
        assert_eq!(rank(&wanted, "metr"), Some(WORDS_OF_SEARCH));
        for other in ["", "me", "metros", "mett"] {
            assert_eq!(rank(&wanted, other), None, "{other}");
        }
    }

    #[test]
    fn a_swapped_letter_is_one_error() {
        for (one, other, errors) in
            [("", "", 0), ("ab", "ba", 1), ("wetter", "weter", 1), ("abc", "xyz", 3), ("", "ab", 2)]
        {
            assert_eq!(distance(one, other), errors, "{one} {other}");
            assert_eq!(distance(other, one), errors, "{other} {one}");
        }
    }
}
