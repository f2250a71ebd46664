//! The page of a choice that was not kept, since the browser keeps no cookie.

use leptos::prelude::*;

use super::{RenderedPage, text_page};
use crate::icons::Icons;
use crate::locale::Locale;

pub struct NotKeptPage {
    pub locale: Locale,
    /// The page on which the choice was made.
    pub back: String,
}

pub fn draw(page: NotKeptPage) -> RenderedPage {
    let NotKeptPage { locale, back } = page;
    let text = view! {
        <p class="buttons">
            <a class="button main" id="back" href=back>
                {locale.say("not-kept-back")}
            </a>
        </p>
    }
    .into_any();
    let main = text_page(locale.say("not-kept-title"), locale.say("done-without-cookie"), text);
    RenderedPage { main, icons: Icons::default() }
}
