//! `voordeur widget try --all`: asks each service of the catalogue once, gently, and reports which
//! ones still answer as their widgets expect. An operator runs it each night.
//!
//! One request is under way at a time. A host is asked again only after the pause that its limits
//! set, and a request that several widgets make is sent once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::time::Instant;
use voordeur_engine::conformance::{PROOF_FILE, Proof};
use voordeur_engine::{Catalogue, line_of};
use voordeur_upstream::{ApiKeys, FetchError, Fetcher, Source};
use voordeur_widget_api::{
    Block, Budget, Exchange, ExchangeError, Limits, Refusal, Request, Sample, View, Widget,
    WidgetContext,
};

use super::CliError;
use super::nightly_report::{NightlyReport, Outcome, Tried};
use super::try_report::TriedRequest;
use super::try_service::{TryOptions, fetch};
use crate::cards::ZONE;
use crate::paused::Paused;
use crate::widget_folder::{self, CATALOGUE, LoadedWidget};

/// The pause between two requests to a host whose manifests set no limit.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause, which a host that allows one request a minute gets.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Asks for every widget, and returns the report as text or as JSON.
///
/// # Errors
/// The report, when a service no longer answers as its widget expects.
pub async fn run(options: &TryOptions) -> Result<String, CliError> {
    let zone = TimeZone::get(ZONE).map_err(CliError::failed("cannot load the time zone"))?;
    let widgets = widgets(options.widgets.as_deref())?;
    let keys = ApiKeys::from_environment();
    let fetcher = Fetcher::new(&options.sources, options.contact.as_deref(), keys)
        .map_err(CliError::failed("cannot create the HTTP client"))?;
    let mut asker = Asker {
        fetcher: &fetcher,
        pauses: pauses(&widgets),
        paused: Paused::open(&options.data),
        asked: BTreeMap::new(),
        known: Vec::new(),
    };
    let started = Timestamp::now();
    let mut report =
        NightlyReport { started, live: options.sources == Source::Live, tried: Vec::new() };
    for named in &widgets {
        let tried = match &named.widget {
            Ok(loaded) => {
                let tried = asker.try_widget(&named.id, loaded, options, &zone).await;
                if report.live && tried.outcome == Outcome::Works {
                    let today = Timestamp::now().to_zoned(zone.clone()).date();
                    prove(named.folder.as_deref(), loaded, &tried, today)?;
                }
                tried
            }
            Err(error) => Tried::unreadable(&named.id, error),
        };
        report.tried.push(tried);
    }
    let output = if options.json { report.json() } else { report.text() };
    if report.is_good() {
        Ok(output)
    } else {
        Err(CliError::Widget { output, message: String::new() })
    }
}

/// A widget, and the folder in which its record of live data belongs.
struct NamedWidget {
    id: String,
    folder: Option<PathBuf>,
    widget: Result<LoadedWidget, String>,
}

/// All widgets of a folder, or of the catalogue.
fn widgets(folder: Option<&Path>) -> Result<Vec<NamedWidget>, CliError> {
    let path = folder.unwrap_or(Path::new(CATALOGUE));
    let mut ids = BTreeSet::new();
    if folder.is_some() || path.is_dir() {
        let argument = format!("--widgets {}", path.display());
        for entry in std::fs::read_dir(path).map_err(CliError::unusable(argument))? {
            let entry = entry.map_err(CliError::failed(path.display().to_string()))?;
            if entry.path().join("widget.toml").is_file() {
                ids.insert(entry.file_name().to_string_lossy().into_owned());
            }
        }
    } else {
        let (catalogue, _) = Catalogue::embedded();
        ids.extend(catalogue.all().map(|widget| widget.manifest().id.clone()));
    }
    if ids.is_empty() {
        let message = "--widgets: no folder with a `widget.toml` in it";
        return Err(CliError::Usage(message.to_owned()));
    }
    let load = |id: String| {
        let widget = widget_folder::load(&id, folder).map_err(|error| error.to_string());
        let own = path.join(&id);
        NamedWidget { folder: own.is_dir().then_some(own), widget, id }
    };
    let has_service = |named: &NamedWidget| {
        named.widget.as_ref().map_or(true, |loaded| loaded.widget.manifest().has_service())
    };
    Ok(ids.into_iter().map(load).filter(has_service).collect())
}

