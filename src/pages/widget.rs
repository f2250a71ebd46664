//! The page of a widget: a preview, its sources, and each request with the citizen's data in it.

use leptos::prelude::*;
use voordeur_engine::conformance::Tier;
use voordeur_shared::{CardWidth, paths};

use super::card::draw_preview;
use super::catalogue::CatalogueEntry;
use super::form_context::FormContext;
use super::notice::{self, Notice};
use super::{RenderedPage, page_header, theme_name};
use crate::blocks::DrawnCard;
use crate::icons::{Icon, Icons};
use crate::locale::Locale;

pub struct WidgetPage {
    pub locale: Locale,
    pub entry: CatalogueEntry,
    pub preview: DrawnCard,
    /// The widths of its cards, the narrowest first.
    pub sizes: Vec<CardWidth>,
    pub best_size: CardWidth,
    pub licence: String,
    pub licence_url: Option<String>,
    pub publisher_url: String,
    /// The areas that the service covers.
    pub covers: String,
    /// The interval between requests.
    pub pace: String,
    pub hosts: Vec<String>,
    /// The evidence behind its samples.
    pub evidence: String,
    pub requests: Vec<RequestSummary>,
    /// Whether it is the citizen's own, without a service.
    pub own: bool,
    /// Whether it leads to official pages and asks no service.
    pub links_only: bool,
    /// Label and hint of each field.
    pub fields: Vec<(String, Option<String>)>,
    pub form_context: FormContext,
    pub notice: Option<Notice>,
}

/// The part of a page that shows a widget's sample.
#[derive(Clone)]
pub struct WidgetSample {
    pub preview: DrawnCard,
    pub requests: Vec<RequestSummary>,
}

#[derive(Clone)]
pub struct RequestSummary {
    /// The address, with placeholders for what is filled in.
    pub request_address: String,
    pub host: String,
    pub method: String,
    /// The citizen's data in the request; empty for none.
    pub facts: Vec<String>,
}

pub fn draw(page: WidgetPage) -> RenderedPage {
    let source = match (page.own, page.links_only) {
        (true, _) => draw_own(&page),
        (false, true) => draw_links(&page),
        (false, false) => draw_source(&page),
    };
    let has_service = !page.own && !page.links_only;
    let WidgetPage { locale, entry, preview, requests, fields, form_context, hosts, .. } = page;
    let disclosure = has_service.then(|| draw_disclosure(locale, requests, hosts, fields));
    let icons = Icons::default()
        .with_all(Icons::IN_CARD_BODIES)
        .with(Icon::named(&preview.view_model.icon))
        .with_all([Icon::Add, Icon::Done]);
    let catalogue = form_context.catalogue();
    let theme_id = entry.theme.id();
    let page_header = page_header(entry.name.clone(), view! { <p>{entry.summary.clone()}</p> });
    let sizes = WidthChooser {
        locale,
        entry,
        preview,
        widths: page.sizes,
        best: page.best_size,
        form_context,
    };
    let main = view! {
        {page_header}
        <div class="wrap">
            {notice::draw(page.notice)} <p class="back"><a href=catalogue data-smooth>{locale.say("widget-back")}</a></p>
            {sizes.draw()}
            <div class="about-widget prose" data-theme=theme_id>
                {source}
                {disclosure}
            </div>
        </div>
    }
    .into_any();
    RenderedPage { main, icons }
}

/// The section that says what such a card keeps, and that it asks nothing.
fn draw_own(page: &WidgetPage) -> AnyView {
    let locale = page.locale;
    let fields = draw_fields(locale, page.fields.clone());
    view! {
        <section>
            <h2>{locale.say("own-title")}</h2>
            <p>{locale.say("own-kept")}</p>
            {fields}
        </section>
    }
    .into_any()
}

/// The section that says where the links lead, and that nothing is asked.
fn draw_links(page: &WidgetPage) -> AnyView {
    let locale = page.locale;
    let fields = draw_fields(locale, page.fields.clone());
    view! {
        <section>
            <h2>{locale.say("links-title")}</h2>
            <p>{locale.say("links-kept")}</p>
            <dl class="pairs">
                <div>
                    <dt>{locale.say("widget-covers")}</dt>
                    <dd>{page.covers.clone()}</dd>
                </div>
            </dl>
            {fields}
        </section>
    }
    .into_any()
}

/// Label and hint of each field; nothing when there are none.
fn draw_fields(locale: Locale, fields: Vec<(String, Option<String>)>) -> Option<AnyView> {
    let fields = fields
        .into_iter()
        .map(|(label, hint)| view! { <li><b>{label}</b>{hint.map(|hint| view! { " " <small>{hint}</small> })}</li> })
        .collect::<Vec<_>>();
    let drawn = (!fields.is_empty()).then(|| {
        view! {
            <h2>{locale.say("widget-fields")}</h2>
            <ul>{fields}</ul>
        }
    });
    drawn.map(IntoAny::into_any)
}

