use std::collections::VecDeque;
use std::net::Ipv4Addr;

use proptest::prelude::*;
use tokio::sync::oneshot;

use super::queue::{Admission, Grant, Queue};
use super::*;

const LIMITS: HostLimits = HostLimits {
    interval: Duration::from_millis(100),
    burst: 4,
    flights: 3,
    max_wait: Duration::from_secs(2),
    failures: 3,
    first_open_time: Duration::from_secs(1),
    max_open_time: Duration::from_secs(8),
    max_retry_after: Duration::from_secs(60),
};

fn failed(error: FetchError) -> AttemptError {
    AttemptError { error, retry_after: None }
}

/// An event in the life of a queue.
#[derive(Clone, Debug)]
enum Event {
    Enter(Urgency, ClientKey),
    /// Another client wants the response that a queued flight waits for.
    Join(usize, Urgency, ClientKey),
    /// The oldest flight in progress ends with this result.
    End(Result<(), AttemptError>),
    /// The oldest flight in progress is dropped without a result.
    Drop,
    /// The flight queued last gives up.
    GiveUp,
    Pass(Duration),
}

fn event() -> impl Strategy<Value = Event> {
    let urgency =
        || prop_oneof![Just(Urgency::Uncached), Just(Urgency::Stale), Just(Urgency::Background)];
    let client = || prop_oneof![Just(None), (1..4u8).prop_map(client)];
    let error = prop_oneof![
        4 => Just(failed(FetchError::ServerError(503))),
        1 => Just(failed(FetchError::Rejected(404))),
        1 => (0..100u64).prop_map(|seconds| AttemptError {
            error: FetchError::Rejected(429),
            retry_after: Some(Duration::from_secs(seconds)),
        }),
    ];
    prop_oneof![
        6 => (urgency(), client()).prop_map(|(urgency, client)| Event::Enter(urgency, client)),
        2 => (0..30usize, urgency(), client())
            .prop_map(|(which, urgency, client)| Event::Join(which, urgency, client)),
        3 => Just(Event::End(Ok(()))),
        3 => error.prop_map(|error| Event::End(Err(error))),
        1 => Just(Event::Drop),
        1 => Just(Event::GiveUp),
        4 => (0..3_000u64).prop_map(|ms| Event::Pass(Duration::from_millis(ms))),
    ]
}

fn client(number: u8) -> ClientKey {
    Some(Ipv4Addr::new(192, 0, 2, number).into())
}

/// A queued flight.
struct Waiting {
    urgency: Urgency,
    ticket: u64,
    grant: oneshot::Receiver<Grant>,
}

/// A queue with its waiting flights and its flights in progress.
struct Simulation {
    queue: Queue,
    now: Instant,
    waiting: Vec<Waiting>,
    /// Whether each is a probe.
    in_flight: VecDeque<bool>,
    starts: Vec<Instant>,
}

impl Simulation {
    fn new() -> Self {
        let now = Instant::now();
        Simulation {
            queue: Queue::new(now),
            now,
            waiting: Vec::new(),
            in_flight: VecDeque::new(),
            starts: Vec::new(),
        }
    }

    fn started(&mut self, is_probe: bool) {
        self.starts.push(self.now);
        self.in_flight.push_back(is_probe);
        assert!(self.in_flight.len() <= LIMITS.flights, "too many in progress");
        let probes = self.in_flight.iter().filter(|is_probe| **is_probe).count();
        assert!(probes <= 1, "{probes} probes");
        // A burst starts at once; each further flight starts an interval later.
        let burst = LIMITS.burst as usize;
        for (at, first) in self.starts.iter().enumerate() {
            let Some(after) = (self.starts.len() - at).checked_sub(burst) else { continue };
            let least = LIMITS.interval * u32::try_from(after).expect("few");
            assert!(self.now.duration_since(*first) >= least, "too fast");
        }
    }

    fn enter(&mut self, urgency: Urgency) -> Option<PermitError> {
        self.enter_for(urgency, None)
    }

    fn enter_for(&mut self, urgency: Urgency, client: ClientKey) -> Option<PermitError> {
        match self.queue.enter(self.now, urgency, client, &LIMITS) {
            Admission::Granted { is_probe } => self.started(is_probe),
            Admission::Denied(error) => return Some(error),
            Admission::Queued { grant, ticket, .. } => {
                self.waiting.push(Waiting { urgency, ticket, grant });
            }
        }
        None
    }

    fn join(&mut self, which: usize, urgency: Urgency, client: ClientKey) {
        if let Some(waiting) = self.waiting.get_mut(which) {
            self.queue.join(waiting.ticket, urgency, client);
            waiting.urgency = waiting.urgency.min(urgency);
        }
    }

