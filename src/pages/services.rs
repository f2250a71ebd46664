//! The page with the state of each service.

use leptos::prelude::*;
use voordeur_shared::paths;
use voordeur_widget_api::Theme;

use super::{RenderedPage, page_header, theme_radios};
use crate::icons::Icons;
use crate::locale::Locale;
use crate::status::OpenDataScore;
use crate::view_model::TimeViewModel;

pub struct ServicesPage {
    pub locale: Locale,
    pub summary: Summary,
    /// The selected theme; `None` shows all.
    pub theme: Option<Theme>,
    /// Whether only unhealthy services are shown.
    pub only_unhealthy: bool,
    pub total: usize,
    pub services: Vec<ServiceViewModel>,
    /// Outages and recoveries, newest first; `None` where samples are shown.
    pub changes: Option<Vec<StateChangeViewModel>>,
}

/// The state of all services together.
pub enum Summary {
    Samples,
    NoneAsked,
    Counted {
        asked: usize,
        /// Healthy ones among them.
        good: usize,
    },
}

/// The state of a service.
pub struct ServiceViewModel {
    pub publisher: String,
    pub url: Option<String>,
    pub host: String,
    pub state: String,
    /// `good`, `fair` or `poor`; `None` when it was not asked yet.
    pub tone: Option<&'static str>,
    /// The time since the state holds.
    pub since: Option<String>,
    /// Sentences about the problems.
    pub remarks: Vec<String>,
    /// The last good response: inner `None` if there was none, outer `None` when it was not asked
    /// yet.
    pub answered: Option<Option<TimeViewModel>>,
    /// The interval between requests, as a sentence.
    pub pace: String,
    pub speed: Option<String>,
    /// The share of successful requests.
    pub share: Option<String>,
    /// Id and name of each widget that uses it.
    pub widgets: Vec<(String, String)>,
    pub licences: Vec<(String, Option<String>)>,
    /// The number of open-data criteria that it meets.
    pub score: usize,
    pub criteria: Vec<OpenDataCriterion>,
}

/// One of the open-data criteria.
pub struct OpenDataCriterion {
    pub yes: bool,
    pub words: String,
    pub page: Option<String>,
}

/// An outage or a recovery.
pub struct StateChangeViewModel {
    pub at: TimeViewModel,
    pub title: String,
    pub words: String,
}

pub fn draw(page: ServicesPage) -> RenderedPage {
    let ServicesPage { locale, theme, only_unhealthy, total, services, .. } = page;
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let summary = match page.summary {
        Summary::Samples => locale.say("services-summary-samples"),
        Summary::NoneAsked => locale.say("services-summary-none"),
        Summary::Counted { asked, good } => locale.say_with(
            "services-summary",
            &[
                ("total", number(total).into()),
                ("asked", number(asked).into()),
                ("good", number(good).into()),
            ],
        ),
    };
    let counted = match services.len() {
        0 => locale.say("services-nothing"),
        count => locale.say_with(
            "services-count",
            &[("count", number(count).into()), ("total", number(total).into())],
        ),
    };
    let services =
        services.into_iter().map(|service| draw_service(locale, service)).collect::<Vec<_>>();
    let changes = page.changes.map(|changes| draw_changes(locale, changes));
    let lead = view! {
        <p>{locale.say("services-lead")}</p>
        <p data-part="summary">{summary}</p>
    };
    let main = view! {
        {page_header(locale.say("services-title"), lead)}
        <div class="wrap">
            {draw_sift(locale, theme, only_unhealthy)} <div data-part="results">
                <p class="count" role="status">{counted}</p>
                {(!services.is_empty()).then(|| view! { <ul class="services">{services}</ul> })}
            </div>
            <div class="prose">
                {changes} <h2>{locale.say("services-how")}</h2> <p>{locale.say("services-how-now")}</p>
                <p>{locale.say("services-how-open")}</p> <p>{locale.say("services-how-own")}</p>
                <p>
                    {locale.say("services-data")} " " <a href=paths::SERVICES_JSON>{locale.say("services-json")}</a> ", "
                    <a href=feed_address(locale)>{locale.say("services-feed")}</a> "."
                </p>
            </div>
        </div>
    }
    .into_any();
    RenderedPage { main, icons: Icons::default() }
}

