//! HTTP/1.1 byte by byte. No HTTP library sends the malformed requests of an attacker.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Maximum time to wait for a response; only a server that hangs exceeds it.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// A response. Status 0: the server closed the connection without one.
#[derive(Clone, Debug, Default)]
pub struct RawResponse {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl RawResponse {
    /// Parses one response. Malformed bytes count as no response.
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { return RawResponse::default() };
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        };
        RawResponse {
            status: status.unwrap_or_default(),
            headers: lines.filter_map(header).collect(),
            body: body.to_owned(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a cookie that the response sets.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.iter().filter(|(known, _)| known == "set-cookie");
        let mut values = set.filter_map(|(_, cookie)| cookie.strip_prefix(name)?.strip_prefix('='));
        Some(values.next()?.split(';').next()?.to_owned())
    }
}

/// A request. Its parts are sent as they are, valid or not.
#[derive(Clone, Debug)]
pub struct RawRequest {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl RawRequest {
    pub fn get(target: &str) -> Self {
        RawRequest {
            method: "GET".to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn post(target: &str, fields: &[(&str, &str)]) -> Self {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        RawRequest::post_raw(target, "application/x-www-form-urlencoded", form.finish().as_bytes())
    }

    pub fn post_raw(target: &str, kind: &str, body: &[u8]) -> Self {
        let mut request = RawRequest::get(target).with("content-type", kind);
        request.method = "POST".to_owned();
        request.body = body.to_vec();
        request
    }

    pub fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn bytes(&self, host: &str) -> Vec<u8> {
        let has_header = |name: &str| self.headers.iter().any(|(known, _)| known == name);
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if !has_header("host") {
            head += &format!("host: {host}\r\n");
        }
        if !self.body.is_empty()
            && !has_header("content-length")
            && !has_header("transfer-encoding")
        {
            head += &format!("content-length: {}\r\n", self.body.len());
        }
        if !has_header("connection") {
            head += "connection: close\r\n";
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        [head.as_bytes(), b"\r\n", &self.body].concat()
    }

    pub async fn send(&self, to: SocketAddr) -> RawResponse {
        RawResponse::parse(&exchange(to, &self.bytes(&to.to_string())).await)
    }
}

/// Sends bytes and reads until the other side closes.
pub async fn exchange(to: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(to).await.expect("a connection");
    // A server that refuses a request early may not read all of it.
    let _ = stream.write_all(bytes).await;
    read_to_end(&mut stream).await
}

/// Reads until the other side closes or resets the connection.
pub async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut read = Vec::new();
    let mut piece = vec![0; 64 * 1024];
    let reading = async {
        while let Ok(count @ 1..) = stream.read(&mut piece).await {
            read.extend_from_slice(&piece[..count]);
        }
    };
    timeout(TIMEOUT, reading).await.expect("the server closes the connection");
    read
}
