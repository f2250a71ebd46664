//! The faults of services that show in their responses.

use std::time::Duration;

use async_compression::tokio::bufread::GzipEncoder;
use futures::executor::block_on;
use tokio::io::AsyncReadExt;

use crate::services::{Script, good_response, response};

/// A fault of a service.
pub struct Fault {
    /// The id of its widget; its host is `ID.example`.
    pub id: &'static str,
    /// Its description in `docs/FAULTS.md`.
    pub description: &'static str,
    /// The format that its widget expects.
    pub format: &'static str,
    pub script: Script,
    /// Whether the page is sent before the service has failed.
    pub slow: bool,
}

fn fault(id: &'static str, description: &'static str, script: Script) -> Fault {
    Fault { id, description, format: "json", script, slow: false }
}

fn slow(id: &'static str, description: &'static str, script: Script) -> Fault {
    Fault { slow: true, ..fault(id, description, script) }
}

fn xml(id: &'static str, description: &'static str, body: &str) -> Fault {
    let script =
        Script::Send(response("200 OK", "content-type: application/xml\r\n", body.as_bytes()));
    Fault { format: "xml", ..fault(id, description, script) }
}

fn send(bytes: &[u8]) -> Script {
    Script::Send(bytes.to_vec())
}

fn repeat(first: &str, piece: &str, pause: Duration) -> Script {
    Script::Repeat { first: first.into(), piece: piece.into(), pause }
}

fn body(bytes: &[u8]) -> Script {
    with("", bytes)
}

fn with(headers: &str, body: &[u8]) -> Script {
    Script::Send(response("200 OK", headers, body))
}

fn status(status: &str, headers: &str) -> Script {
    Script::Send(response(status, headers, b""))
}

fn sent_to(location: &str) -> Script {
    status("302 Found", &format!("location: {location}\r\n"))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    block_on(GzipEncoder::new(bytes).read_to_end(&mut compressed)).expect("compressed");
    compressed
}

const HTML: &[u8] = b"<!doctype html><html><body><h1>Meld je aan</h1><form></form></body></html>";
const GZIP: &str = "content-encoding: gzip\r\n";
const SECOND: Duration = Duration::from_secs(1);

/// All faults: of time and size first, then of HTTP, then of the content.
pub fn faults() -> Vec<Fault> {
    let mut faults = Vec::from(time());
    faults.extend(amount());
    faults.extend(refusals());
    faults.extend(redirects());
    faults.extend(protocol());
    faults.extend(content());
    faults
}

fn time() -> [Fault; 8] {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let in_pieces = format!("{head}transfer-encoding: chunked\r\n\r\n");
    [
        slow("black-hole", "takes the request and says nothing", Script::SendAndHold(Vec::new())),
        slow(
            "slow-headers",
            "headers without end, a byte a second",
            repeat(&format!("{head}x-slow: "), "a", SECOND),
        ),
        slow(
            "early-hints",
            "“103 Early Hints” again and again, and no answer",
            repeat("", "HTTP/1.1 103 Early Hints\r\n\r\n", SECOND / 2),
        ),
        slow(
            "slow-body",
            "a body without end, a byte a second",
            repeat(&in_pieces, "1\r\n \r\n", SECOND),
        ),
        slow(
            "half-body",
            "half a body, then nothing",
            Script::SendAndHold(format!("{head}content-length: 40\r\n\r\n{{\"items\":[").into()),
        ),
        fault(
            "reset",
            "cuts the connection off when it is asked",
            Script::SendAndReset(Vec::new()),
        ),
        fault("closed", "closes the connection when it is asked", Script::Send(Vec::new())),
        fault(
            "reset-after-headers",
            "cuts the connection off after the headers",
            Script::SendAndReset(format!("{head}content-length: 40\r\n\r\n").into()),
        ),
    ]
}

fn amount() -> [Fault; 6] {
    let spaces = " ".repeat(0x4000);
    let megabytes = gzip(&vec![b' '; 4_000_000]).repeat(30);
    let nothing = gzip(b"").repeat(300_000);
    [
        fault(
            "endless-body",
            "a body without end, as fast as it can",
            repeat(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                &format!("4000\r\n{spaces}\r\n"),
                Duration::ZERO,
            ),
        ),
        fault(
            "announced",
            "announces a body of a terabyte",
            Script::SendAndHold(
                b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n".to_vec(),
            ),
        ),
        fault(
            "endless-headers",
            "headers without end, as fast as it can",
            repeat("HTTP/1.1 200 OK\r\n", &"x-more: and more\r\n".repeat(1_000), Duration::ZERO),
        ),
        fault(
            "huge-header",
            "a header of 200 kB",
            with(&format!("x-huge: {}\r\n", "a".repeat(200_000)), b"{\"items\":[]}"),
        ),
        fault("gzip-bomb", "120 MB of spaces, compressed to 120 kB", with(GZIP, &megabytes)),
        fault("gzip-of-nothing", "6 MB of compressed nothing", with(GZIP, &nothing)),
    ]
}

