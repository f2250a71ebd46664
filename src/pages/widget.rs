//! One widget: what it shows, where that comes from, and exactly what is told to whom.

use leptos::prelude::*;
use voordeur_engine::conformance::Tier;

use super::card::draw_preview;
use super::catalogue::CatalogueEntry;
use super::notice::{self, Notice};
use super::sending::Sending;
use super::{Drawn, hall, theme_name};
use crate::blocks::DrawnCard;
use crate::icons::{Icon, Icons};
use crate::locale::Locale;

/// What the page of a widget shows.
pub struct WidgetPage {
    /// The citizen's language.
    pub locale: Locale,
    /// The widget, in short.
    pub entry: CatalogueEntry,
    /// The widget's sample, as a card.
    pub preview: DrawnCard,
    /// The widths that a card of it may have, the smallest first.
    pub sizes: Vec<u8>,
    /// The width that suits it best.
    pub best_size: u8,
    /// The licence's short name.
    pub licence: String,
    /// The licence's text.
    pub licence_url: Option<String>,
    /// The publisher's page.
    pub publisher_url: String,
    /// Where the service has something to say, in words.
    pub covers: String,
    /// How often the data is asked for, in words.
    pub pace: String,
    /// The only hosts that are asked.
    pub hosts: Vec<String>,
    /// How well this widget was checked, in words.
    pub evidence: String,
    /// What is asked of the services.
    pub asked: Vec<AskedFact>,
    /// What the card asks of the citizen: label and hint.
    pub fields: Vec<(String, Option<String>)>,
    /// What the form sends along.
    pub sending: Sending,
    /// What came of the last change.
    pub notice: Option<Notice>,
}

/// One request to a service.
pub struct AskedFact {
    /// The address, with the names of what is filled in.
    pub request_address: String,
    /// The host.
    pub host: String,
    /// `GET` or `POST`.
    pub method: String,
    /// The citizen's facts that are sent along, in words; empty for none.
    pub facts: Vec<String>,
}

/// Draws the page of a widget.
pub fn draw(page: WidgetPage) -> Drawn {
    let WidgetPage { locale, entry, preview, asked, fields, sending, .. } = page;
    let icons = Icons::default()
        .with_all(Icons::OF_BODIES)
        .with(Icon::named(&preview.view_model.icon))
        .with_all([Icon::Add, Icon::Done]);
    let theme = theme_name(locale, entry.theme);
    let licence = match page.licence_url {
        Some(url) => view! { <a href=url rel="noopener noreferrer">{page.licence}</a> }.into_any(),
        None => page.licence.into_any(),
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
    let hosts = if page.hosts.is_empty() {
        locale.say("widget-any-host")
    } else {
        locale.say_with("widget-hosts", &[("hosts", page.hosts.join(", ").into())])
    };
    let none_sent = asked.iter().all(|asked| asked.facts.is_empty());
    let asked = asked.into_iter().map(|asked| draw_asked(locale, asked)).collect::<Vec<_>>();
    let fields = (!fields.is_empty()).then(|| {
        let fields = fields
            .into_iter()
            .map(|(label, hint)| view! { <li><b>{label}</b>{hint.map(|hint| view! { " " <small>{hint}</small> })}</li> })
            .collect::<Vec<_>>();
        view! {
            <h2>{locale.say("widget-fields")}</h2>
            <ul>{fields}</ul>
        }
    });
    let catalogue = sending.catalogue();
    let theme_id = entry.theme.id();
    let publisher = entry.publisher.clone();
    let hall = hall(entry.name.clone(), view! { <p>{entry.summary.clone()}</p> });
    let sizes = Sizes { locale, entry, preview, widths: page.sizes, best: page.best_size, sending };
    let main = view! {
        {hall}
        <div class="wrap">
            {notice::draw(page.notice)} <p class="back"><a href=catalogue data-smooth>{locale.say("widget-back")}</a></p>
            {sizes.draw()}
            <div class="about-widget prose" data-theme=theme_id>
                <section>
                    {key_missing}
                    <h2>{locale.say("widget-source")}</h2>
                    <dl class="pairs">
                        <div>
                            <dt>{locale.say("widget-publisher")}</dt>
                            <dd><a href=page.publisher_url rel="noopener noreferrer">{publisher}</a></dd>
                        </div>
                        <div>
                            <dt>{locale.say("widget-licence")}</dt>
                            <dd>{licence}</dd>
                        </div>
                        <div>
                            <dt>{locale.say("widget-covers")}</dt>
                            <dd>{page.covers}</dd>
                        </div>
                        <div>
                            <dt>{locale.say("widget-pace")}</dt>
                            <dd>{page.pace}</dd>
                        </div>
                        <div>
                            <dt>{locale.say("widget-theme")}</dt>
                            <dd>{theme}</dd>
                        </div>
                        <div>
                            <dt>{locale.say("widget-evidence")}</dt>
                            <dd>{page.evidence}</dd>
                        </div>
                        {tier}
                    </dl>
                </section>
                <section>
                    {fields}
                    <h2>{locale.say("widget-asked")}</h2>
                    <p>
                        {if none_sent { locale.say("widget-asked-nothing") } else { locale.say("widget-asked-text") }}
                    </p>
                    <ul class="asked">{asked}</ul>
                    <p>{hosts}</p>
                </section>
            </div>
        </div>
    }
    .into_any();
    Drawn { main, icons }
}

/// The sample in each width, and the form that puts a card on the board in the width that is chosen there.
struct Sizes {
    locale: Locale,
    entry: CatalogueEntry,
    preview: DrawnCard,
    widths: Vec<u8>,
    best: u8,
    sending: Sending,
}

impl Sizes {
    fn draw(self) -> AnyView {
        let Sizes { locale, entry, preview, widths, best, sending } = self;
        let radios =
            widths.iter().map(|width| draw_width(locale, *width, best)).collect::<Vec<_>>();
        // The card is drawn once and stands there in each width; the sheet shows the one that is chosen.
        let cards = widths
            .into_iter()
            .map(|width| draw_preview(&format!("preview-{width}"), width, &preview))
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
                <form class="add" method="post" action="/cards" data-action="add">
                    <input type="hidden" name="widget" value=entry.id.clone() />
                    {sending.draw()}
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
                <div class="preview grid">{cards}</div>
            </section>
        }
        .into_any()
    }
}

fn draw_width(locale: Locale, width: u8, best: u8) -> AnyView {
    let words = match width {
        3 => locale.say("width-3"),
        4 => locale.say("width-4"),
        6 => locale.say("width-6"),
        8 => locale.say("width-8"),
        _ => locale.say("width-12"),
    };
    let is_best = width == best;
    view! {
        <label class="chip">
            <input type="radio" name="size" value=width.to_string() checked=is_best />
            <span>{words} {is_best.then(|| view! { " " <small>{locale.say("width-best")}</small> })}</span>
        </label>
    }
    .into_any()
}

fn draw_asked(locale: Locale, asked: AskedFact) -> AnyView {
    let facts = if asked.facts.is_empty() {
        locale.say("widget-sent-nothing")
    } else {
        asked.facts.join(", ")
    };
    view! {
        <li>
            <b>{asked.host}</b>
            <p>{locale.say("widget-sent")} " " {facts}</p>
            <p><code>{asked.method} " " {asked.request_address}</code></p>
        </li>
    }
    .into_any()
}
