//! The names of places, searched for those that resemble a text.

use std::ops::RangeInclusive;

/// Minimum length of a beginning that is completed, in characters.
const MIN_PREFIX_CHARS: usize = 3;
/// One typing error is accepted, and one more for each of so many characters.
const CHARS_PER_ERROR: usize = 4;

/// Names in the order of their search keys.
#[derive(Default)]
pub(super) struct Names(Vec<Name>);

struct Name {
    key: String,
    /// The number of characters of the key.
    length: usize,
    letters: Letters,
    spelling: String,
}

/// The set of the letters of a search key, one bit for each; others share a bit.
#[derive(Clone, Copy)]
struct Letters(u64);

impl Letters {
    fn of(key: &str) -> Self {
        let bit = |letter: char| match letter {
            'a'..='z' => u32::from(letter) - u32::from('a'),
            '0'..='9' => 26 + u32::from(letter) - u32::from('0'),
            ' ' => 36,
            _ => 37,
        };
        Letters(key.chars().fold(0, |letters, letter| letters | (1 << bit(letter))))
    }

    /// A lower bound of the edit distance of two texts: each letter that only one of them has
    /// takes an error, and one error can replace one letter by another.
    fn min_distance(self, other: Letters) -> usize {
        let only = |one: Letters, other: Letters| (one.0 & !other.0).count_ones() as usize;
        only(self, other).max(only(other, self))
    }
}

impl<'a> FromIterator<(&'a String, &'a str)> for Names {
    fn from_iter<I: IntoIterator<Item = (&'a String, &'a str)>>(names: I) -> Self {
        let name = |(key, spelling): (&String, &str)| Name {
            key: key.clone(),
            length: key.chars().count(),
            letters: Letters::of(key),
            spelling: spelling.to_owned(),
        };
        let mut names: Vec<Name> = names.into_iter().map(name).collect();
        names.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        Names(names)
    }
}

impl Names {
    /// The spellings of the names that start with a search key, then of those that resemble it.
    pub(super) fn similar(&self, key: &str) -> Vec<&str> {
        let length = key.chars().count();
        let max_distance = 1 + length / CHARS_PER_ERROR;
        let mut ranked: Vec<(usize, &str)> =
            self.with_prefix(key, length).iter().map(|name| (0, name.spelling.as_str())).collect();
        ranked.extend(self.candidates(key, length, max_distance).filter_map(|name| {
            let distance = strsim::levenshtein(key, &name.key);
            (distance <= max_distance).then_some((distance, name.spelling.as_str()))
        }));
        ranked.sort_unstable();
        let mut spellings: Vec<&str> = Vec::new();
        for (_, spelling) in ranked {
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
        spellings
    }

    fn with_prefix(&self, key: &str, length: usize) -> &[Name] {
        if length < MIN_PREFIX_CHARS {
            return &[];
        }
        let start = self.0.partition_point(|name| name.key.as_str() < key);
        let from_start = self.0.get(start..).unwrap_or_default();
        let count = from_start.partition_point(|name| name.key.starts_with(key));
        from_start.get(..count).unwrap_or_default()
    }

    /// The names whose edit distance has to be computed: neither their length nor their letters
    /// rule them out. None are left for a key that is longer than every name.
    fn candidates(
        &self,
        key: &str,
        length: usize,
        max_distance: usize,
    ) -> impl Iterator<Item = &Name> {
        let lengths: RangeInclusive<usize> =
            length.saturating_sub(max_distance)..=length.saturating_add(max_distance);
        let letters = Letters::of(key);
        self.0
            .iter()
            .filter(move |_| length > 0)
            .filter(move |name| lengths.contains(&name.length))
            .filter(move |name| letters.min_distance(name.letters) <= max_distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PLACES;
    use voordeur_widget_api::search_key;

    /// The number of edit distances that are computed, and an upper bound of the cells of their
    /// tables.
    fn work(key: &str) -> (usize, usize) {
        let length = key.chars().count();
        let max_distance = 1 + length / CHARS_PER_ERROR;
        let candidates = PLACES.names.candidates(key, length, max_distance);
        candidates.fold((0, 0), |(count, cells), name| (count + 1, cells + length * name.length))
    }

    #[test]
    fn a_search_is_bounded_work_whatever_is_typed() {
        let names = PLACES.names.0.len();
        let letters = "abcdefghijklmnopqrstuvwxyz ";
        for length in 1..=80 {
            for key in [
                "a".repeat(length),
                "sint ".repeat(length.div_ceil(5)),
                letters.chars().cycle().take(length).collect(),
                "saint martens".chars().cycle().take(length).collect(),
            ] {
                let (count, cells) = work(&key);
                assert!(count <= names && cells <= 400 * names, "{key}: {count} {cells}");
            }
        }
        // Longer than every name, and the errors that are accepted.
        assert_eq!(work(&"saint martens".repeat(5)), (0, 0));
        assert_eq!(work(""), (0, 0));
        // The most frequent input: a name with a typing error.
        let (count, _) = work("grimbergn");
        assert!(count < names / 5, "{count} of {names}");
    }

    #[test]
    fn no_name_is_ruled_out_that_is_near_enough() {
        for typed in ["gendt", "lokern", "sint niklas", "bruksel", "liege", "aal", "x", "wavre sud"]
        {
            let key = search_key(typed);
            let length = key.chars().count();
            let max_distance = 1 + length / CHARS_PER_ERROR;
            let considered: Vec<&str> = PLACES
                .names
                .candidates(&key, length, max_distance)
                .map(|name| name.key.as_str())
                .collect();
            for name in &PLACES.names.0 {
                let near = strsim::levenshtein(&key, &name.key) <= max_distance;
                assert!(!near || considered.contains(&name.key.as_str()), "{key} {}", name.key);
            }
        }
    }

    #[test]
    fn a_beginning_comes_before_a_resemblance() {
        let found = PLACES.names.similar("sint nikla");
        assert_eq!(found.first(), Some(&"Sint-Niklaas"));
        let completed = PLACES.names.with_prefix("sint", 4);
        let all = PLACES.names.0.iter().filter(|name| name.key.starts_with("sint")).count();
        assert_eq!(completed.len(), all);
        assert!(PLACES.names.with_prefix("si", 2).is_empty());
    }
}
