//! Whether the mappings of widgets still fit the responses of a service.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Maximum number of widgets of one service. A catalogue has far fewer, but widgets whose folders
/// keep changing could have new names forever.
const MAX_WIDGETS: usize = 50;

/// How the mapping of a widget fits a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeFit<'a> {
    /// Everything was read.
    Whole,
    /// A few things of a list were left out.
    Partial {
        /// The key of the manifest that failed.
        key: &'a str,
    },
    /// Nothing can be shown.
    None {
        /// The key of the manifest that failed.
        key: &'a str,
    },
}

/// Since when the mapping of a widget fits no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShapeChange {
    /// When the first response that did not fit was fetched.
    pub since: Timestamp,
    /// The key of the manifest that failed first. It quotes nothing of a response.
    pub key: String,
    /// Whether the rest of the response can still be read.
    pub partial: bool,
}

/// Records a fit. Returns whether this is news: another key, or a change between fitting, fitting in
/// part and not fitting.
pub(super) fn record(
    changes: &mut BTreeMap<String, ShapeChange>,
    at: Timestamp,
    widget: &str,
    fit: ShapeFit<'_>,
) -> bool {
    let (key, partial) = match fit {
        ShapeFit::Whole => return changes.remove(widget).is_some(),
        ShapeFit::Partial { key } => (key, true),
        ShapeFit::None { key } => (key, false),
    };
    if let Some(change) = changes.get_mut(widget) {
        if change.partial == partial && change.key == key {
            return false;
        }
        if change.partial != partial {
            change.since = at;
        }
        change.partial = partial;
        key.clone_into(&mut change.key);
        return true;
    }
    if changes.len() >= MAX_WIDGETS {
        return false;
    }
    let change = ShapeChange { since: at, key: key.to_owned(), partial };
    changes.insert(widget.to_owned(), change);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_news_once_and_keeps_its_beginning() {
        let at = |second| Timestamp::from_second(second).expect("a moment");
        let mut changes = BTreeMap::new();
        let none = ShapeFit::None { key: "list" };
        assert!(!record(&mut changes, at(0), "a", ShapeFit::Whole), "nothing was wrong before");
        assert!(record(&mut changes, at(1), "a", none));
        assert!(!record(&mut changes, at(2), "a", none));
        assert_eq!(changes["a"].since, at(1));
        assert!(record(&mut changes, at(3), "a", ShapeFit::None { key: "other" }));
        assert_eq!((changes["a"].since, changes["a"].key.as_str()), (at(1), "other"));
        assert!(record(&mut changes, at(4), "a", ShapeFit::Partial { key: "other" }));
        assert_eq!((changes["a"].since, changes["a"].partial), (at(4), true));
        assert!(record(&mut changes, at(5), "a", ShapeFit::Whole));
        assert!(changes.is_empty());
        for number in 0..2 * MAX_WIDGETS {
            record(&mut changes, at(6), &number.to_string(), none);
        }
        assert_eq!(changes.len(), MAX_WIDGETS);
    }
}
