//! The catalogue of widgets.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use voordeur_engine::Entry;
use voordeur_widget_api::{
    Coverage, CoverageLevel, Evidence, FieldKind, Theme, Widget, search_key,
};

use super::find::{describe_long_search, search_text};
use super::{RequestError, error};
use crate::app::App;
use crate::find::{is_short, rank, shortened};
use crate::locale::Locale;
use crate::page_response::{PageOptions, render_page};
use crate::pages::catalogue::{
    CatalogueEntry, CataloguePage, MissingProfile, Suggestion, Suggestions, draw,
};
use crate::pages::form_context::FormContext;
use crate::pages::notice::{Notice, NoticeTone};
use crate::pages::theme_name;
use crate::pages::widget::{self, RequestSummary, WidgetPage, WidgetSample};
use crate::session::Session;
use crate::suggestions::{Preferences, Reason};
use voordeur_store::Board;

#[derive(Debug, Default, Deserialize)]
pub struct CatalogueQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    theme: String,
    /// Present when only widgets that cover the citizen's place are wanted.
    near: Option<String>,
    /// The page of the board from which the citizen came.
    page: Option<String>,
}

/// `GET /catalogue`
pub async fn show(
    State(app): State<App>,
    session: Session,
    Query(search): Query<CatalogueQuery>,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let board = session.board(&app).await?;
    let theme = Theme::from_id(&search.theme);
    let is_searchable = is_short(&search.q);
    let query = if is_searchable { search.q } else { shortened(&search.q) };
    let typed = search_key(&query);
    let catalogue = app.catalogue();
    let chosen_place = session.chosen_place();
    let near = chosen_place.as_ref().filter(|_| search.near.is_some());
    let mut entries: Vec<CatalogueEntry> = catalogue
        .entries()
        .filter(|_| is_searchable)
        .filter(|entry| theme.is_none_or(|theme| entry.widget.manifest().theme == theme))
        .filter(|entry| {
            near.is_none_or(|place| entry.widget.manifest().covers.covers(place).is_some())
        })
        .filter(|entry| rank(&search_text(entry.widget.manifest(), locale, &[]), &typed).is_some())
        .map(|catalogue_entry| entry(&app, catalogue_entry, &board, &session))
        .collect();
    entries.sort_by_key(|entry| (entry.elsewhere.is_some(), entry.name.to_lowercase()));
    let sifted = !typed.is_empty() || theme.is_some() || near.is_some();
    let model = CataloguePage {
        locale,
        query,
        theme,
        place: chosen_place
            .as_ref()
            .map(|place| place.municipality.get(locale.language).to_owned()),
        near: near.is_some(),
        suggestions: (!sifted).then(|| suggestions(&app, &board, &session)),
        entries,
        total: catalogue.all().count(),
        form_context: form_context(&board, search.page),
        notice: (!is_searchable).then(|| Notice {
            text: describe_long_search("catalogue-search", locale),
            tone: NoticeTone::Failed,
            actions: Vec::new(),
            keep: None,
        }),
    };
    let page_options = PageOptions {
        title: locale.say("catalogue-title"),
        current: Some("catalogue"),
        ..PageOptions::default()
    };
    Ok(render_page(&session, StatusCode::OK, page_options, || draw(model)))
}

/// The context of forms that add a card to a page of the board; to the first page if there is none
/// with this id.
fn form_context(board: &Board, page: Option<String>) -> FormContext {
    FormContext::new(board.revision, page.filter(|page| board.page(page).is_some()), false)
}

/// The suggestions that are not on the citizen's board yet.
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
        .map(|(catalogue_entry, reason)| Suggestion {
            entry: entry(app, catalogue_entry, board, session),
            reason: describe_reason(reason, town, locale),
        })
        .collect();
    let missing_profile = match (preferences.guessed, interests.is_empty()) {
        (true, true) => Some(MissingProfile::Everything),
        (true, false) => Some(MissingProfile::Place),
        (false, true) => Some(MissingProfile::Interests),
        (false, false) => None,
    };
    Suggestions { fitting, missing_profile }
}

