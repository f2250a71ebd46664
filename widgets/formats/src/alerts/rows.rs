//! The alerts that are shown, and those that were lifted.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::RangeInclusive;

use jiff::Timestamp;
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted, Language};

use super::awareness::{Colour, Severity};
use super::entry::{Entry, Kind, Message, Messages, text};
use super::replaced::{Fate, Fates};
use super::{charge, language};
use crate::tree;

/// Steps of comparing rows while they are sorted.
const STEPS_PER_ROW: usize = 20;

/// Codes of an area beyond this many of one scheme are not added to those of a row.
const MAX_CODES: usize = 100;

/// A row, and what it is sorted by.
struct Row<K> {
    key: K,
    tree: Map<String, Value>,
}

pub fn in_force(
    messages: &Messages<'_>,
    fates: &Fates,
    now: Timestamp,
    citizen: Language,
    budget: &Budget,
) -> Result<Vec<Value>, Exhausted> {
    let mut rows = Rows::new(budget, citizen);
    for message in messages.messages.iter().filter(|message| message.kind != Kind::Cancel) {
        for at in language::chosen(messages, message, citizen, budget)? {
            let Some(entry) = messages.entries.get(at) else { continue };
            if messages.withdraws(entry) || entry.over.is_some_and(|over| over <= now) {
                continue;
            }
            let of_areas = fates.areas.get(at).map_or(&[][..], Vec::as_slice);
            if !of_areas.contains(&Fate::Holds) {
                continue;
            }
            let severity = severity(entry).unwrap_or(Severity::Extreme);
            let start = entry.start.map_or(i64::MIN, |start| start.as_second());
            let key = (severity, start, message.id, text(entry.tree, "title"));
            let keep = |fate: &Fate| *fate == Fate::Holds;
            rows.add(entry, of_areas, keep, &[], key)?;
        }
    }
    let mut list = rows.sorted()?;
    for stranger in &messages.strangers {
        let copy = tree::copy(budget, stranger)?;
        tree::push_value(budget, &mut list, copy)?;
    }
    Ok(list)
}

pub fn lifted(
    messages: &Messages<'_>,
    fates: &Fates,
    hours: RangeInclusive<Timestamp>,
    citizen: Language,
    budget: &Budget,
) -> Result<Vec<Value>, Exhausted> {
    let mut rows = Rows::new(budget, citizen);
    let sent = |by: usize| messages.messages.get(by).and_then(|message| message.sent);
    let recent = |by: usize| sent(by).filter(|sent| hours.contains(sent));
    for (nth, message) in messages.messages.iter().enumerate() {
        let acted = fates.acted.get(nth).copied().unwrap_or_default();
        for at in language::chosen(messages, message, citizen, budget)? {
            let Some(entry) = messages.entries.get(at) else { continue };
            let of_areas = fates.areas.get(at).map_or(&[][..], Vec::as_slice);
            if messages.withdraws(entry) {
                // The withdrawn warning is no longer in the answer. A green warning may withdraw
                // nothing at all, and a message without words says nothing to a citizen.
                let has_words =
                    ["event", "headline"].iter().any(|key| text(entry.tree, key).is_some());
                let says_so = has_words && (message.kind == Kind::Cancel || entry.all_clear);
                if let (true, false, Some(moment)) = (says_so, acted, recent(nth))
                    && of_areas.contains(&Fate::Holds)
                {
                    rows.add_lifted(messages, entry, of_areas, |_| true, moment)?;
                }
                continue;
            }
            let moment = of_areas.iter().find_map(|fate| match fate {
                Fate::Lifted(by) => recent(*by),
                _ => None,
            });
            // A warning that was over by then was not lifted.
            if let Some(moment) = moment
                && entry.over.is_none_or(|over| over > moment)
            {
                let keep = |fate: &Fate| matches!(fate, Fate::Lifted(by) if recent(*by).is_some());
                rows.add_lifted(messages, entry, of_areas, keep, moment)?;
            }
        }
    }
    rows.sorted()
}

/// The severity that goes with the colour, which the service chose for the citizen, else its own.
fn severity(entry: &Entry<'_>) -> Option<Severity> {
    match entry.colour {
        None | Some(Colour::Green) => entry.severity,
        Some(colour) => Some(colour.severity()),
    }
}

/// Rows, of which equal ones are one: a feed repeats a warning for each code of its area.
struct Rows<'a, 'b, K> {
    budget: &'b Budget,
    citizen: Language,
    rows: Vec<Row<K>>,
    /// By message and what is shown, the index of the row.
    known: HashMap<(usize, Shown<'a>), usize>,
}

type Shown<'a> = (Option<&'a str>, [Option<&'a str>; 3], [Option<Timestamp>; 2], Vec<&'a str>);

impl<'a, 'b, K: Ord> Rows<'a, 'b, K> {
    fn new(budget: &'b Budget, citizen: Language) -> Self {
        Rows { budget, citizen, rows: Vec::new(), known: HashMap::new() }
    }

