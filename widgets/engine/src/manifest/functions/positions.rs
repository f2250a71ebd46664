//! Functions for positions and coordinate reference systems.

use cel::Value;

use super::{EvalContext, EvalResult, Function, Implementation, failed, list_of};
use crate::manifest::geography::{self, Crs};
use crate::manifest::{cel_values, codes};

pub const FUNCTIONS: &[Function] = &[
    Function {
        signature: "distance(lat, lon, lat, lon)",
        min_args: 4,
        max_args: 4,
        returns: "metres over the ground between two WGS84 positions",
        implementation: Implementation::ByValue(distance),
    },
    Function {
        signature: "wgs84(x, y, 'system')",
        min_args: 2,
        max_args: 3,
        returns: "`[latitude, longitude]` of a position in Belgian Lambert 72 or in another system: `'Lambert 2008'` (EPSG 3812), `'RD'` (28992), `'UTM 32'` (25832), `'Web Mercator'` (3857), by its name or number",
        implementation: Implementation::ByValue(wgs84),
    },
];

fn distance(_: &EvalContext, args: &[Value]) -> EvalResult {
    let numbers: Option<Vec<f64>> = args.iter().map(cel_values::number).collect();
    let Some(&[a, b, c, d]) = numbers.as_deref() else { return Ok(Value::Null) };
    Ok(Value::Float(geography::distance((a, b), (c, d))))
}

fn wgs84(_: &EvalContext, args: &[Value]) -> EvalResult {
    let crs = match args.get(2) {
        None => Crs::Lambert72,
        Some(named) => {
            let name = codes::code_text(named).unwrap_or_default();
            Crs::from_name(&name)
                .ok_or_else(|| failed("wgs84", format!("`{name}` is no system that is known")))?
        }
    };
    let (Some(x), Some(y)) = (cel_values::number(&args[0]), cel_values::number(&args[1])) else {
        return Ok(Value::Null);
    };
    Ok(geography::to_wgs84(crs, x, y).map_or(Value::Null, |(latitude, longitude)| {
        list_of(vec![Value::Float(latitude), Value::Float(longitude)])
    }))
}

#[cfg(test)]
mod tests {
    use crate::manifest::functions::tests::{evaluate, evaluation_error};

    #[test]
    fn a_system_is_named_or_numbered() {
        for crs in ["'RD'", "28992", "'EPSG:28992'"] {
            let place = evaluate(&format!("wgs84(155000, 463000, {crs})"));
            let latitude = place[0].as_f64().expect("a latitude");
            assert!((latitude - 52.155).abs() < 0.001, "{crs}: {place}");
        }
        assert!(evaluation_error("wgs84(1, 2, 'Bonne')").contains("`Bonne` is no system"));
    }
}
