//! iCalendar, RFC 5545: the events of a calendar, and their occurrences in a window of days.
//!
//! A recurrence rule cannot be expanded without a window, and a reader has no clock. So the tree
//! contains each recurring event once, with its rules, and [`occurrences`] expands them. Of several
//! versions of an event, the tree contains the newest.

mod event;
mod expansion;
mod length;
mod lines;
mod occurrences;
mod recurrence;
mod series;
#[cfg(test)]
mod tests;
mod texts;
mod times;
mod versions;
mod vtimezone;
mod zones;

use calcard::icalendar::{
    ICalendar, ICalendarComponentType, ICalendarEntry, ICalendarMethod, ICalendarParameter,
    ICalendarValue,
};
use calcard::{Entry, Parser};
use serde_json::Value;
use voordeur_widget_api::{Budget, Exhausted};

use event::{Event, EventReader};
pub use lines::unfolded;
pub use occurrences::occurrences;
use zones::{Zone, Zones};

use super::{FormatError, line_and_column, tree};

/// Events beyond this many are omitted.
const MAX_EVENTS: usize = 20_000;

/// Reads a calendar.
pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    let start = text.len() - text.trim_start().len();
    let error = |reason: &str, at: usize| {
        Err(FormatError::Calendar(format!("{reason} at {}", line_and_column(text, at))))
    };
    let is_begin = |line: &str| {
        let line = line.trim_start_matches('\u{feff}').trim();
        line.eq_ignore_ascii_case("BEGIN:VCALENDAR")
    };
    if !text.split(['\n', '\r']).any(is_begin) {
        return error("no BEGIN:VCALENDAR", start);
    }
    if let Some(at) = text.find('\0') {
        return error("a zero byte", at);
    }
    let prepared = lines::prepared(&text[start..], budget)?;
    charge_components(&prepared, budget)?;
    let mut parser = Parser::new(&prepared);
    let mut reader = CalendarReader::new(budget);
    reader.cut_off = is_cut_off(&text[start..]);
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => reader.add(&calendar)?,
            Entry::Eof => break,
            // The parser skips unreadable lines and returns components without an end.
            _ => {}
        }
    }
    Ok(reader.finish()?)
}

/// Whether the end of the last calendar is missing: it broke off on its way.
fn is_cut_off(text: &str) -> bool {
    let lines = text.split(['\n', '\r']).rev().map(str::trim);
    let mut ends = lines.filter_map(|line| {
        let is = |mark: &str| line.eq_ignore_ascii_case(mark);
        (is("END:VCALENDAR") || is("BEGIN:VCALENDAR")).then(|| is("BEGIN:VCALENDAR"))
    });
    ends.next().unwrap_or(true)
}

/// Charges what the parser will take: it keeps each property, with its parameters and values, until
/// the calendar ends. Lists grow by doubling, and are copied then.
fn charge_components(text: &str, budget: &Budget) -> Result<(), Exhausted> {
    let bytes = text.as_bytes();
    // A line that starts with white space continues the one before it.
    let continued =
        bytes.windows(2).filter(|pair| pair[0] == b'\n' && matches!(pair[1], b' ' | b'\t')).count();
    let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count() - continued;
    let parts = bytes.iter().filter(|byte| matches!(byte, b',' | b';')).count();
    // The first value of a list takes four slots; what it points to is in proportion to its text.
    let line = 3 * size_of::<ICalendarEntry>() + 4 * size_of::<ICalendarValue>() + 64;
    let part = 3 * size_of::<ICalendarParameter>().max(size_of::<ICalendarValue>()) + 32;
    budget.charge_steps(lines + parts + bytes.len() / 8)?;
    let list = lines.saturating_mul(line).saturating_add(parts.saturating_mul(part));
    budget.charge_bytes(list.saturating_add(bytes.len()))
}

struct CalendarReader<'b> {
    budget: &'b Budget,
    name: Option<String>,
    description: Option<String>,
    zone: Option<Zone>,
    events: Vec<Event>,
    unreadable: usize,
    /// Events, and dates and rules of events, beyond what is read.
    left_out: usize,
    cut_off: bool,
    truncated: bool,
}

impl<'b> CalendarReader<'b> {
    fn new(budget: &'b Budget) -> Self {
        Self {
            budget,
            name: None,
            description: None,
            zone: None,
            events: Vec::new(),
            unreadable: 0,
            left_out: 0,
            cut_off: false,
            truncated: false,
        }
    }

    fn add(&mut self, calendar: &ICalendar) -> Result<(), Exhausted> {
        let zones = Zones::of(calendar, self.budget)?;
        let mut default_zone = None;
        let mut is_cancelled = false;
        for component in &calendar.components {
            if component.component_type == ICalendarComponentType::VCalendar {
                for entry in &component.entries {
                    match entry.name.as_str().to_ascii_uppercase().as_str() {
                        "X-WR-CALNAME" | "NAME" => {
                            self.name = self.name.take().or_else(|| texts::line(entry))
                        }
                        "X-WR-CALDESC" | "DESCRIPTION" => {
                            self.description =
                                self.description.take().or_else(|| texts::text(entry));
                        }
                        "X-WR-TIMEZONE" => {
                            if let Some(id) = texts::line(entry) {
                                default_zone = zones.find(&id)?;
                            }
                        }
                        "METHOD" => {
                            let method = entry.values.first();
                            is_cancelled |=
                                method == Some(&ICalendarValue::Method(ICalendarMethod::Cancel));
                        }
                        _ => {}
                    }
                }
            }
        }
        self.zone = self.zone.take().or_else(|| default_zone.clone());
        let events = calendar
            .components
            .iter()
            .filter(|component| component.component_type == ICalendarComponentType::VEvent);
        for component in events {
            if self.events.len() == MAX_EVENTS {
                self.truncated = true;
                self.left_out = self.left_out.saturating_add(1);
                continue;
            }
            let event = EventReader {
                budget: self.budget,
                component,
                zones: &zones,
                default_zone: default_zone.as_ref(),
                is_cancelled,
            };
            match event.read()? {
                Some(event) => {
                    self.left_out = self.left_out.saturating_add(event.left_out);
                    tree::push(self.budget, &mut self.events, event)?;
                }
                None => self.unreadable += 1,
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Value, Exhausted> {
        let budget = self.budget;
        let mut list = Vec::new();
        for event in versions::merged(self.events, budget)? {
            tree::push_value(budget, &mut list, Value::Object(event))?;
        }
        tree::object(
            budget,
            [
                ("name", tree::optional(budget, self.name.as_deref())?),
                ("description", tree::optional(budget, self.description.as_deref())?),
                ("zone", tree::optional(budget, self.zone.as_ref().map(Zone::text))?),
                ("events", Value::Array(list)),
                ("unreadable", self.unreadable.into()),
                ("left_out", self.left_out.into()),
                ("cut_off", self.cut_off.into()),
                ("truncated", self.truncated.into()),
            ],
        )
    }
}
