//! Cards that ask again: each at its own pace, one at a time, while somebody looks at the page.

use std::cell::RefCell;
use std::collections::HashMap;

use gloo_timers::future::TimeoutFuture;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, VisibilityState};

use super::dom;
use crate::blocks;
use crate::islands::refresh_card;
use crate::view_model::{CardState, CardViewModel};

/// How often it is looked whether a card's time has come, in milliseconds.
const TICK: u32 = 1_000;
/// A card that somebody is in, or that could not be asked, gets so many milliseconds.
const LATER: f64 = 15_000.0;

thread_local! {
    /// When each card's time comes, in milliseconds since 1970.
    static DUE: RefCell<HashMap<String, f64>> = RefCell::default();
    /// What was drawn here, by card; it stays until it is drawn anew.
    static DRAWN: RefCell<HashMap<String, UnmountHandle<AnyViewState>>> = RefCell::default();
}

/// Asks for cards again, for as long as the page lives.
pub fn keep_fresh() {
    look_at_page();
    spawn_local(async {
        loop {
            TimeoutFuture::new(TICK).await;
            let visible = dom::document()
                .is_some_and(|document| document.visibility_state() == VisibilityState::Visible);
            if visible && let Some(card) = most_due() {
                ask(&card, false).await;
            }
        }
    });
}

/// Notes when the time of each card on the page comes.
pub fn look_at_page() {
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

/// Forgets what was drawn here: its place on the page is being taken by a new page.
pub fn forget_drawn() {
    DRAWN.with_borrow_mut(HashMap::clear);
}

/// Asks the services again for a card, as the citizen wants.
pub fn refresh_now(card: &Element) {
    let Some(id) = card.get_attribute("data-card") else { return };
    let _ = card.set_attribute("aria-busy", "true");
    spawn_local(async move { ask(&id, true).await });
}

fn pace(card: &Element) -> f64 {
    // A whole number: what reads any number at all is large.
    let seconds = card.get_attribute("data-pace").and_then(|pace| pace.parse::<u32>().ok());
    seconds.map_or(f64::INFINITY, |seconds| f64::from(seconds) * 1_000.0)
}

fn most_due() -> Option<String> {
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

async fn ask(id: &str, newest: bool) {
    let Some(card) = find(id) else {
        DUE.with_borrow_mut(|due| due.remove(id));
        return;
    };
    // Whoever reads or follows a link in a card is not disturbed.
    if !newest && holds_focus(&card) {
        set_due(id, LATER);
        return;
    }
    set_due(id, LATER);
    let asked = refresh_card(id.to_owned(), newest).await;
    let Some(card) = find(id) else { return };
    let _ = card.remove_attribute("aria-busy");
    let Ok(view_model) = asked else { return };
    if !newest && holds_focus(&card) {
        return;
    }
    let words = view_model.notice.clone();
    let title = view_model.title.clone();
    draw(id, &card, view_model);
    set_due(id, pace(&card));
    if newest {
        let refreshed = dom::first(&card, "[data-action=refresh]")
            .and_then(|button| button.get_attribute("data-done"))
            .unwrap_or(title);
        dom::announce(&words.unwrap_or(refreshed));
    }
}

/// Whether the focus is in what would be redrawn.
fn holds_focus(card: &Element) -> bool {
    let body = dom::first(card, "[data-part=body]");
    let active = dom::document().and_then(|document| document.active_element());
    body.is_some_and(|body| body.contains(active.as_deref()))
}

/// Redraws a card in its place.
fn draw(id: &str, card: &Element, view_model: CardViewModel) {
    let Some(body) =
        dom::first(card, "[data-part=body]").and_then(|body| body.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    let _ = card.set_attribute("data-state", view_model.state.id());
    let _ = card.set_attribute("data-pace", &view_model.again_in.to_string());
    if view_model.state != CardState::Waiting
        && let Some(reload) = dom::first(card, ":scope > a.act")
        && reload.get_attribute("data-action").is_none()
    {
        reload.remove();
    }
    say_about(card, &view_model);
    // What was drawn before goes first: it takes its nodes along.
    DRAWN.with_borrow_mut(|drawn| drawn.remove(id));
    body.set_text_content(None);
    let drawn = mount_to(body, move || blocks::body(view_model).into_any());
    DRAWN.with_borrow_mut(|all| all.insert(id.to_owned(), drawn));
}

/// Writes what the card is about beside its title.
fn say_about(card: &Element, view_model: &CardViewModel) {
    let Some(about) = &view_model.about else { return };
    let line = dom::first(card, "header p").or_else(|| {
        let place = dom::first(card, "header h2")?.parent_element()?;
        let line = dom::document()?.create_element("p").ok()?;
        place.append_child(&line).ok()?;
        Some(line)
    });
    let Some(line) = line else { return };
    line.set_text_content(Some(&about.text));
    let _ = match &about.lang {
        Some(lang) => line.set_attribute("lang", lang),
        None => line.remove_attribute("lang"),
    };
}
