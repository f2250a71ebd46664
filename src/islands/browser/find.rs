//! Quick find in a dialog: Ctrl+K or ⌘K opens it, typing filters the list, arrow keys move through
//! it. Without script the link in the top bar leads to the page that does the same.

use std::cell::RefCell;

use voordeur_shared::paths;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Document, Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent,
};

use super::page::{PageRequest, fetch};
use super::{dom, navigation};
use crate::find::ranks;

thread_local! {
    /// All items, in the server's order.
    static ALL: RefCell<Vec<Element>> = RefCell::default();
}

pub fn listen() {
    // Show the keyboard shortcut only where it works.
    if let Some(root) = dom::document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("data-scripts", "");
    }
    dom::on("click", clicked);
    dom::on("keydown", pressed);
    dom::on("input", |event| {
        if dom::target(event).is_some_and(|target| target.id() == "find-typed") {
            filter();
        }
    });
}

fn dialog() -> Option<HtmlDialogElement> {
    dom::document()?.get_element_by_id("find")?.dyn_into().ok()
}

fn input() -> Option<HtmlInputElement> {
    dom::document()?.get_element_by_id("find-typed")?.dyn_into().ok()
}

/// Opens the dialog, if the browser supports dialogs.
fn open() -> bool {
    let (Some(dialog), Some(input)) = (dialog(), input()) else { return false };
    // Do not open over another modal dialog.
    if !dialog.open() && (other_dialog_is_open() || dialog.show_modal().is_err()) {
        return false;
    }
    let _ = input.focus();
    input.select();
    spawn_local(async move {
        let request = PageRequest::page(paths::FIND_LIST.to_owned());
        // Without the list, Enter leads to the page.
        let Ok(fetched) = fetch(&request).await else { return };
        if fetched.status == 200 {
            let _ = take_over(&dialog, &fetched.page);
            filter();
        }
    });
    true
}

fn other_dialog_is_open() -> bool {
    dom::document()
        .is_some_and(|document| matches!(document.query_selector("dialog[open]"), Ok(Some(_))))
}

fn take_over(dialog: &HtmlDialogElement, page: &Document) -> Option<()> {
    let selector = "[data-part=found]";
    let after = page.query_selector(selector).ok()??;
    dom::first(dialog, selector)?.replace_with_with_node_1(&after).ok()?;
    ALL.set(dom::all(dialog, "li"));
    Some(())
}

/// Shows the matching items, the best first, and their number.
fn filter() {
    let (Some(dialog), Some(input)) = (dialog(), input()) else { return };
    let typed = folded(&input.value());
    let count = ALL.with_borrow(|all| {
        let words: Vec<String> =
            all.iter().map(|item| item.get_attribute("data-words").unwrap_or_default()).collect();
        let mut ranked: Vec<(u8, &Element)> = Vec::new();
        for (item, rank) in all.iter().zip(ranks(&words, &typed)) {
            let _ = item.toggle_attribute_with_force("hidden", rank.is_none());
            ranked.extend(rank.map(|rank| (rank, item)));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        let mut sections: Vec<Element> = Vec::new();
        for (_, item) in &ranked {
            if let Some(list) = item.parent_element() {
                let _ = list.append_child(item);
            }
            if let Ok(Some(section)) = item.closest("section")
                && !sections.contains(&section)
            {
                sections.push(section);
            }
        }
        // The group of the best item comes first, groups without any come last.
        for section in dom::all(&dialog, "section") {
            if !sections.contains(&section) {
                sections.push(section);
            }
        }
        for section in sections {
            if let Some(groups) = section.parent_element() {
                let _ = groups.append_child(&section);
            }
        }
        ranked.len()
    });
    let is_none = count == 0 && !ALL.with_borrow(Vec::is_empty);
    if let Some(instead) = dom::first(&dialog, "[data-part=none]") {
        let _ = instead.toggle_attribute_with_force("hidden", !is_none);
    }
    for section in dom::all(&dialog, "section") {
        let none = dom::first(&section, "li:not([hidden])").is_none();
        let _ = section.toggle_attribute_with_force("hidden", none);
    }
    let words = match first(&dialog).filter(|_| !typed.is_empty()) {
        Some(first) => {
            let name = dom::first(&first, "span").and_then(|name| name.text_content());
            said(&dialog, "data-some")
                .replace('#', &count.to_string())
                .replace('@', &name.unwrap_or_default())
        }
        None if is_none => said(&dialog, "data-none"),
        None => String::new(),
    };
    if let Some(status) = dom::first(&dialog, "[role=status]") {
        status.set_text_content(Some(&words));
    }
}

fn said(dialog: &Element, name: &str) -> String {
    dialog.get_attribute(name).unwrap_or_default()
}

/// The link that Enter opens.
fn first(dialog: &Element) -> Option<Element> {
    dom::first(dialog, "li:not([hidden]) a")
}

/// Lower case, without accents, punctuation as spaces: like `folded` of the gazetteer on the
/// server.
fn folded(typed: &str) -> String {
    let apart: String = js_sys::JsString::from(typed).to_lower_case().normalize("NFD").into();
    let mut folded = String::with_capacity(apart.len());
    for letter in apart.chars() {
        let is_break = matches!(letter, '\u{2010}'..='\u{203a}')
            || (letter.is_ascii() && !letter.is_ascii_alphanumeric());
        match letter {
            '\u{300}'..='\u{36f}' => {}
            'œ' => folded.push_str("oe"),
            _ if !is_break => folded.push(letter),
            _ if !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
    folded.trim().to_owned()
}

fn clicked(event: &Event) {
    let Some(target) = dom::target(event) else { return };
    let on = |selector| matches!(target.closest(selector), Ok(Some(_)));
    if !navigation::is_plain_click(event) {
        return;
    }
    if on("a[data-find]") {
        if open() {
            event.prevent_default();
        }
        return;
    }
    // A click on the backdrop has the dialog as its target.
    if let Some(dialog) = dialog()
        && dialog.open()
        && (target.id() == "find" || on("#find [data-part=close]") || on("#find a"))
    {
        dialog.close();
    }
}

fn pressed(event: &Event) {
    let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
    let name = key.key();
    if matches!(name.as_str(), "k" | "K")
        && (key.ctrl_key() || key.meta_key())
        && !(key.alt_key() || key.shift_key())
    {
        if open() {
            event.prevent_default();
        }
        return;
    }
    let (Some(dialog), Some(target)) = (dialog(), dom::target(event)) else { return };
    if !dialog.contains(Some(&target)) {
        return;
    }
    let links = || dom::all(&dialog, "li:not([hidden]) a");
    let in_box = target.id() == "find-typed";
    let here = || links().iter().position(|link| *link == target);
    let next = match name.as_str() {
        "ArrowDown" if in_box => links().into_iter().next(),
        "ArrowDown" => here().and_then(|here| links().into_iter().nth(here + 1)),
        "ArrowUp" if !in_box => match here() {
            Some(0) | None => input().map(Element::from),
            Some(here) => links().into_iter().nth(here - 1),
        },
        "Enter" if in_box && input().is_some_and(|input| !input.value().trim().is_empty()) => {
            if let Some(link) = first(&dialog).and_then(|link| link.dyn_into::<HtmlElement>().ok())
            {
                event.prevent_default();
                link.click();
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next {
        dom::focus(&next);
    }
}
