//! Injected scripts, stored and reflected (XSS).

use crate::fixture::{Fixture, HOSTILE, query};
use crate::markup::{MARK, SCRIPT, SHORT, dangers, each_tag, to_plain_text};
use crate::raw_http::{RawRequest, RawResponse};
use crate::report::{Row, row};
use crate::routes;
use voordeur_shared::paths::FORGET;

/// Asserts that the page runs no injected script; and, where wanted, that it shows the script as
/// text.
fn assert_harmless(page: &RawResponse, shown: bool, what: &str) {
    assert_eq!(dangers(page), Vec::<String>::new(), "{what}");
    if shown {
        let mut values = String::new();
        each_tag(&page.body, |_, attributes| {
            values.extend(attributes.iter().map(|(_, value)| value.as_str()));
        });
        let is_shown = to_plain_text(&page.body).contains(MARK) || values.contains(MARK);
        assert!(is_shown, "{what}: the script is not shown");
    }
}

/// Adds the hostile card to the attacker's board.
async fn hostile_card(fixture: &Fixture) -> String {
    let fields = [("widget", HOSTILE), ("revision", "0"), ("edit", "hostile")];
    query(&fixture.as_attacker(RawRequest::post("/cards", &fields)).await, "card")
}

/// Stored: every field that a citizen fills in, on every page that shows it.
pub async fn typed(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let card = hostile_card(fixture).await;
    let settings = format!("/cards/{card}/settings");

    let response = fixture
        .as_attacker(RawRequest::post("/welcome", &[("place", SCRIPT), ("answer", "save")]))
        .await;
    assert_harmless(&response, true, "place");
    rows.push(row(
        "a script as the place",
        response.status,
        "no such place: the form comes back with the words in it",
    ));

    let response = fixture
        .as_attacker(RawRequest::post(
            "/pages",
            &[("name", SHORT), ("icon", "home"), ("revision", "1"), ("edit", "p")],
        ))
        .await;
    let page = query(&response, "page");
    for target in ["/?edit", "/", "/find", "/history", &format!("/?edit&page={page}")] {
        assert_harmless(&fixture.as_attacker(RawRequest::get(target)).await, true, target);
    }
    rows.push(row(
        "a tag as the name of a page",
        response.status,
        "kept, and words wherever the name is shown: tabs, quick find, history",
    ));
    let response = fixture
        .as_attacker(RawRequest::post(
            "/pages",
            &[("name", "x"), ("icon", SHORT), ("revision", "1")],
        ))
        .await;
    assert_harmless(&response, false, "icon");
    rows.push(row(
        "a tag as the icon of a page",
        response.status,
        "only the icons that the form offers",
    ));

    // Each kind of field of a card.
    for (field, kept) in [
        ("text", true),
        ("number", false),
        ("choice", false),
        ("toggle", false),
        ("plate", false),
        ("address", false),
        ("day", false),
        ("place", false),
    ] {
        let name = format!("setting-{field}");
        let typed =
            if field == "address" { "javascript:zqx()//\"><script>zqx()</script>" } else { SHORT };
        let fields = [(name.as_str(), typed), ("revision", "99"), ("edit", field)];
        let response = fixture.as_attacker(RawRequest::post(&settings, &fields)).await;
        assert_harmless(&response, false, field);
        if kept {
            for target in [settings.as_str(), "/", "/find", "/find?as=list"] {
                assert_harmless(&fixture.as_attacker(RawRequest::get(target)).await, true, target);
            }
        }
        let shows = if field == "toggle" {
            "what is no yes is a no"
        } else if kept {
            "kept, and words wherever it is shown"
        } else {
            "not an answer to that field: nothing is kept"
        };
        rows.push(row(&format!("a tag in a card's setting: {field}"), response.status, shows));
    }

    let fields = [("setting-found", SCRIPT), ("look", "found"), ("revision", "2")];
    let response =
        fixture.as_attacker(RawRequest::post(&format!("/cards/{card}/look"), &fields)).await;
    assert_harmless(&response, true, "look");
    let fields = [("setting-found", "in"), ("look", "found"), ("as", "options"), ("revision", "2")];
    let options =
        fixture.as_attacker(RawRequest::post(&format!("/cards/{card}/look"), &fields)).await;
    assert_harmless(&options, true, "options");
    rows.push(row(
        "a script as what is looked up, and in what the service finds",
        format!("{}, {}", response.status, options.status),
        "words, in the page and in the list that comes as somebody types",
    ));
    let fields = [
        ("setting-found", "Two"),
        ("setting-found.value", SCRIPT),
        ("setting-found.searched", "Two"),
        ("revision", "2"),
        ("edit", "f1"),
    ];
    let response = fixture.as_attacker(RawRequest::post(&settings, &fields)).await;
    assert_harmless(&response, false, "value");
    assert_eq!(response.status, 422);
    rows.push(row(
        "a value that the service never gave, as what was chosen",
        response.status,
        "asked of the service again, which does not know it",
    ));
    let label = format!("Two{SCRIPT}");
    let fields = [
        ("setting-found", label.as_str()),
        ("setting-found.value", "two"),
        ("setting-found.searched", "Two"),
        ("revision", "9"),
        ("edit", "f2"),
    ];
    let response = fixture.as_attacker(RawRequest::post(&settings, &fields)).await;
    assert_eq!(response.status, 303);
    for target in [settings.as_str(), "/", "/find"] {
        assert_harmless(&fixture.as_attacker(RawRequest::get(target)).await, true, target);
    }
    rows.push(row(
        "a choice whose words at the service are a script",
        response.status,
        "kept as the service says it, and words wherever it is shown",
    ));

    for (what, target) in [
        ("the search of the catalogue", format!("/catalogue?q={}", escaped(SCRIPT))),
        ("quick find", format!("/find?q={}", escaped(SCRIPT))),
    ] {
        let response = fixture.as_attacker(RawRequest::get(&target)).await;
        assert_harmless(&response, true, what);
        rows.push(row(
            &format!("a script in {what}"),
            response.status,
            "words in the box, and nothing found",
        ));
    }
    let every: Vec<(&str, &str)> = [
        "widget",
        "edit",
        "tab",
        "page",
        "editing",
        "direction",
        "size",
        "before",
        "to",
        "folded",
        SCRIPT,
    ]
    .into_iter()
    .map(|name| (name, SCRIPT))
    .collect();
    let mut statuses = Vec::new();
    // The one that erases the board reads no field.
    let posts = routes::posts().into_iter().filter(|route| route != FORGET);
    for target in posts.map(|route| routes::filled(&route, &card, &page)) {
        let response = fixture.as_attacker(RawRequest::post(&target, &every)).await;
        assert!(response.status < 500, "{target}: {}", response.status);
        assert_harmless(&response, false, &target);
        statuses.push(response.status);
    }
    rows.push(row(
        "a script in every field of every form, and as the name of a field",
        statuses_of(&statuses),
        "no form brings it back as markup",
    ));

    // A conflict page repeats every field, so that the form can be sent again.
    let again = format!("/cards/{card}/resize");
    let mut fields =
        vec![("size", "6"), ("revision", "0"), ("tab", "other"), ("edit", "c1"), (SCRIPT, SCRIPT)];
    let first = fixture.as_attacker(RawRequest::post(&again, &fields)).await;
    fields[0] = ("size", "8");
    fields[2] = ("tab", "another");
    fields[3] = ("edit", "c2");
    let conflict = fixture.as_attacker(RawRequest::post(&again, &fields)).await;
    assert_harmless(&first, false, "first");
    assert_harmless(&conflict, conflict.status == 409, "clash");
    rows.push(row(
        "a script in fields that a clash of two tabs brings back",
        conflict.status,
        "words in hidden fields",
    ));
    fixture.assert_unharmed("scripts that were typed").await;
    rows
}

