//! The items of blocks, each read from the keys of a manifest in the scope of one thing.

use voordeur_widget_api::{
    Alert, DayRole, Departure, Fact, ForecastDay, Gauge, Leg, LinkItem, ListItem, Moment,
    MomentItem, Phrase, PlaceItem, Point, Refusal, Row, Severity, Tone, Value as Shown,
    WeatherSign,
};

use super::KeyExpressions;
use crate::manifest::expression::{Expression, Scope};
use crate::manifest::geography;
use crate::manifest::item_ids;
use crate::manifest::values::Value;

/// Steps of a gauge when the manifest names none, and at most: more panes are too narrow to count.
const DEFAULT_STEPS: f64 = 8.0;
const MAX_STEPS: f64 = 12.0;

/// The most millimetres of rain in a day, or kilometres an hour of wind, that are taken for true.
const MAX_AMOUNT: f64 = 2_000.0;

pub const NO_POSITION: &str = "should be a WGS84 position in degrees";

pub fn optional_phrase(
    expression: Option<&Expression>,
    scope: &Scope<'_, '_>,
) -> Result<Option<Phrase>, Refusal> {
    match expression {
        Some(expression) => Ok(expression.value(scope)?.phrase()),
        None => Ok(None),
    }
}

/// The value of an optional key; `Null` when absent.
pub fn value<'v>(
    keys: &KeyExpressions,
    key: &str,
    scope: &Scope<'_, 'v>,
) -> Result<Value<'v>, Refusal> {
    keys.get(key).map_or(Ok(Value::Null), |expression| expression.value(scope))
}

fn phrase(
    keys: &KeyExpressions,
    key: &str,
    scope: &Scope<'_, '_>,
) -> Result<Option<Phrase>, Refusal> {
    optional_phrase(keys.get(key), scope)
}

fn moment(
    keys: &KeyExpressions,
    key: &str,
    scope: &Scope<'_, '_>,
) -> Result<Option<Moment>, Refusal> {
    Ok(value(keys, key, scope)?.moment())
}

/// The identifier that the source gives a thing; empty when it gives none.
fn source_id(keys: &KeyExpressions, scope: &Scope<'_, '_>) -> Result<String, Refusal> {
    let given = phrase(keys, "id", scope)?;
    Ok(given.map(|given| item_ids::of_source(&given.text)).unwrap_or_default())
}

pub fn fact(scope: &Scope<'_, '_>, keys: &KeyExpressions) -> Result<Fact, Refusal> {
    let fact_value = keys["value"].value(scope)?;
    let kind = phrase(keys, "as", scope)?;
    let fact_value = match (kind.as_ref().map(|kind| kind.text.as_str()), &fact_value) {
        (Some("day" | "moment"), value) => value.moment().map(Shown::Moment),
        (_, Value::Int(_) | Value::Float(_)) => {
            let decimals = value(keys, "decimals", scope)?.number().unwrap_or_default();
            fact_value.number().map(|number| Shown::Number {
                number,
                decimals: decimals.clamp(0.0, 6.0) as u8,
                unit: String::new(),
            })
        }
        (_, other) => other.phrase().map(Shown::Phrase),
    };
    let mut fact_value =
        fact_value.ok_or_else(|| keys["value"].refuse("should be a value that is not empty"))?;
    if let Shown::Number { unit, .. } = &mut fact_value {
        *unit = phrase(keys, "unit", scope)?.map(|phrase| phrase.text).unwrap_or_default();
    }
    let tone = phrase(keys, "tone", scope)?.and_then(|tone| tone.text.parse::<Tone>().ok());
    Ok(Fact {
        id: source_id(keys, scope)?,
        label: keys["label"].phrase(scope)?,
        value: fact_value,
        note: phrase(keys, "note", scope)?,
        share: value(keys, "share", scope)?.number().map(|share| share.clamp(0.0, 1.0)),
        tone,
        link: value(keys, "link", scope)?.link(),
    })
}

pub fn list_item(scope: &Scope<'_, '_>, keys: &KeyExpressions) -> Result<ListItem, Refusal> {
    Ok(ListItem {
        id: source_id(keys, scope)?,
        title: keys["title"].phrase(scope)?,
        note: phrase(keys, "note", scope)?,
        tag: phrase(keys, "tag", scope)?,
        when: moment(keys, "at", scope)?,
        link: value(keys, "link", scope)?.link(),
    })
}

