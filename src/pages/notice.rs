//! What came of the last change, with what can be done about it.

use leptos::prelude::*;

/// Said once, above the cards.
pub struct Notice {
    /// What happened.
    pub text: String,
    /// How it went.
    pub tone: NoticeTone,
    /// What can be done about it.
    pub actions: Vec<NoticeAction>,
    /// The words and the address of a link that leaves things as they are.
    pub keep: Option<(String, String)>,
}

/// How a change went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeTone {
    /// As asked.
    Done,
    /// Not as asked.
    RequestError,
}

/// A button under a notice: a form with hidden fields.
pub struct NoticeAction {
    /// Where it is posted.
    pub url: String,
    /// For `data-action`.
    pub data_action: String,
    /// The button's words.
    pub label: String,
    /// Names and values.
    pub hidden: Vec<(String, String)>,
    /// The button's id.
    pub id: String,
}

/// The notice; without one, its place, so that one can be put there. What has to be chosen first is an alert: it gets the focus.
pub(super) fn draw(notice: Option<Notice>) -> AnyView {
    let Some(Notice { text, tone, actions, keep }) = notice else {
        return view! { <div class="notice" id="notice" data-part="notice" role="status" tabindex="-1"></div> }
            .into_any();
    };
    let tone = match tone {
        NoticeTone::Done => "done",
        NoticeTone::RequestError => "problem",
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

/// The link that leaves things as they are; a browser with script then drops the edit that it kept until this was chosen.
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
