//! Silver: where a service names a page in several languages, a link leads to the citizen's.

use std::collections::BTreeSet;

use serde_json::Value;
use voordeur_widget_api::Language;

use super::harness::Asker;
use super::{Findings, rule_table, view_text};
use crate::manifest::key_path::PathStep;

pub fn check(findings: &mut Findings<'_>, asker: &Asker<'_>) {
    for sample in asker.samples() {
        for language in Language::ALL {
            let (outcome, _, answered) = asker.sample(sample, language);
            let Some(view) = outcome.view() else { continue };
            let mut named = BTreeSet::new();
            for known in &answered {
                if let Ok(tree) = &known.tree {
                    addresses(tree, &mut named);
                }
            }
            for (path, shown) in view_text::texts(view) {
                if !view_text::is_address(&path) {
                    continue;
                }
                let own = in_language(&shown, language).find(|own| named.contains(own.as_str()));
                if let Some(own) = own {
                    let what = format!(
                        "In `{language}`, the sample `{}` links to `{shown}`, although the service names `{own}`.",
                        sample.name
                    );
                    let place = [PathStep::Key("view"), PathStep::Key("block")];
                    let advice = "Choose the address by `language`.";
                    findings.at(rule_table::LINK_LANGUAGE, &place, what, advice);
                }
            }
        }
    }
}

/// All addresses in a response.
fn addresses<'t>(tree: &'t Value, found: &mut BTreeSet<&'t str>) {
    match tree {
        Value::String(text) if text.starts_with("http") => {
            found.insert(text);
        }
        Value::Array(list) => list.iter().for_each(|item| addresses(item, found)),
        Value::Object(map) => map.values().for_each(|value| addresses(value, found)),
        _ => {}
    }
}

/// An address with one code of another language replaced by that of the citizen: `/nl/` by `/fr/`.
fn in_language(address: &str, language: Language) -> impl Iterator<Item = String> {
    let separators = |c: char| !c.is_ascii_alphanumeric();
    let others = Language::ALL.iter().filter(move |other| **other != language);
    others.flat_map(move |other| {
        let codes = address.match_indices(separators).filter_map(move |(at, _)| {
            let start = at.checked_add(1)?;
            let end = start.checked_add(2)?;
            let code = address.get(start..end)?;
            let ends = address[end..].chars().next().is_none_or(separators);
            (ends && code.eq_ignore_ascii_case(other.tag())).then_some((start, end, code))
        });
        codes.map(move |(start, end, code)| {
            let lower = code.chars().all(|c| c.is_ascii_lowercase());
            let own = if lower { language.tag().to_owned() } else { language.tag().to_uppercase() };
            format!("{}{own}{}", &address[..start], &address[end..])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_language_is_a_word_of_its_own() {
        let own = |address| in_language(address, Language::Fr).collect::<Vec<_>>();
        assert_eq!(own("https://a.example/nl/bus"), ["https://a.example/fr/bus"]);
        assert_eq!(own("https://a.example/x_EN_1.pdf"), ["https://a.example/x_FR_1.pdf"]);
        assert_eq!(own("https://a.example/?lang=de"), ["https://a.example/?lang=fr"]);
        assert!(own("https://a.example/fr/dental").is_empty());
    }
}
