//! Code tables: the meaning of a service's enumerated values.

use std::collections::BTreeMap;

use cel::Value;
use voordeur_widget_api::{Language, Severity, Texts, Tone};

use super::cel_values;

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
    /// The table as a CEL value, which the functions `code`, `severity` and `tone` read.
    pub fn value(&self, language: Language) -> Value {
        cel_values::map(self.0.iter().map(|(code, meaning)| {
            let text = meaning.text.as_ref().map(|texts| texts.get(language));
            let entries = [
                ("text", text),
                ("severity", meaning.severity.map(Severity::id)),
                ("tone", meaning.tone.map(Into::into)),
            ];
            let known = entries.into_iter().filter_map(|(key, value)| Some((key, value?)));
            (code.as_str(), cel_values::map(known.map(|(key, value)| (key, Value::from(value)))))
        }))
    }
}

/// The key of a value in a code table: `5`, `5.0` and `'5'` are equal; `true` and `'true'` too.
pub fn code_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Int(whole) => whole.to_string(),
        Value::UInt(whole) => whole.to_string(),
        Value::Float(float) => float.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return None,
    })
}
