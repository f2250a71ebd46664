//! All routes, read from the source of the router, so that a new route is attacked too.

use std::time::Duration;

use voordeur_testkit::Server;

use crate::fixture::{guest, start};
use crate::raw_http::{RawRequest, RawResponse};

const ROUTER: &str = include_str!("../../src/routes/mod.rs");

/// Each route with its handlers.
fn all() -> Vec<(String, String)> {
    let routes: Vec<(String, String)> = ROUTER
        .split(".route(\"")
        .skip(1)
        .filter_map(|rest| {
            let (path, handlers) = rest.split_once('"')?;
            Some((path.to_owned(), handlers.lines().next().unwrap_or_default().to_owned()))
        })
        .collect();
    assert!(routes.len() > 25, "the source of the router has another form: {routes:?}");
    routes
}

/// The routes that change something.
pub fn posts() -> Vec<String> {
    let posts = all()
        .into_iter()
        .filter(|(path, handlers)| handlers.contains("post(") && !path.contains('*'));
    posts.map(|(path, _)| path).collect()
}

/// The pages that need no id.
pub fn pages() -> Vec<String> {
    let pages = all()
        .into_iter()
        .filter(|(path, handlers)| handlers.contains("get(") && !path.contains('{'));
    pages.map(|(path, _)| path).collect()
}

/// A path of a route.
pub fn filled(route: &str, card: &str, page: &str) -> String {
    route
        .replace("{card}", card)
        .replace("{page}", page)
        .replace("{number}", "1")
        .replace("{widget}", "holidays")
        .replace("{*function}", "refresh-card")
}

const SECURITY_HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("strict-transport-security", "max-age=63072000"),
];

/// Asserts the security headers that every response has.
fn assert_security_headers(response: &RawResponse, what: &str) {
    for (name, value) in SECURITY_HEADERS {
        assert_eq!(response.header(name), Some(value), "{what}: {name}");
    }
    let policy = response.header("content-security-policy").unwrap_or_default();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{what}: {policy}"
    );
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{what}: {policy}"
    );
    assert!(
        response.header("permissions-policy").is_some_and(|it| it.contains("geolocation=()")),
        "{what}"
    );
    assert!(response.header("cache-control").is_some(), "{what}");
    for (name, _) in &response.headers {
        assert!(
            !["server", "x-powered-by", "access-control-allow-origin"].contains(&name.as_str()),
            "{what}: {name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_response_of_every_route_has_the_security_headers() {
    let server = start(&["--public-url", "https://start.example.org"]).await;
    let here = |request: RawRequest| request.with("host", "start.example.org");
    let skipped =
        here(RawRequest::post("/welcome", &[("answer", "skip")])).send(server.address).await;
    let secret = skipped.cookie("__Host-voordeur").expect("a cookie");
    let cookie = format!("__Host-voordeur={secret}");
    assert_security_headers(&skipped, "a redirect");
    for (route, _) in all() {
        let target = filled(&route, "first-holidays", "first");
        for method in ["GET", "HEAD", "POST", "PUT", "OPTIONS", "MADE-UP"] {
            for request in [
                RawRequest::get(&target).method(method),
                RawRequest::get(&target).method(method).with("cookie", &cookie),
                RawRequest::get(&target).method(method).with("origin", "https://evil.example"),
            ] {
                let response = here(request).send(server.address).await;
                assert!(response.status >= 200, "{method} {target}");
                assert_security_headers(
                    &response,
                    &format!("{method} {target}: {}", response.status),
                );
            }
        }
    }
    for target in
        ["/favicon.svg", "/robots.txt", "/manifest.webmanifest", "/pkg/none.js", "/pkg/", "/none"]
    {
        let response = here(RawRequest::get(target)).send(server.address).await;
        assert_security_headers(&response, target);
    }
    let elsewhere = RawRequest::get("/").with("host", "evil.example").send(server.address).await;
    assert_eq!(elsewhere.status, 421);
    assert_security_headers(&elsewhere, "421");
    let huge = here(RawRequest::post("/look", &[("back", &"x".repeat(70_000))]))
        .send(server.address)
        .await;
    assert_eq!(huge.status, 413);
    assert_security_headers(&huge, "413");

    // No shared cache keeps a citizen's page.
    let own = here(RawRequest::get("/")).with("cookie", &cookie).send(server.address).await;
    assert_eq!(own.header("cache-control"), Some("private, no-store"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_the_current_release_may_be_kept_for_good_and_no_other() {
    let site = voordeur_testkit::temp_dir();
    voordeur_testkit::create_site(site.path()).expect("a site");
    let script = site.path().join("pkg/start.js");
    std::fs::write(&script, "1").expect("a file");
    let server = Server::builder(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")))
        .site(site.path());
    let server = server.start().await.expect("the server starts");
    let ask = async |target: &str| RawRequest::get(target).send(server.address).await;
    let named = async || {
        let page = ask("/about").await.body;
        let (before, _) = page.split_once("/start.js\"").expect("the page names its script");
        let (_, folder) = before.rsplit_once('"').expect("an attribute");
        format!("{folder}/start.js")
    };
    let kept = |response: &RawResponse| response.header("cache-control").map(str::to_owned);
    let for_good = Some("public, max-age=31536000, immutable".to_owned());
    let revalidated = Some("no-cache".to_owned());

    let first = named().await;
    let response = ask(&first).await;
    assert_eq!((response.status, &*response.body, kept(&response)), (200, "1", for_good.clone()));
    let other_release = ask("/pkg/0123456789ab/start.js").await;
    assert_eq!((other_release.status, kept(&other_release)), (200, revalidated.clone()));
    let every_release = ask("/pkg/start.js").await;
    assert_eq!((every_release.status, kept(&every_release)), (200, revalidated.clone()));
    let absent = ask(&first.replace("start.js", "none.js")).await;
    assert_eq!((absent.status, kept(&absent)), (404, revalidated.clone()));

    // From the moment on at which a file is another one, nothing keeps it under the old address.
    std::fs::write(&script, "23").expect("a file");
    let changed = ask(&first).await;
    assert_eq!((changed.status, &*changed.body, kept(&changed)), (200, "23", revalidated));
    let mut second = named().await;
    while second == first {
        tokio::time::sleep(Duration::from_millis(100)).await;
        second = named().await;
    }
    let response = ask(&second).await;
    assert_eq!((response.status, &*response.body, kept(&response)), (200, "23", for_good));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_has_just_said_that_it_is_open_stops_as_asked() {
    for _ in 0..10 {
        let mut server = start(&[]).await;
        let status = server.stop().await.expect("a process");
        assert!(status.success(), "{status}: {}", server.log());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_in_flight_are_finished_at_shutdown() {
    let mut server = start(&[]).await;
    let guest = guest(&server).await;
    let mut visits = Vec::new();
    for _ in 0..8 {
        let request = guest.with_cookie(RawRequest::get("/"));
        visits.push(tokio::spawn({
            let address = server.address;
            async move { request.send(address).await }
        }));
    }
    // An idle connection, as a browser keeps it.
    let idle = tokio::net::TcpStream::connect(server.address).await.expect("a connection");
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    server.terminate().expect("a signal");
    for visit in visits {
        let page = visit.await.expect("a visit");
        // A request that was not accepted yet gets no response at all, never half of one.
        assert!(page.status == 0 || page.body.ends_with("</html>"), "{}", page.status);
    }
    let status = server.wait(std::time::Duration::from_secs(12)).await.expect("a process");
    assert!(status.is_some_and(|status| status.success()), "{}", server.log());
    drop(idle);
}
