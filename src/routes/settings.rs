//! The settings of a card: a form made of the widget's manifest.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_shared::paths::{self, CardAction};
use voordeur_widget_api::{
    DayBound, Field, FieldError, FieldKind, Language, LookupMatch, Manifest, Settings, Widget,
    label_key,
};

use super::board::{self, EditRequest};
use super::lookup::{self, LookupOutcome, LookupResolver};
use super::{RequestError, error};
use crate::app::App;
use crate::page_response::{PageOptions, render_page};
use crate::pages::form_context::FormContext;
use crate::pages::settings::{FieldViewModel, FieldViewModelKind, LookupField, SettingsPage, draw};
use crate::presenter::describe_field_error;
use crate::session::Session;
use voordeur_store::{Board, Card, Edit};

/// The submitted values, by field id.
pub type SubmittedValues = BTreeMap<String, String>;
/// The errors, by field id.
pub type FieldErrors = BTreeMap<String, FieldError>;

/// `GET /cards/{card}/settings`
pub async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    session: Session,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    // A removed card has no settings to show; when its form is submitted, the conflict is shown.
    let Some((card, widget)) = find_card(&app, &board, &id).filter(|_| board.card(&id).is_some())
    else {
        return Ok(error::missing(&session));
    };
    let manifest = widget.manifest();
    let mut typed = card.settings.clone();
    for field in &manifest.fields {
        // A number is stored with a point and shown in the citizen's format.
        if matches!(field.kind, FieldKind::Number { .. })
            && session.locale.language != Language::En
            && let Some(number) = typed.get_mut(&field.id)
        {
            *number = number.replace('.', ",");
        }
        // A value that was looked up is shown by its label.
        if matches!(field.kind, FieldKind::Lookup { .. })
            && let Some(label) = card.settings.get(&label_key(&field.id))
            && let Some(value) = typed.insert(field.id.clone(), label.clone())
        {
            typed.insert(format!("{}{}", field.id, lookup::VALUE), value);
        }
    }
    let matches = BTreeMap::new();
    let form_context = FormContext::new(board.revision, board::page_of(&board, &id), true);
    let form = SettingsForm { manifest, card: &id, form_context, typed: &typed, matches };
    Ok(form.show(&app, &session, StatusCode::OK, None, &FieldErrors::new()))
}

/// A card of a board, also a removed one, and its widget.
pub fn find_card<'a>(app: &App, board: &'a Board, id: &str) -> Option<(&'a Card, Arc<dyn Widget>)> {
    let card = board.card(id).or_else(|| board.removed_card(id).map(|gone| &gone.card))?;
    Some((card, app.catalogue().get(&card.widget)?.clone()))
}

