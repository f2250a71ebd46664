//! The log: one line per event on standard output.

use std::io::IsTerminal;
use std::str::FromStr;

use clap::ValueEnum;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, ParseError, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people: time, level, module, message, fields.
    #[default]
    Text,
    /// For programs: a JSON object with `timestamp` (RFC 3339, UTC), `level`, `target`, `message`
    /// and the fields of the event.
    Json,
}

/// The start of the target of every event of our own crates, `voordeur` and `voordeur_*`.
const OWN_TARGETS: &str = "voordeur";
/// The most that is logged of other crates, whatever is asked for. At lower levels some of them
/// write what they read and send: parsers the letters of a private calendar, the HTTP client its
/// address.
const MAX_FOREIGN_LEVEL: LevelFilter = LevelFilter::INFO;
/// The most that is logged of other crates when the option gives a level for everything.
const DEFAULT_FOREIGN_LEVEL: LevelFilter = LevelFilter::WARN;

/// The events that are logged: a level, or levels by module, for our own crates, and no more than
/// `info` for all others.
#[derive(Clone, Debug)]
pub struct LogFilter {
    targets: Targets,
    /// The modules of other crates of which less is logged than was asked for.
    limited: Vec<String>,
}

impl FromStr for LogFilter {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wanted: Targets = text.parse()?;
        let mut targets = Targets::new();
        if let Some(level) = wanted.default_level() {
            targets = targets
                .with_default(level.min(DEFAULT_FOREIGN_LEVEL))
                .with_target(OWN_TARGETS, level);
        }
        let mut limited = Vec::new();
        // After the default, so that a level for `voordeur` replaces it.
        for (target, level) in &wanted {
            let level = if is_own(target) {
                level
            } else {
                if level > MAX_FOREIGN_LEVEL {
                    limited.push(target.to_owned());
                }
                level.min(MAX_FOREIGN_LEVEL)
            };
            targets = targets.with_target(target, level);
        }
        limited.sort_unstable();
        Ok(LogFilter { targets, limited })
    }
}

/// Whether a target is a module of our own. A beginning that other crates share, such as `v`, is
/// not.
fn is_own(target: &str) -> bool {
    target
        .strip_prefix(OWN_TARGETS)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('_') || rest.starts_with("::"))
}

/// Installs the logger. Call it once, before the first event.
pub fn start(filter: LogFilter, format: LogFormat) {
    let layer = match format {
        LogFormat::Text => fmt::layer().with_ansi(std::io::stdout().is_terminal()).boxed(),
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .boxed(),
    };
    let LogFilter { targets, limited } = filter;
    tracing_subscriber::registry().with(layer.with_filter(targets)).init();
    if !limited.is_empty() {
        let modules = limited.join(", ");
        tracing::warn!(modules, "other crates are logged at `info` at most");
    }
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    fn filter(text: &str) -> LogFilter {
        text.parse().expect("a filter")
    }

    #[test]
    fn no_option_makes_another_crate_write_what_it_reads() {
        let foreign = [
            "xml5ever::tokenizer",
            "html5ever",
            "markup5ever::buffer_queue",
            "hyper::proto::h1::io",
            "hyper_util::client",
            "reqwest::connect",
            "rustls::client",
            "sqlx::query",
            "cel",
            "h2",
            "log",
            "",
        ];
        for text in [
            "debug",
            "trace",
            "info,xml5ever=trace",
            "trace,xml5ever::tokenizer=trace,html5ever=debug,hyper=trace,sqlx=trace",
            "xml5ever,html5ever,hyper,reqwest,cel",
            "x=trace,h=trace,v=trace",
            "voordeur=trace,trace",
            "xml5ever=5,hyper=TRACE",
        ] {
            let LogFilter { targets, .. } = filter(text);
            for target in foreign {
                for level in [Level::DEBUG, Level::TRACE] {
                    assert!(!targets.would_enable(target, &level), "{text}: {target} {level}");
                }
            }
        }
    }

    #[test]
    fn our_own_crates_are_logged_as_asked_for() {
        for own in ["voordeur", "voordeur::server", "voordeur_upstream::flight"] {
            assert!(filter("debug").targets.would_enable(own, &Level::DEBUG), "{own}");
            assert!(filter("trace").targets.would_enable(own, &Level::TRACE), "{own}");
            assert!(!filter("info").targets.would_enable(own, &Level::DEBUG), "{own}");
            assert!(!filter("warn").targets.would_enable(own, &Level::INFO), "{own}");
        }
        let mixed = filter("warn,voordeur_upstream=debug,voordeur::routes=error").targets;
        assert!(mixed.would_enable("voordeur_upstream::flight", &Level::DEBUG));
        assert!(mixed.would_enable("voordeur_store", &Level::WARN));
        assert!(!mixed.would_enable("voordeur_store", &Level::INFO));
        assert!(!mixed.would_enable("voordeur::routes::find", &Level::WARN));
    }

    #[test]
    fn errors_of_other_crates_are_logged_and_a_limit_is_told() {
        assert!(filter("debug").targets.would_enable("sqlx::pool", &Level::WARN));
        assert!(!filter("error").targets.would_enable("sqlx::pool", &Level::WARN));
        let asked = filter("info,reqwest=info,hyper=debug,xml5ever=trace,voordeur_store=trace");
        assert!(asked.targets.would_enable("reqwest", &Level::INFO));
        assert_eq!(asked.limited, ["hyper", "xml5ever"]);
        assert!("loud=please".parse::<LogFilter>().is_err());
    }
}