/// Stored: every text of a service, in every block.
pub async fn said(fixture: &Fixture) -> Vec<Row> {
    let card = hostile_card(fixture).await;
    // A card shows all texts once its service has answered.
    let mut page = RawResponse::default();
    for _ in 0..20 {
        page = fixture.as_attacker(RawRequest::get("/")).await;
        if page.body.contains("in-paragraph") {
            break;
        }
    }
    assert_harmless(&page, true, "the board");
    let shown_text = to_plain_text(&page.body);
    let mut rows = Vec::new();
    for (block, texts) in [
        ("a paragraph, and what the card is about", &["in-paragraph"][..]),
        ("a remark", &["in-notice"]),
        ("key figures: label, value, unit, note", &["in-label", "in-value", "in-unit", "in-note"]),
        ("a list: title, note, tag", &["in-title", "in-note", "in-tag"]),
        ("departures: destination, line, platform", &["in-to", "in-line", "in-platform"]),
        ("things with a date", &["in-event"]),
        ("a chart and its table: what is measured, unit", &["in-series", "in-scale"]),
        ("a table: heads and cells", &["in-column", "in-second-column", "in-cell"]),
        (
            "a warning: title, text, area, also at the top of the page",
            &["in-alert", "in-text", "in-area"],
        ),
        ("a map and its list", &["in-place"]),
    ] {
        for text in texts {
            assert!(shown_text.contains(text), "{text} is not shown");
        }
        rows.push(row(&format!("a script in {block}"), page.status, "words"));
    }
    for manifest in ["Hostile nl", "Publisher", "Attribution"] {
        assert!(shown_text.contains(manifest), "{manifest}");
    }
    rows.push(row(
        "a script in the manifest of a widget: name, publisher, attribution",
        page.status,
        "words",
    ));
    let mut links = 0;
    each_tag(&page.body, |name, attributes| {
        links += usize::from(
            name == "a"
                && attributes.iter().any(|(_, value)| value.starts_with("https://ok.example/")),
        );
    });
    assert!(links > 0, "no link of the service is shown");
    rows.push(row(
        "links of a service: `javascript:`, `data:`, `//evil.example/`, one with `onmouseover`",
        page.status,
        "only `http` and `https` become links; the words of the others stay",
    ));
    for target in [
        format!("/catalogue/{HOSTILE}"),
        "/catalogue".into(),
        "/services".into(),
        format!("/cards/{card}/settings"),
        "/find".into(),
        "/privacy".into(),
    ] {
        let page = fixture.as_attacker(RawRequest::get(&target)).await;
        assert_eq!(page.status, 200, "{target}");
        assert_harmless(&page, false, &target);
    }
    rows.push(row("the same widget in the catalogue, its preview, its settings, quick find, `/services`, `/privacy`", 200, "words"));
    fixture.assert_unharmed("scripts that were said").await;
    rows
}

