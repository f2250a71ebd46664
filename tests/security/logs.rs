//! The log at its most verbose levels does not quote a feed of a citizen's own.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Path as PathOf;
use axum::routing::get;
use voordeur_testkit::Server;

use crate::fixture::{GuestSession, guest, query, start};
use crate::raw_http::{RawRequest, RawResponse};
use crate::report::{Row, row};

/// A word of the private feeds.
const SECRET: &str = "Zwanenzangkoor";
/// A part of their address.
const ADDRESS: &str = "ingang-7431";

/// Options that ask for as much as can be asked for.
const LEVELS: [&str; 3] = [
    "debug",
    "trace",
    "trace,xml5ever=trace,html5ever=trace,markup5ever=trace,hyper=trace,hyper_util=trace,\
     reqwest=trace,rustls=trace,sqlx=trace,cel=trace",
];

pub async fn rows() -> Vec<Row> {
    let gateway = gateway().await;
    let sources = format!("gateway=http://{gateway}");
    for level in LEVELS {
        let server = start(&["--sources", &sources, "--log", level]).await;
        let guest = guest(&server).await;
        let mut board = PrivateBoard { server: &server, guest, revision: 0 };
        // A feed that can be read is shown: the words are there to be logged.
        assert!(board.shows_secret("news-feed", "news.rss").await, "{level}");
        assert!(board.shows_secret("calendar", "calendar.ics").await, "{level}");
        for broken in ["broken.rss", "broken.xml", "empty.xml"] {
            board.shows_secret("news-feed", broken).await;
        }
        board.shows_secret("calendar", "broken.ics").await;
        let log = server.log();
        for private in [SECRET, ADDRESS] {
            let found: Vec<&str> =
                log.lines().filter(|line| line.contains(private)).take(3).collect();
            assert!(found.is_empty(), "--log {level}: {found:#?}");
        }
        let letters = log.lines().filter(|line| line.contains("ever::")).count();
        assert_eq!(letters, 0, "--log {level}: a parser logs what it reads");
    }
    vec![row(
        "private feeds and calendars, some of them broken, with `--log trace` and the same for \
         every parser",
        "no word of them",
        "only our own crates log more than `info`, and none of them quotes a citizen's own feed",
    )]
}

/// A board with feeds of the citizen's own.
struct PrivateBoard<'a> {
    server: &'a Server,
    guest: GuestSession,
    revision: u32,
}

impl PrivateBoard<'_> {
    async fn send(&self, request: RawRequest) -> RawResponse {
        self.guest.with_cookie(request).send(self.server.address).await
    }

    /// Posts an edit of the board as it is now.
    async fn edit(&mut self, path: &str, name: &str, value: &str) -> RawResponse {
        let revision = self.revision.to_string();
        let form = [(name, value), ("revision", &revision), ("edit", &format!("key{revision}"))];
        let answer = self.send(RawRequest::post(path, &form)).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.body);
        self.revision += 1;
        answer
    }

    /// Adds a card with a feed, and returns whether the page shows its secret.
    async fn shows_secret(&mut self, widget: &str, file: &str) -> bool {
        let card = query(&self.edit("/cards", "widget", widget).await, "card");
        let address = format!("https://club.example/{ADDRESS}/{file}");
        self.edit(&format!("/cards/{card}/settings"), "setting-address", &address).await;
        self.send(RawRequest::post(&format!("/cards/{card}/refresh"), &[])).await;
        let page = self.send(RawRequest::get("/")).await;
        assert_eq!(page.status, 200);
        page.body.contains(SECRET)
    }
}

/// A gateway to a host with private feeds.
async fn gateway() -> SocketAddr {
    let item = |title: &str| {
        format!(
            "<item><title>{title}</title><link>https://club.example/{ADDRESS}/1</link>\
             <pubDate>Wed, 01 Jan 2025 10:00:00 GMT</pubDate></item>"
        )
    };
    let file = move |PathOf((_, file)): PathOf<(String, String)>| async move {
        let feed = |items: &str| {
            format!("<rss version=\"2.0\"><channel><title>{SECRET}</title>{items}</channel></rss>")
        };
        let (kind, body) = match file.as_str() {
            "news.rss" => ("application/rss+xml", feed(&item(&format!("{SECRET} zingt")))),
            "broken.rss" => ("application/rss+xml", format!("<rss><channel><{SECRET}></x>")),
            "broken.xml" => ("text/xml", format!("<{SECRET} a=\"{SECRET}>{SECRET}")),
            "empty.xml" => ("text/xml", format!("<{SECRET}/>")),
            "broken.ics" => {
                ("text/calendar", format!("BEGIN:VCALENDAR\r\n{SECRET}\r\nEND:{SECRET}"))
            }
            _ => (
                "text/calendar",
                format!(
                    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n\
                     DTSTAMP:20250101T100000Z\r\nDTSTART:20250101T180000Z\r\nRRULE:FREQ=DAILY\r\n\
                     SUMMARY:{SECRET}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
                ),
            ),
        };
        ([("content-type", kind)], body)
    };
    let service = Router::new().route("/club.example/{entrance}/{file}", get(file));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}
