//! The error page, with a way home.

use leptos::prelude::*;
use voordeur_shared::paths;

use super::{RenderedPage, page_header};
use crate::icons::{self, Icons};
use crate::locale::Locale;

pub struct ErrorPage {
    pub locale: Locale,
    pub status: u16,
    pub title: String,
    pub text: String,
}

pub fn draw(page: ErrorPage) -> RenderedPage {
    let locale = page.locale;
    let main = view! {
        {page_header(page.title, view! { <p>{page.text}</p> })}
        <div class="wrap apology">
            {icons::closed_door(&page.status.to_string())} <div>
                <p class="buttons">
                    <a class="button main" href="/">{locale.say("error-home")}</a>
                    <a class="button" href=paths::CATALOGUE>{locale.say("error-catalogue")}</a>
                </p>
                <p class="remark">{locale.say_with("error-status", &[("status", i64::from(page.status).into())])}</p>
            </div>
        </div>
    }
    .into_any();
    RenderedPage { main, icons: Icons::default() }
}
