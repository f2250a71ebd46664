//! Faults of single hosts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A page with a script, as a captive portal or a broken gateway sends it in place of data.
pub const HTML: &str = "<!DOCTYPE html><html><head><title>Sorry</title>\
<script>window.hurt = true</script></head>\n\
<body><h1>Gateway timeout</h1><p>Please log in to continue.</p></body></html>";

/// The behaviour of a host in place of a good response.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Fault {
    /// Answers well.
    None,
    /// Answers well, after a delay.
    Slow {
        /// The delay in milliseconds.
        #[serde(default = "default_delay")]
        ms: u64,
    },
    /// Answers with an error status.
    Status {
        /// The status code.
        #[serde(default = "default_code")]
        code: u16,
    },
    /// Answers with an HTML page and status 200.
    Html,
    /// Answers with 50 MB of JSON.
    Huge,
    /// Closes the connection halfway through the body.
    Drop,
    /// Answers with other text in place of some text of the sample.
    Replace {
        /// The text to replace.
        from: String,
        /// The replacement.
        to: String,
    },
}

fn default_delay() -> u64 {
    30_000
}

fn default_code() -> u16 {
    500
}

impl Fault {
    /// The extra time before a response.
    pub fn delay(&self) -> Duration {
        match self {
            Fault::Slow { ms } => Duration::from_millis(*ms),
            _ => Duration::ZERO,
        }
    }
}

/// A fault of a host; `*` is every host without one of its own.
#[derive(Debug, Deserialize)]
pub struct HostFault {
    pub host: String,
    #[serde(flatten)]
    pub fault: Fault,
}
