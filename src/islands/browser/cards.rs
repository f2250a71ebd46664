//! Refreshes the cards of the page, each at its own interval and one at a time, while the page is
//! visible.

use std::cell::RefCell;

use gloo_timers::future::TimeoutFuture;
use voordeur_shared::paths;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Response, UrlSearchParams};

use super::page::{self, PageRequest};
use super::{card_content, dom, redraw, today};

/// How often to check for a due card, in milliseconds.
const TICK: u32 = 1_000;
/// The delay for a card that contains the focus or could not be refreshed, in milliseconds.
const RETRY_AFTER: f64 = 15_000.0;
/// The problem that a card has, if it has one.
const NOTICE: &str = "[data-part=body] > .hint";

thread_local! {
    /// The id of each card, and when it is due, in milliseconds since 1970.
    static DUE: RefCell<Vec<(String, f64)>> = RefCell::default();
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
    let Some(root) = document.document_element() else { return };
    let now = js_sys::Date::now();
    let cards = dom::all(&root, "article[data-card]");
    DUE.set(cards.iter().filter_map(|card| Some((id_of(card)?, now + pace(card)))).collect());
}

fn id_of(card: &Element) -> Option<String> {
    card.get_attribute("data-card")
}

/// Makes a card that was drawn anew due within a time, at random: the pages of all citizens are
/// drawn anew at once, and must not ask their services at once.
pub fn spread(card: &Element, within: f64) {
    let Some(id) = id_of(card) else { return };
    // A card of the citizen's own has no service to ask.
    if pace(card) == f64::INFINITY {
        return;
    }
    let at = js_sys::Date::now() + js_sys::Math::random() * pace(card).min(within);
    change_due(&id, |due| *due = due.min(at));
}

/// Refreshes a card at the citizen's request.
pub fn refresh_now(card: &Element) {
    let Some(id) = id_of(card) else { return };
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
            .filter(|(_, at)| *at <= now)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(id, _)| id.clone())
    })
}

fn set_due(id: &str, after: f64) {
    let at = js_sys::Date::now() + after;
    change_due(id, |due| *due = at);
}

fn change_due(id: &str, change: impl FnOnce(&mut f64)) {
    DUE.with_borrow_mut(|due| {
        if let Some((_, at)) = due.iter_mut().find(|(card, _)| card == id) {
            change(at);
        }
    });
}

fn find(id: &str) -> Option<Element> {
    dom::document()?.get_element_by_id(&["card-", id].concat())
}

async fn ask(id: &str, refresh: bool) {
    let Some(card) = find(id) else {
        DUE.with_borrow_mut(|due| due.retain(|(card, _)| card != id));
        return;
    };
    // Do not replace content that has the focus.
    if !refresh && holds_focus(&card) {
        set_due(id, RETRY_AFTER);
        return;
    }
    set_due(id, RETRY_AFTER);
    let drawn = fetch(id, refresh).await;
    let Some(card) = find(id) else { return };
    let _ = card.remove_attribute("aria-busy");
    let Some(drawn) = drawn else { return };
    if !refresh && holds_focus(&card) {
        return;
    }
    show(&card, &drawn);
    set_due(id, pace(&card));
    if refresh {
        let notice = dom::first(&card, NOTICE);
        if let Some(words) = notice.or_else(|| dom::first(&card, "h2")) {
            dom::announce(words.text_content().unwrap_or_default().trim());
        }
    }
}

/// Whether the focus is in the part that a refresh replaces.
fn holds_focus(card: &Element) -> bool {
    let body = dom::first(card, "[data-part=body]");
    let active = dom::document().and_then(|document| document.active_element());
    body.is_some_and(|body| body.contains(active.as_deref()))
}

/// The card as the server draws it now. `newest` asks the services again; otherwise cached
/// responses are used where they are recent enough.
async fn fetch(id: &str, newest: bool) -> Option<Element> {
    let fields = UrlSearchParams::new().ok()?;
    fields.set("card", id);
    fields.set("newest", if newest { "true" } else { "false" });
    let url = paths::REFRESH_CARD.to_owned();
    let request = PageRequest::form(url, fields.to_string().into());
    let response = page::send(&request).await.ok().filter(Response::ok)?;
    let html = JsFuture::from(response.json().ok()?).await.ok()?.as_string()?;
    page::first(&page::parse(&html).ok()?, "[data-card]")
}

fn show(card: &Element, drawn: &Element) {
    card_content::replace(card, drawn);
    if let Some(id) = id_of(card) {
        today::take_facts(&id, drawn);
    }
    // The link that loads the page again, for a card that waits; another link has an action.
    if card.get_attribute("data-state").as_deref() != Some("waiting")
        && let Some(reload) = dom::first(card, ":scope > a.act:not([data-action])")
    {
        reload.remove();
    }
}
