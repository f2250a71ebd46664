//! The choices of colours, density, text size and reading. Each is a form with one button per option.

use leptos::prelude::*;
use voordeur_shared::paths;

use crate::locale::Locale;
use voordeur_store::appearance::{Appearance, Density, Look, Reading, TextSize};

/// Draws the choices with the present ones marked; `back` is the address to return to.
pub(super) fn draw(locale: Locale, appearance: Appearance, back: String) -> AnyView {
    let looks: Vec<_> = Look::ALL
        .iter()
        .map(|&look| {
            let words = match look {
                Look::System => locale.say("look-system"),
                Look::Light => locale.say("look-light"),
                Look::Dark => locale.say("look-dark"),
                Look::Contrast => locale.say("look-contrast"),
            };
            answer("look", look.id(), words, look == appearance.look)
        })
        .collect();
    let densities: Vec<_> = Density::ALL
        .iter()
        .map(|&density| {
            let words = match density {
                Density::Roomy => locale.say("look-roomy"),
                Density::Dense => locale.say("look-dense"),
            };
            answer("density", density.id(), words, density == appearance.density)
        })
        .collect();
    let sizes: Vec<_> = TextSize::ALL
        .iter()
        .map(|&size| {
            let percent = locale.say_with("look-percent", &[("percent", size.id().into())]);
            answer("text", size.id(), percent, size == appearance.text_size)
        })
        .collect();
    let readings: Vec<_> = Reading::ALL
        .iter()
        .map(|&reading| {
            let words = match reading {
                Reading::Usual => locale.say("look-reading-usual"),
                Reading::Easy => locale.say("look-reading-easy"),
            };
            answer("reading", reading.id(), words, reading == appearance.reading)
        })
        .collect();
    view! {
        <form class="looks" method="post" action=paths::APPEARANCE data-action="look">
            <input type="hidden" name="back" value=back />
            <fieldset>
                <legend>{locale.say("look-colours")}</legend>
                {looks}
            </fieldset>
            <fieldset>
                <legend>{locale.say("look-room")}</legend>
                {densities}
            </fieldset>
            <fieldset>
                <legend>{locale.say("look-text")}</legend>
                {sizes}
            </fieldset>
            <fieldset>
                <legend>{locale.say("look-reading")}</legend>
                {readings}
            </fieldset>
        </form>
    }
    .into_any()
}

fn answer(name: &'static str, value: &'static str, words: String, chosen: bool) -> AnyView {
    let current = chosen.then_some("true");
    view! { <button name=name value=value aria-current=current>{words}</button> }.into_any()
}
