//! What an edit does to the page, shown before the server has made it. The server's page takes its place as soon as it comes.

use web_sys::{Element, UrlSearchParams};

use super::dom;

/// The widths a card can have, in columns of twelve.
const SIZES: [&str; 5] = ["3", "4", "6", "8", "12"];

/// Shows what a post to this address with these fields will do, as far as this page has what it takes.
pub(super) fn show(url: &str, fields: &str) {
    // `http://host/cards/ID/move`
    let mut parts = url.rsplit('/');
    let (Some(action), Some(id)) = (parts.next(), parts.next()) else { return };
    let card = dom::document().and_then(|page| page.get_element_by_id(&["card-", id].concat()));
    let (Some(card), Ok(fields)) = (card, UrlSearchParams::new_with_str(fields)) else { return };
    let field = |name| fields.get(name).unwrap_or_default();
    match action {
        "remove" => card.remove(),
        "move" => go(&card, &field("direction")),
        "place" => {
            let elsewhere = fields.get("to").is_some_and(|to| fields.get("page") != Some(to));
            if elsewhere {
                card.remove();
                return;
            }
            put_before(&card, &field("before"));
            if let Some(size) = fields.get("size") {
                resize(&card, id, &size);
            }
        }
        "resize" => resize(&card, id, &field("size")),
        "fold" => {
            let _ = card.toggle_attribute_with_force("data-folded", field("folded") == "true");
        }
        _ => {}
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
    // A card that was dragged lies there already; it would lose the focus if it were put there again.
    if card.next_element_sibling() == before {
        return;
    }
    let _ = match (before, card.parent_element()) {
        (Some(before), _) => before.before_with_node_1(card),
        (None, Some(grid)) => grid.append_with_node_1(card),
        (None, None) => Ok(()),
    };
}

/// Gives a card a width, and its buttons the widths beside that.
fn resize(card: &Element, id: &str, size: &str) {
    let Some(now) = SIZES.iter().position(|step| *step == size) else { return };
    let _ = card.set_attribute("data-size", size);
    let smallest = card.get_attribute("data-smallest").unwrap_or_default();
    let smallest = SIZES.iter().position(|step| *step == smallest).unwrap_or(0);
    let narrower = now.checked_sub(1).filter(|step| *step >= smallest);
    let wider = Some(now + 1).filter(|step| *step < SIZES.len());
    for (button, step) in [("#narrower-", narrower), ("#wider-", wider)] {
        let Some(button) = dom::first(card, &[button, id].concat()) else { continue };
        let _ = button.toggle_attribute_with_force("disabled", step.is_none());
        if let Some(step) = step {
            let _ = button.set_attribute("value", SIZES[step]);
        }
    }
}
