//! The report of `voordeur widget try --all`: what each service is like, as text and as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use voordeur_upstream::FetchError;

/// The result of a try. In the order of the report: those that need somebody come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The answer is not what the widget expects.
    Changed,
    /// The service redirects to a host that the manifest does not name.
    Moved,
    /// The service refuses the request: status 400 to 499.
    Refused,
    /// The service asks to be left alone: status 429.
    TooOften,
    /// The service fails: status 500 and above.
    Broken,
    /// No connection.
    Unreachable,
    /// It answers, or would have, after a long time.
    Slow,
    /// The answer can be read, and the card shows none of it.
    Nothing,
    /// The card shows it.
    Works,
    /// The operator has no key for it.
    NoKey,
    /// A citizen gives the address.
    OwnAddress,
    /// The operator has paused it.
    Paused,
}

impl Outcome {
    /// The meaning of a failed request.
    pub fn of(error: &FetchError) -> Self {
        match error {
            FetchError::Timeout => Outcome::Slow,
            FetchError::Rejected(429) | FetchError::Busy => Outcome::TooOften,
            FetchError::Rejected(_) | FetchError::TooManyRedirects => Outcome::Refused,
            FetchError::ServerError(_) => Outcome::Broken,
            FetchError::HostNotAllowed => Outcome::Moved,
            FetchError::MissingApiKey => Outcome::NoKey,
            FetchError::Unreadable(_)
            | FetchError::ChangedShape { .. }
            | FetchError::NotAFeed
            | FetchError::NotACalendar
            | FetchError::TooLarge(_)
            | FetchError::OverBudget(_) => Outcome::Changed,
            FetchError::Unreachable
            | FetchError::NameNotFound
            | FetchError::Tls(_)
            | FetchError::NotPublic
            | FetchError::NoPublicAddress
            | FetchError::NotStored
            | FetchError::Paused => Outcome::Unreachable,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Outcome::Changed => "changed",
            Outcome::Moved => "moved",
            Outcome::Refused => "refused",
            Outcome::TooOften => "too often",
            Outcome::Broken => "broken",
            Outcome::Unreachable => "unreachable",
            Outcome::Slow => "slow",
            Outcome::Nothing => "nothing",
            Outcome::Works => "works",
            Outcome::NoKey => "no key",
            Outcome::OwnAddress => "own address",
            Outcome::Paused => "paused",
        }
    }

    /// Whether nobody needs to look at it.
    fn is_good(self) -> bool {
        self >= Outcome::Nothing
    }
}

/// A widget that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    pub widget: String,
    pub outcome: Outcome,
    pub hosts: BTreeSet<String>,
    /// Why it does not work; empty when it does.
    pub reason: String,
    /// The key of the manifest, or the request, where it does not.
    pub at: Option<String>,
    /// The line of that key in `widget.toml`.
    pub line: Option<usize>,
    /// How many things the card shows.
    pub things: usize,
    /// How long the slowest request took.
    #[serde(rename = "milliseconds", serialize_with = "milliseconds")]
    pub took: Duration,
}

fn milliseconds<S: serde::Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
}

impl Tried {
    /// A widget for which nothing was asked.
    pub fn not_asked(widget: &str, outcome: Outcome) -> Self {
        Tried {
            widget: widget.to_owned(),
            outcome,
            hosts: BTreeSet::new(),
            reason: String::new(),
            at: None,
            line: None,
            things: 0,
            took: Duration::ZERO,
        }
    }

    /// A widget whose manifest has errors.
    pub fn unreadable(widget: &str, error: &str) -> Self {
        Tried { reason: error.to_owned(), ..Tried::not_asked(widget, Outcome::Changed) }
    }
}

/// The report on a catalogue.
pub struct NightlyReport {
    pub started: Timestamp,
    /// Whether the services themselves were asked: only then is anything proven.
    pub live: bool,
    pub tried: Vec<Tried>,
}

impl NightlyReport {
    /// Whether every service that was asked answers as its widget expects.
    pub fn is_good(&self) -> bool {
        self.tried.iter().all(|tried| tried.outcome.is_good())
    }

    fn sorted(&self) -> Vec<&Tried> {
        let mut sorted: Vec<&Tried> = self.tried.iter().collect();
        sorted.sort_by_key(|tried| (tried.outcome, &tried.widget));
        sorted
    }

