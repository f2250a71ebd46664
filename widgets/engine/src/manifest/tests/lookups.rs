//! Fields whose value is looked up.

use super::*;

/// A widget with a lookup, in a full list or searched by the service.
fn with_lookup(url: &str) -> ManifestWidget {
    widget(&format!(
        "[[field]]\nid = \"stop\"\nkind = \"lookup\"\nlabel = {{ nl = \"h\", fr = \"a\", de = \"h\", en = \"s\" }}\n\
         [field.lookup]\nurl = \"{url}\"\neach = \"answer.stops\"\nvalue = \"item.id\"\nlabel = \"item.name\"\nnote = \"at(item, 'town')\"\n{THINGS}\
         query = {{ stop = \"settings.stop\", words = \"settings.stop_label\" }}\n"
    ))
}

#[test]
fn a_full_list_of_candidates_is_filtered_by_label() {
    let widget = with_lookup("https://example.org/stops");
    let asked = with_context(&Settings::new(), |context| widget.lookup(context, "stop", "ge"));
    let asked = asked.expect("can be asked").expect("is looked up");
    assert_eq!(
        (asked.id.as_str(), asked.url.as_str()),
        ("stop.choices", "https://example.org/stops")
    );
    assert!(!asked.personal, "the request is the same for everyone");
    let stops = serde_json::json!({ "stops": [
        { "id": 1, "name": "Sint-Genesius-Rode" }, { "id": "2", "name": "Gent-Dampoort", "town": "Gent" },
        { "id": 3, "name": "Brugge" }, { "id": null, "name": "Geel" }, { "id": "2", "name": "Gent-Dampoort" }, { "id": "5", "name": "Génève" }
    ] });
    let response = Response { tree: stops.into() };
    let found = |typed: &str| {
        let found = with_context(&Settings::new(), |context| {
            widget.matches(context, "stop", typed, &response)
        });
        found.expect("can be read").into_iter().map(|one| one.label).collect::<Vec<_>>()
    };
    assert_eq!(found("ge"), ["Gent-Dampoort", "Génève", "Sint-Genesius-Rode", "Brugge"]);
    assert_eq!(found("GENEVE"), ["Génève"]);
    assert_eq!(found("zwein"), Vec::<String>::new());
    let wrong = Response { tree: serde_json::json!({ "stops": [{ "name": "Geel" }] }).into() };
    let refused =
        with_context(&Settings::new(), |context| widget.matches(context, "stop", "ge", &wrong));
    assert!(matches!(refused, Err(Refusal::UnexpectedResponse { .. })), "{refused:?}");
}

#[test]
fn a_search_by_the_service_is_personal() {
    let widget = with_lookup("https://example.org/stops/{typed}");
    let asked =
        with_context(&Settings::new(), |context| widget.lookup(context, "stop", " gent zuid "));
    let asked = asked.expect("can be asked").expect("is looked up");
    assert_eq!(asked.url, "https://example.org/stops/gent%20zuid");
    assert!(asked.personal);
    assert_eq!(widget.fields_sent("stop.choices"), ["stop"]);
    assert_eq!(widget.fields_sent("things"), ["stop"], "the label discloses the same as the value");
}
