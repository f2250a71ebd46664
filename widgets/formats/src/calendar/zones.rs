//! The time zones of a calendar: IANA names, Windows names, zones that the calendar defines itself,
//! and offsets in names.
//!
//! A zone is represented by a text that jiff can parse: an IANA name, or a POSIX time zone string.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarValue, ICalendarWeekday,
};
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The compiled-in zones, so that nothing is read from disk.
static BUNDLED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Longer names are those of no zone.
const MAX_NAME_BYTES: usize = 200;

/// The zones that a calendar defines (`VTIMEZONE`), by their `TZID`.
pub struct Zones {
    defined: BTreeMap<String, String>,
}

impl Zones {
    /// Reads the definitions of a calendar.
    pub fn of(calendar: &ICalendar) -> Self {
        let mut defined = BTreeMap::new();
        for zone in calendar.timezones() {
            let id = text_of(zone, "TZID");
            let location = text_of(zone, "X-LIC-LOCATION").and_then(|name| well_known(&name));
            if let (Some(id), Some(found)) = (id, location.or_else(|| posix(calendar, zone))) {
                defined.entry(id).or_insert(found);
            }
        }
        Self { defined }
    }

    /// The zone with this `TZID`. Well-known names take precedence over definitions in the
    /// calendar, which are often wrong.
    pub fn find(&self, id: &str) -> Option<String> {
        let id = id.trim();
        if id.len() > MAX_NAME_BYTES {
            return None;
        }
        well_known(id)
            .or_else(|| self.defined.get(id).cloned())
            // Names like `(UTC-03:00) Brasília` contain an offset.
            .or_else(|| zone_of_calcard(id))
    }
}

/// Parses the result of [`Zones::find`].
pub fn zone(text: &str) -> Option<TimeZone> {
    BUNDLED.get(text).or_else(|_| TimeZone::posix(text)).ok()
}

/// An IANA name, possibly with a prefix of the program that wrote it, or a Windows name.
fn well_known(id: &str) -> Option<String> {
    // IANA names have at most three parts; drop prefixes until the rest is one.
    let mut rest = id.trim_matches(['"', '/']);
    for _ in 0..8 {
        let plausible = rest.contains('/') || matches!(rest, "UTC" | "GMT" | "Z");
        if plausible && let Ok(zone) = BUNDLED.get(if rest == "Z" { "UTC" } else { rest }) {
            return zone.iana_name().map(str::to_owned);
        }
        let Some((_, after)) = rest.split_once('/') else { break };
        rest = after;
    }
    // For a name with an offset, the definition in the calendar is more precise.
    if id.starts_with('(') { None } else { zone_of_calcard(id) }
}

fn zone_of_calcard(id: &str) -> Option<String> {
    let zone: Tz = id.parse().ok()?;
    let name = zone.name()?;
    BUNDLED.get(&name).ok()?.iana_name().map(str::to_owned)
}

/// The text of a property, by its name.
fn text_of(component: &ICalendarComponent, name: &str) -> Option<String> {
    component.entries.iter().find_map(|entry| match (&entry.name, entry.values.first()) {
        (property, Some(ICalendarValue::Text(text)))
            if property.as_str().eq_ignore_ascii_case(name) =>
        {
            Some(text.trim().trim_matches('"').to_owned())
                .filter(|text| text.len() <= MAX_NAME_BYTES)
        }
        _ => None,
    })
}

/// The rule for standard or daylight saving time.
struct Observance<'a> {
    is_daylight: bool,
    /// Seconds east of UTC.
    offset: i32,
    /// The latest onset in the definition: year, month, day.
    onset: (u16, u8, u8),
    start: PartialDateTime,
    rule: Option<&'a ICalendarRecurrenceRule>,
}