    /// Ends one flight, and returns the ticket of the one that starts instead.
    fn next(&mut self) -> Option<u64> {
        let before: Vec<u64> = self.waiting.iter().map(|waiting| waiting.ticket).collect();
        self.now += LIMITS.interval;
        self.end_flight(Ok(()));
        self.serve();
        let still = |ticket: &u64| self.waiting.iter().any(|waiting| waiting.ticket == *ticket);
        let started: Vec<u64> = before.into_iter().filter(|ticket| !still(ticket)).collect();
        assert!(started.len() <= 1, "one at a time: {started:?}");
        started.first().copied()
    }

    fn end_flight(&mut self, outcome: Result<(), &AttemptError>) -> Option<BreakerChange> {
        let was_probe = self.in_flight.pop_front()?;
        let at = Timestamp::now();
        let change = self.queue.breaker.record(self.now, at, was_probe, outcome, &LIMITS);
        self.queue.flight_ended();
        change
    }

    fn drop_flight(&mut self) {
        let Some(was_probe) = self.in_flight.pop_front() else { return };
        self.queue.flight_ended();
        if was_probe {
            self.queue.breaker.probe_abandoned();
        }
    }

    fn serve(&mut self) {
        self.queue.serve(self.now, &LIMITS);
        let mut last_to_start = None;
        let mut first_to_wait = None;
        for mut waiting in std::mem::take(&mut self.waiting) {
            let urgency = waiting.urgency;
            match waiting.grant.try_recv() {
                Ok(Ok(is_probe)) => {
                    last_to_start = last_to_start.max(Some(urgency));
                    self.started(is_probe);
                }
                Ok(Err(error)) => assert!(matches!(error, PermitError::CircuitOpen { .. })),
                Err(oneshot::error::TryRecvError::Empty) => {
                    first_to_wait = Some(first_to_wait.map_or(urgency, |first| urgency.min(first)));
                    self.waiting.push(waiting);
                }
                Err(oneshot::error::TryRecvError::Closed) => panic!("dropped without a grant"),
            }
        }
        if let (Some(last), Some(first)) = (last_to_start, first_to_wait) {
            assert!(last <= first, "{last:?} started before {first:?}");
        }
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Enter(urgency, client) => {
                self.enter_for(urgency, client);
            }
            Event::Join(which, urgency, client) => self.join(which, urgency, client),
            Event::End(outcome) => {
                self.end_flight(outcome.as_ref().copied());
            }
            Event::Drop => self.drop_flight(),
            Event::GiveUp => {
                self.waiting.pop();
            }
            Event::Pass(time) => self.now += time,
        }
        self.serve();
    }
}

proptest! {
    #[test]
    fn limits_hold_and_no_flight_is_forgotten_in_any_order_of_events(
        events in prop::collection::vec(event(), 0..200),
    ) {
        let mut simulation = Simulation::new();
        events.into_iter().for_each(|event| simulation.apply(event));
        for _ in 0..2_000 {
            if simulation.waiting.is_empty() && simulation.in_flight.is_empty() {
                break;
            }
            simulation.apply(Event::End(Ok(())));
            simulation.apply(Event::Pass(LIMITS.interval));
        }
        prop_assert!(simulation.waiting.is_empty(), "a flight still waits");
        // The host works now: once the open time is over, a probe closes the breaker.
        simulation.apply(Event::Pass(LIMITS.max_retry_after));
        simulation.apply(Event::Enter(Urgency::Uncached, None));
        simulation.apply(Event::End(Ok(())));
        prop_assert_eq!(simulation.queue.breaker.open_until(), None);
        prop_assert_eq!(simulation.enter(Urgency::Background), None);
    }
}

