//! The board: a citizen's start page, to look at and to arrange.

use leptos::prelude::*;

use super::card::{self, CardWords, Handles};
use super::notice::{self, Notice};
use super::welcome::{self, Welcome};
use super::{Drawn, arranging, hall};
use crate::face::{CardFace, Words};
use crate::icons::{Icon, Icons};
use crate::locale::Locale;

/// What the board shows.
pub struct BoardPage {
    /// The citizen's language.
    pub locale: Locale,
    /// `Goedemorgen`, without a full stop.
    pub greeting: String,
    /// Today, written out.
    pub date: String,
    /// The citizen's place.
    pub place: String,
    /// Whether the place was not chosen by the citizen.
    pub place_is_guess: bool,
    /// The questions for who is new here.
    pub welcome: Option<Welcome>,
    /// Whether the board is being arranged.
    pub editing: bool,
    /// The board's revision, sent along with every change.
    pub revision: i64,
    /// In order.
    pub cards: Vec<PlacedCard>,
    /// What came of the last change.
    pub notice: Option<Notice>,
    /// Whether everything shown is a sample.
    pub samples: bool,
    /// Warnings of the cards, above them.
    pub alerts: Vec<RaisedAlert>,
}

/// A card and what can be done with it.
pub struct PlacedCard {
    /// The card.
    pub face: CardFace,
    /// Whether it can go to the place before it.
    pub earlier: bool,
    /// Whether it can go to the place after it.
    pub later: bool,
    /// The next larger size.
    pub wider: Option<u8>,
    /// The next smaller size.
    pub narrower: Option<u8>,
    /// The narrowest size at which it can still be read.
    pub smallest: u8,
    /// Whether its widget asks anything of the citizen.
    pub has_settings: bool,
}

/// A warning that a card raises to the top of the page.
pub struct RaisedAlert {
    /// What it warns of.
    pub title: Words,
    /// `minor`, `moderate`, `severe`, `extreme`
    pub severity: String,
    /// The word for it.
    pub word: String,
    /// Where it holds.
    pub area: Option<Words>,
    /// `vandaag van 14.00 tot 21.00 uur`
    pub when: Option<String>,
    /// The card that says more.
    pub card: String,
}

/// Draws the board.
pub fn draw(page: BoardPage) -> Drawn {
    let BoardPage { locale, editing, revision, .. } = page;
    let mut icons = Icons::default()
        .with_all(Icons::OF_BODIES)
        .with_all(page.cards.iter().map(|card| Icon::named(&card.face.icon)))
        .with(Icon::Refresh);
    if editing || page.cards.is_empty() {
        icons = icons.with_all([
            Icon::Handle,
            Icon::Earlier,
            Icon::Later,
            Icon::Narrower,
            Icon::Wider,
            Icon::Waste,
            Icon::Undo,
            Icon::Add,
        ]);
    }
    if page.samples {
        icons = icons.with(Icon::Info);
    }
    let words = CardWords::new(locale);
    let empty = page.cards.is_empty();
    let cards = page
        .cards
        .into_iter()
        .map(|placed| {
            let handles = Handles {
                earlier: placed.earlier,
                later: placed.later,
                wider: placed.wider,
                narrower: placed.narrower,
                smallest: placed.smallest,
                has_settings: placed.has_settings,
            };
            card::draw(placed.face, handles, &words, editing, revision)
        })
        .collect::<Vec<_>>();
    let lead = view! {
        <p class="today">
            <span>{page.date}</span>
            " "
            <a class="where" href="/welcome" data-smooth>
                {Icon::Place.draw()}
                <span class="vh">{locale.say("board-place")} ": "</span>
                <span>{page.place}</span>
                {page.place_is_guess.then(|| view! { " " <small>{locale.say("board-place-guess")}</small> })}
            </a>
        </p>
    };
    let main = view! {
        {hall(page.greeting, lead)}
        <div class="wrap">
            {notice::draw(page.notice)}
            {editing.then(|| draw_bar(locale, revision))}
            {page.welcome.map(|welcome| welcome::draw_band(locale, welcome))}
            {page.samples.then(|| view! { <p class="hint samples">{Icon::Info.draw()}<span>{locale.say("board-samples")}</span></p> })}
            {(!page.alerts.is_empty()).then(|| draw_alerts(locale, page.alerts, page.samples))}
            {empty.then(|| draw_empty(locale))}
            {editing.then(|| arranging::words(locale))}
            <section class="grid" id="cards" data-arrange=editing aria-label=locale.say("board-cards")>
                {cards}
            </section>
        </div>
    }
    .into_any();
    Drawn { main, icons }
}

/// What can be done with the board as a whole.
fn draw_bar(locale: Locale, revision: i64) -> AnyView {
    view! {
        <div class="arranging">
            <p>{locale.say("board-arranging")}</p>
            <a class="button main" id="add-card" href="/catalogue" data-smooth>
                {Icon::Add.draw()}
                <span>{locale.say("board-add")}</span>
            </a>
            <form method="post" action="/undo" data-action="undo">
                <input type="hidden" name="revision" value=revision />
                <input type="hidden" name="editing" value="true" />
                <button class="button" id="undo" data-action="undo">
                    {Icon::Undo.draw()}
                    <span>{locale.say("board-undo")}</span>
                </button>
            </form>
        </div>
    }
    .into_any()
}

fn draw_alerts(locale: Locale, alerts: Vec<RaisedAlert>, samples: bool) -> AnyView {
    let alerts = alerts
        .into_iter()
        .map(|alert| {
            view! {
                <li class="alert" data-severity=alert.severity>
                    {Icon::Warning.draw()}
                    <p>
                        <a href=format!("#card-{}", alert.card)>
                            <b>{alert.word}</b>
                            " "
                            <span lang=alert.title.lang>{alert.title.text}</span>
                        </a>
                        {alert.area.map(|area| view! { " " <span lang=area.lang>{area.text}</span> })}
                        {alert.when.map(|when| view! { ", " <span>{when}</span> })}
                        {samples.then(|| view! { " " <small class="tag">{locale.say("board-sample")}</small> })}
                    </p>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <section class="raised" aria-label=locale.say("board-alerts")>
            <ul>{alerts}</ul>
        </section>
    }
    .into_any()
}

fn draw_empty(locale: Locale) -> AnyView {
    view! {
        <div class="nothing">
            <p>{locale.say("board-empty")}</p>
            <a class="button main" href="/catalogue" data-smooth>
                {Icon::Add.draw()}
                <span>{locale.say("board-add")}</span>
            </a>
        </div>
    }
    .into_any()
}
