//! One flight: its turn, the request, and what is made of the answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use tokio::sync::watch;
use voordeur_widget_api::{Limits, Request};

use super::backoff::jittered;
use super::cache_entry::{CacheEntry, CachedResponse, Flight, Key, Outcome, StoredResponse, Trial};
use super::fetch::{RedirectChain, Step};
use super::http_cache::{Validators, holds_for, may_be_kept};
use super::rate_limit::{Change, Host, PermitError, Queued, Urgency};
use super::{FetchError, Fetched, Upstream};
use voordeur_fair_queue::ClientKey;

/// What stands for all hosts of citizens' own addresses, where they are counted: which sites citizens read is no news of a service.
const OWN: &str = "own";

/// What a flight is for.
#[derive(Clone)]
pub(super) struct FetchJob {
    /// Those that the manifest names.
    pub(super) hosts: Vec<String>,
    pub(super) request: Request,
    pub(super) urgency: Urgency,
    /// For whom, as far as turns go.
    pub(super) client: ClientKey,
}

/// Whom a flight goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A host that the manifest names.
    Named(String),
    /// The host of a citizen's own address.
    Own(String),
}

impl Target {
    /// `None` when the request may not be made.
    pub(super) fn of(hosts: &[String], request: &Request) -> Option<Self> {
        Self::next(hosts, request, &RedirectChain::to(request).ok()?)
    }

    /// Whom the next step of a way goes to; `None` when it may not be made.
    fn next(hosts: &[String], request: &Request, way: &RedirectChain) -> Option<Self> {
        let host = way.host()?;
        if request.user_supplied_url {
            return Some(Target::Own(host.to_owned()));
        }
        hosts.iter().any(|named| named == host).then(|| Target::Named(host.to_owned()))
    }

    /// As it stands in figures.
    fn label(&self) -> &str {
        match self {
            Target::Named(host) => host,
            Target::Own(_) => OWN,
        }
    }
}

/// What came of a flight that reached its host.
enum Landed {
    /// A new answer, and its bytes.
    New(StoredResponse, Vec<u8>, bool),
    /// The answer that was held is still the one.
    Unchanged(StoredResponse),
}

/// Why a flight brings nothing.
enum FlightError {
    /// A host was not asked.
    PermitError(PermitError),
    /// A host was asked, and there is no good answer.
    Failed(FetchError),
}

impl From<FetchError> for FlightError {
    fn from(failure: FetchError) -> Self {
        FlightError::Failed(failure)
    }
}

impl Upstream {
    /// Starts a flight that goes on when whoever asked has left.
    pub(super) fn start_flight(
        self: &Arc<Self>,
        slot: &Arc<CacheEntry>,
        errand: FetchJob,
    ) -> Flight {
        let (land, landed) = watch::channel(None);
        let flight = Flight { landed, queued: Queued::default() };
        let queued = flight.queued.clone();
        let (upstream, slot) = (Arc::clone(self), Arc::clone(slot));
        tokio::spawn(async move {
            let outcome = upstream.fly(&slot, &errand, &queued).await;
            slot.state().flight = None;
            // Counts the slot again, now that it holds an answer.
            upstream.slots.insert(Key::of(&errand.request), slot);
            land.send_replace(Some(outcome));
        });
        flight
    }

    pub(super) fn host(&self, whom: &Target) -> Arc<Host> {
        match whom {
            Target::Named(host) => self.pace.named(host, self.limits_of(host)),
            Target::Own(host) => self.pace.own(host, self.limits_of(host)),
        }
    }

    /// What manifests say of a host now.
    fn limits_of(&self, host: &str) -> Limits {
        self.limits_of.get().map_or_else(Limits::default, |limits_of| limits_of(host))
    }

