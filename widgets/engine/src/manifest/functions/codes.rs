//! Functions for code tables.

use super::{EvalResult, Function};
use crate::manifest::codes;
use crate::manifest::values::Value;

pub const FUNCTIONS: &[Function] = &[
    Function {
        signature: "code(codes.ID, x)",
        min_args: 2,
        max_args: 2,
        returns: "what `[codes.ID]` says a value of the service means, in the citizen's language; `other` for values that are not in the table, else `null`",
        implementation: |_, args| meaning(args, "text"),
    },
    Function {
        signature: "severity(codes.ID, x)",
        min_args: 2,
        max_args: 2,
        returns: "its `severity` in that table, or `null`",
        implementation: |_, args| meaning(args, "severity"),
    },
    Function {
        signature: "tone(codes.ID, x)",
        min_args: 2,
        max_args: 2,
        returns: "its `tone` in that table, or `null`",
        implementation: |_, args| meaning(args, "tone"),
    },
];

/// `null` has no meaning, not even that of `other`: the service gave no value.
fn meaning<'v>(args: &[Value<'v>], part: &str) -> EvalResult<Value<'v>> {
    let Some(code) = codes::code_text(&args[1]) else { return Ok(Value::Null) };
    let entry = args[0].get(&code).or_else(|| args[0].get(codes::OTHER));
    Ok(entry.and_then(|entry| entry.get(part)).unwrap_or(Value::Null))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::evaluate;

    #[test]
    fn codes_are_found_by_number_and_by_text() {
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
