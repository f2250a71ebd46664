//! Draws a page that stays open anew, so that it tells of today: when its day ends, when the device
//! wakes, and when the network is back.
//!
//! The server makes the page of what it has and asks no service, since all open pages are drawn
//! anew at midnight. The services are asked afterwards, by each card at its own time.

use std::cell::Cell;

use voordeur_shared::redraw::{DAY_ENDS, OFFLINE};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Element, PageTransitionEvent};

use super::page::{self, PageRequest, fetch};
use super::{arranging, card_content, cards, dom, outbox};

/// A tick that is later than this was stopped, in milliseconds: the page was hidden, or the device
/// asleep. A busy page is late by less.
const ASLEEP: f64 = 30_000.0;
/// The pause after a page that could not be drawn, in milliseconds.
const RETRY_AFTER: f64 = 15_000.0;
/// Within which time the pages that are open at midnight ask the server, in milliseconds.
const MIDNIGHT_SPREAD: f64 = 5_000.0;
/// Within which time their cards ask the services, in milliseconds.
const SERVICES_SPREAD: f64 = 600_000.0;

thread_local! {
    /// When the page has to be drawn anew because its day has ended, in milliseconds since 1970 by
    /// this device.
    static DAY_ENDS_AT: Cell<f64> = const { Cell::new(f64::INFINITY) };
    /// The last tick.
    static TICKED_AT: Cell<f64> = const { Cell::new(0.0) };
    /// From when on the page is to be drawn anew for another reason.
    static WANTED_AT: Cell<f64> = const { Cell::new(f64::INFINITY) };
}

/// Listens to the events after which the page may be old.
pub fn listen() {
    TICKED_AT.set(js_sys::Date::now());
    dom::on("visibilitychange", |_| tick_now());
    if let Some(window) = dom::window() {
        dom::on_target(&window, "online", |_| {
            WANTED_AT.set(0.0);
            tick_now();
        });
        dom::on_target(&window, "pageshow", |event| {
            // From the cache of pages that are gone back to.
            if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
                WANTED_AT.set(0.0);
                tick_now();
            }
        });
    }
}

fn tick_now() {
    if dom::is_visible() {
        spawn_local(tick());
    }
}

/// Notes when the day of the page ends. The server says after how many seconds: the clock of this
/// device may be wrong.
pub fn note_page() {
    let now = js_sys::Date::now();
    WANTED_AT.set(f64::INFINITY);
    let seconds = dom::document()
        .and_then(|document| page::first(&document, &format!("[{DAY_ENDS}]")))
        .and_then(|of_day| of_day.get_attribute(DAY_ENDS))
        .and_then(|seconds| seconds.parse::<u32>().ok());
    let spread = js_sys::Math::random() * MIDNIGHT_SPREAD;
    DAY_ENDS_AT.set(match seconds {
        Some(seconds) => now + f64::from(seconds) * 1_000.0 + spread,
        None => f64::INFINITY,
    });
}

/// Draws the page anew if that is due. Called each second while the page is visible, and late after
/// the device was asleep.
pub async fn tick() {
    let now = js_sys::Date::now();
    let since_last = now - TICKED_AT.replace(now);
    // The clock may also have been put back.
    if !(0.0..=ASLEEP).contains(&since_last) {
        WANTED_AT.set(0.0);
    }
    let (day_ends_at, wanted_at) = (DAY_ENDS_AT.get(), WANTED_AT.get());
    let is_day_over = now >= day_ends_at;
    let is_due = if wanted_at.is_finite() { now >= wanted_at } else { is_day_over };
    // Only a page of a day grows old.
    if !is_due || day_ends_at.is_infinite() {
        return;
    }
    WANTED_AT.set(now + RETRY_AFTER);
    let address = page::address_in_bar();
    let fetched = fetch(&PageRequest::redraw()).await;
    arranging::wait_for_drop().await;
    if page::address_in_bar() != address {
        return;
    }
    match (fetched, dom::document()) {
        (Ok(fetched), Some(document)) if fetched.status < 400 => {
            show(&document, &fetched.page, is_day_over);
        }
        _ if is_day_over => say_day_is_over(),
        _ => {}
    }
}

