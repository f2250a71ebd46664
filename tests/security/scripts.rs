//! Script, stored and reflected.

use crate::markup::{MARK, SCRIPT, SHORT, dangers, each_tag, words};
use crate::routes;
use crate::table::{Row, row};
use crate::town::{HOSTILE, Town, query};
use crate::wire::{Request, Response};

/// The page is harmless; and shows what was smuggled as words, when it should.
fn harmless(page: &Response, shown: bool, what: &str) {
    assert_eq!(dangers(page), Vec::<String>::new(), "{what}");
    if shown {
        let mut values = String::new();
        each_tag(&page.body, |_, attributes| {
            values.extend(attributes.iter().map(|(_, value)| value.as_str()));
        });
        let seen = words(&page.body).contains(MARK) || values.contains(MARK);
        assert!(seen, "{what}: it is not shown, so nothing was proven");
    }
}

/// Puts the hostile card on the attacker's board.
async fn hostile_card(town: &Town) -> String {
    let fields = [("widget", HOSTILE), ("revision", "0"), ("edit", "hostile")];
    query(&town.as_attacker(Request::post("/cards", &fields)).await, "card")
}

/// Stored: each field in which a citizen can type, shown again on every page that shows it.
pub async fn typed(town: &Town) -> Vec<Row> {
    let mut rows = Vec::new();
    let card = hostile_card(town).await;
    let settings = format!("/cards/{card}/settings");

    let answer =
        town.as_attacker(Request::post("/welcome", &[("place", SCRIPT), ("answer", "save")])).await;
    harmless(&answer, true, "place");
    rows.push(row(
        "a script as the place",
        answer.status,
        "no such place: the form comes back with the words in it",
    ));

    let answer = town
        .as_attacker(Request::post(
            "/pages",
            &[("name", SHORT), ("icon", "home"), ("revision", "1"), ("edit", "p")],
        ))
        .await;
    let page = query(&answer, "page");
    for target in ["/?edit", "/", "/find", "/history", &format!("/?edit&page={page}")] {
        harmless(&town.as_attacker(Request::get(target)).await, true, target);
    }
    rows.push(row(
        "a tag as the name of a page",
        answer.status,
        "kept, and words wherever the name is shown: tabs, quick find, history",
    ));
    let answer = town
        .as_attacker(Request::post("/pages", &[("name", "x"), ("icon", SHORT), ("revision", "1")]))
        .await;
    harmless(&answer, false, "icon");
    rows.push(row(
        "a tag as the icon of a page",
        answer.status,
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
        let answer = town.as_attacker(Request::post(&settings, &fields)).await;
        harmless(&answer, false, field);
        if kept {
            for target in [settings.as_str(), "/", "/find", "/find?as=list"] {
                harmless(&town.as_attacker(Request::get(target)).await, true, target);
            }
        }
        let shows = if field == "toggle" {
            "what is no yes is a no"
        } else if kept {
            "kept, and words wherever it is shown"
        } else {
            "not an answer to that field: nothing is kept"
        };
        rows.push(row(&format!("a tag in a card's setting: {field}"), answer.status, shows));
    }

    let fields = [("setting-found", SCRIPT), ("look", "found"), ("revision", "2")];
    let answer = town.as_attacker(Request::post(&format!("/cards/{card}/look"), &fields)).await;
    harmless(&answer, true, "look");
    let fields = [("setting-found", "in"), ("look", "found"), ("as", "options"), ("revision", "2")];
    let options = town.as_attacker(Request::post(&format!("/cards/{card}/look"), &fields)).await;
    harmless(&options, true, "options");
    rows.push(row(
        "a script as what is looked up, and in what the service finds",
        format!("{}, {}", answer.status, options.status),
        "words, in the page and in the list that comes as somebody types",
    ));
    let fields = [
        ("setting-found", "Two"),
        ("setting-found.value", SCRIPT),
        ("setting-found.searched", "Two"),
        ("revision", "2"),
        ("edit", "f1"),
    ];
    let answer = town.as_attacker(Request::post(&settings, &fields)).await;
    harmless(&answer, false, "value");
    assert_eq!(answer.status, 422);
    rows.push(row(
        "a value that the service never gave, as what was chosen",
        answer.status,
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
    let answer = town.as_attacker(Request::post(&settings, &fields)).await;
    assert_eq!(answer.status, 303);
    for target in [settings.as_str(), "/", "/find"] {
        harmless(&town.as_attacker(Request::get(target)).await, true, target);
    }
    rows.push(row(
        "a choice whose words at the service are a script",
        answer.status,
        "kept as the service says it, and words wherever it is shown",
    ));

    for (what, target) in [
        ("the search of the catalogue", format!("/catalogue?q={}", escaped(SCRIPT))),
        ("quick find", format!("/find?q={}", escaped(SCRIPT))),
    ] {
        let answer = town.as_attacker(Request::get(&target)).await;
        harmless(&answer, true, what);
        rows.push(row(
            &format!("a script in {what}"),
            answer.status,
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
    for target in routes::posts().iter().map(|route| routes::filled(route, &card, &page)) {
        let answer = town.as_attacker(Request::post(&target, &every)).await;
        assert!(answer.status < 500, "{target}: {}", answer.status);
        harmless(&answer, false, &target);
        statuses.push(answer.status);
    }
    rows.push(row(
        "a script in every field of every form, and as the name of a field",
        statuses_of(&statuses),
        "no form brings it back as markup",
    ));

    // A clash brings every field back, to be sent again.
    let again = format!("/cards/{card}/resize");
    let mut fields =
        vec![("size", "6"), ("revision", "0"), ("tab", "other"), ("edit", "c1"), (SCRIPT, SCRIPT)];
    let first = town.as_attacker(Request::post(&again, &fields)).await;
    fields[0] = ("size", "8");
    fields[2] = ("tab", "another");
    fields[3] = ("edit", "c2");
    let clash = town.as_attacker(Request::post(&again, &fields)).await;
    harmless(&first, false, "first");
    harmless(&clash, clash.status == 409, "clash");
    rows.push(row(
        "a script in fields that a clash of two tabs brings back",
        clash.status,
        "words in hidden fields",
    ));
    town.is_well("scripts that were typed").await;
    rows
}

/// Stored: each text of a service, in each block.
pub async fn said(town: &Town) -> Vec<Row> {
    let card = hostile_card(town).await;
    // A card says all of it once its service has answered.
    let mut page = Response::default();
    for _ in 0..20 {
        page = town.as_attacker(Request::get("/")).await;
        if page.body.contains("in-paragraph") {
            break;
        }
    }
    harmless(&page, true, "the board");
    let said = words(&page.body);
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
            assert!(said.contains(text), "{text} is not shown, so nothing was proven");
        }
        rows.push(row(&format!("a script in {block}"), page.status, "words"));
    }
    for manifest in ["Hostile nl", "Publisher", "Attribution"] {
        assert!(said.contains(manifest), "{manifest}");
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
    assert!(links > 0, "no link of the service is drawn, so nothing was proven");
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
        let page = town.as_attacker(Request::get(&target)).await;
        assert_eq!(page.status, 200, "{target}");
        harmless(&page, false, &target);
    }
    rows.push(row("the same widget in the catalogue, its preview, its settings, quick find, `/services`, `/privacy`", 200, "words"));
    town.is_well("scripts that were said").await;
    rows
}

/// Reflected: what is asked for, in addresses and headers.
pub async fn reflected(town: &Town) -> Vec<Row> {
    let mut rows = Vec::new();
    let script = escaped(SCRIPT);
    let pages = routes::pages();
    let mut statuses = Vec::new();
    for page in &pages {
        for field in ["q", "done", "card", "widget", "page", "edit", "as", "theme", "zqx"] {
            let target = format!("{page}?{field}={script}&done=remove");
            let answer = town.as_attacker(Request::get(&target)).await;
            assert!(answer.status < 500, "{target}");
            harmless(&answer, false, &target);
            statuses.push(answer.status);
        }
    }
    rows.push(row(
        "a script in each part of the query of every page",
        statuses_of(&statuses),
        "the way back and the search hold it as words; notices name only what exists; a field twice is refused",
    ));

    let mut statuses = Vec::new();
    for path in ["/", "/catalogue/", "/cards/x/", "/pkg/", "/history/", "/api/"] {
        let answer = town.send(Request::get(&format!("{path}{script}"))).await;
        harmless(&answer, false, path);
        statuses.push(answer.status);
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
        let answer = town.send(Request::get("/").with(name, raw)).await;
        harmless(&answer, false, name);
        assert!(!answer.body.contains(MARK), "{name}");
        rows.push(row(&format!("a script in the header `{name}`"), answer.status, "shown nowhere"));
    }
    let answer =
        town.send(Request::get("/").with("cookie", &format!("voordeur={raw}; other={raw}"))).await;
    assert!(!answer.body.contains(MARK));
    harmless(&answer, false, "cookie");
    rows.push(row("a script in cookies", answer.status, "shown nowhere; a new visitor"));
    town.is_well("scripts that were reflected").await;
    rows
}

/// As it stands in an address.
pub fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Each status once, in order.
pub fn statuses_of(statuses: &[u16]) -> String {
    let mut statuses = statuses.to_vec();
    statuses.sort_unstable();
    statuses.dedup();
    statuses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
