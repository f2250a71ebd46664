//! Time zones that a calendar defines itself (RFC 5545, 3.6.5).
//!
//! Most definitions are the two rules of a POSIX time zone string. What no such string can say,
//! such as onsets that are listed, rules that end, or rules by day of the year, becomes a list of
//! transitions.

use std::fmt::Write as _;

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue,
};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use voordeur_widget_api::{Budget, Exhausted};

use super::super::tree;
use super::recurrence::{Frequency, Rule, Until};
use super::series;
use super::times::EventTime;

/// Transitions outside of these years are omitted.
const FIRST: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
const LAST: DateTime = DateTime::constant(2070, 1, 1, 0, 0, 0, 0);

/// Transitions beyond this many are omitted: the zone changes twice a year.
const MAX_TRANSITIONS: usize = 400;

/// Rules and listed onsets of a definition beyond this many are ignored.
const MAX_OBSERVANCES: usize = 100;
const MAX_ONSETS: usize = 400;

/// Maximum number of steps of a rule; a yearly one takes 367 per year.
const MAX_STEPS: u64 = 50_000;

/// The start of the text of a list of transitions.
const LISTED: &str = "listed;";

/// The abbreviation of each offset in the format of compiled zones; nothing shows it.
const NAME: &[u8; 4] = b"LMT\0";

/// A change of the clocks: its moment, and seconds east of UTC from then on.
type Transition = (Timestamp, i32);

/// Standard or daylight saving time.
struct Observance {
    is_daylight: bool,
    /// Seconds east of UTC, before and after the onset.
    from: i32,
    to: i32,
    start: DateTime,
    /// `RDATE`.
    dates: Vec<DateTime>,
    rules: Vec<Rule>,
}

/// The text of a definition: a POSIX time zone string, or a list of transitions. `None` when it has
/// no observance that can be read.
pub fn zone_text(
    calendar: &ICalendar,
    zone: &ICalendarComponent,
    budget: &Budget,
) -> Result<Option<String>, Exhausted> {
    let mut observances = Vec::new();
    let components = zone.component_ids.iter().filter_map(|id| calendar.component_by_id(*id));
    for component in components.take(MAX_OBSERVANCES) {
        budget.charge_steps(component.entries.len())?;
        if let Some(observance) = observance(component, budget)? {
            tree::push(budget, &mut observances, observance)?;
        }
    }
    let mut offsets = observances.iter().map(|observance| observance.to);
    let Some(first) = offsets.next() else { return Ok(None) };
    if offsets.all(|offset| offset == first) {
        return Ok(valid(posix_offset(first)));
    }
    match posix_of_two(&observances) {
        Some(text) => Ok(Some(text)),
        None => listed(&observances, budget).map(Some),
    }
}

fn valid(posix: String) -> Option<String> {
    TimeZone::posix(&posix).is_ok().then_some(posix)
}

fn observance(
    component: &ICalendarComponent,
    budget: &Budget,
) -> Result<Option<Observance>, Exhausted> {
    let is_daylight = match component.component_type {
        ICalendarComponentType::Standard => false,
        ICalendarComponentType::Daylight => true,
        _ => return Ok(None),
    };
    let (mut from, mut to, mut start) = (None, None, None);
    let mut dates = Vec::new();
    let mut rules = Vec::new();
    for entry in &component.entries {
        for value in &entry.values {
            match (&entry.name, value) {
                (ICalendarProperty::Tzoffsetfrom, ICalendarValue::PartialDateTime(at)) => {
                    from = offset(at);
                }
                (ICalendarProperty::Tzoffsetto, ICalendarValue::PartialDateTime(at)) => {
                    to = offset(at);
                }
                (ICalendarProperty::Dtstart, ICalendarValue::PartialDateTime(at)) => {
                    start = local(at);
                }
                (ICalendarProperty::Rdate, ICalendarValue::PartialDateTime(at))
                    if dates.len() < MAX_ONSETS =>
                {
                    if let Some(at) = local(at) {
                        tree::push(budget, &mut dates, at)?;
                    }
                }
                (ICalendarProperty::Rrule, value) if rules.len() < series::MAX_RULES => {
                    rules.extend(series::raw_rule(value).and_then(|text| Rule::parse(&text)));
                }
                _ => {}
            }
        }
    }
    let start = start.or_else(|| dates.iter().min().copied());
    let (Some(to), Some(start)) = (to, start) else { return Ok(None) };
    Ok(Some(Observance { is_daylight, from: from.unwrap_or(to), to, start, dates, rules }))
}