/// The reason of a suggestion, as a sentence.
fn describe_reason(reason: Reason, town: &str, locale: Locale) -> String {
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

fn entry(app: &App, catalogue_entry: &Entry, board: &Board, session: &Session) -> CatalogueEntry {
    let locale = session.locale;
    let manifest = catalogue_entry.widget.manifest();
    let covers_home =
        session.chosen_place().is_none_or(|place| manifest.covers.covers(&place).is_some());
    CatalogueEntry {
        id: manifest.id.clone(),
        name: manifest.name.get(locale.language).to_owned(),
        summary: manifest.summary.get(locale.language).to_owned(),
        theme: manifest.theme,
        icon: manifest.icon.clone(),
        publisher: manifest.publisher.name.clone(),
        tier: app.tiers.of(catalogue_entry),
        on_board: board.cards().any(|card| card.widget == manifest.id),
        elsewhere: (!covers_home).then(|| describe_areas(&manifest.covers, locale)),
        key_missing: manifest
            .key
            .as_ref()
            .filter(|key| !app.upstream.has_api_key(&key.variable))
            .map(|key| key.url.clone()),
    }
}

fn describe_areas(covers: &Coverage, locale: Locale) -> String {
    let Coverage::Areas(areas) = covers else { return String::new() };
    let names = areas.iter().filter_map(voordeur_gazetteer::area_label);
    names.map(|name| name.get(locale.language).to_owned()).collect::<Vec<_>>().join(", ")
}

/// `GET /catalogue/{widget}`
pub async fn show_widget(
    State(app): State<App>,
    Path(id): Path<String>,
    session: Session,
    Query(search): Query<CatalogueQuery>,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let catalogue = app.catalogue();
    let Some(catalogue_entry) = catalogue.entry(&id).cloned() else {
        return Ok(error::missing(&session));
    };
    let widget = &catalogue_entry.widget;
    let manifest = widget.manifest();
    let board = session.board(&app).await?;
    let said = |texts: &voordeur_widget_api::Texts| texts.get(locale.language).to_owned();
    // Each of both evaluates the sample.
    let evaluate = async || {
        let preview = app.card_service.preview(widget, &session.viewer()).await;
        let requests = requests(&app, widget, &session).await;
        Ok::<_, Infallible>(WidgetSample { preview, requests })
    };
    let key = (manifest.id.clone(), locale.language);
    let Ok(sample) = app.widget_samples.get(&catalogue, key, evaluate).await;
    let WidgetSample { preview, requests } = WidgetSample::clone(&sample);
    let model = WidgetPage {
        locale,
        entry: entry(&app, &catalogue_entry, &board, &session),
        preview,
        sizes: manifest.size.steps().collect(),
        best_size: manifest.size.best,
        licence: match manifest.reads_own_address() {
            true => locale.say("own-licence"),
            false => manifest.licence.name.clone(),
        },
        licence_url: manifest.licence.url.clone(),
        publisher_url: manifest.publisher.url.clone(),
        covers: match &manifest.covers {
            Coverage::Everywhere => locale.say("widget-covers-everywhere"),
            areas @ Coverage::Areas(_) => describe_areas(areas, locale),
        },
        pace: locale.interval(manifest.pace.0),
        hosts: manifest.hosts.clone(),
        evidence: match manifest.evidence {
            Evidence::Recorded => locale.say("evidence-recorded"),
            Evidence::Client => locale.say("evidence-client"),
            Evidence::Documented => locale.say("evidence-documented"),
        },
        requests,
        fields: manifest
            .fields
            .iter()
            .map(|field| (said(&field.label), field.hint.as_ref().map(said)))
            .collect(),
        form_context: form_context(&board, search.page),
        notice: None,
    };
    let page_options = PageOptions { title: model.entry.name.clone(), ..PageOptions::default() };
    Ok(render_page(&session, StatusCode::OK, page_options, || widget::draw(model)))
}

/// The requests of a widget, with the citizen's data in each: the very requests that it makes for
/// its sample.
async fn requests(app: &App, widget: &Arc<dyn Widget>, session: &Session) -> Vec<RequestSummary> {
    let (locale, client) = (session.locale, session.client);
    let requests = app.card_service.requests_of_sample(widget, locale.language, client).await;
    requests
        .unwrap_or_default()
        .into_iter()
        .filter_map(|request| {
            let url = url::Url::parse(&request.url).ok()?;
            Some(RequestSummary {
                host: url.host_str()?.to_owned(),
                method: match request.method {
                    voordeur_widget_api::Method::Get => "GET".to_owned(),
                    voordeur_widget_api::Method::Post => "POST".to_owned(),
                },
                facts: describe_personal_data(widget.as_ref(), &request.id, locale),
                request_address: request.url,
            })
        })
        .collect()
}

/// The citizen's data in a request.
pub fn describe_personal_data(widget: &dyn Widget, request: &str, locale: Locale) -> Vec<String> {
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
