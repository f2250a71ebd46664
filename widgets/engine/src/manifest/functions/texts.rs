//! Functions for texts and languages.

use serde_json::Value as Tree;
use voordeur_formats::{self as formats, FormatError};
use voordeur_widget_api::{Format, Language, LanguageTag};

use super::{Call, EvalResult, Function, failed, list, text};
use crate::manifest::evaluator::{BYTES_PER_STEP, made_text};
use crate::manifest::values::{self, Key, Map, Text, Value};

pub const FUNCTIONS: &[Function] = &[
    Function {
        signature: "join(list, 'separator')",
        min_args: 2,
        max_args: 2,
        returns: "its texts and numbers in one text",
        implementation: join,
    },
    Function {
        signature: "split(text, 'separator')",
        min_args: 2,
        max_args: 2,
        returns: "the parts of a text, as a list",
        implementation: split,
    },
    Function {
        signature: "lower(text)",
        min_args: 1,
        max_args: 1,
        returns: "the text in small letters",
        implementation: |call, args| {
            let text = text(&args[0])?;
            call.charge_text(text, 2)?;
            made_text(text.to_lowercase(), call.budget)
        },
    },
    Function {
        signature: "replace(text, 'from', 'to')",
        min_args: 3,
        max_args: 3,
        returns: "the text with the one for the other, everywhere",
        implementation: replace,
    },
    Function {
        signature: "shorten(text, characters)",
        min_args: 2,
        max_args: 2,
        returns: "the text, or the words at its beginning and `…` when it has more characters than that",
        implementation: shorten,
    },
    Function {
        signature: "translated(x)",
        min_args: 1,
        max_args: 1,
        returns: "the best language of `{nl: …, fr: …}` (also `nl-BE`), `[{language: …, text: …}]` (also `lang`, `locale`, `value`, and `@lang`, `#text` of XML) or GTFS `{translation: […]}`, marked with its language when it is not the citizen's",
        implementation: |call, args| translated(call, &args[0]),
    },
    Function {
        signature: "json(text)",
        min_args: 1,
        max_args: 1,
        returns: "what JSON inside a text says, as some services nest it: a list, an object, a text, a number; a text that is no JSON is refused",
        implementation: json,
    },
    Function {
        signature: "plain(html)",
        min_args: 1,
        max_args: 1,
        returns: "the words of a piece of HTML on one line: no tags and scripts, entities decoded, a space for each new line; `null` for what is no text",
        implementation: |call, args| match &args[0] {
            Value::Text(html) => {
                // A step for each byte: tags and entities are read one by one.
                call.charge_text(html, BYTES_PER_STEP)?;
                made_text(formats::html_to_text(html), call.budget)
            }
            _ => Ok(Value::Null),
        },
    },
    Function {
        signature: "in_language(text, 'nl')",
        min_args: 2,
        max_args: 2,
        returns: "text marked as being in that language, any BCP 47 tag; use it for whatever a service says in one language only; an unknown language, or `null`, marks nothing",
        implementation: in_language,
    },
];

fn join<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let separator = text(&args[1])?;
    let mut joined = String::new();
    let mut is_first = true;
    for part in list(&args[0])?.iter() {
        if let Value::Text(part) = &part {
            call.charge_text(part, 1)?;
        }
        call.charge_steps(1)?;
        let Some(phrase) = part.phrase() else { continue };
        if !is_first {
            call.budget.charge_bytes(separator.len())?;
            joined.push_str(separator);
        }
        is_first = false;
        call.budget.charge_bytes(phrase.text.len())?;
        joined.push_str(&phrase.text);
    }
    Ok(Value::text(joined))
}

fn split<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let (whole, separator) = (text(&args[0])?, text(&args[1])?);
    call.charge_text(whole, 1)?;
    let mut parts = Vec::new();
    let mut at = 0_usize;
    for (number, part) in whole.split(&**separator).enumerate() {
        if number > 0 {
            at = at.saturating_add(separator.len());
        }
        call.charge_list(1)?;
        let part = whole.part(part, at);
        if let Text::Shared(part) = &part {
            call.budget.charge_bytes(part.len())?;
        }
        at = at.saturating_add(part.len());
        parts.push(Value::Text(part));
    }
    Ok(Value::list(parts))
}

