//! The settings of a card: a form made of the widget's manifest.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use voordeur_shared::Completed;
use voordeur_shared::paths::{self, CardAction};
use voordeur_widget_api::{
    DayBound, Field, FieldError, FieldKind, Language, LookupMatch, MAX_ITEM_CHARS, MAX_ITEMS,
    MAX_LINKS, MAX_TITLE_CHARS, Manifest, Settings, TITLE_KEY, Widget, label_key,
};

use super::board::{self, EditRequest};
use super::lookup::{self, LookupOutcome, LookupResolver};
use super::{RequestError, catalogue, error};
use crate::app::App;
use crate::blocks::DrawnCard;
use crate::page_response::{PageOptions, render_page};
use crate::pages::form_context::FormContext;
use crate::pages::settings::{
    FieldViewModel, FieldViewModelKind, LookupField, SettingsPage, TAKE, draw,
};
use crate::presenter::describe_field_error;
use crate::session::Session;
use voordeur_store::{Board, Card, Edit};

/// The submitted values, by field id.
pub type SubmittedValues = BTreeMap<String, String>;
/// The errors, by field id.
pub type FieldErrors = BTreeMap<String, FieldError>;

/// The query of the address of settings.
#[derive(Debug, Default, Deserialize)]
pub struct SettingsQuery {
    /// Says where they were opened: see [`paths::card_settings`].
    #[serde(default)]
    from: String,
}

/// `GET /cards/{card}/settings`
pub async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    session: Session,
    Query(query): Query<SettingsQuery>,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    // A removed card has no settings to show; when its form is submitted, the conflict is shown.
    let Some((card, widget)) = find_card(&app, &board, &id).filter(|_| board.card(&id).is_some())
    else {
        // A browser without cookies has no board to keep the card on: that is said there.
        let done = match query.from.as_str() {
            paths::AFTER_ADDING => Some(Completed::Add),
            paths::AFTER_WELCOME => Some(Completed::Welcome),
            _ => None,
        };
        return Ok(match done.filter(|_| session.citizen.is_none()) {
            Some(done) => {
                Redirect::to(&board::BoardAddress::default().with(done, &[])).into_response()
            }
            None => error::missing(&session),
        });
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
    let editing = query.from == paths::FROM_EDITING;
    let form_context = FormContext::new(board.revision, board::page_of(&board, &id), editing);
    let lead = match query.from.as_str() {
        paths::AFTER_ADDING => "settings-after-adding",
        paths::AFTER_WELCOME => "settings-after-welcome",
        _ => "settings-lead",
    };
    // A citizen who has just added a card does not know yet what it will show.
    let preview = match lead {
        "settings-lead" => None,
        _ => Some(catalogue::sample_of(&app, &widget, &session).await.preview.clone()),
    };
    let form =
        SettingsForm { manifest, card: &id, form_context, typed: &typed, matches, lead, preview };
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
        // A name that was offered takes the place of what was typed.
        if let Some(taken) = typed.remove(&format!("{}{TAKE}", field.id)) {
            typed.insert(field.id.clone(), taken);
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
    match own_title(form.value(TITLE).unwrap_or_default()) {
        Ok(Some(title)) => {
            settings.insert(TITLE_KEY.to_owned(), title);
        }
        Ok(None) => {}
        Err(error) => {
            errors.insert(TITLE_KEY.to_owned(), error);
        }
    }
    typed.insert(TITLE_KEY.to_owned(), form.value(TITLE).unwrap_or_default().to_owned());
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
        let page = form.page().map(str::to_owned);
        let form_context = FormContext::new(form.revision, page, form.editing());
        let form = SettingsForm {
            manifest,
            card: &id,
            form_context,
            typed: &typed,
            matches: choices,
            lead: "settings-lead",
            preview: None,
        };
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

/// The input of the title of one's own.
pub const TITLE: &str = "title";

/// The title that a citizen gives to a card; `None` when it is empty.
fn own_title(typed: &str) -> Result<Option<String>, FieldError> {
    let title = typed.trim();
    if title.chars().nth(MAX_TITLE_CHARS).is_some() || title.chars().any(char::is_control) {
        return Err(FieldError::TooLong { max_chars: MAX_TITLE_CHARS });
    }
    Ok((!title.is_empty()).then(|| title.to_owned()))
}

/// The settings form.
pub struct SettingsForm<'a> {
    pub manifest: &'a Manifest,
    pub card: &'a str,
    pub form_context: FormContext,
    pub typed: &'a SubmittedValues,
    /// The options of each look-up, by field id.
    pub matches: BTreeMap<String, Vec<LookupMatch>>,
    /// The key of the line under the heading.
    pub lead: &'static str,
    /// The sample of the widget.
    pub preview: Option<DrawnCard>,
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
        let name = self.manifest.name.get(locale.language).to_owned();
        let own = self.typed.get(TITLE_KEY).map(|own| own.trim()).filter(|own| !own.is_empty());
        let title = own.map_or_else(|| name.clone(), str::to_owned);
        let zone = app.card_service.zone();
        let mut fields: Vec<FieldViewModel> = self
            .manifest
            .fields
            .iter()
            .map(|field| self.view_model(field, session, zone, errors))
            .collect();
        fields.push(FieldViewModel {
            name: TITLE.to_owned(),
            label: locale.say("settings-own-title"),
            hint: Some(locale.say_with("settings-own-title-hint", &[("card", name.into())])),
            kind: FieldViewModelKind::Text { longest: MAX_TITLE_CHARS },
            value: own.unwrap_or_default().to_owned(),
            required: false,
            error: errors
                .get(TITLE_KEY)
                .map(|error| describe_field_error(error, own.unwrap_or_default(), locale)),
            similar: Vec::new(),
        });
        let model = SettingsPage {
            locale,
            card: self.card.to_owned(),
            card_title: title.clone(),
            icon: self.manifest.icon.clone(),
            theme: self.manifest.theme.id().to_owned(),
            form_context: self.form_context.clone(),
            fields,
            summary,
            lead: locale.say(self.lead),
            preview: self.preview.clone().map(|card| (self.manifest.size.best, card)),
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
                FieldKind::Lines { max_chars } => FieldViewModelKind::Lines {
                    bound: locale.say_with("lines-fit", &[("longest", count(*max_chars).into())]),
                    is_address: false,
                },
                FieldKind::Links => FieldViewModelKind::Lines {
                    bound: locale.say_with("links-fit", &[("most", count(MAX_LINKS).into())]),
                    is_address: true,
                },
                FieldKind::Items => FieldViewModelKind::Lines {
                    bound: locale.say_with(
                        "items-fit",
                        &[
                            ("most", count(MAX_ITEMS).into()),
                            ("longest", count(MAX_ITEM_CHARS).into()),
                        ],
                    ),
                    is_address: false,
                },
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
            similar: match errors.get(&field.id) {
                Some(FieldError::UnknownPlace) => voordeur_gazetteer::suggest(value, 3),
                _ => Vec::new(),
            },
        }
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
