//! The operator's options. Each has a flag and an environment variable.

mod validation;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::middleware::{DEFAULT_VISITS_PER_MINUTE, Network, PublicUrl};
use crate::telemetry::{LogFormat, MetricsExposure};
use voordeur_store::MinFreeSpace;
use voordeur_upstream::Source;

pub use validation::ConfigError;

/// Separates paths in an environment variable, as in `PATH`.
const PATH_SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// The options of the server.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// The address to listen on.
    #[arg(long, env = "VOORDEUR_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,
    /// The folder of the database and of cached responses of services.
    #[arg(long, env = "VOORDEUR_DATA", default_value = "data", global = true)]
    pub data: PathBuf,
    /// Where responses come from: `live`, `samples`, or `gateway=URL` (loopback only, for tests).
    #[arg(long, env = "VOORDEUR_SOURCES", default_value = "samples", value_parser = Source::from_str)]
    pub sources: Source,
    /// The folder of the files that browsers load, as `make build` fills it.
    #[arg(long, env = "VOORDEUR_SITE", default_value = "target/site")]
    pub site: PathBuf,
    /// A folder of widgets that are used without a rebuild, and read again when they change; may
    /// be given several times.
    #[arg(long, env = "VOORDEUR_WIDGETS", value_name = "DIR", value_delimiter = PATH_SEPARATOR)]
    pub widgets: Vec<PathBuf>,
    /// How services and citizens can reach you: a mail address or the address of a page.
    #[arg(long, env = "VOORDEUR_CONTACT")]
    pub contact: Option<String>,
    /// The address at which browsers reach the server, such as `https://start.example.org`. With
    /// `https`, cookies are for this host over HTTPS only, and browsers are told to use HTTPS
    /// always; requests for another host name are refused.
    #[arg(long, env = "VOORDEUR_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// The reverse proxies in front of the server, as addresses or networks (`10.0.0.0/8`): only
    /// their `X-Forwarded-For` is believed.
    #[arg(long, env = "VOORDEUR_TRUSTED_PROXIES", value_name = "CIDR", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,
    /// Maximum requests of one client address per minute; a quarter of them may be changes, a
    /// twentieth new guests. 0 is no limit. A school of 2,000 behind one address, each with a
    /// first visit and its cards, makes about 40,000.
    #[arg(
        long,
        env = "VOORDEUR_VISITS_PER_MINUTE",
        value_name = "N",
        default_value_t = DEFAULT_VISITS_PER_MINUTE
    )]
    pub visits_per_minute: u32,
    /// No new guest is created while less disk space is free: a size such as `512M`, or a share of
    /// the disk such as `5%`; `auto` is whichever of these two is less.
    #[arg(
        long,
        env = "VOORDEUR_MIN_FREE_SPACE",
        value_name = "SIZE",
        default_value = "auto",
        value_parser = MinFreeSpace::from_str
    )]
    pub min_free_space: MinFreeSpace,
    /// Maximum wait for a client in seconds: for the head of a request, for its body, and for
    /// accepting any part of a response.
    #[arg(
        long,
        env = "VOORDEUR_CLIENT_TIMEOUT",
        default_value_t = 20,
        hide = true,
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    pub client_timeout: u64,
    /// The events that are logged: `warn`, `info`, `debug`, or levels by module, as in
    /// `info,voordeur_upstream=debug`. Of other crates than Voordeur's own, `info` is the most.
    #[arg(long, env = "VOORDEUR_LOG", default_value = "info")]
    pub log: String,
    /// The format of log lines: `text` for people, `json` for programs.
    #[arg(long, env = "VOORDEUR_LOG_FORMAT", value_name = "FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
    /// Where the metrics for Prometheus are served: `open` (at /metrics, for everybody), `off`, or
    /// an address that serves nothing else, such as `127.0.0.1:9464`.
    #[arg(
        long,
        env = "VOORDEUR_METRICS",
        value_name = "WHERE",
        default_value = "open",
        value_parser = MetricsExposure::from_str
    )]
    pub metrics: MetricsExposure,
}

impl Config {
    /// Maximum wait for a client: for a request's head, for its body, and for accepting any part
    /// of a response.
    pub fn client_timeout(&self) -> Duration {
        Duration::from_secs(self.client_timeout)
    }
}
