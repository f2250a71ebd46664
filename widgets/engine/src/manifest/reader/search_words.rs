//! The words by which citizens look for a widget.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};
use voordeur_widget_api::{Language, SearchWords, search_key};

use super::Reader;
use crate::manifest::error::ManifestError;

impl Reader<'_> {
    /// The search words of a manifest; none when it has no key `search`.
    pub(super) fn search_words(&mut self, document: &DeTable<'_>) -> SearchWords {
        let Some(DeValue::Table(lists)) = document.get("search").map(|list| list.get_ref()) else {
            return SearchWords::default();
        };
        for language in Language::ALL {
            let list = lists.get(language.tag());
            let Some(words) = list.and_then(|list| list.get_ref().as_array()) else { continue };
            let path = format!("search.{language}");
            if words.is_empty() || words.len() > SearchWords::MAX_WORDS {
                let message = format!("needs 1 to {} words", SearchWords::MAX_WORDS);
                let error = ManifestError::new(&path, message);
                self.errors.extend(list.map(|list| self.at(error, list)));
            }
            let mut keys = BTreeSet::new();
            for word in words {
                let Some(text) = word.get_ref().as_str() else { continue };
                let key = search_key(text);
                let message = if key.is_empty() {
                    "has no letter and no digit"
                } else if text.chars().count() > SearchWords::MAX_CHARS {
                    "is too long: at most 40 characters"
                } else if !keys.insert(key) {
                    "is a duplicate"
                } else {
                    continue;
                };
                let error = ManifestError::new(&path, format!("`{text}` {message}"));
                self.errors.push(self.at(error, word));
            }
        }
        self.read(document, "search").unwrap_or_default()
    }
}
