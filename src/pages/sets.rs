//! The sets of cards for a moment of life: in the catalogue, and on the page of the welcome.

use leptos::prelude::*;
use voordeur_shared::paths;

use super::form_context::FormContext;
use super::theme_icon;
use crate::icons::Icon;
use crate::locale::Locale;

/// A set whose cards cover the citizen's place.
pub struct OfferedSet {
    pub id: String,
    pub name: String,
    pub summary: String,
    pub icon: String,
    /// The names of its cards, with commas between them.
    pub cards: String,
}

/// The icons of the sets.
pub(super) fn icons(sets: &[OfferedSet]) -> Vec<Icon> {
    sets.iter().map(|set| Icon::named(&set.icon)).chain([Icon::Add]).collect()
}

/// The section with the sets; none when there are none.
pub(super) fn draw(
    locale: Locale,
    sets: Vec<OfferedSet>,
    form_context: &FormContext,
) -> Option<AnyView> {
    if sets.is_empty() {
        return None;
    }
    let items = sets.into_iter().map(|set| draw_set(locale, set, form_context)).collect::<Vec<_>>();
    let section = view! {
        <section class="sets" id="sets" aria-labelledby="sets-title">
            <h2 id="sets-title">{locale.say("sets-title")}</h2>
            <p>{locale.say("sets-lead")}</p>
            <ul class="entries">{items}</ul>
        </section>
    };
    Some(section.into_any())
}

fn draw_set(locale: Locale, set: OfferedSet, form_context: &FormContext) -> AnyView {
    let OfferedSet { id, name, summary, icon, cards } = set;
    view! {
        <li class="entry" data-set=id.clone()>
            {theme_icon(&icon)} <div>
                <h3>{name.clone()}</h3>
                <p>{summary}</p>
                <p class="meta">{cards}</p>
            </div>
            <form class="add" method="post" action=paths::CARDS data-action="add">
                <input type="hidden" name="set" value=id.clone() />
                {form_context.with_new_key().draw()}
                <button class="button" id=format!("set-{id}") data-action="add">
                    {Icon::Add.draw()}
                    <span>{locale.say("sets-add")} <span class="vh">": " {name}</span></span>
                </button>
            </form>
        </li>
    }
    .into_any()
}
