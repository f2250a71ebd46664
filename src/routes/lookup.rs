//! Fields whose values a service knows: the options while the citizen types, and the value that is
//! saved.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use voordeur_widget_api::{
    Field, FieldError, FieldKind, LookupMatch, MAX_LOOKUP_CHARS, Settings, TITLE_KEY, Widget,
    label_key, search_key,
};

use super::board::EditRequest;
use super::settings::{self, FieldErrors, SettingsForm, SubmittedValues};
use super::{RequestError, error};
use crate::app::App;
use crate::pages::form_context::FormContext;
use crate::pages::settings::options;
use crate::presenter::{describe_field_error, describe_match_count};
use crate::session::Session;

/// The suffixes of the inputs beside the text input of a field. This one is the value that was
/// chosen while typing.
pub const VALUE: &str = ".value";
/// The text for which the options were found.
pub const SEARCHED: &str = ".searched";
/// The value that was chosen from a list on the page.
pub const PICK: &str = ".pick";

/// The result of resolving a field.
pub struct LookupOutcome {
    /// Value and label; `None` when the field is empty.
    pub answer: Result<Option<(String, String)>, FieldError>,
    /// The options, when nothing was chosen yet.
    pub matches: Vec<LookupMatch>,
}

impl LookupOutcome {
    fn stored(value: &str, label: &str) -> Self {
        LookupOutcome {
            answer: Ok(Some((value.to_owned(), label.to_owned()))),
            matches: Vec::new(),
        }
    }

    fn rejected(error: FieldError, matches: Vec<LookupMatch>) -> Self {
        LookupOutcome { answer: Err(error), matches }
    }
}

/// Resolves fields of a card for a citizen.
pub struct LookupResolver<'a> {
    pub app: &'a App,
    pub session: &'a Session,
    pub widget: &'a Arc<dyn Widget>,
    pub stored: &'a Settings,
}

impl LookupResolver<'_> {
    /// The options that the service returns for a text.
    async fn find(&self, field: &Field, typed: &str) -> Result<Vec<LookupMatch>, FieldError> {
        let FieldKind::Lookup { min_chars, .. } = field.kind else { return Ok(Vec::new()) };
        let length = typed.chars().count();
        if length < min_chars {
            return Err(FieldError::TooShort { min_chars });
        }
        if length > MAX_LOOKUP_CHARS {
            return Err(FieldError::TooLong { max_chars: MAX_LOOKUP_CHARS });
        }
        let reader = self.session.viewer();
        let matches = self
            .app
            .card_service
            .look_up(self.widget, &field.id, typed, self.stored, &reader)
            .await;
        matches.map_err(|_| FieldError::CannotLookUp)
    }

    /// Resolves the value to save. Only values that the service returns are accepted, except the
    /// present value of the card: that remains valid when the service cannot be asked.
    pub async fn resolve(&self, field: &Field, form: &SubmittedValues) -> LookupOutcome {
        let value = |part: &str| {
            let value = form.get(&format!("{}{part}", field.id)).map(|value| value.trim());
            value.filter(|value| !value.is_empty())
        };
        let Some(typed) = value("") else {
            let open = if field.required { Err(FieldError::Missing) } else { Ok(None) };
            return LookupOutcome { answer: open, matches: Vec::new() };
        };
        let pick = value(PICK);
        if let Some(stored) = self.stored.get(&field.id) {
            let label = self.stored.get(&label_key(&field.id)).unwrap_or(stored);
            let other = value(VALUE).is_some_and(|value| value != stored);
            if typed == label && pick.is_none() && !other {
                return LookupOutcome::stored(stored, label);
            }
        }
        let searched = value(SEARCHED).unwrap_or(typed);
        // A choice from the page belongs to the text it was found with; a choice while typing put
        // its own label in the box.
        let chosen = match pick {
            Some(pick) if searched == typed => Some((pick, None)),
            _ => value(VALUE).map(|value| (value, Some(typed))),
        };
        if let Some((value, label)) = chosen {
            match self.find(field, searched).await {
                Ok(matches) => {
                    let fits = |one: &&LookupMatch| {
                        one.value == value && label.is_none_or(|label| one.label == label)
                    };
                    if let Some(one) = matches.iter().find(fits) {
                        return LookupOutcome::stored(&one.value, &one.label);
                    }
                }
                Err(error @ FieldError::CannotLookUp) => {
                    return LookupOutcome::rejected(error, Vec::new());
                }
                Err(_) => {}
            }
        }
        match self.find(field, typed).await {
            Err(error) => LookupOutcome::rejected(error, Vec::new()),
            Ok(matches) => {
                let mut same =
                    matches.iter().filter(|one| search_key(&one.label) == search_key(typed));
                match (same.next(), same.next()) {
                    (Some(only), None) => LookupOutcome::stored(&only.value, &only.label),
                    _ if matches.is_empty() => {
                        LookupOutcome::rejected(FieldError::NothingFound, matches)
                    }
                    _ => LookupOutcome::rejected(FieldError::NotChosen, matches),
                }
            }
        }
    }
}

/// `POST /cards/{card}/look`: the settings form, submitted to look something up, by its button or
/// while typing.
pub async fn look(
    Path(id): Path<String>,
    EditRequest { app, session, form, .. }: EditRequest,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    let Some((card, widget)) = settings::find_card(&app, &board, &id) else {
        return Ok(error::missing(&session));
    };
    let mut typed = form.with_prefix(settings::PREFIX);
    let field = form.value("look").and_then(|id| widget.manifest().field(id)).cloned();
    let Some(field) = field else { return Ok(error::missing(&session)) };
    let FieldKind::Lookup { max_matches, .. } = field.kind else {
        return Ok(error::missing(&session));
    };
    let resolver =
        LookupResolver { app: &app, session: &session, widget: &widget, stored: &card.settings };
    let words = typed.get(&field.id).map(|typed| typed.trim().to_owned()).unwrap_or_default();
    let matches = resolver.find(&field, &words).await;
    let locale = session.locale;
    if form.value("as") == Some("options") {
        let error = match &matches {
            Ok(matches) if matches.is_empty() => Some(FieldError::NothingFound),
            Ok(_) => None,
            Err(error) => Some(error.clone()),
        };
        let mut matches = matches.unwrap_or_default();
        matches.truncate(max_matches);
        let say = |error| describe_field_error(&error, &words, locale);
        let status = error.map_or_else(|| describe_match_count(matches.len(), locale), say);
        let name = format!("{}{}", settings::PREFIX, field.id);
        return Ok(Html(options(&name, matches, status)).into_response());
    }
    let mut errors = FieldErrors::new();
    let mut choices = Vec::new();
    match matches {
        Ok(matches) if matches.is_empty() => {
            errors.insert(field.id.clone(), FieldError::NothingFound);
        }
        Ok(matches) => choices = matches,
        Err(error) => {
            errors.insert(field.id.clone(), error);
        }
    }
    typed.insert(format!("{}{SEARCHED}", field.id), words);
    typed.extend(form.value(settings::TITLE).map(|own| (TITLE_KEY.to_owned(), own.to_owned())));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let form = SettingsForm {
        manifest: widget.manifest(),
        card: &id,
        form_context: FormContext::new(
            form.revision,
            form.page().map(str::to_owned),
            form.editing(),
        ),
        typed: &typed,
        matches: [(field.id, choices)].into_iter().collect(),
        lead: "settings-lead",
        preview: None,
    };
    Ok(form.show(&app, &session, status, None, &errors))
}
