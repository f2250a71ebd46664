use std::collections::VecDeque;
use std::net::Ipv4Addr;

use proptest::prelude::*;
use tokio::sync::oneshot;

use super::queue::{Met, Notice, Queue};
use super::*;

const LIMITS: HostLimits = HostLimits {
    interval: Duration::from_millis(100),
    burst: 4,
    flights: 3,
    longest_wait: Duration::from_secs(2),
    failures: 3,
    first_rest: Duration::from_secs(1),
    longest_rest: Duration::from_secs(8),
    longest_asked_rest: Duration::from_secs(60),
};

fn failed(failure: FetchError) -> AttemptError {
    AttemptError { failure, retry_after: None }
}

/// What happens before a host.
#[derive(Clone, Debug)]
enum Event {
    Enter(Urgency, ClientKey),
    /// Another one wants what one of those in the row waits for.
    Join(usize, Urgency, ClientKey),
    /// The longest under way lands, with this.
    Land(Result<(), AttemptError>),
    /// The longest under way is lost.
    Lose,
    /// The last in the row gives up.
    GiveUp,
    Pass(Duration),
}

fn event() -> impl Strategy<Value = Event> {
    let urgency =
        || prop_oneof![Just(Urgency::Empty), Just(Urgency::Stale), Just(Urgency::Unwatched)];
    let client = || prop_oneof![Just(None), (1..4u8).prop_map(client)];
    let failure = prop_oneof![
        4 => Just(failed(FetchError::Broken(503))),
        1 => Just(failed(FetchError::RejectionEffect(404))),
        1 => (0..100u64).prop_map(|seconds| AttemptError {
            failure: FetchError::RejectionEffect(429),
            retry_after: Some(Duration::from_secs(seconds)),
        }),
    ];
    prop_oneof![
        6 => (urgency(), client()).prop_map(|(urgency, client)| Event::Enter(urgency, client)),
        2 => (0..30usize, urgency(), client())
            .prop_map(|(which, urgency, client)| Event::Join(which, urgency, client)),
        3 => Just(Event::Land(Ok(()))),
        3 => failure.prop_map(|failure| Event::Land(Err(failure))),
        1 => Just(Event::Lose),
        1 => Just(Event::GiveUp),
        4 => (0..3_000u64).prop_map(|ms| Event::Pass(Duration::from_millis(ms))),
    ]
}

fn client(number: u8) -> ClientKey {
    Some(Ipv4Addr::new(192, 0, 2, number).into())
}

/// Somebody in the row.
struct Waiting {
    urgency: Urgency,
    ticket: u64,
    told: oneshot::Receiver<Notice>,
}

/// A row, with those before it and those under way.
struct Scene {
    row: Queue,
    now: Instant,
    waiting: Vec<Waiting>,
    /// Whether each is the one that tries.
    under_way: VecDeque<bool>,
    starts: Vec<Instant>,
}

impl Scene {
    fn new() -> Self {
        let now = Instant::now();
        Scene {
            row: Queue::new(now),
            now,
            waiting: Vec::new(),
            under_way: VecDeque::new(),
            starts: Vec::new(),
        }
    }

    fn started(&mut self, is_trial: bool) {
        self.starts.push(self.now);
        self.under_way.push_back(is_trial);
        assert!(self.under_way.len() <= LIMITS.flights, "too many under way");
        let tries = self.under_way.iter().filter(|is_trial| **is_trial).count();
        assert!(tries <= 1, "one tries, not {tries}");
        // So many may start without an interval; each further one comes an interval later.
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
        match self.row.enter(self.now, urgency, client, &LIMITS) {
            Met::Free(is_trial) => self.started(is_trial),
            Met::No(refused) => return Some(refused),
            Met::Wait { told, ticket, .. } => {
                self.waiting.push(Waiting { urgency, ticket, told });
            }
        }
        None
    }

    fn join(&mut self, which: usize, urgency: Urgency, client: ClientKey) {
        if let Some(waiting) = self.waiting.get_mut(which) {
            self.row.join(waiting.ticket, urgency, client);
            waiting.urgency = waiting.urgency.min(urgency);
        }
    }

