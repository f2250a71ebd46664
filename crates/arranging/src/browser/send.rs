//! Says to the server what was done, through the page's own way: a form, which the main part of the browser's code sends like any other.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlFormElement};

use super::dom;

/// Posts to `/cards/ID/ACTION`, with what the card's own form sends along, and these fields.
pub fn send(card: &Element, action: &'static str, fields: &[(&str, &str)]) {
    let _ = try_send(card, action, fields);
}

fn try_send(card: &Element, action: &'static str, fields: &[(&str, &str)]) -> Option<()> {
    let document = dom::document()?;
    let form: HtmlFormElement = document.create_element("form").ok()?.dyn_into().ok()?;
    let id = card.get_attribute("data-card")?;
    let set = |element: &Element, name: &str, value: &str| element.set_attribute(name, value).ok();
    set(&form, "method", "post")?;
    set(&form, "action", &["/cards/", &id, "/", action].concat())?;
    set(&form, "data-action", if action == "place" { "move" } else { action })?;
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
