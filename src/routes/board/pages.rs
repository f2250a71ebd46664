//! The edits of pages: add, change name and icon, move, remove.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use voordeur_shared::paths;

use super::edits::{apply_edit, reject_form};
use super::{BoardOptions, EditRequest, SubmittedForm, show_with};
use crate::app::App;
use crate::icons::Icon;
use crate::pages::board::tabs::{PAGE_ICONS, PageFormInput};
use crate::routes::RequestError;
use crate::session::Session;
use voordeur_store::{Direction, Edit, FIRST_PAGE, Page};

/// `POST /pages`
pub async fn add(
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    match read(&form).filter(|(name, _)| !name.is_empty()) {
        Some((name, icon)) => {
            apply_edit(&app, session, jar, &form, paths::PAGES, Edit::AddPage { name, icon }).await
        }
        None => refuse(&app, &session, &form, None).await,
    }
}

/// `POST /pages/{page}`
pub async fn change(
    Path(page): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    // The first page may have no name: it has a default name in each language.
    match read(&form).filter(|(name, _)| !name.is_empty() || page == FIRST_PAGE) {
        Some((name, icon)) => {
            let path = paths::page(&page);
            apply_edit(&app, session, jar, &form, &path, Edit::ChangePage { page, name, icon })
                .await
        }
        None => refuse(&app, &session, &form, Some(page)).await,
    }
}

/// `POST /pages/{page}/move`
pub async fn move_page(
    Path(page): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let earlier = match form.direction() {
        Some(Direction::Earlier) => true,
        Some(Direction::Later) => false,
        _ => return reject_form(&app, &session, &form).await,
    };
    let path = paths::move_page(&page);
    apply_edit(&app, session, jar, &form, &path, Edit::MovePage { page, earlier }).await
}

/// `POST /pages/{page}/remove`
pub async fn remove(
    Path(page): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let path = paths::remove_page(&page);
    apply_edit(&app, session, jar, &form, &path, Edit::RemovePage { page }).await
}

/// The submitted name and icon, if they are valid.
fn read(form: &SubmittedForm) -> Option<(String, String)> {
    let name = Page::normalize_name(form.value("name").unwrap_or_default())?;
    let icon = Icon::named(form.value("icon")?);
    PAGE_ICONS.iter().any(|(known, _)| *known == icon).then(|| (name, icon.id().to_owned()))
}

/// Shows the form again as it was filled in, with the error.
async fn refuse(
    app: &App,
    session: &Session,
    form: &SubmittedForm,
    page: Option<String>,
) -> Result<Response, RequestError> {
    let typed = PageFormInput {
        page,
        name: form.value("name").unwrap_or_default().to_owned(),
        icon: form.value("icon").unwrap_or_default().to_owned(),
        error: session.locale.say("page-problem-name"),
    };
    let options = BoardOptions { editing: true, typed: Some(typed), ..BoardOptions::of(form) };
    show_with(app, session, StatusCode::UNPROCESSABLE_ENTITY, options).await
}
