//! Files of boards that somebody prepared.

use base64::Engine as _;
use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::markup::{MARK, dangers};
use crate::raw_http::{RawRequest, RawResponse};
use crate::report::{Row, row};
use crate::scripts::statuses_of;

const BOUNDARY: &str = "zqxboundary";

pub async fn rows(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut try_it = async |sent: &str, file: Vec<u8>, wanted: (u16, &str), shows: &str| {
        for target in ["/import", "/import/take"] {
            let before = board_of(fixture).await;
            let response = post(fixture, target, &file).await;
            assert_eq!(response.status, wanted.0, "{sent}: {}", response.body);
            assert!(response.body.contains(wanted.1), "{sent}: {}", response.body);
            assert_eq!(dangers(&response), Vec::<String>::new(), "{sent}");
            assert_eq!(board_of(fixture).await, before, "{sent} changed something");
        }
        rows.push(row(sent, wanted.0, shows));
    };
    let file = |cards: Value| {
        let page = json!({"name": "x", "icon": "home", "cards": cards});
        json!({"format": "voordeur-board", "version": 1, "pages": [page]})
    };
    let bytes = |file: Value| file.to_string().into_bytes();
    let card = json!({"widget": "holidays", "size": "wide"});

    let large = vec![b' '; 100 * 1024];
    try_it("a file of 100 kB", large, (422, "at most 96 kB"), "96 kB is the most for a file").await;
    try_it(
        "a file of 200 kB",
        vec![b' '; 200 * 1024],
        (413, ""),
        "refused before any of it is read",
    )
    .await;
    try_it(
        "90 kB of opening brackets",
        vec![b'['; 90_000],
        (422, "cannot read this file"),
        "a depth of 128 is the most",
    )
    .await;
    let mut foreign = file(json!([]));
    foreign["citizen"] = json!("0123456789abcdef");
    try_it(
        "a key that the format does not have, with another's id",
        bytes(foreign),
        (422, "“citizen”"),
        "the key is named; nothing of the file is taken",
    )
    .await;
    let mut with_id = card.clone();
    with_id["id"] = json!(fixture.card);
    try_it(
        "the id of another's card",
        bytes(file(json!([with_id]))),
        (422, "“pages[0].cards[0].id”"),
        "a file has no ids: they are made when it is taken",
    )
    .await;
    let mut setting = card.clone();
    setting["settings"] = json!({"<script>zqx()</script>": "x"});
    try_it(
        "script as the name of a setting",
        bytes(file(json!([setting]))),
        (422, "is not right"),
        "shown as text",
    )
    .await;
    let widget = json!({"widget": "../../etc/passwd", "size": "wide"});
    try_it(
        "a widget that is a path",
        bytes(file(json!([widget]))),
        (422, "“pages[0].cards[0].widget”"),
        "an id is an id",
    )
    .await;
    try_it(
        "61 cards on a page",
        bytes(file(json!(vec![card.clone(); 61]))),
        (422, "there are more than 60"),
        "60 are the most",
    )
    .await;
    let pages = vec![json!({"name": "x", "icon": "home", "cards": []}); 13];
    try_it(
        "13 pages",
        bytes(json!({"format": "voordeur-board", "version": 1, "pages": pages})),
        (422, "there are more than 12"),
        "12 are the most",
    )
    .await;
    let mut control = file(json!([]));
    control["pages"][0]["name"] = json!("a\u{0}\r\nx-injected: 1");
    try_it(
        "NUL and line ends in the name of a page",
        bytes(control),
        (422, "“pages[0].name”"),
        "no control characters in a text",
    )
    .await;

    let hostile = "\"><img src=x onerror=zqx()>";
    let mut named = file(json!([card.clone(), {"widget": "not-here", "size": "wide"}]));
    named["pages"][0]["name"] = json!(hostile);
    let shown = post(fixture, "/import", &bytes(named)).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert!(shown.body.contains("not-here"));
    assert_eq!(dangers(&shown), Vec::<String>::new());
    rows.push(row(
        "script as the name of a page, and a widget that does not exist",
        shown.status,
        "the name is shown as text, also in the form that takes the file; the widget is named and left out",
    ));
    let twice = "{\"format\": \"voordeur-board\", \"version\": 1, \"pages\": [], \"pages\": [7]}";
    try_it_twice(fixture, twice).await;
    rows.push(row(
        "a key that is there twice",
        422,
        "the last one counts, for what is shown and for what is taken",
    ));
    let newer = json!({"format": "voordeur-board", "version": 2, "pages": []});
    let response = post(fixture, "/import/take", &bytes(newer)).await;
    assert!(response.status == 422 && response.body.contains("newer version"));
    rows.push(row("a file of a newer version", response.status, "said so; nothing is taken"));
    let mut request = RawRequest::post_raw(
        "/import/take",
        &format!("multipart/form-data; boundary={BOUNDARY}"),
        &form(&bytes(file(json!([card])))),
    );
    request = request.with("origin", "https://evil.example");
    let response = fixture.as_attacker(request).await;
    assert_eq!(response.status, 403);
    rows.push(row("a file that another site posts", response.status, "refused, as every change"));
    let request = RawRequest::post("/import/take", &[("file", "{}"), ("mode", "instead")]);
    let response = fixture.as_attacker(request).await;
    assert_eq!(response.status, 415);
    rows.push(row("a file in a form of another type", response.status, "one type is read here"));
    let request = RawRequest::post_raw("/import", "multipart/form-data", b"x");
    let response = fixture.as_attacker(request).await;
    assert_eq!(response.status, 422);
    rows.push(row("parts without a boundary", response.status, "nothing can be read"));
    rows.extend(templates(fixture).await);
    fixture.assert_unharmed("files that somebody prepared").await;
    rows
}

