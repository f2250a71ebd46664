//! Functions for positions and coordinate reference systems.

use super::{Call, EvalResult, Function, failed};
use crate::manifest::codes;
use crate::manifest::geography::{self, Crs};
use crate::manifest::values::Value;

/// Steps of a distance, and of a transformation between systems.
const STEPS_OF_DISTANCE: usize = 5;
const STEPS_OF_TRANSFORMATION: usize = 50;

pub const FUNCTIONS: &[Function] = &[
    Function {
        signature: "distance(lat, lon, lat, lon)",
        min_args: 4,
        max_args: 4,
        returns: "metres over the ground between two WGS84 positions. A position whose latitude and longitude are swapped, so that it lies in what the widget `covers` only once they are swapped back, is swapped back and counted",
        implementation: distance,
    },
    Function {
        signature: "wgs84(x, y, 'system')",
        min_args: 2,
        max_args: 3,
        returns: "`[latitude, longitude]` of a position in Belgian Lambert 72 or in another system: `'Lambert 2008'` (EPSG 3812), `'RD'` (28992), `'UTM 32'` (25832), `'Web Mercator'` (3857), by its name or number",
        implementation: wgs84,
    },
];

fn distance<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    call.charge_steps(STEPS_OF_DISTANCE)?;
    let [Some(a), Some(b), Some(c), Some(d)] = [0, 1, 2, 3].map(|at| args[at].number()) else {
        return Ok(Value::Null);
    };
    let in_order = |position| call.axis_order.restore(position, call.budget);
    Ok(Value::float(Some(geography::distance(in_order((a, b))?, in_order((c, d))?))))
}

fn wgs84<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    call.charge_steps(STEPS_OF_TRANSFORMATION)?;
    let crs = match args.get(2) {
        None => Crs::Lambert72,
        Some(named) => {
            let name = codes::code_text(named).unwrap_or_default();
            call.charge_text(&name, 1)?;
            Crs::from_name(&name)
                .ok_or_else(|| failed("wgs84", format!("`{name}` is no system that is known")))?
        }
    };
    let (Some(x), Some(y)) = (args[0].number(), args[1].number()) else {
        return Ok(Value::Null);
    };
    Ok(geography::to_wgs84(crs, x, y).map_or(Value::Null, |(latitude, longitude)| {
        Value::list(vec![Value::Float(latitude), Value::Float(longitude)])
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
