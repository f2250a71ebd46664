//! Functions for texts and languages.

use cel::Value;
use voordeur_widget_api::Language;

use super::{EvalContext, EvalResult, Function, Implementation, failed, list, list_of, text};
use crate::manifest::cel_values;
use voordeur_formats as formats;

pub const FUNCTIONS: &[Function] = &[
    Function {
        signature: "join(list, 'separator')",
        min_args: 2,
        max_args: 2,
        returns: "its texts and numbers in one text",
        implementation: Implementation::ByValue(join),
    },
    Function {
        signature: "split(text, 'separator')",
        min_args: 2,
        max_args: 2,
        returns: "the parts of a text, as a list",
        implementation: Implementation::ByValue(split),
    },
    Function {
        signature: "lower(text)",
        min_args: 1,
        max_args: 1,
        returns: "the text in small letters",
        implementation: Implementation::ByValue(|_, args| {
            Ok(Value::from(text(&args[0])?.to_lowercase()))
        }),
    },
    Function {
        signature: "replace(text, 'from', 'to')",
        min_args: 3,
        max_args: 3,
        returns: "the text with the one for the other, everywhere",
        implementation: Implementation::ByValue(|_, args| {
            Ok(Value::from(text(&args[0])?.replace(text(&args[1])?, text(&args[2])?)))
        }),
    },
    Function {
        signature: "translated(x)",
        min_args: 1,
        max_args: 1,
        returns: "the best language of `{nl: …, fr: …}` (also `nl-BE`), `[{language: …, text: …}]` (also `lang`, `locale`, `value`, and `@lang`, `#text` of XML) or GTFS `{translation: […]}`, marked with its language when it is not the citizen's",
        implementation: Implementation::ByValue(|context, args| {
            Ok(translated(&args[0], context.language))
        }),
    },
    Function {
        signature: "plain(html)",
        min_args: 1,
        max_args: 1,
        returns: "the words of a piece of HTML on one line: no tags and scripts, entities decoded, a space for each new line; `null` for what is no text",
        implementation: Implementation::ByValue(|_, args| {
            Ok(match &args[0] {
                Value::String(html) => Value::from(formats::html_to_text(html)),
                _ => Value::Null,
            })
        }),
    },
    Function {
        signature: "in_language(text, 'nl')",
        min_args: 2,
        max_args: 2,
        returns: "text marked as being in that language; use it for whatever a service says in one language only",
        implementation: Implementation::ByValue(in_language),
    },
];

fn join(_: &EvalContext, args: &[Value]) -> EvalResult {
    let parts: Vec<String> = list(&args[0])?
        .iter()
        .filter_map(|part| cel_values::phrase(part).map(|phrase| phrase.text))
        .collect();
    Ok(Value::from(parts.join(text(&args[1])?)))
}

fn split(_: &EvalContext, args: &[Value]) -> EvalResult {
    Ok(list_of(text(&args[0])?.split(text(&args[1])?).map(Value::from).collect()))
}

fn in_language(_: &EvalContext, args: &[Value]) -> EvalResult {
    let Some(phrase) = cel_values::phrase(&args[0]) else { return Ok(Value::Null) };
    let tag = text(&args[1])?;
    let text_in_language: Language =
        tag.parse().map_err(|()| failed("in_language", format!("no language `{tag}`")))?;
    Ok(cel_values::text_in_language(&phrase.text, text_in_language))
}

/// Keys that services use for the language of a text.
pub const LANGUAGE_KEYS: [&str; 6] =
    ["language", "lang", "locale", "@lang", "@language", "@xml:lang"];
/// Keys that services use for the text beside its language.
pub const TEXT_KEYS: [&str; 5] = ["text", "value", "#text", "@value", "content"];