fn replace<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let (whole, from, to) = (text(&args[0])?, text(&args[1])?, text(&args[2])?);
    call.charge_text(whole, 2)?;
    let count = whole.matches(&**from).count();
    if count == 0 {
        return Ok(args[0].clone());
    }
    call.charge_steps(count)?;
    call.budget.charge_bytes(count.saturating_mul(to.len()))?;
    made_text(whole.replace(&**from, to), call.budget)
}

fn shorten<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let whole = text(&args[0])?;
    call.charge_text(whole, 2)?;
    let most = args[1].number().unwrap_or_default().clamp(1.0, 10_000.0) as usize;
    let Some((end, _)) = whole.char_indices().nth(most) else { return Ok(args[0].clone()) };
    // One character gives way to the ellipsis.
    let start = whole[..end].trim_end();
    let start = start.rsplit_once(char::is_whitespace).map_or(start, |(words, _)| words.trim_end());
    made_text(format!("{start}…"), call.budget)
}

fn json<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    if matches!(args[0], Value::Null) {
        return Ok(Value::Null);
    }
    let text = text(&args[0])?;
    call.charge_text(text, 1)?;
    let tree = formats::read(Format::Json, text.as_bytes(), call.budget);
    match tree {
        Ok(tree) => {
            call.charge_list(nodes(&tree))?;
            Ok(Value::made(&tree))
        }
        Err(FormatError::OverBudget(exhausted)) => Err(exhausted.into()),
        Err(other) => Err(failed("json", other.to_string())),
    }
}

/// How many values a tree has, whose depth its reader bounds.
fn nodes(tree: &Tree) -> usize {
    let inside: usize = match tree {
        Tree::Array(items) => items.iter().map(nodes).sum(),
        Tree::Object(entries) => entries.values().map(nodes).sum(),
        _ => 0,
    };
    inside.saturating_add(1)
}

fn in_language<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    if let Value::Text(text) = &args[0] {
        call.charge_text(text, 1)?;
    }
    let Some(phrase) = args[0].phrase() else { return Ok(Value::Null) };
    let language = match &args[1] {
        Value::Null => None,
        tag => text(tag)?.parse::<LanguageTag>().ok(),
    };
    call.budget.charge_bytes(phrase.text.len())?;
    let words = Text::Shared(phrase.text.into());
    Ok(match language {
        Some(language) => values::text_in_language(words, &language),
        None => Value::Text(words),
    })
}

/// Keys that services use for the language of a text.
pub const LANGUAGE_KEYS: [&str; 6] =
    ["language", "lang", "locale", "@lang", "@language", "@xml:lang"];
/// Keys that services use for the text beside its language.
pub const TEXT_KEYS: [&str; 5] = ["text", "value", "#text", "@value", "content"];

/// A text with its language tag; the tag is empty in a GTFS feed for the feed's own language.
type Version<'v> = (Text<'v>, Text<'v>);

fn version<'v>(entry: &Value<'v>) -> Option<Version<'v>> {
    let text_under = |keys: &[&str]| {
        keys.iter().find_map(|key| match entry.get(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        })
    };
    let tag = text_under(&LANGUAGE_KEYS);
    Some((tag.unwrap_or(Text::Borrowed("")), text_under(&TEXT_KEYS)?))
}

/// The versions in a map from language to text.
fn versions_by_key<'v>(map: &Map<'v>) -> Vec<Version<'v>> {
    let version = |(key, text): (Key<'v>, Value<'v>)| {
        let tag = match key {
            Key::Text(tag) => tag,
            other => Text::Shared(other.to_string().into()),
        };
        match text {
            Value::Text(text) => Some((tag, text)),
            Value::List(list) => match list.get(0) {
                Some(Value::Text(text)) => Some((tag, text)),
                _ => None,
            },
            _ => None,
        }
    };
    map.entries().into_iter().filter_map(version).collect()
}

