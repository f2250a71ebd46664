use serde::{Deserialize, Serialize};

use crate::Language;

/// The words besides the name by which citizens look for a widget, in each language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchWords {
    /// Dutch.
    pub nl: Vec<String>,
    /// French.
    pub fr: Vec<String>,
    /// German.
    pub de: Vec<String>,
    /// English.
    pub en: Vec<String>,
}

impl SearchWords {
    /// Maximum number of words in one language.
    pub const MAX_WORDS: usize = 24;
    /// Maximum length of a word, in characters; a word may be a phrase, such as `code red`.
    pub const MAX_CHARS: usize = 40;

    /// The words in one language.
    pub fn get(&self, language: Language) -> &[String] {
        match language {
            Language::Nl => &self.nl,
            Language::Fr => &self.fr,
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }
}
