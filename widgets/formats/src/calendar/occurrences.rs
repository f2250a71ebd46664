use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::Value;
use voordeur_widget_api::{Budget, Exhausted};

use super::super::tree::{self, Size};
use super::recurrence::Rule;
use super::times::{self, EventTime};
use super::{local_time, zones};

/// Maximum number of occurrences returned, the earliest ones.
const MAX_OCCURRENCES: usize = 1_000;

/// Maximum number of steps of all rules together; a daily rule takes three steps per day.
const MAX_STEPS: u64 = 1_000_000;

/// Maximum number of steps of one rule.
const MAX_STEPS_OF_RULE: u64 = 200_000;

/// More occurrences than this are sorted, and those beyond `MAX_OCCURRENCES` are forgotten.
const MAX_COLLECTED: usize = 4 * MAX_OCCURRENCES;

/// The occurrences of events from the day `from` to the day `until`, both inclusive, ordered by
/// start.
///
/// `calendar` is a tree of the format `icalendar`, a list of its events, or one event. Days begin
/// at midnight in `zone`, which also applies to local times without a zone. An occurrence is its
/// event with its own `start` and `end`, without `recurrence`. Occurrences that start before the
/// window and end in it are included. At most 1,000 occurrences are returned, the earliest; the
/// expansion of a rule ends early after a bounded number of steps.
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
    let mut steps_left = MAX_STEPS;
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
    own: Option<(EventTime, i64)>,
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
                    tree::optional(budget, super::end_text(start, *length).as_deref())?
                }
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
        steps_left: &mut u64,
        found: &mut Found<'e>,
    ) -> Result<(), Exhausted> {
        self.budget.charge_steps(1)?;
        let Some(recurrence) = event.get("recurrence").filter(|recurrence| recurrence.is_object())
        else {
            self.single(event).into_iter().for_each(|occurrence| found.push(occurrence));
            return Ok(());
        };
        let text = |key: &str| recurrence.get(key).and_then(Value::as_str);
        let list = |key: &str| list(recurrence, key);
        let Some(start) = text("start").and_then(local_time) else { return Ok(()) };
        let all_day = event.get("all_day") == Some(&Value::Bool(true));
        let length =
            recurrence.get("length").and_then(Value::as_i64).unwrap_or(0).clamp(0, MAX_LENGTH);
        let changed = list("changed");
        let lists = list("except").len() + changed.len() + list("dates").len();
        self.budget.charge_steps(lists)?;
        self.budget.charge_bytes(lists.saturating_mul(EXCLUSION_BYTES))?;
        let exclusions = Exclusions::new(list("except"), changed);
        // A zone that is unknown has no instants; one that is known has a short name.
        let zone = text("zone").filter(|_| !all_day);
        let own_zone = match zone.map(zones::zone) {
            Some(None) => return Ok(()),
            Some(known) => known,
            None => None,
        };

        // The window in local times of the event, extended by the length of an occurrence and by a
        // day for differences between zones.
        let own_zone = own_zone.as_ref().unwrap_or(self.zone);
        let seconds = if all_day { length.min(100_000) * 86_400 } else { length };
        let first =
            self.from.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN);
        let first = own_zone.to_datetime(first).checked_sub(1.day()).unwrap_or(DateTime::MIN);
        let last = own_zone.to_datetime(self.until).checked_add(1.day()).unwrap_or(DateTime::MAX);

        let starts = self.starts(recurrence, start, (first, last), steps_left)?;
        self.budget.charge_steps(starts.len())?;
        for (at, own_length) in starts {
            if at < first || at > last || exclusions.contain(at) {
                continue;
            }
            let length = own_length.unwrap_or(length).clamp(0, MAX_LENGTH);
            let Some(instant) = self.start_in_window(at, all_day, own_zone, length) else {
                continue;
            };
            let start = if all_day {
                EventTime::Day(at.date())
            } else {
                EventTime::Time(at, zone.map(str::to_owned))
            };
            found.push(Occurrence { event, start: instant, own: Some((start, length)) });
        }
        for event in changed.iter().filter_map(|change| change.get("event")) {
            self.single(event).into_iter().for_each(|occurrence| found.push(occurrence));
        }
        Ok(())
    }

    /// The occurrence of an event that does not recur, when it is in the window.
    fn single<'e>(&self, event: &'e Value) -> Option<Occurrence<'e>> {
        let instant_of = |text: &str| -> Option<Timestamp> {
            text.parse::<Timestamp>().ok().or_else(|| times::instant(local_time(text)?, self.zone))
        };
        let start = instant_of(event.get("start")?.as_str()?)?;
        let end = match event.get("end").and_then(Value::as_str) {
            Some(day) if !day.contains('T') => {
                times::instant(day.parse::<Date>().ok()?.tomorrow().ok()?.at(0, 0, 0, 0), self.zone)
            }
            Some(text) => instant_of(text),
            None if event.get("all_day") == Some(&Value::Bool(true)) => {
                // Shorter than any day, also when the clocks change.
                start.checked_add(SignedDuration::from_hours(20)).ok()
            }
            None => None,
        };
        let in_window =
            start < self.until && (start >= self.from || end.is_some_and(|end| end > self.from));
        in_window.then_some(Occurrence { event, start, own: None })
    }

    /// The instant of a start, when the occurrence is in the window.
    fn start_in_window(
        &self,
        start: DateTime,
        all_day: bool,
        zone: &TimeZone,
        length: i64,
    ) -> Option<Timestamp> {
        let (instant, end) = if all_day {
            let after = times::last_day(start.date(), length)?.tomorrow().ok()?;
            let midnight = |day: Date| times::instant(day.at(0, 0, 0, 0), self.zone);
            (midnight(start.date())?, midnight(after)?)
        } else {
            let instant = times::instant(start, zone)?;
            (instant, instant.checked_add(SignedDuration::from_secs(length)).ok()?)
        };
        (instant < self.until && (instant >= self.from || end > self.from)).then_some(instant)
    }

    /// The local starts from rules, `DTSTART` and `RDATE`, in order and without duplicates, each
    /// with its own length when it has one. They may lie outside of the window.
    fn starts(
        &self,
        recurrence: &Value,
        start: DateTime,
        (first, last): (DateTime, DateTime),
        steps_left: &mut u64,
    ) -> Result<Vec<(DateTime, Option<i64>)>, Exhausted> {
        let mut starts: Vec<(DateTime, Option<i64>)> = Vec::new();
        let rules = list(recurrence, "rules").iter().filter_map(Value::as_str);
        for rule in rules.take(super::MAX_RULES) {
            self.budget.charge_steps(1 + rule.len() / 16)?;
            let Some(rule) = Rule::parse(rule) else { continue };
            let granted = MAX_STEPS_OF_RULE.min(*steps_left);
            let mut left = granted;
            let expanded = rule.starts(start, (first, last), &mut left, self.budget)?;
            *steps_left -= granted - left;
            self.budget.charge_steps(usize::try_from(granted - left).unwrap_or(usize::MAX))?;
            self.budget.charge_bytes(expanded.len() * START_BYTES)?;
            starts.extend(expanded.into_iter().map(|at| (at, None)));
        }
        starts.push((start, None));
        for date in list(recurrence, "dates") {
            let at = date.get(0).and_then(Value::as_str).and_then(local_time);
            starts.extend(at.map(|at| (at, date.get(1).and_then(Value::as_i64))));
        }
        // Of equal starts, the one with its own length is first, so that it is kept.
        starts.sort_unstable_by_key(|(at, own_length)| (*at, own_length.is_none()));
        starts.dedup_by_key(|(at, _)| *at);
        Ok(starts)
    }
}

