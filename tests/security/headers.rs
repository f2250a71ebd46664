//! Request heads that are malformed, ambiguous or forged.

use std::fmt::Write as _;

use crate::fixture::Fixture;
use crate::markup::dangers;
use crate::raw_http::{RawRequest, RawResponse, exchange};
use crate::report::{Row, row};
use crate::scripts::statuses_of;

/// Makes each attack a test on a server of its own, and collects the rows of all of them on one
/// server.
macro_rules! attacks {
    ($($attack:ident),* $(,)?) => {
        pub async fn rows(fixture: &Fixture) -> Vec<Row> {
            let mut rows = Vec::new();
            $(rows.extend($attack(fixture).await);)*
            fixture.assert_unharmed("heads").await;
            rows
        }

        mod tests {
            use crate::fixture::Fixture;

            $(
                #[tokio::test]
                async fn $attack() {
                    let fixture = Fixture::start().await;
                    super::$attack(&fixture).await;
                    fixture.assert_unharmed(stringify!($attack)).await;
                }
            )*
        }
    };
}

attacks!(
    malformed_heads_are_refused,
    a_smuggled_request_gets_no_response,
    oversized_heads_are_refused,
    headers_of_proxies_and_frameworks_are_ignored,
    other_methods_are_refused,
    upgrades_are_ignored,
    conditions_and_negotiation_never_break_a_response,
    a_cross_site_link_gets_an_uncompressed_page,
);

async fn send_head(fixture: &Fixture, head: &str) -> RawResponse {
    RawResponse::parse(&exchange(fixture.server.address, head.as_bytes()).await)
}

async fn malformed_heads_are_refused(fixture: &Fixture) -> Vec<Row> {
    let here = fixture.server.address;
    let mut rows = Vec::new();
    for (sent, head, wanted, shows) in [
        (
            "two `Content-Length` that differ",
            "POST /look HTTP/1.1\r\nhost: H\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nlook=x",
            &[400][..],
            "a request with two lengths has none (RFC 9112, 6.3)",
        ),
        (
            "`Content-Length: +5`",
            "POST /look HTTP/1.1\r\nhost: H\r\ncontent-length: +5\r\n\r\nlook=",
            &[400],
            "a length is digits",
        ),
        (
            "`Content-Length: 5, 6`",
            "POST /look HTTP/1.1\r\nhost: H\r\ncontent-length: 5, 6\r\n\r\nlook=",
            &[400],
            "the same",
        ),
        (
            "`Transfer-Encoding: xchunked`",
            "POST /look HTTP/1.1\r\nhost: H\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
            &[400],
            "an encoding that we do not know hides where a request ends",
        ),
        (
            "`Transfer-Encoding: chunked, identity`",
            "POST /look HTTP/1.1\r\nhost: H\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            &[400],
            "the same",
        ),
        (
            "`Transfer-Encoding : chunked`, a space before the colon",
            "POST /look HTTP/1.1\r\nhost: H\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n",
            &[400],
            "no name ends in a space",
        ),
        (
            "a piece whose size is no number",
            "POST /look HTTP/1.1\r\nhost: H\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\nzz\r\nlook=x\r\n0\r\n\r\n",
            &[400],
            "the form cannot be read",
        ),
        (
            "a piece of 16 EB",
            "POST /look HTTP/1.1\r\nhost: H\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\nffffffffffffffff0\r\nx",
            &[400],
            "the same",
        ),
        (
            "a header that goes on in the next line",
            "GET / HTTP/1.1\r\nhost: H\r\nx-a: b\r\n c\r\n\r\n",
            &[400],
            "lines do not go on (RFC 9112, 5.2)",
        ),
        (
            "a header without a colon",
            "GET / HTTP/1.1\r\nhost: H\r\nx-a\r\n\r\n",
            &[400],
            "no header",
        ),
        (
            "a NUL in a header",
            "GET / HTTP/1.1\r\nhost: H\r\nx-a: b\0c\r\n\r\n",
            &[400],
            "no header",
        ),
        ("no `Host`", "GET / HTTP/1.1\r\nconnection: close\r\n\r\n", &[400], "HTTP/1.1 has one"),
        (
            "two `Host`",
            "GET / HTTP/1.1\r\nhost: H\r\nhost: evil.example\r\nconnection: close\r\n\r\n",
            &[400],
            "and no more than one",
        ),
        ("HTTP/0.9", "GET /\r\n\r\n", &[0, 400], "not spoken"),
        ("HTTP/3.0", "GET / HTTP/3.0\r\nhost: H\r\n\r\n", &[0, 400, 505], "not spoken here"),
        (
            "the first words of HTTP/2",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            &[0, 400],
            "not spoken here",
        ),
        (
            "the first bytes of TLS",
            "\x16\x03\x01\x02\x00\x01\x00\x01\u{7c}\x03\x03",
            &[0, 400],
            "not spoken here: HTTPS is the proxy's",
        ),
        (
            "`CONNECT`",
            "CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example:443\r\nconnection: close\r\n\r\n",
            &[400, 404, 405],
            "we are no proxy",
        ),
        (
            "`Expect: 200-ok`",
            "POST /look HTTP/1.1\r\nhost: H\r\nexpect: 200-ok\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 9\r\nconnection: close\r\n\r\nlook=dark",
            &[303, 417],
            "the form is read as always",
        ),
    ] {
        let response = send_head(fixture, &head.replace("host: H", &format!("host: {here}"))).await;
        assert!(wanted.contains(&response.status), "{sent}: {} {}", response.status, response.body);
        let came =
            if response.status == 0 { "closed".to_owned() } else { response.status.to_string() };
        rows.push(row(sent, came, shows));
    }
    rows
}

