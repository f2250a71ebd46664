//! The page of the workbench. It is in English, as all that is for widget authors; the cards are in the language that is chosen.

use leptos::prelude::*;
use voordeur_engine::{Excerpt, ManifestError, ManifestWidget, line_of};
use voordeur_widget_api::{Language, Method, Refusal, Sample, Widget};

use super::outline::{manifest, outline};
use super::states::{self, Choice, Look, Shown, Width, id_of_sample};
use super::workspace::{Good, Seen, Workspace};
use crate::blocks::DrawnCard;
use crate::cards::{Asked, ExchangeError, Walk, ask_of_sample};
use crate::icons::{self, Icon, Icons};
use crate::pages::draw_preview;

/// Draws the page.
pub fn draw(bench: &Workspace, seen: &Seen, choice: &Choice) -> String {
    let owner = Owner::new();
    let html = owner.with(|| document(bench, seen, choice).to_html());
    drop(owner);
    html
}

fn document(bench: &Workspace, seen: &Seen, choice: &Choice) -> AnyView {
    let shown = match &seen.good {
        Some(good) => states::cards(&good.widget, choice, &bench.zone),
        None => Vec::new(),
    };
    let icons = Icons::default()
        .with_all(Icons::IN_CARD_BODIES)
        .with_all(shown.iter().map(|card| Icon::named(&card.view_model.icon)));
    let main = draw_main(bench, seen, choice, shown);
    let title = format!("{} · Workbench · Voordeur", bench.folder.id);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <link id="look" rel="stylesheet" href=format!("/cards.css?theme={}", choice.look.id()) />
                <link rel="stylesheet" href="/preview.css" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <script type="module" src="/preview.js"></script>
            </head>
            <body data-version=seen.version.clone()>
                <div id="sprite" data-follow="true">{icons.sprite()}</div>
                <a class="skip" href="#main">"To the cards"</a>
                <header class="top">
                    <div class="wrap">
                        <p class="brand">{icons::mark()} <span>"Workbench"</span></p>
                    </div>
                </header>
                {main}
            </body>
        </html>
    }
    .into_any()
}

fn draw_main(bench: &Workspace, seen: &Seen, choice: &Choice, shown: Vec<Shown>) -> AnyView {
    let id = bench.folder.id.clone();
    let path = bench.folder.path.display().to_string();
    let no_style = (!bench.style_sheet.is_file()).then(|| {
        view! {
            <p class="notice" data-tone="problem">"The style sheet is absent, so cards are shown without their look: " <code>"make build"</code> " makes it."</p>
        }
    });
    let cards =
        shown.into_iter().map(|card| draw_card(card, choice, &seen.manifest)).collect::<Vec<_>>();
    let sides = draw_sides(bench, seen, choice);
    view! {
        <main id="main" tabindex="-1">
            <div class="hall">
                <div class="wrap">
                    <h1>{id}</h1>
                    <p><code>{path}</code></p>
                </div>
            </div>
            <div class="wrap bench">
                {no_style}
                {draw_choice(seen, choice)}
                <p id="told" role="status" data-follow="true">{told(bench, seen)}</p>
                <div id="problem" data-follow="true">{draw_problem(bench, seen)}</div>
                <section aria-labelledby="cards-title">
                    <h2 id="cards-title">"Cards"</h2>
                    <div id="cards" class="bench-cards" data-follow="true">
                        {cards}
                    </div>
                </section>
                {sides}
            </div>
        </main>
    }
    .into_any()
}

/// The answer and the view at one side, the manifest at the other.
fn draw_sides(bench: &Workspace, seen: &Seen, choice: &Choice) -> AnyView {
    let workings = seen.good.as_ref().map(|good| Workings::of(bench, good, choice));
    let refused =
        workings.as_ref().map(|workings| workings.lines(&seen.manifest)).unwrap_or_default();
    let wrong: Vec<usize> = seen.problems.iter().filter_map(|problem| problem.line).collect();
    let answers = workings.map(|workings| workings.draw(&seen.manifest));
    view! {
        <div class="sides">
            <section aria-labelledby="answers-title">
                <h2 id="answers-title">"Answer and view"</h2>
                <div id="answers" data-follow="true">{answers}</div>
            </section>
            <section aria-labelledby="manifest-title">
                <h2 id="manifest-title">"widget.toml"</h2>
                <div id="manifest" class="sheet" tabindex="0" role="group" aria-label="Lines of the manifest" data-follow="true">
                    {manifest(&seen.manifest, &wrong, &refused)}
                </div>
            </section>
        </div>
    }
    .into_any()
}

/// One line about what is shown, for who looks and for who listens.
fn told(bench: &Workspace, seen: &Seen) -> String {
    let read = seen
        .good
        .as_ref()
        .map(|good| good.read.to_zoned(bench.zone.clone()).strftime("%H:%M:%S").to_string());
    match (seen.problems.first(), read) {
        (None, _) => "The cards show the manifest and the samples as they are saved.".to_owned(),
        (Some(problem), Some(read)) => {
            let line = problem.line.map(|line| format!(", line {line}")).unwrap_or_default();
            format!("The manifest cannot be read{line}. The cards show it as it was at {read}.")
        }
        (Some(_), None) => "The manifest cannot be read, so there are no cards yet.".to_owned(),
    }
}

