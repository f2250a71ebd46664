//! Replaces what a card says by what the server has drawn: the card of a page, or that of a refresh.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

use super::{dom, lanes};

/// Replaces the state, the expected height, the subject and the body of a card. The focus and what
/// was folded open are kept.
pub fn replace(card: &Element, drawn: &Element) {
    for name in ["data-state", "data-pace"] {
        if let Some(value) = drawn.get_attribute(name) {
            let _ = card.set_attribute(name, &value);
        }
    }
    lanes::take_rows(card, drawn);
    replace_subject(card, drawn);
    replace_body(card, drawn);
}

/// Replaces the subject beside the title.
fn replace_subject(card: &Element, drawn: &Element) {
    let [before, after] = [card, drawn].map(|card| dom::first(card, "header p"));
    let _ = match (before, after) {
        (Some(before), Some(after)) => before.replace_with_with_node_1(&after),
        (Some(before), None) => {
            before.remove();
            Ok(())
        }
        (None, Some(after)) => match dom::first(card, "header > div") {
            Some(place) => place.append_with_node_1(&after),
            None => Ok(()),
        },
        (None, None) => Ok(()),
    };
}

fn replace_body(card: &Element, drawn: &Element) {
    let [Some(body), Some(drawn)] = [card, drawn].map(|card| dom::first(card, "[data-part=body]"))
    else {
        return;
    };
    let html = drawn.inner_html();
    if body.inner_html() == html {
        return;
    }
    let focused = dom::document()
        .and_then(|document| document.active_element())
        .filter(|focused| body.contains(Some(focused)));
    let focused_link = focused.as_ref().and_then(|focused| focused.get_attribute("href"));
    let open: Vec<bool> =
        dom::all(&body, "details").iter().map(|details| details.has_attribute("open")).collect();
    body.set_inner_html(&html);
    for (details, is_open) in dom::all(&body, "details").iter().zip(open) {
        let _ = details.toggle_attribute_with_force("open", is_open);
    }
    if focused.is_some() {
        let same = dom::all(&body, "a")
            .into_iter()
            .find(|link| link.get_attribute("href") == focused_link);
        if let Some(place) = same.or_else(|| dom::first(card, "h2")) {
            focus_in_place(&place);
        }
    }
}

/// Focuses an element; the page stays where it is.
fn focus_in_place(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}
