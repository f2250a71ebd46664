//! What could not be shown or done, with a way home.

use leptos::prelude::*;

use super::{Drawn, hall};
use crate::icons::{self, Icons};
use crate::locale::Locale;

/// What an error page shows.
pub struct ErrorPage {
    /// The citizen's language.
    pub locale: Locale,
    /// The status of the answer.
    pub status: u16,
    /// What happened.
    pub title: String,
    /// What to do.
    pub text: String,
}

/// Draws an error page.
pub fn draw(page: ErrorPage) -> Drawn {
    let locale = page.locale;
    let main = view! {
        {hall(page.title, view! { <p>{page.text}</p> })}
        <div class="wrap apology">
            {icons::closed_door(&page.status.to_string())} <div>
                <p class="buttons">
                    <a class="button main" href="/">{locale.say("error-home")}</a>
                    <a class="button" href="/catalogue">{locale.say("error-catalogue")}</a>
                </p>
                <p class="remark">{locale.say_with("error-status", &[("status", i64::from(page.status).into())])}</p>
            </div>
        </div>
    }
    .into_any();
    Drawn { main, icons: Icons::default() }
}
