//! The recurrence of an event: `RRULE`, `RDATE`, `EXDATE` and `EXRULE`.

use calcard::icalendar::{ICalendarEntry, ICalendarPeriod, ICalendarProperty, ICalendarValue};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::super::tree;
use super::length::Length;
use super::recurrence::{self, Rule, Until};
use super::times::{self, EventTime};
use super::zones::Zone;

/// `RDATE` and `EXDATE` values of an event beyond this many are left out, and counted.
const MAX_DATES: usize = 2_000;

/// Maximum number of `RRULE` properties of an event; RFC 5545 advises against more than one.
pub const MAX_RULES: usize = 8;

/// Longer rules of recurrence are ignored.
const MAX_RULE_BYTES: usize = 2_000;

/// The start of a series, with what its other values are compared in.
#[derive(Clone, Debug)]
pub struct SeriesStart {
    pub start: EventTime,
    /// The zone of times; of whole days, the zone in which a time means a day.
    pub zone: Option<Zone>,
    /// Of an event of whole days, in days alone.
    pub length: Length,
}

impl SeriesStart {
    pub fn is_all_day(&self) -> bool {
        matches!(self.start, EventTime::Day(_))
    }

    /// The text by which an occurrence is known: its day, its local time in the zone of the series,
    /// or, when the series has no zone and the value has one, its instant. A date stands for the
    /// occurrence of that day.
    pub fn occurrence(&self, at: &EventTime) -> Option<String> {
        match (at, &self.start) {
            (_, EventTime::Day(_)) => self.day(at),
            (EventTime::Day(day), EventTime::Time(start, _)) => {
                Some(times::local_text(day.to_datetime(start.time())))
            }
            (EventTime::Time(..), _) => self.time(at),
        }
    }

    /// The text of what an `EXDATE` excludes: like [`occurrence`](Self::occurrence), but a date
    /// excludes every occurrence of that day.
    fn excluded(&self, at: &EventTime) -> Option<String> {
        match at {
            EventTime::Day(day) => Some(day.to_string()),
            EventTime::Time(..) if self.is_all_day() => self.day(at),
            EventTime::Time(..) => self.time(at),
        }
    }

    fn day(&self, at: &EventTime) -> Option<String> {
        at.day_in(self.zone.as_ref()).map(|day| day.to_string())
    }

    fn time(&self, at: &EventTime) -> Option<String> {
        if self.zone.is_none() && at.zone().is_some() {
            return at.instant(&TimeZone::UTC).map(times::utc_text);
        }
        at.local_in(self.zone.as_ref()).map(times::local_text)
    }
}

/// The properties, each `RDATE` with its length when it is a period.
#[derive(Default)]
pub struct RecurrenceProperties<'a> {
    dates: Vec<(EventTime, Option<Length>)>,
    except: Vec<EventTime>,
    rules: Vec<&'a ICalendarValue>,
    except_rules: Vec<&'a ICalendarValue>,
    /// How many dates and rules are left out.
    pub left_out: usize,
}

impl<'a> RecurrenceProperties<'a> {
    /// Reads the properties; `zone` is that of a property.
    pub fn of(
        entries: &'a [ICalendarEntry],
        zone_of: impl Fn(&ICalendarEntry) -> Result<Option<Zone>, Exhausted>,
        budget: &Budget,
    ) -> Result<Self, Exhausted> {
        let mut found = Self::default();
        for entry in entries {
            budget.charge_steps(entry.values.len())?;
            match entry.name {
                ICalendarProperty::Rrule => {
                    found.left_out += add_rules(&mut found.rules, &entry.values);
                }
                ICalendarProperty::Exrule => {
                    found.left_out += add_rules(&mut found.except_rules, &entry.values);
                }
                ICalendarProperty::Rdate | ICalendarProperty::Exdate => {
                    // The zone is looked up once for all values.
                    found.add_dates(entry, zone_of(entry)?.as_ref(), budget)?;
                }
                _ => {}
            }
        }
        Ok(found)
    }

