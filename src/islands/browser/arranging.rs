//! Loads the module for arranging cards, only when the page can be arranged.

use gloo_timers::future::TimeoutFuture;
use voordeur_shared::paths;
use web_sys::Document;

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
    let (Ok(script), Some(root), Some(src)) = (
        document.create_element("script"),
        document.document_element(),
        address_of_script(&document),
    ) else {
        return;
    };
    for (name, value) in [("id", id), ("type", "module"), ("src", &src)] {
        let _ = script.set_attribute(name, value);
    }
    let _ = root.append_child(&script);
}

/// The address beside that of the page's own script, which is of the release that the page is of.
fn address_of_script(document: &Document) -> Option<String> {
    let scripts = ["script[src^='", paths::ASSETS, "/']"].concat();
    let own = document.query_selector(&scripts).ok()??.get_attribute("src")?;
    let (folder, _) = own.rsplit_once('/')?;
    Some([folder, "/", paths::ARRANGING_SCRIPT_FILE].concat())
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
