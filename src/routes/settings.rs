//! The settings of a card: a form made of its widget's manifest.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::{CookieJar, Form};
use voordeur_contract::{Field, FieldKind, FieldProblem, Manifest, Settings, Widget};

use super::{Problem, board, problem};
use crate::app::App;
use crate::pages::settings::{FieldFace, FieldFaceKind, SettingsPage, draw};
use crate::present::field_problem_in_words;
use crate::render::{Around, page};
use crate::store::{Card, Edit, EditRefusal, StoreProblem};
use crate::visitor::Visitor;

/// What was typed, by the id of the field.
type Typed = BTreeMap<String, String>;
type Problems = BTreeMap<String, FieldProblem>;

/// `GET /cards/{card}/settings`
pub async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let board = visitor.board(&app).await?;
    let Some((card, widget)) = found(&app, &board.cards, &id) else {
        return Ok(problem::missing(&app, &visitor));
    };
    let manifest = widget.manifest();
    let typed = card.settings.clone();
    let form = SettingsForm { manifest, card: &id, revision: board.revision, typed: &typed };
    Ok(form.show(&app, &visitor, StatusCode::OK, None, &Problems::new()))
}

fn found<'a>(app: &App, cards: &'a [Card], id: &str) -> Option<(&'a Card, Arc<dyn Widget>)> {
    let card = cards.iter().find(|card| card.id == id)?;
    Some((card, app.catalogue().get(&card.widget)?.clone()))
}

/// `POST /cards/{card}/settings`
pub async fn save(
    State(app): State<App>,
    Path(id): Path<String>,
    mut visitor: Visitor,
    jar: CookieJar,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let board = visitor.board(&app).await?;
    let Some((_, widget)) = found(&app, &board.cards, &id) else {
        return Ok(problem::missing(&app, &visitor));
    };
    let manifest = widget.manifest();
    let mut typed = Typed::new();
    let mut revision = 0;
    for (name, value) in sent {
        if let Some(field) = name.strip_prefix(PREFIX) {
            typed.insert(field.to_owned(), value);
        } else if name == "revision" {
            revision = value.parse().unwrap_or_default();
        }
    }

    let mut settings = Settings::new();
    let mut problems = Problems::new();
    for field in &manifest.fields {
        let answer = typed.get(&field.id).map(String::as_str).unwrap_or_default();
        match voordeur_places::tidy(field, answer) {
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
        let locale = visitor.locale;
        let count = i64::try_from(problems.len()).unwrap_or(i64::MAX);
        let summary = locale.say_with("problem-summary", &[("count", count.into())]);
        let form = SettingsForm { manifest, card: &id, revision, typed: &typed };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(form.show(&app, &visitor, status, Some(summary), &problems));
    }

    let (citizen, jar) = visitor.settle(&app, jar).await?;
    let edit = Edit::Configure { card: id.clone(), settings };
    match app.store.edit(&citizen, revision, &edit).await {
        Ok(_) => {
            let to = board::address(true, &[("done", "settings"), ("card", &id)], Some(&id));
            Ok((jar, Redirect::to(&to)).into_response())
        }
        Err(StoreProblem::Conflict) => {
            let revision = app.store.board(&citizen).await?.revision;
            let form = SettingsForm { manifest, card: &id, revision, typed: &typed };
            let summary = Some(visitor.locale.say("conflict-settings"));
            let status = StatusCode::CONFLICT;
            Ok((jar, form.show(&app, &visitor, status, summary, &problems)).into_response())
        }
        Err(StoreProblem::Refused(EditRefusal::NoSuchCard)) => Ok(problem::missing(&app, &visitor)),
        Err(problem) => Err(problem.into()),
    }
}

/// The inputs of fields have names of their own, so that no field can be mistaken for the revision.
const PREFIX: &str = "setting-";

struct SettingsForm<'a> {
    manifest: &'a Manifest,
    card: &'a str,
    revision: i64,
    typed: &'a Typed,
}

impl SettingsForm<'_> {
    fn show(
        &self,
        app: &App,
        visitor: &Visitor,
        status: StatusCode,
        summary: Option<String>,
        problems: &Problems,
    ) -> Response {
        let locale = visitor.locale;
        let title = self.manifest.name.get(locale.language).to_owned();
        let fields =
            self.manifest.fields.iter().map(|field| self.face(field, visitor, problems)).collect();
        let model = SettingsPage {
            locale,
            card: self.card.to_owned(),
            card_title: title.clone(),
            icon: self.manifest.icon.clone(),
            theme: self.manifest.theme.id().to_owned(),
            revision: self.revision,
            fields,
            summary,
            back: "/?edit".to_owned(),
        };
        let title = locale.say_with("settings-title", &[("card", title.into())]);
        let around = Around { title, ..Around::default() };
        page(app, visitor, status, around, || draw(model))
    }

    fn face(&self, field: &Field, visitor: &Visitor, problems: &Problems) -> FieldFace {
        let locale = visitor.locale;
        let said = |texts: &voordeur_contract::Texts| texts.get(locale.language).to_owned();
        let typed = self.typed.get(&field.id).map(String::as_str);
        let value = typed.or(field.default.as_deref()).unwrap_or_default();
        let bound = |bound: f64| locale.number(bound, u8::from(bound.fract() != 0.0));
        FieldFace {
            name: format!("{PREFIX}{}", field.id),
            label: said(&field.label),
            hint: field.hint.as_ref().map(said),
            kind: match &field.kind {
                FieldKind::Text { longest } => FieldFaceKind::Text { longest: *longest },
                FieldKind::Number { least, most, unit } => FieldFaceKind::Number {
                    least: bound(*least),
                    most: bound(*most),
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
                FieldKind::Place => FieldFaceKind::Place {
                    own: visitor.place().municipality.get(locale.language).to_owned(),
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
