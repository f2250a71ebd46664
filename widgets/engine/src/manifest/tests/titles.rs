//! A title is on one line, in whatever format its service breaks it.

use serde_json::Value;
use voordeur_formats::read;
use voordeur_widget_api::{Block, Budget, Format};

use super::*;

/// The titles that a list shows of an answer in a format.
fn titles(format: Format, body: &str, each: &str, title: &str) -> Vec<String> {
    let things: Value = read(format, body.as_bytes(), &Budget::default()).expect("an answer");
    let widget = widget(&format!(
        "{THINGS}[view]\n[[view.block]]\nkind = \"list\"\neach = \"{each}\"\n\
         title = \"{title}\"\nempty = \"'nothing'\"\n"
    ));
    let responses = responses("things", things);
    let view = with_context(&Settings::new(), |context| widget.view(context, &responses));
    match view.expect("a view").blocks.as_slice() {
        [Block::List { items, .. }] => items.iter().map(|item| item.title.text.clone()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_line_break_in_a_title_is_a_space_in_every_format() {
    let feature = "{'type':'Feature','geometry':null,'properties':{'name':'Fair\\r\\n in Mol'}}";
    let geojson =
        format!("{{'type':'FeatureCollection','features':[{feature}]}}").replace('\'', "\"");
    let cases = [
        (Format::Json, "[{\"name\":\"Fair\\n\\u2028 in\\tMol\"}]", "things", "item.name"),
        (Format::JsonLines, "{\"name\":\"Fair\\r\\nin Mol\"}\n", "things", "item.name"),
        (Format::GeoJson, &geojson, "things.items", "item.properties.name"),
        (
            Format::Xml,
            "<all><one><name>\n  Fair\n  in Mol\n</name></one></all>",
            "things.one",
            "at(item, 'name.0.#text')",
        ),
        (Format::Csv, "name;day\n\"Fair\nin Mol\";1\n", "things.rows", "item.name"),
        (
            Format::Feed,
            "<rss><channel><item><title>Fair\n in Mol</title></item></channel></rss>",
            "things.items",
            "item.title",
        ),
        (
            Format::Feed,
            "<rss><channel><item><title>&lt;b>Fair&lt;/b>&lt;br>in Mol</title></item></channel></rss>",
            "things.items",
            "item.title",
        ),
        (
            Format::ICalendar,
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261124T100000Z\r\n\
             SUMMARY:Fair\\nin Mol\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "things.events",
            "item.title",
        ),
        (
            Format::Cap,
            "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>a</identifier>\
             <info><headline>Fair\n in Mol</headline></info></alert>",
            "things.alerts",
            "item.headline",
        ),
    ];
    for (format, body, each, title) in cases {
        assert_eq!(titles(format, body, each, title), ["Fair in Mol"], "{format:?}");
    }
}
