//! The texts of the interface in the citizen's language, and its dates and numbers.
//!
//! The texts are in `locales/`, in the Fluent syntax. Tests hold that each exists in every language
//! with the same variables, and that the texts in the files and those used in the sources are the
//! same.

mod dates;
mod numbers;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use voordeur_widget_api::Language;

pub use dates::RelativeDay;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Locale {
    pub language: Language,
    /// Whether the texts hold on any day: with dates instead of "tomorrow", and moments instead of
    /// ages.
    pub is_lasting: bool,
}

/// An argument of a text.
pub enum Argument {
    Text(String),
    /// A count; the plural form may depend on it.
    Count(i64),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Argument::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Argument::Text(text)
    }
}

impl From<i64> for Argument {
    fn from(count: i64) -> Self {
        Argument::Count(count)
    }
}

/// The files of a language, one for each part of the interface.
macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!("../../locales/", $language, "/pages.ftl")),
            include_str!(concat!("../../locales/", $language, "/cards.ftl")),
            include_str!(concat!("../../locales/", $language, "/errors.ftl")),
            include_str!(concat!("../../locales/", $language, "/arranging.ftl")),
            include_str!(concat!("../../locales/", $language, "/board.ftl")),
            include_str!(concat!("../../locales/", $language, "/choosing.ftl")),
            include_str!(concat!("../../locales/", $language, "/appearance.ftl")),
            include_str!(concat!("../../locales/", $language, "/services.ftl")),
            include_str!(concat!("../../locales/", $language, "/agenda.ftl")),
            include_str!(concat!("../../locales/", $language, "/share.ftl")),
        ]
    };
}

const FILES: [(Language, [&str; 10]); 4] = [
    (Language::Nl, files!("nl")),
    (Language::Fr, files!("fr")),
    (Language::De, files!("de")),
    (Language::En, files!("en")),
];

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 4]> =
    LazyLock::new(|| FILES.map(|(language, files)| bundle(language, &files)));

fn bundle(language: Language, files: &[&str]) -> FluentBundle<FluentResource> {
    let tag = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // The isolation marks around arguments would end up in attributes and titles.
    bundle.set_use_isolating(false);
    for file in files {
        // The files are embedded and a test parses each of them; an unreadable entry is left out.
        let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(rest, _)| rest);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

impl Locale {
    pub fn new(language: Language) -> Self {
        Locale { language, is_lasting: false }
    }

    /// The same for texts that are read on another day.
    pub fn lasting(self) -> Self {
        Locale { is_lasting: true, ..self }
    }

    pub fn say(self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// A text with arguments.
    pub fn say_with(self, key: &str, arguments: &[(&str, Argument)]) -> String {
        let bundle = &BUNDLES[self.language as usize];
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, language = %self.language, "text missing");
            return key.to_owned();
        };
        let mut filled = FluentArgs::new();
        for (name, argument) in arguments {
            let value = match argument {
                Argument::Text(text) => FluentValue::from(text.as_str()),
                Argument::Count(count) => FluentValue::from(*count),
            };
            filled.set(*name, value);
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&filled), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, language = %self.language, ?errors, "text argument missing");
        }
        text
    }
}

/// Maximum number of languages that are read from `Accept-Language`; browsers send a few.
const MAX_ACCEPTED_LANGUAGES: usize = 32;

/// A text with a capital at its beginning, for a word that stands alone.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The language of a request: the citizen's choice, else the best match for `Accept-Language` (RFC
/// 9110, section 12.5.4), else English; Dutch when the header is absent.
pub fn negotiate(chosen: Option<Language>, accept_language: Option<&str>) -> Language {
    if let Some(language) = chosen {
        return language;
    }
    let mut candidates: Vec<(f32, usize, Language)> = accept_language
        .unwrap_or_default()
        .split(',')
        .take(MAX_ACCEPTED_LANGUAGES)
        .enumerate()
        .filter_map(|(order, entry)| {
            let mut parts = entry.trim().split(';');
            let language = parts.next()?.trim().parse().ok()?;
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(Some(1.0), |weight| weight.trim().parse().ok())?;
            (weight > 0.0).then_some((weight, order, language))
        })
        .collect();
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let fallback = if accept_language.is_some() { Language::En } else { Language::Nl };
    candidates.first().map_or(fallback, |(_, _, language)| *language)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The keys of a file, each with its variables.
    fn keys(file: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in file.lines() {
            if line.starts_with('#') {
                continue;
            }
            if let Some((key, _)) = line.split_once('=')
                && !line.starts_with([' ', '[', '}', '*'])
            {
                current = key.trim().to_owned();
                let before = keys.insert(current.clone(), BTreeSet::new());
                assert!(before.is_none(), "`{current}` is defined twice in one file");
            }
            for piece in line.split('$').skip(1) {
                let name = piece.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
                keys.get_mut(&current).expect("a variable belongs to a text").insert(name);
            }
        }
        keys
    }

    fn all(language: usize) -> BTreeMap<String, BTreeSet<String>> {
        FILES[language].1.iter().flat_map(|file| keys(file)).collect()
    }

    #[test]
    fn every_text_exists_in_every_language_with_the_same_variables() {
        let dutch = all(0);
        assert!(dutch.len() > 100, "few Dutch texts were parsed");
        for (index, (language, files)) in FILES.iter().enumerate() {
            for file in files {
                let parsed = FluentResource::try_new((*file).to_owned());
                assert!(parsed.is_ok(), "{language}: {:?}", parsed.err().map(|(_, errors)| errors));
            }
            let these = all(index);
            for (key, variables) in &dutch {
                let other = these.get(key);
                assert!(other.is_some(), "{language} lacks `{key}`");
                assert_eq!(other, Some(variables), "{language}: other variables in `{key}`");
            }
            let extra: Vec<_> = these.keys().filter(|key| !dutch.contains_key(*key)).collect();
            assert!(extra.is_empty(), "{language} has texts that are missing in Dutch: {extra:?}");
        }
    }

    fn sources(folder: &Path, found: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push_str(&fs::read_to_string(path).expect("a source"));
            }
        }
    }

    #[test]
    fn every_text_that_is_used_exists_and_every_text_is_used() {
        let mut code = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
        let known = all(0);
        for call in [".say(\"", ".say_with(\""] {
            for rest in code.split(call).skip(1) {
                let key: String = rest.chars().take_while(|c| *c != '"').collect();
                assert!(known.contains_key(&key) || key.contains('\\'), "no text `{key}`");
            }
        }
        // Some keys are built from a prefix, which appears in the sources.
        let unused: Vec<_> = known
            .keys()
            .filter(|key| {
                let whole = code.contains(&format!("\"{key}\""));
                let beginning = key
                    .match_indices('-')
                    .any(|(dash, _)| code.contains(&format!("\"{}{{", &key[..=dash])));
                !whole && !beginning
            })
            .collect();
        assert!(unused.is_empty(), "unused texts: {unused:?}");
    }

    #[test]
    fn the_citizens_choice_precedes_accept_language() {
        assert_eq!(negotiate(Some(Language::De), Some("fr")), Language::De);
        assert_eq!(negotiate(None, Some("es, fr-BE;q=0.8, en;q=0.9")), Language::En);
        assert_eq!(negotiate(None, Some("fr-BE, nl;q=0.5")), Language::Fr);
        assert_eq!(negotiate(None, Some("ja")), Language::En);
        assert_eq!(negotiate(None, None), Language::Nl);
    }
}
