//! Values that were not understood are refused or counted, and never taken for nothing.

use serde_json::{Value, json};
use voordeur_widget_api::{Block, View};

use super::*;

fn list_of(each: &str, keys: &str) -> ManifestWidget {
    widget(&format!(
        "{THINGS}[view]\n[[view.block]]\nkind = \"list\"\neach = \"{each}\"\n{keys}\n\
         title = \"item.name\"\nempty = \"'nothing'\"\n"
    ))
}

fn view_of(widget: &ManifestWidget, things: Value) -> Result<View, Refusal> {
    let responses = responses("things", things);
    with_context(&Settings::new(), |context| widget.view(context, &responses))
}

/// The contents of a view: the number of things, how many are left out, and whether it says
/// `nothing`.
fn shown(view: Result<View, Refusal>) -> Option<(usize, usize, bool)> {
    let view = view.ok()?;
    let things = match view.blocks.as_slice() {
        [Block::List { items, .. }] => items.len(),
        [Block::Empty { .. }] => 0,
        other => panic!("{other:?}"),
    };
    Some((things, view.omitted, things == 0))
}

#[test]
fn an_error_in_one_operand_of_keep_is_counted_whatever_the_other_says() {
    let thing =
        |name: &str, level: &str, open: bool| json!({ "name": name, "level": level, "open": open });
    let good = thing("a", "minor", true);
    for keep in [
        "item.level in ['minor', 'major'] && item.open",
        "item.open && item.level in ['minor', 'major']",
        "item.level == 'other' || item.open",
        "!(item.level == 'other' || !item.open)",
        "[item].all(i, i.level in ['minor', 'major'] && i.open)",
    ] {
        let widget = list_of("things", &format!("keep = \"{keep}\""));
        let all = json!([good, thing("b", "minor", false)]);
        assert_eq!(shown(view_of(&widget, all)), Some((1, 0, false)), "{keep}");
        // One without its level, and one that is not open, so that the rest decides alone.
        let nameless = json!([good, { "name": "c", "open": false }, { "name": "d", "open": true }]);
        let (things, left_out, _) = shown(view_of(&widget, nameless)).expect(keep);
        assert!(things == 1 && left_out >= 1, "{keep}: {things}, {left_out}");
        let message = json!([{ "message": "down" }]);
        assert_eq!(shown(view_of(&widget, message)), None, "{keep}");
    }
}

#[test]
fn a_filter_drops_nothing_that_it_does_not_understand() {
    let widget = list_of("things.filter(t, t.level == 'minor' && t.open)", "");
    let good = json!([{ "name": "a", "level": "minor", "open": true }, { "name": "b", "level": "x", "open": false }]);
    assert_eq!(shown(view_of(&widget, good)), Some((1, 0, false)));
    assert_eq!(shown(view_of(&widget, json!([{ "name": "a", "open": false }]))), None);
}

#[test]
fn a_name_does_not_hide_an_error() {
    let widget = list_of(
        "things",
        "let = { wanted = \"item.level == 'minor' && item.open\" }\nkeep = \"wanted\"",
    );
    let things = json!([
        { "name": "a", "level": "minor", "open": true },
        { "name": "b", "level": "x", "open": false },
        { "name": "c", "open": false },
    ]);
    assert_eq!(shown(view_of(&widget, things)), Some((1, 1, false)));
}

#[test]
fn a_list_that_is_missing_does_not_mean_that_there_is_nothing() {
    for each in [
        "at(things, 'items')",
        "list(at(things, 'items'))",
        "list(at(things, 'items')).filter(i, i.open)",
        "list(at(things, 'items')).map(i, i)",
        "sort_by(list(at(things, 'items')), list(at(things, 'items')))",
        "unique_by(list(at(things, 'items')), list(at(things, 'items')).map(i, i.name))",
        "list(at(things, 'items')) + list(at(things, 'more'))",
        "things.items + []",
        "one_or_more(at(things, 'items'))",
    ] {
        let widget = list_of(each, "");
        for garbage in [
            json!({}),
            json!({ "items": null }),
            json!({ "message": "The service is down for maintenance" }),
            json!({ "items": "no list" }),
            json!({ "items": { "message": "down" } }),
            json!(null),
        ] {
            assert_eq!(shown(view_of(&widget, garbage.clone())), None, "{each}: {garbage}");
        }
        assert_eq!(shown(view_of(&widget, json!({ "items": [] }))), Some((0, 0, true)), "{each}");
    }
    // The manifest says that the service leaves out a list without things.
    let widget = list_of("coalesce(at(things, 'items'), [])", "");
    assert_eq!(shown(view_of(&widget, json!({}))), Some((0, 0, true)));
}

