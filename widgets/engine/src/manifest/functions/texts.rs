use cel::Value;
use voordeur_widget_api::Language;

use super::{Call, Function, Outcome, Surroundings, failed, list, list_of, text};
use crate::manifest::values;
use voordeur_formats as formats;

pub const FUNCTIONS: &[Function] = &[
    Function {
        written: "join(list, 'separator')",
        least: 2,
        most: 2,
        gives: "its texts and numbers in one text",
        call: Call::Copied(join),
    },
    Function {
        written: "split(text, 'separator')",
        least: 2,
        most: 2,
        gives: "the parts of a text, as a list",
        call: Call::Copied(split),
    },
    Function {
        written: "lower(text)",
        least: 1,
        most: 1,
        gives: "the text in small letters",
        call: Call::Copied(|_, args| Ok(Value::from(text(&args[0])?.to_lowercase()))),
    },
    Function {
        written: "replace(text, 'from', 'to')",
        least: 3,
        most: 3,
        gives: "the text with the one for the other, everywhere",
        call: Call::Copied(|_, args| {
            Ok(Value::from(text(&args[0])?.replace(text(&args[1])?, text(&args[2])?)))
        }),
    },
    Function {
        written: "translated(x)",
        least: 1,
        most: 1,
        gives: "the best language of `{nl: …, fr: …}` (also `nl-BE`), `[{language: …, text: …}]` (also `lang`, `locale`, `value`, and `@lang`, `#text` of XML) or GTFS `{translation: […]}`, marked with its language when it is not the citizen's",
        call: Call::Copied(|here, args| Ok(translated(&args[0], here.language))),
    },
    Function {
        written: "plain(html)",
        least: 1,
        most: 1,
        gives: "the words of a piece of HTML on one line: no tags and scripts, entities decoded, a space for each new line; `null` for what is no text",
        call: Call::Copied(|_, args| {
            Ok(match &args[0] {
                Value::String(html) => Value::from(formats::html_to_text(html)),
                _ => Value::Null,
            })
        }),
    },
    Function {
        written: "in_language(text, 'nl')",
        least: 2,
        most: 2,
        gives: "text marked as being in that language; use it for whatever a service says in one language only",
        call: Call::Copied(in_language),
    },
];

fn join(_: &Surroundings, args: &[Value]) -> Outcome {
    let parts: Vec<String> = list(&args[0])?
        .iter()
        .filter_map(|part| values::phrase(part).map(|phrase| phrase.text))
        .collect();
    Ok(Value::from(parts.join(text(&args[1])?)))
}

fn split(_: &Surroundings, args: &[Value]) -> Outcome {
    Ok(list_of(text(&args[0])?.split(text(&args[1])?).map(Value::from).collect()))
}

fn in_language(_: &Surroundings, args: &[Value]) -> Outcome {
    let Some(phrase) = values::phrase(&args[0]) else { return Ok(Value::Null) };
    let tag = text(&args[1])?;
    let marked: Language =
        tag.parse().map_err(|()| failed("in_language", format!("no language `{tag}`")))?;
    Ok(values::marked(&phrase.text, marked))
}

/// How services call the language of a text, and the text itself.
const LANGUAGE_KEYS: [&str; 6] = ["language", "lang", "locale", "@lang", "@language", "@xml:lang"];
const TEXT_KEYS: [&str; 5] = ["text", "value", "#text", "@value", "content"];

/// One text with its language; one of a GTFS feed may have none, and then stands for the language of the feed.
fn version(entry: &Value) -> Option<(String, String)> {
    let text_under = |keys: &[&str]| {
        keys.iter().find_map(|key| match values::get(entry, key) {
            Some(Value::String(text)) => Some(text.to_string()),
            _ => None,
        })
    };
    Some((text_under(&LANGUAGE_KEYS).unwrap_or_default(), text_under(&TEXT_KEYS)?))
}

/// The best language of a text in several: the citizen's, else English, else the first.
fn translated(value: &Value, language: Language) -> Value {
    let versions: Vec<(String, String)> = match value {
        Value::String(_) => return value.clone(),
        Value::Map(map) => {
            if let Some(inside) = values::get(value, "translation") {
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
                    // A map has no order of its own.
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
    let known: Vec<(Language, &str)> = versions
        .iter()
        .filter_map(|(tag, text)| tag.parse().ok().map(|language| (language, text.as_str())))
        .collect();
    let best = known
        .iter()
        .find(|(spoken, _)| *spoken == language)
        .or_else(|| known.iter().find(|(spoken, _)| *spoken == Language::En))
        .or_else(|| known.first());
    match best {
        Some((spoken, text)) if *spoken == language => Value::from(*text),
        Some((spoken, text)) => values::marked(text, *spoken),
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
    fn html_becomes_plain_words() {
        let html = "plain('<p>De caf&eacute;&#39;s<br>zijn <b>open</b></p><script>x()</script>')";
        assert_eq!(evaluate(html), json!("De café's zijn open"));
        assert_eq!(evaluate("plain(null)"), json!(null));
    }
}
