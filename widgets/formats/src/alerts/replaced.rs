//! Which areas of an alert a later message replaced or withdrew.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_widget_api::{Budget, Exhausted};

use super::charge;
use super::entry::{Area, AreaKey, Entry, Kind, Messages};
use super::references::References;

/// A warning is compared with at most this many that were sent after it for the same area and
/// hazard.
const MAX_COMPARED: usize = 32;

/// The state of an area of an alert after all later messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Holds,
    Replaced,
    /// By the message with this index.
    Lifted(usize),
}

/// The state of each area of each entry.
pub struct Fates {
    pub areas: Vec<Vec<Fate>>,
    /// Whether a message acted on one that is in the answer.
    pub acted: Vec<bool>,
}

impl Fates {
    pub fn new(
        messages: &Messages<'_>,
        zone: &TimeZone,
        budget: &Budget,
    ) -> Result<Fates, Exhausted> {
        let references = References::new(messages, zone, budget)?;
        let again = SentAgain::new(messages, budget)?;
        let other_colour = OtherColours::new(messages, &references.names_known, &again, budget)?;
        let mut fates = Fates { areas: Vec::new(), acted: references.names_known };
        for entry in &messages.entries {
            charge::<Vec<Fate>>(budget, 1)?;
            let acted = references.acted.get(entry.message).copied().unwrap_or_default();
            let by_reference = match acted.lifted_by {
                _ if acted.replaced => Fate::Replaced,
                Some(by) => Fate::Lifted(by),
                None => Fate::Holds,
            };
            let mut of_entry = Vec::with_capacity(entry.areas.len());
            for area in &entry.areas {
                charge::<Fate>(budget, 1)?;
                budget.charge_steps(area.keys.len())?;
                let mut fate = by_reference;
                if fate == Fate::Holds {
                    fate = again.fate(messages, entry, area);
                }
                // A later warning may hold again after the earlier one was withdrawn.
                if fate != Fate::Replaced {
                    match other_colour.fate(messages, entry, area, &mut fates.acted, budget)? {
                        Fate::Replaced => fate = Fate::Replaced,
                        by_colour if fate == Fate::Holds => fate = by_colour,
                        _ => {}
                    }
                }
                if let Fate::Lifted(by) = fate
                    && let Some(acted) = fates.acted.get_mut(by)
                {
                    *acted = true;
                }
                of_entry.push(fate);
            }
            fates.areas.push(of_entry);
        }
        Ok(fates)
    }
}

/// Derives the state of an area from those of its keys: it is gone when all codes of one
/// scheme are, for a later message may name it by another scheme, or only a part of it.
fn by_keys(area: &Area<'_>, mut of_key: impl FnMut(&AreaKey<'_>) -> Fate) -> Fate {
    let mut best = Fate::Holds;
    for scheme in area.keys.chunk_by(|a, b| a.scheme == b.scheme) {
        let fates = scheme.iter().map(&mut of_key);
        let of_scheme = fates.reduce(|a, b| match (a, b) {
            (Fate::Holds, _) | (_, Fate::Holds) => Fate::Holds,
            (Fate::Replaced, _) | (_, Fate::Replaced) => Fate::Replaced,
            (lifted, _) => lifted,
        });
        match of_scheme {
            Some(Fate::Replaced) => return Fate::Replaced,
            Some(lifted @ Fate::Lifted(_)) => best = lifted,
            _ => {}
        }
    }
    best
}

/// The latest message with an identifier that is about an area.
#[derive(Clone, Copy)]
struct Latest {
    sent: Timestamp,
    message: usize,
    withdraws: bool,
}

/// Of what an identifier was last used.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum About<'k> {
    Area(&'k AreaKey<'k>),
    /// No area is named.
    Everywhere,
    /// Any of the above.
    Anything,
}

type SenderAndId<'k> = (Option<&'k str>, &'k str);

/// Services that give a warning the same identifier when they send it again.
struct SentAgain<'k> {
    latest: HashMap<(SenderAndId<'k>, About<'k>), Latest>,
    /// When each identifier was first used.
    first: HashMap<SenderAndId<'k>, Timestamp>,
}