/// The POSIX time zone string of a definition: its current rules, without those of earlier years.
fn posix(calendar: &ICalendar, zone: &ICalendarComponent) -> Option<String> {
    let mut observances: Vec<Observance<'_>> = zone
        .component_ids
        .iter()
        .filter_map(|id| calendar.component_by_id(*id))
        .filter_map(observance)
        .collect();
    observances.sort_by_key(|observance| observance.onset);
    let ruled = |is_daylight: bool| {
        observances.iter().rev().find_map(|observance| {
            let rule = observance
                .rule
                .filter(|rule| rule.until.is_none() && observance.is_daylight == is_daylight)?;
            Some((observance.offset, onset(rule, &observance.start)?))
        })
    };
    if let (Some((standard, back)), Some((daylight, forth))) = (ruled(false), ruled(true))
        && standard != daylight
    {
        let text = format!("{}{},{forth},{back}", posix_offset(standard), posix_offset(daylight));
        return TimeZone::posix(&text).is_ok().then_some(text);
    }
    let last = observances
        .iter()
        .rev()
        .find(|observance| !observance.is_daylight)
        .or(observances.last())?;
    let text = posix_offset(last.offset);
    TimeZone::posix(&text).is_ok().then_some(text)
}

fn observance(component: &ICalendarComponent) -> Option<Observance<'_>> {
    let is_daylight = match component.component_type {
        ICalendarComponentType::Standard => false,
        ICalendarComponentType::Daylight => true,
        _ => return None,
    };
    let (mut offset, mut start, mut rule) = (None, None, None);
    let mut onset = (0, 0, 0);
    for entry in &component.entries {
        for value in &entry.values {
            match (&entry.name, value) {
                (ICalendarProperty::Tzoffsetto, ICalendarValue::PartialDateTime(at)) => {
                    let seconds =
                        i32::from(at.tz_hour?) * 3_600 + i32::from(at.tz_minute.unwrap_or(0)) * 60;
                    offset = Some(if at.tz_minus { -seconds } else { seconds });
                }
                (
                    ICalendarProperty::Dtstart | ICalendarProperty::Rdate,
                    ICalendarValue::PartialDateTime(at),
                ) => {
                    onset = onset.max((at.year?, at.month?, at.day?));
                    if entry.name == ICalendarProperty::Dtstart {
                        start = Some((**at).clone());
                    }
                }
                (ICalendarProperty::Rrule, ICalendarValue::RecurrenceRule(found)) => {
                    rule = Some(&**found)
                }
                _ => {}
            }
        }
    }
    Some(Observance { is_daylight, offset: offset?, onset, start: start?, rule })
}

/// The onset of a yearly rule in POSIX notation: `M3.5.0/2`.
fn onset(rule: &ICalendarRecurrenceRule, start: &PartialDateTime) -> Option<String> {
    let month = rule.bymonth.first().map(|month| month.month()).or(start.month)?;
    let [day] = rule.byday.as_slice() else { return None };
    let week = match (day.ordwk, rule.bymonthday.iter().min()) {
        (Some(nth @ 1..=5), _) => nth,
        (Some(-1), _) => 5,
        // The first such weekday on or after a day of the month.
        (None, Some(least @ 1..)) => i16::from((least - 1) / 7 + 1),
        _ => return None,
    };
    let weekday = match day.weekday {
        ICalendarWeekday::Sunday => 0,
        ICalendarWeekday::Monday => 1,
        ICalendarWeekday::Tuesday => 2,
        ICalendarWeekday::Wednesday => 3,
        ICalendarWeekday::Thursday => 4,
        ICalendarWeekday::Friday => 5,
        ICalendarWeekday::Saturday => 6,
    };
    let (hour, minute, second) =
        (start.hour.unwrap_or(0), start.minute.unwrap_or(0), start.second.unwrap_or(0));
    Some(format!("M{month}.{week}.{weekday}/{hour}:{minute:02}:{second:02}"))
}

/// `<+01>-1`: POSIX offsets are positive west of UTC.
fn posix_offset(seconds: i32) -> String {
    let (hours, minutes) = (seconds.abs() / 3_600, seconds.abs() / 60 % 60);
    let (name, sign) = if seconds < 0 { ('-', "") } else { ('+', "-") };
    format!("<{name}{hours:02}{minutes:02}>{sign}{hours}:{minutes:02}")
}
