//! Edits on their way. Each is kept on this device until the server has answered it, and they are sent in order, one at a time; the key
//! that each carries lets the server make it once, however often it arrives. While the server is away the page shows what they will do.

use std::cell::{Cell, RefCell};

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Storage, UrlSearchParams};

use super::page::{self, Arrived, Wanted, fetch};
use super::{arranging, dom, optimistic};

/// Where edits are kept in the browser's storage: a line for each, the address and the fields, which hold no space.
const KEPT: &str = "voordeur-outbox";
/// Waited before the first further try, and at most, in milliseconds.
const FIRST_PAUSE: u32 = 1_000;
const LONGEST_PAUSE: u32 = 30_000;

thread_local! {
    /// Takes the place of the browser's storage where that is switched off.
    static IN_MEMORY: RefCell<String> = RefCell::default();
    static SENDING: Cell<bool> = const { Cell::new(false) };
    /// The citizen has to choose what becomes of the first edit before anything else is sent.
    static CHOOSING: Cell<bool> = const { Cell::new(false) };
    /// The pause before the next try; 0 while the server answers.
    static PAUSE: Cell<u32> = const { Cell::new(0) };
    /// So many edits are shown on the page without being made yet.
    static IMITATED: Cell<usize> = const { Cell::new(0) };
    /// Why an edit was refused, when others were sent after it.
    static REFUSED: RefCell<Option<String>> = RefCell::default();
    /// Where a link wants to go once everything is sent.
    static NEXT: RefCell<Option<String>> = RefCell::default();
    /// Names this page to the server, so that its own edits are not in each other's way.
    static TAB: String = random();
}

/// Sends what was kept before this page was loaded, and tries again when the network is back.
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
            Some("drop") => forget(),
            _ => {}
        }
    });
    if !is_empty() {
        send();
    }
}

/// Puts an edit last in the row. The answer to a choice takes the place of the edit that it is about.
pub(super) fn post(url: &str, fields: &UrlSearchParams) {
    fields.set("edit", &random());
    TAB.with(|tab| fields.set("tab", tab));
    let line = [url, " ", &String::from(fields.to_string())].concat();
    if CHOOSING.get() && fields.has("settles") {
        ensure_citizen();
        keep(&[line.as_str(), "\n", &kept()].concat());
    } else {
        keep(&[kept().as_str(), &line, "\n"].concat());
    }
    if PAUSE.get() > 0 {
        show_waiting();
    }
    send();
}

/// The citizen has chosen what is there already. What followed the edit that is given up is sent.
pub(super) fn give_up() {
    ensure_citizen();
    send();
}

/// The choice is made: the edit that it was about is not sent as it is.
fn ensure_citizen() {
    if CHOOSING.replace(false) {
        take_first();
    }
}

/// Whether nothing is on its way.
pub(super) fn is_empty() -> bool {
    kept().is_empty()
}

/// Follows a link once everything is sent, so that the page it leads to knows of it. False when nothing holds the link up.
pub(super) fn then_follow(url: &str) -> bool {
    let holds = SENDING.get() && PAUSE.get() == 0;
    if holds {
        NEXT.set(Some(url.to_owned()));
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
            Came::Last(arrived) => {
                let was_away = PAUSE.replace(0) > 0;
                IMITATED.set(0);
                match NEXT.take() {
                    Some(url) => page::follow(url).await,
                    None => page::show(&arrived, true),
                }
                match REFUSED.take() {
                    Some(words) => dom::announce_loudly(&words),
                    None if was_away => say_sent(),
                    None => {}
                }
            }
            Came::Choice(arrived) => {
                PAUSE.set(0);
                IMITATED.set(0);
                NEXT.take();
                CHOOSING.set(true);
                page::show(&arrived, true);
            }
            Came::Nothing => {
                NEXT.take();
                show_waiting();
                let pause = (PAUSE.get() * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
                PAUSE.set(pause);
                TimeoutFuture::new(pause).await;
                send();
            }
        }
    });
}