fn offset(value: &PartialDateTime) -> Option<i32> {
    let seconds = i32::from(value.tz_hour?) * 3_600 + i32::from(value.tz_minute.unwrap_or(0)) * 60;
    // Jiff knows offsets of up to a day.
    let seconds = Some(seconds).filter(|seconds| *seconds < 86_400)?;
    Some(if value.tz_minus { -seconds } else { seconds })
}

/// Onsets are local times, whatever is written after them.
fn local(value: &PartialDateTime) -> Option<DateTime> {
    EventTime::new(value, None)?.local_in(None)
}

impl Observance {
    fn is_endless(&self) -> bool {
        self.dates.is_empty() && matches!(self.rules.as_slice(), [rule] if rule.is_endless())
    }

    fn transitions(&self, budget: &Budget) -> Result<Vec<Transition>, Exhausted> {
        let mut onsets = self.dates.clone();
        onsets.push(self.start);
        for rule in &self.rules {
            let mut rule = rule.clone();
            // `UNTIL` is in UTC.
            if let Some(Until::Universal(end)) = rule.until() {
                let seconds = SignedDuration::from_secs(i64::from(self.from));
                rule.set_until(end.checked_add(seconds).unwrap_or(end));
            }
            let mut left = MAX_STEPS;
            onsets.extend(rule.starts(self.start, (FIRST, LAST), &mut left, budget)?);
            budget.charge_steps(usize::try_from(MAX_STEPS - left).unwrap_or(usize::MAX))?;
        }
        let instant = |onset: &DateTime| {
            let seconds = SignedDuration::from_secs(i64::from(self.from));
            let at = onset.checked_sub(seconds).ok()?;
            Some((TimeZone::UTC.to_timestamp(at).ok()?, self.to))
        };
        budget.charge_bytes(onsets.len().saturating_mul(2 * size_of::<Transition>()))?;
        Ok(onsets.iter().filter(|onset| **onset <= LAST).filter_map(instant).collect())
    }
}

/// The POSIX time zone string of two rules that go on without end.
fn posix_of_two(observances: &[Observance]) -> Option<String> {
    let [one, other] = observances else { return None };
    if !one.is_endless() || !other.is_endless() {
        return None;
    }
    let (standard, daylight) = match (one.is_daylight, other.is_daylight) {
        (false, true) => (one, other),
        (true, false) => (other, one),
        _ => return None,
    };
    let onset = |observance: &Observance| onset(observance.rules.first()?, observance.start);
    valid(format!(
        "{}{},{},{}",
        posix_offset(standard.to),
        posix_offset(daylight.to),
        onset(daylight)?,
        onset(standard)?
    ))
}

/// The onset of a yearly rule in POSIX notation, `M3.5.0/2`; `None` when there is none.
fn onset(rule: &Rule, start: DateTime) -> Option<String> {
    let month = match rule.months.as_slice() {
        [] => i64::from(start.month()),
        [month] => *month,
        _ => return None,
    };
    if rule.frequency != Frequency::Yearly || !rule.is_plain() {
        return None;
    }
    let [(nth, weekday)] = rule.days.as_slice() else { return None };
    let length = |month: i64| -> Option<i64> {
        let first = Date::new(2026, i8::try_from(month).ok()?, 1).ok()?;
        Some(i64::from(first.days_in_month())).filter(|_| month != 2)
    };
    let week = match (nth, rule.month_days.as_slice()) {
        (1..=4, []) => *nth,
        (-1, []) => 5,
        // The weekday in seven days from a day of the month on.
        (0, [first, .., last]) if rule.month_days.len() == 7 && last - first == 6 => match first {
            1 | 8 | 15 | 22 => (first - 1) / 7 + 1,
            _ if Some(*last) == length(month) => 5,
            _ => return None,
        },
        _ => return None,
    };
    let weekday = match weekday {
        Weekday::Sunday => 0,
        other => other.to_monday_one_offset(),
    };
    let (hour, minute, second) = (start.hour(), start.minute(), start.second());
    Some(format!("M{month}.{week}.{weekday}/{hour}:{minute:02}:{second:02}"))
}

