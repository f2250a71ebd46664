//! The order of items, and which of several versions of an item counts.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::Timestamp;
use voordeur_widget_api::{Budget, Exhausted};

use super::super::dates::WrittenDate;

/// Items beyond this many, in order, are omitted.
const MAX_ITEMS: usize = 2_000;

/// The memory of an entry in a map of identifiers, beside the identifier.
const BYTES_PER_ID: usize = 64;

/// An item with what decides about its place.
pub struct Version<T> {
    pub item: T,
    /// The publisher's identifier of the item.
    pub id: Option<String>,
    pub published: Option<WrittenDate>,
    pub updated: Option<WrittenDate>,
}

impl<T> Version<T> {
    fn shown_date(&self) -> Option<Timestamp> {
        self.published.or(self.updated).and_then(WrittenDate::as_utc)
    }

    fn last_change(&self) -> Option<Timestamp> {
        let dates = [self.published, self.updated];
        dates.into_iter().flatten().filter_map(WrittenDate::as_utc).max()
    }
}

/// The items by date, newest first, whatever their order in the feed; those without a date follow
/// in the order of the feed. Of several with the same identifier, the one changed last counts.
pub fn newest_first<T>(
    versions: Vec<Version<T>>,
    budget: &Budget,
) -> Result<Vec<Version<T>>, Exhausted> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut items: Vec<Version<T>> = Vec::new();
    for version in versions {
        budget.charge_steps(4)?;
        let place = version.id.as_ref().and_then(|id| places.get(id).copied());
        if let Some(known) = place.and_then(|place| items.get_mut(place)) {
            if version.last_change() > known.last_change() {
                *known = version;
            }
            continue;
        }
        if let Some(id) = &version.id {
            budget.charge_bytes(id.len().saturating_add(BYTES_PER_ID))?;
            places.insert(id.clone(), items.len());
        }
        super::tree::push(budget, &mut items, version)?;
    }
    // Sorting takes as many places again.
    budget.charge_bytes(items.len().saturating_mul(size_of::<Version<T>>()))?;
    items.sort_by_key(|version| Reverse(version.shown_date()));
    items.truncate(MAX_ITEMS);
    Ok(items)
}
