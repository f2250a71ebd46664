//! The pages: each is a function from a plain model to its HTML. A model holds texts and figures
//! only.

use leptos::prelude::*;
use voordeur_widget_api::Theme;

use crate::icons::{Icon, Icons};
use crate::locale::Locale;
use crate::markup::{Element, html};

pub mod about;
pub mod accessibility;
pub mod agenda;
mod appearance;
mod arranging;
pub mod board;
mod card;
pub mod catalogue;
pub mod error;
pub mod find;
pub mod forget;
pub mod form_context;
pub mod history;
pub mod not_kept;
pub mod notice;
pub mod own_list;
pub mod privacy;
pub mod services;
pub mod sets;
pub mod settings;
pub mod share;
pub mod shell;
pub mod wall;
pub mod welcome;
pub mod widget;

pub(crate) use board::band::draw_refreshed as draw_facts;
pub(crate) use card::{draw_preview, draw_refreshed};

/// The content of a page, and the icons that it uses.
pub struct RenderedPage {
    /// The content of `<main>`.
    pub main: AnyView,
    pub icons: Icons,
}

/// The header of a page: its heading and a line under it, under half a fanlight.
fn page_header(heading: impl IntoView + 'static, lead: impl IntoView + 'static) -> AnyView {
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

/// A page of running text in one column.
fn text_page(heading: String, lead: String, text: AnyView) -> AnyView {
    view! {
        {page_header(heading, view! { <p>{lead}</p> })}
        <div class="wrap prose">{text}</div>
    }
    .into_any()
}

/// A widget's icon in an arch, in the colour of its theme.
fn theme_icon(icon: &str) -> Element {
    html("span").class("arch").child(Icon::named(icon).draw())
}

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

/// A radio button for each theme, and one for all.
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
