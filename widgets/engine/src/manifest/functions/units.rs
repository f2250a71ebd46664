//! Units of measure: those recognised beside a number, and those that can be converted. Crates such
//! as `uom` convert between types at compile time; here units are named at run time.

use super::numbers::parse_number;
use super::{Call, EvalResult, Function, failed, text};
use crate::manifest::values::Value;

pub const FUNCTIONS: &[Function] = &[Function {
    signature: "convert(x, 'from', 'to')",
    min_args: 3,
    max_args: 3,
    returns: "the number in another unit of the same kind: `°C`, `K`, `°F`; `m/s`, `km/h`, `mph`, `kn`; `mm`, `cm`, `m`, `km`, `in`, `ft`, `mi`; `Pa`, `hPa`, `kPa`, `mbar`, `bar`; `g`, `kg`, `t`; `l`, `m³`; `l/s`, `m³/s`; `Wh`, `kWh`, `MWh`; `W`, `kW`, `MW`; `s`, `min`, `h`; `µg/m³`, `mg/m³`; `null` when there is no number",
    implementation: convert,
}];

struct Unit {
    name: &'static str,
    /// Units of the same dimension can be converted.
    kind: &'static str,
    /// Factor to the first unit of its dimension.
    factor: f64,
    /// Its zero, in the first unit of its dimension.
    zero: f64,
}

const fn unit(name: &'static str, kind: &'static str, factor: f64) -> Unit {
    Unit { name, kind, factor, zero: 0.0 }
}

/// The international mile, foot and inch and the knot are exact (BIPM, SI brochure, 9th edition).
const UNITS: &[Unit] = &[
    unit("K", "temperature", 1.0),
    Unit { name: "°C", kind: "temperature", factor: 1.0, zero: 273.15 },
    Unit { name: "C", kind: "temperature", factor: 1.0, zero: 273.15 },
    Unit { name: "°F", kind: "temperature", factor: 5.0 / 9.0, zero: 459.67 * 5.0 / 9.0 },
    Unit { name: "F", kind: "temperature", factor: 5.0 / 9.0, zero: 459.67 * 5.0 / 9.0 },
    unit("m/s", "speed", 1.0),
    unit("km/h", "speed", 1.0 / 3.6),
    unit("kn", "speed", 1_852.0 / 3_600.0),
    unit("kt", "speed", 1_852.0 / 3_600.0),
    unit("mph", "speed", 0.447_04),
    unit("m", "length", 1.0),
    unit("mm", "length", 0.001),
    unit("cm", "length", 0.01),
    unit("km", "length", 1_000.0),
    unit("in", "length", 0.025_4),
    unit("ft", "length", 0.304_8),
    unit("mi", "length", 1_609.344),
    unit("Pa", "pressure", 1.0),
    unit("hPa", "pressure", 100.0),
    unit("mbar", "pressure", 100.0),
    unit("kPa", "pressure", 1_000.0),
    unit("bar", "pressure", 100_000.0),
    unit("kg", "mass", 1.0),
    unit("g", "mass", 0.001),
    unit("t", "mass", 1_000.0),
    unit("m³", "volume", 1.0),
    unit("m3", "volume", 1.0),
    unit("l", "volume", 0.001),
    unit("L", "volume", 0.001),
    unit("m³/s", "flow", 1.0),
    unit("m3/s", "flow", 1.0),
    unit("l/s", "flow", 0.001),
    unit("Wh", "energy", 1.0),
    unit("kWh", "energy", 1_000.0),
    unit("MWh", "energy", 1_000_000.0),
    unit("W", "power", 1.0),
    unit("kW", "power", 1_000.0),
    unit("MW", "power", 1_000_000.0),
    unit("s", "time", 1.0),
    unit("min", "time", 60.0),
    unit("h", "time", 3_600.0),
    unit("µg/m³", "concentration", 1.0),
    unit("ug/m3", "concentration", 1.0),
    unit("µg/m3", "concentration", 1.0),
    unit("mg/m³", "concentration", 1_000.0),
    unit("mg/m3", "concentration", 1_000.0),
];

/// Recognised beside a number, but not converted.
const UNCONVERTED: [&str; 14] =
    ["%", "‰", "€", "EUR", "$", "£", "°", "m²", "m2", "km²", "ha", "ppm", "ppb", "dB"];

/// Whether `name` is recognised as a unit beside a number.
pub fn is_known_unit(name: &str) -> bool {
    UNITS.iter().any(|unit| unit.name == name) || UNCONVERTED.contains(&name)
}

fn convert<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let named = |name: &str| {
        let unit = UNITS.iter().find(|unit| unit.name == name);
        unit.ok_or_else(|| failed("convert", format!("`{name}` is no unit that is known")))
    };
    let (from, to) = (named(text(&args[1])?)?, named(text(&args[2])?)?);
    if from.kind != to.kind {
        let what = format!("`{}` is a {}, `{}` a {}", from.name, from.kind, to.name, to.kind);
        return Err(failed("convert", what));
    }
    Ok(Value::float(parse_number(call, &args[0])?.map(|number| {
        let converted = (number * from.factor + from.zero - to.zero) / to.factor;
        // Removes binary rounding errors, which would be visible.
        (converted * 1e9).round() / 1e9
    })))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::{evaluate, evaluation_error};

    #[test]
    fn units_are_converted_within_their_dimension() {
        assert_eq!(evaluate("convert(293.15, 'K', '°C')"), json!(20.0));
        assert_eq!(evaluate("convert('50', '°F', '°C')"), json!(10.0));
        assert_eq!(evaluate("convert(10, 'm/s', 'km/h')"), json!(36.0));
        assert_eq!(evaluate("convert(10, 'kn', 'km/h')"), json!(18.52));
        assert_eq!(evaluate("convert('101325 Pa', 'Pa', 'hPa')"), json!(1013.25));
        assert_eq!(evaluate("convert(1, 'in', 'mm')"), json!(25.4));
        assert_eq!(evaluate("convert(null, 'm', 'cm')"), json!(null));
        assert!(
            evaluation_error("convert(1, 'm', 'K')").contains("`m` is a length, `K` a temperature")
        );
        assert!(evaluation_error("convert(1, 'furlong', 'm')").contains("`furlong` is no unit"));
    }
}
