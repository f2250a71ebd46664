//! Rate limits and forged addresses of clients. Most servers here are behind a proxy.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Path as PathOf;
use axum::routing::get;

use crate::markup::{dangers, to_plain_text};
use crate::report::{Row, row};
use voordeur_testkit::Server;

use crate::fixture::{GuestSession, query, start, widgets};
use crate::raw_http::{RawRequest, RawResponse};

const HOST: &str = "start.example.org";

pub async fn rows() -> Vec<Row> {
    let behind = start(&[
        "--visits-per-minute",
        "40",
        "--trusted-proxies",
        "127.0.0.0/8",
        "--public-url",
        "https://start.example.org",
    ])
    .await;
    let alone =
        start(&["--visits-per-minute", "40", "--public-url", "https://start.example.org"]).await;
    let mut rows = Vec::new();
    rows.extend(too_many(&behind, &alone).await);
    rows.extend(names(&behind).await);
    rows.extend(cookies(&behind).await);
    rows.push(many_requests().await);
    rows
}

/// A request as the proxy forwards it for a client.
fn from(client: &str, request: RawRequest) -> RawRequest {
    request.with("host", HOST).with("x-forwarded-for", client)
}

async fn too_many(behind: &Server, alone: &Server) -> Vec<Row> {
    let mut rows = Vec::new();
    let visit = async |server: &Server, client: &str| {
        from(client, RawRequest::get("/robots.txt")).send(server.address).await
    };
    let last = last_of(45, async || visit(behind, "192.0.2.1").await).await;
    let wait: u64 = last.header("retry-after").and_then(|it| it.parse().ok()).unwrap_or_default();
    assert!(last.status == 429 && (1..=60).contains(&wait), "{} {wait}", last.status);
    for word in ["Even geduld", "Un peu de patience", "Einen Moment Geduld", "Please wait"] {
        assert!(last.body.contains(word), "{word}");
    }
    assert_eq!(dangers(&last), Vec::<String>::new());
    rows.push(row(
        "45 visits where 40 a minute are allowed",
        last.status,
        "`Retry-After`, and a page in four languages",
    ));
    let other = visit(behind, "192.0.2.2").await;
    assert_eq!(other.status, 200);
    rows.push(row(
        "meanwhile, somebody at another address behind the same proxy",
        other.status,
        "is served",
    ));
    let spoofed = visit(behind, "203.0.113.9, 198.51.100.1, 192.0.2.1").await;
    assert_eq!(spoofed.status, 429);
    rows.push(row(
        "the same client, with other addresses to the left in `X-Forwarded-For`",
        spoofed.status,
        "what the client wrote itself is not believed",
    ));
    let last =
        last_of(45, async || visit(alone, &format!("192.0.2.{}", next_number())).await).await;
    assert_eq!(last.status, 429);
    rows.push(row(
        "45 visits, each with another `X-Forwarded-For`, where no proxy is trusted",
        last.status,
        "nobody is believed: the connection's own address counts",
    ));
    let last =
        last_of(45, async || visit(behind, &format!("2001:db8::{:x}", next_number())).await).await;
    assert_eq!(last.status, 429);
    rows.push(row(
        "45 visits from as many IPv6 addresses of one network",
        last.status,
        "a /64 is one client",
    ));

    let change = async |client: &str| {
        from(client, RawRequest::post("/cards/none/refresh", &[])).send(behind.address).await
    };
    let last = last_of(12, async || change("192.0.2.3").await).await;
    assert_eq!(last.status, 429);
    rows.push(row(
        "12 changes where 10 a minute are allowed",
        last.status,
        "a quarter of the visits",
    ));
    let guest = async |client: &str| {
        from(client, RawRequest::post("/welcome", &[("answer", "skip")])).send(behind.address).await
    };
    let last = last_of(3, async || guest("192.0.2.4").await).await;
    assert!(last.status == 429 && last.header("set-cookie").is_none());
    rows.push(row(
        "3 new guests where 2 a minute are allowed",
        last.status,
        "no board is made; a twentieth of the visits",
    ));
    rows
}

/// The last of `count` responses. The first must not be limited.
async fn last_of(count: usize, send: impl AsyncFn() -> RawResponse) -> RawResponse {
    let mut last = send().await;
    assert_ne!(last.status, 429, "the first request is limited");
    for _ in 1..count {
        last = send().await;
    }
    last
}

/// A new number at each call.
fn next_number() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};

    static NEXT: AtomicU32 = AtomicU32::new(10);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

async fn names(behind: &Server) -> Vec<Row> {
    let ask = async |server: &Server, host: &str, client: &str| {
        let request = RawRequest::get("/about").with("host", host).with("x-forwarded-for", client);
        request.send(server.address).await
    };
    let fresh = start(&["--public-url", "https://start.example.org"]).await;
    let mut rows = Vec::new();
    for host in [
        "evil.example",
        "start.example.org.evil.example",
        "start.example.org:8443",
        "localhost",
        "start.example.org@evil.example",
    ] {
        let response = ask(&fresh, host, "").await;
        assert!([400, 421].contains(&response.status), "{host}: {}", response.status);
        assert!(!response.body.contains("evil"), "{host}");
        rows.push(row(
            &format!("`Host: {host}` where `--public-url` is `https://start.example.org`"),
            response.status,
            "a name that leads to us and is not ours (DNS rebinding) shows nothing",
        ));
    }
    for host in [HOST, "START.example.org", "start.example.org:443", "127.0.0.1", "[::1]:3000"] {
        assert_eq!(ask(&fresh, host, "").await.status, 200, "{host}");
    }
    let response = ask(behind, "backend:3000", "192.0.2.20").await;
    assert_eq!(response.status, 200);
    rows.push(row(
        "`Host: backend:3000` from a trusted proxy",
        response.status,
        "it has chosen us for the name that it was asked for",
    ));
    let change = from("192.0.2.21", RawRequest::post("/language", &[("language", "fr")]));
    let behind_another_name = RawRequest {
        headers: change.headers.iter().filter(|(name, _)| name != "host").cloned().collect(),
        ..change
    }
    .with("host", "backend:3000");
    let own = behind_another_name
        .clone()
        .with("origin", "https://start.example.org")
        .send(behind.address)
        .await;
    let other = behind_another_name
        .clone()
        .with("origin", "https://evil.example")
        .send(behind.address)
        .await;
    let plain =
        behind_another_name.with("origin", "http://start.example.org").send(behind.address).await;
    assert_eq!((own.status, other.status, plain.status), (303, 403, 403));
    rows.push(row("a change through a proxy that puts another `Host`: from our own page, another site, our name over HTTP", "303, 403, 403", "`--public-url` says which `Origin` is ours"));
    rows
}

