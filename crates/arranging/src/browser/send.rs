//! Sends a change to the server by submitting a form, which the browser's main module handles like
//! any other.

use voordeur_shared::paths::{self, CardAction};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlFormElement};

use super::dom;

/// Posts an action on a card, with the hidden fields of the card's own form and these fields.
pub fn send(card: &Element, action: CardAction, fields: &[(&str, &str)]) {
    let _ = try_send(card, action, fields);
}

fn try_send(card: &Element, action: CardAction, fields: &[(&str, &str)]) -> Option<()> {
    let document = dom::document()?;
    let form: HtmlFormElement = document.create_element("form").ok()?.dyn_into().ok()?;
    let id = card.get_attribute("data-card")?;
    let set = |element: &Element, name: &str, value: &str| element.set_attribute(name, value).ok();
    set(&form, "method", "post")?;
    set(&form, "action", &paths::card(&id, action))?;
    set(&form, "data-action", if action == CardAction::Place { "move" } else { action.segment() })?;
    let own = card.query_selector_all("form input[type=hidden]").ok()?;
    for field in dom::all(&own) {
        form.append_child(&field.clone_node().ok()?).ok()?;
    }
    for (name, value) in fields {
        let field = document.create_element("input").ok()?;
        set(&field, "type", "hidden")?;
        set(&field, "name", name)?;
        set(&field, "value", value)?;
        form.append_child(&field).ok()?;
    }
    document.body()?.append_child(&form).ok()?;
    let sent = form.request_submit();
    form.remove();
    sent.ok()
}