/// The pause between requests to each host, by the strictest of the manifests that name it.
fn pauses(widgets: &[NamedWidget]) -> BTreeMap<String, Duration> {
    let mut limits: BTreeMap<String, Limits> = BTreeMap::new();
    for loaded in widgets.iter().filter_map(|named| named.widget.as_ref().ok()) {
        let manifest = loaded.widget.manifest();
        for host in &manifest.hosts {
            let known = limits.remove(host).unwrap_or_default();
            limits.insert(host.clone(), known.strictest(manifest.limits));
        }
    }
    let pause = |limits: Limits| {
        let seconds = limits.per_second.filter(|rate| *rate > 0.0).map(|rate| 1.0 / rate);
        let pause = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        pause.map_or(PAUSE, |pause| pause.clamp(PAUSE, MAX_PAUSE))
    };
    limits.into_iter().map(|(host, limits)| (host, pause(limits))).collect()
}

/// Sends requests one by one.
struct Asker<'a> {
    fetcher: &'a Fetcher,
    pauses: BTreeMap<String, Duration>,
    /// The widgets and hosts that the operator pauses.
    paused: Paused,
    /// When each host was asked last.
    asked: BTreeMap<String, Instant>,
    /// The answers so far: widgets may share a request.
    known: Vec<TriedRequest>,
}

impl Asker<'_> {
    /// Tries a widget with the settings and the place of its first sample.
    async fn try_widget(
        &mut self,
        id: &str,
        loaded: &LoadedWidget,
        options: &TryOptions,
        zone: &TimeZone,
    ) -> Tried {
        if self.paused.is_widget_paused(id) {
            return Tried::not_asked(id, Outcome::Paused);
        }
        let widget = &loaded.widget;
        let sample = widget.samples().first();
        let settings = sample.map(|sample| sample.settings.clone()).unwrap_or_default();
        let place = sample.and_then(|sample: &Sample| sample.place.clone());
        let context = WidgetContext {
            settings: &settings,
            place: place.as_ref(),
            language: options.language,
            now: Timestamp::now(),
            zone,
            budget: &Budget::default(),
        };
        let mut exchange = Exchange::new();
        let mut requests = Vec::new();
        let view = loop {
            let wanted = match exchange.next(widget, &context) {
                Ok(wanted) if wanted.is_empty() => {
                    break widget.view(&context, exchange.responses()).map_err(Into::into);
                }
                Ok(wanted) => wanted,
                Err(error) => break Err(error),
            };
            if wanted.iter().any(|request| request.user_supplied_url) {
                // The address of a sample is nobody's; a citizen's own is nobody else's business.
                return Tried::not_asked(id, Outcome::OwnAddress);
            }
            let mut hosts = wanted.iter().map(host_of);
            if let Some(host) = hosts.find(|host| self.paused.is_host_paused(host)) {
                let hosts = BTreeSet::from([host]);
                return Tried { hosts, ..Tried::not_asked(id, Outcome::Paused) };
            }
            for request in wanted {
                let tried = self.ask(&widget.manifest().hosts, request).await;
                exchange.supply(&tried.request, tried.tree.clone());
                requests.push(tried);
            }
        };
        judge(id, loaded, view, &requests, Duration::from_secs_f64(options.slow.max(0.0)))
    }

    /// The answer to a request: a known one, or a new one once its host may be asked again.
    async fn ask(&mut self, hosts: &[String], request: Request) -> TriedRequest {
        let same = |known: &&TriedRequest| {
            let other = &known.request;
            (&other.url, other.method, &other.body, &other.headers, other.format)
                == (&request.url, request.method, &request.body, &request.headers, request.format)
        };
        if let Some(known) = self.known.iter().find(same) {
            return TriedRequest { request, ..known.clone() };
        }
        let host = host_of(&request);
        if let Some(before) = self.asked.get(&host) {
            let pause = self.pauses.get(&host).copied().unwrap_or(PAUSE);
            tokio::time::sleep_until(*before + pause).await;
        }
        let tried = fetch(self.fetcher, hosts, request).await;
        self.asked.insert(host, Instant::now());
        self.known.push(tried.clone());
        tried
    }
}

fn host_of(request: &Request) -> String {
    let url = url::Url::parse(&request.url).ok();
    url.as_ref().and_then(url::Url::host_str).unwrap_or_default().to_owned()
}

