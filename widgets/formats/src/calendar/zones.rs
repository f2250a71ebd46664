//! The time zones of a calendar: IANA names, Windows names, zones that the calendar defines itself,
//! and offsets in names.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use calcard::common::timezone::Tz;
use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarValue};
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use voordeur_widget_api::{Budget, Exhausted};

use super::super::tree;
use super::vtimezone;

/// The compiled-in zones, so that nothing is read from disk.
static BUNDLED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Longer names are those of no zone.
const MAX_NAME_BYTES: usize = 200;

/// January and July 2026: at one of them, the clocks of any zone show standard time.
const HALVES_OF_YEAR: [Timestamp; 2] =
    [Timestamp::constant(1_767_225_600, 0), Timestamp::constant(1_782_864_000, 0)];

/// Steps of looking a name up: it is compared with those of all zones.
const STEPS_OF_NAME: usize = 1_000;

/// The memory of a name and its zone in the table of those that were looked up.
const BYTES_OF_NAME: usize = 2 * MAX_NAME_BYTES;

/// A time zone, and a text from which it can be made again: an IANA name, a POSIX time zone string,
/// or a list of transitions, see [`vtimezone`].
#[derive(Clone, Debug)]
pub struct Zone {
    text: Arc<str>,
    rules: TimeZone,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Zone {
    /// Parses the text of a zone.
    pub fn parse(text: &str) -> Option<Self> {
        let rules = match vtimezone::transitions(text) {
            Some(transitions) => transitions,
            None => BUNDLED.get(text).or_else(|_| TimeZone::posix(text)).ok()?,
        };
        Some(Self { text: text.into(), rules })
    }

    pub fn utc() -> Self {
        Self { text: "UTC".into(), rules: TimeZone::UTC }
    }

    pub fn is_utc(&self) -> bool {
        matches!(&*self.text, "UTC" | "Etc/UTC" | "GMT" | "Etc/GMT")
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }
}

/// The zones that a calendar defines (`VTIMEZONE`), by their `TZID`, and those of the names that
/// were looked up.
pub struct Zones<'b> {
    budget: &'b Budget,
    defined: BTreeMap<String, Zone>,
    found: RefCell<BTreeMap<String, Option<Zone>>>,
}

impl<'b> Zones<'b> {
    /// Reads the definitions of a calendar.
    pub fn of(calendar: &ICalendar, budget: &'b Budget) -> Result<Self, Exhausted> {
        let mut defined: BTreeMap<String, Zone> = BTreeMap::new();
        for component in calendar.timezones() {
            let Some(id) = text_of(component, "TZID") else { continue };
            budget.charge_steps(STEPS_OF_NAME)?;
            if well_known(&id).is_some() {
                continue;
            }
            let location = text_of(component, "X-LIC-LOCATION").and_then(|name| well_known(&name));
            let zone = match location {
                Some(zone) => Some(zone),
                None => vtimezone::zone_text(calendar, component, budget)?
                    .and_then(|text| Zone::parse(&text)),
            };
            let Some(zone) = zone else { continue };
            budget.charge_bytes(tree::entry_bytes(defined.len()) + BYTES_OF_NAME)?;
            // Of two definitions, the order does not choose.
            if defined.get(&id).is_none_or(|other| other.text < zone.text) {
                defined.insert(id, zone);
            }
        }
        Ok(Self { budget, defined, found: RefCell::default() })
    }

    /// The zone with this `TZID`. Well-known names take precedence over definitions in the
    /// calendar, which are often wrong.
    pub fn find(&self, id: &str) -> Result<Option<Zone>, Exhausted> {
        let id = id.trim();
        if id.len() > MAX_NAME_BYTES {
            return Ok(None);
        }
        if let Some(zone) = self.found.borrow().get(id) {
            return Ok(zone.clone());
        }
        self.budget.charge_steps(STEPS_OF_NAME)?;
        let mut found = self.found.borrow_mut();
        self.budget.charge_bytes(tree::entry_bytes(found.len()) + BYTES_OF_NAME)?;
        let zone = well_known(id)
            .or_else(|| self.defined.get(id).cloned())
            .or_else(|| described(id))
            .or_else(|| offset_in_name(id));
        found.insert(id.to_owned(), zone.clone());
        Ok(zone)
    }
}

