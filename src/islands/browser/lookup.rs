//! Look-up as the citizen types: a combobox with a list of options
//! (<https://www.w3.org/WAI/ARIA/apg/patterns/combobox/>). This server responds with the options.
//! Without script the button beside the box does the same.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlButtonElement, HtmlInputElement, KeyboardEvent};

use super::dom;
use super::navigation::fields;
use super::page::{PageRequest, fetch};

/// The delay after a key before the service is asked, in milliseconds.
const PAUSE_OF_TYPING: u32 = 250;

pub fn listen() {
    let latest = Rc::new(Cell::new(0));
    dom::on("input", move |event| typed(event, &latest));
    dom::on("keydown", pressed);
    dom::on("mousedown", pointed);
    dom::on("focusout", |event| {
        if let Some(input) = input_of(event) {
            close(&input);
        }
    });
}

fn input_of(event: &Event) -> Option<HtmlInputElement> {
    let input = dom::target(event)?.dyn_into::<HtmlInputElement>().ok()?;
    input.has_attribute("data-look").then_some(input)
}

fn list_of(input: &HtmlInputElement) -> Option<Element> {
    dom::first(&input.parent_element()?, "[role=listbox]")
}

/// Another input of the same field.
fn part(input: &HtmlInputElement, part: &str) -> Option<HtmlInputElement> {
    let selector = ["input[name='", &input.name(), ".", part, "']"].concat();
    dom::first(&input.parent_element()?, &selector)?.dyn_into().ok()
}

fn typed(event: &Event, latest: &Rc<Cell<u32>>) {
    let Some(input) = input_of(event) else { return };
    let mine = latest.get().wrapping_add(1);
    latest.set(mine);
    // Typing invalidates the previous choice.
    if let Some(chosen) = part(&input, "value") {
        chosen.set_value("");
    }
    let least = input.get_attribute("data-least").and_then(|least| least.parse().ok());
    if input.value().trim().chars().count() < least.unwrap_or(1) {
        close(&input);
        return;
    }
    let latest = Rc::clone(latest);
    spawn_local(async move {
        TimeoutFuture::new(PAUSE_OF_TYPING).await;
        if latest.get() == mine {
            look_up(&input).await;
        }
    });
}

async fn look_up(input: &HtmlInputElement) {
    let typed = input.value();
    let Some(place) = input.parent_element() else { return };
    let button = dom::first(&place, "button[name=look]")
        .and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
    let (Some(form), Some(button)) = (input.form(), button) else { return };
    let Some(sent) = fields(&form, Some(&button)) else { return };
    sent.append("as", "options");
    let request = PageRequest::form(button.form_action(), sent.to_string().into());
    let Ok(fetched) = fetch(&request).await else { return };
    // The response is stale if the citizen typed on or left the box.
    let here = dom::document().and_then(|document| document.active_element());
    if input.value() != typed || here.as_ref() != Some(input.unchecked_ref::<Element>()) {
        return;
    }
    close(input);
    let found = |selector| fetched.page.query_selector(selector).ok().flatten();
    if let Some(list) = found("[role=listbox]")
        && list.child_element_count() > 0
    {
        let _ = list.set_attribute("aria-label", &label(input));
        let _ = place.append_child(&list);
        if let Some(searched) = part(input, "searched") {
            searched.set_value(typed.trim());
        }
        for (name, value) in [
            ("role", "combobox"),
            ("aria-autocomplete", "list"),
            ("aria-controls", &list.id()),
            ("aria-expanded", "true"),
        ] {
            let _ = input.set_attribute(name, value);
        }
    }
    if let Some(count) = found("[data-part=count]") {
        dom::announce(&count.text_content().unwrap_or_default());
    }
}

fn label(input: &HtmlInputElement) -> String {
    let label = dom::document().and_then(|document| {
        document.query_selector(&["label[for='", &input.id(), "']"].concat()).ok()?
    });
    label.and_then(|label| label.text_content()).unwrap_or_default()
}

fn close(input: &HtmlInputElement) {
    if let Some(list) = list_of(input) {
        list.remove();
        let _ = input.set_attribute("aria-expanded", "false");
    }
    let _ = input.remove_attribute("aria-activedescendant");
    let _ = input.remove_attribute("aria-controls");
}

fn pressed(event: &Event) {
    let (Some(input), Some(key)) = (input_of(event), event.dyn_ref::<KeyboardEvent>()) else {
        return;
    };
    let Some(list) = list_of(&input) else { return };
    let active = dom::first(&list, "[aria-selected=true]");
    let next = match key.key().as_str() {
        "ArrowDown" => active.map_or(list.first_element_child(), |active| {
            active.next_element_sibling().or(list.first_element_child())
        }),
        "ArrowUp" => active.map_or(list.last_element_child(), |active| {
            active.previous_element_sibling().or(list.last_element_child())
        }),
        "Enter" => {
            // Without a choice, Enter only closes the list and does not submit the form.
            event.prevent_default();
            match active {
                Some(active) => choose(&input, &active),
                None => close(&input),
            }
            return;
        }
        "Escape" => {
            event.prevent_default();
            close(&input);
            return;
        }
        _ => return,
    };
    event.prevent_default();
    let Some(next) = next else { return };
    if let Some(before) = dom::first(&list, "[aria-selected=true]") {
        let _ = before.remove_attribute("aria-selected");
    }
    let _ = next.set_attribute("aria-selected", "true");
    let _ = input.set_attribute("aria-activedescendant", &next.id());
    next.scroll_into_view_with_bool(false);
}

/// `pointerdown` chooses before the box loses the focus, which would close the list.
fn pointed(event: &Event) {
    let option = dom::target(event).and_then(|target| target.closest("[role=option]").ok()?);
    let Some(option) = option else { return };
    let input = option
        .closest(".lookup")
        .ok()
        .flatten()
        .and_then(|place| dom::first(&place, "[data-look]"))
        .and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input {
        event.prevent_default();
        choose(&input, &option);
    }
}

fn choose(input: &HtmlInputElement, option: &Element) {
    input.set_value(&option.get_attribute("data-label").unwrap_or_default());
    if let Some(chosen) = part(input, "value") {
        chosen.set_value(&option.get_attribute("data-value").unwrap_or_default());
    }
    close(input);
}
