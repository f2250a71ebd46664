//! Which events of a calendar count: the newest version of each, and what replaces an occurrence of
//! a recurring event.

use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::super::tree;
use super::event::Event;
use super::zones::Zone;
use super::{series, times};

/// An event, by its position in the list of all, and the occurrence that it replaces. Events with
/// the same `UID` that replace the same are versions of one another.
struct Candidate {
    at: usize,
    /// The occurrence, or an empty text.
    occurrence: String,
    is_onward: bool,
}

/// The trees of the events that count, in the order of the calendar. What replaces an occurrence is
/// moved into the recurring event.
pub fn merged(
    mut events: Vec<Event>,
    budget: &Budget,
) -> Result<Vec<Map<String, Value>>, Exhausted> {
    let mut kept: Vec<bool> = Vec::new();
    let mut whole = Vec::new();
    for (at, event) in events.iter().enumerate() {
        // Without a UID the event that it belongs to is unknown.
        tree::push(budget, &mut kept, event.uid.is_empty())?;
        if !event.uid.is_empty() && event.replaces.is_none() {
            let candidate = Candidate { at, occurrence: String::new(), is_onward: false };
            tree::push(budget, &mut whole, candidate)?;
        }
    }
    let whole = newest(whole, &events, budget)?;
    whole.iter().for_each(|candidate| kept[candidate.at] = true);
    let recurring = recurring_first(&whole, &events, budget)?;
    let series_of = |uid: &str, events: &[Event]| {
        let found = recurring.binary_search_by(|at| events[*at].uid.as_str().cmp(uid)).ok()?;
        recurring.get(found).copied()
    };

    let mut changes = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let Some(replaces) = event.replaces.as_ref().filter(|_| !event.uid.is_empty()) else {
            continue;
        };
        budget.charge_steps(16)?;
        let occurrence = match series_of(&event.uid, &events) {
            Some(series) => events[series].series.occurrence(replaces),
            None => replaces.instant(&TimeZone::UTC).map(times::utc_text),
        };
        let occurrence = tree::string(budget, &occurrence.unwrap_or_default())?;
        let candidate = Candidate { at, occurrence, is_onward: event.is_onward };
        tree::push(budget, &mut changes, candidate)?;
    }
    let mut changes = newest(changes, &events, budget)?;
    // Of several that are equally new, one only is true.
    changes.dedup_by(|later, earlier| name_of(later, &events) == name_of(earlier, &events));

    for Candidate { at, occurrence, is_onward } in changes {
        let Some(series) = series_of(&events[at].uid, &events) else {
            kept[at] = true;
            continue;
        };
        // A newer version of the series may no longer have the occurrence.
        let is_older = events[at].version < events[series].version;
        if is_older && !series::may_occur(&events[series].tree, &occurrence, budget)? {
            continue;
        }
        // A cancelled series has no occurrence, unless one is newer than that.
        if events[series].is_cancelled() && events[at].version <= events[series].version {
            events[at].cancel();
        }
        if !events[series].tree.contains_key("recurrence") {
            // The only occurrence is replaced, or one that is no longer known.
            let start = events[series].series.occurrence(&events[series].series.start);
            if start.as_deref() == Some(occurrence.as_str()) {
                kept[series] = false;
            }
            kept[at] = true;
            continue;
        }
        let change = change_tree(&mut events[at], &occurrence, is_onward, budget)?;
        let key = if is_onward { "onward" } else { "changed" };
        let recurrence = events[series].tree.get_mut("recurrence");
        if let Some(Value::Array(list)) = recurrence.and_then(|recurrence| recurrence.get_mut(key))
        {
            tree::push_value(budget, list, change)?;
        }
    }
    let kept = events.into_iter().zip(kept).filter(|(_, kept)| *kept);
    Ok(kept.map(|(event, _)| event.tree).collect())
}

/// `UID` and occurrence, by which the versions of an event are known.
fn name_of<'a>(candidate: &'a Candidate, events: &'a [Event]) -> (&'a str, &'a str, bool) {
    (&events[candidate.at].uid, &candidate.occurrence, candidate.is_onward)
}

