//! The board: a citizen's start page, to look at and to arrange.

pub mod choice;
pub mod tabs;

use leptos::prelude::*;

use self::choice::Choice;
use self::tabs::{PageFace, PageTyped, Tab};
use super::card::{self, CardWords, Common, OtherPage};
use super::notice::{self, Notice};
use super::sending::Sending;
use super::welcome::{self, Welcome};
use super::{Drawn, arranging, hall};
use crate::blocks::DrawnCard;
use crate::icons::{Icon, Icons};
use crate::locale::Locale;
use crate::markup::Html;
use crate::view_model::Words;
use voordeur_store::UndoState;

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
    /// What every form sends along.
    pub sending: Sending,
    /// The pages, in order.
    pub tabs: Vec<Tab>,
    /// The page that is shown.
    pub page: PageFace,
    /// The form of a page that could not be used.
    pub typed: Option<PageTyped>,
    /// What can be undone and redone.
    pub undo_state: UndoState,
    /// In order.
    pub cards: Vec<PlacedCard>,
    /// What came of the last change.
    pub notice: Option<Notice>,
    /// Two pictures of a card to choose from.
    pub choice: Option<Choice>,
    /// Whether everything shown is a sample.
    pub samples: bool,
    /// Warnings of the cards, above them.
    pub alerts: Vec<RaisedAlert>,
}

/// A card and what can be done with it.
pub struct PlacedCard {
    /// The card's id.
    pub id: String,
    /// Columns of twelve.
    pub size: u8,
    /// What it shows.
    pub drawn: DrawnCard,
    /// Whether it can go to the place before it.
    pub earlier: bool,
    /// Whether it can go to the place after it.
    pub later: bool,
    /// Whether there is a row above it.
    pub up: bool,
    /// Whether there is a row below it.
    pub down: bool,
    /// The next larger size.
    pub wider: Option<u8>,
    /// The next smaller size.
    pub narrower: Option<u8>,
    /// The narrowest size at which it can still be read.
    pub smallest: u8,
    /// Whether its widget asks anything of the citizen.
    pub has_settings: bool,
    /// Whether only its heading and one line are shown.
    pub folded: bool,
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
    let BoardPage { locale, sending, .. } = page;
    let editing = sending.editing;
    let tabbed = editing || page.tabs.len() > 1;
    let pictures = page.choice.iter().flat_map(Choice::icons);
    let mut icons = Icons::default()
        .with_all(Icons::OF_BODIES)
        .with_all(pictures)
        .with_all(page.cards.iter().map(|card| Icon::named(&card.drawn.view_model.icon)))
        .with_all([Icon::Refresh, Icon::Fold, Icon::Unfold]);
    if tabbed {
        icons = icons.with_all(page.tabs.iter().map(|tab| Icon::named(&tab.icon)));
    }
    if editing {
        icons = icons.with_all(tabs::PAGE_ICONS.map(|(icon, _)| icon)).with_all([
            Icon::Handle,
            Icon::Earlier,
            Icon::Later,
            Icon::Narrower,
            Icon::Wider,
            Icon::More,
            Icon::Settings,
            Icon::Add,
            Icon::Waste,
            Icon::Undo,
            Icon::Redo,
            Icon::History,
        ]);
    }
    if page.cards.is_empty() {
        icons = icons.with(Icon::Add);
    }
    if page.samples {
        icons = icons.with(Icon::Info);
    }
    let empty = page.cards.is_empty();
    let only_page = page.tabs.len() == 1;
    let others: Vec<OtherPage> = page
        .tabs
        .iter()
        .filter(|tab| !tab.current)
        .map(|tab| OtherPage { id: tab.id.clone(), name: tabs::page_name(&tab.name, locale) })
        .collect();
    let fields = Html::of(&sending.draw());
    let common = Common { words: CardWords::new(locale), others, sending: &sending, fields };
    let cards = page.cards.iter().map(|placed| card::draw(placed, &common)).collect::<Vec<_>>();
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
            {tabbed.then(|| tabs::draw(locale, page.tabs, page.page, page.typed, &sending))}
            {match page.choice {
                Some(choice) => choice::draw(choice),
                None => notice::draw(page.notice),
            }}
            {editing.then(|| draw_bar(locale, page.undo_state, &sending))}
            {page.welcome.map(|welcome| welcome::draw_band(locale, welcome))}
            {page.samples.then(|| view! { <p class="hint samples">{Icon::Info.draw()}<span>{locale.say("board-samples")}</span></p> })}
            {(!page.alerts.is_empty()).then(|| draw_alerts(locale, page.alerts, page.samples))}
            {empty.then(|| draw_empty(locale, only_page, &sending))}
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
fn draw_bar(locale: Locale, undo_state: UndoState, sending: &Sending) -> AnyView {
    let step = |id: &'static str, icon: Icon, words: String, possible: bool| {
        view! {
            <form method="post" action=format!("/{id}") data-action=id>
                {sending.draw()}
                <button class="button" id=id data-action=id disabled=!possible>
                    {icon.draw()}
                    <span>{words}</span>
                </button>
            </form>
        }
    };
    view! {
        <div class="arranging">
            <p>{locale.say("board-arranging")}</p>
            <a class="button main" id="add-card" href=sending.catalogue() data-smooth>
                {Icon::Add.draw()}
                <span>{locale.say("board-add")}</span>
            </a>
            {step("undo", Icon::Undo, locale.say("board-undo"), undo_state.can_undo)}
            {step("redo", Icon::Redo, locale.say("board-redo"), undo_state.can_redo)}
            <a class="button" id="history" href="/history" data-smooth>
                {Icon::History.draw()}
                <span>{locale.say("history-link")}</span>
            </a>
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

fn draw_empty(locale: Locale, only_page: bool, sending: &Sending) -> AnyView {
    let words = if only_page { locale.say("board-empty") } else { locale.say("page-empty") };
    view! {
        <div class="nothing">
            <p>{words}</p>
            <a class="button main" href=sending.catalogue() data-smooth>
                {Icon::Add.draw()}
                <span>{locale.say("board-add")}</span>
            </a>
        </div>
    }
    .into_any()
}
