//! The pages to keep a board as a file, to share it as a template, and to take one.

use leptos::prelude::*;
use voordeur_shared::paths;

use super::form_context::FormContext;
use super::{RenderedPage, text_page};
use crate::icons::Icons;
use crate::locale::Locale;

/// The page with the choices.
pub struct SharePage {
    pub locale: Locale,
    /// The pages of the template of the citizen's board.
    pub template: Vec<ListedPage>,
    /// The template as a link; `None` when it is too long for one.
    pub link: Option<String>,
    /// Why the last file was refused.
    pub problem: Option<String>,
}

/// A page of a file, in words.
pub struct ListedPage {
    pub name: String,
    pub cards: Vec<ListedCard>,
}

/// A card of a file, in words.
pub struct ListedCard {
    pub name: String,
    /// The values of its settings: label and value.
    pub values: Vec<(String, String)>,
    /// The labels of the values that a template asks for.
    pub inputs: Vec<String>,
}

/// The page with the content of a file, before it is taken.
pub struct PreviewPage {
    pub locale: Locale,
    pub form_context: FormContext,
    pub is_template: bool,
    pub pages: Vec<ListedPage>,
    /// The ids of widgets that are not in this catalogue.
    pub unknown_widgets: Vec<String>,
    /// The text of the file, for the form.
    pub file: String,
    /// Why the pages could not be taken.
    pub problem: Option<String>,
}

pub fn draw(page: SharePage) -> RenderedPage {
    let SharePage { locale, template, link, problem } = page;
    let described = problem.is_some().then_some("file-problem");
    let text = view! {
        {problem.map(draw_problem)}
        <h2 id="keep">{locale.say("share-keep-title")}</h2>
        <p>{locale.say("share-keep")}</p>
        <p class="buttons">
            <a class="button" id="download-board" href=paths::SHARE_BOARD download>
                {locale.say("share-keep-download")}
            </a>
        </p>
        <h2 id="take">{locale.say("share-take-title")}</h2>
        <p>{locale.say("share-take")}</p>
        <form method="post" action=paths::IMPORT enctype="multipart/form-data" data-action="import">
            <div class="field">
                <label for="file">{locale.say("share-take-file")}</label>
                <input
                    type="file"
                    id="file"
                    name="file"
                    accept=".json,application/json"
                    required
                    aria-invalid=described.map(|_| "true")
                    aria-describedby=described
                />
            </div>
            <p class="buttons">
                <button class="button main" id="show-file" data-action="import">
                    {locale.say("share-take-show")}
                </button>
            </p>
        </form>
        <h2 id="share">{locale.say("share-share-title")}</h2>
        <p>{locale.say("share-share")}</p>
        {draw_pages(locale, template, true)}
        {draw_link(locale, link)}
        <p class="buttons">
            <a class="button" id="download-template" href=paths::SHARE_TEMPLATE download>
                {locale.say("share-share-download")}
            </a>
        </p>
    }
    .into_any();
    let main = text_page(locale.say("share-title"), locale.say("share-lead"), text);
    RenderedPage { main, icons: Icons::default() }
}

/// The link in a field, which is selected as a whole when it is copied.
fn draw_link(locale: Locale, link: Option<String>) -> AnyView {
    let Some(link) = link else {
        return view! { <p>{locale.say("share-share-no-link")}</p> }.into_any();
    };
    view! {
        <p class="field">
            <label for="link">{locale.say("share-share-link")}</label>
            <input id="link" readonly value=link autocomplete="off" dir="ltr" />
        </p>
    }
    .into_any()
}

pub fn draw_preview(page: PreviewPage) -> RenderedPage {
    let PreviewPage { locale, form_context, is_template, pages, unknown_widgets, file, problem } =
        page;
    let lead = match is_template {
        true => locale.say("preview-template"),
        false => locale.say("preview-board"),
    };
    let left_out = (!unknown_widgets.is_empty()).then(|| {
        let ids = unknown_widgets.into_iter().map(|id| view! { <li><code>{id}</code></li> });
        view! {
            <p>{locale.say("preview-unknown")}</p>
            <ul id="left-out">{ids.collect::<Vec<_>>()}</ul>
        }
    });
    let text = view! {
        {problem.map(draw_problem)}
        {draw_pages(locale, pages, false)}
        {left_out}
        <form method="post" action=paths::IMPORT_TAKE enctype="multipart/form-data" data-action="take">
            {form_context.draw()}
            <input type="hidden" name="file" value=file />
            <p>{locale.say("preview-undo")}</p>
            <p class="buttons">
                <button class="button main" id="take-after" name="mode" value="after" data-action="take">
                    {locale.say("preview-after")}
                </button>
                <button class="button" id="take-instead" name="mode" value="instead" data-action="take">
                    {locale.say("preview-instead")}
                </button>
                <a class="button" id="take-nothing" href=paths::SHARE data-smooth>
                    {locale.say("preview-nothing")}
                </a>
            </p>
        </form>
    }
    .into_any();
    let main = text_page(locale.say("preview-file-title"), lead, text);
    RenderedPage { main, icons: Icons::default() }
}

fn draw_problem(problem: String) -> AnyView {
    view! {
        <div class="notice" id="notice" data-part="notice" data-tone="problem" role="alert" tabindex="-1">
            <p id="file-problem">{problem}</p>
        </div>
    }
    .into_any()
}

/// The pages by name; `in_section` when a heading of the text is above them.
fn draw_pages(locale: Locale, pages: Vec<ListedPage>, in_section: bool) -> AnyView {
    let pages = pages.into_iter().map(|page| {
        let cards = page.cards.into_iter().map(|card| draw_card(locale, card)).collect::<Vec<_>>();
        let heading = match in_section {
            true => view! { <h3 dir="auto">{page.name}</h3> }.into_any(),
            false => view! { <h2 dir="auto">{page.name}</h2> }.into_any(),
        };
        view! {
            {heading}
            {(!cards.is_empty()).then(|| view! { <ul class="listed">{cards}</ul> })}
        }
    });
    pages.collect::<Vec<_>>().into_any()
}

fn draw_card(locale: Locale, card: ListedCard) -> AnyView {
    let ListedCard { name, values, inputs } = card;
    let values = values.into_iter().map(|(label, value)| {
        view! { <br /> <small>{label} ": " <bdi>{value}</bdi></small> }
    });
    let asks = (!inputs.is_empty()).then(|| {
        let fields = inputs.join(", ");
        let asks = locale.say_with("preview-asks", &[("fields", fields.into())]);
        view! { <br /> <small>{asks}</small> }
    });
    view! { <li>{name} {values.collect::<Vec<_>>()} {asks}</li> }.into_any()
}
