//! What a card is picked up by, and the words for what then happens to it.

use leptos::prelude::*;

use crate::icons::Icon;
use crate::locale::Locale;
use crate::markup::{Element, html};

/// How the handles are explained.
const EXPLANATION: &str = "arranging-words";

/// What a card is picked up by. It works with a script only, so the sheet shows it once that listens.
pub(super) fn handle(card: &str, title: &str, words: &str) -> Element {
    html("button")
        .with("type", "button")
        .class("tool")
        .with("data-part", "handle")
        .with("id", format!("handle-{card}"))
        .with("aria-pressed", "false")
        .with("aria-describedby", EXPLANATION)
        .with("title", words.to_owned())
        .child(Icon::Handle.draw())
        .child(html("span").class("vh").text(format!("{words}: {title}")))
}

/// How a card is picked up, and what is said at each step; the script fills in what stands in braces.
pub(super) fn words(locale: Locale) -> AnyView {
    let say = |key: &str, names: &[&str]| {
        let blanks: Vec<_> =
            names.iter().map(|name| (*name, format!("{{{name}}}").into())).collect();
        locale.say_with(key, &blanks)
    };
    view! {
        <p
            id=EXPLANATION
            hidden
            data-say-picked=say("arranging-picked", &["card", "position", "total"])
            data-say-moved=say("arranging-moved", &["position", "total", "row"])
            data-say-edge=say("arranging-edge", &["position", "total"])
            data-say-size=say("arranging-size", &["size"])
            data-say-narrowest=say("arranging-narrowest", &["size"])
            data-say-widest=say("arranging-widest", &["size"])
            data-say-to-page=say("arranging-to-page", &["page"])
            data-say-this-page=say("arranging-this-page", &["position", "total"])
            data-say-no-page=say("arranging-no-page", &[])
            data-say-unchanged=say("arranging-unchanged", &["card", "position"])
            data-say-cancelled=say("arranging-cancelled", &["card", "position"])
        >
            {locale.say("arranging-how")}
        </p>
    }
    .into_any()
}
