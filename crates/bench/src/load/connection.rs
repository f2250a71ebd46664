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

pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

/// A response of the server.
pub struct ServerResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// As transferred, hence possibly compressed.
    pub body: Bytes,
}

impl Connection {
    /// Connects from a loopback address of the visitor's own, since the server limits requests by
    /// address.
    pub async fn open(server: SocketAddr, visitor: u64) -> Result<Self, BenchError> {
        let [.., high, middle, low] = visitor.to_be_bytes();
        let socket = TcpSocket::new_v4()?;
        // Leaves 127.0.0.0/16 to other processes.
        socket.bind((Ipv4Addr::new(127, high | 1, middle, low.max(1)), 0).into())?;
        let stream = socket.connect(server).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            // An error here fails the request, too, and is reported there.
            let _ = connection.await;
        });
        Ok(Connection { sender, host: server.to_string() })
    }

    /// Sends a request and reads the whole response.
    pub async fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<ServerResponse, BenchError> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(ServerResponse { status: head.status, headers: head.headers, body })
    }
}