    async fn fly(&self, slot: &CacheEntry, errand: &FetchJob, queued: &Queued) -> Outcome {
        let FetchJob { hosts, request, .. } = errand;
        let Some(whom) = Target::of(hosts, request) else {
            slot.state().fail(FetchError::ForeignHost, &self.patience);
            return Err(FetchError::ForeignHost);
        };
        // What answers another request has other versions.
        let held = slot.state().held.clone().filter(|held| !held.known.asked_earlier);
        let conditions = held.as_ref().map(|held| held.validators.conditions(request));
        let mut took = Duration::ZERO;
        let conditions = conditions.unwrap_or_default();
        let fetched = match self.travel(errand, &conditions, queued, &mut took).await {
            Ok(fetched) => Ok(fetched),
            Err(FlightError::Failed(failure)) => Err(failure),
            Err(FlightError::PermitError(PermitError::Resting { reason, until })) => {
                slot.state().hold_back(reason.clone(), until);
                return Err(reason);
            }
            Err(FlightError::PermitError(PermitError::Busy)) => {
                // What is fetched in advance is not late yet: it is no news that it has to wait.
                if errand.urgency != Urgency::Unwatched {
                    let until = Instant::now() + jittered(self.patience.pause_after_failure);
                    slot.state().hold_back(FetchError::Busy, until);
                }
                return Err(FetchError::Busy);
            }
        };
        let landed = fetched.and_then(|fetched| read(request, fetched, held));
        self.report(&whom, took, &landed);
        self.take(slot, request, landed, took)
    }

    /// Goes from host to host until there is an answer: each step at the pace of the host that is asked then, so that nobody makes us ask
    /// another host more often by sending us there. Adds to `took` how long the hosts took, without the time in their rows.
    async fn travel(
        &self,
        errand: &FetchJob,
        conditions: &HeaderMap,
        queued: &Queued,
        took: &mut Duration,
    ) -> Result<Fetched, FlightError> {
        let FetchJob { hosts, request, urgency, client } = errand;
        let mut way = RedirectChain::to(request)?;
        loop {
            let whom = Target::next(hosts, request, &way).ok_or(FetchError::ForeignHost)?;
            let permit = self.host(&whom).permit(*urgency, *client, queued).await;
            let permit = permit.map_err(FlightError::PermitError)?;
            let began = Instant::now();
            let step = self.fetcher.step(hosts, request, conditions, &mut way);
            let step = tokio::time::timeout(self.patience.flight.saturating_sub(*took), step);
            let step = step.await.unwrap_or_else(|_| Err(FetchError::Slow.into()));
            *took += began.elapsed();
            if matches!(step, Ok(Step::SentOn))
                && Target::next(hosts, request, &way).as_ref() == Some(&whom)
            {
                // It has not shown yet how it is.
                continue;
            }
            let change = permit.landed(step.as_ref().map(|_| ()));
            if let (Target::Named(host), Some(change)) = (&whom, change) {
                self.tell(host, &change);
            }
            if let Step::Arrived(fetched) = step.map_err(|not_fetched| not_fetched.failure)? {
                return Ok(fetched);
            }
        }
    }

    /// Puts what came of a flight into its slot.
    fn take(
        &self,
        slot: &CacheEntry,
        request: &Request,
        landed: Result<Landed, FetchError>,
        took: Duration,
    ) -> Outcome {
        let mut state = slot.state();
        match landed {
            Ok(Landed::New(held, bytes, may_be_kept)) => {
                slot.measure(&held.known.tree, bytes.len());
                let failures = state.failures();
                let (before, failures) = match state.on_trial.take() {
                    Some(trial) => (trial.before, failures.max(trial.failures)),
                    None => (state.held.take(), failures),
                };
                let bytes = (may_be_kept && !request.personal).then_some(bytes);
                state.on_trial = Some(Trial { bytes, before, failures });
                let known = held.known.clone();
                state.held = Some(held);
                state.failed = None;
                Ok(known)
            }
            Ok(Landed::Unchanged(renewed)) => {
                let tree = state.held.as_ref().map(|held| &held.known.tree);
                if !tree.is_some_and(|tree| Arc::ptr_eq(tree, &renewed.known.tree)) {
                    // A widget refused it while we asked whether it still holds.
                    let failure = FetchError::Unreadable("what was refused has not changed".into());
                    state.fail(failure.clone(), &self.patience);
                    return Err(failure);
                }
                let known = renewed.known.clone();
                state.held = Some(renewed);
                state.failed = None;
                Ok(known)
            }
            Err(failure) => {
                // No address and no query: they may say where a citizen lives.
                tracing::debug!(
                    widget = request.widget,
                    request = request.id,
                    duration_ms = took.as_millis(),
                    reason = %failure,
                    "a service did not answer as it should"
                );
                state.fail(failure.clone(), &self.patience);
                Err(failure)
            }
        }
    }

