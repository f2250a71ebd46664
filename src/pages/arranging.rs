//! The handle of a card, and the announcements for arranging cards.

use leptos::prelude::*;
use voordeur_shared::CardWidth;

use crate::icons::Icon;
use crate::locale::Locale;
use crate::markup::{Element, html};

/// The id of the element that describes the handles.
const EXPLANATION: &str = "arranging-words";

/// The handle of a card. It works with script only, so the style sheet hides it until the module is
/// loaded.
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

/// The instructions, and the announcements for each step, with `{placeholders}` for the script.
pub(super) fn words(locale: Locale) -> AnyView {
    let say = |key: &str, names: &[&str]| {
        let blanks: Vec<_> =
            names.iter().map(|name| (*name, format!("{{{name}}}").into())).collect();
        locale.say_with(key, &blanks)
    };
    let width =
        |width: CardWidth| locale.say_with("width-in-words", &[("size", width.id().into())]);
    view! {
        <p
            id=EXPLANATION
            hidden
            data-width-narrow=width(CardWidth::Narrow)
            data-width-wide=width(CardWidth::Wide)
            data-width-full=width(CardWidth::Full)
            data-say-picked=say("arranging-picked", &["card", "position", "total"])
            data-say-moved=say("arranging-moved", &["position", "total"])
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
