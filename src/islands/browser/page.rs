//! Replaces the page without a reload: a response is the page that a browser without script would
//! get, and its parts replace the present ones. The focus is kept.

use std::cell::RefCell;

use voordeur_shared::{completed, redraw};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortSignal, Document, DomParser, Element, Headers, RequestInit, Response, SupportedType,
};

use super::{arranging, cards, dom};

/// The parts of the document that differ between pages.
const PARTS: [&str; 4] = ["svg.sprite", "header.top", "main", "footer.foot"];
/// The timeout of a request, in milliseconds: longer than the server takes for any page.
const LONGEST_WAIT: u32 = 40_000;

thread_local! {
    /// Path and query of the page that is shown.
    static SHOWN: RefCell<String> = RefCell::default();
}

pub(super) struct FetchedPage {
    pub(super) status: u16,
    pub(super) url: String,
    /// Whether the server redirected. The response to a successful form post is a redirect; a
    /// rejected form is shown again without one.
    pub(super) redirected: bool,
    pub(super) page: Document,
}

pub(super) struct PageRequest {
    pub(super) url: String,
    /// The encoded fields, for a `POST`.
    posted: Option<String>,
    /// Whether the page is made from what the server has, without asking a service.
    redraw: bool,
}

impl PageRequest {
    pub(super) fn page(url: String) -> Self {
        PageRequest { url, posted: None, redraw: false }
    }

    /// The page that is shown, as the server can draw it now.
    pub(super) fn redraw() -> Self {
        PageRequest { url: address_in_bar(), posted: None, redraw: true }
    }

    /// A form with its encoded fields.
    pub(super) fn form(url: String, fields: String) -> Self {
        PageRequest { url, posted: Some(fields), redraw: false }
    }
}

pub(super) fn take_over_icons(document: &Document, page: &Document) {
    let sprite = |document: &Document| document.query_selector(PARTS[0]).ok().flatten();
    if let (Some(before), Some(after)) = (sprite(document), sprite(page)) {
        let _ = before.replace_with_with_node_1(&after);
    }
}

pub(super) async fn fetch(request: &PageRequest) -> Result<FetchedPage, JsValue> {
    let response = send(request).await?;
    let text = JsFuture::from(response.text()?).await?.as_string().ok_or(JsValue::NULL)?;
    Ok(FetchedPage {
        status: response.status(),
        url: response.url(),
        redirected: response.redirected(),
        page: parse(&text)?,
    })
}

/// Sends a request to this server and returns its response, unless the server cannot serve it now.
pub(super) async fn send(request: &PageRequest) -> Result<Response, JsValue> {
    let window = dom::window().ok_or(JsValue::NULL)?;
    let init = RequestInit::new();
    let headers = Headers::new()?;
    headers.set("Accept", "text/html")?;
    // A server that does not respond counts as unreachable.
    init.set_signal(Some(&AbortSignal::timeout_with_u32(LONGEST_WAIT)));
    if request.redraw {
        headers.set(redraw::HEADER, "1")?;
    }
    if let Some(fields) = &request.posted {
        init.set_method("POST");
        init.set_body(&JsValue::from_str(fields));
        headers.set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")?;
    }
    init.set_headers(&headers);
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init(&request.url, &init)).await?.dyn_into()?;
    // Treat 408, 429 and 5xx as unreachable; retry.
    if matches!(response.status(), 408 | 429 | 500..) {
        return Err(JsValue::NULL);
    }
    Ok(response)
}

pub(super) fn parse(html: &str) -> Result<Document, JsValue> {
    DomParser::new()?.parse_from_string(html, SupportedType::TextHtml)
}

pub(super) fn first(page: &Document, selector: &str) -> Option<Element> {
    page.query_selector(selector).ok().flatten()
}

/// Notes which page is shown, and fetches the page again when the citizen goes back. A link within
/// the page fires `popstate` as well and is ignored.
pub(super) fn follow_history() {
    let Some(window) = dom::window() else { return };
    SHOWN.set(address_in_bar());
    let back = Closure::<dyn Fn()>::new(go_back);
    window.set_onpopstate(Some(back.as_ref().unchecked_ref()));
    back.forget();
}