fn draw_problem(bench: &Workspace, seen: &Seen) -> Option<AnyView> {
    if seen.problems.is_empty() {
        return None;
    }
    let problem = |problem: &ManifestError| {
        let what = match &problem.suggestion {
            Some(suggestion) => format!("{}; did you mean `{suggestion}`?", problem.what),
            None => problem.what.clone(),
        };
        view! { <li>{draw_line(problem.line)} <b><code>{problem.key.clone()}</code></b> ": " {what}</li> }
    };
    let problems = seen.problems.iter().map(problem).collect::<Vec<_>>();
    let last_good = seen.good.is_some();
    let file = bench.folder.path.join("widget.toml").display().to_string();
    Some(
        view! {
            <section class="notice" data-tone="problem" aria-labelledby="problem-title">
                <div>
                    <h2 id="problem-title">"The manifest cannot be read"</h2>
                    <ul class="problems">{problems}</ul>
                    <p><small>{file} {last_good.then_some(": the cards below are of the last manifest that could be read.")}</small></p>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// A link to a line of the manifest.
fn draw_line(line: Option<usize>) -> Option<AnyView> {
    line.map(|line| view! { <a href=format!("#line-{line}")>"Line " {line}</a> " " }.into_any())
}

fn draw_choice(seen: &Seen, choice: &Choice) -> AnyView {
    let select =
        |id: &'static str, label: &'static str, chosen: String, options: Vec<(String, String)>| {
            let options = options
                .into_iter()
                .map(|(value, words)| {
                    let selected = value == chosen;
                    view! { <option value=value selected=selected>{words}</option> }
                })
                .collect::<Vec<_>>();
            view! {
                <div class="field">
                    <label for=id>{label}</label>
                    <select id=id name=id>{options}</select>
                </div>
            }
            .into_any()
        };
    let mut cards = vec![("all".to_owned(), "All".to_owned())];
    if let Some(good) = &seen.good {
        cards.extend(states::all(&good.widget));
    }
    let widths = Width::ALL.into_iter().map(|width| {
        let words = match width {
            Width::Best => "Best".to_owned(),
            Width::Columns(columns) => format!("{columns} of 12 columns"),
            Width::Phone => "Phone, 360 pixels".to_owned(),
        };
        (width.id(), words)
    });
    let looks = Look::ALL.into_iter().map(|look| {
        let words = match look {
            Look::System => "As the system",
            Look::Light => "Light",
            Look::Dark => "Dark",
        };
        (look.id().to_owned(), words.to_owned())
    });
    let languages =
        Language::ALL.map(|language| (language.tag().to_owned(), language.own_name().to_owned()));
    let shown = choice.show.clone().unwrap_or_else(|| "all".to_owned());
    view! {
        <form id="choice" class="choice" method="get" action="/" aria-label="What is shown">
            <div id="choices" data-follow="true">
                {select("show", "Cards", shown, cards)} {select("width", "Width", choice.width.id(), widths.collect())}
                {select("theme", "Theme", choice.look.id().to_owned(), looks.collect())}
                {select("language", "Language", choice.language.tag().to_owned(), languages.to_vec())}
            </div>
            <button class="button main" id="apply">"Show"</button>
        </form>
    }
    .into_any()
}

fn draw_card(card: Shown, choice: &Choice, manifest: &str) -> AnyView {
    let Shown { id, label, size, view_model, stop, left_out } = card;
    let width = width_of(choice, size);
    let gives_way = choice.width == Width::Best;
    let why = stop.map(|stop| draw_stop(&stop, manifest));
    let left_out = left_out
        .iter()
        .map(|refusal| {
            view! { <p class="why">"Left out: " {draw_refusal(refusal, manifest)}</p> }.into_any()
        })
        .collect::<Vec<_>>();
    view! {
        <section class="bench-card" id=id.clone() data-width=width data-gives-way=gives_way aria-labelledby=format!("label-{id}")>
            <h3 id=format!("label-{id}")>{label}</h3>
            <div lang=choice.language.tag() class="frame">{draw_preview(&id, size, &DrawnCard::new(view_model))}</div>
            {why.map(|why| view! { <p class="why">{why}</p> })}
            {left_out}
        </section>
    }
    .into_any()
}

fn width_of(choice: &Choice, best: u8) -> String {
    match choice.width {
        Width::Best => best.to_string(),
        other => other.id(),
    }
}

/// Why there is no view.
fn draw_stop(stop: &ExchangeError, manifest: &str) -> AnyView {
    match stop {
        ExchangeError::RejectionEffect(refusal) => {
            view! { "Refused: " {draw_refusal(refusal, manifest)} }.into_any()
        }
        other => other.to_string().into_any(),
    }
}

fn draw_refusal(refusal: &Refusal, manifest: &str) -> AnyView {
    match refusal {
        Refusal::NeedsSetting { .. } => refusal.to_string().into_any(),
        Refusal::UnexpectedAnswer { at, reason } => {
            let line = line_of(manifest, at);
            view! { {draw_line(line)} <code>{at.clone()}</code> ": " {reason.clone()} }.into_any()
        }
    }
}

/// What happens between an answer and a card, for one sample.
struct Workings {
    sample: String,
    asked: Vec<Asked>,
    outcome: Result<serde_json::Value, ExchangeError>,
    left_out: Vec<Refusal>,
    pieces: Vec<(String, Excerpt)>,
}

impl Workings {
    /// Of the sample that is chosen, or of the normal one.
    fn of(bench: &Workspace, good: &Good, choice: &Choice) -> Self {
        let widget: &ManifestWidget = &good.widget;
        let samples = widget.samples();
        let chosen = |sample: &&Sample| choice.show == Some(id_of_sample(&sample.name));
        let Some(sample) = samples.iter().find(chosen).or(samples.first()) else {
            let stop = ExchangeError::Unanswered(String::new());
            return Workings {
                sample: String::new(),
                asked: Vec::new(),
                outcome: Err(stop),
                left_out: Vec::new(),
                pieces: Vec::new(),
            };
        };
        let (walk, view) = Walk::of_sample(widget, sample, choice.language, &bench.zone);
        let ask = ask_of_sample(sample, choice.language, &bench.zone);
        let left_out = view.as_ref().map(|view| view.left_out_because.clone()).unwrap_or_default();
        let refused = match &view {
            Err(ExchangeError::RejectionEffect(refusal)) => Some(refusal),
            _ => None,
        };
        let pieces = refused
            .into_iter()
            .chain(&left_out)
            .filter_map(|refusal| match refusal {
                Refusal::UnexpectedAnswer { at, .. } => {
                    Some((at.clone(), widget.piece(&ask, &walk.answers, at)?))
                }
                Refusal::NeedsSetting { .. } => None,
            })
            .collect();
        Workings {
            sample: sample.name.clone(),
            asked: walk.asked,
            outcome: view.map(|view| serde_json::to_value(view).unwrap_or_default()),
            left_out,
            pieces,
        }
    }

    /// The lines of the manifest that refused something.
    fn lines(&self, manifest: &str) -> Vec<usize> {
        let refused = match &self.outcome {
            Err(ExchangeError::RejectionEffect(refusal)) => Some(refusal),
            _ => None,
        };
        let all = refused.into_iter().chain(&self.left_out);
        all.filter_map(|refusal| match refusal {
            Refusal::UnexpectedAnswer { at, .. } => line_of(manifest, at),
            Refusal::NeedsSetting { .. } => None,
        })
        .collect()
    }

    fn draw(self, manifest: &str) -> AnyView {
        let outcome = match &self.outcome {
            Ok(view) => {
                view! { <div class="sheet">{outline("view", view, "view")}</div> }.into_any()
            }
            Err(stop) => view! { <p class="why">{draw_stop(stop, manifest)}</p> }.into_any(),
        };
        let left_out = self
            .left_out
            .iter()
            .map(|refusal| {
                view! { <p class="why">"Left out: " {draw_refusal(refusal, manifest)}</p> }
                    .into_any()
            })
            .collect::<Vec<_>>();
        let pieces = self.pieces.iter().map(draw_piece).collect::<Vec<_>>();
        let asked = self
            .asked
            .iter()
            .enumerate()
            .map(|(at, asked)| draw_asked(at, asked))
            .collect::<Vec<_>>();
        let nothing = asked.is_empty().then(|| view! { <p>"Nothing is asked."</p> });
        view! {
            <p>"Of the sample " <b>{self.sample}</b> ". Choose another one under Cards."</p>
            {asked}
            {nothing}
            <h3>"View"</h3>
            {outcome}
            {left_out}
            {pieces}
        }
        .into_any()
    }
}

fn draw_piece((at, piece): &(String, Excerpt)) -> AnyView {
    let name = match piece.thing {
        Some(thing) => format!("thing {thing}"),
        None => "piece".to_owned(),
    };
    let tree = outline(&name, &piece.tree, &format!("piece.{at}"));
    view! {
        <p>"The answer there: " {piece.thing.map(|thing| format!("thing {thing} of "))} <code>{piece.of.clone()}</code></p>
        <div class="sheet">{tree}</div>
    }
    .into_any()
}

fn draw_asked(at: usize, asked: &Asked) -> AnyView {
    let request = &asked.request;
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let came = match &asked.answer {
        Ok(tree) => {
            let tree = outline(&request.id, tree, &format!("{at}.{}", request.id));
            view! { <div class="sheet">{tree}</div> }.into_any()
        }
        Err(_) if asked.bytes == 0 && request.may_fail => {
            view! { <p>"The sample has no answer to it; the widget can do without."</p> }.into_any()
        }
        Err(failure) => view! { <p class="why">{failure.to_string()}</p> }.into_any(),
    };
    view! {
        <h3>{request.id.clone()}</h3>
        <p><code>{method} " " {request.url.clone()}</code> <small>" " {asked.bytes} " bytes"</small></p>
        {came}
    }
    .into_any()
}
