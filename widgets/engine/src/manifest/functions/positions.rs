use cel::Value;

use super::{Call, Function, Outcome, Surroundings, failed, list_of};
use crate::manifest::geography::{self, System};
use crate::manifest::{codes, values};

pub const FUNCTIONS: &[Function] = &[
    Function {
        written: "distance(lat, lon, lat, lon)",
        least: 4,
        most: 4,
        gives: "metres over the ground between two WGS84 positions",
        call: Call::Copied(distance),
    },
    Function {
        written: "wgs84(x, y, 'system')",
        least: 2,
        most: 3,
        gives: "`[latitude, longitude]` of a position in Belgian Lambert 72 or in another system: `'Lambert 2008'` (EPSG 3812), `'RD'` (28992), `'UTM 32'` (25832), `'Web Mercator'` (3857), by its name or number",
        call: Call::Copied(wgs84),
    },
];

fn distance(_: &Surroundings, args: &[Value]) -> Outcome {
    let numbers: Option<Vec<f64>> = args.iter().map(values::number).collect();
    let Some(&[a, b, c, d]) = numbers.as_deref() else { return Ok(Value::Null) };
    Ok(Value::Float(geography::distance((a, b), (c, d))))
}

fn wgs84(_: &Surroundings, args: &[Value]) -> Outcome {
    let system = match args.get(2) {
        None => System::Lambert72,
        Some(named) => {
            let name = codes::written(named).unwrap_or_default();
            System::from_name(&name)
                .ok_or_else(|| failed("wgs84", format!("`{name}` is no system that is known")))?
        }
    };
    let (Some(x), Some(y)) = (values::number(&args[0]), values::number(&args[1])) else {
        return Ok(Value::Null);
    };
    Ok(geography::to_wgs84(system, x, y).map_or(Value::Null, |(latitude, longitude)| {
        list_of(vec![Value::Float(latitude), Value::Float(longitude)])
    }))
}

#[cfg(test)]
mod tests {
    use crate::manifest::functions::tests::{evaluate, refused};

    #[test]
    fn a_system_is_named_or_numbered() {
        for system in ["'RD'", "28992", "'EPSG:28992'"] {
            let place = evaluate(&format!("wgs84(155000, 463000, {system})"));
            let latitude = place[0].as_f64().expect("a latitude");
            assert!((latitude - 52.155).abs() < 0.001, "{system}: {place}");
        }
        assert!(refused("wgs84(1, 2, 'Bonne')").contains("`Bonne` is no system"));
    }
}
