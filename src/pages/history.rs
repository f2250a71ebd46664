//! The history of a board: what was changed and when, and a way back to each time.

use leptos::prelude::*;

use super::sending::Sending;
use super::{Drawn, reading};
use crate::icons::{Icon, Icons};
use crate::locale::Locale;
use crate::view_model::TimeViewModel;

/// What the history shows.
pub struct HistoryPage {
    /// The citizen's language.
    pub locale: Locale,
    /// What every form sends along.
    pub sending: Sending,
    /// The newest first; the last is the beginning.
    pub moments: Vec<HistoryMoment>,
}

/// A time that the board can go back to, or forward again.
pub struct HistoryMoment {
    /// The number of the change after which the board was so.
    pub number: i64,
    /// What was done then.
    pub deed: String,
    /// When; the beginning has no time.
    pub at: Option<TimeViewModel>,
    /// Which time it is.
    pub phase: Phase,
}

/// Where a moment stands to the board as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It was changed since.
    Past,
    /// The board is so.
    Now,
    /// It was taken back.
    Undone,
}

/// Draws the history.
pub fn draw(page: HistoryPage) -> Drawn {
    let HistoryPage { locale, sending, moments } = page;
    let only = moments.len() < 2;
    let items =
        moments.into_iter().map(|moment| draw_moment(locale, moment, &sending)).collect::<Vec<_>>();
    let text = view! {
        {only.then(|| view! { <p>{locale.say("history-empty")}</p> })}
        <ol class="history">{items}</ol>
        <p class="buttons">
            <a class="button" id="history-back" href="/?edit" data-smooth>
                {locale.say("history-to-board")}
            </a>
        </p>
    }
    .into_any();
    let main = reading(locale.say("history-title"), locale.say("history-lead"), text);
    Drawn { main, icons: Icons::default().with_all([Icon::Undo, Icon::Redo, Icon::Done]) }
}

fn draw_moment(locale: Locale, moment: HistoryMoment, sending: &Sending) -> AnyView {
    let HistoryMoment { number, deed, at, phase } = moment;
    let (tag, icon, words) = match phase {
        Phase::Past => (None, Icon::Undo, locale.say("history-go-back")),
        Phase::Now => (Some(locale.say("history-now")), Icon::Done, String::new()),
        Phase::Undone => {
            (Some(locale.say("history-undone")), Icon::Redo, locale.say("history-go-forward"))
        }
    };
    let name = match phase {
        Phase::Past => "past",
        Phase::Now => "now",
        Phase::Undone => "undone",
    };
    let what = deed.clone();
    let form = (phase != Phase::Now).then(|| {
        view! {
            <form method="post" action=format!("/history/{number}") data-action="history">
                {sending.draw()}
                <button class="button" data-action="history">
                    {icon.draw()}
                    <span>{words}</span>
                    <span class="vh">": " {what}</span>
                </button>
            </form>
        }
    });
    view! {
        <li data-phase=name data-change=number aria-current=(phase == Phase::Now).then_some("step")>
            <div>
                <p>{deed} {tag.map(|tag| view! { " " <b class="tag">{tag}</b> })}</p>
                {at.map(|at| view! { <time datetime=at.datetime>{at.text}</time> })}
            </div>
            {form}
        </li>
    }
    .into_any()
}
