//! Code tables: the meaning of a service's enumerated values.

use std::collections::BTreeMap;

use serde_json::Value as Tree;
use voordeur_widget_api::{Language, Severity, Texts, Tone};

use super::values::Value;

/// Key of the entry for values that are not in a table.
pub const OTHER: &str = "other";

/// A code table, by value of the service.
pub struct CodeTable(pub BTreeMap<String, Code>);

pub struct Code {
    pub text: Option<Texts>,
    pub severity: Option<Severity>,
    pub tone: Option<Tone>,
}

impl CodeTable {
    /// The table as a tree, which the functions `code`, `severity` and `tone` read.
    pub fn tree(&self, language: Language) -> Tree {
        let meaning = |meaning: &Code| {
            let text = meaning.text.as_ref().map(|texts| texts.get(language));
            let entries = [
                ("text", text),
                ("severity", meaning.severity.map(Severity::id)),
                ("tone", meaning.tone.map(Into::into)),
            ];
            let known = entries.into_iter().filter_map(|(key, value)| Some((key, value?)));
            Tree::Object(known.map(|(key, value)| (key.to_owned(), value.into())).collect())
        };
        Tree::Object(self.0.iter().map(|(code, entry)| (code.clone(), meaning(entry))).collect())
    }
}

/// The key of a value in a code table: `5`, `5.0` and `'5'` are equal; `true` and `'true'` too.
pub fn code_text(value: &Value<'_>) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Int(whole) => whole.to_string(),
        Value::Float(float) => float.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return None,
    })
}