impl<'k> SentAgain<'k> {
    fn new(messages: &'k Messages<'_>, budget: &Budget) -> Result<Self, Exhausted> {
        let mut latest = SentAgain { latest: HashMap::new(), first: HashMap::new() };
        for entry in &messages.entries {
            let Some((key, sent)) = identity(messages, entry) else { continue };
            charge::<(SenderAndId<'_>, Timestamp)>(budget, 1)?;
            let first = latest.first.entry(key).or_insert(sent);
            *first = sent.min(*first);
            let withdraws = messages.withdraws(entry);
            let now = Latest { sent, message: entry.message, withdraws };
            latest.add((key, About::Anything), now, budget)?;
            for area in &entry.areas {
                if area.keys.is_empty() {
                    latest.add((key, About::Everywhere), now, budget)?;
                }
                for code in &area.keys {
                    latest.add((key, About::Area(code)), now, budget)?;
                }
            }
        }
        Ok(latest)
    }

    fn add(
        &mut self,
        key: (SenderAndId<'k>, About<'k>),
        now: Latest,
        budget: &Budget,
    ) -> Result<(), Exhausted> {
        charge::<((SenderAndId<'_>, About<'_>), Latest)>(budget, 1)?;
        let known = self.latest.entry(key).or_insert(now);
        if known.sent < now.sent {
            *known = now;
        } else if known.sent == now.sent {
            known.withdraws &= now.withdraws;
        }
        Ok(())
    }

    /// Whether an identifier was used before.
    fn repeats(&self, messages: &Messages<'_>, entry: &Entry<'_>) -> bool {
        identity(messages, entry)
            .is_some_and(|(id, sent)| self.first.get(&id).is_some_and(|first| *first < sent))
    }

    fn fate(&self, messages: &Messages<'_>, entry: &Entry<'_>, area: &Area<'_>) -> Fate {
        let Some((id, sent)) = identity(messages, entry) else { return Fate::Holds };
        let of = |about: About<'_>| match self.latest.get(&(id, about)) {
            Some(latest) if latest.sent > sent && latest.withdraws => Fate::Lifted(latest.message),
            Some(latest) if latest.sent > sent => Fate::Replaced,
            _ => Fate::Holds,
        };
        if area.keys.is_empty() {
            return of(About::Anything);
        }
        match of(About::Everywhere) {
            Fate::Holds => by_keys(area, |key| of(About::Area(key))),
            gone => gone,
        }
    }
}

fn identity<'k>(
    messages: &'k Messages<'_>,
    entry: &Entry<'_>,
) -> Option<(SenderAndId<'k>, Timestamp)> {
    let message = messages.messages.get(entry.message)?;
    Some(((message.sender, message.id?), message.sent?))
}

/// The warnings of MeteoAlarm, by area and hazard, the latest first.
struct OtherColours<'k>(HashMap<Subject<'k>, Vec<&'k Entry<'k>>>);

/// The sender of a warning, its area (`None`: everywhere) and its hazard.
type Subject<'k> = (Option<&'k str>, Option<&'k AreaKey<'k>>, &'static str);