/// The newest versions, ordered by `UID` and occurrence.
///
/// Events that nothing says are older than one another all stay when they start apart or have
/// different titles: some publishers give several events one `UID`. Of events that are equal in
/// that too, one stays, whatever their order.
fn newest(
    mut candidates: Vec<Candidate>,
    events: &[Event],
    budget: &Budget,
) -> Result<Vec<Candidate>, Exhausted> {
    let uids = candidates.iter().map(|candidate| 16 + events[candidate.at].uid.len() / 8);
    budget.charge_steps(uids.sum())?;
    candidates.sort_by(|one, other| {
        let newer = || events[other.at].version.cmp(&events[one.at].version);
        let (name, other_name) = (name_of(one, events), name_of(other, events));
        let words = || words_of(one, events).cmp(&words_of(other, events));
        name.cmp(&other_name).then_with(newer).then_with(words)
    });
    let mut kept: Vec<Candidate> = Vec::new();
    let mut last_text = None;
    for candidate in candidates {
        let is_same = |last: &&mut Candidate| name_of(last, events) == name_of(&candidate, events);
        let last = kept.last_mut().filter(is_same);
        let is_older = |last: &Candidate| events[candidate.at].version < events[last.at].version;
        if last.as_deref().is_some_and(is_older) {
            continue;
        }
        let is_equal =
            |last: &&mut Candidate| words_of(last, events) == words_of(&candidate, events);
        let Some(last) = last.filter(is_equal) else {
            last_text = None;
            tree::push(budget, &mut kept, candidate)?;
            continue;
        };
        let text = match last_text.take() {
            Some(text) => text,
            None => written(&events[last.at], budget)?,
        };
        let other = written(&events[candidate.at], budget)?;
        if other > text {
            *last = candidate;
            last_text = Some(other);
        } else {
            last_text = Some(text);
        }
    }
    Ok(kept)
}

fn words_of<'a>(candidate: &Candidate, events: &'a [Event]) -> (&'a str, &'a str) {
    (events[candidate.at].text("start"), events[candidate.at].text("title"))
}

fn written(event: &Event, budget: &Budget) -> Result<String, Exhausted> {
    tree::Size::of_map(&event.tree).charge(budget)?;
    Ok(serde_json::to_string(&event.tree).unwrap_or_default())
}

/// Of each `UID` the first event that recurs, or else the first, ordered by `UID`.
fn recurring_first(
    whole: &[Candidate],
    events: &[Event],
    budget: &Budget,
) -> Result<Vec<usize>, Exhausted> {
    let mut series: Vec<usize> = Vec::new();
    let recurs = |at: usize| events[at].tree.contains_key("recurrence");
    for candidate in whole {
        match series.last_mut().filter(|last| events[**last].uid == events[candidate.at].uid) {
            Some(last) if !recurs(*last) && recurs(candidate.at) => *last = candidate.at,
            Some(_) => {}
            None => tree::push(budget, &mut series, candidate.at)?,
        }
    }
    Ok(series)
}

/// A change in the tree of a series: the occurrence, and the event that replaces it. Later ones are
/// moved as far, so the start is there once more, in the form in which it recurs.
fn change_tree(
    change: &mut Event,
    occurrence: &str,
    is_onward: bool,
    budget: &Budget,
) -> Result<Value, Exhausted> {
    let at = tree::text(budget, occurrence)?;
    let event = Value::Object(std::mem::take(&mut change.tree));
    if !is_onward {
        return tree::object(budget, [("at", at), ("event", event)]);
    }
    let series = &change.series;
    let start = series.occurrence(&series.start);
    let zone = series.start.zone().map(Zone::text);
    tree::object(
        budget,
        [
            ("at", at),
            ("event", event),
            ("start", tree::optional(budget, start.as_deref())?),
            ("zone", tree::optional(budget, zone)?),
            ("length", series.length.tree(budget)?),
        ],
    )
}
