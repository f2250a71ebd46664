//! All widgets, to choose from.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use voordeur_engine::Entry;
use voordeur_widget_api::{
    Coverage, CoverageLevel, Evidence, FieldKind, Theme, Widget, search_key,
};

use super::find::said;
use super::{RequestError, error};
use crate::app::App;
use crate::find::rank;
use crate::locale::Locale;
use crate::page_response::{PageOptions, render_page};
use crate::pages::catalogue::{
    CatalogueEntry, CataloguePage, Suggested, Suggestions, Untold, draw,
};
use crate::pages::sending::Sending;
use crate::pages::theme_name;
use crate::pages::widget::{self, AskedFact, WidgetPage};
use crate::session::Session;
use crate::suggestions::{Preferences, Reason};
use voordeur_store::Board;

/// What is searched for.
#[derive(Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    theme: String,
    /// Sent when only what covers the citizen's own place is wanted.
    near: Option<String>,
    /// The page of the board from which the citizen came.
    page: Option<String>,
}

/// `GET /catalogue`
pub async fn show(
    State(app): State<App>,
    session: Session,
    Query(search): Query<Search>,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let board = session.board(&app).await?;
    let theme = Theme::from_id(&search.theme);
    let typed = search_key(&search.q);
    let catalogue = app.catalogue();
    let chosen_place = session.chosen_place();
    let near = chosen_place.as_ref().filter(|_| search.near.is_some());
    let mut entries: Vec<CatalogueEntry> = catalogue
        .entries()
        .filter(|entry| theme.is_none_or(|theme| entry.widget.manifest().theme == theme))
        .filter(|entry| {
            near.is_none_or(|place| entry.widget.manifest().covers.covers(place).is_some())
        })
        .filter(|entry| rank(&said(entry.widget.manifest(), locale, &[]), &typed).is_some())
        .map(|found| entry(&app, found, &board, &session))
        .collect();
    entries.sort_by_key(|entry| (entry.elsewhere.is_some(), entry.name.to_lowercase()));
    let sifted = !typed.is_empty() || theme.is_some() || near.is_some();
    let model = CataloguePage {
        locale,
        query: search.q,
        theme,
        place: chosen_place
            .as_ref()
            .map(|place| place.municipality.get(locale.language).to_owned()),
        near: near.is_some(),
        suggestions: (!sifted).then(|| suggestions(&app, &board, &session)),
        entries,
        total: catalogue.all().count(),
        sending: sending(&board, search.page),
        notice: None,
    };
    let page_options = PageOptions {
        title: locale.say("catalogue-title"),
        current: Some("catalogue"),
        ..PageOptions::default()
    };
    Ok(render_page(&app, &session, StatusCode::OK, page_options, || draw(model)))
}

/// What forms send along that add a card to a page of the board; to the first when there is none of that name.
fn sending(board: &Board, page: Option<String>) -> Sending {
    Sending::new(board.revision, page.filter(|page| board.page(page).is_some()), false)
}

/// What fits the citizen and is not on their board yet.
fn suggestions(app: &App, board: &Board, session: &Session) -> Suggestions {
    let locale = session.locale;
    let interests = session.citizen.as_ref().map_or(&[][..], |citizen| &citizen.interests);
    let place = session.place();
    let preferences =
        Preferences { place: &place, guessed: session.chosen_place().is_none(), interests };
    let catalogue = app.catalogue();
    let can_be_added = catalogue.entries().filter(|entry| {
        let manifest = entry.widget.manifest();
        let here = board.cards().any(|card| card.widget == manifest.id);
        let works = manifest.key.as_ref().is_none_or(|key| app.upstream.has_api_key(&key.variable));
        !here && works
    });
    let town = place.municipality.get(locale.language);
    let fitting = preferences
        .suggest(can_be_added)
        .into_iter()
        .map(|(found, reason)| Suggested {
            entry: entry(app, found, board, session),
            reason: in_words(reason, town, locale),
        })
        .collect();
    let untold = match (preferences.guessed, interests.is_empty()) {
        (true, true) => Some(Untold::Everything),
        (true, false) => Some(Untold::Place),
        (false, true) => Some(Untold::Interests),
        (false, false) => None,
    };
    Suggestions { fitting, untold }
}

/// Why a widget is suggested, as a sentence.
fn in_words(reason: Reason, town: &str, locale: Locale) -> String {
    let place = ("place", town.into());
    let theme = |theme| ("theme", theme_name(locale, theme).into());
    match (reason.near, reason.interest) {
        (None, None) => String::new(),
        (None, Some(chosen)) => locale.say_with("reason-interest", &[theme(chosen)]),
        (Some(CoverageLevel::World | CoverageLevel::Country), None) => locale.say("reason-country"),
        (Some(CoverageLevel::World | CoverageLevel::Country), Some(chosen)) => {
            locale.say_with("reason-country-interest", &[theme(chosen)])
        }
        (Some(_), None) => locale.say_with("reason-place", &[place]),
        (Some(_), Some(chosen)) => {
            locale.say_with("reason-place-interest", &[place, theme(chosen)])
        }
    }
}