pub fn departure(scope: &Scope<'_, '_>, keys: &KeyExpressions) -> Result<Departure, Refusal> {
    let text = |key| Ok::<_, Refusal>(phrase(keys, key, scope)?.map(|phrase| phrase.text));
    Ok(Departure {
        id: source_id(keys, scope)?,
        at: keys["at"].instant(scope)?,
        delay: value(keys, "delay", scope)?.number().unwrap_or_default() as i64,
        to: keys["to"].phrase(scope)?,
        line: text("line")?,
        platform: text("platform")?,
        cancelled: matches!(value(keys, "cancelled", scope)?, Value::Bool(true)),
        leg: leg(scope, keys)?,
    })
}

/// The ride of a departure: from one stop to another, with its arrival.
fn leg(scope: &Scope<'_, '_>, keys: &KeyExpressions) -> Result<Option<Leg>, Refusal> {
    let (from, to) = (phrase(keys, "from", scope)?, phrase(keys, "until", scope)?);
    let (Some(from), Some(to), Some(Moment::At(arrival))) =
        (from, to, moment(keys, "arrival", scope)?)
    else {
        return Ok(None);
    };
    let number = |key| Ok::<_, Refusal>(value(keys, key, scope)?.number().unwrap_or_default());
    Ok(Some(Leg {
        from,
        to,
        arrival,
        arrival_delay: number("arrival_delay")? as i64,
        changes: number("changes")? as u8,
    }))
}

/// Whether a figure can be a temperature on earth, in degrees Celsius.
pub fn is_temperature(degrees: &f64) -> bool {
    (-100.0..=70.0).contains(degrees)
}

pub fn forecast_day(scope: &Scope<'_, '_>, keys: &KeyExpressions) -> Result<ForecastDay, Refusal> {
    let Some(Moment::Day(day)) = keys["day"].value(scope)?.moment() else {
        return Err(keys["day"].refuse("should be a day"));
    };
    let temperature = |key: &str| {
        let degrees = keys[key].number(scope)?;
        let refusal = || keys[key].refuse("should be a temperature in degrees Celsius");
        Some(degrees).filter(is_temperature).ok_or_else(refusal)
    };
    let (low, high) = (temperature("low")?, temperature("high")?);
    if low > high {
        return Err(keys["high"].refuse("should be at least `low`"));
    }
    let amount = |key| {
        let amount = value(keys, key, scope)?.number();
        Ok::<_, Refusal>(amount.filter(|amount| (0.0..=MAX_AMOUNT).contains(amount)))
    };
    let sign = phrase(keys, "sign", scope)?;
    Ok(ForecastDay {
        day,
        sign: sign.and_then(|sign| sign.text.parse::<WeatherSign>().ok()),
        low,
        high,
        rain: amount("rain")?,
        wind: amount("wind")?,
    })
}

pub fn gauge(scope: &Scope<'_, '_>, keys: &KeyExpressions) -> Result<Gauge, Refusal> {
    let (low, high) = (keys["low"].number(scope)?, keys["high"].number(scope)?);
    if low >= high {
        return Err(keys["high"].refuse("should be above `low`"));
    }
    let number = |key| Ok::<_, Refusal>(value(keys, key, scope)?.number());
    let steps = number("steps")?.unwrap_or(DEFAULT_STEPS).clamp(2.0, MAX_STEPS);
    let tone = phrase(keys, "tone", scope)?.and_then(|tone| tone.text.parse::<Tone>().ok());
    Ok(Gauge {
        label: keys["label"].phrase(scope)?,
        value: keys["value"].number(scope)?,
        decimals: number("decimals")?.unwrap_or_default().clamp(0.0, 6.0) as u8,
        unit: phrase(keys, "unit", scope)?.map(|phrase| phrase.text).unwrap_or_default(),
        low,
        high,
        steps: steps as u8,
        note: phrase(keys, "note", scope)?,
        tone,
    })
}