/// The best language: the citizen's, else English, else the first.
fn translated<'v>(call: &Call<'_>, value: &Value<'v>) -> EvalResult<Value<'v>> {
    let inner;
    let mut value = value;
    if let Some(inside) = value.get("translation") {
        inner = inside;
        value = &inner;
    }
    let versions: Vec<Version<'v>> = match value {
        Value::Text(_) => return Ok(value.clone()),
        Value::Map(map) => match version(value) {
            Some(only) => vec![only],
            None => {
                call.charge_list(map.len().saturating_mul(2))?;
                versions_by_key(map)
            }
        },
        Value::List(list) => {
            call.charge_list(list.len().saturating_mul(2))?;
            list.iter().filter_map(|entry| version(&entry)).collect()
        }
        _ => return Ok(Value::Null),
    };
    let versions: Vec<Version<'v>> =
        versions.into_iter().filter(|(_, text)| !text.trim_start().is_empty()).collect();
    let known: Vec<(Language, &Text<'v>)> = versions
        .iter()
        .filter_map(|(tag, text)| tag.parse().ok().map(|language| (language, text)))
        .collect();
    let best = known
        .iter()
        .find(|(spoken, _)| *spoken == call.language)
        .or_else(|| known.iter().find(|(spoken, _)| *spoken == Language::En))
        .or_else(|| known.first());
    Ok(match best {
        Some((spoken, text)) if *spoken == call.language => Value::Text((*text).clone()),
        Some((spoken, text)) => {
            values::text_in_language((*text).clone(), &LanguageTag::from(*spoken))
        }
        None => {
            versions.first().map_or(Value::Null, |(tag, text)| match tag.parse::<LanguageTag>() {
                Ok(language) => values::text_in_language(text.clone(), &language),
                Err(()) => Value::Text(text.clone()),
            })
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::{evaluate, evaluation_error};

    #[test]
    fn a_long_text_is_shortened_after_a_word() {
        assert_eq!(evaluate("shorten('Brand in Gent', 13)"), json!("Brand in Gent"));
        assert_eq!(evaluate("shorten('Brand in Gent', 12)"), json!("Brand in…"));
        assert_eq!(evaluate("shorten('Übergröße', 4)"), json!("Über…"));
        assert_eq!(evaluate("shorten('', 4)"), json!(""));
    }

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
        assert_eq!(
            evaluate("translated({'it': 'Natale'})"),
            json!({"text": "Natale", "language": "it"})
        );
    }

    #[test]
    fn json_inside_a_text_is_read() {
        let nested = r#"json('[{"id": "92"}, {"id": null}]').map(line, line.id)"#;
        assert_eq!(evaluate(nested), json!(["92", null]));
        assert_eq!(evaluate("json('12.5') + 1.0"), json!(13.5));
        assert_eq!(evaluate("json(null)"), json!(null));
        for broken in ["json('[{')", "json('')", "json('<html>')"] {
            assert!(evaluation_error(broken).contains("json"), "{broken}");
        }
        assert!(evaluation_error("json([1])").contains("text"));
    }

    #[test]
    fn a_text_is_marked_with_any_known_language() {
        for (tag, expected) in [("'he'", "he"), ("'iw-IL'", "he-IL"), ("'nl_BE'", "nl-BE")] {
            let marked = evaluate(&format!("in_language('a', {tag})"));
            assert_eq!(marked, json!({"text": "a", "language": expected}), "{tag}");
        }
        for unknown in ["'xx'", "''", "'Nederlands'", "null"] {
            assert_eq!(evaluate(&format!("in_language('a', {unknown})")), json!("a"), "{unknown}");
        }
        assert_eq!(evaluate("in_language(null, 'he')"), json!(null));
    }

    #[test]
    fn html_becomes_plain_text() {
        let html = "plain('<p>De caf&eacute;&#39;s<br>zijn <b>open</b></p><script>x()</script>')";
        assert_eq!(evaluate(html), json!("De café's zijn open"));
        assert_eq!(evaluate("plain(null)"), json!(null));
    }
}
