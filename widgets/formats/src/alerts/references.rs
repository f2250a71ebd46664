//! `references` names the messages that a later one replaces or withdraws.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_widget_api::{Budget, Exhausted};

use super::charge;
use super::entry::{Kind, Message, Messages};
use crate::dates;

/// Steps of reading a reference and of finding its message.
const STEPS_PER_REFERENCE: usize = 12;

/// `sender,identifier,sent`, or only the identifier, as some services write it.
struct Reference<'a> {
    sender: &'a str,
    id: &'a str,
    /// `None` when it is absent or not readable: any message with the identifier is meant.
    sent: Option<Timestamp>,
}

impl<'a> Reference<'a> {
    fn parse(text: &'a str, zone: &TimeZone) -> Reference<'a> {
        let Some((sender, rest)) = text.split_once(',') else {
            return Reference { sender: "", id: text, sent: None };
        };
        let (id, sent) = rest.rsplit_once(',').unwrap_or((rest, ""));
        Reference {
            sender,
            id,
            sent: dates::written_date(sent).and_then(|date| date.in_zone(zone)),
        }
    }
}

/// The effects of later messages on a message.
#[derive(Clone, Copy, Default)]
pub struct Acted {
    /// A later message says what holds instead.
    pub replaced: bool,
    /// The latest message that withdraws it.
    pub lifted_by: Option<usize>,
}

/// The messages that act on others, and what was done to each message.
pub struct References {
    pub acted: Vec<Acted>,
    /// Whether a message names one that is in the answer.
    pub names_known: Vec<bool>,
    /// Whether all that a message says is that an alert is withdrawn.
    lifts: Vec<bool>,
}

impl References {
    /// A message acts only on what was sent before it. Among messages sent in the same second, or
    /// without a moment, those that refer to each other in a circle do nothing: a circle must not
    /// hide all of its alerts.
    pub fn new(
        messages: &Messages<'_>,
        zone: &TimeZone,
        budget: &Budget,
    ) -> Result<References, Exhausted> {
        let count = messages.messages.len();
        charge::<(Acted, [bool; 2], usize, Vec<usize>)>(budget, count)?;
        budget.charge_steps(messages.entries.len())?;
        let mut found = References {
            acted: vec![Acted::default(); count],
            names_known: vec![false; count],
            lifts: messages.messages.iter().map(|message| messages.lifts(message)).collect(),
        };
        let index = Index::new(&messages.messages, budget)?;
        // Edges between messages of which neither is known to be the later one.
        let mut ties: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut incoming = vec![0_usize; count];
        let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, message) in messages.messages.iter().enumerate() {
            if message.kind == Kind::Alert {
                continue;
            }
            let references = message.references.unwrap_or_default().split_ascii_whitespace();
            for reference in references.map(|text| Reference::parse(text, zone)) {
                budget.charge_steps(STEPS_PER_REFERENCE)?;
                let Some(sent) = reference.sent else {
                    // A list has room for four from the beginning.
                    charge::<(&str, Vec<usize>, [usize; 4])>(budget, 1)?;
                    let acting = by_id.entry(reference.id).or_default();
                    // One that names an identifier twice acts once.
                    if acting.last() != Some(&at) {
                        acting.push(at);
                    }
                    continue;
                };
                for target in index.find(&reference, sent) {
                    if target == at {
                        continue;
                    }
                    found.mark_known(at);
                    match later(messages, at, target) {
                        Some(true) => found.act(messages, at, target),
                        Some(false) => {}
                        None => {
                            charge::<usize>(budget, 1)?;
                            if let (Some(edges), Some(count)) =
                                (ties.get_mut(at), incoming.get_mut(target))
                            {
                                edges.push(target);
                                *count = count.saturating_add(1);
                            }
                        }
                    }
                }
            }
        }
        found.act_by_id(messages, &by_id, budget)?;
        found.act_on_ties(messages, &ties, incoming);
        Ok(found)
    }

    fn does_lift(&self, at: usize) -> bool {
        self.lifts.get(at).copied().unwrap_or_default()
    }

    fn mark_known(&mut self, at: usize) {
        if let Some(known) = self.names_known.get_mut(at) {
            *known = true;
        }
    }

