//! All widgets, to choose from.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use voordeur_contract::{Evidence, FieldKind, Theme, Widget};
use voordeur_widgets::Entry;

use super::{Problem, problem};
use crate::app::App;
use crate::locale::Locale;
use crate::pages::catalogue::{CatalogueEntry, CataloguePage, draw};
use crate::pages::theme_name;
use crate::pages::widget::{self, AskedFact, WidgetPage};
use crate::render::{Around, page};
use crate::store::Board;
use crate::visitor::Visitor;

/// What is searched for.
#[derive(Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    theme: String,
}

/// `GET /catalogue`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(search): Query<Search>,
) -> Result<Response, Problem> {
    let locale = visitor.locale;
    let board = visitor.board(&app).await?;
    let theme = Theme::from_id(&search.theme);
    let words: Vec<String> = search.q.split_whitespace().map(str::to_lowercase).collect();
    let catalogue = app.catalogue();
    let mut entries: Vec<CatalogueEntry> = catalogue
        .entries()
        .filter(|entry| theme.is_none_or(|theme| entry.widget.manifest().theme == theme))
        .filter(|entry| matches(entry.widget.as_ref(), &words, locale))
        .map(|found| entry(&app, found, &board, locale))
        .collect();
    entries.sort_by_key(|entry| entry.name.to_lowercase());
    let model = CataloguePage {
        locale,
        query: search.q,
        theme,
        entries,
        total: catalogue.all().count(),
        revision: board.revision,
        notice: None,
    };
    let around = Around {
        title: locale.say("catalogue-title"),
        current: Some("catalogue"),
        ..Around::default()
    };
    Ok(page(&app, &visitor, StatusCode::OK, around, || draw(model)))
}

/// Every word stands in what is said about the widget, in the citizen's language.
fn matches(widget: &dyn Widget, words: &[String], locale: Locale) -> bool {
    let manifest = widget.manifest();
    let said = [
        manifest.name.get(locale.language),
        manifest.summary.get(locale.language),
        &theme_name(locale, manifest.theme),
        &manifest.publisher.name,
        &manifest.id,
    ]
    .join(" ")
    .to_lowercase();
    words.iter().all(|word| said.contains(word))
}

fn entry(app: &App, found: &Entry, board: &Board, locale: Locale) -> CatalogueEntry {
    let manifest = found.widget.manifest();
    CatalogueEntry {
        id: manifest.id.clone(),
        name: manifest.name.get(locale.language).to_owned(),
        summary: manifest.summary.get(locale.language).to_owned(),
        theme: manifest.theme,
        icon: manifest.icon.clone(),
        publisher: manifest.publisher.name.clone(),
        tier: app.tiers.of(found),
        on_board: board.cards().any(|card| card.widget == manifest.id),
        key_missing: manifest
            .key
            .as_ref()
            .filter(|key| !app.hub.has_key(&key.variable))
            .map(|key| key.url.clone()),
    }
}

/// `GET /catalogue/{widget}`
pub async fn show_widget(
    State(app): State<App>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let locale = visitor.locale;
    let Some(found) = app.catalogue().entry(&id).cloned() else {
        return Ok(problem::missing(&app, &visitor));
    };
    let widget = &found.widget;
    let manifest = widget.manifest();
    let board = visitor.board(&app).await?;
    let said = |texts: &voordeur_contract::Texts| texts.get(locale.language).to_owned();
    let model = WidgetPage {
        locale,
        entry: entry(&app, &found, &board, locale),
        preview: Some(app.desk.preview(widget.as_ref(), locale)),
        licence: manifest.licence.name.clone(),
        licence_url: manifest.licence.url.clone(),
        publisher_url: manifest.publisher.url.clone(),
        pace: pace_in_words(manifest.pace.0, locale),
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
        revision: board.revision,
        notice: None,
    };
    let around = Around { title: model.entry.name.clone(), ..Around::default() };
    Ok(page(&app, &visitor, StatusCode::OK, around, || widget::draw(model)))
}

fn pace_in_words(pace: Duration, locale: Locale) -> String {
    let minutes = i64::try_from(pace.as_secs() / 60).unwrap_or(i64::MAX).max(1);
    if minutes < 60 {
        locale.say_with("every-minutes", &[("count", minutes.into())])
    } else if minutes < 24 * 60 {
        locale.say_with("every-hours", &[("count", (minutes / 60).into())])
    } else {
        locale.say_with("every-days", &[("count", (minutes / (24 * 60)).into())])
    }
}

/// What is sent to which host when the widget is used: the very requests it makes for its sample, each with the facts about the citizen
/// that it is made from.
fn asked(app: &App, widget: &dyn Widget, locale: Locale) -> Vec<AskedFact> {
    app.desk
        .requests_of_sample(widget, locale.language)
        .into_iter()
        .filter_map(|request| {
            let url = url::Url::parse(&request.url).ok()?;
            Some(AskedFact {
                host: url.host_str()?.to_owned(),
                method: match request.method {
                    voordeur_contract::Method::Get => "GET".to_owned(),
                    voordeur_contract::Method::Post => "POST".to_owned(),
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
        .facts_sent(request)
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
