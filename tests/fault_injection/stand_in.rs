//! A service in plain bytes, so that it can do what no HTTP library does. It hears every host at one address, as a gateway does:
//! `GET /HOST/PATH`.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How a service answers once it has been asked.
#[derive(Clone, Debug)]
pub enum Play {
    /// Says this and closes the connection.
    Say(Vec<u8>),
    /// Says this and cuts the connection off.
    SayAndReset(Vec<u8>),
    /// Says this and then nothing, without closing.
    SayAndHold(Vec<u8>),
    /// Says this, and then the same again and again.
    Repeat {
        /// What comes first.
        first: Vec<u8>,
        /// What is repeated.
        piece: Vec<u8>,
        /// How long it takes between two pieces.
        pause: Duration,
    },
}

/// An answer with a status, headers and a body of the right length.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A good answer, as JSON or as XML.
pub fn good(format: &str) -> Vec<u8> {
    let body = match format {
        "xml" => "<things><item>Alles gaat goed</item></things>",
        _ => r#"{"items":[{"title":"Alles gaat goed"}]}"#,
    };
    answer("200 OK", &format!("content-type: application/{format}\r\n"), body.as_bytes())
}

/// The services.
pub struct StandIn {
    /// Where the gateway is.
    pub address: String,
    calls: Mutex<HashMap<String, usize>>,
    is_well: AtomicBool,
    plays: HashMap<String, (Play, &'static str)>,
}

impl StandIn {
    /// Opens it. `plays` are the hosts that are not well, each with its format; every other host is.
    pub async fn open(plays: HashMap<String, (Play, &'static str)>) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (calls, is_well) = (Mutex::default(), AtomicBool::new(false));
        let stand_in = Arc::new(StandIn { address, calls, is_well, plays });
        let services = Arc::clone(&stand_in);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let services = Arc::clone(&services);
                // Whoever asked may hang up at any moment.
                tokio::spawn(async move { services.serve(connection).await.ok() });
            }
        });
        stand_in
    }

    /// Makes every host well, or as it was.
    pub fn make_well(&self, is_well: bool) {
        self.is_well.store(is_well, Ordering::SeqCst);
    }

    /// How often a host was asked.
    pub fn calls(&self, host: &str) -> usize {
        self.calls.lock().expect("no panic").get(host).copied().unwrap_or_default()
    }

    async fn serve(&self, mut connection: TcpStream) -> io::Result<()> {
        let host = asked_host(&mut connection).await?;
        *self.calls.lock().expect("no panic").entry(host.clone()).or_default() += 1;
        match self.plays.get(&host) {
            Some((_, format)) if self.is_well.load(Ordering::SeqCst) => {
                connection.write_all(&good(format)).await
            }
            Some((play, _)) => perform(connection, play).await,
            None => connection.write_all(&good("json")).await,
        }
    }
}

/// Reads a request and gives the host that is asked.
pub async fn asked_host(connection: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(connection.read_u8().await?);
    }
    let request = String::from_utf8_lossy(&request);
    let path = request.split(' ').nth(1).unwrap_or_default();
    Ok(path.split('/').nth(1).unwrap_or_default().to_owned())
}

async fn perform(mut connection: TcpStream, play: &Play) -> io::Result<()> {
    match play {
        Play::Say(bytes) => connection.write_all(bytes).await,
        Play::SayAndReset(bytes) => {
            connection.write_all(bytes).await?;
            connection.set_zero_linger()
        }
        Play::SayAndHold(bytes) => {
            connection.write_all(bytes).await?;
            hold(&mut connection).await
        }
        Play::Repeat { first, piece, pause } => {
            connection.write_all(first).await?;
            loop {
                connection.write_all(piece).await?;
                tokio::time::sleep(*pause).await;
            }
        }
    }
}

/// Waits until the other side closes.
pub async fn hold(connection: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
    while connection.read(&mut [0; 1_024]).await? > 0 {}
    Ok(())
}
