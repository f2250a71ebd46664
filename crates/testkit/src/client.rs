//! An HTTP client for plain connections. It follows no redirect, keeps no cookie and decompresses
//! nothing, so that a test sees each response as the server sent it.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// A client with headers that it sends with every request. Clones share their connections.
#[derive(Clone, Debug)]
pub struct HttpClient {
    client: Client<HttpConnector, Full<Bytes>>,
    headers: HeaderMap,
}

/// No complete response arrived.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address or a header is malformed.
    #[error("malformed request")]
    Request(#[from] hyper::http::Error),
    /// The connection failed before the head of the response was complete.
    #[error("no response")]
    Send(#[from] hyper_util::client::legacy::Error),
    /// The connection failed within the body.
    #[error("incomplete response")]
    Body(#[from] hyper::Error),
}

/// A complete response.
#[derive(Clone, Debug)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; bytes that are not UTF-8 are replaced.
    pub text: String,
}

impl Default for HttpClient {
    fn default() -> Self {
        HttpClient::new()
    }
}

impl HttpClient {
    /// A client without headers or connections.
    pub fn new() -> Self {
        HttpClient {
            client: Client::builder(TokioExecutor::new()).build_http(),
            headers: HeaderMap::new(),
        }
    }

    /// The same client, which also sends this header.
    ///
    /// # Panics
    /// When the name or the value is not a valid header.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        let name: HeaderName = name.parse().expect("a header name");
        client.headers.insert(name, HeaderValue::from_str(value).expect("a header value"));
        client
    }

    /// Gets a page.
    ///
    /// # Errors
    /// When no complete response arrives.
    pub async fn get(&self, url: &str) -> Result<HttpResponse, HttpError> {
        self.send(Method::GET, url, None, Bytes::new()).await
    }

    /// Posts a form.
    ///
    /// # Errors
    /// When no complete response arrives.
    pub async fn post(
        &self,
        url: &str,
        fields: &[(&str, &str)],
    ) -> Result<HttpResponse, HttpError> {
        let form =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, url, Some("application/x-www-form-urlencoded"), form.into()).await
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// When no complete response arrives.
    pub async fn post_json(
        &self,
        url: &str,
        json: &serde_json::Value,
    ) -> Result<HttpResponse, HttpError> {
        let body = json.to_string().into();
        self.send(Method::POST, url, Some("application/json"), body).await
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        content_type: Option<&'static str>,
        body: Bytes,
    ) -> Result<HttpResponse, HttpError> {
        let mut request = Request::builder().method(method).uri(url).body(Full::new(body))?;
        request.headers_mut().extend(self.headers.clone());
        if let Some(content_type) = content_type {
            let content_type = HeaderValue::from_static(content_type);
            request.headers_mut().insert(header::CONTENT_TYPE, content_type);
        }
        let response = self.client.request(request).await?;
        let (head, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(HttpResponse {
            status: head.status.as_u16(),
            headers: head.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

impl HttpResponse {
    /// The first header of this name, when it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The first cookie that the response sets, as `NAME=VALUE`: the value of the `Cookie` header
    /// that sends it back.
    pub fn cookie(&self) -> Option<&str> {
        self.header("set-cookie")?.split(';').next()
    }

    /// The value of a query parameter in the `Location` header, still percent-encoded.
    pub fn location_query(&self, name: &str) -> Option<&str> {
        let mut parts = self.header("location")?.split(['?', '&', '#']);
        parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
    }
}
