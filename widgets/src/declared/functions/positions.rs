use cel::Value;

use super::{Function, Outcome, Surroundings, list_of};
use crate::declared::{geography, values};

pub const FUNCTIONS: &[Function] = &[
    Function {
        written: "distance(lat, lon, lat, lon)",
        least: 4,
        most: 4,
        gives: "metres over the ground between two WGS84 positions",
        call: distance,
    },
    Function {
        written: "wgs84(x, y)",
        least: 2,
        most: 2,
        gives: "`[latitude, longitude]` of a position in Belgian Lambert 72",
        call: wgs84,
    },
];

fn distance(_: &Surroundings, args: &[Value]) -> Outcome {
    let numbers: Option<Vec<f64>> = args.iter().map(values::number).collect();
    let Some(&[a, b, c, d]) = numbers.as_deref() else { return Ok(Value::Null) };
    Ok(Value::Float(geography::distance((a, b), (c, d))))
}

fn wgs84(_: &Surroundings, args: &[Value]) -> Outcome {
    let (Some(x), Some(y)) = (values::number(&args[0]), values::number(&args[1])) else {
        return Ok(Value::Null);
    };
    Ok(geography::from_lambert_72(x, y).map_or(Value::Null, |(latitude, longitude)| {
        list_of(vec![Value::Float(latitude), Value::Float(longitude)])
    }))
}