pub fn link_item(scope: &Scope<'_, '_>, keys: &KeyExpressions) -> Result<LinkItem, Refusal> {
    Ok(LinkItem {
        title: keys["title"].phrase(scope)?,
        note: phrase(keys, "note", scope)?,
        link: keys["link"].value(scope)?.link(),
    })
}

pub fn moment_item(scope: &Scope<'_, '_>, keys: &KeyExpressions) -> Result<MomentItem, Refusal> {
    let start = moment(keys, "start", scope)?;
    Ok(MomentItem {
        id: source_id(keys, scope)?,
        start: start.ok_or_else(|| keys["start"].refuse("should be a moment or a day"))?,
        end: moment(keys, "end", scope)?,
        title: keys["title"].phrase(scope)?,
        note: phrase(keys, "note", scope)?,
        link: value(keys, "link", scope)?.link(),
    })
}

pub fn point(scope: &Scope<'_, '_>, keys: &KeyExpressions) -> Result<Point, Refusal> {
    Ok(Point { at: keys["at"].instant(scope)?, value: keys["value"].number(scope)? })
}

pub fn row(scope: &Scope<'_, '_>, keys: &KeyExpressions, width: usize) -> Result<Row, Refusal> {
    let mut cells: Vec<Option<Shown>> =
        keys["cells"].list(scope)?.iter().map(|value| cell(&value)).collect();
    if cells.len() > width || cells.iter().all(Option::is_none) {
        return Err(keys["cells"].refuse(format!("should be {width} values, not all empty")));
    }
    cells.resize(width, None);
    Ok(Row { cells, link: value(keys, "link", scope)?.link() })
}

/// A number with the digits it needs (at most two), a date, or text.
fn cell(value: &Value<'_>) -> Option<Shown> {
    match value {
        Value::Int(_) | Value::Float(_) => {
            let number = value.number()?;
            let decimals = (0..2).find(|decimals| {
                let scaled = number * 10_f64.powi(i32::from(*decimals));
                (scaled - scaled.round()).abs() < 1e-6
            });
            Some(Shown::Number { number, decimals: decimals.unwrap_or(2), unit: String::new() })
        }
        Value::Text(_) => match value.moment() {
            Some(day) => Some(Shown::Moment(day)),
            None => value.phrase().map(Shown::Phrase),
        },
        other => other.phrase().map(Shown::Phrase),
    }
}

pub fn alert(
    scope: &Scope<'_, '_>,
    keys: &KeyExpressions,
    role: Option<DayRole>,
) -> Result<Alert, Refusal> {
    let severity = keys["severity"].phrase(scope)?.text;
    let severity = Severity::from_id(&severity)
        .ok_or_else(|| keys["severity"].refuse(format!("`{severity}` is no severity")))?;
    Ok(Alert {
        id: source_id(keys, scope)?,
        role,
        severity,
        title: keys["title"].phrase(scope)?,
        text: phrase(keys, "text", scope)?,
        area: phrase(keys, "area", scope)?,
        here: match value(keys, "here", scope)? {
            Value::Bool(here) => Some(here),
            _ => None,
        },
        start: moment(keys, "start", scope)?,
        end: moment(keys, "end", scope)?,
        link: value(keys, "link", scope)?.link(),
    })
}

pub fn place_item(
    scope: &Scope<'_, '_>,
    keys: &KeyExpressions,
    centre: (f64, f64),
) -> Result<PlaceItem, Refusal> {
    let position = (keys["latitude"].number(scope)?, keys["longitude"].number(scope)?);
    if position.0.abs() > 90.0 || position.1.abs() > 180.0 {
        return Err(keys["latitude"].refuse(NO_POSITION));
    }
    let position = scope
        .in_axis_order(position)
        .map_err(|exhausted| keys["latitude"].over_budget(exhausted))?;
    Ok(PlaceItem {
        id: source_id(keys, scope)?,
        title: keys["title"].phrase(scope)?,
        note: phrase(keys, "note", scope)?,
        tag: phrase(keys, "tag", scope)?,
        start: moment(keys, "start", scope)?,
        end: moment(keys, "end", scope)?,
        position,
        distance: geography::distance(centre, position),
        link: value(keys, "link", scope)?.link(),
    })
}
