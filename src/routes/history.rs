//! The history of a board.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::RequestError;
use super::board::words::deed_in_words;
use crate::app::App;
use crate::page_response::{PageOptions, render_page};
use crate::pages::history::{HistoryMoment, HistoryPage, Phase, draw};
use crate::pages::sending::Sending;
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
    let mut moments: Vec<HistoryMoment> = changes
        .iter()
        .rev()
        .map(|change| HistoryMoment {
            number: change.number,
            deed: deed_in_words(&change.summary, &catalogue, locale),
            at: Some(TimeViewModel {
                datetime: change.at.to_string(),
                text: locale.day_and_time(change.at, now, app.card_service.zone()),
            }),
            phase: phase(change.number),
        })
        .collect();
    moments.push(HistoryMoment {
        number: first,
        deed: locale.say("history-beginning"),
        at: None,
        phase: phase(first),
    });
    let model = HistoryPage { locale, sending: Sending::new(revision, None, true), moments };
    let page_options = PageOptions { title: locale.say("history-title"), ..PageOptions::default() };
    Ok(render_page(&app, &session, StatusCode::OK, page_options, || draw(model)))
}
