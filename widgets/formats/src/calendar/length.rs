//! How long an event lasts.

use calcard::icalendar::ICalendarDuration;
use serde_json::Value;
use voordeur_widget_api::{Budget, Exhausted};

use super::super::tree;

/// Longer events are cut off, so that sums stay within bounds.
const MAX_DAYS: i64 = 100_000;
const MAX_SECONDS: i64 = 4_000_000_000;

const SECONDS_PER_DAY: i64 = 86_400;

/// The length of an event. Its days are those of the calendar, which have 23 or 25 hours where the
/// clocks change; its seconds are exact (RFC 5545, 3.3.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Length {
    pub days: i64,
    pub seconds: i64,
}

impl Length {
    pub fn of_days(days: i64) -> Self {
        Length { days: days.clamp(0, MAX_DAYS), seconds: 0 }
    }

    pub fn of_seconds(seconds: i64) -> Self {
        Length { days: 0, seconds: seconds.clamp(0, MAX_SECONDS) }
    }

    /// That of a `DURATION`; `None` when it is negative.
    pub fn of(duration: &ICalendarDuration) -> Option<Self> {
        let days = i64::from(duration.weeks) * 7 + i64::from(duration.days);
        let minutes = i64::from(duration.hours) * 60 + i64::from(duration.minutes);
        let seconds = minutes * 60 + i64::from(duration.seconds);
        let length = Length { seconds: seconds.min(MAX_SECONDS), ..Length::of_days(days) };
        (!duration.neg).then_some(length)
    }

    /// In seconds, with days of 24 hours.
    pub fn in_seconds(self) -> i64 {
        self.days.saturating_mul(SECONDS_PER_DAY).saturating_add(self.seconds)
    }

    /// For an event of whole days: at least one.
    pub fn in_whole_days(self) -> Self {
        Length::of_days(self.in_seconds().div_euclid(SECONDS_PER_DAY).max(1))
    }

    pub fn is_nothing(self) -> bool {
        self == Length::default()
    }

    /// The value in a tree.
    pub fn tree(self, budget: &Budget) -> Result<Value, Exhausted> {
        let mut list = Vec::new();
        tree::push_value(budget, &mut list, self.days.into())?;
        tree::push_value(budget, &mut list, self.seconds.into())?;
        Ok(Value::Array(list))
    }

    /// Reads what [`tree`](Self::tree) wrote.
    pub fn of_tree(tree: &Value) -> Option<Self> {
        let part = |at: usize| tree.get(at).and_then(Value::as_i64);
        let seconds = Length::of_seconds(part(1)?);
        Some(Length { seconds: seconds.seconds, ..Length::of_days(part(0)?) })
    }
}