#[test]
fn open_times_grow_with_each_failed_probe_and_one_probe_at_a_time_is_made() {
    let mut simulation = Simulation::new();
    let broken = failed(FetchError::ServerError(500));
    for number in 1..=LIMITS.failures {
        assert_eq!(simulation.enter(Urgency::Uncached), None);
        let change = simulation.end_flight(Err(&broken));
        assert_eq!(change.is_some(), number == LIMITS.failures, "{number}: {change:?}");
    }
    let mut before = Duration::ZERO;
    for _ in 0..6 {
        let denied = simulation.enter(Urgency::Uncached);
        let Some(PermitError::CircuitOpen { reason, until }) = denied else { panic!("{denied:?}") };
        assert_eq!(reason, FetchError::ServerError(500));
        let open_time = until - simulation.now;
        assert!(
            open_time >= before.mul_f64(1.4) || open_time > LIMITS.max_open_time.mul_f64(0.7),
            "{open_time:?}"
        );
        assert!(open_time <= LIMITS.max_open_time);
        before = open_time;
        simulation.now = until;
        assert_eq!(simulation.enter(Urgency::Uncached), None);
        assert_eq!(simulation.enter(Urgency::Uncached), None, "the second one waits for the probe");
        assert_eq!((simulation.in_flight.len(), simulation.waiting.len()), (1, 1));
        assert!(matches!(
            simulation.end_flight(Err(&broken)),
            Some(BreakerChange::Reopened { .. })
        ));
        simulation.serve();
        assert!(simulation.waiting.is_empty(), "it was denied");
    }
    simulation.now += LIMITS.max_open_time;
    assert_eq!(simulation.enter(Urgency::Uncached), None);
    let before = simulation.now - Duration::from_millis(1);
    assert!(matches!(simulation.end_flight(Ok(())), Some(BreakerChange::Closed { .. })));
    assert!(simulation.queue.breaker.has_closed_since(before));
    assert_eq!(simulation.end_flight(Ok(())), None);
}

#[test]
fn rejected_and_unreadable_responses_do_not_open_the_breaker() {
    let mut simulation = Simulation::new();
    for error in [
        FetchError::Rejected(404),
        FetchError::TooManyRedirects,
        FetchError::TooLarge(1),
        FetchError::Unreadable(String::new()),
        FetchError::NotPublic,
    ] {
        for _ in 0..LIMITS.failures {
            simulation.now += LIMITS.interval;
            assert_eq!(simulation.enter(Urgency::Uncached), None);
            assert_eq!(simulation.end_flight(Err(&failed(error.clone()))), None, "{error}");
        }
    }
    // A success in between resets the count.
    for outcome in [Err(()), Err(()), Ok(()), Err(()), Err(())] {
        simulation.now += LIMITS.interval;
        assert_eq!(simulation.enter(Urgency::Uncached), None);
        let slow = failed(FetchError::Timeout);
        assert_eq!(simulation.end_flight(outcome.map_err(|()| &slow)), None);
    }
}

#[test]
fn retry_after_sets_the_open_time_within_bounds() {
    for (requested, expected) in [(7, 7), (100_000, 60)] {
        let mut simulation = Simulation::new();
        assert_eq!(simulation.enter(Urgency::Uncached), None);
        let busy = AttemptError {
            error: FetchError::Rejected(429),
            retry_after: Some(Duration::from_secs(requested)),
        };
        assert!(matches!(simulation.end_flight(Err(&busy)), Some(BreakerChange::Opened { .. })));
        let denied = simulation.enter(Urgency::Uncached);
        let Some(PermitError::CircuitOpen { until, .. }) = denied else { panic!("{denied:?}") };
        assert_eq!(until - simulation.now, Duration::from_secs(expected));
    }
}

#[test]
fn a_full_queue_denies_at_once_and_background_refreshes_delay_nobody() {
    let mut simulation = Simulation::new();
    let capacity = 1 + (LIMITS.max_wait.as_millis() / LIMITS.interval.as_millis()) as usize;
    for _ in 0..LIMITS.flights + capacity {
        assert_eq!(simulation.enter(Urgency::Background), None);
    }
    assert_eq!(simulation.enter(Urgency::Background), Some(PermitError::Busy));
    assert_eq!(simulation.enter(Urgency::Stale), None, "ahead of all of them");
    assert_eq!(simulation.enter(Urgency::Uncached), None);
    simulation.now += LIMITS.interval * LIMITS.burst;
    simulation.end_flight(Ok(()));
    simulation.serve();
    simulation.end_flight(Ok(()));
    simulation.serve();
    assert!(simulation.waiting.iter().all(|waiting| waiting.urgency == Urgency::Background));
}

/// A queue that one client has filled.
fn filled_by(client: ClientKey) -> Simulation {
    let mut simulation = Simulation::new();
    while simulation.enter_for(Urgency::Uncached, client).is_none() {}
    simulation
}

