//! The words of the interface, in the citizen's language: texts, dates and numbers.
//!
//! Texts stand in `locales/` in the Fluent syntax. A test holds that each exists in every language with the same variables, and that each
//! one the sources ask for exists.

mod dates;
mod numbers;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use voordeur_widget_api::Language;

pub use dates::Nearness;

/// A citizen's language, and everything that is said in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    /// The language.
    pub language: Language,
}

/// What is filled in in a text.
pub enum Argument {
    /// A word.
    Text(String),
    /// A count; texts may depend on it.
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

/// The files of a language: each holds the words of one part of the interface.
macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!("../../locales/", $language, "/pages.ftl")),
            include_str!(concat!("../../locales/", $language, "/cards.ftl")),
            include_str!(concat!("../../locales/", $language, "/door.ftl")),
            include_str!(concat!("../../locales/", $language, "/arranging.ftl")),
            include_str!(concat!("../../locales/", $language, "/board.ftl")),
            include_str!(concat!("../../locales/", $language, "/choosing.ftl")),
            include_str!(concat!("../../locales/", $language, "/look.ftl")),
            include_str!(concat!("../../locales/", $language, "/services.ftl")),
        ]
    };
}

const FILES: [(Language, [&str; 8]); 4] = [
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
    // The marks that isolate what is filled in would end up in attributes and titles.
    bundle.set_use_isolating(false);
    for file in files {
        // The files are embedded and a test parses each of them; what cannot be read of one is left out.
        let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(rest, _)| rest);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

impl Locale {
    /// The words of a language.
    pub fn new(language: Language) -> Self {
        Locale { language }
    }

    /// A text.
    pub fn say(self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// A text with something filled in.
    pub fn say_with(self, key: &str, arguments: &[(&str, Argument)]) -> String {
        let bundle = &BUNDLES[self.language as usize];
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, language = %self.language, "a text is missing");
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
            tracing::error!(key, language = %self.language, ?errors, "a text lacks what it is filled with");
        }
        text
    }
}

/// The language of a request: what the citizen chose, else the best of what the browser asks for, else Dutch.
pub fn negotiate(chosen: Option<Language>, accept_language: Option<&str>) -> Language {
    if let Some(language) = chosen {
        return language;
    }
    let mut wishes: Vec<(f32, usize, Language)> = accept_language
        .unwrap_or_default()
        .split(',')
        .enumerate()
        .filter_map(|(order, wish)| {
            let mut parts = wish.trim().split(';');
            let language = parts.next()?.trim().parse().ok()?;
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(Some(1.0), |weight| weight.trim().parse().ok())?;
            (weight > 0.0).then_some((weight, order, language))
        })
        .collect();
    wishes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    wishes.first().map_or(Language::Nl, |(_, _, language)| *language)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The keys of a file, each with the variables it is filled with.
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
                assert!(before.is_none(), "`{current}` stands twice in one file");
            }
            for piece in line.split('$').skip(1) {
                let name = piece.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
                keys.get_mut(&current).expect("a variable stands in a text").insert(name);
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
        assert!(dutch.len() > 100, "the Dutch texts are not read");
        for (index, (language, files)) in FILES.iter().enumerate() {
            for file in files {
                let parsed = FluentResource::try_new((*file).to_owned());
                assert!(parsed.is_ok(), "{language}: {:?}", parsed.err().map(|(_, errors)| errors));
            }
            let these = all(index);
            for (key, variables) in &dutch {
                let other = these.get(key);
                assert!(other.is_some(), "{language} lacks `{key}`");
                assert_eq!(other, Some(variables), "{language} fills `{key}` otherwise");
            }
            let extra: Vec<_> = these.keys().filter(|key| !dutch.contains_key(*key)).collect();
            assert!(extra.is_empty(), "{language} has texts that Dutch lacks: {extra:?}");
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
    fn every_text_that_is_asked_for_exists_and_every_text_is_asked_for() {
        let mut code = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
        let known = all(0);
        for call in [".say(\"", ".say_with(\""] {
            for rest in code.split(call).skip(1) {
                let key: String = rest.chars().take_while(|c| *c != '"').collect();
                assert!(known.contains_key(&key) || key.contains('\\'), "no text `{key}`");
            }
        }
        // Some keys are put together; their beginnings stand in the sources.
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
        assert!(unused.is_empty(), "nothing says {unused:?}");
    }

    #[test]
    fn the_language_is_the_chosen_one_then_the_one_the_browser_likes_best() {
        assert_eq!(negotiate(Some(Language::De), Some("fr")), Language::De);
        assert_eq!(negotiate(None, Some("es, fr-BE;q=0.8, en;q=0.9")), Language::En);
        assert_eq!(negotiate(None, Some("fr-BE, nl;q=0.5")), Language::Fr);
        assert_eq!(negotiate(None, Some("ja")), Language::Nl);
        assert_eq!(negotiate(None, None), Language::Nl);
    }
}
