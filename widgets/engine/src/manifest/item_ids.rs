//! The identifiers of the things in a view. An agenda, a calendar and a page refer to a thing by
//! its identifier, so it stays the same when a service lists its things in another order, and when
//! a card is refreshed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sha2::{Digest, Sha256};
use voordeur_widget_api::{
    Alert, Block, DayRole, Departure, Fact, ListItem, Moment, MomentItem, PlaceItem, View,
};

/// Bytes of a hash; an identifier has two digits for each.
const BYTES: usize = 8;

/// The identifier of a thing to which its source gives one of its own, of any length.
pub fn of_source(id: &str) -> String {
    hash(&["source", id])
}

/// Gives each thing its identifier. Until here, `id` is that of its source, or empty.
pub fn assign(view: &mut View) {
    let ids = unique(&items(view));
    for (id, own) in ids.into_iter().zip(ids_mut(view)) {
        *own = id;
    }
}

#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
enum Thing<'v> {
    Fact(&'v Fact),
    ListItem(&'v ListItem),
    Departure(&'v Departure),
    Moment(&'v MomentItem),
    Alert(&'v Alert),
    Place(&'v PlaceItem),
}

/// A thing, with the part of its block in the day.
type Item<'v> = (Option<DayRole>, Thing<'v>);

fn items(view: &View) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    for block in &view.blocks {
        let role = block.role();
        match block {
            Block::Facts { facts, .. } => {
                items.extend(facts.iter().map(|one| (role, Thing::Fact(one))));
            }
            Block::List { items: list, .. } => {
                items.extend(list.iter().map(|one| (role, Thing::ListItem(one))));
            }
            Block::Departures { departures, .. } => {
                items.extend(departures.iter().map(|one| (role, Thing::Departure(one))));
            }
            Block::Moments { moments, .. } => {
                items.extend(moments.iter().map(|one| (role, Thing::Moment(one))));
            }
            Block::Alert(alert) => items.push((role, Thing::Alert(alert))),
            Block::Places { places, .. } => {
                items.extend(places.iter().map(|one| (role, Thing::Place(one))));
            }
            Block::Text { .. }
            | Block::Series { .. }
            | Block::Days { .. }
            | Block::Gauge(_)
            | Block::Links { .. }
            | Block::Table(_)
            | Block::Empty { .. } => {}
        }
    }
    items
}

/// The `id` of each of [`items`], in the same order.
fn ids_mut(view: &mut View) -> Vec<&mut String> {
    let mut ids = Vec::new();
    for block in &mut view.blocks {
        match block {
            Block::Facts { facts, .. } => ids.extend(facts.iter_mut().map(|one| &mut one.id)),
            Block::List { items, .. } => ids.extend(items.iter_mut().map(|one| &mut one.id)),
            Block::Departures { departures, .. } => {
                ids.extend(departures.iter_mut().map(|one| &mut one.id));
            }
            Block::Moments { moments, .. } => ids.extend(moments.iter_mut().map(|one| &mut one.id)),
            Block::Alert(alert) => ids.push(&mut alert.id),
            Block::Places { places, .. } => ids.extend(places.iter_mut().map(|one| &mut one.id)),
            Block::Text { .. }
            | Block::Series { .. }
            | Block::Days { .. }
            | Block::Gauge(_)
            | Block::Links { .. }
            | Block::Table(_)
            | Block::Empty { .. } => {}
        }
    }
    ids
}

/// The identifier of each thing. Things that nothing but their details distinguishes are numbered
/// by these details and not by their place, so that their order does not matter.
fn unique(items: &[Item<'_>]) -> Vec<String> {
    let mut equal: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        equal.entry(identity(item)).or_default().push(index);
    }
    let mut taken: BTreeSet<String> = equal.keys().cloned().collect();
    let mut ids = vec![String::new(); items.len()];
    for (identity, mut indices) in equal {
        if indices.len() > 1 {
            // A thing is plain data with text keys, so serialization cannot fail.
            indices.sort_by_cached_key(|index| {
                serde_json::to_string(&items[*index]).unwrap_or_default()
            });
        }
        let mut number = 1_usize;
        for (rank, index) in indices.into_iter().enumerate() {
            let mut id = identity.clone();
            while rank > 0 && !taken.insert(id.clone()) {
                number = number.saturating_add(1);
                id = hash(&["number", &identity, &number.to_string()]);
            }
            ids[index] = id;
        }
    }
    ids
}

/// The identifier of the source, or a hash of what identifies the thing: not of a delay, a price or
/// an end, which a service changes while the thing stays the same.
fn identity((role, thing): &Item<'_>) -> String {
    let given = match thing {
        Thing::Fact(one) => &one.id,
        Thing::ListItem(one) => &one.id,
        Thing::Departure(one) => &one.id,
        Thing::Moment(one) => &one.id,
        Thing::Alert(one) => &one.id,
        Thing::Place(one) => &one.id,
    };
    if !given.is_empty() {
        return given.clone();
    }
    let role = role.map_or("", DayRole::id);
    let moment = |moment: Option<Moment>| match moment {
        Some(Moment::At(at)) => at.to_string(),
        Some(Moment::Day(day)) => day.to_string(),
        None => String::new(),
    };
    match thing {
        Thing::Fact(one) => hash(&["fact", role, &one.label.text]),
        Thing::ListItem(one) => hash(&["list", role, &one.title.text, &moment(one.when)]),
        Thing::Departure(one) => {
            let line = one.line.as_deref().unwrap_or_default();
            hash(&["departure", role, &one.at.to_string(), line, &one.to.text])
        }
        Thing::Moment(one) => hash(&["moment", role, &one.title.text, &moment(Some(one.start))]),
        Thing::Alert(one) => {
            let area = one.area.as_ref().map_or("", |area| &area.text);
            hash(&["alert", role, &one.title.text, area, &moment(one.start)])
        }
        Thing::Place(one) => {
            // A ten-thousandth of a degree is about ten metres.
            let position = format!("{:.4} {:.4}", one.position.0, one.position.1);
            hash(&["place", role, &one.title.text, &moment(one.start), &position])
        }
    }
}

fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(title: &str, day: &str, note: Option<&str>) -> MomentItem {
        MomentItem {
            id: String::new(),
            start: Moment::Day(day.parse().expect("a day")),
            end: None,
            title: title.into(),
            note: note.map(Into::into),
            link: None,
        }
    }

    fn with_ids(moments: Vec<MomentItem>) -> Vec<MomentItem> {
        let role = Some(DayRole::Collection);
        let mut view = View { blocks: vec![Block::Moments { role, moments }], ..View::default() };
        assign(&mut view);
        match view.blocks.pop() {
            Some(Block::Moments { moments, .. }) => moments,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_identifier_does_not_depend_on_the_order() {
        // Each day of a small set comes up several times, so equal things are among them.
        let mut seed = 7_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        for _ in 0..200 {
            let many: Vec<MomentItem> = (0..random(12))
                .map(|_| {
                    let (title, note) = (["a", "b"], [None, Some("x"), Some("y")]);
                    let day = format!("2026-11-2{}", random(3));
                    moment(title[random(2) as usize], &day, note[random(3) as usize])
                })
                .collect();
            let mut shuffled = many.clone();
            for at in (1..shuffled.len()).rev() {
                shuffled.swap(at, random(at as u64 + 1) as usize);
            }
            let (before, after) = (with_ids(many), with_ids(shuffled));
            let ids: BTreeSet<&str> = before.iter().map(|one| one.id.as_str()).collect();
            assert_eq!(ids.len(), before.len(), "unique");
            assert!(ids.iter().all(|id| id.len() == 2 * BYTES));
            assert!(before.iter().all(|one| after.contains(one)), "{before:?} {after:?}");
        }
    }

    #[test]
    fn an_identifier_outlives_a_refresh() {
        let today = with_ids(vec![
            moment("Paper", "2026-11-24", None),
            moment("Glass", "2026-12-01", None),
        ]);
        let tomorrow = with_ids(vec![
            moment("Glass", "2026-12-01", Some("From six o’clock")),
            moment("Paper", "2026-12-08", None),
        ]);
        assert_eq!(today[1].id, tomorrow[0].id);
        assert_ne!(today[0].id, tomorrow[1].id);
    }

    #[test]
    fn the_identifier_of_the_source_decides() {
        let given = |id: &str, title: &str, day: &str| MomentItem {
            id: of_source(id),
            ..moment(title, day, None)
        };
        let dutch = with_ids(vec![given("7", "Papier", "2026-11-24")]);
        let moved =
            with_ids(vec![given("8", "Paper", "2026-11-24"), given("7", "Paper", "2026-11-25")]);
        assert_eq!(dutch[0].id, moved[1].id);
        assert_ne!(moved[0].id, moved[1].id);
        let twice =
            with_ids(vec![given("7", "Paper", "2026-12-01"), given("7", "Paper", "2026-11-25")]);
        assert_ne!(twice[0].id, twice[1].id);
        assert!(twice.iter().any(|one| one.id == dutch[0].id), "one of two keeps it");
    }

    #[test]
    fn the_parts_of_an_identity_do_not_run_together() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
