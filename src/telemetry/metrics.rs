//! Metrics: recorded with the macros of the crate `metrics`, rendered in Prometheus' text format.

use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::OnceLock;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// The media type of Prometheus' text format (prometheus.io, "Exposition formats").
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Upper bounds of the buckets of every histogram, in seconds: from a cached response to the
/// longest request to a service. 1.5 is the deadline of a page.
const BUCKETS: [f64; 12] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.5, 3.0, 6.0, 12.0];

/// The place where metrics are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsExposure {
    /// At `/metrics`, for everybody. They hold nothing about a citizen, and of services no more
    /// than `/services` shows.
    Open,
    /// Nowhere.
    Off,
    /// At an address of their own, which serves nothing else.
    Separate(SocketAddr),
}

impl FromStr for MetricsExposure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "open" => Ok(MetricsExposure::Open),
            "off" => Ok(MetricsExposure::Off),
            address => address.parse().map(MetricsExposure::Separate).map_err(|_| {
                "must be `open`, `off` or an address such as 127.0.0.1:9464".to_owned()
            }),
        }
    }
}

/// The metrics of this process.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Installs the recorder of this process, of which there is one. A second call returns the
    /// same metrics.
    pub fn install() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let recorder =
                PrometheusBuilder::new().set_buckets(&BUCKETS).unwrap_or_default().build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::error!("a metrics recorder is already installed; /metrics is incomplete");
            }
            describe();
            handle
        });
        Metrics { handle: handle.clone() }
    }

    /// Sorts recorded values into buckets, which bounds memory when nobody reads the metrics.
    pub fn run_upkeep(&self) {
        self.handle.run_upkeep();
    }

    /// All metrics as text, with those of the process as it is now.
    pub fn render(&self) -> String {
        metrics_process::Collector::default().collect();
        self.handle.render()
    }
}

/// Describes every metric, and registers those without labels, so that they are rendered before
/// the first event.
fn describe() {
    describe_counter!("voordeur_service_flights_total", "Finished requests to services.");
    describe_histogram!(
        "voordeur_service_flight_seconds",
        Unit::Seconds,
        "Duration of requests to services."
    );
    describe_counter!(
        "voordeur_service_bytes_total",
        Unit::Bytes,
        "Bytes received from services, before decompression."
    );
    describe_gauge!(
        "voordeur_service_open",
        "1 while the circuit breaker of a service is open, 0 otherwise."
    );
    describe_gauge!(
        "voordeur_service_answered_timestamp_seconds",
        Unit::Seconds,
        "Unix time of the last good response of a service."
    );
    describe_counter!("voordeur_cards_total", "Cards made, by widget and state.");
    describe_counter!("voordeur_requests_total", "Requests of visitors, by route.");
    describe_histogram!(
        "voordeur_request_seconds",
        Unit::Seconds,
        "Duration of requests of visitors."
    );
    describe_counter!("voordeur_refused_total", "Refused requests and connections, by reason.");
    describe_counter!("voordeur_edits_total", "Edits of boards, by outcome.");
    describe_histogram!("voordeur_edit_seconds", Unit::Seconds, "Duration of edits.");
    describe_counter!(
        "voordeur_guests_removed_total",
        "Guests deleted after the retention period."
    );
    describe_gauge!("voordeur_store_bytes", Unit::Bytes, "Size of the database.");
    describe_gauge!("voordeur_answers", "Cached responses in memory.");
    describe_gauge!(
        "voordeur_answers_bytes",
        Unit::Bytes,
        "Size of the cached responses in memory."
    );
    describe_gauge!("voordeur_widgets", "Widgets in the catalogue.");
    describe_gauge!("voordeur_build_info", "Always 1; the label is the version.");
    metrics_process::Collector::default().describe();
    counter!("voordeur_guests_removed_total").increment(0);
    let _registered_at_start = histogram!("voordeur_edit_seconds");
    gauge!("voordeur_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_metrics_of_the_process_are_rendered_under_their_documented_names() {
        let text = Metrics::install().render();
        for name in [
            "process_resident_memory_bytes",
            "process_threads",
            "process_open_fds",
            "process_max_fds",
            "process_start_time_seconds",
        ] {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            let value = line.and_then(|value| value.parse::<f64>().ok());
            assert!(value.is_some_and(|value| value >= 1.0), "{name} {value:?}");
        }
    }
}