/// A text with its language tag; the tag is empty in a GTFS feed for the feed's own language.
fn version(entry: &Value) -> Option<(String, String)> {
    let text_under = |keys: &[&str]| {
        keys.iter().find_map(|key| match cel_values::get(entry, key) {
            Some(Value::String(text)) => Some(text.to_string()),
            _ => None,
        })
    };
    Some((text_under(&LANGUAGE_KEYS).unwrap_or_default(), text_under(&TEXT_KEYS)?))
}

/// The best language: the citizen's, else English, else the first.
fn translated(value: &Value, language: Language) -> Value {
    let versions: Vec<(String, String)> = match value {
        Value::String(_) => return value.clone(),
        Value::Map(map) => {
            if let Some(inside) = cel_values::get(value, "translation") {
                return translated(inside, language);
            }
            match version(value) {
                Some(only) => vec![only],
                None => {
                    let mut versions: Vec<(String, String)> = map
                        .map
                        .iter()
                        .filter_map(|(key, text)| match text {
                            Value::String(text) => Some((key.to_string(), text.to_string())),
                            Value::List(list) => match list.first() {
                                Some(Value::String(text)) => {
                                    Some((key.to_string(), text.to_string()))
                                }
                                _ => None,
                            },
                            _ => None,
                        })
                        .collect();
                    // A map is unordered.
                    versions.sort();
                    versions
                }
            }
        }
        Value::List(list) => list.iter().filter_map(version).collect(),
        _ => return Value::Null,
    };
    let versions: Vec<(String, String)> =
        versions.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect();
    let is_known_unit: Vec<(Language, &str)> = versions
        .iter()
        .filter_map(|(tag, text)| tag.parse().ok().map(|language| (language, text.as_str())))
        .collect();
    let best = is_known_unit
        .iter()
        .find(|(spoken, _)| *spoken == language)
        .or_else(|| is_known_unit.iter().find(|(spoken, _)| *spoken == Language::En))
        .or_else(|| is_known_unit.first());
    match best {
        Some((spoken, text)) if *spoken == language => Value::from(*text),
        Some((spoken, text)) => cel_values::text_in_language(text, *spoken),
        None => versions.first().map_or(Value::Null, |(_, text)| Value::from(text.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::evaluate;

    #[test]
    fn the_best_language_is_chosen_and_marked() {
        assert_eq!(evaluate("translated({'fr': 'Noël', 'nl': 'Kerstmis'})"), json!("Kerstmis"));
        assert_eq!(
            evaluate("translated([{'language': 'FR', 'text': 'Noël'}])"),
            json!({"text": "Noël", "language": "fr"})
        );
    }

    #[test]
    fn texts_in_several_languages_come_in_many_forms() {
        for several in [
            "{'nl-BE': 'Kerst', 'fr-BE': 'Noël'}",
            "{'nl': ['Kerst'], 'fr': ['Noël']}",
            "[{'lang': 'fr', 'value': 'Noël'}, {'lang': 'nl', 'value': 'Kerst'}]",
            "[{'@lang': 'fr', '#text': 'Noël'}, {'@lang': 'nl', '#text': 'Kerst'}]",
            "{'translation': [{'text': 'Noël', 'language': 'fr'}, {'text': 'Kerst', 'language': 'nl'}]}",
            "{'@lang': 'nl', '#text': 'Kerst'}",
            "[{'text': 'Kerst'}]",
        ] {
            assert_eq!(evaluate(&format!("translated({several})")), json!("Kerst"), "{several}");
        }
        assert_eq!(
            evaluate("translated({'nl': '', 'fr': 'Noël'})"),
            json!({"text": "Noël", "language": "fr"})
        );
        assert_eq!(evaluate("translated([])"), json!(null));
    }

    #[test]
    fn html_becomes_plain_text() {
        let html = "plain('<p>De caf&eacute;&#39;s<br>zijn <b>open</b></p><script>x()</script>')";
        assert_eq!(evaluate(html), json!("De café's zijn open"));
        assert_eq!(evaluate("plain(null)"), json!(null));
    }
}
