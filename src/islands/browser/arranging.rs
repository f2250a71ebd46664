//! Cards in hand are a module of their own: whoever only reads does not load it.

use super::dom;

/// Loads it, once, when the page that is shown can be arranged.
pub fn load_when_needed() {
    let id = "arranging-script";
    let Some(document) = dom::document() else { return };
    let needed = document.query_selector("[data-arrange]").ok().flatten().is_some();
    if !needed || document.get_element_by_id(id).is_some() {
        return;
    }
    let (Ok(script), Some(root)) = (document.create_element("script"), document.document_element())
    else {
        return;
    };
    for (name, value) in [("id", id), ("type", "module"), ("src", "/pkg/arranging-start.js")] {
        let _ = script.set_attribute(name, value);
    }
    let _ = root.append_child(&script);
}