impl<'k> OtherColours<'k> {
    /// `names_known` says of each message whether its references are in the answer. Such a message
    /// acts on those alone, as one does that was sent again under its own identifier: when a yellow
    /// warning is withdrawn or repeated, the orange one beside it still holds.
    fn new(
        messages: &'k Messages<'k>,
        names_known: &[bool],
        again: &SentAgain<'_>,
        budget: &Budget,
    ) -> Result<Self, Exhausted> {
        let mut found: HashMap<_, Vec<&'k Entry<'k>>> = HashMap::new();
        for entry in &messages.entries {
            let Some(hazard) = entry.hazard else { continue };
            let Some(message) = messages.message_of(entry) else { continue };
            let cancels = message.kind == Kind::Cancel;
            // A cancellation that names nothing says by its area and hazard what it cancels.
            let acts = match message.references {
                Some(_) if cancels => false,
                _ => !names_known.get(entry.message).copied().unwrap_or_default(),
            };
            if message.sent.is_none() || (entry.colour.is_none() && !cancels) {
                continue;
            }
            if !acts || again.repeats(messages, entry) {
                continue;
            }
            for area in &entry.areas {
                let keys = area.keys.iter().map(Some).chain(area.keys.is_empty().then_some(None));
                for key in keys {
                    charge::<(Subject<'_>, &Entry<'_>)>(budget, 1)?;
                    found.entry((message.sender, key, hazard)).or_default().push(entry);
                }
            }
        }
        for entries in found.values_mut() {
            budget.charge_steps(entries.len().saturating_mul(4))?;
            let order = |entry: &Entry<'_>| {
                let sent = messages.message_of(entry).and_then(|message| message.sent);
                (std::cmp::Reverse(sent), entry.start, entry.over, entry.colour, entry.message)
            };
            entries.sort_by_cached_key(|entry| order(entry));
        }
        Ok(OtherColours(found))
    }

    fn fate(
        &self,
        messages: &Messages<'_>,
        entry: &Entry<'_>,
        area: &Area<'_>,
        acted: &mut [bool],
        budget: &Budget,
    ) -> Result<Fate, Exhausted> {
        let (Some(hazard), Some(_)) = (entry.hazard, entry.colour) else { return Ok(Fate::Holds) };
        let sent = |entry: &Entry<'_>| messages.message_of(entry).and_then(|message| message.sent);
        let Some(own) = sent(entry) else { return Ok(Fate::Holds) };
        let sender = messages.message_of(entry).and_then(|message| message.sender);
        let mut of = |key: Option<&AreaKey<'_>>| {
            let Some(all) = self.0.get(&(sender, key, hazard)) else { return Fate::Holds };
            let newer = all.partition_point(|other| sent(other) > Some(own));
            let nearest = all.get(newer.saturating_sub(MAX_COMPARED)..newer).unwrap_or_default();
            let mut fate = Fate::Holds;
            for other in nearest.iter().rev().filter(|other| is_again(messages, entry, other)) {
                if !messages.withdraws(other) {
                    fate = Fate::Replaced;
                    continue;
                }
                // Several may withdraw it in the same second.
                if let Some(acted) = acted.get_mut(other.message) {
                    *acted = true;
                }
                if fate == Fate::Holds {
                    fate = Fate::Lifted(other.message);
                }
            }
            fate
        };
        let compared = area.keys.len().saturating_add(1).saturating_mul(MAX_COMPARED);
        budget.charge_steps(compared)?;
        Ok(if area.keys.is_empty() { of(None) } else { by_keys(area, |key| of(Some(key))) })
    }
}

/// Whether a later warning for the same area and hazard is this one in another colour, lowered to
/// green, or once more. It is not when it leaves more than a third of the time that this one has
/// left: it is a peak within it, or a new warning that follows.
fn is_again(messages: &Messages<'_>, old: &Entry<'_>, new: &Entry<'_>) -> bool {
    let other = old.colour != new.colour || old.event == new.event;
    let sent = messages.message_of(new).and_then(|message| message.sent);
    (other || messages.withdraws(new)) && covers_rest(old, new, sent)
}

/// Whether a warning that was sent at `sent` lasts for two thirds of the time that another one had
/// left by then.
fn covers_rest(old: &Entry<'_>, new: &Entry<'_>, sent: Option<Timestamp>) -> bool {
    let second =
        |moment: Option<Timestamp>, open: i64| moment.map_or(open, |moment| moment.as_second());
    // Beyond the range of timestamps, and far from that of the numbers.
    const OPEN: i64 = 1 << 59;
    let (from, to) = (second(new.start, -OPEN), second(new.over, OPEN));
    let end = second(old.over, OPEN);
    let start = second(old.start, -OPEN).max(second(sent, -OPEN)).min(end);
    let common = end.min(to).saturating_sub(start.max(from));
    let left = end.saturating_sub(start);
    common >= 0 && common.saturating_mul(3) >= left.saturating_mul(2)
}
