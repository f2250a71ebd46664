//! Keeps the band of today true while the page stays open: each card that is refreshed brings its
//! facts along.

use voordeur_shared::today::{CARD, LIST, PART, ROLE, ROLES};
use web_sys::Element;

use super::dom;

/// Replaces the facts of a card in the band by those that came with it. One of a part of the day of
/// which the band said nothing is added in its place.
pub fn take_facts(card: &str, drawn: &Element) {
    let new = dom::first(drawn, &["[data-part=", PART, "]"].concat());
    let document = dom::document();
    let band = document.as_ref().and_then(|document| document.get_element_by_id(LIST));
    let (Some(new), Some(band)) = (new, band) else { return };
    let active = document.and_then(|document| document.active_element());
    let mut new = dom::all(&new, "li");
    for old in dom::all(&band, "li") {
        let role = old.get_attribute(ROLE);
        let same = new.iter().position(|fact| fact.get_attribute(ROLE) == role);
        let same = same.map(|at| new.swap_remove(at));
        // Of another card, or with the focus in it.
        if old.get_attribute(CARD).as_deref() != Some(card) || old.contains(active.as_deref()) {
            continue;
        }
        match same {
            Some(fact) => drop(old.replace_with_with_node_1(&fact)),
            None => old.remove(),
        }
    }
    for fact in new {
        let later = dom::all(&band, "li").into_iter().find(|other| place(other) > place(&fact));
        drop(band.insert_before(&fact, later.as_deref()));
    }
}

/// The place of a fact in the band.
fn place(fact: &Element) -> usize {
    let role = fact.get_attribute(ROLE).unwrap_or_default();
    ROLES.iter().position(|other| *other == role).unwrap_or(ROLES.len())
}
