//! Slow clients, and many connections. The server waits only one second for a client here, which
//! keeps the test short.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::fixture::start;
use crate::raw_http::{RawRequest, RawResponse, TIMEOUT, read_to_end};
use crate::report::{Row, row};

/// Maximum time until the server gives up a client: far longer than its own timeout.
const GIVES_UP_WITHIN: Duration = Duration::from_secs(20);

pub async fn rows() -> Vec<Row> {
    let server = start(&["--client-timeout", "1"]).await;
    let to = server.address;
    let (nothing, head, between, body, reader, crowd) = tokio::join!(
        sends_nothing(to),
        trickles(to, "GET / HTTP/1.1\r\nhost: x\r\nx-a: "),
        stays_after_a_response(to),
        trickles(
            to,
            "POST /look HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 60000\r\n\r\nlook="
        ),
        never_reads(to),
        many_connections(to),
    );
    assert_eq!((nothing, head, between), (0, 0, 200));
    assert_eq!(body, 408);
    let pipelined = pipelined(to).await;
    let page = RawRequest::get("/").send(to).await;
    assert!(page.status == 200 && page.body.ends_with("</html>"));
    vec![
        row("a connection on which nothing is sent", "closed", "within the timeout of a head"),
        row(
            "a head that comes letter by letter (slowloris)",
            "closed",
            "the timeout is for all of the head, not for each letter",
        ),
        row(
            "a connection that is kept open after an answer",
            "closed",
            "the same timeout holds between two requests",
        ),
        row("a form that comes letter by letter", body, "the timeout is for all of the form"),
        row(
            "300 pages asked for at once, and none of them read",
            reader,
            "who takes nothing is given up; what was not taken is dropped",
        ),
        row(
            "500 connections at once that send half a head, and a visitor meanwhile",
            crowd,
            "the visitor gets a page",
        ),
        row("50 requests sent in one go (pipelining)", pipelined, "50 answers, in order"),
    ]
}

async fn sends_nothing(to: SocketAddr) -> u16 {
    let mut stream = TcpStream::connect(to).await.expect("a connection");
    RawResponse::parse(&read_to_end(&mut stream).await).status
}

async fn trickles(to: SocketAddr, beginning: &str) -> u16 {
    let stream = TcpStream::connect(to).await.expect("a connection");
    let (mut from, mut into) = stream.into_split();
    into.write_all(beginning.as_bytes()).await.expect("the beginning");
    let trickling = tokio::spawn(async move {
        while into.write_all(b"a").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    let mut read = Vec::new();
    let mut piece = [0; 4096];
    let reading = async {
        while let Ok(count @ 1..) = from.read(&mut piece).await {
            read.extend_from_slice(&piece[..count]);
        }
    };
    timeout(GIVES_UP_WITHIN, reading).await.expect("the server gives up a slow client");
    trickling.abort();
    RawResponse::parse(&read).status
}

async fn stays_after_a_response(to: SocketAddr) -> u16 {
    let mut stream = TcpStream::connect(to).await.expect("a connection");
    let request = RawRequest::get("/healthz").with("connection", "keep-alive").bytes("x");
    stream.write_all(&request).await.expect("a request");
    RawResponse::parse(&read_to_end(&mut stream).await).status
}

async fn never_reads(to: SocketAddr) -> String {
    const PAGES: usize = 300;
    // The system buffers a part of a response that the client does not read; a small window keeps
    // that part small.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4 * 1024).expect("a small window");
    let mut stream = socket.connect(to).await.expect("a connection");
    let request = RawRequest::get("/catalogue").with("connection", "keep-alive").bytes("x");
    stream.write_all(&request.repeat(PAGES)).await.expect("the requests");
    sleep(Duration::from_secs(6)).await;
    // The server has given up by now: only what the system has buffered is left.
    let read = read_to_end(&mut stream).await;
    let whole = String::from_utf8_lossy(&read).matches("</html>").count();
    assert!(whole < PAGES, "all {whole} pages were kept for a client that does not read");
    "closed".to_owned()
}

async fn many_connections(to: SocketAddr) -> u16 {
    let mut open = Vec::new();
    for _ in 0..500 {
        let mut stream = TcpStream::connect(to).await.expect("a connection");
        stream.write_all(b"GET / HTTP/1.1\r\nhost: ").await.expect("half a head");
        open.push(stream);
    }
    let page = timeout(TIMEOUT, RawRequest::get("/about").send(to)).await.expect("a page");
    drop(open);
    page.status
}

async fn pipelined(to: SocketAddr) -> String {
    let mut stream = TcpStream::connect(to).await.expect("a connection");
    let one = |target: &str| RawRequest::get(target).with("connection", "keep-alive").bytes("x");
    let both = [one("/healthz"), one("/none.svg")].concat();
    stream.write_all(&both.repeat(25)).await.expect("the requests");
    let read = read_to_end(&mut stream).await;
    let text = String::from_utf8_lossy(&read);
    let statuses: Vec<&str> = text.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["200", "404"].repeat(25));
    "200, 404".to_owned()
}
