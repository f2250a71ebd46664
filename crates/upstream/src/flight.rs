//! One flight: the queue of the host, the HTTP request, and the update of the cache entry.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use tokio::sync::watch;
use voordeur_fair_queue::ClientKey;
use voordeur_widget_api::Request;

use super::cache_entry::{
    CacheEntry, CacheKey, CachedResponse, Flight, Outcome, StoredResponse, Unconfirmed,
};
use super::fetch::{Hop, RawResponse, RedirectChain};
use super::http_cache::{Validators, freshness_lifetime, is_storable};
use super::rate_limit::{BreakerChange, Host, PermitError, QueueHandle, Urgency};
use super::retry_delay::jittered;
use super::{FetchError, Upstream};

/// The `host` label in metrics of all hosts of addresses given by citizens: which sites citizens
/// read is not recorded.
const CITIZEN_HOSTS_LABEL: &str = "own";

#[derive(Clone)]
pub(super) struct FetchJob {
    /// The hosts that the manifest declares.
    pub(super) hosts: Vec<String>,
    pub(super) request: Request,
    pub(super) urgency: Urgency,
    /// Fairness key in the queue of the host.
    pub(super) client: ClientKey,
}

/// The host that a hop goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A host that the manifest declares.
    Declared(String),
    /// The host of an address that a citizen gave.
    CitizenGiven(String),
}

impl Target {
    /// The target of the first hop; `None` if the request is not allowed.
    pub(super) fn of(hosts: &[String], request: &Request) -> Option<Self> {
        Self::next(hosts, request, &RedirectChain::new(request).ok()?)
    }

    fn next(hosts: &[String], request: &Request, chain: &RedirectChain) -> Option<Self> {
        let host = chain.host()?;
        if request.user_supplied_url {
            return Some(Target::CitizenGiven(host.to_owned()));
        }
        let is_declared = hosts.iter().any(|declared| declared == host);
        is_declared.then(|| Target::Declared(host.to_owned()))
    }

    fn name(&self) -> &str {
        let (Target::Declared(host) | Target::CitizenGiven(host)) = self;
        host
    }

    fn metrics_label(&self) -> &str {
        match self {
            Target::Declared(host) => host,
            Target::CitizenGiven(_) => CITIZEN_HOSTS_LABEL,
        }
    }
}

/// A response that was parsed or revalidated.
enum Received {
    New {
        stored: StoredResponse,
        /// The size of the tree in memory, in bytes.
        tree_size: usize,
        bytes: Vec<u8>,
        is_storable: bool,
    },
    /// The stored response, with the headers of the 304.
    NotModified(StoredResponse),
}

