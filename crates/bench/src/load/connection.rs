//! One connection of a browser.

use std::net::{Ipv4Addr, SocketAddr};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::HOST;
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpSocket;

use crate::BenchError;

/// A connection to the server.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

/// What the server said.
pub struct Said {
    /// Whether it went well.
    pub status: StatusCode,
    /// What it said around the body.
    pub headers: HeaderMap,
    /// The body, as it came.
    pub body: Bytes,
}

impl Connection {
    /// Opens one, from an address of loopback that is a visitor's own.
    pub async fn open(server: SocketAddr, visitor: u64) -> Result<Self, BenchError> {
        let [.., high, middle, low] = visitor.to_be_bytes();
        let socket = TcpSocket::new_v4()?;
        // 127.0.… is left to others.
        socket.bind((Ipv4Addr::new(127, high | 1, middle, low.max(1)), 0).into())?;
        let stream = socket.connect(server).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            // What breaks here breaks the request too, and is told there.
            let _ = connection.await;
        });
        Ok(Connection { sender, host: server.to_string() })
    }

    /// Asks, and waits for the whole answer.
    pub async fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Said, BenchError> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Said { status: head.status, headers: head.headers, body })
    }
}
