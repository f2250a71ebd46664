//! The notice above the cards: the result of the last change, with follow-up actions.

use leptos::prelude::*;

pub struct Notice {
    pub text: String,
    pub tone: NoticeTone,
    pub actions: Vec<NoticeAction>,
    /// Label and address of the link that keeps things as they are.
    pub keep: Option<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeTone {
    Done,
    Failed,
}

/// A button of a notice, in a form with hidden fields.
pub struct NoticeAction {
    pub url: String,
    pub data_action: String,
    pub label: String,
    pub hidden: Vec<(String, String)>,
    pub id: String,
}

/// Draws the notice, or its empty live region. A notice with a decision to make is an alert and
/// gets the focus.
pub(super) fn draw(notice: Option<Notice>) -> AnyView {
    let Some(Notice { text, tone, actions, keep }) = notice else {
        return view! { <div class="notice" id="notice" data-part="notice" role="status" tabindex="-1"></div> }
            .into_any();
    };
    let tone = match tone {
        NoticeTone::Done => "done",
        NoticeTone::Failed => "problem",
    };
    let role = if keep.is_some() { "alert" } else { "status" };
    let actions = actions.into_iter().map(draw_action).collect::<Vec<_>>();
    let keep = keep.map(draw_keep);
    let choices = (role == "alert").then_some("choices");
    view! {
        <div class="notice" id="notice" data-part="notice" data-tone=tone role=role tabindex="-1">
            <p>{text}</p>
            {match choices {
                Some(class) => view! { <div class=class>{keep} {actions}</div> }.into_any(),
                None => actions.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// The link that keeps things as they are; with script, it also drops the edit from the queue.
pub(super) fn draw_keep((words, address): (String, String)) -> AnyView {
    view! {
        <a class="button" id="keep" href=address data-smooth data-settles>
            {words}
        </a>
    }
    .into_any()
}

pub(super) fn draw_action(action: NoticeAction) -> AnyView {
    let hidden = action
        .hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect::<Vec<_>>();
    let of_button = action.data_action.clone();
    view! {
        <form method="post" action=action.url data-action=action.data_action>
            {hidden}
            <button class="button" id=action.id data-action=of_button>{action.label}</button>
        </form>
    }
    .into_any()
}