    fn add_dates(
        &mut self,
        entry: &ICalendarEntry,
        zone: Option<&Zone>,
        budget: &Budget,
    ) -> Result<(), Exhausted> {
        for value in &entry.values {
            let Some((at, length)) = recurrence_date(value, zone) else { continue };
            let is_date = entry.name == ICalendarProperty::Rdate;
            let known = if is_date { self.dates.len() } else { self.except.len() };
            if known == MAX_DATES {
                self.left_out = self.left_out.saturating_add(1);
            } else if is_date {
                tree::push(budget, &mut self.dates, (at, length))?;
            } else {
                tree::push(budget, &mut self.except, at)?;
            }
        }
        Ok(())
    }

    /// The first `RDATE`, with its length when it is a period.
    pub fn first_date(&self) -> Option<&(EventTime, Option<Length>)> {
        self.dates.first()
    }

    /// The tree from which [`occurrences`](super::occurrences) expands the event; `None` if it does
    /// not recur.
    pub fn tree(&self, series: &SeriesStart, budget: &Budget) -> Result<Option<Value>, Exhausted> {
        let rules = rule_texts(&self.rules, series, budget)?;
        if rules.is_empty() && self.dates.iter().all(|(at, _)| *at == series.start) {
            return Ok(None);
        }
        let except_rules = rule_texts(&self.except_rules, series, budget)?;
        // The times of one property are in one zone, so few are converted between zones.
        budget.charge_steps((self.dates.len() + self.except.len()).saturating_mul(4))?;
        let mut dates = Vec::new();
        for (at, length) in &self.dates {
            let Some(at) = series.occurrence(at) else { continue };
            let length = match length {
                Some(length) if series.is_all_day() => Some(length.in_whole_days()),
                other => *other,
            };
            let length = length.map_or(Ok(Value::Null), |length| length.tree(budget))?;
            let mut date = Vec::new();
            tree::push_value(budget, &mut date, tree::text(budget, &at)?)?;
            tree::push_value(budget, &mut date, length)?;
            tree::push_value(budget, &mut dates, Value::Array(date))?;
        }
        let mut except = Vec::new();
        for at in self.except.iter().filter_map(|at| series.excluded(at)) {
            tree::push_value(budget, &mut except, tree::text(budget, &at)?)?;
        }
        let start = series.occurrence(&series.start);
        let zone = series.start.zone().map(Zone::text);
        let recurrence = tree::object(
            budget,
            [
                ("start", tree::optional(budget, start.as_deref())?),
                ("zone", tree::optional(budget, zone)?),
                ("length", series.length.tree(budget)?),
                ("rules", Value::Array(rules)),
                ("except_rules", Value::Array(except_rules)),
                ("dates", Value::Array(dates)),
                ("except", Value::Array(except)),
                ("changed", Value::Array(Vec::new())),
                ("onward", Value::Array(Vec::new())),
            ],
        )?;
        Ok(Some(recurrence))
    }
}

/// Whether an event that recurs may have an occurrence: it is not excluded, no later than the rules
/// end, and on a weekday and at a time of day of theirs. The rules are not expanded.
pub fn may_occur(
    event: &Map<String, Value>,
    occurrence: &str,
    budget: &Budget,
) -> Result<bool, Exhausted> {
    let list = |key: &str| {
        let list = event.get("recurrence").and_then(|recurrence| recurrence.get(key));
        list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice)
    };
    let (except, dates, rules) = (list("except"), list("dates"), list("rules"));
    budget.charge_steps(1 + (except.len() + dates.len()) / 8 + 16 * rules.len())?;
    let day = occurrence.get(..10).unwrap_or(occurrence);
    if except.iter().filter_map(Value::as_str).any(|at| at == occurrence || at == day) {
        return Ok(false);
    }
    let is_date = |date: &Value| date.get(0).and_then(Value::as_str) == Some(occurrence);
    let Some(at) = times::local_time(occurrence, &TimeZone::UTC) else { return Ok(true) };
    let start = event.get("recurrence").and_then(|recurrence| recurrence.get("start"));
    let start = start.and_then(Value::as_str);
    let start = start.and_then(|start| times::local_time(start, &TimeZone::UTC));
    let excludes = |rule: &str| {
        let Some(rule) = Rule::parse(rule) else { return false };
        let is_over = match rule.until() {
            Some(Until::Day(day)) => day < at.date(),
            Some(Until::Local(end)) => end < at,
            // The zones of these two may differ.
            Some(Until::Universal(end)) => end.date() < at.date(),
            None => false,
        };
        is_over || start.is_some_and(|start| !rule.may_have(at, start))
    };
    let mut rules = rules.iter().filter_map(Value::as_str).peekable();
    let is_excluded = rules.peek().is_some() && rules.all(excludes);
    Ok(!is_excluded || dates.iter().any(is_date))
}