async fn try_it_twice(fixture: &Fixture, file: &str) {
    for target in ["/import", "/import/take"] {
        let response = post(fixture, target, file.as_bytes()).await;
        assert_eq!(response.status, 422);
        assert!(response.body.contains("“pages[0]”"), "{}", response.body);
    }
}

/// Templates: what goes out in one, and what a stranger may put into one.
async fn templates(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    // The attacker's board has a note, links and a list by now, each with this mark.
    let kept = board_of(fixture).await;
    assert!(kept.contains(MARK) && kept.contains("bookmarks"), "{kept}");
    let shared = fixture.as_attacker(RawRequest::get("/share/template.json")).await;
    assert_eq!(shared.status, 200);
    let template: Value = serde_json::from_str(&shared.body).expect("JSON");
    let pages = template["pages"].as_array().expect("pages");
    for card in pages.iter().flat_map(|page| page["cards"].as_array().expect("cards")) {
        let widget = card["widget"].as_str().unwrap_or_default();
        assert!(!card.to_string().contains(MARK), "{card}");
        if ["note", "bookmarks", "household-list"].contains(&widget) {
            assert_eq!((card.get("settings"), card.get("inputs")), (None, None), "{card}");
        }
    }
    rows.push(row(
        "what is shared of a board with a note, links, a list and addresses",
        shared.status,
        "which cards there are, and which values they ask for; nothing that was typed on a card",
    ));

    let link = |file: &str| {
        let coded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(file);
        format!("/share/template?t={coded}")
    };
    let template = |settings: Value| {
        let card = json!({"widget": "bookmarks", "size": "wide", "settings": settings});
        let page = json!({"name": "x", "icon": "home", "cards": [card]});
        json!({"format": "voordeur-template", "version": 1, "pages": [page]}).to_string()
    };
    let phishing = template(json!({"links": "https://evil.example/ My bank"}));
    let mut statuses = Vec::new();
    for response in [
        post(fixture, "/import", phishing.as_bytes()).await,
        post(fixture, "/import/take", phishing.as_bytes()).await,
        open(fixture, &link(&phishing)).await,
    ] {
        assert!(response.body.contains("“pages[0].cards[0].settings.links”"), "{}", response.body);
        assert!(!response.body.contains("evil.example"));
        assert_eq!(dangers(&response), Vec::<String>::new());
        statuses.push(response.status);
    }
    rows.push(row(
        "a template or a link that brings somebody's own links",
        statuses_of(&statuses),
        "a template asks for what is personal, and holds none of it; the setting is named",
    ));
    let mut statuses = Vec::new();
    let board = json!({"format": "voordeur-board", "version": 1, "pages": []}).to_string();
    let brackets = link(&"[".repeat(4_000));
    let long = format!("/share/template?t={}", "A".repeat(7_000));
    let whole = link(&board);
    for target in [
        "/share/template",
        "/share/template?t=",
        "/share/template?t=%3Cscript%3Ezqx()%3C/script%3E",
        "/share/template?t=////",
        brackets.as_str(),
        long.as_str(),
        whole.as_str(),
    ] {
        let response = open(fixture, target).await;
        assert_eq!((response.status, dangers(&response)), (422, Vec::new()), "{target}");
        statuses.push(response.status);
    }
    rows.push(row(
        "seven links that hold no template: nothing, a script, 4,000 brackets, 7 kB, a whole board",
        statuses_of(&statuses),
        "6 kB are read; a page says that the link is not complete or cannot be read",
    ));
    rows
}

async fn open(fixture: &Fixture, target: &str) -> RawResponse {
    fixture.as_attacker(RawRequest::get(target).with("accept-language", "en")).await
}

fn form(file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in [("revision", "0"), ("mode", "after")] {
        let part = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

async fn post(fixture: &Fixture, target: &str, file: &[u8]) -> RawResponse {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let request = RawRequest::post_raw(target, &kind, &form(file)).with("accept-language", "en");
    fixture.as_attacker(request).await
}

/// The attacker's board, as a file.
async fn board_of(fixture: &Fixture) -> String {
    fixture.as_attacker(RawRequest::get("/share/board.json")).await.body
}
