//! Chooses the facts of the band of today from the cards of all pages.

use voordeur_engine::Catalogue;
use voordeur_shared::paths;
use voordeur_store::{Board, Card};
use voordeur_widget_api::DayRole;

use crate::app::App;
use crate::cards::Viewer;
use crate::icons::Icon;
use crate::pages::board::band::BandFact;
use crate::view_model::TodayFact;

/// The parts of the day that the band has, in its order.
const ROLES: [DayRole; 5] = [
    DayRole::Weather,
    DayRole::Departure,
    DayRole::Warning,
    DayRole::Appointment,
    DayRole::Collection,
];

/// The facts of the cards of all pages but the one that is shown, each with its card. They are taken
/// from what the server has: no service is asked.
pub async fn of_other_pages(
    app: &App,
    catalogue: &Catalogue,
    board: &Board,
    shown: usize,
    viewer: &Viewer,
) -> Vec<(String, Vec<TodayFact>)> {
    let others = board.pages.iter().enumerate().filter(|(index, _)| *index != shown);
    let cards: Vec<&Card> = others.flat_map(|(_, page)| &page.cards).collect();
    if cards.is_empty() {
        return Vec::new();
    }
    app.card_service.today(catalogue, &cards, viewer).await
}

/// The facts to show, at most one for each part of the day: of equal ones that of the first card.
pub fn choose(
    app: &App,
    catalogue: &Catalogue,
    board: &Board,
    shown: usize,
    facts: &[(String, Vec<TodayFact>)],
) -> Vec<BandFact> {
    let is_sample = app.upstream.shows_samples();
    let of_role = |role: DayRole| {
        let facts = board.cards().filter_map(|card| facts.iter().find(|(id, _)| *id == card.id));
        let facts = facts.flat_map(|(card, facts)| facts.iter().map(move |fact| (card, fact)));
        facts.filter(move |(_, fact)| fact.role == role)
    };
    let chosen = ROLES.into_iter().filter_map(|role| {
        let (card, fact) = of_role(role).min_by_key(|(_, fact)| fact.rank)?;
        let warnings = of_role(role).map(|(_, fact)| fact.further.saturating_add(1)).sum::<usize>();
        let further = if role == DayRole::Warning { warnings.saturating_sub(1) } else { 0 };
        let fact = TodayFact { further, ..fact.clone() };
        band_fact(catalogue, board, shown, card, fact, is_sample)
    });
    chosen.collect()
}

/// The facts of one card, for the page that it is on.
pub fn of_card(
    app: &App,
    catalogue: &Catalogue,
    board: &Board,
    card: &str,
    facts: &[TodayFact],
) -> Vec<BandFact> {
    let is_sample = app.upstream.shows_samples();
    let Some(spot) = board.position_of(card) else { return Vec::new() };
    let facts = facts
        .iter()
        .filter_map(|fact| band_fact(catalogue, board, spot.page, card, fact.clone(), is_sample));
    facts.collect()
}

fn band_fact(
    catalogue: &Catalogue,
    board: &Board,
    shown: usize,
    card: &str,
    fact: TodayFact,
    is_sample: bool,
) -> Option<BandFact> {
    let spot = board.position_of(card)?;
    let widget = catalogue.get(&board.card(card)?.widget)?;
    let page = board.pages.get(spot.page).filter(|_| spot.page > 0);
    let page = page.map(|page| page.id.as_str());
    let path = if spot.page == shown { String::new() } else { paths::board(page, false) };
    let manifest = widget.manifest();
    Some(BandFact {
        fact,
        card: card.to_owned(),
        address: path + "#card-" + card,
        icon: Icon::named(&manifest.icon),
        theme: manifest.theme.id(),
        is_sample,
    })
}
