//! The recurrence of an event, as its tree contains it, and its expansion into local starts.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;
use voordeur_widget_api::{Budget, Exhausted};

use super::length::Length;
use super::recurrence::{Rule, Until};
use super::series::MAX_RULES;
use super::times::{EventTime, local_time};
use super::zones::Zone;

/// Maximum number of steps of all rules together; a daily rule takes three steps per day.
const MAX_STEPS: u64 = 1_000_000;

/// Maximum number of steps of one rule.
const MAX_STEPS_OF_RULE: u64 = 200_000;

/// The memory of a start, in a list that grows by doubling.
const START_BYTES: usize = 2 * size_of::<Start>();

/// The memory of an exclusion or a date, in a list that grows by doubling.
const EXCLUSION_BYTES: usize = 3 * size_of::<Start>();

/// The steps that are left for rules.
pub struct StepsLeft(u64);

impl Default for StepsLeft {
    fn default() -> Self {
        Self(MAX_STEPS)
    }
}

/// A local start, with its own length when it has one.
pub type Start = (DateTime, Option<Length>);

/// A member of a recurrence that is a list.
pub fn list<'a>(recurrence: &'a Value, key: &str) -> &'a [Value] {
    recurrence.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The recurrence of an event.
pub struct Expansion<'e, 'a> {
    event: &'e Value,
    recurrence: &'e Value,
    /// The zone of the place, for local times without a zone.
    place: &'a TimeZone,
    budget: &'a Budget,
    start: When,
    /// The changes that replace occurrences from one on, ordered by that one.
    onward: Vec<Onward<'e>>,
    /// The length of the longest occurrence, in seconds.
    pub longest: i64,
    /// How many seconds later or earlier occurrences are moved, at most.
    pub later: i64,
    pub earlier: i64,
}

/// A local start with its length.
struct When {
    start: DateTime,
    all_day: bool,
    zone: Option<Zone>,
    length: Length,
}

/// `RANGE=THISANDFUTURE`: an event that replaces the occurrence `at` and all later ones, which are
/// moved as far as that one.
struct Onward<'a> {
    at: DateTime,
    event: &'a Value,
    start: When,
}

impl When {
    /// Reads the members `start`, `zone` and `length`; `None` when one is unreadable.
    fn of(
        event: &Value,
        tree: &Value,
        place: &TimeZone,
        budget: &Budget,
    ) -> Result<Option<Self>, Exhausted> {
        let text = |key: &str| tree.get(key).and_then(Value::as_str);
        let all_day = event.get("all_day") == Some(&Value::Bool(true));
        let mut zone = None;
        if let Some(name) = text("zone").filter(|_| !all_day) {
            budget.charge_steps(1 + name.len() / 8)?;
            budget.charge_bytes(name.len())?;
            zone = Zone::parse(name);
            if zone.is_none() {
                return Ok(None);
            }
        }
        let rules = zone.as_ref().map_or(place, Zone::rules);
        let Some(start) = text("start").and_then(|text| local_time(text, rules)) else {
            return Ok(None);
        };
        let length = tree.get("length").and_then(Length::of_tree).unwrap_or_default();
        Ok(Some(Self { start, all_day, zone, length }))
    }

    fn time(&self, at: DateTime) -> EventTime {
        match self.all_day {
            true => EventTime::Day(at.date()),
            false => EventTime::Time(at, self.zone.clone()),
        }
    }
}

