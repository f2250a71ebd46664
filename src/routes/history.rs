//! The history of a board.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::RequestError;
use super::board::descriptions::describe_change;
use crate::app::App;
use crate::page_response::{PageOptions, render_page};
use crate::pages::form_context::FormContext;
use crate::pages::history::{HistoryEntry, HistoryPage, Phase, draw};
use crate::session::Session;
use crate::view_model::TimeViewModel;
use voordeur_store::History;

/// `GET /history`
pub async fn show(State(app): State<App>, session: Session) -> Result<Response, RequestError> {
    let locale = session.locale;
    let History { changes, current_change, revision } = match &session.citizen {
        Some(citizen) => app.store.history(&citizen.id).await?,
        None => History::default(),
    };
    let catalogue = app.catalogue();
    let now = Timestamp::now();
    let phase = |number: i64| match number.cmp(&current_change) {
        std::cmp::Ordering::Less => Phase::Past,
        std::cmp::Ordering::Equal => Phase::Now,
        std::cmp::Ordering::Greater => Phase::Undone,
    };
    let first = changes.first().map_or(current_change, |change| change.number - 1);
    let mut entries: Vec<HistoryEntry> = changes
        .iter()
        .rev()
        .map(|change| HistoryEntry {
            number: change.number,
            change: describe_change(&change.summary, &catalogue, locale),
            at: Some(TimeViewModel {
                datetime: change.at.to_string(),
                text: locale.day_and_time(change.at, now, app.card_service.zone()),
            }),
            phase: phase(change.number),
        })
        .collect();
    entries.push(HistoryEntry {
        number: first,
        change: locale.say("history-beginning"),
        at: None,
        phase: phase(first),
    });
    let model =
        HistoryPage { locale, form_context: FormContext::new(revision, None, true), entries };
    let page_options = PageOptions { title: locale.say("history-title"), ..PageOptions::default() };
    Ok(render_page(&session, StatusCode::OK, page_options, || draw(model)))
}
