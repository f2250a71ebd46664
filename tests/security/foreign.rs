//! Changes that another site posts with the citizen's cookie.

use crate::routes;
use crate::scripts::statuses_of;
use crate::table::{Row, row};
use crate::town::Town;
use crate::wire::Request;

pub async fn rows(town: &Town) -> Vec<Row> {
    let mut rows = Vec::new();
    let here = format!("http://{}", town.server.address);
    let prefixed = format!("{here}.evil.example");
    let port = "http://127.0.0.1:1".to_owned();
    let changes: Vec<String> = routes::posts()
        .iter()
        .map(|route| routes::filled(route, &town.card, &town.page))
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
            let mut request = Request::post(
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
            let answer = town.send(town.victim.carries(request)).await;
            assert_eq!(answer.status, 403, "{target} {what}");
            assert_eq!(answer.header("set-cookie"), None, "{target} {what}");
            statuses.push(answer.status);
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
            Request::get(target)
                .with("x-http-method-override", "POST")
                .with("x-http-method", "POST"),
            Request::get(&format!("{target}?_method=POST&revision=2&size=6&direction=later")),
        ] {
            let answer = town.send(town.victim.carries(request)).await;
            statuses.push(answer.status);
        }
    }
    rows.push(row(
        "every change as `GET` with `X-HTTP-Method-Override: POST` or `?_method=POST`",
        statuses_of(&statuses),
        "a method is what it is; the two that have a page show it",
    ));
    let plain =
        Request::post_raw(&format!("/cards/{}/remove", town.card), "text/plain", b"revision=2")
            .with("origin", "https://evil.example");
    let answer = town.send(town.victim.carries(plain)).await;
    assert_eq!(answer.status, 403);
    rows.push(row(
        "a form of type `text/plain` from another site",
        answer.status,
        "the type does not matter",
    ));
    let answer = town
        .send(
            town.victim.carries(
                Request::get("/")
                    .method("OPTIONS")
                    .with("origin", "https://evil.example")
                    .with("access-control-request-method", "POST"),
            ),
        )
        .await;
    assert!(answer.header("access-control-allow-origin").is_none());
    rows.push(row(
        "a preflight (CORS) from another site",
        answer.status,
        "no other site is allowed anything",
    ));
    town.is_well("posts from elsewhere").await;
    rows
}
