//! The part of things in the day, and their identifiers, as a manifest declares them.

use serde_json::json;
use voordeur_widget_api::{Block, DayRole, View};

use super::{THINGS, error, view};

fn with_block(block: &str) -> String {
    format!("{THINGS}\n[view]\n[[view.block]]\n{block}")
}

fn moments(keys: &str) -> String {
    with_block(&format!(
        "kind = \"moments\"\neach = \"things\"\nstart = \"day(item.day)\"\n\
         title = \"item.title\"\n{keys}"
    ))
}

fn ids(view: &View) -> Vec<&str> {
    let [Block::Moments { moments, .. }] = view.blocks.as_slice() else { panic!("{view:?}") };
    moments.iter().map(|one| one.id.as_str()).collect()
}

#[test]
fn a_block_declares_its_part_in_the_day() {
    let tree = json!([{"day": "2026-11-24", "title": "Paper"}]);
    let role = |body: &str| view(body, tree.clone()).expect("a view").blocks[0].role();
    assert_eq!(role(&moments("role = \"collection\"")), Some(DayRole::Collection));
    assert_eq!(role(&moments("")), None);
    let alert = "kind = \"alert\"\neach = \"things\"\nseverity = \"'minor'\"\n\
                 title = \"item.title\"\n";
    assert_eq!(role(&with_block(alert)), Some(DayRole::Warning));
    assert_eq!(role(&with_block(&format!("{alert}role = \"works\""))), Some(DayRole::Works));
    let departures = "kind = \"departures\"\neach = \"things\"\nat = \"now\"\nto = \"item.title\"";
    assert_eq!(role(&with_block(departures)), Some(DayRole::Departure));
}

#[test]
fn an_unknown_part_in_the_day_is_rejected_with_the_nearest() {
    let (message, line) = error(&moments("role = \"colection\""));
    assert!(message.contains("`colection` is not one of departure, collection,"), "{message}");
    assert!(message.contains("collection`?"), "{message}");
    assert_eq!(line, "role = \"colection\"");
    let text = "kind = \"text\"\ntext = \"'a'\"\nrole = \"news\"";
    assert!(error(&with_block(text)).0.contains("is not a known key here"));
}

#[test]
fn an_identifier_follows_the_source_where_it_gives_one() {
    let body = moments("id = \"at(item, 'nr')\"");
    let shown = |tree| view(&body, tree).expect("a view");
    let before = shown(json!([
        {"nr": 7, "day": "2026-11-24", "title": "Papier"},
        {"nr": "b".repeat(4_000), "day": "2026-11-24", "title": "Papier"},
        {"day": "2026-12-01", "title": "Glas"},
    ]));
    let after = shown(json!([
        {"day": "2026-12-01", "title": "Glas"},
        {"nr": "7", "day": "2026-11-25", "title": "Paper"},
    ]));
    let (before, after) = (ids(&before), ids(&after));
    assert_eq!(before[0], after[1], "a number and its text are one identifier");
    assert_eq!(before[2], after[0], "without one, title and start identify");
    assert!(before.iter().all(|id| id.len() == 16), "{before:?}");
    assert_ne!(before[0], before[1]);
}
