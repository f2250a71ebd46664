use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::Value;

use super::recurrence::Rule;
use super::times::{self, EventTime};
use super::{local_time, zones};

/// Maximum number of occurrences returned, the earliest ones.
const MAX_OCCURRENCES: usize = 1_000;

/// Maximum number of steps of all rules together; a daily rule takes three steps per day.
const MAX_STEPS: u64 = 1_000_000;

/// Maximum number of steps of one rule.
const MAX_STEPS_OF_RULE: u64 = 200_000;

/// The occurrences of events from the day `from` to the day `until`, both inclusive, ordered by
/// start.
///
/// `calendar` is a tree of the format `icalendar`, a list of its events, or one event. Days begin
/// at midnight in `zone`, which also applies to local times without a zone. An occurrence is its
/// event with its own `start` and `end`, without `recurrence`. Occurrences that start before the
/// window and end in it are included. At most 1,000 occurrences are returned, the earliest; the
/// expansion of a rule ends early after a bounded number of steps.
pub fn occurrences(calendar: &Value, from: Date, until: Date, zone: &TimeZone) -> Vec<Value> {
    let events: &[Value] = match calendar {
        Value::Array(events) => events,
        Value::Object(tree) => match tree.get("events") {
            Some(Value::Array(events)) => events,
            _ => std::slice::from_ref(calendar),
        },
        _ => return Vec::new(),
    };
    let Some(window) = Window::new(from, until, zone) else { return Vec::new() };
    let mut steps_left = MAX_STEPS;
    let mut found = Vec::new();
    for event in events {
        window.add(event, &mut steps_left, &mut found);
    }
    found.sort_by_key(|occurrence| occurrence.start);
    found.into_iter().take(MAX_OCCURRENCES).filter_map(|occurrence| occurrence.tree()).collect()
}

/// An occurrence of an event.
struct Occurrence<'a> {
    event: &'a Value,
    start: Timestamp,
    /// The start and the length, when they differ from those of the event.
    own: Option<(EventTime, i64)>,
}

impl Occurrence<'_> {
    fn tree(self) -> Option<Value> {
        let mut tree = self.event.as_object()?.clone();
        tree.remove("recurrence");
        if let Some((start, length)) = self.own {
            tree.insert("start".to_owned(), start.text()?.into());
            tree.insert("end".to_owned(), super::end_text(&start, length).into());
        }
        Some(Value::Object(tree))
    }
}

struct Window<'a> {
    from: Timestamp,
    /// Exclusive.
    until: Timestamp,
    zone: &'a TimeZone,
}

impl<'a> Window<'a> {
    fn new(from: Date, until: Date, zone: &'a TimeZone) -> Option<Self> {
        let from = times::instant(from.at(0, 0, 0, 0), zone)?;
        let until = times::instant(until.tomorrow().unwrap_or(until).at(0, 0, 0, 0), zone)?;
        Some(Self { from, until, zone })
    }

    fn add<'e>(&self, event: &'e Value, steps_left: &mut u64, found: &mut Vec<Occurrence<'e>>) {
        let Some(recurrence) = event.get("recurrence").filter(|recurrence| recurrence.is_object())
        else {
            found.extend(self.single(event));
            return;
        };
        let text = |key: &str| recurrence.get(key).and_then(Value::as_str);
        let list = |key: &str| list(recurrence, key);
        let Some(start) = text("start").and_then(local_time) else { return };
        let zone = text("zone").map(str::to_owned);
        let all_day = event.get("all_day") == Some(&Value::Bool(true));
        let length =
            recurrence.get("length").and_then(Value::as_i64).unwrap_or(0).clamp(0, MAX_LENGTH);
        let changed = list("changed");
        let exclusions = Exclusions::new(list("except"), changed);

        // The window in local times of the event, extended by the length of an occurrence and by a
        // day for differences between zones.
        let own_zone = zone.as_deref().filter(|_| !all_day).and_then(zones::zone);
        let own_zone = own_zone.as_ref().unwrap_or(self.zone);
        let seconds = if all_day { length.min(100_000) * 86_400 } else { length };
        let first =
            self.from.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN);
        let first = own_zone.to_datetime(first).checked_sub(1.day()).unwrap_or(DateTime::MIN);
        let last = own_zone.to_datetime(self.until).checked_add(1.day()).unwrap_or(DateTime::MAX);

        for (at, own_length) in starts(recurrence, start, first, last, steps_left) {
            if at < first || at > last || exclusions.contain(at) {
                continue;
            }
            let length = own_length.unwrap_or(length).clamp(0, MAX_LENGTH);
            let start =
                if all_day { EventTime::Day(at.date()) } else { EventTime::Time(at, zone.clone()) };
            if let Some(instant) = self.start_in_window(&start, length) {
                found.push(Occurrence { event, start: instant, own: Some((start, length)) });
            }
        }
        for change in changed {
            found.extend(change.get("event").and_then(|event| self.single(event)));
        }
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
    fn start_in_window(&self, start: &EventTime, length: i64) -> Option<Timestamp> {
        let instant = start.instant(self.zone)?;
        let end = match start {
            EventTime::Day(first) => {
                let after = times::last_day(*first, length)?.tomorrow().ok()?;
                times::instant(after.at(0, 0, 0, 0), self.zone)?
            }
            EventTime::Time(..) => instant.checked_add(SignedDuration::from_secs(length)).ok()?,
        };
        (instant < self.until && (instant >= self.from || end > self.from)).then_some(instant)
    }
}

/// Maximum length of an occurrence, in seconds or days, so that sums stay within bounds.
const MAX_LENGTH: i64 = 4_000_000_000;

fn list<'a>(recurrence: &'a Value, key: &str) -> &'a [Value] {
    recurrence.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The local starts from rules, `DTSTART` and `RDATE`, in order and without duplicates, each with
/// its own length when it has one. They may lie outside of the window.
fn starts(
    recurrence: &Value,
    start: DateTime,
    first: DateTime,
    last: DateTime,
    steps_left: &mut u64,
) -> Vec<(DateTime, Option<i64>)> {
    let mut starts: Vec<(DateTime, Option<i64>)> = Vec::new();
    for rule in list(recurrence, "rules").iter().filter_map(Value::as_str).filter_map(Rule::parse) {
        let budget = MAX_STEPS_OF_RULE.min(*steps_left);
        let mut left = budget;
        let expanded = rule.starts(start, first, last, &mut left);
        starts.extend(expanded.into_iter().map(|at| (at, None)));
        *steps_left -= budget - left;
    }
    starts.push((start, None));
    for date in list(recurrence, "dates") {
        let at = date.get(0).and_then(Value::as_str).and_then(local_time);
        starts.extend(at.map(|at| (at, date.get(1).and_then(Value::as_i64))));
    }
    // Of equal starts, the one with its own length is first, so that it is kept.
    starts.sort_unstable_by_key(|(at, own_length)| (*at, own_length.is_none()));
    starts.dedup_by_key(|(at, _)| *at);
    starts
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