impl<'e, 'a> Expansion<'e, 'a> {
    /// Reads the recurrence; `None` when it has no start that can be read.
    pub fn of(
        event: &'e Value,
        recurrence: &'e Value,
        place: &'a TimeZone,
        budget: &'a Budget,
    ) -> Result<Option<Self>, Exhausted> {
        let Some(start) = When::of(event, recurrence, place, budget)? else { return Ok(None) };
        let longest = start.length.in_seconds();
        let mut expansion = Self {
            event,
            recurrence,
            place,
            budget,
            start,
            onward: Vec::new(),
            longest,
            later: 0,
            earlier: 0,
        };
        for change in list(recurrence, "onward") {
            budget.charge_bytes(2 * size_of::<Onward<'_>>())?;
            let at = change.get("at").and_then(Value::as_str);
            let at = at.and_then(|at| local_time(at, expansion.rules()));
            let (Some(at), Some(event)) = (at, change.get("event")) else { continue };
            let Some(start) = When::of(event, change, place, budget)? else { continue };
            let moved = start.start.duration_since(at).as_secs();
            expansion.longest = expansion.longest.max(start.length.in_seconds());
            expansion.later = expansion.later.max(moved);
            expansion.earlier = expansion.earlier.max(moved.saturating_neg());
            expansion.onward.push(Onward { at, event, start });
        }
        expansion.onward.sort_by_key(|onward| onward.at);
        Ok(Some(expansion))
    }

    /// The rules of the zone of the event, or of the place when it has none.
    pub fn rules(&self) -> &TimeZone {
        self.start.zone.as_ref().map_or(self.place, Zone::rules)
    }

    /// The event that occurs at a local start, with its own start and length.
    pub fn event_at(
        &self,
        at: DateTime,
        own_length: Option<Length>,
    ) -> (&'e Value, Option<EventTime>, Length) {
        let begun = self.onward.partition_point(|onward| onward.at <= at);
        let Some(onward) = begun.checked_sub(1).and_then(|last| self.onward.get(last)) else {
            let length = own_length.unwrap_or(self.start.length);
            return (self.event, Some(self.start.time(at)), length);
        };
        let moved = onward.start.start.checked_add(at.duration_since(onward.at)).ok();
        let start = moved.map(|moved| onward.start.time(moved));
        (onward.event, start, onward.start.length)
    }

    /// The local starts from rules, `DTSTART` and `RDATE` between two local times, in order and
    /// without duplicates, but for those that are excluded.
    pub fn starts(
        &self,
        window: (DateTime, DateTime),
        steps_left: &mut StepsLeft,
    ) -> Result<Vec<Start>, Exhausted> {
        let lists = ["dates", "except", "changed"].map(|key| list(self.recurrence, key).len());
        let lists = lists.iter().sum::<usize>();
        self.budget.charge_steps(lists)?;
        self.budget.charge_bytes(lists.saturating_mul(EXCLUSION_BYTES))?;

        let mut starts: Vec<Start> = Vec::new();
        let rules = self.rules_of("rules")?;
        let is_empty = rules.iter().any(Rule::is_empty);
        for rule in rules {
            let expanded = self.expand(&rule, window, steps_left)?;
            starts.extend(expanded.into_iter().map(|at| (at, None)));
        }
        if !is_empty {
            starts.push((self.start.start, None));
        }
        for date in list(self.recurrence, "dates") {
            let at = date.get(0).and_then(Value::as_str);
            let at = at.and_then(|at| local_time(at, self.rules()));
            starts.extend(at.map(|at| (at, date.get(1).and_then(Length::of_tree))));
        }
        if self.start.all_day {
            for (at, _) in &mut starts {
                *at = at.date().at(0, 0, 0, 0);
            }
        }
        let exclusions = self.exclusions(window, steps_left)?;
        self.budget.charge_steps(starts.len().saturating_mul(2))?;
        starts.retain(|(at, _)| *at >= window.0 && *at <= window.1 && !exclusions.contain(*at));
        // Of equal starts, the one with its own length is first, so that it is kept.
        starts.sort_unstable_by_key(|(at, own_length)| (*at, own_length.is_none(), *own_length));
        starts.dedup_by_key(|(at, _)| *at);
        Ok(starts)
    }

    fn rules_of(&self, key: &str) -> Result<Vec<Rule>, Exhausted> {
        let mut rules = Vec::new();
        for text in list(self.recurrence, key).iter().take(MAX_RULES).filter_map(Value::as_str) {
            self.budget.charge_steps(1 + text.len() / 16)?;
            let Some(mut rule) = Rule::parse(text) else { continue };
            if let Some(Until::Universal(at)) = rule.until()
                && let Ok(at) = TimeZone::UTC.to_timestamp(at)
            {
                rule.set_until(self.rules().to_datetime(at));
            }
            rules.push(rule);
        }
        Ok(rules)
    }

    fn expand(
        &self,
        rule: &Rule,
        window: (DateTime, DateTime),
        steps_left: &mut StepsLeft,
    ) -> Result<Vec<DateTime>, Exhausted> {
        let granted = MAX_STEPS_OF_RULE.min(steps_left.0);
        let mut left = granted;
        let expanded = rule.starts(self.start.start, window, &mut left, self.budget)?;
        let taken = granted.saturating_sub(left);
        steps_left.0 = steps_left.0.saturating_sub(taken);
        self.budget.charge_steps(usize::try_from(taken).unwrap_or(usize::MAX))?;
        self.budget.charge_bytes(expanded.len().saturating_mul(START_BYTES))?;
        Ok(expanded)
    }

    /// `EXDATE`, `EXRULE`, and the occurrences that an event of their own replaces.
    fn exclusions(
        &self,
        window: (DateTime, DateTime),
        steps_left: &mut StepsLeft,
    ) -> Result<Exclusions, Exhausted> {
        let changed = list(self.recurrence, "changed").iter().filter_map(|change| change.get("at"));
        let texts = list(self.recurrence, "except").iter().chain(changed);
        let exclusion = |text: &str| {
            let is_day = !text.contains('T') && !self.start.all_day;
            Some((local_time(text, self.rules())?, is_day))
        };
        let mut sorted: Vec<(DateTime, bool)> =
            texts.filter_map(Value::as_str).filter_map(exclusion).collect();
        for rule in self.rules_of("except_rules")? {
            let expanded = self.expand(&rule, window, steps_left)?;
            sorted.extend(expanded.into_iter().map(|at| (at, false)));
        }
        sorted.sort_unstable();
        Ok(Exclusions { sorted })
    }
}

/// The starts and days that are excluded from a series.
struct Exclusions {
    /// Sorted; the flag marks a whole day, as its midnight.
    sorted: Vec<(DateTime, bool)>,
}

impl Exclusions {
    fn contain(&self, at: DateTime) -> bool {
        self.sorted.binary_search(&(at, false)).is_ok()
            || self.sorted.binary_search(&(at.date().at(0, 0, 0, 0), true)).is_ok()
    }
}