/// Why a flight gives no response.
#[derive(Debug, thiserror::Error)]
enum FlightError {
    /// A host may not be asked now.
    #[error(transparent)]
    NotPermitted(#[from] PermitError),
    /// A host was asked, and there is no good response.
    #[error(transparent)]
    Failed(#[from] FetchError),
}

impl Upstream {
    /// Starts a flight. It runs to its end even if nobody waits for it any more.
    pub(super) fn start_flight(self: &Arc<Self>, entry: &Arc<CacheEntry>, job: FetchJob) -> Flight {
        let (sender, outcome) = watch::channel(None);
        let flight = Flight { outcome, queue: QueueHandle::default() };
        let queue = flight.queue.clone();
        let (upstream, entry) = (Arc::clone(self), Arc::clone(entry));
        tokio::spawn(async move {
            let outcome = upstream.run_flight(&entry, &job, &queue).await;
            entry.state().flight = None;
            // Updates the weight of the entry.
            upstream.entries.insert(CacheKey::of(&job.request), entry);
            sender.send_replace(Some(outcome));
        });
        flight
    }

    pub(super) fn host(&self, target: &Target) -> Arc<Host> {
        let (Target::Declared(host) | Target::CitizenGiven(host)) = target;
        let limits = self.host_policy.limits_of_host(host);
        match target {
            Target::Declared(_) => self.rate_limiter.declared(host, limits),
            Target::CitizenGiven(_) => self.rate_limiter.citizen_given(host, limits),
        }
    }

    async fn run_flight(&self, entry: &CacheEntry, job: &FetchJob, queue: &QueueHandle) -> Outcome {
        let FetchJob { hosts, request, .. } = job;
        let Some(target) = Target::of(hosts, request) else {
            entry.state().record_failure(FetchError::HostNotAllowed, &self.policy);
            return Err(FetchError::HostNotAllowed);
        };
        // The response to another request has other validators.
        let stored = entry.state().stored.clone();
        let stored = stored.filter(|stored| !stored.response.from_earlier_request);
        let conditions = stored.as_ref().map(|stored| stored.validators.conditions(request));
        let conditions = conditions.unwrap_or_default();
        let mut elapsed = Duration::ZERO;
        let fetched = match self.follow_redirects(job, &conditions, queue, &mut elapsed).await {
            Ok(fetched) => Ok(fetched),
            // Nobody was asked, so nothing is known about the host.
            Err(FlightError::Failed(FetchError::Paused)) => return Err(FetchError::Paused),
            Err(FlightError::Failed(error)) => Err(error),
            Err(FlightError::NotPermitted(PermitError::CircuitOpen { reason, until })) => {
                entry.state().postpone(reason.clone(), until);
                return Err(reason);
            }
            Err(FlightError::NotPermitted(PermitError::Busy)) => {
                // A background refresh is early, so its delay is not shown to anybody.
                if job.urgency != Urgency::Background {
                    let retry_at = Instant::now() + jittered(self.policy.first_retry_delay);
                    entry.state().postpone(FetchError::Busy, retry_at);
                }
                return Err(FetchError::Busy);
            }
        };
        let received = match fetched {
            Ok(fetched) => self.receive(job, fetched, stored).await,
            Err(error) => Err(error),
        };
        self.record_flight(&target, elapsed, &received);
        self.store(entry, request, received, elapsed)
    }

    /// Follows redirects up to a final response. Each hop waits in the queue of its own host, so a
    /// service cannot make us ask another host more often by redirecting to it. Adds to `elapsed`
    /// the time that the hosts took, without the time in their queues.
    async fn follow_redirects(
        &self,
        job: &FetchJob,
        conditions: &HeaderMap,
        queue: &QueueHandle,
        elapsed: &mut Duration,
    ) -> Result<RawResponse, FlightError> {
        let FetchJob { hosts, request, urgency, client } = job;
        let mut chain = RedirectChain::new(request)?;
        loop {
            let target = Target::next(hosts, request, &chain).ok_or(FetchError::HostNotAllowed)?;
            let permit = self.host(&target).acquire(*urgency, *client, queue).await?;
            // Also a flight that waited, or that a redirect leads here.
            if self.host_policy.is_paused(&request.widget, target.name()) {
                return Err(FetchError::Paused.into());
            }
            let start = Instant::now();
            let hop = self.fetcher.fetch_next(hosts, request, conditions, &mut chain);
            let timeout = self.policy.flight_timeout.saturating_sub(*elapsed);
            let hop = tokio::time::timeout(timeout, hop).await;
            let hop = hop.unwrap_or_else(|_| Err(FetchError::Timeout.into()));
            *elapsed += start.elapsed();
            if matches!(hop, Ok(Hop::Redirect))
                && Target::next(hosts, request, &chain).as_ref() == Some(&target)
            {
                // A redirect to the same host does not show yet whether the host works.
                continue;
            }
            let change = permit.record(hop.as_ref().map(|_| ()));
            if let (Target::Declared(host), Some(change)) = (&target, change) {
                self.record_breaker_change(host, &change);
            }
            if let Hop::Response(response) = hop.map_err(|failed| failed.error)? {
                return Ok(response);
            }
        }
    }

    /// Puts the result of a flight into its cache entry.
    fn store(
        &self,
        entry: &CacheEntry,
        request: &Request,
        received: Result<Received, FetchError>,
        elapsed: Duration,
    ) -> Outcome {
        let mut state = entry.state();
        match received {
            Ok(Received::New { stored, tree_size, bytes, is_storable }) => {
                entry.set_size(tree_size, bytes.len());
                let failures = state.failures();
                let (previous, failures) = match state.unconfirmed.take() {
                    Some(it) => (it.previous, failures.max(it.failures)),
                    None => (state.stored.take(), failures),
                };
                let bytes = (is_storable && !request.personal).then_some(bytes);
                state.unconfirmed = Some(Unconfirmed { bytes, previous, failures });
                let response = stored.response.clone();
                state.stored = Some(stored);
                state.last_failure = None;
                Ok(response)
            }
            Ok(Received::NotModified(renewed)) => {
                let tree = state.stored.as_ref().map(|stored| &stored.response.tree);
                if !tree.is_some_and(|tree| Arc::ptr_eq(tree, &renewed.response.tree)) {
                    // A widget rejected it during the flight.
                    let rejection = state.last_failure.as_ref().map(|last| last.error.clone());
                    let error = rejection.unwrap_or_else(|| {
                        FetchError::Unreadable("rejected response not modified".to_owned())
                    });
                    state.record_failure(error.clone(), &self.policy);
                    return Err(error);
                }
                let response = renewed.response.clone();
                state.stored = Some(renewed);
                state.last_failure = None;
                Ok(response)
            }
            Err(error) => {
                // No path and no query: they may contain where a citizen lives. An unreadable
                // response is quoted, unless it is a citizen's own.
                let is_private = request.user_supplied_url || request.personal;
                let reason = match &error {
                    FetchError::Unreadable(_) if is_private => error.name().to_owned(),
                    _ => error.to_string(),
                };
                tracing::debug!(
                    widget = request.widget,
                    request = request.id,
                    duration_ms = elapsed.as_millis(),
                    reason,
                    "request failed"
                );
                state.record_failure(error.clone(), &self.policy);
                Err(error)
            }
        }
    }

    /// Records a flight in metrics and in the health of its host.
    fn record_flight(
        &self,
        target: &Target,
        elapsed: Duration,
        received: &Result<Received, FetchError>,
    ) {
        let host = target.metrics_label().to_owned();
        let outcome = match received {
            Ok(Received::New { bytes, .. }) => {
                metrics::counter!("voordeur_service_bytes_total", "host" => host.clone())
                    .increment(bytes.len() as u64);
                "new"
            }
            Ok(Received::NotModified(_)) => "unchanged",
            Err(error) => error.name(),
        };
        metrics::histogram!("voordeur_service_flight_seconds", "host" => host.clone())
            .record(elapsed.as_secs_f64());
        metrics::counter!("voordeur_service_flights_total", "host" => host, "outcome" => outcome)
            .increment(1);
        if let Target::Declared(host) = target {
            let outcome = received.as_ref().map(|_| ());
            self.health.record_flight(host, Timestamp::now(), elapsed, outcome);
        }
    }

    /// Logs a change of a circuit breaker, and records it in metrics and in the health of its host.
    fn record_breaker_change(&self, host: &str, change: &BreakerChange) {
        let is_open = match change {
            BreakerChange::Opened { reason, since, until } => {
                tracing::warn!(host, %reason, %since, %until, "service down");
                self.health.mark_down(host, *since, reason, *until);
                true
            }
            BreakerChange::Reopened { reason, until } => {
                tracing::debug!(host, %reason, %until, "service still down");
                self.health.mark_down(host, Timestamp::now(), reason, *until);
                true
            }
            BreakerChange::Closed { since } => {
                tracing::info!(host, %since, "service recovered");
                self.health.mark_up(host, Timestamp::now());
                false
            }
        };
        let open = metrics::gauge!("voordeur_service_open", "host" => host.to_owned());
        open.set(f64::from(u8::from(is_open)));
    }

    /// Parses a response; one that was not modified takes over the stored tree.
    async fn receive(
        &self,
        job: &FetchJob,
        fetched: RawResponse,
        stored: Option<StoredResponse>,
    ) -> Result<Received, FetchError> {
        let RawResponse { bytes, headers, origin } = fetched;
        let response = |tree| {
            CachedResponse::new(tree, Timestamp::now()).with_max_age(freshness_lifetime(&headers))
        };
        match (bytes, stored) {
            (Some(bytes), _) => {
                let (parsed, bytes) =
                    self.parse_body(&job.request, job.client, bytes, &origin).await;
                let validators = Validators::of(&headers);
                let (tree, tree_size) = parsed?;
                let stored = StoredResponse { response: response(tree), validators, origin };
                let is_storable = is_storable(&headers);
                Ok(Received::New { stored, tree_size, bytes, is_storable })
            }
            (None, Some(stored)) => {
                // A 304 repeats the validators (RFC 9110, section 15.4.5); those it omits still
                // apply.
                let new = Validators::of(&headers);
                let validators = Validators {
                    etag: new.etag.or(stored.validators.etag),
                    last_modified: new.last_modified.or(stored.validators.last_modified),
                };
                let (response, origin) = (response(stored.response.tree), stored.origin);
                Ok(Received::NotModified(StoredResponse { response, validators, origin }))
            }
            (None, None) => Err(FetchError::Unreadable("304 without a stored response".to_owned())),
        }
    }
}
