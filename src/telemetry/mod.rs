//! Logging, metrics and readiness. None of them holds anything about a citizen.

mod log;
mod metrics;
mod readiness;

pub use log::{LogFilter, LogFormat, start as start_log};
pub use metrics::{CONTENT_TYPE as METRICS_CONTENT_TYPE, Metrics, MetricsExposure};
pub use readiness::{Readiness, ReadinessError, missing_site_file};
