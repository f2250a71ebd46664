//! The settings of a card: a form made of its widget's manifest.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_widget_api::{
    DayBound, Field, FieldError, FieldKind, Language, LookupMatch, Manifest, Settings, Widget,
    label_key,
};

use super::board::{self, Posted};
use super::lookup::{self, Looking, Settled};
use super::{RequestError, error};
use crate::app::App;
use crate::page_response::{PageOptions, render_page};
use crate::pages::sending::Sending;
use crate::pages::settings::{FieldFace, FieldFaceKind, SettingsPage, draw};
use crate::presenter::field_problem_in_words;
use crate::session::Session;
use voordeur_store::{Board, Card, Edit};

/// What was typed, by the id of the field.
pub type Typed = BTreeMap<String, String>;
/// What is wrong, by the id of the field.
pub type Problems = BTreeMap<String, FieldError>;

/// `GET /cards/{card}/settings`
pub async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    session: Session,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    // A card that was taken away has no settings to show; one whose form is sent then is asked about.
    let Some((card, widget)) = found(&app, &board, &id).filter(|_| board.card(&id).is_some())
    else {
        return Ok(error::missing(&app, &session));
    };
    let manifest = widget.manifest();
    let mut typed = card.settings.clone();
    for field in &manifest.fields {
        // A number is kept with a point, and shown as it is written in the citizen's language.
        if matches!(field.kind, FieldKind::Number { .. })
            && session.locale.language != Language::En
            && let Some(number) = typed.get_mut(&field.id)
        {
            *number = number.replace('.', ",");
        }
        // What was looked up is shown in its words, with its value beside.
        if matches!(field.kind, FieldKind::Lookup { .. })
            && let Some(label) = card.settings.get(&label_key(&field.id))
            && let Some(value) = typed.insert(field.id.clone(), label.clone())
        {
            typed.insert(format!("{}{}", field.id, lookup::VALUE), value);
        }
    }
    let found = BTreeMap::new();
    let sending = Sending::new(board.revision, board::page_of(&board, &id), true);
    let form = SettingsForm { manifest, card: &id, sending, typed: &typed, found };
    Ok(form.show(&app, &session, StatusCode::OK, None, &Problems::new()))
}

/// A card of a board, also one that was taken away, and its widget.
pub fn found<'a>(app: &App, board: &'a Board, id: &str) -> Option<(&'a Card, Arc<dyn Widget>)> {
    let card = board.card(id).or_else(|| board.removed_card(id).map(|gone| &gone.card))?;
    Some((card, app.catalogue().get(&card.widget)?.clone()))
}

/// `POST /cards/{card}/settings`
pub async fn save(
    Path(id): Path<String>,
    Posted { app, session, jar, sent }: Posted,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    let Some((card, widget)) = found(&app, &board, &id) else {
        return Ok(error::missing(&app, &session));
    };
    let manifest = widget.manifest();
    let mut typed: Typed = sent.with_prefix(PREFIX);

    let today = Timestamp::now().to_zoned(app.card_service.zone().clone()).date();
    let looking =
        Looking { app: &app, session: &session, widget: widget.as_ref(), kept: &card.settings };
    let mut settings = Settings::new();
    let mut problems = Problems::new();
    let mut choices = BTreeMap::new();
    for field in &manifest.fields {
        if matches!(field.kind, FieldKind::Lookup { .. }) {
            let Settled { answer, found } = looking.ensure_citizen(field, &typed).await;
            match answer {
                Ok(Some((value, label))) => {
                    settings.insert(field.id.clone(), value.clone());
                    // What was kept before words were kept stays as it is.
                    if label != value {
                        settings.insert(label_key(&field.id), label);
                    }
                }
                Ok(None) => {}
                Err(problem) => {
                    let words = typed.get(&field.id).cloned().unwrap_or_default();
                    typed.insert(format!("{}{}", field.id, lookup::SEARCHED), words);
                    problems.insert(field.id.clone(), problem);
                    choices.insert(field.id.clone(), found);
                }
            }
            continue;
        }
        let answer = typed.get(&field.id).map(String::as_str).unwrap_or_default();
        match field.validate_with_places(answer, today, voordeur_gazetteer::find) {
            Ok(Some(answer)) => {
                settings.insert(field.id.clone(), answer);
            }
            Ok(None) => {}
            Err(problem) => {
                problems.insert(field.id.clone(), problem);
            }
        }
    }
    if !problems.is_empty() {
        let locale = session.locale;
        let count = i64::try_from(problems.len()).unwrap_or(i64::MAX);
        let summary = locale.say_with("problem-summary", &[("count", count.into())]);
        let sending = Sending::new(sent.revision, sent.page().map(str::to_owned), true);
        let form = SettingsForm { manifest, card: &id, sending, typed: &typed, found: choices };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(form.show(&app, &session, status, Some(summary), &problems));
    }
    // When another tab was first, what was typed stands in the form that takes it all the same.
    let path = format!("/cards/{id}/settings");
    board::edits::make(&app, session, jar, &sent, &path, Edit::Configure { card: id, settings })
        .await
}

