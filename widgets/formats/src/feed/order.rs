//! The order of items, and which of several versions of an item counts.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;
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
    pub title: Value,
    pub link: Option<Url>,
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

    /// The key of the item among all: its identifier, or its page and title together.
    fn key(&self) -> Option<String> {
        if let Some(id) = &self.id {
            return Some(id.clone());
        }
        self.link_and_title(self.title.as_str()?)
    }

    /// No identifier of a publisher contains a line break.
    fn link_and_title(&self, title: &str) -> Option<String> {
        Some(format!("{}\n{title}", self.link.as_ref()?))
    }

    /// Whether it is another item than the one with the same identifier: neither its page nor its
    /// title is the same. Some feeds give all items one identifier.
    fn is_other_than(&self, known: &Self) -> bool {
        let other_page = self.link.is_some() && known.link.is_some() && self.link != known.link;
        other_page && self.title != known.title
    }
}

/// The items by date, newest first, whatever their order in the feed; those without a date follow
/// in the order of the feed. Of several versions of an item, the one changed last counts.
pub fn newest_first<T>(
    versions: Vec<Version<T>>,
    budget: &Budget,
) -> Result<Vec<Version<T>>, Exhausted> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut items: Vec<Version<T>> = Vec::new();
    for version in versions {
        budget.charge_steps(4)?;
        let mut key = version.key();
        let known = |key: Option<&String>| places.get(key?).copied();
        let mut place = known(key.as_ref());
        let other = place.and_then(|place| items.get(place));
        if other.is_some_and(|other| version.is_other_than(other)) {
            key = version.link_and_title(version.title.as_str().unwrap_or_default());
            place = known(key.as_ref());
        }
        if let Some(known) = place.and_then(|place| items.get_mut(place)) {
            if version.last_change() > known.last_change() {
                *known = version;
            }
            continue;
        }
        if let Some(key) = key {
            budget.charge_bytes(key.len().saturating_add(BYTES_PER_ID))?;
            places.insert(key, items.len());
        }
        super::tree::push(budget, &mut items, version)?;
    }
    // Sorting takes as many places again.
    budget.charge_bytes(items.len().saturating_mul(size_of::<Version<T>>()))?;
    items.sort_by_key(|version| Reverse(version.shown_date()));
    items.truncate(MAX_ITEMS);
    Ok(items)
}
