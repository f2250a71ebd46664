//! Things that a view leaves out, with the reason.

use super::*;

#[test]
fn a_refusal_has_an_excerpt_and_omitted_items_have_a_reason() {
    let view = "\n[view]\n[[view.block]]\nkind = \"list\"\neach = \"things.all\"\ntitle = \"item.title\"\n";
    let widget = widget(&format!("{THINGS}{view}"));
    let responses = |tree: serde_json::Value| {
        Responses::from([("things".to_owned(), vec![Response { tree: Arc::new(tree) }])])
    };
    let refused = |responses: &Responses| {
        with_context(&Settings::new(), |context| match widget.view(context, responses) {
            Err(Refusal::UnexpectedResponse { at, .. }) => {
                let excerpt = widget.excerpt(context, responses, &at);
                excerpt.map(|excerpt| (at, excerpt.source, excerpt.item_number, excerpt.tree))
            }
            other => panic!("{other:?}"),
        })
    };
    let wrong_thing = refused(&responses(json!({ "all": [{ "name": "a" }] })));
    assert_eq!(
        wrong_thing,
        Some((
            "view.block[0].title, thing 1".to_owned(),
            "things.all".to_owned(),
            Some(1),
            json!({ "name": "a" })
        ))
    );
    let no_list = refused(&responses(json!({ "all": 7 })));
    assert_eq!(
        no_list,
        Some(("view.block[0].each".to_owned(), "things.all".to_owned(), None, json!(7)))
    );
    let absent = refused(&responses(json!({ "none": [] })));
    assert_eq!(
        absent,
        Some(("view.block[0].each".to_owned(), "things".to_owned(), None, json!({ "none": [] })))
    );
    let some = responses(json!({ "all": [{ "title": "a" }, { "name": "b" }] }));
    let view =
        with_context(&Settings::new(), |context| widget.view(context, &some)).expect("a view");
    let because: Vec<String> = view.omission_reasons.iter().map(ToString::to_string).collect();
    assert_eq!((view.omitted, because.len()), (1, 1), "{because:?}");
    assert!(because[0].starts_with("view.block[0].title, thing 2: "), "{because:?}");
}

#[test]
fn what_a_limit_leaves_out_is_counted_beside_its_block() {
    let widget = widget(
        "[[request]]\nid = \"things\"\nurl = \"https://example.org/things\"\n\
         [view]\n[[view.block]]\nkind = \"alert\"\neach = \"things.all\"\nkeep = \"item.n > 0\"\n\
         limit = 2\nseverity = \"'minor'\"\ntitle = \"item.title\"\n\
         [[view.block]]\nkind = \"list\"\neach = \"things.all\"\nlimit = 3\ntitle = \"item.title\"\n",
    );
    let further = |count: i64| {
        let things: Vec<_> = (0..count).map(|n| json!({ "n": n, "title": "a" })).collect();
        let things = responses("things", json!({ "all": things }));
        let view = with_context(&Settings::new(), |context| widget.view(context, &things));
        let further = view.expect("a view").further;
        further.iter().map(|further| (further.block, further.count)).collect::<Vec<_>>()
    };
    assert_eq!(further(3), vec![]);
    // Six alerts, of which two are blocks of their own; seven things in the list after them.
    assert_eq!(further(7), [(1, 4), (2, 4)]);
}

#[test]
fn what_is_beyond_the_bounds_of_a_reader_is_counted() {
    for (format, list, key) in [
        ("icalendar", "events", json!({ "left_out": 3 })),
        ("cap", "alerts", json!({ "left_out": 3 })),
        ("csv", "rows", json!({ "cut_off": true })),
        ("csv", "rows", json!({ "truncated": true })),
        ("geojson", "items", json!({ "truncated": true })),
    ] {
        let widget = widget(&format!(
            "[[request]]\nid = \"things\"\nurl = \"https://example.org/things\"\nformat = \"{format}\"\n\
             [view]\n[[view.block]]\nkind = \"list\"\neach = \"things.{list}\"\nempty = \"'none'\"\n\
             title = \"item.title\"\n",
        ));
        let view = |things: serde_json::Value| {
            let mut tree = key.clone();
            tree[list] = things;
            with_context(&Settings::new(), |context| {
                widget.view(context, &responses("things", tree))
            })
        };
        let expected = key.get("left_out").map_or(1, |_| 3);
        let shown = view(json!([{ "title": "a" }])).expect("a view");
        assert_eq!((shown.omitted, shown.omission_reasons.len()), (expected, 1), "{format}");
        // Nothing is concluded from a part.
        view(json!([])).expect_err("no empty text");
    }
}

#[test]
fn a_truncated_feed_is_counted() {
    let widget = widget(
        "[[request]]\nid = \"things\"\nurl = \"https://example.org/things\"\nformat = \"feed\"\n\
         [view]\n[[view.block]]\nkind = \"list\"\neach = \"things.items\"\ntitle = \"item.title\"\n",
    );
    let left_out = |cut_off: bool| {
        let tree = json!({ "items": [{ "title": "a" }], "cut_off": cut_off });
        let view = with_context(&Settings::new(), |context| {
            widget.view(context, &responses("things", tree))
        });
        let view = view.expect("a view");
        (view.omitted, view.omission_reasons.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(left_out(false), (0, vec![]));
    assert_eq!(left_out(true), (1, vec!["request `things`: its end is missing".to_owned()]));
}
