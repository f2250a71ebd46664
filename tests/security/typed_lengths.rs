//! Texts that are far too long: each is measured before any work is done with it.

use crate::fixture::Fixture;
use crate::markup::{dangers, to_plain_text};
use crate::raw_http::{RawRequest, RawResponse};
use crate::report::{Row, row};
use crate::scripts::statuses_of;

/// The most that is shown again of a text that is too long, in characters.
const SHOWN_AGAIN: usize = 80;

pub async fn rows(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let english = |request: RawRequest| request.with("accept-language", "en");
    for (what, letter) in [("letters", "x"), ("accents", "\u{301}"), ("emoji", "\u{1f682}")] {
        let typed = letter.repeat(20_000 / letter.len());
        let form = [("place", typed.as_str()), ("answer", "save")];
        let answer = fixture.send(english(RawRequest::post("/welcome", &form))).await;
        assert_eq!(answer.status, 422);
        let text = to_plain_text(&answer.body);
        assert!(
            text.contains("Use at most 80 characters for “Your postcode or municipality”"),
            "{text}"
        );
        assert_bounded(&answer, letter);
        rows.push(row(
            &format!("20 kB of {what} as one's place"),
            answer.status,
            "80 characters are the most; the field is named in the citizen's language",
        ));
    }

    let typed = "x y ".repeat(3_500);
    let query: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    for (page, label) in
        [("/find", "What are you looking for?"), ("/catalogue", "Search for a card or a service")]
    {
        let target = format!("{page}?q={query}");
        let answer = fixture.send(english(RawRequest::get(&target))).await;
        assert_eq!(answer.status, 200, "{page}");
        let text = to_plain_text(&answer.body);
        assert!(text.contains(&format!("Use at most 80 characters for “{label}”")), "{text}");
        assert!(!answer.body.contains(&"x y ".repeat(SHOWN_AGAIN)), "{page}");
        rows.push(row(
            &format!("14 kB of words in the search of `{page}`"),
            answer.status,
            "nothing is searched; the field is named",
        ));
    }

    let typed = "x".repeat(50_000);
    let form = [("setting-place", typed.as_str()), ("revision", "0"), ("edit", "long")];
    let request = RawRequest::post("/cards/first-air-quality/settings", &form);
    let answer = fixture.as_attacker(english(request)).await;
    assert_eq!(answer.status, 422);
    assert!(to_plain_text(&answer.body).contains("Use at most 80 characters."));
    rows.push(row(
        "50 kB as the place of a card",
        answer.status,
        "the same bound, in the settings of every card",
    ));

    let form = [("place", typed.as_str())];
    let answer = fixture.as_attacker(RawRequest::post("/welcome/look", &form)).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains("<option") && !answer.body.contains("role=\"option\""));
    assert_bounded(&answer, "x");
    rows.push(row(
        "50 kB as a place that is completed while one types",
        answer.status,
        "the same bound; nothing is looked up",
    ));

    let mut statuses = Vec::new();
    for (path, field) in [
        ("/cards", "widget"),
        ("/cards/first-holidays/move", "direction"),
        ("/cards/first-holidays/resize", "size"),
        ("/cards/first-air-quality/look", "look"),
        ("/pages", "icon"),
        ("/language", "language"),
        ("/look", "look"),
        ("/look", "density"),
    ] {
        let answer = fixture.as_attacker(RawRequest::post(path, &[(field, &typed)])).await;
        assert!((400..500).contains(&answer.status), "{path} {field}: {}", answer.status);
        assert_eq!(dangers(&answer), Vec::<String>::new(), "{path} {field}");
        assert_bounded(&answer, "x");
        statuses.push(answer.status);
    }
    rows.push(row(
        "50 kB in each field that chooses one of a few",
        statuses_of(&statuses),
        "compared and dropped; nothing of it is shown again",
    ));

    let form = [("language", "en"), ("back", &format!("/find?q={typed}"))];
    let answer = fixture.send(RawRequest::post("/language", &form)).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/kept?back=%2F")));
    rows.push(row(
        "50 kB as the page to go back to",
        answer.status,
        "1 kB is the most; otherwise one's own page",
    ));

    let interests = vec![("interest", "moving-about"); 200];
    let form = [&interests[..], &[("answer", "save"), ("place", "")]].concat();
    let answer = fixture.send(RawRequest::post("/welcome", &form)).await;
    assert_eq!(answer.status, 303);
    rows.push(row("the same interest 200 times", answer.status, "kept once"));

    let languages = "fr,".repeat(5_000);
    let answer = fixture.send(RawRequest::get("/about").with("accept-language", &languages)).await;
    assert!(answer.status == 200 && answer.body.contains("lang=\"fr\""));
    rows.push(row("5,000 languages in `Accept-Language`", answer.status, "32 are read"));
    fixture.assert_unharmed("texts that are too long").await;
    rows
}

/// Asserts that only the beginning of a repeated letter is shown again.
fn assert_bounded(answer: &RawResponse, letter: &str) {
    assert!(!answer.body.contains(&letter.repeat(SHOWN_AGAIN + 1)), "{}", answer.body.len());
}
