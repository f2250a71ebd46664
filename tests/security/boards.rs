//! Attacks on another guest's board: its cards, its history, its cookie.

use crate::fixture::{Fixture, GuestSession};
use crate::raw_http::RawRequest;
use crate::report::{Row, row};
use crate::scripts::statuses_of;

const REVISION: (&str, &str) = ("revision", "2");

pub async fn rows(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let card = &fixture.card;
    let mut statuses = Vec::new();
    for (path, fields) in [
        ("move", vec![("direction", "earlier"), REVISION]),
        ("place", vec![("before", "first-holidays"), REVISION]),
        ("resize", vec![("size", "12"), REVISION]),
        ("fold", vec![("folded", "true"), REVISION]),
        ("remove", vec![REVISION]),
        ("refresh", vec![REVISION]),
        ("settings", vec![("setting-address", "https://evil.example/"), REVISION]),
        ("look", vec![("look", "address"), REVISION]),
        ("tick", vec![("tick", "Milk"), REVISION]),
        ("items", vec![("new", "Milk"), REVISION]),
        ("clear", vec![("seen", "Milk"), REVISION]),
    ] {
        let response =
            fixture.as_attacker(RawRequest::post(&format!("/cards/{card}/{path}"), &fields)).await;
        assert!([404, 409].contains(&response.status), "{path}: {}", response.status);
        statuses.push(response.status);
    }
    rows.push(row(
        "every change of another's card, by its id",
        statuses_of(&statuses),
        "a card is looked for on one's own board only",
    ));
    let response = fixture.as_attacker(RawRequest::get(&format!("/cards/{card}/settings"))).await;
    assert_eq!(response.status, 404);
    rows.push(row(
        "the settings of another's card",
        response.status,
        "the same as for a card that nobody has",
    ));

    let call =
        RawRequest::post("/api/refresh-card", &[("card", card.as_str()), ("newest", "false")]);
    let own = fixture.send(fixture.victim.with_cookie(call.clone())).await;
    assert_eq!(own.status, 200, "the owner must be allowed: {}", own.body);
    let response = fixture.as_attacker(call).await;
    assert!(
        response.status == 404 && response.body.contains("no such card"),
        "{}",
        response.status
    );
    rows.push(row(
        "another's card, through the function that scripts call",
        response.status,
        "no such card",
    ));

    let page = &fixture.page;
    let mut statuses = Vec::new();
    for (path, fields) in [
        (String::new(), vec![("name", "Mine"), ("icon", "home"), REVISION]),
        ("/move".to_owned(), vec![("direction", "earlier"), REVISION]),
        ("/remove".to_owned(), vec![REVISION]),
    ] {
        let response =
            fixture.as_attacker(RawRequest::post(&format!("/pages/{page}{path}"), &fields)).await;
        assert!([404, 409].contains(&response.status), "{path}: {}", response.status);
        statuses.push(response.status);
    }
    rows.push(row(
        "every change of another's page, by its id",
        statuses_of(&statuses),
        "no such page",
    ));
    let response = fixture.as_attacker(RawRequest::get(&format!("/?page={page}"))).await;
    assert!(!response.body.contains("Secret garden"));
    rows.push(row("another's page, by its id", response.status, "one's own first page"));
    let response = fixture.as_attacker(RawRequest::get("/history")).await;
    assert!(!response.body.contains("Secret garden"));
    rows.push(row(
        "another's history",
        response.status,
        "the history has no id: one's own is all there is",
    ));
    let response = fixture.as_attacker(RawRequest::post("/history/999999", &[REVISION])).await;
    assert_eq!(response.status, 409);
    rows.push(row(
        "a moment of a history that is not one's own",
        response.status,
        "numbers count per board; this one has no such moment",
    ));

    let secret = &fixture.victim.secret;
    for (what, cookie) in [
        (
            "that has the right form and is made up",
            format!("voordeur={}", "0123456789abcdef".repeat(4)),
        ),
        ("that is another's, a letter short", format!("voordeur={}", &secret[..63])),
        ("that is another's, a letter longer", format!("voordeur={secret}0")),
        ("of 8,000 letters", format!("voordeur={}", "a".repeat(8_000))),
        (
            "that is another's in capitals",
            format!("voordeur={}", secret.to_uppercase().replace(char::is_numeric, "A")),
        ),
        ("with SQL in it", "voordeur=' or 1=1; drop table citizen; --".to_owned()),
        ("with `%00` after another's", format!("voordeur={secret}%00")),
        ("that is empty", "voordeur=".to_owned()),
        (
            "that is another's, under the name that only HTTPS has",
            format!("__Host-voordeur={secret}"),
        ),
        ("that is another's, under a name in other letters", format!("Voordeur={secret}")),
        (
            "that is another's citizen id, as it stands in the store",
            format!("voordeur={}", hash(secret)),
        ),
    ] {
        let response = fixture.send(RawRequest::get("/?edit").with("cookie", &cookie)).await;
        assert_eq!(response.status, 200, "{what}");
        assert!(!response.body.contains("Secret garden"), "{what}");
        rows.push(row(
            &format!("a cookie {what}"),
            response.status,
            "a new visitor, with the board that everybody begins with",
        ));
    }
    let forged = "0123456789abcdef".repeat(4);
    let response = GuestSession { secret: forged.clone() }
        .with_cookie(RawRequest::post("/welcome", &[("answer", "skip")]));
    let response = fixture.send(response).await;
    assert!(response.cookie("voordeur").is_some_and(|given| given != forged));
    rows.push(row(
        "a change with a cookie that somebody has planted (session fixation)",
        response.status,
        "a new guest gets a new secret, never the one that was sent",
    ));

    let first =
        fixture.send(RawRequest::post("/welcome", &[("answer", "skip")])).await.cookie("voordeur");
    let second =
        fixture.send(RawRequest::post("/welcome", &[("answer", "skip")])).await.cookie("voordeur");
    let (first, second) = (first.expect("a cookie"), second.expect("a cookie"));
    let differing = first.chars().zip(second.chars()).filter(|(a, b)| a != b).count();
    assert!(first.len() == 64 && differing > 40, "{first} {second}");
    rows.push(row(
        "guessing a secret from one's own",
        "64 hexadecimal digits",
        "256 bits of the system's randomness; two in a row have nothing in common",
    ));

    let mut stored = Vec::new();
    for file in std::fs::read_dir(fixture.server.data()).expect("the store") {
        let path = file.expect("a file").path();
        if path.is_file() {
            stored.extend(std::fs::read(path).expect("a file"));
        }
    }
    let contains = |text: &str| stored.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(contains(&fixture.card), "the board must be in these files");
    assert!(!contains(secret), "the database contains a secret");
    rows.push(row(
        "reading the store itself",
        "no secret",
        "the store keeps the SHA-256 of a secret, which opens nothing",
    ));
    fixture.assert_unharmed("attempts at another's board").await;
    rows
}