/// Publisher, licence, coverage and evidence.
fn draw_source(page: &WidgetPage) -> AnyView {
    let (locale, entry) = (page.locale, &page.entry);
    let theme = theme_name(locale, entry.theme);
    let licence = match page.licence_url.clone() {
        Some(url) => {
            view! { <a href=url rel="noopener noreferrer">{page.licence.clone()}</a> }.into_any()
        }
        None => page.licence.clone().into_any(),
    };
    let tier = entry.tier.map(|tier| {
        let means = match tier {
            Tier::Bronze => locale.say("tier-bronze-means"),
            Tier::Silver => locale.say("tier-silver-means"),
            Tier::Gold => locale.say("tier-gold-means"),
        };
        view! {
            <div>
                <dt>{locale.say("widget-tier")}</dt>
                <dd data-tier=tier.id()>{means}</dd>
            </div>
        }
    });
    let key_missing = entry.key_missing.clone().map(|url| {
        view! {
            <p>
                {locale.say("widget-no-key")} " "
                <a href=url rel="noopener noreferrer">{locale.say("widget-key-page")}</a>
            </p>
        }
    });
    view! {
        <section>
            {key_missing}
            <h2>{locale.say("widget-source")}</h2>
            <dl class="pairs">
                <div>
                    <dt>{locale.say("widget-publisher")}</dt>
                    <dd><a href=page.publisher_url.clone() rel="noopener noreferrer">{entry.publisher.clone()}</a></dd>
                </div>
                <div>
                    <dt>{locale.say("widget-licence")}</dt>
                    <dd>{licence}</dd>
                </div>
                <div>
                    <dt>{locale.say("widget-covers")}</dt>
                    <dd>{page.covers.clone()}</dd>
                </div>
                <div>
                    <dt>{locale.say("widget-pace")}</dt>
                    <dd>{page.pace.clone()}</dd>
                </div>
                <div>
                    <dt>{locale.say("widget-theme")}</dt>
                    <dd>{theme}</dd>
                </div>
                <div>
                    <dt>{locale.say("widget-evidence")}</dt>
                    <dd>{page.evidence.clone()}</dd>
                </div>
                {tier}
            </dl>
        </section>
    }
    .into_any()
}

/// The fields, and the requests with the citizen's data in them.
fn draw_disclosure(
    locale: Locale,
    requests: Vec<RequestSummary>,
    hosts: Vec<String>,
    fields: Vec<(String, Option<String>)>,
) -> AnyView {
    let hosts = if hosts.is_empty() {
        locale.say("widget-any-host")
    } else {
        locale.say_with("widget-hosts", &[("hosts", hosts.join(", ").into())])
    };
    let none_sent = requests.iter().all(|request| request.facts.is_empty());
    let requests =
        requests.into_iter().map(|request| draw_request(locale, request)).collect::<Vec<_>>();
    let fields = draw_fields(locale, fields);
    view! {
        <section>
            {fields}
            <h2>{locale.say("widget-asked")}</h2>
            <p>
                {if none_sent { locale.say("widget-asked-nothing") } else { locale.say("widget-asked-text") }}
            </p>
            <ul class="asked">{requests}</ul>
            <p>{hosts}</p>
        </section>
    }
    .into_any()
}

/// The sample in each width, and the form that adds a card in the chosen width.
struct WidthChooser {
    locale: Locale,
    entry: CatalogueEntry,
    preview: DrawnCard,
    widths: Vec<CardWidth>,
    best: CardWidth,
    form_context: FormContext,
}

impl WidthChooser {
    fn draw(self) -> AnyView {
        let WidthChooser { locale, entry, preview, widths, best, form_context } = self;
        let radios =
            widths.iter().map(|width| draw_width(locale, *width, best)).collect::<Vec<_>>();
        // The card is rendered once and included in each width; the style sheet shows the chosen
        // one.
        let cards = widths
            .into_iter()
            .map(|width| draw_preview(&format!("preview-{}", width.id()), width, &preview))
            .collect::<Vec<_>>();
        let words = if entry.on_board {
            locale.say("catalogue-add-again")
        } else {
            locale.say("catalogue-add")
        };
        let have = entry.on_board.then(|| {
            view! { <p class="have">{Icon::Done.draw()}<span>{locale.say("catalogue-have")}</span></p> }
        });
        view! {
            <section class="sizes" aria-labelledby="sizes">
                <h2 id="sizes">{locale.say("widget-sizes")}</h2>
                <form class="add" method="post" action=paths::CARDS data-action="add">
                    <input type="hidden" name="widget" value=entry.id.clone() />
                    {form_context.draw()}
                    <fieldset class="field">
                        <legend>{locale.say("widget-width")}</legend>
                        <div class="chips">{radios}</div>
                        <p class="field-hint on-small">{locale.say("widget-width-small")}</p>
                    </fieldset>
                    <div class="buttons">
                        {have}
                        <button class="button main" id=format!("add-{}", entry.id) data-action="add">
                            {Icon::Add.draw()}
                            <span>{words} <span class="vh">": " {entry.name}</span></span>
                        </button>
                    </div>
                </form>
                <div class="preview widths">{cards}</div>
            </section>
        }
        .into_any()
    }
}

fn draw_width(locale: Locale, width: CardWidth, best: CardWidth) -> AnyView {
    let words = match width {
        CardWidth::Narrow => locale.say("width-narrow"),
        CardWidth::Wide => locale.say("width-wide"),
        CardWidth::Full => locale.say("width-full"),
    };
    let is_best = width == best;
    view! {
        <label class="chip">
            <input type="radio" name="size" value=width.id() checked=is_best />
            <span>{words} {is_best.then(|| view! { " " <small>{locale.say("width-best")}</small> })}</span>
        </label>
    }
    .into_any()
}

fn draw_request(locale: Locale, requests: RequestSummary) -> AnyView {
    let facts = if requests.facts.is_empty() {
        locale.say("widget-sent-nothing")
    } else {
        requests.facts.join(", ")
    };
    view! {
        <li>
            <b>{requests.host}</b>
            <p>{locale.say("widget-sent")} " " {facts}</p>
            <p><code>{requests.method} " " {requests.request_address}</code></p>
        </li>
    }
    .into_any()
}
