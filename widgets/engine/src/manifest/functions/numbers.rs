//! Functions for numbers and flags.

use super::units::is_known_unit;
use super::{Call, EvalResult, Function};
use crate::manifest::number_text;
use crate::manifest::values::Value;

pub const FUNCTIONS: &[Function] = &[
    Function {
        signature: "number(x)",
        min_args: 1,
        max_args: 1,
        returns: "the number in a number or a text: with a decimal comma, with separators between thousands (`'1.234,5'`, `'1 234,5'`, `'1,234.5'`), with a unit beside it (`'12,5 °C'`); `null` when there is none",
        implementation: |call, args| Ok(Value::float(parse_number(call, &args[0])?)),
    },
    Function {
        signature: "integer(x)",
        min_args: 1,
        max_args: 1,
        returns: "the same without decimals",
        implementation: |call, args| {
            let number = parse_number(call, &args[0])?;
            Ok(number.map_or(Value::Null, |number| Value::Int(number.trunc() as i64)))
        },
    },
    Function {
        signature: "round(x, decimals)",
        min_args: 2,
        max_args: 2,
        returns: "the number rounded to that many decimals; in a request it lets neighbours share a response, and discloses less about where somebody lives",
        implementation: round,
    },
    Function {
        signature: "grid(x, step)",
        min_args: 2,
        max_args: 2,
        returns: "the multiple of `step` nearest to the number, `null` when there is none: `grid(place.latitude, 0.25)`. Use in a request the step that the service distinguishes, so that neighbours share a response",
        implementation: grid,
    },
    Function {
        signature: "flag(x)",
        min_args: 1,
        max_args: 1,
        returns: "`true` for `true`, `1` and, in any case, `'1'`, `'true'`, `'yes'`, `'ja'`, `'oui'`, `'waar'`, `'vrai'`, `'wahr'`, `'on'`, `'y'`, `'j'`, `'o'`, else `false`",
        implementation: |call, args| {
            if let Value::Text(text) = &args[0] {
                call.charge_text(text, 1)?;
            }
            Ok(Value::Bool(flag(&args[0])))
        },
    },
];

fn round<'v>(_: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let decimals = args[1].number().unwrap_or_default().clamp(0.0, 9.0);
    let scale = 10_f64.powi(decimals as i32);
    Ok(Value::float(args[0].number().map(|number| (number * scale).round() / scale)))
}

fn grid<'v>(_: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let step = args[1].number().filter(|step| *step > 0.0 && step.is_finite());
    let (Some(number), Some(step)) = (args[0].number(), step) else { return Ok(Value::Null) };
    // Nine digits: 44 * 0.1 is not shown as 4.4000000000000004.
    let nearest = ((number / step).round() * step * 1e9).round() / 1e9;
    Ok(Value::float(Some(nearest).filter(|nearest| nearest.is_finite())))
}

fn flag(value: &Value<'_>) -> bool {
    const TRUE_WORDS: [&str; 12] =
        ["1", "true", "yes", "ja", "oui", "waar", "vrai", "wahr", "on", "y", "j", "o"];
    match value {
        Value::Bool(flag) => *flag,
        Value::Int(whole) => *whole == 1,
        Value::Float(float) => *float == 1.0,
        Value::Text(text) => {
            let word = text.trim();
            TRUE_WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}

/// A number from a number or a formatted text.
pub fn parse_number(call: &Call<'_>, value: &Value<'_>) -> EvalResult<Option<f64>> {
    let Value::Text(text) = value else { return Ok(value.number()) };
    call.charge_text(text, 4)?;
    Ok(value.number().or_else(|| formatted_number(text)).filter(|number| number.is_finite()))
}

/// A number with thousands separators, or with a unit before or after it.
fn formatted_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let digit = |c: char| c.is_ascii_digit();
    let (start, end) = (text.find(digit)?, text.rfind(digit)? + 1);
    // A digit in a unit such as `m2` or `m3/s` is not part of the number.
    let sign_or_digit = |c: char| {
        digit(c) || matches!(c, '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
    };
    let stop = text[start..].find(|c| !sign_or_digit(c)).map_or(end, |stop| start + stop);
    let mut before = text[..start].trim();
    let after = text[stop..].trim();
    let mut sign = 1.0;
    if let Some(rest) = before.strip_suffix(['-', '−', '+']) {
        sign = if before.ends_with('+') { 1.0 } else { -1.0 };
        before = rest.trim();
    }
    if [before, after].iter().any(|unit| !unit.is_empty() && !is_known_unit(unit))
        || (!before.is_empty() && !after.is_empty())
    {
        return None;
    }
    let digits = text[start..stop].trim().trim_end_matches(['.', ',']);
    number_text::plain(digits).map(|number| sign * number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::evaluate;

    #[test]
    fn formatted_numbers_are_parsed() {
        for (text, number) in [
            ("12,5", 12.5),
            ("1.234,5", 1_234.5),
            ("1 234,5", 1_234.5),
            ("1\u{202f}234", 1_234.0),
            ("1,234.5", 1_234.5),
            ("1.234.567", 1_234_567.0),
            ("1’234.5", 1_234.5),
            ("12,5 °C", 12.5),
            ("-3°C", -3.0),
            ("85%", 85.0),
            ("€ 1.250,00", 1_250.0),
            ("12 m3/s", 12.0),
            ("1e3", 1_000.0),
        ] {
            assert_eq!(evaluate(&format!("number('{text}')")), json!(number), "{text}");
        }
        for text in ["2026-11-23", "12 34", "1A", "3 huizen", "12:30", "", "°C", "1.2.3", "5-7 %"]
        {
            assert_eq!(evaluate(&format!("number('{text}')")), json!(null), "{text}");
        }
        assert_eq!(evaluate("integer('1.234,9 km')"), json!(1_234));
    }

    #[test]
    fn a_grid_gives_neighbours_one_number() {
        assert_eq!(evaluate("grid(50.93, 0.25)"), json!(51.0));
        assert_eq!(evaluate("grid(4.38, 0.1) == grid(4.42, 0.1)"), json!(true));
        assert_eq!(evaluate("grid(4.38, 0.1)"), json!(4.4));
        assert_eq!(evaluate("int(grid(148237.4, 4000))"), json!(148_000));
        for nothing in ["grid(null, 0.1)", "grid(4.38, 0)", "grid(4.38, -1)", "grid(4.38, null)"] {
            assert_eq!(evaluate(nothing), json!(null), "{nothing}");
        }
    }

    #[test]
    fn flags_are_parsed_in_four_languages() {
        for yes in ["'Oui'", "'J'", "'WAAR'", "' true '", "1", "1.0", "true"] {
            assert_eq!(evaluate(&format!("flag({yes})")), json!(true), "{yes}");
        }
        for no in ["'non'", "'N'", "'ONWAAR'", "0", "null", "''", "'2'"] {
            assert_eq!(evaluate(&format!("flag({no})")), json!(false), "{no}");
        }
    }
}
