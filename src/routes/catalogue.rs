//! The catalogue of widgets.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use futures::future::join_all;
use serde::Deserialize;
use voordeur_engine::{Catalogue, Entry};
use voordeur_widget_api::{
    Coverage, CoverageLevel, Evidence, FieldKind, Theme, Widget, search_key,
};

use super::find::{Searcher, describe_long_search};
use super::{RequestError, error};
use crate::app::App;
use crate::find::{is_short, ranks, shortened};
use crate::locale::Locale;
use crate::markup::Html;
use crate::page_response::{PageOptions, render_page};
use crate::pages::catalogue::{
    CatalogueEntry, CataloguePage, EntryGroup, Missing, MissingProfile, Suggestion, Suggestions,
    draw,
};
use crate::pages::form_context::FormContext;
use crate::pages::notice::{Notice, NoticeTone};
use crate::pages::sets::OfferedSet;
use crate::pages::theme_name;
use crate::pages::widget::{self, RequestSummary, WidgetPage, WidgetSample};
use crate::session::Session;
use crate::sets;
use crate::suggestions::{Neighbourhood, Preferences, Reason};
use crate::wanted;
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
    let minis = minis(&app, &catalogue, &session).await;
    let chosen_place = session.chosen_place();
    let near = chosen_place.as_ref().filter(|_| search.near.is_some());
    let home = session.place();
    let has_key = |variable: &str| app.upstream.has_api_key(variable);
    let searcher = Searcher {
        catalogue: &catalogue,
        locale,
        neighbourhood: Neighbourhood { place: &home, guessed: chosen_place.is_none() },
        has_key: &has_key,
    };
    let fits = |entry: &&Entry| {
        let manifest = entry.widget.manifest();
        is_searchable
            && theme.is_none_or(|theme| manifest.theme == theme)
            && near.is_none_or(|place| manifest.covers.covers(place).is_some())
    };
    let sifted = !typed.is_empty() || theme.is_some() || near.is_some();
    let entry = |found: &Entry| {
        let entry = entry(&app, found, &board, &session);
        // Services of other places are many, and a picture is half of an entry's bytes.
        let has_picture = sifted || entry.elsewhere.is_none();
        let mini = minis.get(&found.widget.manifest().id).filter(|_| has_picture);
        CatalogueEntry { mini: mini.cloned(), ..entry }
    };
    let (groups, far, missing) = match typed.is_empty() {
        true => {
            let entries = catalogue.entries().filter(fits);
            let entries = entries.map(|found| (found.widget.manifest().own, entry(found)));
            let (groups, far) = grouped(entries.collect(), locale);
            (groups, far, None)
        }
        false => {
            let Search { found, missing } = searched(&searcher, &typed, fits);
            let entries: Vec<CatalogueEntry> = found.into_iter().map(entry).collect();
            let group = (!entries.is_empty()).then_some(EntryGroup { heading: None, entries });
            (group.into_iter().collect(), Vec::new(), missing)
        }
    };
    let model = CataloguePage {
        locale,
        query,
        theme,
        place: chosen_place
            .as_ref()
            .map(|place| place.municipality.get(locale.language).to_owned()),
        near: near.is_some(),
        suggestions: (!sifted).then(|| suggestions(&app, &board, &session, &minis)),
        sets: if sifted { Vec::new() } else { offered_sets(&app, &session) },
        missing: missing.filter(|_| is_searchable),
        groups,
        far,
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

/// Widgets by theme, those that wait for a key of the operator last; the citizen's own after all
/// themes, and those for other places apart.
fn grouped(
    entries: Vec<(bool, CatalogueEntry)>,
    locale: Locale,
) -> (Vec<EntryGroup>, Vec<CatalogueEntry>) {
    let mut themes = Theme::ALL.map(|theme| (theme, Vec::new()));
    let (mut own, mut far) = (Vec::new(), Vec::new());
    for (is_own, entry) in entries {
        let of_theme = themes.iter_mut().find(|(theme, _)| *theme == entry.theme);
        match of_theme {
            _ if is_own => own.push(entry),
            _ if entry.elsewhere.is_some() => far.push(entry),
            Some((_, entries)) => entries.push(entry),
            None => {}
        }
    }
    let named = themes.into_iter().map(|(theme, entries)| (theme_name(locale, theme), entries));
    let named = named.chain([(locale.say("catalogue-own"), own)]);
    let groups = named.filter(|(_, entries)| !entries.is_empty()).map(|(heading, entries)| {
        EntryGroup { heading: Some(heading), entries: in_order(entries) }
    });
    (groups.collect(), in_order(far))
}

fn in_order(mut entries: Vec<CatalogueEntry>) -> Vec<CatalogueEntry> {
    entries.sort_by_key(|entry| (entry.key_missing.is_some(), entry.name.to_lowercase()));
    entries
}

/// The pictures of all widgets in a language, by id. The first visitor after a change of the
/// catalogue waits for them.
async fn minis(
    app: &App,
    catalogue: &Arc<Catalogue>,
    session: &Session,
) -> Arc<HashMap<String, Html>> {
    let draw = async || {
        let viewer = session.viewer();
        let drawn = catalogue.all().map(async |widget| {
            (widget.manifest().id.clone(), app.card_service.mini(widget, &viewer).await)
        });
        Ok::<_, Infallible>(join_all(drawn).await.into_iter().collect())
    };
    let Ok(minis) = app.widget_minis.get(catalogue, session.locale.language, draw).await;
    minis
}

/// The result of a search of the catalogue.
struct Search<'a> {
    /// The best first.
    found: Vec<&'a Entry>,
    /// The service that no widget shows yet, when that fits best or nothing fits.
    missing: Option<Missing>,
}

