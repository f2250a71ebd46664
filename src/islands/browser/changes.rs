//! Forms and links without a reload: the answer is the same page that a browser without script would get, and its parts take the place of
//! those that are there.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Document, DomParser, Element, Event, FormData, Headers, HtmlAnchorElement, HtmlButtonElement,
    HtmlFormElement, MouseEvent, RequestInit, Response, SubmitEvent, SupportedType,
    UrlSearchParams,
};

use super::{cards, dom};

/// The parts of a page that change from one to the next.
const PARTS: [&str; 4] = ["svg.sprite", "header.top", "main", "footer.foot"];
/// Waited for after a key, so that a word is not searched for letter by letter; in milliseconds.
const PAUSE_OF_TYPING: u32 = 180;

thread_local! {
    /// Path and query of the page that is shown.
    static SHOWN: RefCell<String> = RefCell::default();
}

/// A page that the server sent.
pub(super) struct Arrived {
    status: u16,
    url: String,
    /// Whether the server sent us to another address: the answer to a form that changed something does, one that could not be used does not.
    sent_on: bool,
    pub(super) page: Document,
}

/// What to ask for.
pub(super) struct Wanted {
    pub(super) url: String,
    /// The fields of a form, when something changes.
    pub(super) posted: Option<UrlSearchParams>,
}

/// Listens to forms, links and typing.
pub fn listen(lost: String) {
    let lost = Rc::new(lost);
    let words = Rc::clone(&lost);
    dom::on("submit", move |event| submitted(&event, &words));
    let words = Rc::clone(&lost);
    dom::on("click", move |event| clicked(&event, &words));
    let latest = Rc::new(Cell::new(0));
    dom::on("input", move |event| typed(&event, &latest));
    if let Some(window) = dom::window() {
        SHOWN.set(address_in_bar());
        // Going back shows what the server has now. A link to a spot on this page comes by here too: it stays as it is.
        let back = Closure::<dyn Fn()>::new(go_back);
        window.set_onpopstate(Some(back.as_ref().unchecked_ref()));
        back.forget();
    }
}

/// Shows the page whose address came back into the bar. Whoever goes back twice in one breath gets the second page only.
fn go_back() {
    let address = address_in_bar();
    if SHOWN.with_borrow(|shown| *shown == address) {
        return;
    }
    spawn_local(async move {
        let arrived = fetch(&Wanted { url: address.clone(), posted: None }).await;
        if address_in_bar() != address {
            return;
        }
        match arrived {
            Ok(arrived) if arrived.status < 500 => show(&arrived, false),
            _ => {
                if let Some(window) = dom::window() {
                    let _ = window.location().reload();
                }
            }
        }
    });
}

