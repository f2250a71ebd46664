//! The history of a board: each change with its time, and buttons to go back to it.

use leptos::prelude::*;
use voordeur_shared::paths;

use super::form_context::FormContext;
use super::{RenderedPage, text_page};
use crate::icons::{Icon, Icons};
use crate::locale::Locale;
use crate::view_model::TimeViewModel;

pub struct HistoryPage {
    pub locale: Locale,
    pub form_context: FormContext,
    /// Newest first; the last entry is the beginning.
    pub entries: Vec<HistoryEntry>,
}

/// A state that the board can return to.
pub struct HistoryEntry {
    /// The number of the change that led to this state.
    pub number: i64,
    pub change: String,
    pub at: Option<TimeViewModel>,
    pub phase: Phase,
}

/// The position of an entry relative to the present state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Past,
    Now,
    Undone,
}

pub fn draw(page: HistoryPage) -> RenderedPage {
    let HistoryPage { locale, form_context, entries } = page;
    let only = entries.len() < 2;
    let items = entries
        .into_iter()
        .map(|entry| draw_entry(locale, entry, &form_context))
        .collect::<Vec<_>>();
    let text = view! {
        {only.then(|| view! { <p>{locale.say("history-empty")}</p> })}
        <ol class="history">{items}</ol>
        <p class="buttons">
            <a class="button" id="history-back" href=paths::BOARD_EDIT data-smooth>
                {locale.say("history-to-board")}
            </a>
        </p>
    }
    .into_any();
    let main = text_page(locale.say("history-title"), locale.say("history-lead"), text);
    RenderedPage { main, icons: Icons::default().with_all([Icon::Undo, Icon::Redo, Icon::Done]) }
}

fn draw_entry(locale: Locale, entry: HistoryEntry, form_context: &FormContext) -> AnyView {
    let HistoryEntry { number, change, at, phase } = entry;
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
    let what = change.clone();
    let form = (phase != Phase::Now).then(|| {
        view! {
            <form method="post" action=paths::history(number) data-action="history">
                {form_context.draw()}
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
                <p>{change} {tag.map(|tag| view! { " " <b class="tag">{tag}</b> })}</p>
                {at.map(|at| view! { <time datetime=at.datetime>{at.text}</time> })}
            </div>
            {form}
        </li>
    }
    .into_any()
}
