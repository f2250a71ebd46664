//! The wall: a board on a screen that hangs in a kitchen, without anything to press but its pause.

use leptos::prelude::*;
use voordeur_shared::lanes::Places;
use voordeur_shared::{CardWidth, paths};

use super::board::band::{self, BandFact};
use super::{RenderedPage, card};
use crate::blocks::DrawnCard;
use crate::icons::{Icon, Icons};
use crate::locale::Locale;

pub struct WallPage {
    pub locale: Locale,
    /// `Maandag 23 november 2026`
    pub date: String,
    /// The time at which the page was made: `7.36 uur`.
    pub time: String,
    /// The name of the page of the board; `None` when there is one page.
    pub page_name: Option<String>,
    pub today: Vec<BandFact>,
    pub cards: Vec<WallCard>,
    pub turn: Turn,
}

/// A card in its place.
pub struct WallCard {
    pub id: String,
    pub size: CardWidth,
    pub places: Places,
    pub drawn: DrawnCard,
}

/// How the pages of the wall take turns.
pub struct Turn {
    /// The address of the page that comes next: the same one when there is no other.
    pub next: String,
    /// Seconds until then.
    pub seconds: u32,
    pub is_paused: bool,
    /// The seconds until the page tells of a day that is over.
    pub day_ends_in: i64,
    /// The address of this page, paused or going on.
    pub pause: String,
}

pub fn draw(page: WallPage) -> RenderedPage {
    let WallPage { locale, date, time, page_name, today, cards, turn } = page;
    let icons = Icons::default()
        .with_all(Icons::IN_CARD_BODIES)
        .with_all(cards.iter().map(|card| Icon::named(&card.drawn.view_model.icon)))
        .with_all(today.iter().map(|fact| fact.icon));
    let updated = locale.say_with("wall-updated", &[("time", time.clone().into())]);
    let offline = locale.say_with("wall-offline", &[("time", time.into())]);
    let Turn { next, seconds, is_paused, day_ends_in, pause } = turn;
    let pause_words = locale.say(if is_paused { "wall-resume" } else { "wall-pause" });
    let next_address = next.clone();
    let cards = cards.iter().map(card::draw_on_wall).collect::<Vec<_>>();
    let main = view! {
        <div
            class="wrap wall"
            id="wall"
            data-next=next
            data-seconds=seconds.to_string()
            data-paused=is_paused.then_some("")
            data-day-ends=day_ends_in.to_string()
        >
            <div class="greeting">
                <h1>{date}</h1>
                {page_name.map(|name| view! { <p class="today">{name}</p> })}
                <p class="hint">{updated}</p>
                <nav aria-label=locale.say("wall-title")>
                    <a href=pause id="wall-pause">{pause_words}</a>
                    " "
                    <a href=next_address id="wall-next">{locale.say("wall-next")}</a>
                    " "
                    <a href=paths::BOARD id="wall-close">{locale.say("wall-close")}</a>
                </nav>
            </div>
            <p class="notice" id="wall-offline" role="status" hidden>{offline}</p>
            {band::draw(locale, today)}
            <div class="lanes"><section class="grid" id="cards" aria-label=locale.say("board-cards")>{cards}</section></div>
        </div>
    }
    .into_any();
    RenderedPage { main, icons }
}
