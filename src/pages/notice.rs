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
}

/// How a change went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeTone {
    /// As asked.
    Done,
    /// Not as asked.
    Problem,
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

/// The notice; without one, its place, so that one can be put there.
pub(super) fn draw(notice: Option<Notice>) -> AnyView {
    let (tone, text, actions) = match notice {
        Some(notice) => (
            Some(match notice.tone {
                NoticeTone::Done => "done",
                NoticeTone::Problem => "problem",
            }),
            Some(view! { <p>{notice.text}</p> }),
            notice.actions.into_iter().map(draw_action).collect::<Vec<_>>(),
        ),
        None => (None, None, Vec::new()),
    };
    view! {
        <div class="notice" id="notice" data-part="notice" data-tone=tone role="status" tabindex="-1">{text}{actions}</div>
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