fn submitted(event: &Event, lost: &Rc<String>) {
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
    // A new language changes every word of the page, a new look its root: that is a page of its own.
    let action = form.get_attribute("data-action").unwrap_or_default();
    if form.method() != "post" || action == "language" || action == "look" {
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
    go(Wanted { url, posted: Some(fields) }, Rc::clone(lost));
}

fn clicked(event: &Event, lost: &Rc<String>) {
    let plain = event.dyn_ref::<MouseEvent>().is_some_and(|click| {
        click.button() == 0
            && !(click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key())
    });
    let link = dom::target(event)
        .and_then(|target| target.closest("a[data-smooth]").ok().flatten())
        .and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link.filter(|_| plain) {
        event.prevent_default();
        go(Wanted { url: link.href(), posted: None }, Rc::clone(lost));
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

/// The fields that a form would send, with the name of the button that was pressed.
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

/// Shows what is found for what stands in a search form, and leaves the form as it is.
fn search(form: HtmlFormElement) {
    spawn_local(async move {
        let Some(query) = fields(&form, None) else { return };
        let url = format!("{}?{}", form.action(), String::from(query.to_string()));
        let Ok(arrived) = fetch(&Wanted { url, posted: None }).await else { return };
        // What was typed meanwhile is on its way too, and will be right.
        let unchanged = fields(&form, None).map(|fields| String::from(fields.to_string()));
        if unchanged != Some(String::from(query.to_string())) {
            return;
        }
        let selector = "[data-part=results]";
        let Some(document) = dom::document() else { return };
        let (Ok(Some(before)), Ok(Some(after))) =
            (document.query_selector(selector), arrived.page.query_selector(selector))
        else {
            return;
        };
        let _ = before.replace_with_with_node_1(&after);
        take_over_icons(&document, &arrived.page);
        if let Some(count) = dom::first(&after, "[role=status]") {
            dom::announce(&count.text_content().unwrap_or_default());
        }
        remember(&arrived.url, false);
    });
}

fn take_over_icons(document: &Document, page: &Document) {
    let sprite = |document: &Document| document.query_selector(PARTS[0]).ok().flatten();
    if let (Some(before), Some(after)) = (sprite(document), sprite(page)) {
        let _ = before.replace_with_with_node_1(&after);
    }
}

fn go(wanted: Wanted, lost: Rc<String>) {
    spawn_local(async move {
        let changes = wanted.posted.is_some();
        match fetch(&wanted).await {
            // When the server itself is broken, what was typed stays where it is.
            Ok(arrived) if arrived.status < 500 => show(&arrived, changes),
            _ => dom::announce_loudly(&lost),
        }
    });
}

pub(super) async fn fetch(wanted: &Wanted) -> Result<Arrived, JsValue> {
    let window = dom::window().ok_or(JsValue::NULL)?;
    let init = RequestInit::new();
    let headers = Headers::new()?;
    headers.set("Accept", "text/html")?;
    init.set_headers(&headers);
    if let Some(fields) = &wanted.posted {
        init.set_method("POST");
        init.set_body(fields);
    }
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init(&wanted.url, &init)).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().ok_or(JsValue::NULL)?;
    let page = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    Ok(Arrived {
        status: response.status(),
        url: response.url(),
        sent_on: response.redirected(),
        page,
    })
}

/// Puts the parts of a page in the place of those that are there.
fn show(arrived: &Arrived, changes: bool) {
    let Some(document) = dom::document() else { return };
    let focused = document.active_element();
    let focused_id = focused.as_ref().map(Element::id).filter(|id| !id.is_empty());
    let focused_card = focused
        .as_ref()
        .and_then(|element| element.closest("[data-card]").ok().flatten())
        .map(|card| card.id());
    cards::forget_drawn();
    for part in PARTS {
        let before = document.query_selector(part).ok().flatten();
        let after = arrived.page.query_selector(part).ok().flatten();
        if let (Some(before), Some(after)) = (before, after) {
            let _ = before.replace_with_with_node_1(&after);
        }
    }
    document.set_title(&arrived.page.title());
    // What a form alone leads to has no address of its own.
    if !changes || arrived.sent_on {
        remember(&arrived.url, !changes);
    }
    cards::look_at_page();

    let notice = document.get_element_by_id("notice");
    let words = notice
        .as_ref()
        .and_then(|notice| dom::first(notice, "p"))
        .and_then(|words| words.text_content())
        .unwrap_or_default();
    if changes {
        put_focus(&document, focused_id, focused_card, notice);
    } else {
        if let Some(window) = dom::window() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
        if let Some(main) = document.get_element_by_id("main") {
            dom::focus(&main);
        }
    }
    dom::announce(if words.is_empty() { &words } else { words.trim() });
}

/// The focus stays on what was pressed; where that is gone or cannot be pressed any more, it goes to what stands nearest to it.
fn put_focus(
    document: &Document,
    focused_id: Option<String>,
    focused_card: Option<String>,
    notice: Option<Element>,
) {
    let notice = notice.filter(|notice| notice.child_element_count() > 0);
    let alert =
        notice.clone().filter(|notice| notice.get_attribute("role").as_deref() == Some("alert"));
    let wrong = document.query_selector("main [aria-invalid=true]").ok().flatten();
    let same = focused_id
        .and_then(|id| document.get_element_by_id(&id))
        .filter(|element| !element.has_attribute("disabled"));
    let card = focused_card
        .and_then(|id| document.get_element_by_id(&id))
        .and_then(|card| dom::first(&card, "h2"));
    let main = document.get_element_by_id("main");
    if let Some(element) = alert.or(wrong).or(same).or(card).or(notice).or(main) {
        dom::focus(&element);
    }
}

/// Puts an address in the bar: what was just done is no part of it, since a reload does not do it again.
fn remember(url: &str, new_page: bool) {
    let Some(window) = dom::window() else { return };
    let Ok(url) = web_sys::Url::new(url) else { return };
    let query = url.search_params();
    for done in ["done", "card", "widget"] {
        query.delete(done);
    }
    let query = String::from(query.to_string());
    let query = match query.trim_end_matches('=') {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let address = format!("{}{query}", url.pathname());
    let Ok(history) = window.history() else { return };
    let _ = if new_page && address_in_bar() != address {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    };
    SHOWN.set(address_in_bar());
}

/// Path and query, without the spot on the page.
fn address_in_bar() -> String {
    let Some(window) = dom::window() else { return String::new() };
    let here = window.location();
    format!("{}{}", here.pathname().unwrap_or_default(), here.search().unwrap_or_default())
}
