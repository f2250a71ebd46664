//! Pages as they arrive: the answer is the same page that a browser without script would get, and its parts take the place of those that are
//! there. The focus stays where it was.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortSignal, Document, DomParser, Element, Headers, RequestInit, Response, SupportedType,
};

use super::{arranging, cards, dom};

/// The parts of a page that change from one to the next.
const PARTS: [&str; 4] = ["svg.sprite", "header.top", "main", "footer.foot"];
/// Longer than the server takes for any page, in milliseconds.
const LONGEST_WAIT: u32 = 40_000;

thread_local! {
    /// Path and query of the page that is shown.
    static SHOWN: RefCell<String> = RefCell::default();
    /// What is said when the server cannot be reached.
    static LOST: RefCell<String> = RefCell::default();
}

/// A page that the server sent.
pub(super) struct Arrived {
    pub(super) status: u16,
    pub(super) url: String,
    /// Whether the server sent us to another address: the answer to a form that changed something does, one that could not be used does not.
    pub(super) sent_on: bool,
    pub(super) page: Document,
}

/// What to ask for.
pub(super) struct Wanted {
    pub(super) url: String,
    /// The fields of a form as they are sent, when something changes.
    pub(super) posted: Option<String>,
}

pub(super) fn take_over_icons(document: &Document, page: &Document) {
    let sprite = |document: &Document| document.query_selector(PARTS[0]).ok().flatten();
    if let (Some(before), Some(after)) = (sprite(document), sprite(page)) {
        let _ = before.replace_with_with_node_1(&after);
    }
}

pub(super) async fn fetch(wanted: &Wanted) -> Result<Arrived, JsValue> {
    let window = dom::window().ok_or(JsValue::NULL)?;
    let init = RequestInit::new();
    let headers = Headers::new()?;
    headers.set("Accept", "text/html")?;
    // A server that says nothing at all is one that is away.
    init.set_signal(Some(&AbortSignal::timeout_with_u32(LONGEST_WAIT)));
    if let Some(fields) = &wanted.posted {
        init.set_method("POST");
        init.set_body(&JsValue::from_str(fields));
        headers.set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")?;
    }
    init.set_headers(&headers);
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init(&wanted.url, &init)).await?.dyn_into()?;
    // So is one that is broken, has too much to do, or did not get all of what was sent: it is sent again.
    if matches!(response.status(), 408 | 429 | 500..) {
        return Err(JsValue::NULL);
    }
    let text = JsFuture::from(response.text()?).await?.as_string().ok_or(JsValue::NULL)?;
    let page = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    Ok(Arrived {
        status: response.status(),
        url: response.url(),
        sent_on: response.redirected(),
        page,
    })
}

/// The first element of a page that a selector finds.
pub(super) fn first(page: &Document, selector: &str) -> Option<Element> {
    page.query_selector(selector).ok().flatten()
}

/// Notes which page is shown, and shows what the server has now when somebody goes back. A link to a spot on this page comes by here too: it
/// stays as it is.
pub(super) fn follow_history(lost: String) {
    LOST.set(lost);
    let Some(window) = dom::window() else { return };
    SHOWN.set(address_in_bar());
    let back = Closure::<dyn Fn()>::new(go_back);
    window.set_onpopstate(Some(back.as_ref().unchecked_ref()));
    back.forget();
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
            Ok(arrived) => show(&arrived, false),
            _ => {
                if let Some(window) = dom::window() {
                    let _ = window.location().reload();
                }
            }
        }
    });
}

/// Shows the page of a link.
pub(super) async fn follow(url: String) {
    match fetch(&Wanted { url, posted: None }).await {
        Ok(arrived) => show(&arrived, false),
        _ => lost(),
    }
}

/// Says that the server cannot be reached.
pub(super) fn lost() {
    LOST.with_borrow(|words| dom::announce_loudly(words));
}

/// Puts the parts of a page in the place of those that are there.
pub(super) fn show(arrived: &Arrived, changes: bool) {
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
        // The page came with everything folded; what was pressed may stand in there.
        if let Ok(Some(fold)) = element.closest("details") {
            let _ = fold.set_attribute("open", "");
        }
        dom::focus(&element);
    }
}

/// Puts an address in the bar: what was just done is no part of it, since a reload does not do it again.
pub(super) fn remember(url: &str, new_page: bool) {
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
pub(super) fn address_in_bar() -> String {
    let Some(window) = dom::window() else { return String::new() };
    let here = window.location();
    format!("{}{}", here.pathname().unwrap_or_default(), here.search().unwrap_or_default())
}