/// Shows the page whose address is in the bar again. After two quick steps back, only the second
/// page is shown.
fn go_back() {
    let address = address_in_bar();
    if SHOWN.with_borrow(|shown| *shown == address) {
        return;
    }
    spawn_local(async move {
        let fetched = fetch(&PageRequest::page(address.clone())).await;
        if address_in_bar() != address {
            return;
        }
        match fetched {
            Ok(fetched) => show(&fetched, false),
            _ => {
                if let Some(window) = dom::window() {
                    let _ = window.location().reload();
                }
            }
        }
    });
}

pub(super) async fn follow(url: String) {
    match fetch(&PageRequest::page(url)).await {
        Ok(fetched) => show(&fetched, false),
        _ => lost(),
    }
}

/// Says that the server cannot be reached.
pub(super) fn lost() {
    let words = dom::announcer().and_then(|announcer| announcer.get_attribute("data-lost"));
    dom::announce_loudly(&words.unwrap_or_default());
}

/// Replaces the parts of the page.
pub(super) fn show(fetched: &FetchedPage, changes: bool) {
    let Some(document) = dom::document() else { return };
    let focused = document.active_element();
    let focused_id = focused.as_ref().map(Element::id).filter(|id| !id.is_empty());
    let focused_card = focused
        .as_ref()
        .and_then(|element| element.closest("[data-card]").ok().flatten())
        .map(|card| card.id());
    for part in PARTS {
        let before = document.query_selector(part).ok().flatten();
        let after = fetched.page.query_selector(part).ok().flatten();
        if let (Some(before), Some(after)) = (before, after) {
            let _ = before.replace_with_with_node_1(&after);
        }
    }
    document.set_title(&fetched.page.title());
    // The response to a rejected form has no address of its own.
    if !changes || fetched.redirected {
        remember(&fetched.url, !changes);
    }
    cards::schedule_page();
    arranging::load_when_needed();

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

/// Keeps the focus on the element that was used; if that is gone or disabled, moves it to the
/// nearest meaningful element.
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
    // As on a page that the browser has loaded itself.
    let asked = document.query_selector("main [autofocus]").ok().flatten();
    // A card that was just added or set up is what the citizen wants to see.
    let new = document.query_selector("main [data-highlight] h2").ok().flatten();
    let same = focused_id
        .and_then(|id| document.get_element_by_id(&id))
        .filter(|element| !element.has_attribute("disabled"));
    let card = focused_card
        .and_then(|id| document.get_element_by_id(&id))
        .and_then(|card| dom::first(&card, "h2"));
    let main = document.get_element_by_id("main");
    if let Some(element) = alert.or(wrong).or(asked).or(new).or(same).or(card).or(notice).or(main) {
        // The new page has its details closed; the focused element may be in one.
        if let Ok(Some(fold)) = element.closest("details") {
            let _ = fold.set_attribute("open", "");
        }
        dom::focus(&element);
    }
}

/// Puts an address in the address bar, without the parameters that report what was just done: a
/// reload does not do it again.
pub(super) fn remember(url: &str, new_page: bool) {
    let Some(window) = dom::window() else { return };
    let Ok(url) = web_sys::Url::new(url) else { return };
    let query = url.search_params();
    for parameter in completed::PARAMETERS {
        query.delete(parameter);
    }
    let query = String::from(query.to_string());
    let query = match query.trim_end_matches('=') {
        "" => String::new(),
        query => ["?", query].concat(),
    };
    let address = url.pathname() + &query;
    let Ok(history) = window.history() else { return };
    let _ = if new_page && address_in_bar() != address {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    };
    SHOWN.set(address_in_bar());
}

/// Path and query, without the fragment.
pub(super) fn address_in_bar() -> String {
    let Some(window) = dom::window() else { return String::new() };
    let here = window.location();
    here.pathname().unwrap_or_default() + &here.search().unwrap_or_default()
}
