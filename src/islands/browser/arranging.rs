//! Loads the module for arranging cards, only when the page can be arranged.

use gloo_timers::future::TimeoutFuture;
use voordeur_shared::paths;

use super::dom;

/// How often to check whether an interaction is still going on, in milliseconds.
const POLL_INTERVAL: u32 = 100;

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
    for (name, value) in [("id", id), ("type", "module"), ("src", paths::ARRANGING_SCRIPT)] {
        let _ = script.set_attribute(name, value);
    }
    let _ = root.append_child(&script);
}

/// Waits until no card is being moved or resized: replacing the page would abort that.
pub async fn wait_for_drop() {
    let in_hand = || {
        dom::document()
            .and_then(|document| document.query_selector("[data-held]").ok().flatten())
            .is_some()
    };
    while in_hand() {
        TimeoutFuture::new(POLL_INTERVAL).await;
    }
}