/// Judges a service by its response.
fn judge(
    id: &str,
    loaded: &LoadedWidget,
    view: Result<View, ExchangeError<FetchError>>,
    requests: &[TriedRequest],
    slow: Duration,
) -> Tried {
    let hosts = requests.iter().map(|tried| host_of(&tried.request)).collect();
    let took = requests.iter().map(|tried| tried.took).max().unwrap_or_default();
    let tried = |outcome, reason: String| Tried {
        widget: id.to_owned(),
        outcome,
        hosts,
        reason,
        at: None,
        line: None,
        things: 0,
        took,
    };
    let located = |tried: Tried, at: &str| {
        let line = loaded.manifest.as_deref().and_then(|text| line_of(text, at));
        Tried { at: Some(at.to_owned()), line, ..tried }
    };
    // An answer without content may be read as "nothing", which the widget would tell as good news.
    let empty = requests.iter().find(|tried| tried.bytes == 0 && tried.tree.is_ok());
    if let Some(empty) = empty {
        let at = format!("request `{}`", empty.request.id);
        return located(tried(Outcome::Changed, "the answer has no content".to_owned()), &at);
    }
    let view = match view {
        Ok(view) => view,
        Err(ExchangeError::Refused(Refusal::UnexpectedResponse { at, reason })) => {
            return located(tried(Outcome::Changed, reason), &at);
        }
        Err(ExchangeError::Refused(refusal)) => {
            return tried(Outcome::Changed, refusal.to_string());
        }
        Err(ExchangeError::Endless) => {
            return tried(Outcome::Changed, "the widget asks without end".to_owned());
        }
        Err(ExchangeError::Failed { request, error }) => {
            let outcome = Outcome::of(&error);
            return located(tried(outcome, error.to_string()), &format!("request `{request}`"));
        }
    };
    // A request that the widget can do without may fail all the same.
    let failed = requests.iter().find_map(|tried| Some((tried, tried.tree.as_ref().err()?)));
    if let Some((request, error)) = failed {
        let at = format!("request `{}`", request.request.id);
        return located(tried(Outcome::of(error), error.to_string()), &at);
    }
    let things = things(&view);
    if view.omitted > 0 {
        let reason = view.omission_reasons.first();
        let (at, why) = match reason {
            Some(Refusal::UnexpectedResponse { at, reason }) => (at.clone(), reason.clone()),
            other => (String::new(), other.map(ToString::to_string).unwrap_or_default()),
        };
        let reason = format!("{} left out: {why}", view.omitted);
        return Tried { things, ..located(tried(Outcome::Changed, reason), &at) };
    }
    if took > slow {
        return Tried { things, ..tried(Outcome::Slow, String::new()) };
    }
    let outcome = if things == 0 { Outcome::Nothing } else { Outcome::Works };
    let reason = match view.swapped {
        0 => String::new(),
        count => format!("latitude and longitude are swapped in {count} positions"),
    };
    Tried { things, ..tried(outcome, reason) }
}

/// How many things of the service a view shows.
fn things(view: &View) -> usize {
    let count = |block: &Block| match block {
        Block::Text { .. } | Block::Empty { .. } => 0,
        Block::Facts { facts, .. } => facts.len(),
        Block::List { items, .. } => items.len(),
        Block::Departures { departures, .. } => departures.len(),
        Block::Moments { moments, .. } => moments.len(),
        Block::Series { points, .. } => points.len(),
        Block::Table(table) => table.rows.len(),
        Block::Days { days, .. } => days.len(),
        Block::Links { links } => links.len(),
        Block::Gauge(_) | Block::Alert(_) => 1,
        Block::Places { places, .. } => places.len(),
    };
    view.blocks.iter().map(count).sum()
}

/// Writes the record that the widget showed live data. An embedded widget has no folder for it.
fn prove(
    folder: Option<&Path>,
    loaded: &LoadedWidget,
    tried: &Tried,
    today: Date,
) -> Result<(), CliError> {
    let (Some(folder), Some(manifest)) = (folder, &loaded.manifest) else { return Ok(()) };
    let file = folder.join(PROOF_FILE);
    let shown = file.display().to_string();
    let proof = serde_json::to_string(&Proof::of(manifest, today, tried.things))
        .map_err(CliError::failed(shown.clone()))?;
    std::fs::write(&file, proof + "\n").map_err(CliError::unusable(shown))
}

#[cfg(test)]
mod tests {
    use voordeur_engine::ManifestWidget;

    use super::*;

    #[test]
    fn a_record_is_written_beside_the_manifest() {
        let folder = std::env::temp_dir().join(format!("voordeur-prove-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let text = std::fs::read_to_string("widgets/catalogue/holidays/widget.toml");
        let text = text.expect("a manifest");
        let widget = ManifestWidget::embedded("holidays").expect("embedded").expect("valid");
        let loaded = LoadedWidget { widget, manifest: Some(text.clone()) };
        let tried = Tried { things: 3, ..Tried::not_asked("holidays", Outcome::Works) };
        let today = "2026-11-30".parse().expect("a day");
        prove(Some(&folder), &loaded, &tried, today).expect("written");
        let file = std::fs::read(folder.join(PROOF_FILE)).expect("a record");
        assert_eq!(Proof::day_of(Some(&file), &text), Ok(today));
        assert!(Proof::day_of(Some(&file), &format!("{text}\n")).is_err());
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
