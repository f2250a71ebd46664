//! In every sample of the catalogue, each thing has an identifier of its own.

use std::collections::BTreeSet;

use serde_json::Value;
use voordeur_engine::conformance::views;

#[expect(dead_code, reason = "this test reads folders only")]
mod folders;

/// Collects the identifiers of a stored view.
fn collect(tree: &Value, ids: &mut Vec<String>) {
    match tree {
        Value::Array(list) => list.iter().for_each(|one| collect(one, ids)),
        Value::Object(map) => {
            ids.extend(map.get("id").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|one| collect(one, ids));
        }
        _ => {}
    }
}

#[test]
fn every_thing_of_the_catalogue_has_an_identifier_of_its_own() {
    let mut things = 0;
    for folder in folders::all() {
        for (path, text) in views(&folder).expect("the manifest can be read") {
            let mut ids = Vec::new();
            collect(&serde_json::from_str(&text).expect("JSON"), &mut ids);
            let distinct: BTreeSet<&String> = ids.iter().collect();
            assert_eq!(distinct.len(), ids.len(), "{}/{path}", folder.id);
            assert!(ids.iter().all(|id| id.len() == 16), "{}/{path}: {ids:?}", folder.id);
            things += ids.len();
        }
    }
    assert!(things > 300, "only {things} things");
}