    fn counts(&self) -> BTreeMap<Outcome, usize> {
        let mut counts = BTreeMap::new();
        for tried in &self.tried {
            let count: &mut usize = counts.entry(tried.outcome).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }

    /// A line for each widget, with where and why below it, and the total.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for tried in self.sorted() {
            let hosts: Vec<&str> = tried.hosts.iter().map(String::as_str).collect();
            let slow = (tried.outcome == Outcome::Slow)
                .then(|| format!(", {:.1} s", tried.took.as_secs_f64()));
            let _ = writeln!(
                text,
                "{:<12}{:<30}{}{}",
                tried.outcome.words(),
                tried.widget,
                hosts.join(", "),
                slow.unwrap_or_default()
            );
            let line = tried.line.map(|line| format!(" (line {line} of widget.toml)"));
            let at = tried.at.iter().map(|at| format!("{at}{}", line.clone().unwrap_or_default()));
            let parts: Vec<String> =
                at.chain(Some(tried.reason.clone())).filter(|part| !part.is_empty()).collect();
            if !parts.is_empty() {
                let _ = writeln!(text, "            {}", parts.join(": "));
            }
        }
        let counts = self.counts();
        let counts: Vec<String> =
            counts.iter().map(|(outcome, count)| format!("{} {count}", outcome.words())).collect();
        let _ = writeln!(text, "\nWidgets: {}. {}.", self.tried.len(), counts.join(", "));
        if !self.live {
            text.push_str("No proof was written: only live answers prove something.\n");
        }
        text
    }

    /// The same as JSON.
    pub fn json(&self) -> String {
        let document = json!({
            "started": self.started.to_string(),
            "live": self.live,
            "good": self.is_good(),
            "widgets": self.sorted(),
        });
        format!("{document:#}")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const PAGE: &str = "docs/STATUS.md";

    fn tried(outcome: Outcome, widget: &str, host: &str) -> Tried {
        let hosts = Some(host.to_owned()).filter(|host| !host.is_empty());
        Tried { hosts: hosts.into_iter().collect(), ..Tried::not_asked(widget, outcome) }
    }

    fn because(tried: Tried, at: &str, reason: &str) -> Tried {
        Tried { at: Some(at.to_owned()), reason: reason.to_owned(), ..tried }
    }

    /// A night with an outcome of each kind.
    fn night() -> NightlyReport {
        let council = tried(Outcome::Changed, "council-decisions", "lokaalbeslist.vlaanderen.be");
        let council = because(council, "view.block[1].title, thing 1", "should be a text");
        let works = tried(Outcome::Changed, "road-works", "geo.api.vlaanderen.be");
        let news = tried(Outcome::Moved, "government-news-netherlands", "www.rijksoverheid.nl");
        let prices = tried(Outcome::Refused, "fuel-price", "bestat.statbel.fgov.be");
        let air = tried(Outcome::TooOften, "air-quality-netherlands", "api.luchtmeetnet.nl");
        let level = tried(Outcome::Slow, "water-level", "download.waterinfo.be");
        let stop = tried(Outcome::NoKey, "bus-stop", "api.delijn.be");
        let tried = vec![
            Tried { line: Some(104), ..council },
            because(works, "request `works`", "EOF while parsing a value at line 1 column 0"),
            because(news, "request `news`", "host not declared in the manifest"),
            because(prices, "request `prices`", "status 404"),
            because(air, "request `air`", "status 429"),
            because(
                tried(Outcome::Broken, "tube-status", "api.tfl.gov.uk"),
                "request `lines`",
                "status 503",
            ),
            because(
                tried(Outcome::Unreachable, "earthquakes", "earthquake.usgs.gov"),
                "request `quakes`",
                "connection failed",
            ),
            Tried { took: Duration::from_millis(7_412), ..level },
            tried(Outcome::Nothing, "rail-disturbances", "api.irail.be"),
            tried(Outcome::Works, "train-departures", "api.irail.be"),
            because(stop, "request `stop`", "API key not in the environment"),
            tried(Outcome::OwnAddress, "calendar", ""),
            tried(Outcome::Paused, "whats-on", "search.uitdatabank.be"),
        ];
        NightlyReport { started: Timestamp::UNIX_EPOCH, live: false, tried }
    }

    #[test]
    fn the_report_of_the_documents_is_that_of_the_program() {
        let indented = |line: &str| {
            if line.is_empty() { "\n".to_owned() } else { format!("    {}\n", line.trim_end()) }
        };
        let report: String = night().text().lines().map(indented).collect();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
        let page = std::fs::read_to_string(&path).expect(PAGE);
        let (before, rest) = page.split_once("planted:\n\n").expect("the words before it");
        let (_, after) = rest.split_once("\nWith cron").expect("the words after it");
        let expected = format!("{before}planted:\n\n{report}\nWith cron{after}");
        if std::env::var_os("VOORDEUR_STORE").is_some() {
            std::fs::write(&path, expected).expect("written");
        } else {
            assert!(page == expected, "{PAGE} is out of date: VOORDEUR_STORE=1 writes it");
        }
    }

    #[test]
    fn a_pause_is_nobody_s_work() {
        let mut night = night();
        assert!(!night.is_good());
        night.tried.retain(|tried| tried.outcome == Outcome::Paused);
        assert!(night.is_good());
    }
}
