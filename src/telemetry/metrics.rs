//! The figures: counted where things happen with the macros of `metrics`, kept here, written in the text format of Prometheus.

use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;
use std::sync::OnceLock;

use jiff::Timestamp;
use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::process;
use crate::app::AppState;

/// The text format of Prometheus (prometheus.io, “Exposition formats”).
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Upper bounds of the buckets of everything that takes time, in seconds: from an answer from memory to the longest flight. 1.5 is the
/// deadline of a page.
const SECONDS: [f64; 12] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.5, 3.0, 6.0, 12.0];

/// Who gets the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// Everybody, at `/metrics`. They hold nothing of a citizen, and say of services no more than `/services` does.
    Open,
    /// Nobody.
    Off,
    /// Whoever reaches this address, which serves nothing else.
    Apart(SocketAddr),
}

impl FromStr for Exposure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "open" => Ok(Exposure::Open),
            "off" => Ok(Exposure::Off),
            address => address
                .parse()
                .map(Exposure::Apart)
                .map_err(|_| "must be `open`, `off` or an address as in 127.0.0.1:9464".to_owned()),
        }
    }
}

/// The figures of this process.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Keeps from now on what is counted in this process. Called again, it gives what is kept already.
    pub fn keep() -> Self {
        // The facade has one recorder for a process.
        static KEPT: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = KEPT.get_or_init(|| {
            let recorder =
                PrometheusBuilder::new().set_buckets(&SECONDS).unwrap_or_default().build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::error!("something else counts already: /metrics will say little");
            }
            describe();
            gauge!("process_start_time_seconds").set(seconds_of(Timestamp::now()));
            handle
        });
        Metrics { handle: handle.clone() }
    }

    /// Makes room: what was measured is put into buckets also when nobody asks for it.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
    }

    /// All figures, as text.
    pub fn text(&self, rooms: &AppState) -> String {
        look_around(rooms);
        self.handle.render()
    }
}

/// What is not counted as it happens but looked at when somebody asks.
fn look_around(rooms: &AppState) {
    let known = [
        ("process_resident_memory_bytes", process::resident_bytes()),
        ("process_threads", process::threads()),
        ("process_open_fds", process::open_files()),
        ("process_max_fds", process::most_open_files()),
        ("voordeur_store_bytes", store_bytes(&rooms.data)),
    ];
    for (name, value) in known {
        if let Some(value) = value {
            gauge!(name).set(value);
        }
    }
    let catalogue = rooms.registry.snapshot();
    gauge!("voordeur_widgets").set(count(catalogue.all().count()));
    let (answers, bytes) = rooms.upstream.in_memory();
    gauge!("voordeur_answers").set(answers as f64);
    gauge!("voordeur_answers_bytes").set(bytes as f64);
    for widget in catalogue.all() {
        for host in &widget.manifest().hosts {
            let answered = rooms.upstream.health().of(host).and_then(|health| health.answered);
            if let Some(answered) = answered {
                gauge!("voordeur_service_answered_timestamp_seconds", "host" => host.clone())
                    .set(seconds_of(answered));
            }
        }
    }
}

/// The database with what is not yet moved into it.
fn store_bytes(data: &Path) -> Option<f64> {
    let size = |file: &str| std::fs::metadata(data.join(file)).map(|file| file.len()).ok();
    let database = size("voordeur.sqlite")?;
    Some((database + size("voordeur.sqlite-wal").unwrap_or_default()) as f64)
}

fn count(things: usize) -> f64 {
    u32::try_from(things).map_or(f64::INFINITY, f64::from)
}

fn seconds_of(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}

/// Every name with what it means, and those without labels with a first value, so that they are there before something happens.
fn describe() {
    describe_counter!("voordeur_service_flights_total", "Requests to services that have ended.");
    describe_histogram!(
        "voordeur_service_flight_seconds",
        Unit::Seconds,
        "How long requests to services took."
    );
    describe_counter!(
        "voordeur_service_bytes_total",
        Unit::Bytes,
        "What services sent, before decompression."
    );
    describe_gauge!(
        "voordeur_service_open",
        "1 while a service is down and rests, 0 while it is asked."
    );
    describe_gauge!(
        "voordeur_service_answered_timestamp_seconds",
        Unit::Seconds,
        "When a service last gave a good answer, in seconds since 1970."
    );
    describe_counter!("voordeur_cards_total", "Cards that were made, by widget and state.");
    describe_counter!("voordeur_requests_total", "Requests of visitors, by pattern of address.");
    describe_histogram!(
        "voordeur_request_seconds",
        Unit::Seconds,
        "How long requests of visitors took."
    );
    describe_counter!(
        "voordeur_refused_total",
        "Requests of visitors that were refused, by reason."
    );
    describe_counter!("voordeur_edits_total", "Edits of boards, by outcome.");
    describe_histogram!("voordeur_edit_seconds", Unit::Seconds, "How long edits took.");
    describe_counter!(
        "voordeur_guests_removed_total",
        "Guests that were removed since nobody saw them for long."
    );
    describe_gauge!("voordeur_store_bytes", Unit::Bytes, "The size of the database.");
    describe_gauge!("voordeur_answers", "Answers of services in memory.");
    describe_gauge!("voordeur_answers_bytes", Unit::Bytes, "The size of the answers in memory.");
    describe_gauge!("voordeur_widgets", "Widgets in the catalogue.");
    describe_gauge!("voordeur_build_info", "1; the label is the version.");
    describe_gauge!("process_resident_memory_bytes", Unit::Bytes, "Memory that is in use.");
    describe_gauge!("process_threads", "Threads.");
    describe_gauge!("process_open_fds", "Open files and connections.");
    describe_gauge!("process_max_fds", "How many files and connections may be open.");
    describe_gauge!(
        "process_start_time_seconds",
        Unit::Seconds,
        "When the process began, in seconds since 1970."
    );
    counter!("voordeur_guests_removed_total").increment(0);
    let _there_from_the_start = histogram!("voordeur_edit_seconds");
    gauge!("voordeur_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}
