//! Answers to a field that a service knows: what is found while somebody types, and what is kept when the form is sent.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use voordeur_widget_api::{
    Field, FieldError, FieldKind, LookupMatch, MAX_LOOKUP_CHARS, Settings, Widget, label_key,
    search_key,
};

use super::board::Posted;
use super::settings::{self, Problems, SettingsForm, Typed};
use super::{RequestError, error};
use crate::app::App;
use crate::pages::sending::Sending;
use crate::pages::settings::options;
use crate::presenter::{field_problem_in_words, found_in_words};
use crate::session::Session;

/// What the form sends beside what was typed, after the id of the field: what was chosen as somebody typed, for which words that was found,
/// and what was chosen from a list on the page.
pub const VALUE: &str = ".value";
/// For which words something was found.
pub const SEARCHED: &str = ".searched";
/// What was chosen from a list on the page.
pub const PICK: &str = ".pick";

/// What a field that is looked up comes to.
pub struct Settled {
    /// Value and words; `None` when it is open.
    pub answer: Result<Option<(String, String)>, FieldError>,
    /// What can be chosen, when nothing was chosen yet.
    pub found: Vec<LookupMatch>,
}

impl Settled {
    fn kept(value: &str, label: &str) -> Self {
        Settled { answer: Ok(Some((value.to_owned(), label.to_owned()))), found: Vec::new() }
    }

    fn wrong(problem: FieldError, found: Vec<LookupMatch>) -> Self {
        Settled { answer: Err(problem), found }
    }
}

/// Who looks something up, and for which card.
pub struct Looking<'a> {
    /// The rooms.
    pub app: &'a App,
    /// Who looks.
    pub session: &'a Session,
    /// The widget of the card.
    pub widget: &'a dyn Widget,
    /// What the card keeps now.
    pub kept: &'a Settings,
}

impl Looking<'_> {
    /// What the service knows for what was typed.
    async fn find(&self, field: &Field, typed: &str) -> Result<Vec<LookupMatch>, FieldError> {
        let FieldKind::Lookup { min_chars, .. } = field.kind else { return Ok(Vec::new()) };
        let length = typed.chars().count();
        if length < min_chars {
            return Err(FieldError::TooShort { min_chars });
        }
        if length > MAX_LOOKUP_CHARS {
            return Err(FieldError::TooLong { max_chars: MAX_LOOKUP_CHARS });
        }
        let viewer = self.session.viewer();
        let found =
            self.app.card_service.look_up(self.widget, &field.id, typed, self.kept, &viewer).await;
        found.map_err(|_| FieldError::CannotLookUp)
    }

    /// What is kept of what was sent. Nothing that the service does not know is kept, but for what the card holds already: that stays also
    /// when the service cannot be asked.
    pub async fn ensure_citizen(&self, field: &Field, sent: &Typed) -> Settled {
        let told = |part: &str| {
            let told = sent.get(&format!("{}{part}", field.id)).map(|told| told.trim());
            told.filter(|told| !told.is_empty())
        };
        let Some(typed) = told("") else {
            let open = if field.required { Err(FieldError::Missing) } else { Ok(None) };
            return Settled { answer: open, found: Vec::new() };
        };
        let pick = told(PICK);
        if let Some(kept) = self.kept.get(&field.id) {
            let label = self.kept.get(&label_key(&field.id)).unwrap_or(kept);
            let other = told(VALUE).is_some_and(|value| value != kept);
            if typed == label && pick.is_none() && !other {
                return Settled::kept(kept, label);
            }
        }
        let searched = told(SEARCHED).unwrap_or(typed);
        // A choice from the page counts for the words it was found with; a choice made while typing put its own words in the box.
        let chosen = match pick {
            Some(pick) if searched == typed => Some((pick, None)),
            _ => told(VALUE).map(|value| (value, Some(typed))),
        };
        if let Some((value, label)) = chosen {
            match self.find(field, searched).await {
                Ok(found) => {
                    let fits = |one: &&LookupMatch| {
                        one.value == value && label.is_none_or(|label| one.label == label)
                    };
                    if let Some(one) = found.iter().find(fits) {
                        return Settled::kept(&one.value, &one.label);
                    }
                }
                Err(problem @ FieldError::CannotLookUp) => {
                    return Settled::wrong(problem, Vec::new());
                }
                Err(_) => {}
            }
        }
        match self.find(field, typed).await {
            Err(problem) => Settled::wrong(problem, Vec::new()),
            Ok(found) => {
                let mut same =
                    found.iter().filter(|one| search_key(&one.label) == search_key(typed));
                match (same.next(), same.next()) {
                    (Some(only), None) => Settled::kept(&only.value, &only.label),
                    _ if found.is_empty() => Settled::wrong(FieldError::NothingFound, found),
                    _ => Settled::wrong(FieldError::NotChosen, found),
                }
            }
        }
    }
}

/// `POST /cards/{card}/look`: the settings form sent to look something up, by its button or as somebody types.
pub async fn look(
    Path(id): Path<String>,
    Posted { app, session, sent, .. }: Posted,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    let Some((card, widget)) = settings::found(&app, &board, &id) else {
        return Ok(error::missing(&app, &session));
    };
    let mut typed = sent.with_prefix(settings::PREFIX);
    let field = sent.told("look").and_then(|id| widget.manifest().field(id)).cloned();
    let Some(field) = field else { return Ok(error::missing(&app, &session)) };
    let FieldKind::Lookup { max_matches, .. } = field.kind else {
        return Ok(error::missing(&app, &session));
    };
    let looking =
        Looking { app: &app, session: &session, widget: widget.as_ref(), kept: &card.settings };
    let words = typed.get(&field.id).map(|typed| typed.trim().to_owned()).unwrap_or_default();
    let found = looking.find(&field, &words).await;
    let locale = session.locale;
    if sent.told("as") == Some("options") {
        let problem = match &found {
            Ok(found) if found.is_empty() => Some(FieldError::NothingFound),
            Ok(_) => None,
            Err(problem) => Some(problem.clone()),
        };
        let mut found = found.unwrap_or_default();
        found.truncate(max_matches);
        let say = |problem| field_problem_in_words(&problem, &words, locale);
        let status = problem.map_or_else(|| found_in_words(found.len(), locale), say);
        let name = format!("{}{}", settings::PREFIX, field.id);
        return Ok(Html(options(&name, found, status)).into_response());
    }
    let mut problems = Problems::new();
    let mut choices = Vec::new();
    match found {
        Ok(found) if found.is_empty() => {
            problems.insert(field.id.clone(), FieldError::NothingFound);
        }
        Ok(found) => choices = found,
        Err(problem) => {
            problems.insert(field.id.clone(), problem);
        }
    }
    typed.insert(format!("{}{SEARCHED}", field.id), words);
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let form = SettingsForm {
        manifest: widget.manifest(),
        card: &id,
        sending: Sending::new(sent.revision, sent.page().map(str::to_owned), true),
        typed: &typed,
        found: [(field.id, choices)].into_iter().collect(),
    };
    Ok(form.show(&app, &session, status, None, &problems))
}
