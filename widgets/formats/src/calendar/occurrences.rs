use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::Value;
use voordeur_widget_api::{Budget, Exhausted};

use super::super::tree::{self, Size};
use super::expansion::{Expansion, StepsLeft, list};
use super::length::Length;
use super::times::{self, EventTime, local_time};
use super::zones::Zone;

/// Maximum number of occurrences returned, the earliest ones.
const MAX_OCCURRENCES: usize = 1_000;

/// More occurrences than this are sorted, and those beyond `MAX_OCCURRENCES` are forgotten.
const MAX_COLLECTED: usize = 4 * MAX_OCCURRENCES;

/// The occurrences of events from the day `from` to the day `until`, both inclusive, ordered by
/// start.
///
/// `calendar` is a tree of the format `icalendar`, a list of its events, or one event. Days begin
/// at midnight in `zone`, which also applies to local times without a zone. An occurrence is its
/// event with its own `start` and `end`, without `recurrence`. One from midnight to midnight in
/// `zone` is of whole days, whatever its zone. Occurrences that start before the window and end in
/// it are included. At most 1,000 occurrences are returned, the earliest; the expansion of a rule
/// ends early after a bounded number of steps.
///
/// # Errors
/// When the steps of the expansion, or the copies of the events, take more than the budget.
pub fn occurrences(
    calendar: &Value,
    from: Date,
    until: Date,
    zone: &TimeZone,
    budget: &Budget,
) -> Result<Vec<Value>, Exhausted> {
    let events: &[Value] = match calendar {
        Value::Array(events) => events,
        Value::Object(tree) => match tree.get("events") {
            Some(Value::Array(events)) => events,
            _ => std::slice::from_ref(calendar),
        },
        _ => return Ok(Vec::new()),
    };
    let Some(window) = Window::new(from, until, zone, budget) else { return Ok(Vec::new()) };
    let mut steps_left = StepsLeft::default();
    let mut found = Found(Vec::new());
    for event in events {
        window.add(event, &mut steps_left, &mut found)?;
    }
    found.keep_earliest();
    let mut list = Vec::new();
    for occurrence in found.0 {
        if let Some(tree) = occurrence.tree(budget)? {
            tree::push_value(budget, &mut list, tree)?;
        }
    }
    Ok(list)
}

/// An occurrence of an event.
struct Occurrence<'a> {
    event: &'a Value,
    start: Timestamp,
    /// The start and the length, when they differ from those of the event.
    own: Option<(EventTime, Length)>,
}

impl Occurrence<'_> {
    fn tree(self, budget: &Budget) -> Result<Option<Value>, Exhausted> {
        let Some(event) = self.event.as_object() else { return Ok(None) };
        let mut tree = serde_json::Map::new();
        for (key, value) in event.iter().filter(|(key, _)| *key != "recurrence") {
            let value = match (&self.own, key.as_str()) {
                (Some((start, _)), "start") => {
                    let Some(start) = start.text() else { return Ok(None) };
                    tree::text(budget, &start)?
                }
                (Some((start, length)), "end") => {
                    tree::optional(budget, times::end_text(start, *length).as_deref())?
                }
                (Some((start, _)), "all_day") => matches!(start, EventTime::Day(_)).into(),
                _ => {
                    Size::of(value).charge(budget)?;
                    value.clone()
                }
            };
            tree::insert(budget, &mut tree, key, value)?;
        }
        Ok(Some(Value::Object(tree)))
    }
}

/// The occurrences found so far: the earliest, and some more.
struct Found<'a>(Vec<Occurrence<'a>>);

impl<'a> Found<'a> {
    fn push(&mut self, occurrence: Occurrence<'a>) {
        self.0.push(occurrence);
        if self.0.len() >= MAX_COLLECTED {
            self.keep_earliest();
        }
    }

    /// Sorts by start. The order of those that start together stays the same.
    fn keep_earliest(&mut self) {
        self.0.sort_by_key(|occurrence| occurrence.start);
        self.0.truncate(MAX_OCCURRENCES);
    }
}

struct Window<'a> {
    from: Timestamp,
    /// Exclusive.
    until: Timestamp,
    zone: &'a TimeZone,
    budget: &'a Budget,
}

impl<'a> Window<'a> {
    fn new(from: Date, until: Date, zone: &'a TimeZone, budget: &'a Budget) -> Option<Self> {
        let from = times::instant(from.at(0, 0, 0, 0), zone)?;
        let until = times::instant(until.tomorrow().unwrap_or(until).at(0, 0, 0, 0), zone)?;
        Some(Self { from, until, zone, budget })
    }