/// Reflected: scripts in addresses and headers.
pub async fn reflected(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let script = escaped(SCRIPT);
    let pages = routes::pages();
    let mut statuses = Vec::new();
    for page in &pages {
        for field in ["q", "done", "card", "widget", "page", "edit", "as", "theme", "zqx"] {
            let target = format!("{page}?{field}={script}&done=remove");
            let response = fixture.as_attacker(RawRequest::get(&target)).await;
            assert!(response.status < 500, "{target}");
            assert_harmless(&response, false, &target);
            statuses.push(response.status);
        }
    }
    rows.push(row(
        "a script in each part of the query of every page",
        statuses_of(&statuses),
        "the way back and the search hold it as words; notices name only what exists; a field twice is refused",
    ));

    let mut statuses = Vec::new();
    for path in ["/", "/catalogue/", "/cards/x/", "/pkg/", "/history/", "/api/"] {
        let response = fixture.send(RawRequest::get(&format!("{path}{script}"))).await;
        assert_harmless(&response, false, path);
        statuses.push(response.status);
    }
    rows.push(row("a script as the path", statuses_of(&statuses), "it is not there"));

    let raw = "<script>zqx()</script>";
    for name in [
        "referer",
        "user-agent",
        "accept-language",
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "x-requested-with",
    ] {
        let response = fixture.send(RawRequest::get("/").with(name, raw)).await;
        assert_harmless(&response, false, name);
        assert!(!response.body.contains(MARK), "{name}");
        rows.push(row(
            &format!("a script in the header `{name}`"),
            response.status,
            "shown nowhere",
        ));
    }
    let response = fixture
        .send(RawRequest::get("/").with("cookie", &format!("voordeur={raw}; other={raw}")))
        .await;
    assert!(!response.body.contains(MARK));
    assert_harmless(&response, false, "cookie");
    rows.push(row("a script in cookies", response.status, "shown nowhere; a new visitor"));
    fixture.assert_unharmed("scripts that were reflected").await;
    rows
}

/// Percent-encoded.
pub fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Each status once, in ascending order.
pub fn statuses_of(statuses: &[u16]) -> String {
    let mut statuses = statuses.to_vec();
    statuses.sort_unstable();
    statuses.dedup();
    statuses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
