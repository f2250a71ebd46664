//! A client that opens connections and does nothing with them: others are not shut out, and what is
//! held for it is bounded. The servers here may open few files, so that few connections are many.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use voordeur_testkit::Server;

use crate::fixture::widgets;
use crate::raw_http::{RawRequest, RawResponse, TIMEOUT, read_to_end};
use crate::report::{Row, row};

/// The limit of open files of the server, and the connections that it then allows.
const FILES: &str = "320";
const CONNECTIONS: usize = 64;
/// Files that are asked for and not read, and the size of each in bytes.
const UNREAD_FILES: usize = 1_000;
const FILE_BYTES: usize = 1_000_000;
/// The most by which the memory of the server may grow for each of them, in bytes.
const MAX_GROWTH: usize = 120_000;

pub async fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (sent, beginning) in [
        ("nothing", ""),
        ("half a head", "GET / HTTP/1.1\r\nhost: x\r\nx-a: "),
        (
            "a form that stops after its first letter",
            "POST /look HTTP/1.1\r\nhost: x\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: 60\r\n\r\nl",
        ),
    ] {
        // A timeout far longer than the test: nobody is given up here.
        let server = start(&["--client-timeout", "600"]).await;
        let open = occupy(server.address, CONNECTIONS, beginning).await;
        let neighbour = visit(server.address, "127.0.0.2", "/about").await;
        assert_eq!(neighbour.status, 200, "{sent}");
        let greedy = visit(server.address, "127.0.0.1", "/about").await;
        assert_eq!(greedy.status, 0, "{sent}");
        drop(open);
        rows.push(row(
            &format!("as many connections as there are, from one address, each with {sent}"),
            format!("{}, {}", neighbour.status, "closed"),
            "a client gets a quarter once half are in use: its neighbour gets a page, it does not",
        ));
    }
    rows.push(metrics_address().await);
    rows.push(unread_files().await);
    rows
}

/// Starts a server that may open few files.
async fn start(options: &[&str]) -> Server {
    let script = format!("ulimit -n {FILES} && exec \"$0\" \"$@\"");
    let binary = voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur"));
    let server = Server::builder("sh").args(["-c", &script]).args([binary]);
    let server = server.args(["--widgets"]).args([widgets("widgets")]).args(options);
    server.start().await.expect("the server starts")
}

/// Opens connections and sends this on each. Those that the server refuses are kept as well.
async fn occupy(to: SocketAddr, count: usize, beginning: &str) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(to).await.expect("a connection");
        // Fails when the server has refused it already.
        let _ = stream.write_all(beginning.as_bytes()).await;
        open.push(stream);
    }
    open
}

/// Visits a page from an address of this machine; status 0 when the connection is refused.
async fn visit(to: SocketAddr, from: &str, target: &str) -> RawResponse {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::new(from.parse().expect("an address"), 0)).expect("a local address");
    let mut stream = timeout(TIMEOUT, socket.connect(to)).await.expect("room").expect("connected");
    let _ = stream.write_all(&RawRequest::get(target).bytes("x")).await;
    RawResponse::parse(&read_to_end(&mut stream).await)
}

async fn metrics_address() -> Row {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let metrics = free.local_addr().expect("an address");
    drop(free);
    let server = start(&["--client-timeout", "600", "--metrics", &metrics.to_string()]).await;
    let open = occupy(metrics, CONNECTIONS, "").await;
    let page = visit(server.address, "127.0.0.1", "/about").await;
    let metrics = visit(metrics, "127.0.0.2", "/metrics").await;
    assert_eq!((page.status, metrics.status), (200, 200));
    assert!(metrics.body.contains("voordeur_build_info"));
    drop(open);
    row(
        "as many connections to the address of `--metrics`, on which nothing is sent",
        format!("{}, {}", page.status, metrics.status),
        "that address has a pool of its own: pages are served, and so are metrics to others",
    )
}

async fn unread_files() -> Row {
    // The test needs as many files as the server.
    let files = rlimit::increase_nofile_limit(4_096).expect("a limit of open files");
    assert!(files as usize > 2 * UNREAD_FILES, "{files} open files are too few for this test");
    let site = voordeur_testkit::temp_dir();
    voordeur_testkit::create_site(site.path()).expect("a site");
    std::fs::write(site.path().join("pkg/large.js"), vec![b' '; FILE_BYTES]).expect("a file");
    let server = Server::builder(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")))
        .site(site.path());
    let server = server.args(["--client-timeout", "60"]).start().await.expect("the server starts");
    let to = server.address;
    // Everything that is made once is in memory before the memory is measured.
    for target in ["/pkg/large.js", "/", "/metrics"] {
        assert_eq!(visit(to, "127.0.0.2", target).await.status, 200, "{target}");
    }
    let before = resident_memory(to).await;
    let mut open = Vec::new();
    for _ in 0..UNREAD_FILES {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4 * 1024).expect("a small window");
        let mut stream = socket.connect(to).await.expect("a connection");
        stream.write_all(&RawRequest::get("/pkg/large.js").bytes("x")).await.expect("a request");
        let mut status_line = [0; 12];
        let reading = timeout(TIMEOUT, stream.read_exact(&mut status_line));
        reading.await.expect("a response").expect("a status line");
        assert!(status_line.ends_with(b"200"));
        open.push(stream);
    }
    let neighbour = visit(to, "127.0.0.2", "/").await;
    assert_eq!(neighbour.status, 200);
    let grown = resident_memory(to).await.saturating_sub(before) / UNREAD_FILES;
    assert!(grown < MAX_GROWTH, "{grown} bytes are held for each file that is not read");
    drop(open);
    row(
        &format!("{UNREAD_FILES} files of 1 MB, asked for at once and not read"),
        format!("200; meanwhile, a page: {}", neighbour.status),
        "a connection holds less than 120 kB, however large the response is",
    )
}

/// The memory of the server, from its metrics. They are asked for from another address than the
/// attack comes from.
async fn resident_memory(to: SocketAddr) -> usize {
    let metrics = visit(to, "127.0.0.3", "/metrics").await;
    let bytes = metrics.body.lines().find_map(|line| {
        line.strip_prefix("process_resident_memory_bytes ")?.trim().parse::<f64>().ok()
    });
    bytes.unwrap_or_else(|| panic!("no memory in {}", metrics.body)) as usize
}