    /// Lets one start, and gives the ticket of the one that did.
    fn next(&mut self) -> Option<u64> {
        let before: Vec<u64> = self.waiting.iter().map(|waiting| waiting.ticket).collect();
        self.now += LIMITS.interval;
        self.land(Ok(()));
        self.serve();
        let still = |ticket: &u64| self.waiting.iter().any(|waiting| waiting.ticket == *ticket);
        let started: Vec<u64> = before.into_iter().filter(|ticket| !still(ticket)).collect();
        assert!(started.len() <= 1, "one at a time: {started:?}");
        started.first().copied()
    }

    fn land(&mut self, outcome: Result<(), &AttemptError>) -> Option<Change> {
        let was_trial = self.under_way.pop_front()?;
        let at = Timestamp::now();
        let change = self.row.breaker.landed(self.now, at, was_trial, outcome, &LIMITS);
        self.row.land();
        change
    }

    fn lose(&mut self) {
        let Some(was_trial) = self.under_way.pop_front() else { return };
        self.row.land();
        if was_trial {
            self.row.breaker.trial_ended();
        }
    }

    fn serve(&mut self) {
        self.row.serve(self.now, &LIMITS);
        let mut last_to_start = None;
        let mut first_to_wait = None;
        for mut waiting in std::mem::take(&mut self.waiting) {
            let urgency = waiting.urgency;
            match waiting.told.try_recv() {
                Ok(Ok(is_trial)) => {
                    last_to_start = last_to_start.max(Some(urgency));
                    self.started(is_trial);
                }
                Ok(Err(refused)) => assert!(matches!(refused, PermitError::Resting { .. })),
                Err(oneshot::error::TryRecvError::Empty) => {
                    first_to_wait = Some(first_to_wait.map_or(urgency, |first| urgency.min(first)));
                    self.waiting.push(waiting);
                }
                Err(oneshot::error::TryRecvError::Closed) => panic!("left without a word"),
            }
        }
        if let (Some(last), Some(first)) = (last_to_start, first_to_wait) {
            assert!(last <= first, "{last:?} went before {first:?}");
        }
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Enter(urgency, client) => {
                self.enter_for(urgency, client);
            }
            Event::Join(which, urgency, client) => self.join(which, urgency, client),
            Event::Land(outcome) => {
                self.land(outcome.as_ref().copied());
            }
            Event::Lose => self.lose(),
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
    fn whatever_happens_a_host_is_asked_within_its_limits_and_nobody_is_forgotten(
        events in prop::collection::vec(event(), 0..200),
    ) {
        let mut scene = Scene::new();
        events.into_iter().for_each(|event| scene.happens(event));
        for _ in 0..2_000 {
            if scene.waiting.is_empty() && scene.under_way.is_empty() {
                break;
            }
            scene.happens(Event::Land(Ok(())));
            scene.happens(Event::Pass(LIMITS.interval));
        }
        prop_assert!(scene.waiting.is_empty(), "somebody still waits");
        // The host answers now: it is asked as usual again, once its rest is over.
        scene.happens(Event::Pass(LIMITS.longest_asked_rest));
        scene.happens(Event::Enter(Urgency::Empty, None));
        scene.happens(Event::Land(Ok(())));
        prop_assert_eq!(scene.row.breaker.resting_until(), None);
        prop_assert_eq!(scene.enter(Urgency::Unwatched), None);
    }
}

#[test]
fn a_host_that_fails_rests_longer_each_time_and_one_flight_decides() {
    let mut scene = Scene::new();
    let broken = failed(FetchError::Broken(500));
    for number in 1..=LIMITS.failures {
        assert_eq!(scene.enter(Urgency::Empty), None);
        let change = scene.land(Err(&broken));
        assert_eq!(change.is_some(), number == LIMITS.failures, "{number}: {change:?}");
    }
    let mut before = Duration::ZERO;
    for _ in 0..6 {
        let refused = scene.enter(Urgency::Empty);
        let Some(PermitError::Resting { reason, until }) = refused else { panic!("{refused:?}") };
        assert_eq!(reason, FetchError::Broken(500));
        let rest = until - scene.now;
        assert!(rest >= before.mul_f64(1.4) || rest > LIMITS.longest_rest.mul_f64(0.7), "{rest:?}");
        assert!(rest <= LIMITS.longest_rest);
        before = rest;
        scene.now = until;
        assert_eq!(scene.enter(Urgency::Empty), None);
        assert_eq!(scene.enter(Urgency::Empty), None, "the second one waits for the first");
        assert_eq!((scene.under_way.len(), scene.waiting.len()), (1, 1));
        assert!(matches!(scene.land(Err(&broken)), Some(Change::StaysDown { .. })));
        scene.serve();
        assert!(scene.waiting.is_empty(), "it was told");
    }
    scene.now += LIMITS.longest_rest;
    assert_eq!(scene.enter(Urgency::Empty), None);
    let before = scene.now - Duration::from_millis(1);
    assert!(matches!(scene.land(Ok(())), Some(Change::Returned { .. })));
    assert!(scene.row.breaker.has_returned_since(before));
    assert_eq!(scene.land(Ok(())), None);
}

#[test]
fn what_a_host_refuses_or_says_wrong_is_no_reason_to_let_it_rest() {
    let mut scene = Scene::new();
    for failure in [
        FetchError::RejectionEffect(404),
        FetchError::SentAround,
        FetchError::TooLarge(1),
        FetchError::Unreadable(String::new()),
        FetchError::NotPublic,
    ] {
        for _ in 0..LIMITS.failures {
            scene.now += LIMITS.interval;
            assert_eq!(scene.enter(Urgency::Empty), None);
            assert_eq!(scene.land(Err(&failed(failure.clone()))), None, "{failure}");
        }
    }
    // One good answer in between, and the count begins anew.
    for outcome in [Err(()), Err(()), Ok(()), Err(()), Err(())] {
        scene.now += LIMITS.interval;
        assert_eq!(scene.enter(Urgency::Empty), None);
        let slow = failed(FetchError::Slow);
        assert_eq!(scene.land(outcome.map_err(|()| &slow)), None);
    }
}

#[test]
fn a_host_rests_for_as_long_as_it_asks_but_within_bounds() {
    for (asked, given) in [(7, 7), (100_000, 60)] {
        let mut scene = Scene::new();
        assert_eq!(scene.enter(Urgency::Empty), None);
        let busy = AttemptError {
            failure: FetchError::RejectionEffect(429),
            retry_after: Some(Duration::from_secs(asked)),
        };
        assert!(matches!(scene.land(Err(&busy)), Some(Change::WentDown { .. })));
        let refused = scene.enter(Urgency::Empty);
        let Some(PermitError::Resting { until, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(until - scene.now, Duration::from_secs(given));
    }
}

#[test]
fn who_would_wait_too_long_is_told_at_once_and_refreshing_is_in_nobodys_way() {
    let mut scene = Scene::new();
    let room = 1 + (LIMITS.longest_wait.as_millis() / LIMITS.interval.as_millis()) as usize;
    for _ in 0..LIMITS.flights + room {
        assert_eq!(scene.enter(Urgency::Unwatched), None);
    }
    assert_eq!(scene.enter(Urgency::Unwatched), Some(PermitError::Busy));
    assert_eq!(scene.enter(Urgency::Stale), None, "goes before all of them");
    assert_eq!(scene.enter(Urgency::Empty), None);
    scene.now += LIMITS.interval * LIMITS.burst;
    scene.land(Ok(()));
    scene.serve();
    scene.land(Ok(()));
    scene.serve();
    assert!(scene.waiting.iter().all(|waiting| waiting.urgency == Urgency::Unwatched));
}

/// A row in which one client waits as often as it may; one starts when one lands.
fn crowded_by(many: ClientKey) -> Scene {
    let mut scene = Scene::new();
    while scene.enter_for(Urgency::Empty, many).is_none() {}
    scene
}

#[test]
fn one_client_who_wants_much_does_not_keep_another_waiting() {
    let (many, few, one) = (client(1), client(2), client(3));
    let mut scene = crowded_by(many);
    assert_eq!(scene.enter_for(Urgency::Empty, many), Some(PermitError::Busy));
    for who in [few, few, one] {
        assert_eq!(scene.enter_for(Urgency::Empty, who), None, "there is room for others");
    }
    let [.., first, second, third] = &scene.waiting[..] else { panic!("they wait") };
    let (few, one) = ([first.ticket, second.ticket], third.ticket);
    let order: Vec<u64> = (0..6).filter_map(|_| scene.next()).collect();
    let at = |ticket| order.iter().position(|started| *started == ticket);
    assert!(at(few[0]).is_some_and(|at| at <= 2) && at(one).is_some_and(|at| at <= 2), "{order:?}");
    assert!(at(few[1]).is_some_and(|at| (3..=4).contains(&at)), "its second turn: {order:?}");
    assert_eq!(order.len(), 6, "the first client goes on: {order:?}");
}

#[test]
fn what_another_one_wants_too_waits_no_longer_than_theirs_would() {
    let (many, one) = (client(1), client(2));
    let mut scene = crowded_by(many);
    let last = scene.waiting.len() - 1;
    let ticket = scene.waiting[last].ticket;
    scene.join(last, Urgency::Empty, many);
    assert_ne!(scene.next(), Some(ticket), "the same client gains nothing");
    let last = scene.waiting.len() - 1;
    scene.join(last, Urgency::Empty, one);
    let order: Vec<u64> = (0..2).filter_map(|_| scene.next()).collect();
    assert!(order.contains(&ticket), "{order:?}");
    // That was a turn of theirs.
    assert_eq!(scene.enter_for(Urgency::Empty, one), None);
    // Who has had their turn already is no reason to move anything.
    scene.row.join(ticket, Urgency::Empty, client(3));
}

#[test]
fn who_has_had_a_turn_is_not_overtaken_without_end() {
    let mut scene = Scene::new();
    for _ in 0..LIMITS.flights {
        assert_eq!(scene.enter_for(Urgency::Empty, client(1)), None);
    }
    for _ in 0..2 {
        assert_eq!(scene.enter_for(Urgency::Empty, client(1)), None);
    }
    let second = scene.waiting[1].ticket;
    // As many come as are served, each for the first time.
    let order = (2..20).filter_map(|number| {
        assert_eq!(scene.enter_for(Urgency::Empty, client(number)), None);
        scene.next()
    });
    let order: Vec<u64> = order.collect();
    let at = order.iter().position(|started| *started == second);
    assert!(at.is_some_and(|at| at <= 3), "{order:?}");
}

#[test]
fn a_turn_that_is_given_while_somebody_gives_up_is_taken() {
    let (tell, told) = oneshot::channel();
    assert_eq!(tell.send(Ok(true)), Ok(()));
    assert_eq!(last_word(told), Ok(true));
    let (tell, told) = oneshot::channel();
    assert_eq!(last_word(told), Err(PermitError::Busy));
    assert!(tell.send(Ok(true)).is_err(), "nobody waits any more");
}

#[test]
fn hosts_of_citizens_stand_apart_and_are_bounded() {
    let pace = RateLimiter::new(LIMITS, 1);
    let own = |name: &str| pace.own(name, Limits::default());
    assert!(!Arc::ptr_eq(&own("a.example"), &pace.named("a.example", Limits::default())));
    assert!(Arc::ptr_eq(&own("a.example"), &own("a.example")));
    for number in 0..MOST_OWN_HOSTS + 500 {
        own(&format!("{number}.example"));
    }
    pace.own.run_pending_tasks();
    assert!(pace.own.entry_count() <= MOST_OWN_HOSTS);
}

#[test]
fn a_manifest_can_ask_for_less_but_not_for_more() {
    let pace = RateLimiter::new(LIMITS, 1);
    let cases = [
        (Limits::default(), LIMITS),
        (
            Limits { per_second: Some(2.0), burst: Some(1), concurrent: Some(2) },
            HostLimits { interval: Duration::from_millis(500), burst: 1, flights: 2, ..LIMITS },
        ),
        (Limits { per_second: Some(5_000.0), burst: Some(500), concurrent: Some(50) }, LIMITS),
        (Limits { burst: Some(2), ..Limits::default() }, HostLimits { burst: 2, ..LIMITS }),
    ];
    // The same host each time: what a manifest says may change while the server runs.
    for (wanted, given) in cases {
        assert_eq!(pace.named("a.example", wanted).limits(), given);
        assert_eq!(pace.own("a.example", wanted).limits(), given);
    }
}
