use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What is asked of a service. Two equal requests are one flight, whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The widget that asks, for the log and for its samples.
    pub widget: String,
    /// The name of the request in the manifest.
    pub id: String,
    /// Its number, from 0, among the requests with this id: one that is repeated for each of several things has several.
    pub nth: usize,
    /// How it is asked.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// Extra headers.
    pub headers: Vec<(String, String)>,
    /// What is sent with a POST: JSON.
    pub body: Option<String>,
    /// What the service should answer in.
    pub format: Format,
    /// How long an answer counts as fresh.
    pub fresh_for: Duration,
    /// The largest answer that is read, in bytes.
    pub largest: usize,
    /// Whether the widget can do without the answer: then a failure gives it none.
    pub may_fail: bool,
    /// Whether the address was given by a citizen: then it may lead to any public host, and to no other.
    pub given_by_citizen: bool,
    /// The key that the service wants. What it says is the hub's alone: no widget sees it.
    pub key: Option<KeyUse>,
    /// When the request says what time it is: the same words for the same question at any time. What was answered an hour ago stands in
    /// until the answer to this very request is there. `None` when the request is the same at any time.
    pub question: Option<String>,
    /// Whether it carries a personal answer: then nothing of it is kept on disk.
    pub personal: bool,
}

/// Which key a request carries, and where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyUse {
    /// The environment variable that holds it.
    pub variable: String,
    /// Where the service wants it.
    pub place: KeyPlace,
}

/// Where a service wants its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyPlace {
    /// In the header with this name.
    Header(String),
    /// In the query, under this name.
    Query(String),
}

/// The HTTP methods a widget may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Ask.
    Get,
    /// Ask, with a question too long for an address. Nothing is changed at a service.
    Post,
}

/// What answers are written in. All become the same kind of tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// RFC 8259.
    Json,
    /// One JSON value on each line.
    JsonLines,
    /// XML 1.0 without a document type.
    Xml,
    /// News: RSS, Atom or JSON Feed.
    Feed,
    /// A table of text, RFC 4180 and what is written in its place.
    Csv,
    /// A calendar, RFC 5545.
    #[serde(rename = "icalendar")]
    ICalendar,
    /// Alerts, CAP 1.2, one by itself or in a feed.
    Cap,
    /// Things with a position, RFC 7946, and the features of ArcGIS.
    #[serde(rename = "geojson")]
    GeoJson,
    /// Public transport as it runs: GTFS Realtime, as protobuf or as JSON.
    GtfsRealtime,
    /// Statistics, JSON-stat 1 and 2.
    JsonStat,
}

/// What a service said, as a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The tree; XML becomes one as `widgets/src/formats/xml.rs` says.
    pub tree: Arc<serde_json::Value>,
}

/// The answers so far, by the id of the request; a request that is made once for each of several things has several.
pub type Responses = BTreeMap<String, Vec<Response>>;
