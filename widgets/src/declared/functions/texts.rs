use cel::Value;
use voordeur_contract::Language;

use super::{Function, Outcome, Surroundings, failed, list, list_of, text};
use crate::declared::values;

pub const FUNCTIONS: &[Function] = &[
    Function {
        written: "join(list, 'separator')",
        least: 2,
        most: 2,
        gives: "its texts and numbers in one text",
        call: join,
    },
    Function {
        written: "split(text, 'separator')",
        least: 2,
        most: 2,
        gives: "the parts of a text, as a list",
        call: split,
    },
    Function {
        written: "lower(text)",
        least: 1,
        most: 1,
        gives: "the text in small letters",
        call: |_, args| Ok(Value::from(text(&args[0])?.to_lowercase())),
    },
    Function {
        written: "replace(text, 'from', 'to')",
        least: 3,
        most: 3,
        gives: "the text with the one for the other, everywhere",
        call: |_, args| Ok(Value::from(text(&args[0])?.replace(text(&args[1])?, text(&args[2])?))),
    },
    Function {
        written: "translated(x)",
        least: 1,
        most: 1,
        gives: "the best language of `{nl: …, fr: …}` or `[{language: …, text: …}]`, marked with its language when it is not the citizen's",
        call: |here, args| Ok(translated(&args[0], here.language)),
    },
    Function {
        written: "in_language(text, 'nl')",
        least: 2,
        most: 2,
        gives: "text marked as being in that language; use it for whatever a service says in one language only",
        call: in_language,
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

/// The best language of a text in several: the citizen's, else English, else the first.
fn translated(value: &Value, language: Language) -> Value {
    let versions: Vec<(String, String)> = match value {
        Value::String(_) => return value.clone(),
        Value::Map(map) => map
            .map
            .iter()
            .filter_map(|(key, text)| match text {
                Value::String(text) => Some((key.to_string(), text.to_string())),
                _ => None,
            })
            .collect(),
        Value::List(list) => list
            .iter()
            .filter_map(|entry| {
                let tag = values::get(entry, "language").or_else(|| values::get(entry, "lang"))?;
                let text = values::get(entry, "text").or_else(|| values::get(entry, "value"))?;
                match (tag, text) {
                    (Value::String(tag), Value::String(text)) => {
                        Some((tag.to_string(), text.to_string()))
                    }
                    _ => None,
                }
            })
            .collect(),
        _ => return Value::Null,
    };
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

    use crate::declared::functions::tests::evaluate;

    #[test]
    fn the_best_language_is_chosen_and_marked() {
        assert_eq!(evaluate("translated({'fr': 'Noël', 'nl': 'Kerstmis'})"), json!("Kerstmis"));
        assert_eq!(
            evaluate("translated([{'language': 'FR', 'text': 'Noël'}])"),
            json!({"text": "Noël", "language": "fr"})
        );
    }
}
