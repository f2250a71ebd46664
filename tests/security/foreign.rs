//! Changes that another site posts with the citizen's cookie (CSRF).

use crate::fixture::Fixture;
use crate::raw_http::RawRequest;
use crate::report::{Row, row};
use crate::routes;
use crate::scripts::statuses_of;

pub async fn rows(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let here = format!("http://{}", fixture.server.address);
    let prefixed = format!("{here}.evil.example");
    let port = "http://127.0.0.1:1".to_owned();
    let changes: Vec<String> = routes::posts()
        .iter()
        .map(|route| routes::filled(route, &fixture.card, &fixture.page))
        .chain(["/api/refresh-card".to_owned()])
        .collect();
    for (what, headers) in [
        ("`Origin: https://evil.example`", vec![("origin", "https://evil.example")]),
        ("`Origin: null`, as from a sandbox or a local file", vec![("origin", "null")]),
        ("`Sec-Fetch-Site: cross-site` and no `Origin`", vec![("sec-fetch-site", "cross-site")]),
        (
            "`Sec-Fetch-Site: same-site`: another host of our domain",
            vec![("sec-fetch-site", "same-site")],
        ),
        (
            "both, from another site",
            vec![("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        ),
        (
            "`Sec-Fetch-Site: cross-site`, with our own `Origin`",
            vec![("sec-fetch-site", "cross-site"), ("origin", &here)],
        ),
        (
            "`Sec-Fetch-Site: SAME-ORIGIN`, as no browser writes it",
            vec![("sec-fetch-site", "SAME-ORIGIN")],
        ),
        ("an `Origin` that begins with ours", vec![("origin", &prefixed)]),
        ("our host at another port", vec![("origin", &port)]),
        ("an `Origin` that is no origin", vec![("origin", "<script>")]),
        (
            "`Origin` of another site, and ours in `X-Forwarded-Host`",
            vec![("origin", "https://evil.example"), ("x-forwarded-host", "evil.example")],
        ),
    ] {
        let mut statuses = Vec::new();
        for target in &changes {
            let mut request = RawRequest::post(
                target,
                &[
                    ("revision", "2"),
                    ("name", "x"),
                    ("icon", "home"),
                    ("size", "6"),
                    ("direction", "later"),
                    ("folded", "true"),
                    ("answer", "skip"),
                    ("language", "fr"),
                ],
            );
            for (name, value) in &headers {
                request = request.with(name, value);
            }
            let response = fixture.send(fixture.victim.with_cookie(request)).await;
            assert_eq!(response.status, 403, "{target} {what}");
            assert_eq!(response.header("set-cookie"), None, "{target} {what}");
            statuses.push(response.status);
        }
        rows.push(row(
            &format!("every change, with {what}"),
            statuses_of(&statuses),
            "refused before the form is read; a page says why",
        ));
    }
    let mut statuses = Vec::new();
    for target in &changes {
        for request in [
            RawRequest::get(target)
                .with("x-http-method-override", "POST")
                .with("x-http-method", "POST"),
            RawRequest::get(&format!("{target}?_method=POST&revision=2&size=6&direction=later")),
        ] {
            let response = fixture.send(fixture.victim.with_cookie(request)).await;
            statuses.push(response.status);
        }
    }
    rows.push(row(
        "every change as `GET` with `X-HTTP-Method-Override: POST` or `?_method=POST`",
        statuses_of(&statuses),
        "a method is what it is; the two that have a page show it",
    ));
    let plain = RawRequest::post_raw(
        &format!("/cards/{}/remove", fixture.card),
        "text/plain",
        b"revision=2",
    )
    .with("origin", "https://evil.example");
    let response = fixture.send(fixture.victim.with_cookie(plain)).await;
    assert_eq!(response.status, 403);
    rows.push(row(
        "a form of type `text/plain` from another site",
        response.status,
        "the type does not matter",
    ));
    let response = fixture
        .send(
            fixture.victim.with_cookie(
                RawRequest::get("/")
                    .method("OPTIONS")
                    .with("origin", "https://evil.example")
                    .with("access-control-request-method", "POST"),
            ),
        )
        .await;
    assert!(response.header("access-control-allow-origin").is_none());
    rows.push(row(
        "a preflight (CORS) from another site",
        response.status,
        "no other site is allowed anything",
    ));
    fixture.assert_unharmed("posts from elsewhere").await;
    rows
}