/// The text of a list of transitions.
fn listed(observances: &[Observance], budget: &Budget) -> Result<String, Exhausted> {
    let mut all: Vec<Transition> = Vec::new();
    for observance in observances {
        all.extend(observance.transitions(budget)?);
    }
    budget.charge_steps(all.len().saturating_mul(8))?;
    all.sort_unstable();
    // Before all of them, the offset is the one that the first replaces.
    let earliest = observances.iter().min_by_key(|observance| (observance.start, observance.from));
    let base = earliest.map_or(0, |observance| observance.from);
    let omitted = all.len().saturating_sub(MAX_TRANSITIONS);
    let base = omitted.checked_sub(1).and_then(|at| all.get(at)).map_or(base, |(_, to)| *to);
    let mut text = format!("{LISTED}{base}");
    for (at, to) in all.iter().skip(omitted) {
        let _ = write!(text, ";{}={to}", at.as_second());
    }
    budget.charge_bytes(2 * text.len())?;
    Ok(text)
}

/// Parses the text of a list of transitions.
pub fn transitions(text: &str) -> Option<TimeZone> {
    let mut parts = text.strip_prefix(LISTED)?.split(';');
    let mut offsets: Vec<i32> = vec![parts.next()?.parse().ok()?];
    let mut moments: Vec<(i64, u8)> = Vec::new();
    for part in parts {
        let (at, offset) = part.split_once('=')?;
        let offset = offset.parse().ok()?;
        let known = offsets.iter().position(|known| *known == offset);
        let kind = known.unwrap_or_else(|| {
            offsets.push(offset);
            offsets.len() - 1
        });
        moments.push((at.parse().ok()?, u8::try_from(kind).ok()?));
    }
    moments.dedup_by_key(|(at, _)| *at);
    // The format of compiled zones, RFC 8536: a block of the first version without content, and one
    // of the second.
    let header = |transitions: u32, kinds: u32| {
        let counts = [0, 0, 0, transitions, kinds, NAME.len() as u32];
        let counts = counts.iter().flat_map(|count: &u32| count.to_be_bytes());
        b"TZif2".iter().copied().chain([0; 15]).chain(counts).collect::<Vec<u8>>()
    };
    let kind = |offset: &i32| [&offset.to_be_bytes()[..], &[0, 0]].concat();
    let mut data = header(0, 1);
    data.extend(kind(&0));
    data.extend(NAME);
    data.extend(header(u32::try_from(moments.len()).ok()?, u32::try_from(offsets.len()).ok()?));
    data.extend(moments.iter().flat_map(|(at, _)| at.to_be_bytes()));
    data.extend(moments.iter().map(|(_, kind)| *kind));
    data.extend(offsets.iter().flat_map(kind));
    data.extend(NAME);
    data.extend(b"\n\n");
    TimeZone::tzif("", &data).ok()
}

/// `<+01>-1`: POSIX offsets are positive west of UTC.
pub fn posix_offset(seconds: i32) -> String {
    let (hours, minutes) = (seconds.abs() / 3_600, seconds.abs() / 60 % 60);
    let (name, sign) = if seconds < 0 { ('-', "") } else { ('+', "-") };
    format!("<{name}{hours:02}{minutes:02}>{sign}{hours}:{minutes:02}")
}