    fn act(&mut self, messages: &Messages<'_>, by: usize, target: usize) {
        let lifts = self.does_lift(by);
        let Some(acted) = self.acted.get_mut(target) else { return };
        let sent = |at: usize| messages.messages.get(at).and_then(|message| message.sent);
        if lifts {
            let known = acted.lifted_by;
            // Of two in the same second it does not matter which.
            if known.is_none_or(|known| sent(known) < sent(by)) {
                acted.lifted_by = Some(by);
            }
        } else {
            acted.replaced = true;
        }
    }

    /// Acts for references without a moment: on all earlier messages with the identifier. Of those
    /// that name an identifier only the latest that lifts and the latest that replaces matter.
    fn act_by_id(
        &mut self,
        messages: &Messages<'_>,
        by_id: &HashMap<&str, Vec<usize>>,
        budget: &Budget,
    ) -> Result<(), Exhausted> {
        let sent = |at: usize| messages.messages.get(at).and_then(|message| message.sent);
        let mut latest: HashMap<&str, [Option<usize>; 2]> = HashMap::new();
        for (id, acting) in by_id {
            charge::<(&str, [Option<usize>; 2])>(budget, acting.len())?;
            let of = |lifting: bool| {
                let some = acting.iter().copied().filter(|at| self.does_lift(*at) == lifting);
                some.max_by_key(|at| (sent(*at), *at))
            };
            latest.insert(id, [of(true), of(false)]);
        }
        for (target, message) in messages.messages.iter().enumerate() {
            budget.charge_steps(1)?;
            let Some(acting) = message.id.and_then(|id| latest.get(id)) else { continue };
            for by in acting.iter().flatten().copied().filter(|by| *by != target) {
                self.mark_known(by);
                if later(messages, by, target) == Some(true) || message.sent.is_none() {
                    self.act(messages, by, target);
                }
            }
        }
        Ok(())
    }

    /// Lets those act that nobody acts on, then those that only such ones act on, and so on. What
    /// is left refers to each other in circles.
    fn act_on_ties(
        &mut self,
        messages: &Messages<'_>,
        ties: &[Vec<usize>],
        mut incoming: Vec<usize>,
    ) {
        let mut free: Vec<usize> = incoming
            .iter()
            .enumerate()
            .filter(|(_, count)| **count == 0)
            .map(|(at, _)| at)
            .collect();
        while let Some(by) = free.pop() {
            for target in ties.get(by).into_iter().flatten().copied() {
                self.act(messages, by, target);
                if let Some(count) = incoming.get_mut(target) {
                    *count = count.saturating_sub(1);
                    if *count == 0 {
                        free.push(target);
                    }
                }
            }
        }
    }
}

/// Whether `by` was sent after `target`; `None` when it is not known, or in the same second.
fn later(messages: &Messages<'_>, by: usize, target: usize) -> Option<bool> {
    let sent = |at: usize| messages.messages.get(at)?.sent;
    let (by, target) = (sent(by)?, sent(target)?);
    (by != target).then_some(by > target)
}

/// Messages by sender, identifier and moment. A feed may leave out the sender or the moment.
struct Index<'a>(HashMap<(Option<&'a str>, &'a str, Option<Timestamp>), usize>);

impl<'a> Index<'a> {
    fn new(messages: &[Message<'a>], budget: &Budget) -> Result<Self, Exhausted> {
        charge::<(Option<&str>, &str, Option<Timestamp>, usize)>(budget, messages.len())?;
        let key = |message: &Message<'a>| Some((message.sender, message.id?, message.sent));
        let entries = messages.iter().enumerate().filter_map(|(at, m)| Some((key(m)?, at)));
        Ok(Index(entries.collect()))
    }

    fn find(&self, reference: &Reference<'_>, sent: Timestamp) -> impl Iterator<Item = usize> {
        let Reference { sender, id, .. } = reference;
        let keys = [
            (Some(*sender), *id, Some(sent)),
            (None, *id, Some(sent)),
            (Some(*sender), *id, None),
            (None, *id, None),
        ];
        keys.map(|key| self.0.get(&key).copied()).into_iter().flatten()
    }
}
