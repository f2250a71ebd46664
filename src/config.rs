//! What the operator decides. Every option has a flag and an environment variable.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::cli;
use crate::middleware::{Network, PublicUrl, VISITS_PER_MINUTE};
use crate::telemetry::{Exposure, LogFormat};
use voordeur_upstream::Source;

mod check;

pub use check::ConfigError;
pub(crate) use check::missing_in_site;

/// What stands between paths in one variable of the environment.
const BETWEEN_PATHS: char = if cfg!(windows) { ';' } else { ':' };

/// Voordeur: a personal start page for citizens.
#[derive(Clone, Debug, Parser)]
#[command(version, about)]
pub struct Config {
    /// What else than serving is wanted.
    #[command(subcommand)]
    pub task: Option<Task>,
    /// Where to listen.
    #[arg(long, env = "VOORDEUR_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,
    /// The folder of the database and of the last good answers.
    #[arg(long, env = "VOORDEUR_DATA", default_value = "data", global = true)]
    pub data: PathBuf,
    /// Where answers come from: `live`, `samples`, or `gateway=URL` (loopback only, for tests).
    #[arg(long, env = "VOORDEUR_SOURCES", default_value = "samples", value_parser = Source::from_str)]
    pub sources: Source,
    /// The folder of what browsers load, as `make build` fills it.
    #[arg(long, env = "VOORDEUR_SITE", default_value = "target/site")]
    pub site: PathBuf,
    /// A folder of widgets that are used without a rebuild, and read again when they change; may be given several times.
    #[arg(long, env = "VOORDEUR_WIDGETS", value_name = "DIR", value_delimiter = BETWEEN_PATHS)]
    pub widgets: Vec<PathBuf>,
    /// How services and citizens can reach you: an address of mail or a page.
    #[arg(long, env = "VOORDEUR_CONTACT")]
    pub contact: Option<String>,
    /// How browsers reach it, as `https://start.example.org`. With `https`, cookies are for this host over HTTPS only, and browsers are told to
    /// come by HTTPS always; requests for another host name are refused.
    #[arg(long, env = "VOORDEUR_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// The proxies in front of it, as addresses or networks (`10.0.0.0/8`): only what they say in `X-Forwarded-For` is believed.
    #[arg(long, env = "VOORDEUR_TRUSTED_PROXIES", value_name = "CIDR", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,
    /// The most requests of one client address in a minute; a quarter of them may be changes, a twentieth new guests. 0 is no limit. A school of
    /// 2,000 behind one address, each with a first visit and its cards, is some 40,000.
    #[arg(long, env = "VOORDEUR_VISITS_PER_MINUTE", value_name = "N", default_value_t = VISITS_PER_MINUTE)]
    pub visits_per_minute: u32,
    /// How many seconds a client may keep us waiting: for the head of a request, for its body, for taking any part of an answer.
    #[arg(long, env = "VOORDEUR_CLIENT_PATIENCE", default_value_t = 20, hide = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub client_patience: u64,
    /// What is logged: `warn`, `info`, `debug`, or levels by room, as in `info,voordeur_upstream=debug`.
    #[arg(long, env = "VOORDEUR_LOG", default_value = "info")]
    pub log: String,
    /// How a line of the log is written: `text` for people, `json` for programs.
    #[arg(long, env = "VOORDEUR_LOG_FORMAT", value_name = "FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
    /// Who gets the figures for Prometheus: `open` (everybody, at /metrics), `off`, or an address that serves them and nothing else, as in
    /// `127.0.0.1:9464`.
    #[arg(long, env = "VOORDEUR_METRICS", value_name = "WHERE", default_value = "open", value_parser = Exposure::from_str)]
    pub metrics: Exposure,
}

impl Config {
    /// How long a client may keep us waiting.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.client_patience)
    }
}

/// What the binary does instead of serving.
#[derive(Clone, Debug, Subcommand)]
pub enum Task {
    /// The tools of widget authors.
    #[command(subcommand)]
    Widget(cli::widget::Command),
    /// Copy the store into a file, also while the server runs.
    Backup(cli::backup::BackupOptions),
    /// Say whether a backup is whole and every board in it can be read.
    CheckBackup(cli::backup::BackupFile),
    /// Put a backup in the place of the store; what was there is kept beside. The server must be stopped.
    Restore(cli::backup::BackupFile),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_widgets_are_told_one_by_one_or_as_paths_are() {
        let both = format!("b{BETWEEN_PATHS}c");
        let config = Config::try_parse_from(["voordeur", "--widgets", "a", "--widgets", &both]);
        let folders = config.expect("options").widgets;
        assert_eq!(folders, ["a", "b", "c"].map(PathBuf::from));
        assert!(Config::try_parse_from(["voordeur"]).expect("no options").widgets.is_empty());
    }
}
