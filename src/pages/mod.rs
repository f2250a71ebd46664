//! The pages: each is a function from a plain model to what is drawn. A model holds words and figures, never a service.

use leptos::prelude::*;
use voordeur_widget_api::Theme;

use crate::icons::{Icon, Icons};
use crate::locale::Locale;
use crate::markup::{Element, html};

pub mod about;
pub mod accessibility;
mod appearance;
mod arranging;
pub mod board;
mod card;
pub mod catalogue;
pub mod error;
pub mod find;
pub mod history;
pub mod notice;
pub mod privacy;
pub mod sending;
pub mod services;
pub mod settings;
pub mod shell;
pub mod welcome;
pub mod widget;

pub(crate) use card::draw_preview;

/// A page's own part, ready for the shell, and the icons that it uses.
pub struct Drawn {
    /// What stands in `<main>`.
    pub main: AnyView,
    /// For the sprite.
    pub icons: Icons,
}

/// The head of every page: its heading and a line under it, in the colour of the door, under half a fanlight.
fn hall(heading: impl IntoView + 'static, lead: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="hall">
            <div class="wrap">
                <h1>{heading}</h1>
                {lead}
            </div>
            <svg class="fanlight" viewBox="0 0 200 100" aria-hidden="true">
                <path d="M2 99a98 98 0 0 1 196 0zM66 99a34 34 0 0 1 68 0M100 1v64M51 14l32 55M149 14l-32 55M15 50l56 32M185 50l-56 32" />
            </svg>
        </div>
    }
    .into_any()
}

/// A page of text: heading, lead, and what follows in one column.
fn reading(heading: String, lead: String, text: AnyView) -> AnyView {
    view! {
        {hall(heading, view! { <p>{lead}</p> })}
        <div class="wrap prose">{text}</div>
    }
    .into_any()
}

/// The arch with a widget's icon, in the colour of its theme.
fn arch(icon: &str) -> Element {
    html("span").class("arch").child(Icon::named(icon).draw())
}

/// A theme's name.
pub fn theme_name(locale: Locale, theme: Theme) -> String {
    match theme {
        Theme::MovingAbout => locale.say("theme-moving-about"),
        Theme::HomeAndStreet => locale.say("theme-home-and-street"),
        Theme::WeatherAndEnvironment => locale.say("theme-weather-and-environment"),
        Theme::CouncilAndLaw => locale.say("theme-council-and-law"),
        Theme::FamilyAndSchool => locale.say("theme-family-and-school"),
        Theme::WorkAndMoney => locale.say("theme-work-and-money"),
    }
}

/// One radio button for each theme, and one for all of them.
fn theme_radios(locale: Locale, theme: Option<Theme>) -> Vec<AnyView> {
    let radio = |value: &'static str, words: String, chosen: bool| {
        view! {
            <label class="chip" data-theme=value>
                <input type="radio" name="theme" value=value checked=chosen />
                <span>{words}</span>
            </label>
        }
        .into_any()
    };
    let mut radios = vec![radio("", locale.say("catalogue-all"), theme.is_none())];
    radios
        .extend(Theme::ALL.map(|one| radio(one.id(), theme_name(locale, one), theme == Some(one))));
    radios
}
