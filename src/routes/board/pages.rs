//! The edits of pages: adding one, its name and icon, its place, taking it away.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::edits::{make, unusable};
use super::{CardStatus, Posted, Sent, show_with};
use crate::app::App;
use crate::icons::Icon;
use crate::pages::board::tabs::{PAGE_ICONS, PageTyped};
use crate::routes::RequestError;
use crate::session::Session;
use voordeur_store::{Direction, Edit, FIRST_PAGE, Page};

/// `POST /pages`
pub async fn add(Posted { app, session, jar, sent }: Posted) -> Result<Response, RequestError> {
    match read(&sent).filter(|(name, _)| !name.is_empty()) {
        Some((name, icon)) => {
            make(&app, session, jar, &sent, "/pages", Edit::AddPage { name, icon }).await
        }
        None => refuse(&app, &session, &sent, None).await,
    }
}

/// `POST /pages/{page}`
pub async fn change(
    Path(page): Path<String>,
    Posted { app, session, jar, sent }: Posted,
) -> Result<Response, RequestError> {
    // The page that every board begins with has a name of its own in each language, until it gets one.
    match read(&sent).filter(|(name, _)| !name.is_empty() || page == FIRST_PAGE) {
        Some((name, icon)) => {
            let path = format!("/pages/{page}");
            make(&app, session, jar, &sent, &path, Edit::ChangePage { page, name, icon }).await
        }
        None => refuse(&app, &session, &sent, Some(page)).await,
    }
}

/// `POST /pages/{page}/move`
pub async fn move_page(
    Path(page): Path<String>,
    Posted { app, session, jar, sent }: Posted,
) -> Result<Response, RequestError> {
    let earlier = match sent.direction() {
        Some(Direction::Earlier) => true,
        Some(Direction::Later) => false,
        _ => return unusable(&app, &session, &sent).await,
    };
    let path = format!("/pages/{page}/move");
    make(&app, session, jar, &sent, &path, Edit::MovePage { page, earlier }).await
}

/// `POST /pages/{page}/remove`
pub async fn remove(
    Path(page): Path<String>,
    Posted { app, session, jar, sent }: Posted,
) -> Result<Response, RequestError> {
    let path = format!("/pages/{page}/remove");
    make(&app, session, jar, &sent, &path, Edit::RemovePage { page }).await
}

/// The name and the icon that were sent, when they can be used.
fn read(sent: &Sent) -> Option<(String, String)> {
    let name = Page::normalize_name(sent.told("name").unwrap_or_default())?;
    let icon = Icon::named(sent.told("icon")?);
    PAGE_ICONS.iter().any(|(known, _)| *known == icon).then(|| (name, icon.id().to_owned()))
}

/// Shows the form again as it was filled in, with what is wrong.
async fn refuse(
    app: &App,
    session: &Session,
    sent: &Sent,
    page: Option<String>,
) -> Result<Response, RequestError> {
    let typed = PageTyped {
        page,
        name: sent.told("name").unwrap_or_default().to_owned(),
        icon: sent.told("icon").unwrap_or_default().to_owned(),
        problem: session.locale.say("page-problem-name"),
    };
    let showing = CardStatus { editing: true, typed: Some(typed), ..CardStatus::of(sent) };
    show_with(app, session, StatusCode::UNPROCESSABLE_ENTITY, showing).await
}