fn iana(name: &str) -> Option<Zone> {
    let rules = BUNDLED.get(name).ok()?;
    let text = rules.iana_name()?.into();
    Some(Zone { text, rules })
}

/// An IANA name, possibly with a prefix of the program that wrote it, or a Windows name.
fn well_known(id: &str) -> Option<Zone> {
    // IANA names have at most three parts; drop prefixes until the rest is one.
    let mut rest = id.trim_matches(['"', '/']);
    for _ in 0..8 {
        let plausible = rest.contains('/') || matches!(rest, "UTC" | "GMT" | "Z");
        if plausible && let Some(zone) = iana(if rest == "Z" { "UTC" } else { rest }) {
            return Some(zone);
        }
        let Some((_, after)) = rest.split_once('/') else { break };
        rest = after;
    }
    // For a name with an offset, the definition in the calendar is more precise.
    if id.starts_with('(') { None } else { windows(id) }
}

/// A name of Windows, or the abbreviation of a zone.
fn windows(id: &str) -> Option<Zone> {
    match id.parse().ok()? {
        zone @ Tz::Tz(_) => iana(&zone.name()?),
        _ => None,
    }
}

/// A description of Windows: `(UTC+01:00) Brussels, Copenhagen, Madrid, Paris`. It names a zone,
/// whose clocks may change, by its cities; the offset is that of standard time.
fn described(id: &str) -> Option<Zone> {
    let (offset, cities) = id.strip_prefix('(')?.split_once(')')?;
    let offset = offset_of(offset);
    let standard = |zone: &Zone| HALVES_OF_YEAR.map(|at| zone.rules.to_offset(at).seconds());
    let fits =
        |zone: &Zone| offset.is_none_or(|stated| standard(zone).into_iter().min() == Some(stated));
    let city = |name: &str| {
        let name = name.trim().replace(' ', "_");
        let mut all = BUNDLED.available();
        all.find_map(|zone| {
            let last = zone.as_str().rsplit('/').next()?;
            let zone = last.eq_ignore_ascii_case(&name).then(|| iana(zone.as_str()))??;
            fits(&zone).then_some(zone)
        })
    };
    windows(cities.trim()).or_else(|| cities.split(',').take(4).find_map(city))
}

/// The offset that a name states: `GMT+0100`, `UTC+1`, `+01:00`, `(UTC+05:30) Somewhere`.
fn offset_in_name(id: &str) -> Option<Zone> {
    let name = id.strip_prefix('(').and_then(|rest| rest.split(')').next()).unwrap_or(id);
    let seconds = offset_of(name)?;
    if seconds == 0 {
        return Some(Zone::utc());
    }
    Zone::parse(&vtimezone::posix_offset(seconds))
}

/// Seconds east of Greenwich.
fn offset_of(name: &str) -> Option<i32> {
    let upper = name.trim().to_ascii_uppercase();
    let rest = upper.strip_prefix("UTC").or_else(|| upper.strip_prefix("GMT")).unwrap_or(&upper);
    let sign = match rest.trim_start().chars().next() {
        None if rest.len() < upper.len() => return Some(0),
        Some('+') => 1,
        Some('-' | '\u{2212}') => -1,
        _ => return None,
    };
    let rest = rest.trim_start().trim_start_matches(['+', '-', '\u{2212}']).trim();
    let (hours, minutes) = match rest.split_once([':', '.']) {
        Some((hours, minutes)) => (hours, minutes),
        None if rest.len() > 2 => rest.split_at_checked(rest.len() - 2)?,
        None => (rest, "0"),
    };
    let number = |text: &str| text.parse::<u8>().ok().map(i32::from);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_from_names() {
        for (name, seconds) in [
            ("GMT+0100", Some(3_600)),
            ("UTC+01:00", Some(3_600)),
            ("GMT+1", Some(3_600)),
            ("gmt -3:30", Some(-12_600)),
            ("+0530", Some(19_800)),
            ("UTC", Some(0)),
            ("GMT+25", None),
            ("", None),
            ("Somewhere", None),
        ] {
            assert_eq!(offset_of(name), seconds, "{name}");
        }
    }
}
