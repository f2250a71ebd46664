use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::Value;

use super::recurrence::Rule;
use super::times::{self, EventTime};
use super::{local_time, zones};

/// No window gives more occurrences than this: the earliest of them.
const MOST_OCCURRENCES: usize = 1_000;

/// How many steps all rules together may take, and one rule. A day of a daily rule takes three.
const EFFORT: u64 = 1_000_000;
const EFFORT_OF_ONE: u64 = 200_000;

/// What a calendar holds from the day `from` to the day `until`, both included, in the order in which it starts.
///
/// `calendar` is the tree of the format `icalendar`; a list of its events, or one of them, does too. Days begin in `zone`, and local times
/// without a zone of their own are taken in it. Each occurrence is its event with its own `start` and `end`, without `recurrence`. What
/// began before the window and goes on in it is given too. At most 1,000 are given, the earliest; a rule that takes more than a
/// bounded number of steps ends early.
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
    let mut effort = EFFORT;
    let mut found = Vec::new();
    for event in events {
        window.add(event, &mut effort, &mut found);
    }
    found.sort_by_key(|occurrence| occurrence.moment);
    found.into_iter().take(MOST_OCCURRENCES).filter_map(|occurrence| occurrence.tree()).collect()
}

/// One time that an event is.
struct Occurrence<'a> {
    event: &'a Value,
    moment: Timestamp,
    /// Its start and its length, when they are not those that the event tells.
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
    /// The first moment after it.
    until: Timestamp,
    zone: &'a TimeZone,
}

impl<'a> Window<'a> {
    fn new(from: Date, until: Date, zone: &'a TimeZone) -> Option<Self> {
        let from = times::instant(from.at(0, 0, 0, 0), zone)?;
        let until = times::instant(until.tomorrow().unwrap_or(until).at(0, 0, 0, 0), zone)?;
        Some(Self { from, until, zone })
    }

    fn add<'e>(&self, event: &'e Value, effort: &mut u64, found: &mut Vec<Occurrence<'e>>) {
        let Some(recurrence) = event.get("recurrence").filter(|recurrence| recurrence.is_object())
        else {
            found.extend(self.once(event));
            return;
        };
        let text = |key: &str| recurrence.get(key).and_then(Value::as_str);
        let Some(start) = text("start").and_then(local_time) else { return };
        let zone = text("zone").map(str::to_owned);
        let all_day = event.get("all_day") == Some(&Value::Bool(true));
        let length =
            recurrence.get("length").and_then(Value::as_i64).unwrap_or(0).clamp(0, 4_000_000_000);
        let when = |at: DateTime| {
            if all_day { EventTime::Day(at.date()) } else { EventTime::Time(at, zone.clone()) }
        };
        let list = |key: &str| {
            recurrence.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice)
        };
        let changed = list("changed");
        let except: Vec<&str> = list("except")
            .iter()
            .filter_map(Value::as_str)
            .chain(changed.iter().filter_map(|change| change.get("at").and_then(Value::as_str)))
            .collect();
        // Sorted, so that each start is looked for quickly.
        let mut except: Vec<(DateTime, bool)> = except
            .into_iter()
            .filter_map(|text| Some((local_time(text)?, !text.contains('T'))))
            .collect();
        except.sort_unstable();
        let excepted = |at: DateTime| {
            except.binary_search(&(at, false)).is_ok()
                || except.binary_search(&(at.date().at(0, 0, 0, 0), true)).is_ok()
        };

        // The window as local times of the event, wide enough for what began before it.
        let own_zone = zone.as_deref().filter(|_| !all_day).and_then(zones::zone);
        let own_zone = own_zone.as_ref().unwrap_or(self.zone);
        let seconds = if all_day { length.min(100_000) * 86_400 } else { length };
        let first =
            self.from.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN);
        let first = own_zone.to_datetime(first).checked_sub(1.day()).unwrap_or(DateTime::MIN);
        let last = own_zone.to_datetime(self.until).checked_add(1.day()).unwrap_or(DateTime::MAX);
        let mut starts: Vec<(DateTime, Option<i64>)> = Vec::new();
        for rule in list("rules").iter().filter_map(Value::as_str).filter_map(Rule::parse) {
            let mut own = EFFORT_OF_ONE.min(*effort);
            let before = own;
            starts
                .extend(rule.starts(start, first, last, &mut own).into_iter().map(|at| (at, None)));
            *effort -= before - own;
        }
        starts.push((start, None));
        for date in list("dates") {
            let at = date.get(0).and_then(Value::as_str).and_then(local_time);
            starts.extend(at.map(|at| (at, date.get(1).and_then(Value::as_i64))));
        }
        // A length of its own comes first, so that it stays.
        starts.sort_unstable_by_key(|(at, own)| (*at, own.is_none()));
        starts.dedup_by_key(|(at, _)| *at);
        for (at, own) in starts {
            if at < first || at > last || excepted(at) {
                continue;
            }
            let length = own.unwrap_or(length).clamp(0, 4_000_000_000);
            let start = when(at);
            if let Some(moment) = self.shows(&start, length) {
                found.push(Occurrence { event, moment, own: Some((start, length)) });
            }
        }
        for change in changed {
            found.extend(change.get("event").and_then(|event| self.once(event)));
        }
    }

    /// An event that is once, when it is in the window.
    fn once<'e>(&self, event: &'e Value) -> Option<Occurrence<'e>> {
        let moment_of = |text: &str| -> Option<Timestamp> {
            text.parse::<Timestamp>().ok().or_else(|| times::instant(local_time(text)?, self.zone))
        };
        let start = moment_of(event.get("start")?.as_str()?)?;
        let end = match event.get("end").and_then(Value::as_str) {
            Some(day) if !day.contains('T') => {
                times::instant(day.parse::<Date>().ok()?.tomorrow().ok()?.at(0, 0, 0, 0), self.zone)
            }
            Some(text) => moment_of(text),
            None if event.get("all_day") == Some(&Value::Bool(true)) => {
                start.checked_add(SignedDuration::from_hours(20)).ok()
            }
            None => None,
        };
        let shown =
            start < self.until && (start >= self.from || end.is_some_and(|end| end > self.from));
        shown.then_some(Occurrence { event, moment: start, own: None })
    }

    /// The moment of a start, when what starts then is in the window.
    fn shows(&self, start: &EventTime, length: i64) -> Option<Timestamp> {
        let moment = start.moment(self.zone)?;
        let end = match start {
            EventTime::Day(first) => {
                let after = times::last_day(*first, length)?.tomorrow().ok()?;
                times::instant(after.at(0, 0, 0, 0), self.zone)?
            }
            EventTime::Time(..) => moment.checked_add(SignedDuration::from_secs(length)).ok()?,
        };
        (moment < self.until && (moment >= self.from || end > self.from)).then_some(moment)
    }
}
