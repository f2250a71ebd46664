use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Language;

/// The languages that `lang` on a page may name: those of ISO 639-1, and a few of ISO 639-3 that are
/// written in Europe. Assistive technology knows no others, and axe reports them.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch \
    co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he \
    hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv \
    kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny \
    oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su \
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu \
    ast ckb dsb fil frp gsw hsb kab nds sco szl vls zea zgh";

/// Codes that were replaced, and what they are now.
const REPLACED: [(&str, &str); 4] = [("iw", "he"), ("in", "id"), ("ji", "yi"), ("jw", "jv")];

/// The language of a text from outside, as a BCP 47 tag: the language, the script where it is given,
/// and the region.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageTag(String);

impl LanguageTag {
    /// The tag, as in `lang="he"`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is this language, of any region.
    pub fn is(&self, language: Language) -> bool {
        self.0.split('-').next() == Some(language.tag())
    }
}

impl From<Language> for LanguageTag {
    fn from(language: Language) -> Self {
        LanguageTag(language.tag().to_owned())
    }
}

impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> Self {
        tag.0
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = &'static str;

    fn try_from(tag: String) -> Result<Self, Self::Error> {
        tag.parse().map_err(|()| "no language")
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for LanguageTag {
    type Err = ();

    /// Parses a BCP 47 tag, also with `_`; subtags that are not kept are ignored.
    fn from_str(tag: &str) -> Result<Self, ()> {
        let mut subtags = tag.trim().split(['-', '_']);
        let primary = subtags.next().unwrap_or_default();
        if !(2..=3).contains(&primary.len()) {
            return Err(());
        }
        let primary = primary.to_ascii_lowercase();
        let replaced = REPLACED.iter().find(|(old, _)| *old == primary).map(|(_, new)| *new);
        let primary = replaced.unwrap_or(&primary);
        if !LANGUAGES.split_ascii_whitespace().any(|known| known == primary) {
            return Err(());
        }
        let mut known = primary.to_owned();
        let mut rest = subtags.next();
        let is_letters = |subtag: &str| subtag.bytes().all(|byte| byte.is_ascii_alphabetic());
        if let Some(script) = rest.filter(|subtag| subtag.len() == 4 && is_letters(subtag)) {
            known.push('-');
            known.push_str(&script[..1].to_ascii_uppercase());
            known.push_str(&script[1..].to_ascii_lowercase());
            rest = subtags.next();
        }
        let is_region = |subtag: &str| match subtag.len() {
            2 => is_letters(subtag),
            3 => subtag.bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        if let Some(region) = rest.filter(|subtag| is_region(subtag)) {
            known.push('-');
            known.push_str(&region.to_ascii_uppercase());
        }
        Ok(LanguageTag(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_and_written_in_one_form() {
        for (tag, expected) in [
            ("he", "he"),
            ("IW", "he"),
            ("nl_be", "nl-BE"),
            ("en-us", "en-US"),
            ("zh-hant-tw-x-private", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("de-1996", "de"),
            ("gsw", "gsw"),
        ] {
            let parsed: Result<LanguageTag, ()> = tag.parse();
            assert_eq!(parsed.as_ref().map(LanguageTag::as_str), Ok(expected), "{tag}");
        }
        for tag in ["", "x", "xx", "english", "mul", "und", "é", "nl be"] {
            assert!(tag.parse::<LanguageTag>().is_err(), "{tag:?}");
        }
        let flemish: LanguageTag = "nl-BE".parse().expect("a tag");
        assert!(flemish.is(Language::Nl) && !flemish.is(Language::En));
    }
}
