//! Path traversal and open redirects.

use crate::fixture::Fixture;
use crate::markup::dangers;
use crate::raw_http::{RawRequest, RawResponse, exchange};
use crate::report::{Row, row};

pub async fn rows(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    for (target, shows) in [
        ("/pkg/../../etc/passwd", "no way up"),
        ("/pkg/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "nor when it is encoded"),
        ("/pkg/%252e%252e/%252e%252e/etc/passwd", "nor twice"),
        ("/pkg/..%2f..%2f..%2fetc%2fpasswd", "nor with slashes encoded"),
        ("/pkg/..%5c..%5cCargo.toml", "nor with backslashes"),
        ("/pkg//etc/passwd", "nor from the root"),
        ("/pkg/%00/etc/passwd", "nor past a NUL"),
        ("/pkg/0123456789ab/..%2f..%2f..%2fetc%2fpasswd", "nor from a release"),
        ("/pkg/0123456789ab/../../../etc/passwd", "the same"),
        ("/favicon.svg%00.html", "a name is whole"),
        ("/pkg/", "no folder is listed"),
        ("/../Cargo.toml", "only the files that are named are served"),
        ("/.git/config", "the same"),
        ("/.env", "the same"),
        ("/voordeur.sqlite", "the same"),
        ("/cards/..%2f..%2fhealthz/settings", "an id is an id"),
        (
            "/catalogue/..%2f..%2f..%2fetc%2fpasswd",
            "a widget is looked for in the catalogue, not on disk",
        ),
        ("//evil.example/", "a path like any other"),
        ("/%2f%2fevil.example", "the same"),
        ("/;/admin", "the same"),
        ("/%zz", "what is not encoded properly is not there"),
    ] {
        let response = fixture.send(RawRequest::get(target)).await;
        assert!([400, 404, 405].contains(&response.status), "{target}: {}", response.status);
        assert!(
            !response.body.contains("root:") && !response.body.contains("[package]"),
            "{target}"
        );
        assert_eq!(response.header("location"), None, "{target}");
        assert_eq!(dangers(&response), Vec::<String>::new(), "{target}");
        rows.push(row(&format!("`GET {target}`"), response.status, shows));
    }
    let here = fixture.server.address;
    for (line, shows) in [
        ("GET /\\evil.example HTTP/1.1", "no redirect is made of it"),
        ("GET * HTTP/1.1", "meant for `OPTIONS` only"),
        (
            "GET http://evil.example/ HTTP/1.1",
            "we are no proxy: our own page, with nothing of that name in it",
        ),
        ("GET healthz HTTP/1.1", "no path"),
    ] {
        let bytes = format!("{line}\r\nhost: {here}\r\nconnection: close\r\n\r\n");
        let response = RawResponse::parse(&exchange(here, bytes.as_bytes()).await);
        assert!(response.status < 500, "{line}: {}", response.status);
        assert_eq!(response.header("location"), None, "{line}");
        rows.push(row(&format!("`{line}`"), response.status, shows));
    }
    let response = fixture.send(RawRequest::get(&format!("/{}", "a".repeat(15_000)))).await;
    assert!([404, 414, 431].contains(&response.status), "{}", response.status);
    rows.push(row("a path of 15,000 letters", response.status, "not there"));

    for back in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example/",
        "/\n/evil.example/",
        "javascript:zqx()",
        "/ok\r\nset-cookie: voordeur=x",
        " //evil.example",
        "evil.example",
    ] {
        for (path, field) in [("/language", ("language", "nl")), ("/look", ("look", "dark"))] {
            let response =
                fixture.as_attacker(RawRequest::post(path, &[field, ("back", back)])).await;
            assert_eq!(
                (response.status, response.header("location")),
                (303, Some("/")),
                "{back:?}"
            );
            assert_ne!(response.cookie("voordeur").as_deref(), Some("x"), "{back:?}");
        }
        let shown: String = back.chars().flat_map(char::escape_default).collect();
        rows.push(row(
            &format!("`back={shown}` when a language or a look is chosen"),
            "303 to `/`",
            "a way back is a path of ours",
        ));
    }
    let call = RawRequest::post("/api/refresh-card", &[("card", "a"), ("newest", "false")])
        .with("accept", "text/html")
        .with("referer", "https://evil.example/");
    let response = fixture.as_attacker(call).await;
    assert_eq!((response.status, response.header("location")), (404, None));
    rows.push(row(
        "the function that scripts call, as a form with `Referer: https://evil.example/`",
        response.status,
        "there is no such card, and it leads nowhere",
    ));
    let response = fixture
        .as_attacker(RawRequest::post(
            "/cards/first-holidays/refresh",
            &[("page", "//evil.example"), ("revision", "2"), ("editing", "\r\nx-injected: 1")],
        ))
        .await;
    let to = response.header("location").unwrap_or_default().to_owned();
    assert!(
        response.status == 303 && to.starts_with("/?") && response.header("x-injected").is_none(),
        "{to}"
    );
    rows.push(row(
        "line ends and another site in the fields that a redirect is made of",
        response.status,
        "the redirect is a path of ours, with its query encoded",
    ));
    fixture.assert_unharmed("paths").await;
    rows
}
