use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The form in which names are compared with what a citizen types: lower case, without accents,
/// each run of punctuation or white space as one space.
///
/// Indexes in the browser's search use the same form: see `src/islands/browser/find.rs`.
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            // A ligature has no canonical decomposition.
            'œ' => key.push_str("oe"),
            c if c.is_alphanumeric() => key.push(c),
            _ if !key.is_empty() && !key.ends_with(' ') => key.push(' '),
            _ => {}
        }
    }
    key.truncate(key.trim_end().len());
    key
}

#[cfg(test)]
mod tests {
    use super::search_key;

    #[test]
    fn case_accents_and_punctuation_are_dropped() {
        assert_eq!(search_key("  Saint-Gilles / Sint-Gillis "), "saint gilles sint gillis");
        assert_eq!(search_key("L'Écluse"), "l ecluse");
        assert_eq!(search_key("Liège, Lüttich"), "liege luttich");
        assert_eq!(search_key("Sacré-Cœur"), "sacre coeur");
        assert_eq!(search_key("..."), "");
    }

    #[test]
    fn composed_and_decomposed_accents_give_the_same_key() {
        assert_eq!(search_key("e\u{301}te\u{301}"), search_key("été"));
    }
}
