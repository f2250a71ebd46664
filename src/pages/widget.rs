//! One widget: what it shows, where that comes from, and exactly what is told to whom.

use leptos::prelude::*;
use voordeur_widgets::conformance::Tier;

use super::card::draw_preview;
use super::catalogue::{CatalogueEntry, add_form};
use super::notice::{self, Notice};
use super::{Drawn, hall, theme_name};
use crate::face::CardFace;
use crate::icons::{Icon, Icons};
use crate::locale::Locale;

/// What the page of a widget shows.
pub struct WidgetPage {
    /// The citizen's language.
    pub locale: Locale,
    /// The widget, in short.
    pub entry: CatalogueEntry,
    /// The widget's sample, as a card; none when its sample cannot be shown.
    pub preview: Option<CardFace>,
    /// The licence's short name.
    pub licence: String,
    /// The licence's text.
    pub licence_url: Option<String>,
    /// The publisher's page.
    pub publisher_url: String,
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
    /// The board's revision.
    pub revision: i64,
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
    let WidgetPage { locale, entry, preview, asked, fields, revision, .. } = page;
    let icons = Icons::default()
        .with_all(Icons::OF_BODIES)
        .with_all(preview.iter().map(|face| Icon::named(&face.icon)))
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
    let key_missing = entry.key_missing.map(|url| {
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
    let main = view! {
        {hall(entry.name.clone(), view! { <p>{entry.summary}</p> })}
        <div class="wrap">
            {notice::draw(page.notice)} <p class="back"><a href="/catalogue" data-smooth>{locale.say("widget-back")}</a></p>
            <div class="about-widget" data-theme=entry.theme.id()>
                <div class="preview">
                    {preview.map(draw_preview)}
                    {add_form(locale, entry.id, entry.name, entry.on_board, true, revision)}
                </div>
                <div class="prose">
                    {key_missing}
                    <h2>{locale.say("widget-source")}</h2>
                    <dl class="pairs">
                        <div>
                            <dt>{locale.say("widget-publisher")}</dt>
                            <dd><a href=page.publisher_url rel="noopener noreferrer">{entry.publisher}</a></dd>
                        </div>
                        <div>
                            <dt>{locale.say("widget-licence")}</dt>
                            <dd>{licence}</dd>
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
                    {fields}
                    <h2>{locale.say("widget-asked")}</h2>
                    <p>
                        {if none_sent { locale.say("widget-asked-nothing") } else { locale.say("widget-asked-text") }}
                    </p>
                    <ul class="asked">{asked}</ul>
                    <p>{hosts}</p>
                </div>
            </div>
        </div>
    }
    .into_any();
    Drawn { main, icons }
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
