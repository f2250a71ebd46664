//! Sends the queue of edits. Each edit is kept on this device until the server has confirmed it, and
//! edits are sent in order, one at a time. Each carries a key, so that the server applies it once
//! however often it arrives. While the server is unreachable, the page shows the effect of the
//! edits.

use std::cell::{Cell, RefCell};

use gloo_timers::future::TimeoutFuture;
use voordeur_shared::forget;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Storage, UrlSearchParams};

use super::page::{self, FetchedPage, PageRequest, fetch};
use super::{arranging, dom, optimistic};
use crate::islands::edit_queue::{EditQueue, QueueStorage};

/// The key in local storage. The value has one line per edit: the address, a space, and the encoded
/// fields.
const STORAGE_KEY: &str = "voordeur-outbox";
/// The shortest and the longest pause between attempts, in milliseconds.
const FIRST_PAUSE: u32 = 1_000;
const LONGEST_PAUSE: u32 = 30_000;

thread_local! {
    static QUEUE: RefCell<EditQueue<LocalStorage>> = const {
        RefCell::new(EditQueue::new(LocalStorage))
    };
    static SENDING: Cell<bool> = const { Cell::new(false) };
    /// A conflict is shown: the citizen must decide about the first edit before anything else is
    /// sent.
    static IN_CONFLICT: Cell<bool> = const { Cell::new(false) };
    /// The pause before the next attempt, in milliseconds; 0 while the server responds.
    static PAUSE: Cell<u32> = const { Cell::new(0) };
    /// The number of edits whose effect the page already shows.
    static SHOWN: Cell<usize> = const { Cell::new(0) };
    /// The reason why an edit was refused, if later edits were sent after it.
    static REFUSED: RefCell<Option<String>> = RefCell::default();
    /// The address to follow once everything is sent.
    static NEXT_URL: RefCell<Option<String>> = RefCell::default();
    /// Identifies this page load to the server, so that its own edits do not conflict with each
    /// other.
    static TAB: String = random();
}

/// Sends the edits stored before this page was loaded, and retries when the network returns.
pub(super) fn start() {
    if let Some(window) = dom::window() {
        dom::on_target(&window, "online", |_| send());
    }
    dom::on("click", |event| {
        let pressed = dom::target(event)
            .and_then(|target| target.closest("[data-outbox]").ok().flatten())
            .and_then(|button| button.get_attribute("data-outbox"));
        match pressed.as_deref() {
            Some("send") => send(),
            Some("drop") => discard(),
            _ => {}
        }
    });
    // On a shared computer nothing may be left, and an edit that waits would make a new board.
    if dom::document().is_some_and(|page| page.get_element_by_id(forget::DONE).is_some()) {
        QUEUE.with_borrow_mut(EditQueue::clear);
    }
    if !is_empty() {
        send();
    }
}

/// Appends an edit to the queue. The decision about a conflict replaces the edit that it is about.
pub(super) fn post(url: &str, fields: &UrlSearchParams) {
    fields.set("edit", &random());
    TAB.with(|tab| fields.set("tab", tab));
    let line = [url, " ", &String::from(fields.to_string())].concat();
    if IN_CONFLICT.get() && fields.has("settles") {
        resolve_conflict();
        QUEUE.with_borrow_mut(|queue| queue.push_first(&line));
    } else {
        QUEUE.with_borrow_mut(|queue| queue.push(&line));
    }
    if PAUSE.get() > 0 {
        show_waiting();
    }
    send();
}

/// The citizen keeps the server's version: the conflicting edit is dropped, later ones are sent.
pub(super) fn give_up() {
    resolve_conflict();
    send();
}

/// Removes the conflicting edit, once the citizen has decided.
fn resolve_conflict() {
    if IN_CONFLICT.replace(false) {
        remove_first();
    }
}

/// Whether no edit is pending.
pub(super) fn is_empty() -> bool {
    load().is_empty()
}

/// Follows a link once everything is sent, so that its page reflects the edits. Returns `false` if
/// nothing delays the link.
pub(super) fn then_follow(url: &str) -> bool {
    let holds = SENDING.get() && PAUSE.get() == 0;
    if holds {
        NEXT_URL.set(Some(url.to_owned()));
    }
    holds
}