async fn a_smuggled_request_gets_no_response(fixture: &Fixture) -> Vec<Row> {
    let here = fixture.server.address;
    let mut rows = Vec::new();
    // The hidden request must not answer the next request on the connection.
    let card = &fixture.card;
    let hidden = format!(
        "POST /cards/{card}/remove HTTP/1.1\r\nhost: {here}\r\ncontent-length: 10\r\n\r\nrevision=2"
    );
    let smuggled = format!(
        "POST /look HTTP/1.1\r\nhost: {here}\r\ncontent-length: {}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
        hidden.len() + 5
    );
    let read = exchange(here, smuggled.as_bytes()).await;
    let answers = String::from_utf8_lossy(&read).matches("HTTP/1.1 ").count();
    let first = RawResponse::parse(&read);
    assert!(answers <= 1, "the hidden request was answered: {}", String::from_utf8_lossy(&read));
    rows.push(row("a length and pieces at once, with a request hidden behind (smuggling)", first.status, "one answer, and the connection is closed: what is hidden is nobody's request (RFC 9112, 6.1)"));
    rows
}

async fn oversized_heads_are_refused(fixture: &Fixture) -> Vec<Row> {
    let here = fixture.server.address;
    let mut rows = Vec::new();
    let mut many = format!("GET / HTTP/1.1\r\nhost: {here}\r\n");
    for number in 0..1_000 {
        let _ = write!(many, "x-{number}: 1\r\n");
    }
    let response = send_head(fixture, &(many + "\r\n")).await;
    assert_eq!(response.status, 431);
    rows.push(row("1,000 headers", response.status, "64 are the most"));
    let response = send_head(
        fixture,
        &format!("GET / HTTP/1.1\r\nhost: {here}\r\nx-a: {}\r\n\r\n", "a".repeat(20_000)),
    )
    .await;
    assert_eq!(response.status, 431);
    rows.push(row("a header of 20 kB", response.status, "16 kB are the most, for all of the head"));
    rows
}

async fn headers_of_proxies_and_frameworks_are_ignored(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "javascript"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-url", "/metrics"),
        ("x-rewrite-url", "/metrics"),
        ("x-forwarded-prefix", "//evil.example"),
    ] {
        let response = fixture.send(RawRequest::get("/about").with(name, value)).await;
        assert!(response.status == 200 && !response.body.contains("evil.example"), "{name}");
        assert!(response.body.contains("<h1"), "{name}");
        rows.push(row(&format!("`{name}: {value}`"), response.status, "nobody reads it"));
    }
    rows
}

