//! The board: a citizen's start page, viewed or arranged.

pub mod band;
pub mod conflict_choice;
pub mod tabs;

use leptos::prelude::*;
use voordeur_shared::lanes::{Places, Rows};
use voordeur_shared::{CardWidth, paths};

use self::band::BandFact;
use self::conflict_choice::ConflictChoice;
use self::tabs::{PageFormInput, PagePosition, Tab};
use super::card::{self, CardLabels, CardsContext, OtherPage};
use super::form_context::FormContext;
use super::notice::{self, Notice};
use super::own_list::OwnList;
use super::welcome::{self, Welcome};
use super::{RenderedPage, arranging};
use crate::blocks::DrawnCard;
use crate::icons::{Icon, Icons};
use crate::locale::Locale;
use crate::markup::Html;
use voordeur_store::UndoState;

pub struct BoardPage {
    pub locale: Locale,
    /// `Goedemorgen`, without a full stop.
    pub greeting: String,
    pub date: String,
    pub place: String,
    /// Whether the place is the default rather than the citizen's.
    pub place_is_guess: bool,
    /// The questions for a new citizen.
    pub welcome: Option<Welcome>,
    pub form_context: FormContext,
    pub tabs: Vec<Tab>,
    pub page: PagePosition,
    /// A rejected form of a page, as it was filled in.
    pub typed: Option<PageFormInput>,
    pub steps: UndoState,
    pub cards: Vec<PlacedCard>,
    /// The seconds until the page tells of a day that is over.
    pub day_ends_in: i64,
    pub notice: Option<Notice>,
    /// Two versions of a card to choose from.
    pub choice: Option<ConflictChoice>,
    pub samples: bool,
    /// The facts of today, of the cards of all pages.
    pub today: Vec<BandFact>,
}

/// The rows of the link to where a card of the citizen's own is written.
const WRITE_LINK_ROWS: u16 = 5;

/// A card, and the changes that are possible for it.
pub struct PlacedCard {
    pub id: String,
    pub size: CardWidth,
    /// Its place on a board of two, three and four lanes.
    pub places: Places,
    pub drawn: DrawnCard,
    pub earlier: bool,
    pub later: bool,
    pub wider: Option<CardWidth>,
    pub narrower: Option<CardWidth>,
    /// The narrowest readable width.
    pub smallest: CardWidth,
    /// Whether its widget is known, so that it has settings.
    pub has_settings: bool,
    /// Whether it was just added or set up.
    pub highlight: bool,
    /// Whether only the heading and one line are shown.
    pub folded: bool,
    /// Whether it is the citizen's own, without a service to ask.
    pub own: bool,
    /// Whether a service is asked for the content.
    pub has_service: bool,
    /// The items of its list, if it has one and is not folded.
    pub list: Option<OwnList>,
}

impl PlacedCard {
    /// The rows that it takes.
    pub fn rows(&self, editing: bool) -> Rows {
        let rows = self.drawn.view_model.rows;
        match (editing, self.has_write_link(editing)) {
            (true, _) => rows.while_arranged(self.size),
            (false, true) => rows.of(self.size).map(|rows| rows.saturating_add(WRITE_LINK_ROWS)),
            (false, false) => rows.of(self.size),
        }
    }

    /// Whether a link leads to where the citizen writes it. While the board is arranged, a tool does.
    pub fn has_write_link(&self, editing: bool) -> bool {
        self.own && self.has_settings && !editing && !self.folded
    }
}

