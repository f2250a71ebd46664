//! Blocks: how a mapping fills them, and what it refuses.

use voordeur_widget_api::{Block, DayRole, Tone, WeatherSign};

use super::*;

fn block(keys: &str) -> String {
    format!("{THINGS}[view]\n[[view.block]]\n{keys}")
}

const GAUGE: &str = r#"
kind = "gauge"
label = "'Level'"
value = "things.level"
low = "things.low"
high = "things.high"
steps = "things.steps"
unit = "'cm'"
note = "'high'"
tone = "'fair'"
"#;

#[test]
fn a_gauge_holds_a_figure_and_its_range() {
    let tree = json!({"level": 412, "low": 140, "high": 830, "steps": 5});
    let view = super::view(&block(GAUGE), tree).expect("a view");
    let [Block::Gauge(gauge)] = view.blocks.as_slice() else { panic!("{view:?}") };
    assert_eq!((gauge.value, gauge.low, gauge.high, gauge.steps), (412.0, 140.0, 830.0, 5));
    assert_eq!((gauge.unit.as_str(), gauge.tone), ("cm", Some(Tone::Fair)));
    let steps = |steps: serde_json::Value| {
        let tree = json!({"level": 412, "low": 140, "high": 830, "steps": steps});
        let view = super::view(&block(GAUGE), tree).expect("a view");
        let [Block::Gauge(gauge)] = view.blocks.as_slice() else { panic!("{view:?}") };
        gauge.steps
    };
    assert_eq!([json!(null), json!(0), json!(1e9)].map(steps), [8, 2, 12]);
}

#[test]
fn a_gauge_without_figure_or_range_is_refused() {
    for (tree, key) in [
        (json!({"level": null, "low": 1, "high": 2, "steps": 5}), "value"),
        (json!({"level": "?", "low": 1, "high": 2, "steps": 5}), "value"),
        (json!({"level": 1, "low": 2, "high": 2, "steps": 5}), "high"),
        (json!({"level": 1, "low": null, "high": 2, "steps": 5}), "low"),
    ] {
        let refusal = super::view(&block(GAUGE), tree).expect_err("it has no range");
        assert!(format!("{refusal:?}").contains(&format!(".{key}")), "{refusal:?}");
    }
}

#[test]
fn a_page_without_an_address_of_the_web_has_its_title_only() {
    let links =
        "kind = \"links\"\neach = \"things.pages\"\ntitle = \"item.title\"\nlink = \"item.url\"\n";
    let tree = json!({"pages": [
        {"title": "Taxes", "url": "https://example.org/taxes"},
        {"title": "Health", "url": "javascript:alert(1)"},
    ]});
    let view = super::view(&block(links), tree).expect("a view");
    let [Block::Links { links }] = view.blocks.as_slice() else { panic!("{view:?}") };
    let addresses: Vec<_> =
        links.iter().map(|one| one.link.as_ref().map(|link| link.url.as_str())).collect();
    assert_eq!(addresses, [Some("https://example.org/taxes"), None]);
}

const DAYS: &str = r#"
kind = "days"
now = "things.now"
each = "things.days"
day = "day(item.day)"
low = "item.low"
high = "item.high"
sign = "item.sign"
rain = "item.rain"
wind = "at(item, 'wind')"
"#;

#[test]
fn a_forecast_is_in_the_order_of_its_days() {
    let tree = json!({"now": 5.3, "days": [
        {"day": "2026-11-24", "low": 2, "high": 7, "sign": "no sign", "rain": -1, "wind": 1e9},
        {"day": "2026-11-23", "low": 4.6, "high": 8.9, "sign": "partly-cloudy", "rain": 6.4},
    ]});
    let view = super::view(&block(DAYS), tree).expect("a view");
    let [Block::Days { role, now, days }] = view.blocks.as_slice() else { panic!("{view:?}") };
    assert_eq!((*role, *now), (Some(DayRole::Weather), Some(5.3)));
    let read: Vec<_> = days.iter().map(|day| (day.day.day(), day.low, day.high)).collect();
    assert_eq!(read, [(23, 4.6, 8.9), (24, 2.0, 7.0)]);
    assert_eq!((days[0].sign, days[0].rain), (Some(WeatherSign::PartlyCloudy), Some(6.4)));
    // An unknown sign and impossible amounts are nothing.
    assert_eq!((days[1].sign, days[1].rain, days[1].wind), (None, None, None));
}

#[test]
fn a_day_without_its_temperatures_is_refused() {
    for (day, key) in [
        (json!({"day": "2026-11-23", "low": 9, "high": 8}), "high"),
        (json!({"day": "2026-11-23", "low": 1e300, "high": 1e301}), "low"),
        (json!({"day": "2026-11-23", "low": null, "high": 8}), "low"),
        (json!({"day": "tomorrow", "low": 1, "high": 8}), "day"),
    ] {
        let mut day = day;
        for key in ["sign", "rain", "wind"] {
            day[key] = json!(null);
        }
        let refusal = super::view(&block(DAYS), json!({"now": 1e9, "days": [day]}));
        let refusal = format!("{:?}", refusal.expect_err("a refusal"));
        assert!(refusal.contains(&format!("block[0].{key}")), "{refusal}");
    }
}

#[test]
fn a_departure_has_a_ride_when_both_ends_and_the_arrival_are_known() {
    let departures = r#"
kind = "departures"
each = "things"
at = "moment(item.at)"
to = "item.to"
from = "item.from"
until = "item.until"
arrival = "moment(item.arrival)"
arrival_delay = "item.delay"
changes = "item.changes"
"#;
    let ride = json!({
        "at": "2026-11-23T07:42:00+01:00", "to": "Nivelles", "from": "Vilvoorde",
        "until": "Halle", "arrival": "2026-11-23T08:07:00+01:00", "delay": 60, "changes": 1,
    });
    let mut partial = ride.clone();
    partial["arrival"] = json!(null);
    let view = super::view(&block(departures), json!([ride, partial])).expect("a view");
    let [Block::Departures { departures, .. }] = view.blocks.as_slice() else { panic!("{view:?}") };
    let leg = departures[0].leg.as_ref().expect("a ride");
    assert_eq!((leg.from.text.as_str(), leg.to.text.as_str()), ("Vilvoorde", "Halle"));
    assert_eq!(
        (leg.arrival.to_string().as_str(), leg.arrival_delay, leg.changes),
        ("2026-11-23T07:07:00Z", 60, 1)
    );
    assert_eq!(departures[1].leg, None);
}