/// Searches the widgets that fit the other choices, and what no widget shows yet.
fn searched<'a>(
    searcher: &Searcher<'a>,
    typed: &str,
    fits: impl Fn(&&Entry) -> bool,
) -> Search<'a> {
    let manifests = searcher.manifests();
    let entries: Vec<&Entry> = manifests
        .into_iter()
        .filter_map(|manifest| searcher.catalogue.entry(&manifest.id))
        .filter(fits)
        .collect();
    let texts = entries.iter().map(|entry| searcher.text_of(entry.widget.manifest(), ""));
    let texts: Vec<String> =
        texts.chain(wanted::all().iter().map(|wanted| searcher.text_of_wanted(wanted))).collect();
    let ranks = ranks(&texts, typed);
    let (of_entries, of_wanted) = ranks.split_at(entries.len());
    let mut found: Vec<(u8, &Entry)> = of_entries
        .iter()
        .zip(entries)
        .filter_map(|(rank, entry)| Some(((*rank)?, entry)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    let best = found.first().map_or(u8::MAX, |(rank, _)| *rank);
    let wanted = of_wanted.iter().zip(wanted::all());
    let wanted = wanted.filter_map(|(rank, wanted)| Some(((*rank)?, wanted)));
    let wanted = wanted.min_by_key(|(rank, _)| *rank).filter(|(rank, _)| *rank < best);
    let missing = match wanted {
        Some((_, wanted)) => {
            let instead = searcher.instead_of(wanted);
            let mut own = searcher.instead();
            own.retain(|one| instead.iter().all(|other| other.href != one.href));
            let name = Some(wanted.name.get(searcher.locale.language).to_owned());
            Some(Missing { name, instead, own })
        }
        None => found.is_empty().then(|| Missing {
            name: None,
            instead: Vec::new(),
            own: searcher.instead(),
        }),
    };
    Search { found: found.into_iter().map(|(_, entry)| entry).collect(), missing }
}

/// The context of forms that add a card to a page of the board; to the first page if there is none
/// with this id.
fn form_context(board: &Board, page: Option<String>) -> FormContext {
    FormContext::new(board.revision, page.filter(|page| board.page(page).is_some()), false)
}

/// The sets of which some cards cover the citizen's place.
pub fn offered_sets(app: &App, session: &Session) -> Vec<OfferedSet> {
    let (catalogue, place, locale) = (app.catalogue(), session.place(), session.locale);
    let has_key = |variable: &str| app.upstream.has_api_key(variable);
    let offered = sets::all().iter().filter_map(|set| {
        let cards = sets::cards(set, &catalogue, &place, &has_key);
        let names = cards.iter().filter_map(|card| catalogue.get(&card.widget));
        let names: Vec<String> =
            names.map(|widget| widget.manifest().name.get(locale.language).to_owned()).collect();
        (!names.is_empty()).then(|| OfferedSet {
            id: set.id.clone(),
            name: set.name.get(locale.language).to_owned(),
            summary: set.summary.get(locale.language).to_owned(),
            icon: set.icon.clone(),
            cards: names.join(", "),
        })
    });
    offered.collect()
}

/// The suggestions that are not on the citizen's board yet.
fn suggestions(
    app: &App,
    board: &Board,
    session: &Session,
    minis: &HashMap<String, Html>,
) -> Suggestions {
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
            entry: CatalogueEntry {
                mini: minis.get(&catalogue_entry.widget.manifest().id).cloned(),
                ..entry(app, catalogue_entry, board, session)
            },
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
    let covers_home = match session.chosen_place() {
        Some(place) => manifest.covers.covers(&place).is_some(),
        None => manifest.covers.is_domestic(),
    };
    CatalogueEntry {
        id: manifest.id.clone(),
        name: manifest.name.get(locale.language).to_owned(),
        summary: manifest.summary.get(locale.language).to_owned(),
        theme: manifest.theme,
        icon: manifest.icon.clone(),
        publisher: manifest.publisher.name.clone(),
        // A tier says how well a service is read.
        tier: app.tiers.of(catalogue_entry).filter(|_| manifest.has_service()),
        on_board: board.cards().any(|card| card.widget == manifest.id),
        elsewhere: (!covers_home).then(|| describe_areas(&manifest.covers, locale)),
        key_missing: manifest
            .key
            .as_ref()
            .filter(|key| !app.upstream.has_api_key(&key.variable))
            .map(|key| key.url.clone()),
        mini: None,
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
    let WidgetSample { preview, requests } =
        WidgetSample::clone(&*sample_of(&app, widget, &session).await);
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
        own: manifest.own,
        links_only: manifest.links_only,
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

/// The first sample of a widget, drawn, and its requests: once per widget and language.
pub async fn sample_of(
    app: &App,
    widget: &Arc<dyn Widget>,
    session: &Session,
) -> Arc<WidgetSample> {
    // Each of both evaluates the sample.
    let evaluate = async || {
        let preview = app.card_service.preview(widget, &session.viewer()).await;
        let requests = requests(app, widget, session).await;
        Ok::<_, Infallible>(WidgetSample { preview, requests })
    };
    let key = (widget.manifest().id.clone(), session.locale.language);
    let Ok(sample) = app.widget_samples.get(&app.catalogue(), key, evaluate).await;
    sample
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