async fn cookies(server: &Server) -> Vec<Row> {
    let mut rows = Vec::new();
    let response = from("192.0.2.30", RawRequest::post("/language", &[("language", "de")]))
        .send(server.address)
        .await;
    let set = response.header("set-cookie").unwrap_or_default().to_owned();
    assert!(set.starts_with("__Host-voordeur="), "{set}");
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Domain"), "{set}");
    rows.push(row(
        "reading the cookie by script, over HTTP, or from another host of the domain",
        "`__Host-`, `HttpOnly`, `Secure`",
        "browsers give it to this host alone, over HTTPS, and to no script",
    ));
    let secret = response.cookie("__Host-voordeur").expect("a cookie");
    let get =
        |cookie: String| from("192.0.2.31", RawRequest::get("/about")).with("cookie", &cookie);
    let planted = get(format!("voordeur={secret}")).send(server.address).await;
    assert!(!planted.body.contains("<html lang=\"de\""), "a board that somebody else chose");
    assert_eq!(planted.header("set-cookie"), None);
    rows.push(row(
        "a cookie of the name that plain HTTP has, planted by another host of the domain",
        planted.status,
        "it counts for nothing: nobody fills in a board that somebody else can open",
    ));
    let other = "ab".repeat(32);
    let both =
        get(format!("voordeur={other}; __Host-voordeur={secret}")).send(server.address).await;
    assert!(
        both.cookie("__Host-voordeur").as_deref() == Some(secret.as_str())
            && both.body.contains("<html lang=\"de\"")
    );
    rows.push(row("the same beside the right one", both.status, "the right one counts"));
    rows
}

/// The number of cards that fit on a board beside the default ones.
const MANY: usize = 50;

/// One client makes more requests to a service than its limit allows; a client at another address
/// makes one.
async fn many_requests() -> Row {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let note = Arc::clone(&asked);
    let service = Router::new().route(
        "/asked.example/{word}",
        get(move |PathOf(word): PathOf<String>| {
            note.lock().expect("no panic").push(word.clone());
            async move { axum::Json(serde_json::json!({ "said": format!("That is {word}.") })) }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let sources = format!("gateway=http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, service).await });
    let widgets = widgets("asked");
    let widgets = widgets.to_string_lossy();
    let options =
        ["--trusted-proxies", "127.0.0.0/8", "--sources", &sources, "--widgets", &widgets];
    let server = start(&options).await;

    let (many, one) = ("192.0.2.40", "192.0.2.41");
    let crowd = guest_from(&server, many).await;
    for number in 0..MANY {
        add_word(&server, &crowd, many, &format!("many-{number}")).await;
    }
    let other = guest_from(&server, one).await;
    add_word(&server, &other, one, "one").await;

    let home = |guest: &GuestSession, client: &str| {
        guest.with_cookie(RawRequest::get("/").with("x-forwarded-for", client))
    };
    home(&crowd, many).send(server.address).await;
    let page = loop {
        let page = home(&other, one).send(server.address).await;
        assert_eq!(page.status, 200);
        let asked = asked.lock().expect("no panic");
        assert!(asked.len() < MANY / 2, "the request of the other client is not among {asked:?}");
        if asked.iter().any(|word| word == "one") {
            break page;
        }
    };
    let page = match to_plain_text(&page.body).contains("That is one.") {
        true => page,
        false => home(&other, one).send(server.address).await,
    };
    assert!(to_plain_text(&page.body).contains("That is one."), "{}", to_plain_text(&page.body));
    row(
        "50 questions at once, each another one, for a service that can bear one a second; meanwhile, one question from another address",
        page.status,
        "turns go round by client: who asks for much waits for it alone",
    )
}

async fn guest_from(server: &Server, client: &str) -> GuestSession {
    let skip = RawRequest::post("/welcome", &[("answer", "skip")]).with("x-forwarded-for", client);
    GuestSession { secret: skip.send(server.address).await.cookie("voordeur").expect("a cookie") }
}

async fn add_word(server: &Server, guest: &GuestSession, client: &str, word: &str) {
    let send = async |target: &str, fields: &[(&str, &str)]| {
        let request = RawRequest::post(target, fields).with("x-forwarded-for", client);
        guest.with_cookie(request).send(server.address).await
    };
    let fields = [("widget", "asked"), ("revision", "999"), ("edit", word)];
    let card = query(&send("/cards", &fields).await, "card");
    let edit = format!("{word}-set");
    let fields = [("setting-word", word), ("revision", "999"), ("edit", &edit)];
    assert_eq!(send(&format!("/cards/{card}/settings"), &fields).await.status, 303, "{word}");
}