/// The log after all attacks, at level `debug`.
pub fn log(fixture: &Fixture) -> Vec<Row> {
    let log = fixture.server.log();
    let address = fixture.server.url();
    let lines = log.lines().filter(|line| !line.ends_with(&address)).collect::<Vec<_>>().join("\n");
    for (what, text) in [
        ("a secret", fixture.victim.secret.as_str()),
        ("a secret", &fixture.attacker.secret),
        ("a card", &fixture.card),
        ("a page", &fixture.page),
        ("a name of a page", "Secret garden"),
        ("what was typed", "zqx"),
        ("what was typed", "evil.example"),
        ("an address of a client", "127.0.0.1"),
    ] {
        let found: Vec<&str> = lines
            .lines()
            .filter(|line| line.contains(text) && !line.contains("gateway"))
            .take(3)
            .collect();
        assert!(found.is_empty(), "the log contains {what}: {found:#?}");
    }
    assert!(!lines.contains("panicked"), "{lines}");
    vec![row(
        "all of the above, with `--log debug`, but for the connections to services",
        "no line about a citizen",
        "no secret, id, address, name, nor anything that was typed or sent; and no panic",
    )]
}

fn hash(secret: &str) -> String {
    use sha2::Digest;

    sha2::Sha256::digest(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}