fn send() {
    if is_empty() || SENDING.replace(true) {
        return;
    }
    spawn_local(async {
        let came = send_all().await;
        SENDING.set(false);
        match came {
            SendOutcome::Last(fetched) => {
                let was_away = PAUSE.replace(0) > 0;
                SHOWN.set(0);
                match NEXT_URL.take() {
                    Some(url) => page::follow(url).await,
                    None => page::show(&fetched, true),
                }
                match REFUSED.take() {
                    Some(words) => dom::announce_loudly(&words),
                    None if was_away && !reports_problem() => say_sent(),
                    None => {}
                }
            }
            SendOutcome::Choice(fetched) => {
                PAUSE.set(0);
                SHOWN.set(0);
                NEXT_URL.take();
                IN_CONFLICT.set(true);
                page::show(&fetched, true);
            }
            SendOutcome::Nothing => {
                NEXT_URL.take();
                show_waiting();
                let pause = (PAUSE.get() * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
                PAUSE.set(pause);
                TimeoutFuture::new(pause).await;
                send();
            }
        }
    });
}

enum SendOutcome {
    Last(FetchedPage),
    /// A page that asks for a decision about a conflict.
    Choice(FetchedPage),
    Nothing,
}

async fn send_all() -> SendOutcome {
    loop {
        let queue = load();
        let Some((url, fields)) = queue.lines().next().and_then(|line| line.split_once(' ')) else {
            // Another tab has sent the rest.
            return match fetch(&PageRequest::page(page::address_in_bar())).await {
                Ok(fetched) => SendOutcome::Last(fetched),
                _ => SendOutcome::Nothing,
            };
        };
        let request = PageRequest::form(url.to_owned(), fields.to_owned());
        match fetch(&request).await {
            Ok(fetched) => {
                if page::first(&fetched.page, "[data-settles]").is_some() {
                    return SendOutcome::Choice(fetched);
                }
                // Another tab may have sent and removed the same edit.
                if load().starts_with(queue.lines().next().unwrap_or_default()) {
                    remove_first();
                }
                if is_empty() {
                    arranging::wait_for_drop().await;
                }
                // The interaction may have added an edit.
                if is_empty() {
                    return SendOutcome::Last(fetched);
                }
                if fetched.status >= 400 {
                    REFUSED.set(
                        page::first(&fetched.page, "#notice p").and_then(|it| it.text_content()),
                    );
                }
            }
            _ => return SendOutcome::Nothing,
        }
    }
}

/// Shows the effect of the pending edits, and that they are pending.
fn show_waiting() {
    let queue = load();
    for line in queue.lines().skip(SHOWN.get()) {
        if let Some((url, fields)) = line.split_once(' ') {
            optimistic::show(url, fields);
        }
    }
    let count = queue.lines().count();
    SHOWN.set(count);
    PAUSE.set(PAUSE.get().max(1));
    let is_volatile = QUEUE.with_borrow(EditQueue::is_volatile);
    let words = if is_volatile { "outbox-unkept" } else { "outbox-kept" };
    let Some(notice) = put_notice(words, "problem") else { return };
    if let Some(place) = dom::first(&notice, "[data-part=count]") {
        place.set_text_content(Some(&count.to_string()));
    }
    let words = dom::first(&notice, "p").and_then(|words| words.text_content());
    dom::announce(words.unwrap_or_default().trim());
}

/// Whether the page that came back says that something went wrong.
fn reports_problem() -> bool {
    let notice = dom::document().and_then(|document| document.get_element_by_id("notice"));
    notice.is_some_and(|notice| notice.get_attribute("data-tone").as_deref() == Some("problem"))
}

fn say_sent() {
    if let Some(words) = put_notice("outbox-sent", "done")
        .and_then(|notice| dom::first(&notice, "p"))
        .and_then(|words| words.text_content())
    {
        dom::announce(words.trim());
    }
}

/// Fills the notice from a `<template>` of the page.
pub(super) fn put_notice(template: &str, tone: &str) -> Option<Element> {
    let document = dom::document()?;
    let template = document.get_element_by_id(template)?;
    let notice = document.get_element_by_id("notice")?;
    notice.set_inner_html(&template.inner_html());
    let _ = notice.set_attribute("data-tone", tone);
    Some(notice)
}

/// Discards the pending edits and loads the page as the server has it.
fn discard() {
    QUEUE.with_borrow_mut(EditQueue::clear);
    if let Some(window) = dom::window() {
        let _ = window.location().reload();
    }
}

fn remove_first() {
    QUEUE.with_borrow_mut(EditQueue::remove_first);
    SHOWN.set(SHOWN.get().saturating_sub(1));
}

fn load() -> String {
    QUEUE.with_borrow(EditQueue::lines)
}

/// The browser's local storage, which may be full or denied.
struct LocalStorage;

impl LocalStorage {
    fn get() -> Option<Storage> {
        dom::window()?.local_storage().ok()?
    }
}

impl QueueStorage for LocalStorage {
    fn read(&self) -> String {
        let stored = Self::get().and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
        stored.unwrap_or_default()
    }

    fn write(&self, lines: &str) -> bool {
        Self::get().is_some_and(|storage| storage.set_item(STORAGE_KEY, lines).is_ok())
    }
}

/// A random id of sixteen letters and digits.
fn random() -> String {
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    (0..16)
        .map(|_| {
            let sign = (js_sys::Math::random() * 32.0) as usize;
            char::from(SIGNS[sign % SIGNS.len()])
        })
        .collect()
}