enum Came {
    /// The answer to the last edit.
    Last(Arrived),
    /// A page that asks what becomes of an edit.
    Choice(Arrived),
    /// The server does not answer.
    Nothing,
}

async fn send_all() -> Came {
    loop {
        let row = kept();
        let Some((url, fields)) = row.lines().next().and_then(|line| line.split_once(' ')) else {
            // Another tab has sent the rest.
            return match fetch(&Wanted { url: page::address_in_bar(), posted: None }).await {
                Ok(arrived) => Came::Last(arrived),
                _ => Came::Nothing,
            };
        };
        let wanted = Wanted { url: url.to_owned(), posted: Some(fields.to_owned()) };
        match fetch(&wanted).await {
            Ok(arrived) => {
                if page::first(&arrived.page, "[data-settles]").is_some() {
                    return Came::Choice(arrived);
                }
                // Another tab may have sent the same meanwhile, and taken it out.
                if kept().starts_with(row.lines().next().unwrap_or_default()) {
                    take_first();
                }
                if is_empty() {
                    arranging::hand_is_empty().await;
                }
                // What a card was in hand for may have to be sent first.
                if is_empty() {
                    return Came::Last(arrived);
                }
                if arrived.status >= 400 {
                    REFUSED.set(
                        page::first(&arrived.page, "#notice p").and_then(|it| it.text_content()),
                    );
                }
            }
            _ => return Came::Nothing,
        }
    }
}

/// Shows on the page what the edits that wait will do, and says that they wait.
fn show_waiting() {
    let row = kept();
    for line in row.lines().skip(IMITATED.get()) {
        if let Some((url, fields)) = line.split_once(' ') {
            optimistic::show(url, fields);
        }
    }
    let count = row.lines().count();
    IMITATED.set(count);
    PAUSE.set(PAUSE.get().max(1));
    let Some(notice) = put_notice("kept", "problem") else { return };
    if let Some(place) = dom::first(&notice, "[data-part=count]") {
        place.set_text_content(Some(&count.to_string()));
    }
    let words = dom::first(&notice, "p").and_then(|words| words.text_content());
    dom::announce(words.unwrap_or_default().trim());
}

fn say_sent() {
    if let Some(words) = put_notice("sent", "done")
        .and_then(|notice| dom::first(&notice, "p"))
        .and_then(|words| words.text_content())
    {
        dom::announce(words.trim());
    }
}

/// Fills the notice from the template of the page that has these words.
fn put_notice(words: &str, tone: &str) -> Option<Element> {
    let document = dom::document()?;
    let template = document.get_element_by_id(&["outbox-", words].concat())?;
    let notice = document.get_element_by_id("notice")?;
    notice.set_inner_html(&template.inner_html());
    let _ = notice.set_attribute("data-tone", tone);
    Some(notice)
}

/// The citizen wants what waits not to be sent; the page is loaded as the server has it.
fn forget() {
    keep("");
    if let Some(window) = dom::window() {
        let _ = window.location().reload();
    }
}

fn take_first() {
    if let Some((_, rest)) = kept().split_once('\n') {
        keep(rest);
    }
    IMITATED.set(IMITATED.get().saturating_sub(1));
}

fn storage() -> Option<Storage> {
    dom::window()?.local_storage().ok()?
}

fn kept() -> String {
    match storage() {
        Some(storage) => storage.get_item(KEPT).ok().flatten().unwrap_or_default(),
        None => IN_MEMORY.with_borrow(String::clone),
    }
}

fn keep(row: &str) {
    // Storage that is full or switched off by half keeps nothing: memory then does until the page is left.
    let kept = storage().is_some_and(|storage| storage.set_item(KEPT, row).is_ok());
    if !kept {
        IN_MEMORY.set(row.to_owned());
    }
}

/// Sixteen letters and digits that nobody has used.
fn random() -> String {
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    (0..16)
        .map(|_| {
            let sign = (js_sys::Math::random() * 32.0) as usize;
            char::from(SIGNS[sign % SIGNS.len()])
        })
        .collect()
}
