//! Every address of the router, read from its source, so that a new one is tried too.

use crate::town::{Server, guest};
use crate::wire::{Request, Response};

const ROUTER: &str = include_str!("../../src/routes/mod.rs");

/// Each route, with what its handlers are.
fn all() -> Vec<(String, String)> {
    let routes: Vec<(String, String)> = ROUTER
        .split(".route(\"")
        .skip(1)
        .filter_map(|rest| {
            let (path, handlers) = rest.split_once('"')?;
            Some((path.to_owned(), handlers.lines().next().unwrap_or_default().to_owned()))
        })
        .collect();
    assert!(routes.len() > 25, "the router is written otherwise by now: {routes:?}");
    routes
}

/// The routes that change something.
pub fn posts() -> Vec<String> {
    let posts =
        all().into_iter().filter(|(path, how)| how.contains("post(") && !path.contains('*'));
    posts.map(|(path, _)| path).collect()
}

/// The pages that need no card.
pub fn pages() -> Vec<String> {
    let pages = all().into_iter().filter(|(path, how)| how.contains("get(") && !path.contains('{'));
    pages.map(|(path, _)| path).collect()
}

/// An address of a route.
pub fn filled(route: &str, card: &str, page: &str) -> String {
    route
        .replace("{card}", card)
        .replace("{page}", page)
        .replace("{number}", "1")
        .replace("{widget}", "holidays")
        .replace("{*function}", "refresh-card")
}

const USUAL: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("strict-transport-security", "max-age=63072000"),
];

/// An answer has the usual headers, whatever it is.
fn has_the_usual_headers(answer: &Response, what: &str) {
    for (name, value) in USUAL {
        assert_eq!(answer.header(name), Some(value), "{what}: {name}");
    }
    let policy = answer.header("content-security-policy").unwrap_or_default();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{what}: {policy}"
    );
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{what}: {policy}"
    );
    assert!(
        answer.header("permissions-policy").is_some_and(|it| it.contains("geolocation=()")),
        "{what}"
    );
    assert!(answer.header("cache-control").is_some(), "{what}");
    for (name, _) in &answer.headers {
        assert!(
            !["server", "x-powered-by", "access-control-allow-origin"].contains(&name.as_str()),
            "{what}: {name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_every_route_has_the_usual_headers() {
    let server = Server::start(&["--public-url", "https://start.example.org"]).await;
    let here = |request: Request| request.with("host", "start.example.org");
    let skipped = here(Request::post("/welcome", &[("answer", "skip")])).send(server.address).await;
    let secret = skipped.cookie("__Host-voordeur").expect("a cookie");
    let cookie = format!("__Host-voordeur={secret}");
    has_the_usual_headers(&skipped, "a redirect");
    for (route, _) in all() {
        let target = filled(&route, "first-holidays", "first");
        for method in ["GET", "HEAD", "POST", "PUT", "OPTIONS", "MADE-UP"] {
            for request in [
                Request::get(&target).method(method),
                Request::get(&target).method(method).with("cookie", &cookie),
                Request::get(&target).method(method).with("origin", "https://evil.example"),
            ] {
                let answer = here(request).send(server.address).await;
                assert!(answer.status >= 200, "{method} {target}");
                has_the_usual_headers(&answer, &format!("{method} {target}: {}", answer.status));
            }
        }
    }
    for target in
        ["/favicon.svg", "/robots.txt", "/manifest.webmanifest", "/pkg/none.js", "/pkg/", "/none"]
    {
        let answer = here(Request::get(target)).send(server.address).await;
        has_the_usual_headers(&answer, target);
    }
    let elsewhere = Request::get("/").with("host", "evil.example").send(server.address).await;
    assert_eq!(elsewhere.status, 421);
    has_the_usual_headers(&elsewhere, "421");
    let huge =
        here(Request::post("/look", &[("back", &"x".repeat(70_000))])).send(server.address).await;
    assert_eq!(huge.status, 413);
    has_the_usual_headers(&huge, "413");

    // What is a citizen's own is kept in no memory but theirs.
    let own = here(Request::get("/")).with("cookie", &cookie).send(server.address).await;
    assert_eq!(own.header("cache-control"), Some("private, no-store"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_is_finished_when_the_server_is_told_to_stop() {
    let mut server = Server::start(&[]).await;
    let guest = guest(&server).await;
    let mut visits = Vec::new();
    for _ in 0..8 {
        let request = guest.carries(Request::get("/"));
        visits.push(tokio::spawn({
            let address = server.address;
            async move { request.send(address).await }
        }));
    }
    // A browser keeps a connection open with nothing on it.
    let idle = tokio::net::TcpStream::connect(server.address).await.expect("a connection");
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    server.tell_to_stop();
    for visit in visits {
        let page = visit.await.expect("a visit");
        // One that had not been let in yet is not answered at all, and never by half.
        assert!(page.status == 0 || page.body.ends_with("</html>"), "{}", page.status);
    }
    assert!(server.ends_within(std::time::Duration::from_secs(12)).await, "{}", server.log());
    drop(idle);
}