#[test]
fn events_without_a_date_are_counted_and_nothing_is_concluded_from_them() {
    let widget = widget(&format!(
        "{}[view]\n[[view.block]]\nkind = \"list\"\neach = \"things.events\"\ntitle = \"item.title\"\n\
         empty = \"'nothing'\"\n",
        THINGS.replace("json", "icalendar")
    ));
    let calendar =
        |events: Value, unreadable: u64| json!({ "events": events, "unreadable": unreadable });
    assert_eq!(
        shown(view_of(&widget, calendar(json!([{ "title": "a" }]), 2))),
        Some((1, 2, false))
    );
    assert_eq!(shown(view_of(&widget, calendar(json!([]), 0))), Some((0, 0, true)));
    assert_eq!(shown(view_of(&widget, calendar(json!([]), 1))), None);
}

#[test]
fn a_series_runs_from_the_past_to_the_present() {
    let widget = widget(&format!(
        "{THINGS}[view]\n[[view.block]]\nkind = \"series\"\neach = \"things\"\nlabel = \"'Level'\"\n\
         unit = \"'m'\"\nat = \"moment(item.at)\"\nvalue = \"item.value\"\n"
    ));
    let at = |hour: u8| format!("2026-11-23T{hour:02}:00:00Z");
    let newest_first = json!([{ "at": at(6), "value": 3 }, { "at": at(5), "value": 2 }, { "at": at(4), "value": 1 }]);
    let view = view_of(&widget, newest_first).expect("a view");
    let [Block::Series { points, .. }] = view.blocks.as_slice() else { panic!("{view:?}") };
    let values: Vec<f64> = points.iter().map(|point| point.value).collect();
    assert_eq!(values, [1.0, 2.0, 3.0]);
}

#[test]
fn an_empty_body_is_what_the_manifest_says() {
    let body = format!("{THINGS}if_empty = '{{ \"items\": [] }}'\n");
    let widget = widget(&format!(
        "{body}[view]\n[[view.block]]\nkind = \"list\"\neach = \"things.items\"\ntitle = \"item.name\"\n\
         empty = \"'nothing'\"\n"
    ));
    let asked = with_context(&Settings::new(), |context| {
        widget.requests(context, &Responses::new()).expect("requests")
    });
    assert_eq!(asked[0].body_to_read(b" \r\n"), b"{ \"items\": [] }");
    assert_eq!(asked[0].body_to_read(b"<html>"), b"<html>");
    let (message, line) = error(&format!("{THINGS}if_empty = 'nothing'\n"));
    assert!(message.contains("if_empty: should be a response in the format"), "{message}");
    assert_eq!(line, "if_empty = 'nothing'");
}

#[test]
fn things_that_lack_what_keep_reads_do_not_mean_that_there_is_nothing() {
    let widget =
        list_of("things", "keep = \"at(item, 'size.m') != null && item.day >= '2026-11-23'\"");
    let thing = |day: &str, size: Value| json!({ "name": "a", "day": day, "size": size });
    let (today, before) = ("2026-11-23", "2026-11-22");
    let metres = json!({ "m": 1 });
    for (things, right) in [
        (json!([thing(today, metres.clone()), thing(today, json!({}))]), Some((1, 0, false))),
        (json!([thing(before, metres.clone())]), Some((0, 0, true))),
        // The day decides.
        (json!([thing(before, json!({}))]), Some((0, 0, true))),
        (json!([thing(today, json!({ "m": null }))]), Some((0, 0, true))),
        // The key has another name.
        (json!([thing(today, json!({ "metres": 1 }))]), None),
        (json!([thing(before, metres.clone()), { "name": "a", "day": today }]), None),
    ] {
        assert_eq!(shown(view_of(&widget, things.clone())), right, "{things}");
    }
    // A key with a default is not missed.
    let widget = list_of("things", "keep = \"coalesce(at(item, 'size.m'), 0) > 1\"");
    assert_eq!(shown(view_of(&widget, json!([thing(today, json!({}))]))), Some((0, 0, true)));
}