async fn other_methods_are_refused(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    for method in ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "MADE-UP"] {
        let response = fixture
            .as_attacker(RawRequest::get("/cards").method(method).with("x-secret", "zqx"))
            .await;
        assert!(
            response.status == 405 && !response.body.contains("zqx"),
            "{method}: {}",
            response.status
        );
        rows.push(row(
            &format!("`{method}`"),
            response.status,
            "not spoken; nothing that was sent comes back",
        ));
    }
    rows
}

async fn upgrades_are_ignored(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let response = fixture
        .send(
            RawRequest::get("/")
                .with("connection", "Upgrade, close")
                .with("upgrade", "websocket")
                .with("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
                .with("sec-websocket-version", "13"),
        )
        .await;
    assert_eq!(response.status, 200);
    rows.push(row(
        "an upgrade to a web socket",
        response.status,
        "the page: there is nothing to upgrade to",
    ));
    let response = fixture
        .send(
            RawRequest::get("/")
                .with("connection", "Upgrade, HTTP2-Settings, close")
                .with("upgrade", "h2c")
                .with("http2-settings", "AAMAAABkAAQAAP__"),
        )
        .await;
    assert_eq!(response.status, 200);
    rows.push(row("an upgrade to HTTP/2 without TLS (h2c)", response.status, "the same"));
    rows
}

async fn conditions_and_negotiation_never_break_a_response(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let ranges = (0..1_300).map(|_| "0-").collect::<Vec<_>>().join(",");
    let mut statuses = Vec::new();
    for (name, value) in [
        ("range", format!("bytes={ranges}")),
        ("range", "bytes=5-1".to_owned()),
        ("range", "bytes=99999999999999999999-".to_owned()),
        ("range", "bytes=-0".to_owned()),
        ("if-none-match", "*".to_owned()),
        ("if-none-match", "\"".repeat(500)),
        ("if-modified-since", "Thu, 99 Zzz 9999 99:99:99 GMT".to_owned()),
        ("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT".to_owned()),
        ("accept-encoding", "br;q=NaN, gzip;q=-1, *;q=9999".to_owned()),
        ("accept-language", "nl;q=".repeat(2_000)),
        ("accept", "*/*;q=zz".to_owned()),
    ] {
        for target in ["/favicon.svg", "/"] {
            let response = fixture.send(RawRequest::get(target).with(name, &value)).await;
            assert!((200..500).contains(&response.status), "{name}: {value}: {}", response.status);
            assert!(response.body.len() < 100_000, "{name}: {}", response.body.len());
            if response.status == 200 {
                assert_eq!(dangers(&response), Vec::<String>::new(), "{name}");
            }
            statuses.push(response.status);
        }
    }
    rows.push(row("1,300 overlapping ranges, ranges that run backwards, conditions, encodings and languages that are no such thing, of a file and of a page", statuses_of(&statuses), "never more than the file itself"));
    rows
}

async fn a_cross_site_link_gets_an_uncompressed_page(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    // BREACH: a page contains a place and settings, beside a search that another site may have put
    // into a link.
    let asked = |site: &str| {
        RawRequest::get("/catalogue?q=guess")
            .with("accept-encoding", "br, gzip")
            .with("sec-fetch-site", site)
    };
    let own = fixture.send(fixture.victim.with_cookie(asked("same-origin"))).await;
    let stranger = fixture.send(asked("cross-site")).await;
    assert!(
        own.header("content-encoding").is_some() && stranger.header("content-encoding").is_some()
    );
    for site in ["cross-site", "same-site"] {
        let foreign = fixture.send(fixture.victim.with_cookie(asked(site))).await;
        assert_eq!((foreign.status, foreign.header("content-encoding")), (200, None), "{site}");
    }
    rows.push(row("a link on another site, or on another host of the same site, with a guess in its query, to see how well the page compresses (BREACH)", "200, not compressed", "pages hold no secret of the cookie, but a place and settings; a citizen who comes from elsewhere gets them as they are"));
    rows
}