/// The inputs of fields have names of their own, so that no field can be mistaken for the revision.
pub const PREFIX: &str = "setting-";

/// The settings form, as it is shown.
pub struct SettingsForm<'a> {
    /// Of which widget.
    pub manifest: &'a Manifest,
    /// Of which card.
    pub card: &'a str,
    /// What it sends along.
    pub sending: Sending,
    /// What was typed.
    pub typed: &'a Typed,
    /// What can be chosen, by the id of the field that is looked up.
    pub found: BTreeMap<String, Vec<LookupMatch>>,
}

impl SettingsForm<'_> {
    /// The page.
    pub fn show(
        &self,
        app: &App,
        session: &Session,
        status: StatusCode,
        summary: Option<String>,
        problems: &Problems,
    ) -> Response {
        let locale = session.locale;
        let title = self.manifest.name.get(locale.language).to_owned();
        let fields = self
            .manifest
            .fields
            .iter()
            .map(|field| self.view_model(field, session, app.card_service.zone(), problems))
            .collect();
        let model = SettingsPage {
            locale,
            card: self.card.to_owned(),
            card_title: title.clone(),
            icon: self.manifest.icon.clone(),
            theme: self.manifest.theme.id().to_owned(),
            sending: self.sending.clone(),
            fields,
            summary,
        };
        let title = locale.say_with("settings-title", &[("card", title.into())]);
        let page_options = PageOptions { title, ..PageOptions::default() };
        render_page(app, session, status, page_options, || draw(model))
    }

    fn view_model(
        &self,
        field: &Field,
        session: &Session,
        zone: &TimeZone,
        problems: &Problems,
    ) -> FieldFace {
        let locale = session.locale;
        let said = |texts: &voordeur_widget_api::Texts| texts.get(locale.language).to_owned();
        let typed = self.typed.get(&field.id).map(String::as_str);
        let typed = typed.or(field.default.as_deref()).unwrap_or_default();
        let today = Timestamp::now().to_zoned(zone.clone()).date();
        // A day that moves along with today stands there as the day that it is.
        let day = match field.kind {
            FieldKind::Date { .. } => DayBound::parse(typed),
            _ => None,
        };
        let day = day.map(|bound| bound.day(today).to_string());
        let value = day.as_deref().unwrap_or(typed);
        let part = |part: &str| self.typed.get(&format!("{}{part}", field.id)).cloned();
        let bound = |bound: f64| locale.number(bound, u8::from(bound.fract() != 0.0));
        FieldFace {
            name: format!("{PREFIX}{}", field.id),
            label: said(&field.label),
            hint: field.hint.as_ref().map(said),
            kind: match &field.kind {
                FieldKind::Text { max_chars } => FieldFaceKind::Text { longest: *max_chars },
                FieldKind::Number { min, max, unit } => FieldFaceKind::Number {
                    least: bound(*min),
                    most: bound(*max),
                    unit: unit.clone(),
                },
                FieldKind::Choice { choices } => FieldFaceKind::Choice(
                    choices
                        .iter()
                        .map(|choice| (choice.value.clone(), said(&choice.label)))
                        .collect(),
                ),
                FieldKind::Toggle => FieldFaceKind::Toggle,
                FieldKind::Plate => FieldFaceKind::Plate,
                FieldKind::WebAddress => FieldFaceKind::WebAddress,
                FieldKind::Date { earliest, latest } => FieldFaceKind::Date {
                    earliest: earliest.map(|bound| bound.day(today).to_string()),
                    latest: latest.map(|bound| bound.day(today).to_string()),
                },
                FieldKind::Lookup { min_chars, max_matches } => FieldFaceKind::Lookup {
                    field: field.id.clone(),
                    address: format!("/cards/{}/look", self.card),
                    least: *min_chars,
                    chosen: part(lookup::VALUE),
                    searched: part(lookup::SEARCHED),
                    found: {
                        let found = self.found.get(&field.id).cloned().unwrap_or_default();
                        found.into_iter().take(*max_matches).collect()
                    },
                },
                FieldKind::Place => FieldFaceKind::Place {
                    own: session.place().municipality.get(locale.language).to_owned(),
                },
            },
            value: value.to_owned(),
            required: field.required && field.kind != FieldKind::Place,
            problem: problems
                .get(&field.id)
                .map(|problem| field_problem_in_words(problem, value, locale)),
        }
    }
}
