//! The life of alerts: which of the messages in an answer hold at a moment, and which were lifted.
//!
//! CAP 1.2 (<https://docs.oasis-open.org/emergency/cap/v1.2/>) never changes a message: a later one
//! names those that it replaces or withdraws (`references`, 3.2.1). The services of MeteoAlarm also
//! send a warning again in another colour, and as green when it is withdrawn. An answer therefore
//! holds messages that must not be shown, in any order.

mod awareness;
mod entry;
mod language;
mod references;
mod replaced;
mod rows;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use voordeur_widget_api::{Budget, Exhausted, Language};

use entry::Messages;
use replaced::Fates;

use super::FormatError;

/// How long the card says that an alert was lifted.
const LIFTED_FOR: SignedDuration = SignedDuration::from_hours(6);

/// The alerts that hold at `now` or are to come, worst first, then by their beginning; each in the
/// citizen's language where the service has it, else in English or the first one.
///
/// `answer` is a tree of the format `cap`; moments in it without an offset, which the standard does
/// not allow, are in `zone`. Each alert is its entry in that tree, with the areas in
/// which it still holds, and with `start`, `end`, `colour`, `hazard`, `spoken` (the language to
/// mark its texts with) and a `severity` in small letters. Values that are no objects are kept, so
/// that the card counts them.
///
/// # Errors
/// When `answer` holds no list of alerts, or reading them takes more than the budget.
pub fn alerts(
    answer: &Value,
    now: Timestamp,
    zone: &TimeZone,
    language: Language,
    budget: &Budget,
) -> Result<Vec<Value>, FormatError> {
    let messages = Messages::read(list(answer)?, zone, budget)?;
    let fates = Fates::new(&messages, zone, budget)?;
    Ok(rows::in_force(&messages, &fates, now, language, budget)?)
}

/// The alerts that were withdrawn in the last hours before `now`, the latest first, each with the
/// moment `lifted`.
///
/// # Errors
/// As [`alerts`].
pub fn lifted_alerts(
    answer: &Value,
    now: Timestamp,
    zone: &TimeZone,
    language: Language,
    budget: &Budget,
) -> Result<Vec<Value>, FormatError> {
    let messages = Messages::read(list(answer)?, zone, budget)?;
    let fates = Fates::new(&messages, zone, budget)?;
    let since = now.checked_sub(LIFTED_FOR).unwrap_or(now);
    Ok(rows::lifted(&messages, &fates, since..=now, language, budget)?)
}

fn list(answer: &Value) -> Result<&[Value], FormatError> {
    let list = answer.as_array().or_else(|| answer.get("alerts")?.as_array());
    let no_list = || FormatError::Cap("there is no list `alerts`".to_owned());
    list.map(Vec::as_slice).ok_or_else(no_list)
}

/// Charges what is remembered of `count` things.
fn charge<T>(budget: &Budget, count: usize) -> Result<(), Exhausted> {
    budget.charge_steps(count)?;
    // Twice, for the free slots of a table that grows.
    budget.charge_bytes(size_of::<T>().saturating_mul(count).saturating_mul(2))
}

#[cfg(test)]
mod tests;