#[test]
fn a_client_with_many_requests_does_not_delay_another() {
    let (many, few, one) = (client(1), client(2), client(3));
    let mut simulation = filled_by(many);
    assert_eq!(simulation.enter_for(Urgency::Uncached, many), Some(PermitError::Busy));
    for other in [few, few, one] {
        assert_eq!(simulation.enter_for(Urgency::Uncached, other), None, "others still fit");
    }
    let [.., first, second, third] = &simulation.waiting[..] else { panic!("three waiting") };
    let (few, one) = ([first.ticket, second.ticket], third.ticket);
    let order: Vec<u64> = (0..6).filter_map(|_| simulation.next()).collect();
    let at = |ticket| order.iter().position(|started| *started == ticket);
    assert!(at(few[0]).is_some_and(|at| at <= 2) && at(one).is_some_and(|at| at <= 2), "{order:?}");
    assert!(at(few[1]).is_some_and(|at| (3..=4).contains(&at)), "its second flight: {order:?}");
    assert_eq!(order.len(), 6, "the first client continues: {order:?}");
}

#[test]
fn a_joined_flight_waits_no_longer_than_that_of_the_second_client_would() {
    let (many, one) = (client(1), client(2));
    let mut simulation = filled_by(many);
    let last = simulation.waiting.len() - 1;
    let ticket = simulation.waiting[last].ticket;
    simulation.join(last, Urgency::Uncached, many);
    assert_ne!(simulation.next(), Some(ticket), "joining one's own flight gains nothing");
    let last = simulation.waiting.len() - 1;
    simulation.join(last, Urgency::Uncached, one);
    let order: Vec<u64> = (0..2).filter_map(|_| simulation.next()).collect();
    assert!(order.contains(&ticket), "{order:?}");
    // It was counted for the client that joined.
    assert_eq!(simulation.enter_for(Urgency::Uncached, one), None);
    // Joining a flight that has started changes nothing.
    simulation.queue.join(ticket, Urgency::Uncached, client(3));
}

#[test]
fn a_client_with_earlier_flights_is_not_overtaken_indefinitely() {
    let mut simulation = Simulation::new();
    for _ in 0..LIMITS.flights {
        assert_eq!(simulation.enter_for(Urgency::Uncached, client(1)), None);
    }
    for _ in 0..2 {
        assert_eq!(simulation.enter_for(Urgency::Uncached, client(1)), None);
    }
    let second = simulation.waiting[1].ticket;
    // As many new clients arrive as flights start.
    let order = (2..20).filter_map(|number| {
        assert_eq!(simulation.enter_for(Urgency::Uncached, client(number)), None);
        simulation.next()
    });
    let order: Vec<u64> = order.collect();
    let at = order.iter().position(|started| *started == second);
    assert!(at.is_some_and(|at| at <= 3), "{order:?}");
}

#[test]
fn a_grant_at_the_moment_of_the_timeout_is_taken() {
    let (sender, grant) = oneshot::channel();
    assert_eq!(sender.send(Ok(true)), Ok(()));
    assert_eq!(late_grant(grant), Ok(true));
    let (sender, grant) = oneshot::channel();
    assert_eq!(late_grant(grant), Err(PermitError::Busy));
    assert!(sender.send(Ok(true)).is_err(), "the receiver is closed");
}

#[test]
fn citizen_given_hosts_are_separate_and_bounded() {
    let rate_limiter = RateLimiter::new(LIMITS, 1);
    let citizen_given = |name: &str| rate_limiter.citizen_given(name, Limits::default());
    assert!(!Arc::ptr_eq(
        &citizen_given("a.example"),
        &rate_limiter.declared("a.example", Limits::default())
    ));
    assert!(Arc::ptr_eq(&citizen_given("a.example"), &citizen_given("a.example")));
    for number in 0..MAX_CITIZEN_HOSTS + 500 {
        citizen_given(&format!("{number}.example"));
    }
    rate_limiter.citizen_given.run_pending_tasks();
    assert!(rate_limiter.citizen_given.entry_count() <= MAX_CITIZEN_HOSTS);
}

#[test]
fn a_manifest_can_lower_limits_but_not_raise_them() {
    let rate_limiter = RateLimiter::new(LIMITS, 1);
    let cases = [
        (Limits::default(), LIMITS),
        (
            Limits { per_second: Some(2.0), burst: Some(1), concurrent: Some(2) },
            HostLimits { interval: Duration::from_millis(500), burst: 1, flights: 2, ..LIMITS },
        ),
        (Limits { per_second: Some(5_000.0), burst: Some(500), concurrent: Some(50) }, LIMITS),
        (Limits { burst: Some(2), ..Limits::default() }, HostLimits { burst: 2, ..LIMITS }),
    ];
    // The same host each time: manifests change while the server runs.
    for (manifest_limits, expected) in cases {
        assert_eq!(rate_limiter.declared("a.example", manifest_limits).limits(), expected);
        assert_eq!(rate_limiter.citizen_given("a.example", manifest_limits).limits(), expected);
    }
}
