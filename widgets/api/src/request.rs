use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A request to a service. Equal requests share one flight, whichever citizens they are for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The id of the widget, for the log and to find its samples.
    pub widget: String,
    /// The id of the request in the manifest.
    pub id: String,
    /// Index, from 0, among the requests with this id: a request can be repeated for each element
    /// of a list, and for each page.
    pub nth: usize,
    /// The HTTP method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Additional header fields.
    pub headers: Vec<(String, String)>,
    /// The body of a POST request: JSON.
    pub body: Option<String>,
    /// The format of the response.
    pub format: Format,
    /// How long a response counts as fresh.
    pub max_age: Duration,
    /// The maximum size of the response body, in bytes.
    pub max_bytes: usize,
    /// The body that an empty one stands for, such as that of a response with status 204; `None` when
    /// an empty body is an error.
    pub if_empty: Option<String>,
    /// Whether the widget can do without the response; if so, a failure is no error.
    pub optional: bool,
    /// Whether the URL comes from a citizen; if so, it may name any public host, and no other.
    pub user_supplied_url: bool,
    /// The API key that the service requires. Only upstream knows its value.
    pub key: Option<ApiKeyUse>,
    /// For a request that contains the current time: its identity without that time. While the
    /// exact request is in flight, the stored response of an earlier request with the same key may
    /// be shown as stale. `None` when the request does not depend on the time.
    pub stale_key: Option<String>,
    /// Whether the request contains a personal setting; its response is never stored on disk.
    pub personal: bool,
}

impl Request {
    /// The body to read: the received one, or the one that an empty one stands for.
    pub fn body_to_read<'b>(&'b self, received: &'b [u8]) -> &'b [u8] {
        match &self.if_empty {
            Some(body) if received.trim_ascii().is_empty() => body.as_bytes(),
            _ => received,
        }
    }
}

/// An API key in a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApiKeyUse {
    /// The environment variable that holds the key.
    pub variable: String,
    /// Where the key is sent.
    pub location: ApiKeyLocation,
}

/// The part of a request that carries an API key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ApiKeyLocation {
    /// The header field with this name.
    Header(String),
    /// The query parameter with this name.
    Query(String),
}

/// The HTTP methods that a widget may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`, for queries too long for a URL; it must not change anything at the service.
    Post,
}

/// The formats of responses. All are read into the same kind of tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// RFC 8259.
    Json,
    /// One JSON value per line.
    JsonLines,
    /// XML 1.0 without a document type declaration.
    Xml,
    /// A news feed: RSS, Atom or JSON Feed.
    Feed,
    /// Delimited text: RFC 4180 and its variants.
    Csv,
    /// RFC 5545.
    #[serde(rename = "icalendar")]
    ICalendar,
    /// Alerts: CAP 1.2, one alert or a feed of them.
    Cap,
    /// RFC 7946, and the feature sets of ArcGIS.
    #[serde(rename = "geojson")]
    GeoJson,
    /// GTFS Realtime, as protobuf or as JSON.
    GtfsRealtime,
    /// Statistical tables: JSON-stat 1 and 2.
    JsonStat,
}

/// A response of a service.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The body as a tree; `widgets/formats` defines its shape for each format.
    pub tree: Arc<serde_json::Value>,
}

/// The responses so far, by request id; a repeated request has several, in the order of
/// [`Request::nth`].
pub type Responses = BTreeMap<String, Vec<Response>>;
