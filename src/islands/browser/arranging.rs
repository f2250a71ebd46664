//! Cards in hand are a module of their own: whoever only reads does not load it.

use gloo_timers::future::TimeoutFuture;

use super::dom;

/// How often it is looked whether a card is still in hand, in milliseconds.
const LOOK: u32 = 100;

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

/// Waits until no card is in hand: what is in hand would be lost with the page that it lies on.
pub async fn hand_is_empty() {
    let in_hand = || {
        dom::document()
            .and_then(|document| document.query_selector("[data-held]").ok().flatten())
            .is_some()
    };
    while in_hand() {
        TimeoutFuture::new(LOOK).await;
    }
}