fn entry(app: &App, found: &Entry, board: &Board, session: &Session) -> CatalogueEntry {
    let locale = session.locale;
    let manifest = found.widget.manifest();
    let covers_home =
        session.chosen_place().is_none_or(|place| manifest.covers.covers(&place).is_some());
    CatalogueEntry {
        id: manifest.id.clone(),
        name: manifest.name.get(locale.language).to_owned(),
        summary: manifest.summary.get(locale.language).to_owned(),
        theme: manifest.theme,
        icon: manifest.icon.clone(),
        publisher: manifest.publisher.name.clone(),
        tier: app.tiers.of(found),
        on_board: board.cards().any(|card| card.widget == manifest.id),
        elsewhere: (!covers_home).then(|| areas_in_words(&manifest.covers, locale)),
        key_missing: manifest
            .key
            .as_ref()
            .filter(|key| !app.upstream.has_api_key(&key.variable))
            .map(|key| key.url.clone()),
    }
}

/// The areas that a service covers.
fn areas_in_words(covers: &Coverage, locale: Locale) -> String {
    let Coverage::Areas(areas) = covers else { return String::new() };
    let names = areas.iter().filter_map(voordeur_gazetteer::area_label);
    names.map(|name| name.get(locale.language).to_owned()).collect::<Vec<_>>().join(", ")
}

/// `GET /catalogue/{widget}`
pub async fn show_widget(
    State(app): State<App>,
    Path(id): Path<String>,
    session: Session,
    Query(search): Query<Search>,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let Some(found) = app.catalogue().entry(&id).cloned() else {
        return Ok(error::missing(&app, &session));
    };
    let widget = &found.widget;
    let manifest = widget.manifest();
    let board = session.board(&app).await?;
    let said = |texts: &voordeur_widget_api::Texts| texts.get(locale.language).to_owned();
    let model = WidgetPage {
        locale,
        entry: entry(&app, &found, &board, &session),
        preview: app.card_service.preview(widget.as_ref(), locale),
        sizes: manifest.size.steps().collect(),
        best_size: manifest.size.best,
        licence: manifest.licence.name.clone(),
        licence_url: manifest.licence.url.clone(),
        publisher_url: manifest.publisher.url.clone(),
        covers: match &manifest.covers {
            Coverage::Everywhere => locale.say("widget-covers-everywhere"),
            areas @ Coverage::Areas(_) => areas_in_words(areas, locale),
        },
        pace: locale.pace(manifest.pace.0),
        hosts: manifest.hosts.clone(),
        evidence: match manifest.evidence {
            Evidence::Recorded => locale.say("evidence-recorded"),
            Evidence::Client => locale.say("evidence-client"),
            Evidence::Documented => locale.say("evidence-documented"),
        },
        asked: asked(&app, widget.as_ref(), locale),
        fields: manifest
            .fields
            .iter()
            .map(|field| (said(&field.label), field.hint.as_ref().map(said)))
            .collect(),
        sending: sending(&board, search.page),
        notice: None,
    };
    let page_options = PageOptions { title: model.entry.name.clone(), ..PageOptions::default() };
    Ok(render_page(&app, &session, StatusCode::OK, page_options, || widget::draw(model)))
}

/// What is sent to which host when the widget is used: the very requests it makes for its sample, each with the facts about the citizen
/// that it is made from.
fn asked(app: &App, widget: &dyn Widget, locale: Locale) -> Vec<AskedFact> {
    app.card_service
        .requests_of_sample(widget, locale.language)
        .into_iter()
        .filter_map(|request| {
            let url = url::Url::parse(&request.url).ok()?;
            Some(AskedFact {
                host: url.host_str()?.to_owned(),
                method: match request.method {
                    voordeur_widget_api::Method::Get => "GET".to_owned(),
                    voordeur_widget_api::Method::Post => "POST".to_owned(),
                },
                facts: facts_in_words(widget, &request.id, locale),
                request_address: request.url,
            })
        })
        .collect()
}

/// The facts about the citizen that a request is made from, in words.
pub fn facts_in_words(widget: &dyn Widget, request: &str, locale: Locale) -> Vec<String> {
    let manifest = widget.manifest();
    let mut facts: Vec<String> = widget
        .fields_sent(request)
        .into_iter()
        .map(|fact| match manifest.field(&fact) {
            Some(field) if field.kind != FieldKind::Place => {
                field.label.get(locale.language).to_owned()
            }
            _ => locale.say("fact-place"),
        })
        .collect();
    facts.dedup();
    facts
}
