use cel::Value;

use super::{Call, Function, Outcome};
use crate::manifest::{codes, values};

pub const FUNCTIONS: &[Function] = &[
    Function {
        written: "code(codes.ID, x)",
        least: 2,
        most: 2,
        gives: "what `[codes.ID]` says a value of the service means, in the citizen's language; `other` for what stands not there, else `null`",
        call: Call::Copied(|_, args| meaning(args, "text")),
    },
    Function {
        written: "severity(codes.ID, x)",
        least: 2,
        most: 2,
        gives: "its `severity` in that table, or `null`",
        call: Call::Copied(|_, args| meaning(args, "severity")),
    },
    Function {
        written: "tone(codes.ID, x)",
        least: 2,
        most: 2,
        gives: "its `tone` in that table, or `null`",
        call: Call::Copied(|_, args| meaning(args, "tone")),
    },
];

/// `null` has no meaning, not even that of `other`: the service said nothing.
fn meaning(args: &[Value], part: &str) -> Outcome {
    let Some(code) = codes::written(&args[1]) else { return Ok(Value::Null) };
    let entry = values::get(&args[0], &code).or_else(|| values::get(&args[0], codes::OTHER));
    Ok(entry.and_then(|entry| values::get(entry, part)).cloned().unwrap_or(Value::Null))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::evaluate;

    #[test]
    fn a_value_is_looked_up_as_number_and_as_text() {
        let table = "{'5': {'text': 'Zwaar', 'severity': 'severe'}, 'other': {'text': 'Anders'}}";
        assert_eq!(evaluate(&format!("code({table}, 5)")), json!("Zwaar"));
        assert_eq!(evaluate(&format!("code({table}, 5.0)")), json!("Zwaar"));
        assert_eq!(evaluate(&format!("severity({table}, ' 5 ')")), json!("severe"));
        assert_eq!(evaluate(&format!("code({table}, 6)")), json!("Anders"));
        assert_eq!(evaluate(&format!("severity({table}, 6)")), json!(null));
        assert_eq!(evaluate(&format!("code({table}, null)")), json!(null));
        assert_eq!(evaluate("code({'5': {'text': 'Zwaar'}}, 6)"), json!(null));
    }
}