    fn add<'e>(
        &self,
        event: &'e Value,
        steps_left: &mut StepsLeft,
        found: &mut Found<'e>,
    ) -> Result<(), Exhausted> {
        self.budget.charge_steps(1)?;
        let Some(recurrence) = event.get("recurrence").filter(|recurrence| recurrence.is_object())
        else {
            self.single(event).into_iter().for_each(|occurrence| found.push(occurrence));
            return Ok(());
        };
        let Some(expansion) = Expansion::of(event, recurrence, self.zone, self.budget)? else {
            return Ok(());
        };
        // The window in local times of the event, extended by the length of an occurrence, by how
        // far later ones are moved, and by a day for differences between zones.
        let before = SignedDuration::from_secs(expansion.longest.saturating_add(expansion.later));
        let after = SignedDuration::from_secs(expansion.earlier);
        let first = self.from.checked_sub(before).unwrap_or(Timestamp::MIN);
        let last = self.until.checked_add(after).unwrap_or(Timestamp::MAX);
        let rules = expansion.rules();
        let first = rules.to_datetime(first).checked_sub(1.day()).unwrap_or(DateTime::MIN);
        let last = rules.to_datetime(last).checked_add(1.day()).unwrap_or(DateTime::MAX);

        for (at, own_length) in expansion.starts((first, last), steps_left)? {
            let (event, start, length) = expansion.event_at(at, own_length);
            let occurrence = start.and_then(|start| self.occurrence(event, start, length));
            occurrence.into_iter().for_each(|occurrence| found.push(occurrence));
        }
        let changed = list(recurrence, "changed");
        self.budget.charge_steps(changed.len())?;
        for event in changed.iter().filter_map(|change| change.get("event")) {
            self.single(event).into_iter().for_each(|occurrence| found.push(occurrence));
        }
        Ok(())
    }

    /// The occurrence of an event that does not recur, when it is in the window.
    fn single<'e>(&self, event: &'e Value) -> Option<Occurrence<'e>> {
        let instant_of = |text: &str| -> Option<Timestamp> {
            let local = || times::instant(local_time(text, self.zone)?, self.zone);
            text.parse::<Timestamp>().ok().or_else(local)
        };
        let start = instant_of(event.get("start")?.as_str()?)?;
        let is_all_day = event.get("all_day") == Some(&Value::Bool(true));
        let end = match event.get("end").and_then(Value::as_str) {
            Some(day) if !day.contains('T') => {
                times::instant(day.parse::<Date>().ok()?.tomorrow().ok()?.at(0, 0, 0, 0), self.zone)
            }
            Some(text) => instant_of(text),
            None if is_all_day => {
                // Shorter than any day, also when the clocks change.
                start.checked_add(SignedDuration::from_hours(20)).ok()
            }
            None => None,
        };
        let whole = end.filter(|_| !is_all_day).and_then(|end| self.whole_days(start, end));
        let own = whole.map(|(day, days)| (EventTime::Day(day), Length::of_days(days)));
        self.overlaps(start, end).then_some(Occurrence { event, start, own })
    }

    /// An occurrence of an event that recurs, when it is in the window.
    fn occurrence<'e>(
        &self,
        event: &'e Value,
        start: EventTime,
        length: Length,
    ) -> Option<Occurrence<'e>> {
        let from = start.instant(self.zone)?;
        let (until, own) = match &start {
            EventTime::Day(day) => {
                let after = times::last_day(*day, length.days)?.tomorrow().ok()?;
                (times::instant(after.at(0, 0, 0, 0), self.zone)?, (start, length))
            }
            EventTime::Time(at, zone) => {
                let rules = zone.as_ref().map_or(self.zone, Zone::rules);
                let until = times::end(*at, length, rules)?;
                match self.whole_days(from, until) {
                    Some((day, days)) => (until, (EventTime::Day(day), Length::of_days(days))),
                    None => (until, (start, length)),
                }
            }
        };
        let own = Some(own);
        self.overlaps(from, Some(until)).then_some(Occurrence { event, start: from, own })
    }

    /// The days, when both are midnights in the zone of the place.
    fn whole_days(&self, from: Timestamp, until: Timestamp) -> Option<(Date, i64)> {
        times::whole_days(self.zone.to_datetime(from), self.zone.to_datetime(until))
    }

    fn overlaps(&self, from: Timestamp, until: Option<Timestamp>) -> bool {
        from < self.until && (from >= self.from || until.is_some_and(|until| until > self.from))
    }
}
