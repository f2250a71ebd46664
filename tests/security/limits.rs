//! Who asks too often, and who says to be somebody else. The servers here are behind a proxy.

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Path as PathOf;
use axum::routing::get;

use crate::markup::{dangers, words};
use crate::table::{Row, row};
use crate::town::{Guest, Server, query};
use crate::wire::{Request, Response};

const HOST: &str = "start.example.org";

pub async fn rows() -> Vec<Row> {
    let behind = Server::start(&[
        "--visits-per-minute",
        "40",
        "--trusted-proxies",
        "127.0.0.0/8",
        "--public-url",
        "https://start.example.org",
    ])
    .await;
    let alone =
        Server::start(&["--visits-per-minute", "40", "--public-url", "https://start.example.org"])
            .await;
    let mut rows = Vec::new();
    rows.extend(too_many(&behind, &alone).await);
    rows.extend(names(&behind).await);
    rows.extend(cookies(&behind).await);
    rows.push(many_questions().await);
    rows
}

/// A request as the proxy hands it on, for a client.
fn from(client: &str, request: Request) -> Request {
    request.with("host", HOST).with("x-forwarded-for", client)
}

async fn too_many(behind: &Server, alone: &Server) -> Vec<Row> {
    let mut rows = Vec::new();
    let visit = async |server: &Server, client: &str| {
        from(client, Request::get("/robots.txt")).send(server.address).await
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
    let last = last_of(45, async || visit(alone, &format!("192.0.2.{}", rand())).await).await;
    assert_eq!(last.status, 429);
    rows.push(row(
        "45 visits, each with another `X-Forwarded-For`, where no proxy is trusted",
        last.status,
        "nobody is believed: the connection's own address counts",
    ));
    let last = last_of(45, async || visit(behind, &format!("2001:db8::{:x}", rand())).await).await;
    assert_eq!(last.status, 429);
    rows.push(row(
        "45 visits from as many IPv6 addresses of one network",
        last.status,
        "a /64 is one client",
    ));

    let change = async |client: &str| {
        from(client, Request::post("/cards/none/refresh", &[])).send(behind.address).await
    };
    let last = last_of(12, async || change("192.0.2.3").await).await;
    assert_eq!(last.status, 429);
    rows.push(row(
        "12 changes where 10 a minute are allowed",
        last.status,
        "a quarter of the visits",
    ));
    let guest = async |client: &str| {
        from(client, Request::post("/welcome", &[("answer", "skip")])).send(behind.address).await
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

/// The last of so many answers; those before it were not refused for being many until the limit was reached.
async fn last_of(count: usize, send: impl AsyncFn() -> Response) -> Response {
    let mut last = send().await;
    assert_ne!(last.status, 429, "the first is let in");
    for _ in 1..count {
        last = send().await;
    }
    last
}

/// Another number each time.
fn rand() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};

    static NEXT: AtomicU32 = AtomicU32::new(10);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

async fn names(behind: &Server) -> Vec<Row> {
    let ask = async |server: &Server, host: &str, client: &str| {
        let request = Request::get("/about").with("host", host).with("x-forwarded-for", client);
        request.send(server.address).await
    };
    let fresh = Server::start(&["--public-url", "https://start.example.org"]).await;
    let mut rows = Vec::new();
    for host in [
        "evil.example",
        "start.example.org.evil.example",
        "start.example.org:8443",
        "localhost",
        "start.example.org@evil.example",
    ] {
        let answer = ask(&fresh, host, "").await;
        assert!([400, 421].contains(&answer.status), "{host}: {}", answer.status);
        assert!(!answer.body.contains("evil"), "{host}");
        rows.push(row(
            &format!("`Host: {host}` where `--public-url` is `https://start.example.org`"),
            answer.status,
            "a name that leads to us and is not ours (DNS rebinding) shows nothing",
        ));
    }
    for host in [HOST, "START.example.org", "start.example.org:443", "127.0.0.1", "[::1]:3000"] {
        assert_eq!(ask(&fresh, host, "").await.status, 200, "{host}");
    }
    let answer = ask(behind, "backend:3000", "192.0.2.20").await;
    assert_eq!(answer.status, 200);
    rows.push(row(
        "`Host: backend:3000` from a trusted proxy",
        answer.status,
        "it has chosen us for the name that it was asked for",
    ));
    let change = from("192.0.2.21", Request::post("/language", &[("language", "fr")]));
    let behind_another_name = Request {
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
    let answer = from("192.0.2.30", Request::post("/language", &[("language", "de")]))
        .send(server.address)
        .await;
    let set = answer.header("set-cookie").unwrap_or_default().to_owned();
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
    let secret = answer.cookie("__Host-voordeur").expect("a cookie");
    let get = |cookie: String| from("192.0.2.31", Request::get("/about")).with("cookie", &cookie);
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

/// As many cards as fit beside the first ones.
const MANY: usize = 50;

/// One client has more questions for a service than it can bear; somebody at another address has one.
async fn many_questions() -> Row {
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
    let widgets = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks/asked");
    let widgets = widgets.to_string_lossy();
    let options =
        ["--trusted-proxies", "127.0.0.0/8", "--sources", &sources, "--widgets", &widgets];
    let server = Server::start(&options).await;

    let (many, one) = ("192.0.2.40", "192.0.2.41");
    let crowd = guest_from(&server, many).await;
    for number in 0..MANY {
        add_word(&server, &crowd, many, &format!("many-{number}")).await;
    }
    let session = guest_from(&server, one).await;
    add_word(&server, &session, one, "one").await;

    let home = |guest: &Guest, client: &str| {
        guest.carries(Request::get("/").with("x-forwarded-for", client))
    };
    home(&crowd, many).send(server.address).await;
    let page = loop {
        let page = home(&session, one).send(server.address).await;
        assert_eq!(page.status, 200);
        let asked = asked.lock().expect("no panic");
        assert!(asked.len() < MANY / 2, "still none of {asked:?} is theirs");
        if asked.iter().any(|word| word == "one") {
            break page;
        }
    };
    let page = match words(&page.body).contains("That is one.") {
        true => page,
        false => home(&session, one).send(server.address).await,
    };
    assert!(words(&page.body).contains("That is one."), "{}", words(&page.body));
    row(
        "50 questions at once, each another one, for a service that can bear one a second; meanwhile, one question from another address",
        page.status,
        "turns go round by client: who asks for much waits for it alone",
    )
}

async fn guest_from(server: &Server, client: &str) -> Guest {
    let skip = Request::post("/welcome", &[("answer", "skip")]).with("x-forwarded-for", client);
    Guest { secret: skip.send(server.address).await.cookie("voordeur").expect("a cookie") }
}

async fn add_word(server: &Server, guest: &Guest, client: &str, word: &str) {
    let send = async |target: &str, fields: &[(&str, &str)]| {
        let request = Request::post(target, fields).with("x-forwarded-for", client);
        guest.carries(request).send(server.address).await
    };
    let fields = [("widget", "asked"), ("revision", "999"), ("edit", word)];
    let card = query(&send("/cards", &fields).await, "card");
    let edit = format!("{word}-told");
    let fields = [("setting-word", word), ("revision", "999"), ("edit", &edit)];
    assert_eq!(send(&format!("/cards/{card}/settings"), &fields).await.status, 303, "{word}");
}