    fn add(
        &mut self,
        entry: &Entry<'a>,
        fates: &[Fate],
        keep: impl Fn(&Fate) -> bool,
        more: &[(&str, Value)],
        key: K,
    ) -> Result<(), Exhausted> {
        let budget = self.budget;
        let areas = entry.areas.iter().zip(fates).filter(|(_, fate)| keep(fate));
        let areas: Vec<&Value> = areas.filter_map(|(area, _)| area.tree).collect();
        let name = |area: &&'a Value| area.get("description").and_then(Value::as_str);
        let names: Vec<&'a str> = areas.iter().filter_map(name).collect();
        charge::<&Value>(budget, areas.len())?;
        charge::<(usize, Shown<'_>)>(budget, 1)?;
        let words = ["event", "headline", "description"].map(|key| text(entry.tree, key));
        let shown = (Some(entry.language), words, [entry.start, entry.end], names);
        if let Some(known) = self.known.get(&(entry.message, shown.clone())) {
            if let Some(row) = self.rows.get_mut(*known) {
                merge_codes(&mut row.tree, &areas, budget)?;
            }
            return Ok(());
        }
        self.known.insert((entry.message, shown), self.rows.len());
        let mut tree = Map::new();
        // A message without information has none.
        let mut list = Vec::new();
        for area in &areas {
            let area = tree::copy(budget, area)?;
            tree::push_value(budget, &mut list, area)?;
        }
        tree::insert(budget, &mut tree, "areas", Value::Array(list))?;
        for (key, value) in entry.tree.iter().filter(|(key, _)| *key != "areas") {
            let value = match key.as_str() {
                "severity" => tree::optional(budget, severity(entry).map(Severity::name))?,
                // Other messages, which mean nothing to a citizen, and may be many.
                "references" => Value::Null,
                _ => tree::copy(budget, value)?,
            };
            tree::insert(budget, &mut tree, key, value)?;
        }
        let moment = |moment: Option<Timestamp>| match moment {
            Some(moment) => tree::text(budget, &moment.to_string()),
            None => Ok(Value::Null),
        };
        let made = [
            ("start", moment(entry.start)?),
            ("end", moment(entry.end)?),
            ("spoken", tree::text(budget, &language::spoken(entry, self.citizen))?),
            ("colour", tree::optional(budget, entry.colour.map(Colour::name))?),
            ("hazard", tree::optional(budget, entry.hazard)?),
        ];
        for (key, value) in made.into_iter().chain(more.iter().cloned()) {
            tree::insert(budget, &mut tree, key, value)?;
        }
        budget.charge_bytes(size_of::<Row<K>>())?;
        self.rows.push(Row { key, tree });
        Ok(())
    }

    fn sorted(mut self) -> Result<Vec<Value>, Exhausted> {
        self.budget.charge_steps(self.rows.len().saturating_mul(STEPS_PER_ROW))?;
        self.rows.sort_by(|a, b| a.key.cmp(&b.key));
        let mut list = Vec::new();
        for row in self.rows {
            tree::push_value(self.budget, &mut list, Value::Object(row.tree))?;
        }
        Ok(list)
    }
}

/// The latest first.
type LiftedKey<'a> = (Reverse<Timestamp>, Severity, Option<&'a str>);

impl<'a> Rows<'a, '_, LiftedKey<'a>> {
    fn add_lifted(
        &mut self,
        messages: &Messages<'a>,
        entry: &Entry<'a>,
        fates: &[Fate],
        keep: impl Fn(&Fate) -> bool,
        moment: Timestamp,
    ) -> Result<(), Exhausted> {
        let id = messages.message_of(entry).and_then(|message: &Message<'a>| message.id);
        let key = (Reverse(moment), severity(entry).unwrap_or(Severity::Minor), id);
        let lifted = tree::text(self.budget, &moment.to_string())?;
        self.add(entry, fates, keep, &[("lifted", lifted)], key)
    }
}

/// Adds the codes of areas of the same names to those of a row.
fn merge_codes(
    row: &mut Map<String, Value>,
    areas: &[&Value],
    budget: &Budget,
) -> Result<(), Exhausted> {
    let known = row.get_mut("areas").and_then(Value::as_array_mut).into_iter().flatten();
    for (known, area) in known.zip(areas) {
        let codes = area.get("geocodes").and_then(Value::as_object).into_iter().flatten();
        let Some(merged) = known.get_mut("geocodes").and_then(Value::as_object_mut) else {
            continue;
        };
        for (scheme, codes) in codes {
            match merged.get_mut(scheme) {
                Some(Value::Array(list)) => {
                    for code in codes.as_array().into_iter().flatten() {
                        budget.charge_steps(list.len())?;
                        if list.len() < MAX_CODES && !list.contains(code) {
                            let code = tree::copy(budget, code)?;
                            tree::push_value(budget, list, code)?;
                        }
                    }
                }
                Some(_) => {}
                None => {
                    let codes = tree::copy(budget, codes)?;
                    tree::insert(budget, merged, scheme, codes)?;
                }
            }
        }
    }
    Ok(())
}
