//! Services that write plain bytes, since no HTTP library produces these faults. All hosts share
//! one address, as behind a gateway: `GET /HOST/PATH`.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The behaviour of a service for one request.
#[derive(Clone, Debug)]
pub enum Script {
    /// Sends this and closes the connection.
    Send(Vec<u8>),
    /// Sends this and resets the connection.
    SendAndReset(Vec<u8>),
    /// Sends this and keeps the connection open.
    SendAndHold(Vec<u8>),
    /// Sends this, and then the same piece again and again.
    Repeat {
        first: Vec<u8>,
        piece: Vec<u8>,
        /// Time between two pieces.
        pause: Duration,
    },
}

/// A response with a status, headers and a body of the right length.
pub fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A good response, as JSON or as XML.
pub fn good_response(format: &str) -> Vec<u8> {
    let body = match format {
        "xml" => "<things><item>Alles gaat goed</item></things>",
        _ => r#"{"items":[{"title":"Alles gaat goed"}]}"#,
    };
    response("200 OK", &format!("content-type: application/{format}\r\n"), body.as_bytes())
}

/// The gateway to all services.
pub struct Services {
    pub address: String,
    calls: Mutex<HashMap<String, usize>>,
    healthy: AtomicBool,
    scripts: HashMap<String, (Script, &'static str)>,
}

impl Services {
    /// Starts it. `scripts` holds the faulty hosts, each with its format; all other hosts answer
    /// well.
    pub async fn open(scripts: HashMap<String, (Script, &'static str)>) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (calls, healthy) = (Mutex::default(), AtomicBool::new(false));
        let services = Arc::new(Services { address, calls, healthy, scripts });
        let gateway = Arc::clone(&services);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let services = Arc::clone(&gateway);
                // The client may disconnect at any time.
                tokio::spawn(async move { services.serve(connection).await.ok() });
            }
        });
        services
    }

    /// Makes every host answer well, or makes the faulty ones faulty again.
    pub fn set_healthy(&self, healthy: bool) {
        self.healthy.store(healthy, Ordering::SeqCst);
    }

    /// The number of requests to a host.
    pub fn calls(&self, host: &str) -> usize {
        self.calls.lock().expect("no panic").get(host).copied().unwrap_or_default()
    }

    async fn serve(&self, mut connection: TcpStream) -> io::Result<()> {
        let host = requested_host(&mut connection).await?;
        *self.calls.lock().expect("no panic").entry(host.clone()).or_default() += 1;
        match self.scripts.get(&host) {
            Some((_, format)) if self.healthy.load(Ordering::SeqCst) => {
                connection.write_all(&good_response(format)).await
            }
            Some((script, _)) => run(connection, script).await,
            None => connection.write_all(&good_response("json")).await,
        }
    }
}

/// Reads the head of a request. Returns the requested host.
pub async fn requested_host(connection: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(connection.read_u8().await?);
    }
    let request = String::from_utf8_lossy(&request);
    let path = request.split(' ').nth(1).unwrap_or_default();
    Ok(path.split('/').nth(1).unwrap_or_default().to_owned())
}

async fn run(mut connection: TcpStream, script: &Script) -> io::Result<()> {
    match script {
        Script::Send(bytes) => connection.write_all(bytes).await,
        Script::SendAndReset(bytes) => {
            connection.write_all(bytes).await?;
            connection.set_zero_linger()
        }
        Script::SendAndHold(bytes) => {
            connection.write_all(bytes).await?;
            wait_for_close(&mut connection).await
        }
        Script::Repeat { first, piece, pause } => {
            connection.write_all(first).await?;
            loop {
                connection.write_all(piece).await?;
                tokio::time::sleep(*pause).await;
            }
        }
    }
}

/// Waits until the other side closes.
pub async fn wait_for_close(
    connection: &mut (impl AsyncRead + AsyncWrite + Unpin),
) -> io::Result<()> {
    while connection.read(&mut [0; 1_024]).await? > 0 {}
    Ok(())
}