    /// Counts a flight.
    fn report(&self, whom: &Target, took: Duration, landed: &Result<Landed, FetchError>) {
        let host = whom.label().to_owned();
        let outcome = match landed {
            Ok(Landed::New(_, bytes, _)) => {
                metrics::counter!("voordeur_service_bytes_total", "host" => host.clone())
                    .increment(bytes.len() as u64);
                "new"
            }
            Ok(Landed::Unchanged(_)) => "unchanged",
            Err(failure) => failure.name(),
        };
        metrics::histogram!("voordeur_service_flight_seconds", "host" => host.clone())
            .record(took.as_secs_f64());
        metrics::counter!("voordeur_service_flights_total", "host" => host, "outcome" => outcome)
            .increment(1);
        if let Target::Named(host) = whom {
            let told = landed.as_ref().map(|_| ());
            self.health.landed(host, Timestamp::now(), took, told);
        }
    }

    /// Says that a service went down or returned.
    fn tell(&self, host: &str, change: &Change) {
        let is_open = match change {
            Change::WentDown { reason, since, until } => {
                tracing::warn!(host, %reason, %since, %until, "a service went down");
                self.health.went_down(host, *since, reason, *until);
                true
            }
            Change::StaysDown { reason, until } => {
                tracing::debug!(host, %reason, %until, "a service is still down");
                self.health.went_down(host, Timestamp::now(), reason, *until);
                true
            }
            Change::Returned { since } => {
                tracing::info!(host, %since, "a service has returned");
                self.health.returned(host, Timestamp::now());
                false
            }
        };
        let open = metrics::gauge!("voordeur_service_open", "host" => host.to_owned());
        open.set(f64::from(u8::from(is_open)));
    }
}

/// What an answer is, and what it says of how long it holds. What has not changed is not read again.
fn read(
    request: &Request,
    fetched: Fetched,
    held: Option<StoredResponse>,
) -> Result<Landed, FetchError> {
    let Fetched { bytes, headers } = fetched;
    let now = Timestamp::now();
    let holding = |tree| CachedResponse::new(tree, now).holding(holds_for(&headers));
    match (bytes, held) {
        (Some(bytes), _) => {
            let tree = voordeur_formats::read(request.format, &bytes)
                .map_err(|problem| FetchError::Unreadable(problem.to_string()))?;
            let known = holding(Arc::new(tree));
            let held = StoredResponse { known, validators: Validators::of(&headers) };
            Ok(Landed::New(held, bytes, may_be_kept(&headers)))
        }
        (None, Some(held)) => {
            // A 304 repeats the validators (RFC 9110, section 15.4.5); those it leaves out still hold.
            let said = Validators::of(&headers);
            let validators = Validators {
                etag: said.etag.or(held.validators.etag),
                last_modified: said.last_modified.or(held.validators.last_modified),
            };
            Ok(Landed::Unchanged(StoredResponse { known: holding(held.known.tree), validators }))
        }
        (None, None) => Err(FetchError::Unreadable("unchanged, but nothing is known".to_owned())),
    }
}
