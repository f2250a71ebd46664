use cel::Value;

use super::{Function, Outcome, Surroundings, float};
use crate::declared::values;

pub const FUNCTIONS: &[Function] = &[
    Function {
        written: "number(x)",
        least: 1,
        most: 1,
        gives: "the number in a number or a text, also with a decimal comma; `null` when there is none",
        call: |_, args| Ok(float(values::number(&args[0]))),
    },
    Function {
        written: "integer(x)",
        least: 1,
        most: 1,
        gives: "the same without what stands after the comma",
        call: |_, args| {
            Ok(values::number(&args[0]).map_or(Value::Null, |n| Value::Int(n.trunc() as i64)))
        },
    },
    Function {
        written: "round(x, decimals)",
        least: 2,
        most: 2,
        gives: "the number with so many digits after the comma; in a request it lets neighbours share an answer, and tells less about where somebody lives",
        call: round,
    },
    Function {
        written: "flag(x)",
        least: 1,
        most: 1,
        gives: "`true` for `true`, `1`, `'1'`, `'true'`, `'yes'`, `'ja'`, `'oui'` in any case, else `false`",
        call: |_, args| Ok(Value::Bool(flag(&args[0]))),
    },
];

fn round(_: &Surroundings, args: &[Value]) -> Outcome {
    let decimals = values::number(&args[1]).unwrap_or_default().clamp(0.0, 9.0);
    let scale = 10_f64.powi(decimals as i32);
    Ok(float(values::number(&args[0]).map(|number| (number * scale).round() / scale)))
}

fn flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Int(whole) => *whole == 1,
        Value::Float(float) => *float == 1.0,
        Value::String(text) => {
            matches!(text.trim().to_lowercase().as_str(), "1" | "true" | "yes" | "ja" | "oui")
        }
        _ => false,
    }
}
