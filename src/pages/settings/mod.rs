//! The settings of a card: a form made of the widget's fields. A rejected form keeps what was typed
//! and shows each error beside its field.

mod fields;

use leptos::prelude::*;
use voordeur_shared::paths::{self, CardAction};
use voordeur_widget_api::CardWidth;

use super::form_context::FormContext;
use super::notice;
use super::{RenderedPage, draw_preview, page_header, theme_icon};
use crate::blocks::DrawnCard;
use crate::icons::{Icon, Icons};
use crate::locale::Locale;

pub use fields::{FieldViewModel, FieldViewModelKind, LookupField, TAKE, options};

use fields::{draw_field, first_input};

pub struct SettingsPage {
    pub locale: Locale,
    pub card: String,
    pub card_title: String,
    pub icon: String,
    pub theme: String,
    pub form_context: FormContext,
    pub fields: Vec<FieldViewModel>,
    /// An error of the whole form, or a conflict with another tab.
    pub summary: Option<String>,
    /// The line under the heading.
    pub lead: String,
    /// The width and the sample of its widget.
    pub preview: Option<(CardWidth, DrawnCard)>,
}

/// The line of a field in the summary of errors.
fn summary_line(locale: Locale, label: &str, error: &str) -> String {
    if error == locale.say("problem-missing") {
        return locale.say_with("problem-missing-field", &[("label", label.into())]);
    }
    let parts = [("label", label.into()), ("value", error.into())];
    locale.say_with("difference-setting", &parts)
}

pub fn draw(page: SettingsPage) -> RenderedPage {
    let SettingsPage {
        locale, card, card_title, icon, theme, form_context, fields, summary, ..
    } = page;
    let icons = Icons::default()
        .with_all(Icons::IN_CARD_BODIES)
        .with(Icon::named(&icon))
        .with(Icon::Warning);
    let preview = page.preview.map(|(size, card)| {
        view! {
            <section class="filled-in" aria-labelledby="sample">
                <h2 id="sample">{locale.say("settings-preview")}</h2>
                {draw_preview("sample-card", size, &card)}
            </section>
        }
    });
    // Saving and leaving both lead back to the card.
    let cancel = format!("{}#card-{card}", form_context.address());
    let errors = fields
        .iter()
        .filter_map(|field| {
            let error = field.error.clone()?;
            let href = format!("#{}", first_input(field));
            let text = summary_line(locale, &field.label, &error);
            Some(view! { <li><a href=href>{text}</a></li> })
        })
        .collect::<Vec<_>>();
    let notice = (summary.is_some() || !errors.is_empty()).then(|| {
        let summary = summary.unwrap_or_else(|| locale.say("settings-problem"));
        view! {
            <div class="notice" id="notice" data-part="notice" data-tone="problem" role="alert" tabindex="-1">
                <p>{summary}</p>
                {(!errors.is_empty()).then(|| view! { <ul>{errors}</ul> })}
            </div>
        }
        .into_any()
    });
    let notice = notice.unwrap_or_else(|| notice::draw(None));
    let looks = fields.iter().any(|field| matches!(field.kind, FieldViewModelKind::Lookup(_)));
    // Enter presses the first button of a form: a hidden one saves, so that a button for a look-up
    // is not pressed instead.
    let offers = fields.iter().any(|field| !field.similar.is_empty());
    let first = (looks || offers).then(|| {
        view! { <button class="vh" data-action="settings" tabindex="-1" aria-hidden="true">{locale.say("settings-save")}</button> }
    });
    // After a card was added, the first thing that it asks: one press less before it shows something.
    let asked = |field: &FieldViewModel| field.required && field.value.is_empty();
    let asked = preview.is_some().then(|| fields.iter().position(asked)).flatten();
    let fields = fields.into_iter().enumerate();
    let fields = fields
        .map(|(index, field)| draw_field(locale, field, asked == Some(index)))
        .collect::<Vec<_>>();
    let heading = locale.say_with("settings-title", &[("card", card_title.clone().into())]);
    let main = view! {
        {page_header(heading, view! { <p>{page.lead}</p> })}
        <div class="wrap prose" data-theme=theme>
            {notice}
            <form class="form panel" method="post" action=paths::card(&card, CardAction::Settings) data-action="settings" novalidate>
                <p class="whose">{theme_icon(&icon)}<b>{card_title}</b></p>
                {form_context.draw()}
                {first}
                {fields}
                <div class="buttons">
                    <button class="button main" id="save" data-action="settings">{locale.say("settings-save")}</button>
                    <a class="button" id="cancel" href=cancel>{locale.say("settings-cancel")}</a>
                </div>
            </form>
            {preview}
        </div>
    }
    .into_any();
    RenderedPage { main, icons }
}
