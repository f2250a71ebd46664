//! The page of the preview. It is in English, as everything for widget authors is; the cards are in
//! the chosen language.

use leptos::prelude::*;
use voordeur_engine::{
    Excerpt, ManifestError, ManifestWidget, SampleError, SampleResponse, SampleRun, line_of,
    sample_context,
};
use voordeur_widget_api::{
    Budget, CardWidth, ExchangeError, Language, Method, Refusal, Sample, Widget,
};

use super::outline::{manifest, outline};
use super::states::{self, ColorScheme, DisplayOptions, PreviewCard, Width, sample_card_id};
use super::workspace::{ParsedWidget, Snapshot, Workspace};
use crate::icons::{self, Icon, Icons};
use crate::pages::draw_preview;

pub fn draw(workspace: &Workspace, snapshot: &Snapshot, options: &DisplayOptions) -> String {
    let owner = Owner::new();
    let html = owner.with(|| document(workspace, snapshot, options).to_html());
    drop(owner);
    html
}

fn document(workspace: &Workspace, snapshot: &Snapshot, options: &DisplayOptions) -> AnyView {
    let shown = match &snapshot.widget {
        Some(widget) => states::cards(&widget.widget, options, &workspace.zone),
        None => Vec::new(),
    };
    let icons = Icons::default()
        .with_all(Icons::IN_CARD_BODIES)
        .with_all(shown.iter().map(|card| Icon::named(&card.drawn.view_model.icon)));
    let main = draw_main(workspace, snapshot, options, shown);
    let title = format!("{} · Preview · Voordeur", workspace.folder.id);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <link id="look" rel="stylesheet" href=format!("/cards.css?theme={}", options.color_scheme.id()) />
                <link rel="stylesheet" href="/preview.css" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <script type="module" src="/preview.js"></script>
            </head>
            <body data-version=snapshot.version.clone()>
                <div id="sprite" data-follow="true">{icons.sprite()}</div>
                <a class="skip" href="#main">"To the cards"</a>
                <header class="top">
                    <div class="wrap">
                        <p class="brand">{icons::mark()} <span>"Preview"</span></p>
                    </div>
                </header>
                {main}
            </body>
        </html>
    }
    .into_any()
}

