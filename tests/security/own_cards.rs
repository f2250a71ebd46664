//! Cards without a service: a note, links and a list, in which a citizen writes what they like.

use crate::fixture::{Fixture, query};
use crate::markup::{MARK, SCRIPT, dangers, to_plain_text};
use crate::raw_http::{RawRequest, RawResponse};
use crate::report::{Row, row};
use crate::scripts::statuses_of;

/// A revision beyond all of these edits, so that none of them is a conflict.
const REVISION: (&str, &str) = ("revision", "99");

pub async fn rows(fixture: &Fixture) -> Vec<Row> {
    let mut rows = written(fixture).await;
    rows.extend(items(fixture).await);
    fixture.assert_unharmed("cards of one's own").await;
    rows
}

/// Adds a card to the attacker's board.
async fn card(fixture: &Fixture, widget: &str) -> String {
    let fields = [("widget", widget), ("revision", "0"), ("edit", widget)];
    query(&fixture.as_attacker(RawRequest::post("/cards", &fields)).await, "card")
}

/// Posts a form of a card. Each has an idempotency key of its own.
async fn post(
    fixture: &Fixture,
    card: &str,
    action: &str,
    field: (&str, &str),
    edit: &str,
) -> RawResponse {
    let fields = [field, REVISION, ("edit", edit)];
    let request = RawRequest::post(&format!("/cards/{card}/{action}"), &fields);
    fixture.as_attacker(request.with("accept-language", "en")).await
}

/// Texts in the settings of a card.
async fn written(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let note = card(fixture, "note").await;
    let answer = post(fixture, &note, "settings", ("setting-text", SCRIPT), "note").await;
    assert_eq!(answer.status, 303);
    for target in ["/", "/?edit", &format!("/cards/{note}/settings"), "/find", "/history"] {
        let page = fixture.as_attacker(RawRequest::get(target)).await;
        assert_eq!((page.status, dangers(&page)), (200, Vec::new()), "{target}");
        let shows = target == "/" || target.ends_with("settings");
        assert!(!shows || to_plain_text(&page.body).contains(MARK), "{target}");
    }
    rows.push(row(
        "a script in a note, which ends a `<textarea>`",
        answer.status,
        "kept, and words on the card and in its settings",
    ));
    let long = "x".repeat(50_000);
    let answer = post(fixture, &note, "settings", ("setting-text", &long), "long").await;
    let text = to_plain_text(&answer.body);
    assert!(answer.status == 422 && text.contains("3000 characters"), "{text}");
    rows.push(row(
        "a note of 50 kB",
        answer.status,
        "3,000 characters are the most; the field says so",
    ));

    let links = card(fixture, "bookmarks").await;
    let mut statuses = Vec::new();
    for link in [
        "javascript:zqx()",
        "Name javascript://a.example/%0azqx()",
        "data:text/html,<script>zqx()</script>",
        "//evil.example/",
        "https://me:secret@evil.example/",
        "file:///etc/passwd",
    ] {
        let answer = post(fixture, &links, "settings", ("setting-links", link), link).await;
        assert_eq!((answer.status, dangers(&answer)), (422, Vec::new()), "{link}");
        assert!(to_plain_text(&answer.body).contains("Line 1"), "{link}");
        statuses.push(answer.status);
    }
    rows.push(row(
        "six links of one's own that are no web page, or hold a password",
        statuses_of(&statuses),
        "nothing is kept; the line is named",
    ));
    let name = format!("https://a.example/ {SCRIPT}");
    let answer = post(fixture, &links, "settings", ("setting-links", &name), "name").await;
    assert_eq!(answer.status, 303);
    let page = fixture.as_attacker(RawRequest::get("/")).await;
    assert_eq!(dangers(&page), Vec::<String>::new());
    let address = "href=\"https://a.example/\"";
    assert!(page.body.contains(address) && to_plain_text(&page.body).contains(MARK));
    rows.push(row("a script as the name of a link", answer.status, "kept, and words"));
    let many = "https://a.example/\n".repeat(500);
    let answer = post(fixture, &links, "settings", ("setting-links", &many), "many").await;
    assert!(answer.status == 422 && to_plain_text(&answer.body).contains("room for 20"));
    rows.push(row("500 links in a card", answer.status, "20 are the most"));
    rows
}

/// Items that are ticked, added and removed on the card itself.
async fn items(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let list = card(fixture, "household-list").await;
    // A new line would make two items of one, and a tick at its start would be a state.
    let item = format!("{MARK}\r\n\u{202e}<img src=x onerror=zqx()>\0");
    let answer = post(fixture, &list, "items", ("new", &item), "item").await;
    assert_eq!(answer.status, 303);
    let page = fixture.as_attacker(RawRequest::get("/")).await;
    assert_eq!(dangers(&page), Vec::<String>::new());
    let text = to_plain_text(&page.body);
    assert!(text.contains(&format!("{MARK} <img src=x onerror=zqx()>")), "{text}");
    rows.push(row(
        "a tag, line ends, NUL and U+202E in an item of a list",
        answer.status,
        "one item of one line, and words; control characters are dropped",
    ));

    let mut statuses = Vec::new();
    let long = "x".repeat(50_000);
    for (action, field) in [
        ("items", ("new", long.as_str())),
        ("items", ("new", "x".repeat(121).as_str())),
        ("items", ("new", " \r\n")),
        ("items", ("new", "")),
        ("tick", ("tick", long.as_str())),
        ("tick", ("tick", "no such item")),
        ("tick", ("check", "Milk")),
        ("clear", ("seen", long.as_str())),
        ("clear", ("seen", "")),
    ] {
        let edit = format!("refused-{}", statuses.len());
        let answer = post(fixture, &list, action, field, &edit).await;
        assert!([409, 422].contains(&answer.status), "{action} {}: {}", field.0, answer.status);
        assert_eq!(dangers(&answer), Vec::<String>::new(), "{action}");
        assert!(!answer.body.contains(&"x".repeat(200)), "{action}: {}", answer.body.len());
        statuses.push(answer.status);
    }
    rows.push(row(
        "items that are empty, too long or not on the list, added, ticked and removed",
        statuses_of(&statuses),
        "nothing is changed",
    ));

    // The list holds one item already.
    let mut answers = Vec::new();
    for number in 1..=50 {
        let item = format!("item {number}");
        answers.push(post(fixture, &list, "items", ("new", &item), &item).await);
    }
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert!(statuses[..49].iter().all(|status| *status == 303), "{statuses:?}");
    assert_eq!(statuses[49], 409);
    rows.push(row("51 items in a list", statuses[49], "50 are the most; the card says so"));

    let mut statuses = Vec::new();
    for action in ["tick", "items", "clear"] {
        let fields = [("tick", "x"), ("new", "x"), ("seen", "x"), REVISION, ("edit", action)];
        let request = RawRequest::post(&format!("/cards/first-holidays/{action}"), &fields);
        let answer = fixture.as_attacker(request).await;
        assert_eq!(answer.status, 404, "{action}");
        statuses.push(answer.status);
    }
    rows.push(row(
        "items of a card that has no list",
        statuses_of(&statuses),
        "only a card whose manifest has a list is written to in this way",
    ));
    rows
}
