//! What the operator is told: the log, the figures of `/metrics`, and whether the server is ready. Nothing of a citizen is in any of them.

mod log;
mod metrics;
mod process;
mod readiness;
mod upkeep;

pub use log::{LogFormat, start as start_log};
pub use metrics::{CONTENT_TYPE as METRICS_TYPE, Exposure, Metrics};
pub use readiness::{Readiness, ReadinessError};
pub(crate) use upkeep::start as start_upkeep;