/// Replaces what tells of a day, also in a copy that was shown without a network: the date, the band of today, and the bodies of the cards.
fn show(document: &Document, page: &Document, is_day_over: bool) {
    if let Some(root) = document.document_element() {
        let _ = root.remove_attribute(OFFLINE);
    }
    for words in ["main h1", ".today > span"] {
        if let (Some(before), Some(after)) =
            (page::first(document, words), page::first(page, words))
        {
            before.set_text_content(after.text_content().as_deref());
        }
    }
    if show_agenda(document, page) {
        return note_page();
    }
    let cards = [document, page].map(|page| page.get_element_by_id("cards"));
    let [Some(here), Some(there)] = cards else { return };
    show_today(document, page);
    let is_of_day_over = |notice: &Element| dom::first(notice, "[data-part=day]").is_some();
    if let Some(notice) = document.get_element_by_id("notice").filter(is_of_day_over) {
        notice.set_text_content(None);
        let _ = notice.remove_attribute("data-tone");
    }
    if let Some(seconds) = there.get_attribute(DAY_ENDS) {
        let _ = here.set_attribute(DAY_ENDS, &seconds);
    }
    note_page();
    let Ok(drawn) = there.query_selector_all(":scope > [data-card]") else { return };
    for index in 0..drawn.length() {
        let new = drawn.item(index).and_then(|card| card.dyn_into::<Element>().ok());
        let Some(new) = new else { continue };
        let Some(old) = document.get_element_by_id(&new.id()) else { continue };
        show_card(&old, &new);
        if is_day_over {
            cards::spread(&old, SERVICES_SPREAD);
        }
    }
}

/// The days of the agenda. A link that has the focus is there again, unless its day is over.
fn show_agenda(document: &Document, page: &Document) -> bool {
    let agendas = [document, page].map(|page| page.get_element_by_id("agenda"));
    let [Some(here), Some(there)] = agendas else { return false };
    let focused = document.active_element().filter(|focused| here.contains(Some(focused)));
    let link = focused.and_then(|link| Some((link.text_content()?, link.get_attribute("href")?)));
    let _ = here.replace_with_with_node_1(&there);
    if let Some((text, address)) = link
        && let Ok(links) = there.query_selector_all("a[href]")
    {
        let links = (0..links.length()).filter_map(|at| links.item(at)?.dyn_into::<Element>().ok());
        let again = links.into_iter().find(|link| {
            link.text_content().as_deref() == Some(&text)
                && link.get_attribute("href").as_deref() == Some(&address)
        });
        if let Some(again) = again {
            dom::focus(&again);
        }
    }
    true
}

/// The band of today above the cards.
fn show_today(document: &Document, page: &Document) {
    let [before, after] = [document, page].map(|page| page::first(page, ".band"));
    if let (Some(before), Some(after)) = (before, after) {
        let _ = before.replace_with_with_node_1(&after);
    }
}

/// Replaces what a card says, and the link below it.
fn show_card(old: &Element, new: &Element) {
    card_content::replace(old, new);
    let [before, after] = [old, new].map(|card| dom::first(card, ":scope > a.act"));
    let _ = match (before, after) {
        (Some(before), Some(after)) => before.replace_with_with_node_1(&after),
        (Some(before), None) => {
            before.remove();
            Ok(())
        }
        (None, Some(after)) => old.append_with_node_1(&after),
        (None, None) => Ok(()),
    };
}

/// Says of which day the page is. Edits that wait to be sent have said already that the server
/// cannot be reached.
fn say_day_is_over() {
    let Some(document) = dom::document() else { return };
    let shown = page::first(&document, "#notice [data-part=day]").is_some();
    let date = page::first(&document, ".today > span").and_then(|date| date.text_content());
    if shown || !outbox::is_empty() {
        return;
    }
    let Some(notice) = outbox::put_notice("day-over", "problem") else { return };
    if let Some(place) = dom::first(&notice, "[data-part=day]") {
        place.set_text_content(date.as_deref());
    }
    let words = dom::first(&notice, "p").and_then(|words| words.text_content());
    dom::announce(words.unwrap_or_default().trim());
}
