//! The questions for a new citizen: place and interests. A band on the board, and a page to answer
//! them again.

use leptos::prelude::*;
use voordeur_shared::paths;
use voordeur_widget_api::Theme;

use super::form_context::FormContext;
use super::sets::{self, OfferedSet};
use super::{RenderedPage, page_header, theme_name};
use crate::icons::Icons;
use crate::locale::Locale;

/// The questions with the present answers.
pub struct Welcome {
    /// The place, as typed or as chosen.
    pub place: String,
    pub error: Option<String>,
    /// Names that resemble an unknown place.
    pub similar: Vec<String>,
    /// Every theme, and whether the citizen is interested in it.
    pub interests: Vec<(Theme, bool)>,
}

/// The page to answer the questions again.
pub struct WelcomePage {
    pub locale: Locale,
    pub welcome: Welcome,
    /// The sets of cards, and the context of their forms.
    pub sets: Vec<OfferedSet>,
    pub form_context: FormContext,
}

pub fn draw(page: WelcomePage) -> RenderedPage {
    let locale = page.locale;
    let lead = view! { <p>{locale.say("welcome-page-lead")}</p> };
    let icons = Icons::default().with_all(sets::icons(&page.sets));
    let sets = sets::draw(locale, page.sets, &page.form_context);
    let main = view! {
        {page_header(locale.say("welcome-page-title"), lead)}
        <div class="wrap prose">{draw_form(locale, page.welcome, "welcome-page-save", "welcome-page-skip", false)}</div>
        <div class="wrap">{sets}</div>
    }
    .into_any();
    RenderedPage { main, icons }
}

pub(super) fn draw_band(locale: Locale, welcome: Welcome) -> AnyView {
    view! {
        <section class="welcome" aria-labelledby="welcome-title">
            <div>
                <h2 id="welcome-title">{locale.say("welcome-title")}</h2>
                <p>{locale.say("welcome-text")}</p>
            </div>
            // A phone shows the link, wider screens show the form.
            <a class="button main" href=paths::WELCOME data-smooth>{locale.say("welcome-page-title")}</a>
            {draw_form(locale, welcome, "welcome-save", "welcome-skip", true)}
        </section>
    }
    .into_any()
}

fn draw_form(
    locale: Locale,
    welcome: Welcome,
    save: &'static str,
    skip: &'static str,
    folded: bool,
) -> AnyView {
    let Welcome { place, error, similar, interests } = welcome;
    let chosen = interests.iter().any(|(_, chosen)| *chosen);
    let interests = interests
        .into_iter()
        .map(|(theme, chosen)| {
            view! {
                <label class="chip" data-theme=theme.id()>
                    <input type="checkbox" name="interest" value=theme.id() checked=chosen />
                    <span>{theme_name(locale, theme)}</span>
                </label>
            }
        })
        .collect::<Vec<_>>();
    let wrong = error.is_some();
    let chips = view! { <div class="chips">{interests}</div> };
    // On the board the second question is folded, so that the cards stay in view.
    let interests = if folded {
        view! {
            <details class="field" open=chosen>
                <summary>{locale.say("welcome-interests")}</summary>
                <fieldset>
                    <legend class="vh">{locale.say("welcome-interests")}</legend>
                    {chips}
                </fieldset>
                <p><a href=format!("{}#sets", paths::WELCOME)>{locale.say("sets-link")}</a></p>
            </details>
        }
        .into_any()
    } else {
        view! {
            <fieldset class="field">
                <legend>{locale.say("welcome-interests")}</legend>
                {chips}
            </fieldset>
        }
        .into_any()
    };
    view! {
        <form class="form" method="post" action=paths::WELCOME data-action="welcome">
            // Enter presses the first button of a form.
            <button class="vh" name="answer" value="save" tabindex="-1" aria-hidden="true">{locale.say(save)}</button>
            <div class="field" data-wrong=wrong>
                <label for="place">{locale.say("welcome-place")}</label>
                <p class="field-hint" id="place-hint">{locale.say("welcome-place-hint")}</p>
                {error.map(|error| view! { <p class="problem" id="place-problem">{error}</p> })}
                {draw_similar(similar, "take")}
                <div class="joined lookup">
                    <input
                        id="place"
                        name="place"
                        autocomplete="postal-code"
                        maxlength="80"
                        value=place
                        spellcheck="false"
                        data-look="place"
                        data-least="2"
                        aria-invalid=wrong.then_some("true")
                        aria-describedby=if wrong { "place-problem place-hint" } else { "place-hint" }
                    />
                    // The combobox sends the form with it.
                    <button hidden name="look" value="place" formaction=paths::WELCOME_LOOK></button>
                </div>
            </div>
            {interests}
            <div class="buttons">
                <button class="button main" id="welcome-save" name="answer" value="save">{locale.say(save)}</button>
                <button class="button" id="welcome-skip" name="answer" value="skip">{locale.say(skip)}</button>
            </div>
        </form>
    }
    .into_any()
}

/// The names that resemble an unknown place, as buttons that take them.
pub(super) fn draw_similar(similar: Vec<String>, name: &str) -> Option<AnyView> {
    let buttons = similar
        .iter()
        .map(|place| {
            let name = name.to_owned();
            view! { <button class="button" name=name value=place.clone()>{place.clone()}</button> }
        })
        .collect::<Vec<_>>();
    (!similar.is_empty()).then(|| view! { <p class="instead similar">{buttons}</p> }.into_any())
}
