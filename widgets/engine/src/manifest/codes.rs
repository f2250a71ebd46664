//! Enumerations: what the values of a service mean.

use std::collections::BTreeMap;

use cel::Value;
use voordeur_widget_api::{Language, Texts};

use super::cel_values;

/// What stands for every value that a table does not know.
pub const OTHER: &str = "other";

/// The table of one enumeration, by the value of the service.
pub struct CodeTable(pub BTreeMap<String, Code>);

/// What one value means.
pub struct Code {
    /// In words.
    pub text: Option<Texts>,
    /// As a warning: `minor`, `moderate`, `severe` or `extreme`.
    pub severity: Option<String>,
    /// As news: `good`, `fair` or `poor`.
    pub tone: Option<String>,
}

impl CodeTable {
    /// The table as expressions see it: only the functions `code`, `severity` and `tone` look into it.
    pub fn value(&self, language: Language) -> Value {
        cel_values::map(self.0.iter().map(|(code, meaning)| {
            let text = meaning.text.as_ref().map(|texts| texts.get(language));
            let entries = [
                ("text", text),
                ("severity", meaning.severity.as_deref()),
                ("tone", meaning.tone.as_deref()),
            ];
            let known = entries.into_iter().filter_map(|(key, value)| Some((key, value?)));
            (code.as_str(), cel_values::map(known.map(|(key, value)| (key, Value::from(value)))))
        }))
    }
}

/// A value of a service as it is written in a table: `5`, `5.0` and `'5'` are one code, `true` and `'true'` another.
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