pub fn draw(page: BoardPage) -> RenderedPage {
    let (locale, editing) = (page.locale, page.form_context.editing);
    let tabbed = editing || page.tabs.len() > 1;
    let icons = icons_of(&page, tabbed);
    let form_context = page.form_context;
    let empty = page.cards.is_empty();
    let only_page = page.tabs.len() == 1;
    let others: Vec<OtherPage> = page
        .tabs
        .iter()
        .filter(|tab| !tab.current)
        .map(|tab| OtherPage { id: tab.id.clone(), name: tabs::page_name(&tab.name, locale) })
        .collect();
    let fields = Html::of(&form_context.draw());
    let cards_context = CardsContext {
        words: CardLabels::new(locale),
        others,
        form_context: &form_context,
        fields,
    };
    let cards =
        page.cards.iter().map(|placed| card::draw(placed, &cards_context)).collect::<Vec<_>>();
    let lead = draw_lead(locale, page.date, page.place, page.place_is_guess);
    let main = view! {
        <div class="wrap">
            <div class="greeting">
                <h1>{page.greeting}</h1>
                {lead}
                {page.samples.then(|| view! { <p class="hint samples">{Icon::Info.draw()}<span>{locale.say("board-samples")}</span></p> })}
            </div>
            {tabbed.then(|| tabs::draw(locale, page.tabs, page.page, page.typed, &form_context))}
            {match page.choice {
                Some(choice) => conflict_choice::draw(choice),
                None => notice::draw(page.notice),
            }}
            {editing.then(|| draw_bar(locale, page.steps, &form_context))}
            {page.welcome.map(|welcome| welcome::draw_band(locale, welcome))}
            {(!editing).then(|| band::draw(locale, page.today))}
            {empty.then(|| draw_empty(locale, only_page, &form_context))}
            {editing.then(|| arranging::words(locale))}
            <div class="lanes"><section
                class="grid"
                id="cards"
                data-arrange=editing
                data-day-ends=page.day_ends_in.to_string()
                aria-label=locale.say("board-cards")
            >
                {cards}
            </section></div>
        </div>
    }
    .into_any();
    RenderedPage { main, icons }
}

/// The date and the place, below the greeting.
fn draw_lead(locale: Locale, date: String, place: String, is_guess: bool) -> impl IntoView {
    view! {
        <p class="today">
            <span>{date}</span>
            " "
            <a class="where" href=paths::WELCOME data-smooth>
                {Icon::Place.draw()}
                <span class="vh">{locale.say("board-place")} ": "</span>
                <span>{place}</span>
                {is_guess.then(|| view! { " " <small>{locale.say("board-place-guess")}</small> })}
            </a>
        </p>
    }
}

/// The icons of the board's page.
fn icons_of(page: &BoardPage, tabbed: bool) -> Icons {
    let pictures = page.choice.iter().flat_map(ConflictChoice::icons);
    let mut icons = Icons::default()
        .with_all(Icons::IN_CARD_BODIES)
        .with_all(pictures)
        .with_all(page.cards.iter().map(|card| Icon::named(&card.drawn.view_model.icon)))
        .with_all(page.today.iter().map(|fact| fact.icon))
        .with_all([Icon::Refresh, Icon::Fold, Icon::Unfold, Icon::More, Icon::Settings]);
    if page.cards.iter().any(|card| card.list.is_some()) {
        icons = icons.with_all([Icon::Add, Icon::Done]);
    }
    if tabbed {
        icons = icons.with_all(page.tabs.iter().map(|tab| Icon::named(&tab.icon)));
    }
    if page.form_context.editing {
        icons = icons.with_all(tabs::PAGE_ICONS.map(|(icon, _)| icon)).with_all([
            Icon::Handle,
            Icon::Earlier,
            Icon::Later,
            Icon::Narrower,
            Icon::Wider,
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
    icons
}

/// The toolbar for arranging the board.
fn draw_bar(locale: Locale, steps: UndoState, form_context: &FormContext) -> AnyView {
    let step = |id: &'static str, path: &'static str, icon: Icon, words: String, possible: bool| {
        view! {
            <form method="post" action=path data-action=id>
                {form_context.draw()}
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
            <a class="button main" id="add-card" href=form_context.catalogue() data-smooth>
                {Icon::Add.draw()}
                <span>{locale.say("board-add")}</span>
            </a>
            {step("undo", paths::UNDO, Icon::Undo, locale.say("board-undo"), steps.can_undo)}
            {step("redo", paths::REDO, Icon::Redo, locale.say("board-redo"), steps.can_redo)}
            <a class="button" id="history" href=paths::HISTORY data-smooth>
                {Icon::History.draw()}
                <span>{locale.say("history-link")}</span>
            </a>
        </div>
    }
    .into_any()
}

fn draw_empty(locale: Locale, only_page: bool, form_context: &FormContext) -> AnyView {
    let words = if only_page { locale.say("board-empty") } else { locale.say("page-empty") };
    view! {
        <div class="nothing">
            <p>{words}</p>
            <a class="button main" href=form_context.catalogue() data-smooth>
                {Icon::Add.draw()}
                <span>{locale.say("board-add")}</span>
            </a>
        </div>
    }
    .into_any()
}
