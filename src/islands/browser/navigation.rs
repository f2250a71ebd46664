//! Submits forms and follows links without a reload, and searches while the citizen types.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Event, FormData, HtmlAnchorElement, HtmlButtonElement, HtmlFormElement, MouseEvent,
    SubmitEvent, UrlSearchParams,
};

use super::page::{self, PageRequest, fetch, show};
use super::{cards, dom, outbox};

/// The delay after a key before a search, in milliseconds.
const PAUSE_OF_TYPING: u32 = 180;
/// On a search form: the query of the last search.
const ASKED: &str = "data-asked";

pub fn listen() {
    dom::on("submit", submitted);
    dom::on("click", clicked);
    let latest = Rc::new(Cell::new(0));
    dom::on("input", move |event| typed(event, &latest));
    page::follow_history();
}

fn submitted(event: &Event) {
    let Some(form) = dom::target(event).and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
    else {
        return;
    };
    let button = event
        .dyn_ref::<SubmitEvent>()
        .and_then(SubmitEvent::submitter)
        .and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
    if form.has_attribute("data-live") {
        event.prevent_default();
        search(form);
        return;
    }
    // A new language or appearance affects the whole document: let the browser load the page.
    let action = form.get_attribute("data-action").unwrap_or_default();
    if form.method() != "post" || action == "language" || action == "look" {
        return;
    }
    // The outbox keeps what it sends on this device, and a file is larger than an edit.
    if form.enctype() == "multipart/form-data" {
        return;
    }
    let on_button = button.as_ref().and_then(|button| button.get_attribute("data-action"));
    if on_button.as_deref() == Some("refresh")
        && let Some(card) = form.closest("[data-card]").ok().flatten()
    {
        event.prevent_default();
        cards::refresh_now(&card);
        return;
    }
    let Some(fields) = fields(&form, button.as_ref()) else { return };
    event.prevent_default();
    let url = button
        .as_ref()
        .filter(|button| button.has_attribute("formaction"))
        .map_or_else(|| form.action(), HtmlButtonElement::form_action);
    // A form with the board's revision is an edit, except for the button that only looks something
    // up.
    if fields.has("revision") && !fields.has("look") {
        outbox::post(&url, &fields);
    } else {
        send(url, &fields);
    }
}

/// Whether a click follows a link in this tab.
pub(super) fn is_plain_click(event: &Event) -> bool {
    event.dyn_ref::<MouseEvent>().is_some_and(|click| {
        click.button() == 0
            && !(click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key())
    })
}

fn clicked(event: &Event) {
    let link = dom::target(event)
        .and_then(|target| target.closest("a[data-smooth]").ok().flatten())
        .and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link.filter(|_| is_plain_click(event)) {
        event.prevent_default();
        if link.has_attribute("data-settles") {
            outbox::give_up();
        }
        if !outbox::then_follow(&link.href()) {
            spawn_local(page::follow(link.href()));
        }
    }
}

fn typed(event: &Event, latest: &Rc<Cell<u32>>) {
    let form = dom::target(event)
        .and_then(|target| target.closest("form[data-live]").ok().flatten())
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form else { return };
    let mine = latest.get().wrapping_add(1);
    latest.set(mine);
    let latest = Rc::clone(latest);
    spawn_local(async move {
        TimeoutFuture::new(PAUSE_OF_TYPING).await;
        if latest.get() == mine {
            search(form);
        }
    });
}

/// The fields that a form would submit, with the button that was pressed.
pub(super) fn fields(
    form: &HtmlFormElement,
    button: Option<&HtmlButtonElement>,
) -> Option<UrlSearchParams> {
    let data = FormData::new_with_form(form).ok()?;
    let fields = UrlSearchParams::new().ok()?;
    for entry in js_sys::try_iter(&data).ok()?? {
        let pair = js_sys::Array::from(&entry.ok()?);
        fields.append(&pair.get(0).as_string()?, &pair.get(1).as_string()?);
    }
    if let Some(button) = button.filter(|button| !button.name().is_empty()) {
        fields.append(&button.name(), &button.value());
    }
    Some(fields)
}

/// Shows the results of a search form, and leaves the form as it is.
fn search(form: HtmlFormElement) {
    spawn_local(async move {
        let read = || Some(String::from(fields(&form, None)?.to_string()));
        let Some(query) = read() else { return };
        // Typing and then pressing Enter must not search twice.
        if form.get_attribute(ASKED).as_ref() == Some(&query) {
            return;
        }
        let _ = form.set_attribute(ASKED, &query);
        let url = [form.action().as_str(), "?", &query].concat();
        let fetched = match fetch(&PageRequest::page(url)).await {
            Ok(fetched) => fetched,
            _ => {
                let _ = form.remove_attribute(ASKED);
                return;
            }
        };
        // A newer query is on its way.
        if read() != Some(query) {
            return;
        }
        let selector = "[data-part=results]";
        let Some(document) = dom::document() else { return };
        let (Some(before), Some(after)) =
            (page::first(&document, selector), page::first(&fetched.page, selector))
        else {
            return;
        };
        let focused = document.active_element().filter(|focused| before.contains(Some(focused)));
        let _ = before.replace_with_with_node_1(&after);
        page::take_over_icons(&document, &fetched.page);
        // Keep the focus on the same result, or move it back to the search.
        if let Some(focused) = focused {
            let same = document.get_element_by_id(&focused.id());
            if let Some(place) = same.or_else(|| dom::first(&form, "input")) {
                dom::focus(&place);
            }
        }
        if let Some(count) = dom::first(&after, "[role=status]") {
            dom::announce(&count.text_content().unwrap_or_default());
        }
        page::remember(&fetched.url, false);
    });
}

/// Sends a form that is not an edit of the board.
fn send(url: String, fields: &UrlSearchParams) {
    let request = PageRequest::form(url, fields.to_string().into());
    spawn_local(async move {
        match fetch(&request).await {
            // On a server error, keep what was typed.
            Ok(fetched) => show(&fetched, true),
            _ => page::lost(),
        }
    });
}