/// `POST /cards/{card}/settings`
pub async fn save(
    Path(id): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    let Some((card, widget)) = find_card(&app, &board, &id) else {
        return Ok(error::missing(&session));
    };
    let manifest = widget.manifest();
    let mut typed: SubmittedValues = form.with_prefix(PREFIX);

    let today = Timestamp::now().to_zoned(app.card_service.zone().clone()).date();
    let resolver =
        LookupResolver { app: &app, session: &session, widget: &widget, stored: &card.settings };
    let mut settings = Settings::new();
    let mut errors = FieldErrors::new();
    let mut choices = BTreeMap::new();
    for field in &manifest.fields {
        if matches!(field.kind, FieldKind::Lookup { .. }) {
            let LookupOutcome { answer, matches } = resolver.resolve(field, &typed).await;
            match answer {
                Ok(Some((value, label))) => {
                    settings.insert(field.id.clone(), value.clone());
                    // Values stored before labels existed stay as they are.
                    if label != value {
                        settings.insert(label_key(&field.id), label);
                    }
                }
                Ok(None) => {}
                Err(error) => {
                    let words = typed.get(&field.id).cloned().unwrap_or_default();
                    typed.insert(format!("{}{}", field.id, lookup::SEARCHED), words);
                    errors.insert(field.id.clone(), error);
                    choices.insert(field.id.clone(), matches);
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
            Err(error) => {
                errors.insert(field.id.clone(), error);
            }
        }
    }
    if errors.is_empty() && !board.has_room_for(&id, &settings) {
        let values = settings.iter().filter(|(key, _)| manifest.field(key).is_some());
        if let Some((longest, _)) = values.max_by_key(|(_, value)| value.len()) {
            errors.insert(longest.clone(), FieldError::BoardTooLarge);
        }
    }
    if !errors.is_empty() {
        let locale = session.locale;
        let count = i64::try_from(errors.len()).unwrap_or(i64::MAX);
        let summary = locale.say_with("problem-summary", &[("count", count.into())]);
        let form_context = FormContext::new(form.revision, form.page().map(str::to_owned), true);
        let form =
            SettingsForm { manifest, card: &id, form_context, typed: &typed, matches: choices };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(form.show(&app, &session, status, Some(summary), &errors));
    }
    // After a conflict, the form that applies the edit anyway contains what was typed.
    let path = paths::card(&id, CardAction::Settings);
    board::edits::apply_edit(
        &app,
        session,
        jar,
        &form,
        &path,
        Edit::Configure { card: id, settings },
    )
    .await
}

/// The prefix of the inputs of fields, so that no field can collide with the other inputs of the
/// form.
pub const PREFIX: &str = "setting-";

/// The settings form.
pub struct SettingsForm<'a> {
    pub manifest: &'a Manifest,
    pub card: &'a str,
    pub form_context: FormContext,
    pub typed: &'a SubmittedValues,
    /// The options of each look-up, by field id.
    pub matches: BTreeMap<String, Vec<LookupMatch>>,
}

impl SettingsForm<'_> {
    pub fn show(
        &self,
        app: &App,
        session: &Session,
        status: StatusCode,
        summary: Option<String>,
        errors: &FieldErrors,
    ) -> Response {
        let locale = session.locale;
        let title = self.manifest.name.get(locale.language).to_owned();
        let fields = self
            .manifest
            .fields
            .iter()
            .map(|field| self.view_model(field, session, app.card_service.zone(), errors))
            .collect();
        let model = SettingsPage {
            locale,
            card: self.card.to_owned(),
            card_title: title.clone(),
            icon: self.manifest.icon.clone(),
            theme: self.manifest.theme.id().to_owned(),
            form_context: self.form_context.clone(),
            fields,
            summary,
        };
        let title = locale.say_with("settings-title", &[("card", title.into())]);
        let page_options = PageOptions { title, ..PageOptions::default() };
        render_page(session, status, page_options, || draw(model))
    }

    fn view_model(
        &self,
        field: &Field,
        session: &Session,
        zone: &TimeZone,
        errors: &FieldErrors,
    ) -> FieldViewModel {
        let locale = session.locale;
        let said = |texts: &voordeur_widget_api::Texts| texts.get(locale.language).to_owned();
        let typed = self.typed.get(&field.id).map(String::as_str);
        let typed = typed.or(field.default.as_deref()).unwrap_or_default();
        let today = Timestamp::now().to_zoned(zone.clone()).date();
        // A day relative to today is shown as the date that it is.
        let day = match field.kind {
            FieldKind::Date { .. } => DayBound::parse(typed),
            _ => None,
        };
        let day = day.map(|bound| bound.day(today).to_string());
        let value = day.as_deref().unwrap_or(typed);
        let part = |part: &str| self.typed.get(&format!("{}{part}", field.id)).cloned();
        let bound = |bound: f64| locale.number(bound, u8::from(bound.fract() != 0.0));
        FieldViewModel {
            name: format!("{PREFIX}{}", field.id),
            label: said(&field.label),
            hint: field.hint.as_ref().map(said),
            kind: match &field.kind {
                FieldKind::Text { max_chars } => FieldViewModelKind::Text { longest: *max_chars },
                FieldKind::Number { min, max, unit } => FieldViewModelKind::Number {
                    least: bound(*min),
                    most: bound(*max),
                    unit: unit.clone(),
                },
                FieldKind::Choice { choices } => FieldViewModelKind::Choice(
                    choices
                        .iter()
                        .map(|choice| (choice.value.clone(), said(&choice.label)))
                        .collect(),
                ),
                FieldKind::Toggle => FieldViewModelKind::Toggle,
                FieldKind::Plate => FieldViewModelKind::Plate,
                FieldKind::WebAddress => FieldViewModelKind::WebAddress,
                FieldKind::Date { earliest, latest } => FieldViewModelKind::Date {
                    earliest: earliest.map(|bound| bound.day(today).to_string()),
                    latest: latest.map(|bound| bound.day(today).to_string()),
                },
                FieldKind::Lookup { min_chars, max_matches } => {
                    FieldViewModelKind::Lookup(LookupField {
                        field: field.id.clone(),
                        address: paths::card(self.card, CardAction::LookUp),
                        least: *min_chars,
                        chosen: part(lookup::VALUE),
                        searched: part(lookup::SEARCHED),
                        matches: {
                            let matches = self.matches.get(&field.id).cloned().unwrap_or_default();
                            matches.into_iter().take(*max_matches).collect()
                        },
                    })
                }
                FieldKind::Place => FieldViewModelKind::Place {
                    own: session.place().municipality.get(locale.language).to_owned(),
                },
            },
            value: value.to_owned(),
            required: field.required && field.kind != FieldKind::Place,
            error: errors.get(&field.id).map(|error| describe_field_error(error, value, locale)),
        }
    }
}