/// The memory of a start, in a list that grows by doubling.
const START_BYTES: usize = 2 * size_of::<(DateTime, Option<i64>)>();

/// The memory of an exclusion or a date, in a list that grows by doubling.
const EXCLUSION_BYTES: usize = 3 * size_of::<(DateTime, Option<i64>)>();

/// Maximum length of an occurrence, in seconds or days, so that sums stay within bounds.
const MAX_LENGTH: i64 = 4_000_000_000;

fn list<'a>(recurrence: &'a Value, key: &str) -> &'a [Value] {
    recurrence.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The starts and days that are excluded from a series.
struct Exclusions {
    /// Sorted; the flag marks a whole day, as its midnight.
    sorted: Vec<(DateTime, bool)>,
}

impl Exclusions {
    fn new(except: &[Value], changed: &[Value]) -> Self {
        let changed = changed.iter().filter_map(|change| change.get("at"));
        let mut sorted: Vec<(DateTime, bool)> = except
            .iter()
            .chain(changed)
            .filter_map(Value::as_str)
            .filter_map(|text| Some((local_time(text)?, !text.contains('T'))))
            .collect();
        sorted.sort_unstable();
        Self { sorted }
    }

    fn contain(&self, at: DateTime) -> bool {
        self.sorted.binary_search(&(at, false)).is_ok()
            || self.sorted.binary_search(&(at.date().at(0, 0, 0, 0), true)).is_ok()
    }
}