fn draw_main(
    workspace: &Workspace,
    snapshot: &Snapshot,
    options: &DisplayOptions,
    shown: Vec<PreviewCard>,
) -> AnyView {
    let id = workspace.folder.id.clone();
    let path = workspace.folder.path.display().to_string();
    let no_style = (!workspace.style_sheet.is_file()).then(|| {
        view! {
            <p class="notice" data-tone="problem">"The style sheet is absent, so cards are shown without style: " <code>"make build"</code> " creates it."</p>
        }
    });
    let cards = shown
        .into_iter()
        .map(|card| draw_card(card, options, &snapshot.manifest))
        .collect::<Vec<_>>();
    let sides = draw_sides(workspace, snapshot, options);
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
                {draw_form(snapshot, options)}
                <p id="told" role="status" data-follow="true">{status_line(workspace, snapshot)}</p>
                <div id="problem" data-follow="true">{draw_manifest_errors(workspace, snapshot)}</div>
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

/// The responses and the view on one side, the manifest on the other.
fn draw_sides(workspace: &Workspace, snapshot: &Snapshot, options: &DisplayOptions) -> AnyView {
    let details =
        snapshot.widget.as_ref().and_then(|widget| SampleDetails::of(workspace, widget, options));
    let refused = details
        .as_ref()
        .map(|details| details.refused_lines(&snapshot.manifest))
        .unwrap_or_default();
    let wrong: Vec<usize> = snapshot.errors.iter().filter_map(|error| error.line).collect();
    let details = details.map(|details| details.draw(&snapshot.manifest));
    view! {
        <div class="sides">
            <section aria-labelledby="answers-title">
                <h2 id="answers-title">"Responses and view"</h2>
                <div id="answers" data-follow="true">{details}</div>
            </section>
            <section aria-labelledby="manifest-title">
                <h2 id="manifest-title">"widget.toml"</h2>
                <div id="manifest" class="sheet" tabindex="0" role="group" aria-label="Lines of the manifest" data-follow="true">
                    {manifest(&snapshot.manifest, &wrong, &refused)}
                </div>
            </section>
        </div>
    }
    .into_any()
}

/// One line about what is shown, also announced to screen readers.
fn status_line(workspace: &Workspace, snapshot: &Snapshot) -> String {
    let read = snapshot.widget.as_ref().map(|widget| {
        widget.read.to_zoned(workspace.zone.clone()).strftime("%H:%M:%S").to_string()
    });
    match (snapshot.errors.first(), read) {
        (None, _) => "The cards show the manifest and the samples as they are saved.".to_owned(),
        (Some(error), Some(read)) => {
            let line = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
            format!("The manifest cannot be read{line}. The cards show it as it was at {read}.")
        }
        (Some(_), None) => "The manifest cannot be read, so there are no cards yet.".to_owned(),
    }
}

fn draw_manifest_errors(workspace: &Workspace, snapshot: &Snapshot) -> Option<AnyView> {
    if snapshot.errors.is_empty() {
        return None;
    }
    let draw_error = |error: &ManifestError| {
        let what = match &error.suggestion {
            Some(suggestion) => format!("{}; did you mean `{suggestion}`?", error.message),
            None => error.message.clone(),
        };
        view! { <li>{draw_line(error.line)} <b><code>{error.key.clone()}</code></b> ": " {what}</li> }
    };
    let errors = snapshot.errors.iter().map(draw_error).collect::<Vec<_>>();
    let last_good = snapshot.widget.is_some();
    let file = workspace.folder.path.join("widget.toml").display().to_string();
    Some(
        view! {
            <section class="notice" data-tone="problem" aria-labelledby="problem-title">
                <div>
                    <h2 id="problem-title">"The manifest cannot be read"</h2>
                    <ul class="problems">{errors}</ul>
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

fn draw_form(snapshot: &Snapshot, options: &DisplayOptions) -> AnyView {
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
    if let Some(widget) = &snapshot.widget {
        cards.extend(states::all(&widget.widget));
    }
    let widths = Width::ALL.into_iter().map(|width| {
        let words = match width {
            Width::Best => "Best".to_owned(),
            Width::Lanes(CardWidth::Narrow) => "Narrow: one lane".to_owned(),
            Width::Lanes(CardWidth::Wide) => "Wide: two lanes".to_owned(),
            Width::Lanes(CardWidth::Full) => "Full: three lanes".to_owned(),
            Width::Phone => "Phone, 360 pixels".to_owned(),
        };
        (width.id().to_owned(), words)
    });
    let schemes = ColorScheme::ALL.into_iter().map(|color_scheme| {
        let words = match color_scheme {
            ColorScheme::System => "As the system",
            ColorScheme::Light => "Light",
            ColorScheme::Dark => "Dark",
        };
        (color_scheme.id().to_owned(), words.to_owned())
    });
    let languages =
        Language::ALL.map(|language| (language.tag().to_owned(), language.own_name().to_owned()));
    let shown = options.show.clone().unwrap_or_else(|| "all".to_owned());
    view! {
        <form id="choice" class="choice" method="get" action="/" aria-label="What is shown">
            <div id="choices" data-follow="true">
                {select("show", "Cards", shown, cards)} {select("width", "Width", options.width.id().to_owned(), widths.collect())}
                {select("theme", "Theme", options.color_scheme.id().to_owned(), schemes.collect())}
                {select("language", "Language", options.language.tag().to_owned(), languages.to_vec())}
            </div>
            <button class="button main" id="apply">"Show"</button>
        </form>
    }
    .into_any()
}

fn draw_card(card: PreviewCard, options: &DisplayOptions, manifest: &str) -> AnyView {
    let PreviewCard { id, label, size, drawn, error, left_out } = card;
    let width = width_of(options, size);
    let gives_way = options.width == Width::Best;
    let why = error.map(|error| draw_error(&error, manifest));
    let left_out = left_out
        .iter()
        .map(|refusal| {
            view! { <p class="why">"Left out: " {draw_refusal(refusal, manifest)}</p> }.into_any()
        })
        .collect::<Vec<_>>();
    view! {
        <section class="bench-card" id=id.clone() data-width=width data-gives-way=gives_way aria-labelledby=format!("label-{id}")>
            <h3 id=format!("label-{id}")>{label}</h3>
            <div lang=options.language.tag() class="frame">{draw_preview(&id, size, &drawn)}</div>
            {why.map(|why| view! { <p class="why">{why}</p> })}
            {left_out}
        </section>
    }
    .into_any()
}

fn width_of(options: &DisplayOptions, best: CardWidth) -> &'static str {
    match options.width {
        Width::Best => best.id(),
        other => other.id(),
    }
}

fn draw_error(error: &ExchangeError<SampleError>, manifest: &str) -> AnyView {
    match error {
        ExchangeError::Refused(refusal) => {
            view! { "Refused: " {draw_refusal(refusal, manifest)} }.into_any()
        }
        other => other.to_string().into_any(),
    }
}

fn draw_refusal(refusal: &Refusal, manifest: &str) -> AnyView {
    match refusal {
        Refusal::NeedsSetting { .. } | Refusal::Panicked { .. } => refusal.to_string().into_any(),
        Refusal::UnexpectedResponse { at, reason } => draw_reason(at, reason.clone(), manifest),
        Refusal::OverBudget { at, exhausted } => draw_reason(at, exhausted.to_string(), manifest),
    }
}

fn draw_reason(at: &str, reason: String, manifest: &str) -> AnyView {
    let line = line_of(manifest, at);
    view! { {draw_line(line)} <code>{at.to_owned()}</code> ": " {reason} }.into_any()
}

/// The steps from the requests to the view, for one sample.
struct SampleDetails {
    sample: String,
    asked: Vec<SampleResponse>,
    view: Result<serde_json::Value, ExchangeError<SampleError>>,
    left_out: Vec<Refusal>,
    excerpts: Vec<(String, Excerpt)>,
}

impl SampleDetails {
    /// Those of the chosen sample, or of the first one. None when the widget has no samples.
    fn of(workspace: &Workspace, widget: &ParsedWidget, options: &DisplayOptions) -> Option<Self> {
        let widget: &ManifestWidget = &widget.widget;
        let samples = widget.samples();
        let chosen = |sample: &&Sample| options.show == Some(sample_card_id(&sample.name));
        let sample = samples.iter().find(chosen).or(samples.first())?;
        let SampleRun { asked, responses, view } =
            SampleRun::new(widget, sample, options.language, &workspace.zone);
        let budget = Budget::default();
        let context = sample_context(sample, options.language, &workspace.zone, &budget);
        let left_out = view.as_ref().map(|view| view.omission_reasons.clone()).unwrap_or_default();
        let refused = match &view {
            Err(ExchangeError::Refused(refusal)) => Some(refusal),
            _ => None,
        };
        let excerpts = refused
            .into_iter()
            .chain(&left_out)
            .filter_map(|refusal| match refusal {
                Refusal::UnexpectedResponse { at, .. } => {
                    Some((at.clone(), widget.excerpt(&context, &responses, at)?))
                }
                Refusal::NeedsSetting { .. }
                | Refusal::Panicked { .. }
                | Refusal::OverBudget { .. } => None,
            })
            .collect();
        Some(SampleDetails {
            sample: sample.name.clone(),
            asked,
            view: view.map(|view| serde_json::to_value(view).unwrap_or_default()),
            left_out,
            excerpts,
        })
    }

    /// The lines of the manifest that refused a response.
    fn refused_lines(&self, manifest: &str) -> Vec<usize> {
        let refused = match &self.view {
            Err(ExchangeError::Refused(refusal)) => Some(refusal),
            _ => None,
        };
        let all = refused.into_iter().chain(&self.left_out);
        all.filter_map(|refusal| match refusal {
            Refusal::UnexpectedResponse { at, .. } | Refusal::OverBudget { at, .. } => {
                line_of(manifest, at)
            }
            Refusal::NeedsSetting { .. } | Refusal::Panicked { .. } => None,
        })
        .collect()
    }

    fn draw(self, manifest: &str) -> AnyView {
        let view = match &self.view {
            Ok(view) => {
                view! { <div class="sheet">{outline("view", view, "view")}</div> }.into_any()
            }
            Err(error) => view! { <p class="why">{draw_error(error, manifest)}</p> }.into_any(),
        };
        let left_out = self
            .left_out
            .iter()
            .map(|refusal| {
                view! { <p class="why">"Left out: " {draw_refusal(refusal, manifest)}</p> }
                    .into_any()
            })
            .collect::<Vec<_>>();
        let excerpts = self.excerpts.iter().map(draw_excerpt).collect::<Vec<_>>();
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
            {view}
            {left_out}
            {excerpts}
        }
        .into_any()
    }
}

fn draw_excerpt((at, excerpt): &(String, Excerpt)) -> AnyView {
    let name = match excerpt.item_number {
        Some(thing) => format!("thing {thing}"),
        None => "piece".to_owned(),
    };
    let tree = outline(&name, &excerpt.tree, &format!("piece.{at}"));
    view! {
        <p>"The response there: " {excerpt.item_number.map(|thing| format!("thing {thing} of "))} <code>{excerpt.source.clone()}</code></p>
        <div class="sheet">{tree}</div>
    }
    .into_any()
}

fn draw_asked(at: usize, asked: &SampleResponse) -> AnyView {
    let request = &asked.request;
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let response = match &asked.tree {
        Ok(tree) => {
            let tree = outline(&request.id, tree, &format!("{at}.{}", request.id));
            view! { <div class="sheet">{tree}</div> }.into_any()
        }
        Err(SampleError::Absent) if request.optional => {
            view! { <p>"The sample has no response to it; the widget can do without."</p> }
                .into_any()
        }
        Err(error) => view! { <p class="why">{error.to_string()}</p> }.into_any(),
    };
    view! {
        <h3>{request.id.clone()}</h3>
        <p><code>{method} " " {request.url.clone()}</code> <small>" " {asked.bytes} " bytes"</small></p>
        {response}
    }
    .into_any()
}
