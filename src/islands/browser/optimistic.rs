//! Shows the effect of an edit before the server has confirmed it. The server's page replaces it as
//! soon as it arrives.

use voordeur_shared::CardWidth;
use voordeur_shared::paths::{self, CardAction};
use web_sys::{Element, UrlSearchParams};

use super::{dom, lanes};

/// Shows the effect of a post to `url` with these fields, as far as this page allows.
pub(super) fn show(url: &str, fields: &str) {
    let Some((id, action)) = paths::parse_card(url) else { return };
    let card = dom::document().and_then(|page| page.get_element_by_id(&["card-", id].concat()));
    let (Some(card), Ok(fields)) = (card, UrlSearchParams::new_with_str(fields)) else { return };
    let field = |name| fields.get(name).unwrap_or_default();
    // A card that is removed has no parent any more.
    let grid = card.parent_element();
    match action {
        CardAction::Remove => card.remove(),
        CardAction::Move => go(&card, &field("direction")),
        CardAction::Place => {
            let elsewhere = fields.get("to").is_some_and(|to| fields.get("page") != Some(to));
            if elsewhere {
                card.remove();
                grid.iter().for_each(lanes::place_anew);
                return;
            }
            put_before(&card, &field("before"));
            if let Some(size) = fields.get("size") {
                resize(&card, id, &size);
            }
        }
        CardAction::Resize => resize(&card, id, &field("size")),
        CardAction::Fold => {
            let _ = card.toggle_attribute_with_force("data-folded", field("folded") == "true");
        }
        CardAction::Tick => tick(&card, &field("tick"), &field("untick")),
        CardAction::AddItem
        | CardAction::ClearItems
        | CardAction::LookUp
        | CardAction::Refresh
        | CardAction::Settings => {}
    }
    grid.iter().for_each(lanes::place_anew);
}

/// Ticks an item of a list, or the reverse; one of both texts is empty.
fn tick(card: &Element, ticked: &str, unticked: &str) {
    for item in dom::all(card, "button[data-action=tick]") {
        let text = item.get_attribute("value").unwrap_or_default();
        if text == ticked || text == unticked {
            let checked = if text == ticked { "true" } else { "false" };
            let _ = item.set_attribute("aria-checked", checked);
        }
    }
}

fn go(card: &Element, direction: &str) {
    let grid = card.parent_element();
    match direction {
        "earlier" | "up" => {
            if let Some(neighbour) = card.previous_element_sibling() {
                let _ = neighbour.before_with_node_1(card);
            }
        }
        "later" | "down" => {
            if let Some(neighbour) = card.next_element_sibling() {
                let _ = neighbour.after_with_node_1(card);
            }
        }
        "first" => {
            let _ = grid.map(|grid| grid.prepend_with_node_1(card));
        }
        "last" => {
            let _ = grid.map(|grid| grid.append_with_node_1(card));
        }
        _ => {}
    }
}

fn put_before(card: &Element, before: &str) {
    let before =
        dom::document().and_then(|page| page.get_element_by_id(&["card-", before].concat()));
    // A dragged card is in place already; inserting it again would cost it the focus.
    if card.next_element_sibling() == before {
        return;
    }
    let _ = match (before, card.parent_element()) {
        (Some(before), _) => before.before_with_node_1(card),
        (None, Some(grid)) => grid.append_with_node_1(card),
        (None, None) => Ok(()),
    };
}

/// Sets the width of a card, and the next widths on its buttons.
fn resize(card: &Element, id: &str, size: &str) {
    let Some(now) = CardWidth::from_form(size) else { return };
    let _ = card.set_attribute("data-size", now.id());
    let smallest = card.get_attribute("data-smallest").and_then(|id| CardWidth::from_id(&id));
    let narrower = now.narrower(smallest.unwrap_or(CardWidth::NARROWEST));
    for (button, width) in [("#narrower-", narrower), ("#wider-", now.wider())] {
        let Some(button) = dom::first(card, &[button, id].concat()) else { continue };
        let _ = button.toggle_attribute_with_force("disabled", width.is_none());
        if let Some(width) = width {
            let _ = button.set_attribute("value", width.id());
        }
    }
}