/// The links in the document's head to the JSON and the feed.
pub(super) fn alternates(locale: Locale) -> AnyView {
    view! {
        <link rel="alternate" type="application/json" href=paths::SERVICES_JSON />
        <link rel="alternate" type="application/atom+xml" href=feed_address(locale) title=locale.say("services-feed-title") />
    }
    .into_any()
}

fn feed_address(locale: Locale) -> String {
    paths::services_atom(locale.language.tag())
}

fn draw_sift(locale: Locale, theme: Option<Theme>, only_unhealthy: bool) -> AnyView {
    let radios = theme_radios(locale, theme);
    view! {
        <form class="form sift" method="get" action=paths::SERVICES data-live>
            <fieldset class="field">
                <legend>{locale.say("catalogue-theme")}</legend>
                <div class="chips">{radios}</div>
            </fieldset>
            <div class="chips">
                <label class="chip">
                    <input type="checkbox" name="only" value="troubled" checked=only_unhealthy />
                    <span>{locale.say("services-only")}</span>
                </label>
            </div>
            <p><button class="button main">{locale.say("services-show")}</button></p>
        </form>
    }
    .into_any()
}

fn draw_service(locale: Locale, service: ServiceViewModel) -> AnyView {
    let widgets = service
        .widgets
        .into_iter()
        .enumerate()
        .map(|(at, (id, name))| {
            view! {
                {(at > 0).then_some(", ")}
                <a href=paths::widget(&id, None)>{name}</a>
            }
        })
        .collect::<Vec<_>>();
    let licences = service
        .licences
        .into_iter()
        .enumerate()
        .map(|(at, (name, url))| {
            view! {
                {(at > 0).then_some(", ")}
                {elsewhere(name, url)}
            }
        })
        .collect::<Vec<_>>();
    let answered = service.answered.map(|answered| match answered {
        Some(time) => view! { <time datetime=time.datetime>{time.text}</time> }.into_any(),
        None => locale.say("services-fresh-never").into_any(),
    });
    let score = [("mark", service.score), ("most", OpenDataScore::MAX)]
        .map(|(name, count)| (name, i64::try_from(count).unwrap_or(i64::MAX).into()));
    let criteria = service
        .criteria
        .into_iter()
        .map(|OpenDataCriterion { yes, words, page }| {
            let yes = if yes { "yes" } else { "no" };
            view! { <li data-yes=yes>{elsewhere(words, page)}</li> }
        })
        .collect::<Vec<_>>();
    let remarks =
        (!service.remarks.is_empty()).then(|| view! { <p>{service.remarks.join(" ")}</p> });
    let host = service.host.clone();
    view! {
        <li data-host=host>
            <h2>{elsewhere(service.publisher, service.url)}</h2>
            <p>
                <span class="health" data-tone=service.tone>{service.state}</span>
                {service.since.map(|since| view! { " " <small>{since}</small> })}
            </p>
            {remarks}
            <dl class="pairs">
                {answered.map(|answered| pair(locale.say("services-fresh"), answered))}
                {service.speed.map(|speed| pair(locale.say("services-speed"), speed))}
                {service.share.map(|share| pair(locale.say("services-share"), share))}
                {pair(locale.say("services-cards"), widgets)} {pair(locale.say("widget-licence"), licences)}
                {pair(
                    locale.say("services-openness"),
                    view! {
                        {locale.say_with("services-mark", &score)}
                        <ul>{criteria}</ul>
                    },
                )}
            </dl>
            <p class="meta"><code>{service.host}</code> <span>{service.pace}</span></p>
        </li>
    }
    .into_any()
}

fn pair(name: String, value: impl IntoView + 'static) -> AnyView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// A text as an external link, if there is one.
fn elsewhere(words: String, page: Option<String>) -> AnyView {
    match page {
        Some(page) => view! { <a href=page rel="noopener noreferrer">{words}</a> }.into_any(),
        None => words.into_any(),
    }
}

fn draw_changes(locale: Locale, changes: Vec<StateChangeViewModel>) -> AnyView {
    let heading = view! { <h2>{locale.say("services-turns")}</h2> };
    if changes.is_empty() {
        return view! {
            {heading}
            <p>{locale.say("services-turns-none")}</p>
        }
        .into_any();
    }
    let changes = changes
        .into_iter()
        .map(|change| {
            view! {
                <li>
                    <b>{change.title}</b>
                    " "
                    <small><time datetime=change.at.datetime>{change.at.text}</time></small>
                    <p>{change.words}</p>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        {heading}
        <ul class="asked" data-part="turns">{changes}</ul>
    }
    .into_any()
}