/// Adds rules, and returns how many are beyond what is read.
fn add_rules<'a>(rules: &mut Vec<&'a ICalendarValue>, values: &'a [ICalendarValue]) -> usize {
    let left = MAX_RULES.saturating_sub(rules.len());
    rules.extend(values.iter().take(left));
    values.len().saturating_sub(left)
}

fn rule_texts(
    rules: &[&ICalendarValue],
    series: &SeriesStart,
    budget: &Budget,
) -> Result<Vec<Value>, Exhausted> {
    let mut texts = Vec::new();
    for rule in rules.iter().filter_map(|rule| rule_text(rule, series)) {
        let rule = tree::text(budget, &rule)?;
        tree::push_value(budget, &mut texts, rule)?;
    }
    Ok(texts)
}

/// A value of `RDATE` or `EXDATE`, with its length when it is a period.
fn recurrence_date(
    value: &ICalendarValue,
    zone: Option<&Zone>,
) -> Option<(EventTime, Option<Length>)> {
    match value {
        ICalendarValue::PartialDateTime(at) => Some((EventTime::new(at, zone)?, None)),
        ICalendarValue::Period(ICalendarPeriod::Range { start, end }) => {
            let (start, end) = (EventTime::new(start, zone)?, EventTime::new(end, zone)?);
            let seconds = seconds_between(&start, &end);
            Some((start, seconds.map(Length::of_seconds)))
        }
        ICalendarValue::Period(ICalendarPeriod::Duration { start, duration }) => {
            Some((EventTime::new(start, zone)?, Length::of(duration)))
        }
        _ => None,
    }
}

/// The seconds from a start to an end. A date or floating time is in the zone of the start.
pub fn seconds_between(start: &EventTime, end: &EventTime) -> Option<i64> {
    let utc = TimeZone::UTC;
    let zone = start.zone().map_or(&utc, Zone::rules);
    end.instant(zone)?.as_second().checked_sub(start.instant(zone)?.as_second())
}

/// The text of a rule, see [`prepared`](super::lines::prepared).
pub fn raw_rule(value: &ICalendarValue) -> Option<String> {
    let text = match value {
        ICalendarValue::Text(text) => text.trim().to_ascii_uppercase(),
        ICalendarValue::RecurrenceRule(rule) => rule.to_string(),
        _ => return None,
    };
    (text.len() <= MAX_RULE_BYTES).then_some(text)
}

/// The text of a rule as it is expanded: with an `UNTIL` in the local time of the series, and for
/// whole days without times, which RFC 5545 (3.3.10) asks to ignore there.
fn rule_text(value: &ICalendarValue, series: &SeriesStart) -> Option<String> {
    let raw = raw_rule(value)?;
    let rule = Rule::parse(&raw)?;
    let is_kept = |key: &str| {
        key != "UNTIL"
            && !(series.is_all_day() && matches!(key, "BYHOUR" | "BYMINUTE" | "BYSECOND"))
    };
    let parts = recurrence::parts(&raw).filter(|(key, _)| is_kept(key));
    let mut parts: Vec<String> = parts.map(|(key, value)| format!("{key}={value}")).collect();
    if let Some(until) = rule.until() {
        let local = |at: &DateTime| at.strftime("UNTIL=%Y%m%dT%H%M%S").to_string();
        parts.push(match until {
            Until::Day(day) => local(&day.at(23, 59, 59, 0)),
            Until::Local(at) if series.is_all_day() => local(&at.date().at(23, 59, 59, 0)),
            Until::Universal(at) if series.is_all_day() => {
                let day = match &series.zone {
                    Some(_) => {
                        EventTime::Time(at, Some(Zone::utc())).day_in(series.zone.as_ref())?
                    }
                    None => at.date(),
                };
                local(&day.at(23, 59, 59, 0))
            }
            Until::Local(at) => local(&at),
            Until::Universal(at) => match &series.zone {
                Some(zone) => local(&EventTime::Time(at, Some(Zone::utc())).local_in(Some(zone))?),
                // The zone is that of the place, which is known when the rule is expanded.
                None => local(&at) + "Z",
            },
        });
    }
    Some(parts.join(";"))
}
