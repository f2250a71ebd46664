//! The band of today above the cards: a few facts of the cards, each with the way to its card.

use leptos::prelude::*;
use voordeur_shared::today;

use crate::icons::Icon;
use crate::locale::Locale;
use crate::markup::{Element, html};
use crate::view_model::TodayFact;

/// A fact with its card.
pub struct BandFact {
    pub fact: TodayFact,
    /// The id of the card.
    pub card: String,
    /// The address of the card, on this page of the board or on another.
    pub address: String,
    pub icon: Icon,
    pub theme: &'static str,
    /// Whether a sample stands for the service.
    pub is_sample: bool,
}

/// The band. Without facts it is not seen, and waits for those that a refreshed card brings.
pub fn draw(locale: Locale, facts: Vec<BandFact>) -> AnyView {
    let facts = facts.into_iter().map(|fact| draw_fact(locale, fact)).collect::<Vec<_>>();
    view! {
        <section class="band" aria-labelledby="band-title">
            <h2 class="vh" id="band-title">{locale.say("today-title")}</h2>
            <ul id=today::LIST>{facts}</ul>
        </section>
    }
    .into_any()
}

/// The facts of a card that was drawn anew, for the script that has refreshed it.
pub(crate) fn draw_refreshed(locale: Locale, facts: Vec<BandFact>) -> Element {
    html("ul")
        .with("data-part", today::PART)
        .with("hidden", "")
        .children(facts.into_iter().map(|fact| draw_fact(locale, fact)))
}

fn draw_fact(locale: Locale, fact: BandFact) -> Element {
    let BandFact { fact, card, address, icon, theme, is_sample } = fact;
    let TodayFact { role, label, value, delay, note, severity, further, .. } = fact;
    let sample = (is_sample && severity.is_some())
        .then(|| html("small").class("tag").text(locale.say("board-sample")));
    let further = (further > 0).then(|| {
        let count = i64::try_from(further).unwrap_or(i64::MAX);
        html("span").text(locale.say_with("today-further", &[("count", count.into())]))
    });
    let joint = (note.is_some() && further.is_some()).then(|| html("span").text(" · "));
    let has_note = note.is_some() || further.is_some();
    let note = html("span")
        .class("note")
        .children(note.map(|note| html("span").words(note)))
        .children(joint)
        .children(further);
    let link = html("a")
        .with("href", address)
        .child(icon.draw())
        .child(
            html("span").class("label").child(html("span").words(label)).space().children(sample),
        )
        .space()
        .child(
            html("b")
                .child(html("span").words(value))
                .space()
                .children(delay.map(|delay| html("small").class("late").text(delay))),
        )
        .space()
        .children(has_note.then_some(note));
    html("li")
        .with(today::CARD, card)
        .with(today::ROLE, role.id())
        .with("data-theme", theme)
        .with_some("data-severity", severity.map(|severity| severity.id().to_owned()))
        .child(link)
}