fn refusals() -> [Fault; 8] {
    [
        fault("busy", "429", status("429 Too Many Requests", "")),
        fault(
            "busy-for-long",
            "429 with `Retry-After: 120`",
            status("429 Too Many Requests", "retry-after: 120\r\n"),
        ),
        fault("broken", "500", status("500 Internal Server Error", "")),
        fault(
            "gateway",
            "502 with a page",
            Script::Send(response("502 Bad Gateway", "content-type: text/html\r\n", HTML)),
        ),
        fault(
            "maintenance",
            "503 with `Retry-After` and a moment",
            status("503 Service Unavailable", "retry-after: Fri, 31 Dec 2100 23:59:59 GMT\r\n"),
        ),
        fault("gone", "404", status("404 Not Found", "")),
        fault("locked", "401", status("401 Unauthorized", "www-authenticate: Basic\r\n")),
        fault("unchanged", "304 that nobody asked for", status("304 Not Modified", "")),
    ]
}

fn redirects() -> [Fault; 7] {
    [
        fault("loop", "a redirect to itself", sent_to("https://loop.example/again")),
        fault(
            "inwards",
            "a redirect to an address in the operator's network",
            sent_to("http://169.254.169.254/latest/meta-data/"),
        ),
        fault("elsewhere", "a redirect to another host", sent_to("https://somebody.example/")),
        fault(
            "other-port",
            "a redirect to another port",
            sent_to("https://other-port.example:22/"),
        ),
        fault("unprotected", "a redirect to `http`", sent_to("http://unprotected.example/")),
        fault("file", "a redirect to a file", sent_to("file:///etc/passwd")),
        fault("nowhere", "a redirect without an address", status("302 Found", "")),
    ]
}

fn protocol() -> [Fault; 8] {
    [
        fault("bare", "a body without headers, as in HTTP/0.9", send(b"{\"items\":[]}")),
        fault("noise", "bytes that are no HTTP", send(&[0xff; 400])),
        fault(
            "too-long",
            "a `Content-Length` larger than the body",
            send(b"HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{\"items\":[]}"),
        ),
        fault(
            "too-short",
            "a `Content-Length` smaller than the body",
            send(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{\"items\":[]}"),
        ),
        fault(
            "two-lengths",
            "two `Content-Length`",
            send(
                b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 12\r\n\r\n{\"items\":[]}",
            ),
        ),
        fault(
            "wrong-chunks",
            "pieces whose length is no number",
            send(
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nmany\r\n{\"items\":[]}\r\n",
            ),
        ),
        fault("not-gzip", "gzip announced, plain sent", with(GZIP, b"{\"items\":[]}")),
        fault(
            "not-brotli",
            "Brotli announced, plain sent",
            with("content-encoding: br\r\n", b"{\"items\":[]}"),
        ),
    ]
}

fn content() -> Vec<Fault> {
    let json = "content-type: application/json\r\n";
    let laughs: String = (1..9)
        .map(|n| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let names: String = (0..20_000).map(|n| format!(" xmlns:n{n}='u{n}'")).collect();
    let namespaces = format!("<things{names}>{}</things>", "<item xmlns:z='z'/>".repeat(20_000));
    let deep = "[".repeat(200_000);
    vec![
        fault("half-gzip", "gzip that breaks off", {
            let whole = gzip(b"{\"items\":[]}");
            with(GZIP, &whole[..whole.len() - 6])
        }),
        fault("login", "200 with a page to log in", with("content-type: text/html\r\n", HTML)),
        fault("wrong-type", "JSON that is called a page", {
            with("content-type: text/html\r\n", br#"{"items":[{"title":"Toch JSON"}]}"#)
        }),
        fault("xml-for-json", "XML where JSON was promised", Script::Send(good_response("xml"))),
        fault("no-utf-8", "bytes that are no UTF-8", {
            with(json, b"{\"items\":[{\"title\":\"Caf\xe9 gesloten\"}]}")
        }),
        fault("lying-charset", "UTF-8 that is called UTF-16", {
            let headers = "content-type: application/json; charset=utf-16\r\n";
            with(headers, "{\"items\":[{\"title\":\"Café open\"}]}".as_bytes())
        }),
        fault("empty", "200 with nothing", body(b"")),
        fault("null", "`null`", body(b"null")),
        fault("other-shape", "a list where an object was promised", body(b"[1, 2, 3]")),
        fault("error-in-200", "200 with an error in JSON", body(br#"{"error":"quota exceeded"}"#)),
        fault("cut-off", "JSON that breaks off", body(br#"{"items":[{"title":"Alles"#)),
        fault("zero-in-text", "a zero byte in a text", body(b"{\"items\":[{\"title\":\"\0\"}]}")),
        fault("zeros", "zero bytes", body(&[0; 400])),
        fault("deep", "JSON that is nested 200,000 deep", body(deep.as_bytes())),
        fault("old-data", "data of five years ago", {
            body(br#"{"updated":"2021-03-01T08:00:00Z","items":[{"title":"Oud nieuws"}]}"#)
        }),
        fault("script", "markup and script in its texts", {
            body(br#"{"items":[{"title":"<script>alert(1)</script><b>Vet</b>"}]}"#)
        }),
        xml(
            "laughs",
            "XML whose entities make a billion laughs",
            &format!("<!DOCTYPE x [<!ENTITY l0 'ha'>{laughs}]><things><item>&l8;</item></things>"),
        ),
        xml(
            "outside",
            "XML with an entity from a file",
            "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><things><item>&f;</item></things>",
        ),
        xml("deep-xml", "XML that is nested 100,000 deep", &"<a>".repeat(100_000)),
        xml("namespaces", "XML with 20,000 namespaces around 20,000 elements", &namespaces),
    ]
}
