//! Refreshes the cards of the page, each at its own interval and one at a time, while the page is
//! visible.

use std::cell::RefCell;
use std::collections::HashMap;

use gloo_timers::future::TimeoutFuture;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement};

use super::{dom, redraw};
use crate::blocks;
use crate::islands::refresh_card;
use crate::view_model::{CardState, CardViewModel};

/// How often to check for a due card, in milliseconds.
const TICK: u32 = 1_000;
/// The delay for a card that contains the focus or could not be refreshed, in milliseconds.
const RETRY_AFTER: f64 = 15_000.0;

thread_local! {
    /// When each card is due, by card id, in milliseconds since 1970.
    static DUE: RefCell<HashMap<String, f64>> = RefCell::default();
    /// The views mounted by this module, by card id.
    static MOUNTED: RefCell<HashMap<String, UnmountHandle<AnyViewState>>> = RefCell::default();
}

/// Refreshes cards for the lifetime of the page.
pub fn keep_fresh() {
    redraw::listen();
    schedule_page();
    spawn_local(async {
        loop {
            TimeoutFuture::new(TICK).await;
            if !dom::is_visible() {
                continue;
            }
            redraw::tick().await;
            if let Some(card) = next_due() {
                ask(&card, false).await;
            }
        }
    });
}

/// Notes when each card of the page is due, and when its day ends.
pub fn schedule_page() {
    redraw::note_page();
    let Some(document) = dom::document() else { return };
    let Ok(cards) = document.query_selector_all("article[data-card]") else { return };
    let now = js_sys::Date::now();
    DUE.with_borrow_mut(|due| {
        due.clear();
        for index in 0..cards.length() {
            let card = cards.item(index).and_then(|card| card.dyn_into::<Element>().ok());
            if let Some(card) = card
                && let Some(id) = card.get_attribute("data-card")
            {
                due.insert(id, now + pace(&card));
            }
        }
    });
}

/// Makes a card that was drawn anew due within a time, at random: the pages of all citizens are
/// drawn anew at once, and must not ask their services at once.
pub fn spread(card: &Element, within: f64) {
    let Some(id) = card.get_attribute("data-card") else { return };
    let after = js_sys::Math::random() * pace(card).min(within);
    let at = js_sys::Date::now() + after;
    DUE.with_borrow_mut(|due| {
        let before = due.get(&id).copied().unwrap_or(f64::INFINITY);
        due.insert(id, before.min(at));
    });
}

/// Drops the view that was mounted in a card, because it is about to be replaced.
pub fn drop_mounted_in(card: &Element) {
    if let Some(id) = card.get_attribute("data-card") {
        MOUNTED.with_borrow_mut(|drawn| drawn.remove(&id));
    }
}

/// Drops the mounted views, because the page is about to be replaced.
pub fn drop_mounted() {
    MOUNTED.with_borrow_mut(HashMap::clear);
}

/// Refreshes a card at the citizen's request.
pub fn refresh_now(card: &Element) {
    let Some(id) = card.get_attribute("data-card") else { return };
    let _ = card.set_attribute("aria-busy", "true");
    spawn_local(async move { ask(&id, true).await });
}

fn pace(card: &Element) -> f64 {
    // An integer: parsing floats would enlarge the WASM.
    let seconds = card.get_attribute("data-pace").and_then(|pace| pace.parse::<u32>().ok());
    seconds.map_or(f64::INFINITY, |seconds| f64::from(seconds) * 1_000.0)
}

fn next_due() -> Option<String> {
    let now = js_sys::Date::now();
    DUE.with_borrow(|due| {
        due.iter()
            .filter(|(_, at)| **at <= now)
            .min_by(|a, b| a.1.total_cmp(b.1))
            .map(|(id, _)| id.clone())
    })
}

fn set_due(id: &str, after: f64) {
    DUE.with_borrow_mut(|due| due.insert(id.to_owned(), js_sys::Date::now() + after));
}

fn find(id: &str) -> Option<Element> {
    dom::document()?.get_element_by_id(&format!("card-{id}"))
}

async fn ask(id: &str, refresh: bool) {
    let Some(card) = find(id) else {
        DUE.with_borrow_mut(|due| due.remove(id));
        return;
    };
    // Do not replace content that has the focus.
    if !refresh && holds_focus(&card) {
        set_due(id, RETRY_AFTER);
        return;
    }
    set_due(id, RETRY_AFTER);
    let response = refresh_card(id.to_owned(), refresh).await;
    let Some(card) = find(id) else { return };
    let _ = card.remove_attribute("aria-busy");
    let Ok(view_model) = response else { return };
    if !refresh && holds_focus(&card) {
        return;
    }
    let words = view_model.notice.clone();
    let title = view_model.title.clone();
    draw(id, &card, view_model);
    set_due(id, pace(&card));
    if refresh {
        let refreshed = dom::first(&card, "[data-action=refresh]")
            .and_then(|button| button.get_attribute("data-done"))
            .unwrap_or(title);
        dom::announce(&words.unwrap_or(refreshed));
    }
}

/// Whether the focus is in the part that a refresh replaces.
fn holds_focus(card: &Element) -> bool {
    let body = dom::first(card, "[data-part=body]");
    let active = dom::document().and_then(|document| document.active_element());
    body.is_some_and(|body| body.contains(active.as_deref()))
}

fn draw(id: &str, card: &Element, view_model: CardViewModel) {
    let Some(body) =
        dom::first(card, "[data-part=body]").and_then(|body| body.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    let _ = card.set_attribute("data-state", view_model.state.id());
    let _ = card.set_attribute("data-pace", &view_model.refresh_after_secs.to_string());
    if view_model.state != CardState::Waiting
        && let Some(reload) = dom::first(card, ":scope > a.act")
        && reload.get_attribute("data-action").is_none()
    {
        reload.remove();
    }
    show_subject(card, &view_model);
    // Drop the previous view first, because it removes its own nodes.
    MOUNTED.with_borrow_mut(|drawn| drawn.remove(id));
    body.set_text_content(None);
    let drawn = mount_to(body, move || blocks::body(view_model).into_any());
    MOUNTED.with_borrow_mut(|all| all.insert(id.to_owned(), drawn));
}

/// Updates the subject beside the title.
fn show_subject(card: &Element, view_model: &CardViewModel) {
    let Some(about) = &view_model.about else { return };
    let line = dom::first(card, "header p").or_else(|| {
        let place = dom::first(card, "header h2")?.parent_element()?;
        let line = dom::document()?.create_element("p").ok()?;
        place.append_child(&line).ok()?;
        Some(line)
    });
    let Some(line) = line else { return };
    line.set_text_content(Some(&about.text));
    let _ = line.set_attribute("dir", "auto");
    let _ = match &about.lang {
        Some(lang) => line.set_attribute("lang", lang),
        None => line.remove_attribute("lang"),
    };
}
