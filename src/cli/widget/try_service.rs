//! `voordeur widget try`: asks what a widget asks, with the hub's own limits, and shows what it makes of the answers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use futures::future::join_all;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use voordeur_widget_api::{
    FieldKind, Language, Manifest, Place, Refusal, Request, Settings, View, Widget, WidgetContext,
};

use super::try_report::{Came, Report};
use super::widget_folder::{self, FoundWidget, WidgetLookupError};
use super::{CliError, source_of_answers};
use crate::cards::{Asked, ExchangeError, Walk, ZONE};
use crate::default_board;
use crate::locale::Locale;
use crate::presenter::describe_field_error;
use voordeur_upstream::{ApiKeys, FetchError, Fetcher, Policy, Source};

/// What `voordeur widget try` is told.
#[derive(Clone, Debug, Args)]
pub struct TryOptions {
    /// The widget's id.
    pub name: String,
    /// An answer to a field of the widget, for instance `--set station=mechelen`; may be given several times.
    #[arg(long = "set", value_name = "FIELD=ANSWER")]
    pub set: Vec<String>,
    /// The postcode or municipality of the citizen, for a widget that asks for a place.
    #[arg(long)]
    pub place: Option<String>,
    /// The citizen's language: nl, fr, de or en.
    #[arg(long, default_value = "nl", value_parser = language)]
    pub language: Language,
    /// Where answers come from: `live`, or `gateway=URL` (loopback only, for tests).
    #[arg(long, default_value = "live", value_parser = source_of_answers)]
    pub sources: Source,
    /// The folder of widgets. When it is left out: `widgets/catalogue`, else the widgets that are built in.
    #[arg(long, value_name = "DIR")]
    pub widgets: Option<PathBuf>,
    /// Print everything as JSON.
    #[arg(long)]
    pub json: bool,
    /// How services can reach you: an address of mail or a page.
    #[arg(long, env = "VOORDEUR_CONTACT")]
    pub contact: Option<String>,
}

fn language(text: &str) -> Result<Language, String> {
    text.parse().map_err(|()| "must be nl, fr, de or en".to_owned())
}

/// Asks, and gives the card as text or everything as JSON.
pub async fn run(options: &TryOptions) -> Result<String, CliError> {
    let FoundWidget { widget, manifest: written } =
        widget_folder::find(&options.name, options.widgets.as_deref()).map_err(|problem| {
            match problem {
                WidgetLookupError::Unknown(problem) => CliError::Usage(problem),
                WidgetLookupError::Unreadable(problem) => CliError::from(problem),
            }
        })?;
    let manifest = widget.manifest();
    let zone = TimeZone::get(ZONE).map_err(|error| error.to_string())?;
    let today = Timestamp::now().to_zoned(zone.clone()).date();
    let settings = settings(manifest, &options.set, today)?;
    let place = place(manifest, &settings, options)?;
    let ask = WidgetContext {
        settings: &settings,
        place: place.as_ref(),
        language: options.language,
        now: Timestamp::now(),
        zone: &zone,
    };
    let keys = ApiKeys::from_environment();
    let fetcher = Fetcher::new(&options.sources, options.contact.as_deref(), keys)
        .map_err(|error| format!("the HTTP client cannot be made: {error}"))?;

    let mut trial = Trial { fetcher, walk: Walk::default(), took: Vec::new() };
    let came = trial.view(&widget, &ask).await;
    if let Err(ExchangeError::RejectionEffect(Refusal::NeedsSetting { field })) = &came {
        return Err(CliError::Usage(missing(manifest, field, &widget)));
    }
    if let (Err(ExchangeError::Failed { failure: FetchError::NoKey, .. }), Some(key)) =
        (&came, &manifest.key)
    {
        return Err(CliError::Usage(format!(
            "the service wants a key: put it in the environment as {}. You get one at {}",
            key.variable, key.url
        )));
    }
    let report = Report {
        widget: &widget,
        written: written.as_ref().map(|(_, text)| text.as_str()),
        ask: &ask,
        walk: &trial.walk,
        took: &trial.took,
        came: match came {
            Ok(view) => Came::View(Box::new(view)),
            Err(stop) => Came::Nothing(stop),
        },
    };
    report.told(options.json)
}

/// One try.
struct Trial {
    fetcher: Fetcher,
    walk: Walk,
    /// How long each request took, in the order of the walk.
    took: Vec<Duration>,
}

impl Trial {
    async fn view(
        &mut self,
        widget: &dyn Widget,
        ask: &WidgetContext<'_>,
    ) -> Result<View, ExchangeError> {
        loop {
            let requests = self.walk.next(widget, ask)?;
            if requests.is_empty() {
                return widget
                    .view(ask, &self.walk.answers)
                    .map_err(ExchangeError::RejectionEffect);
            }
            let hosts = &widget.manifest().hosts;
            let flights = requests.into_iter().map(|request| self.fly(hosts, request));
            let (step, took): (Vec<_>, Vec<_>) = join_all(flights).await.into_iter().unzip();
            self.took.extend(took);
            self.walk.take(step)?;
        }
    }

    async fn fly(&self, hosts: &[String], request: Request) -> (Asked, Duration) {
        let began = Instant::now();
        let longest = Policy::default().flight;
        let fetched = self.fetcher.fetch_alone(hosts, &request, longest).await;
        let took = began.elapsed();
        let (bytes, answer) = match fetched {
            Ok(body) => {
                let tree = voordeur_formats::read(request.format, &body);
                let tree = tree.map_err(|problem| FetchError::Unreadable(problem.to_string()));
                (body.len(), tree.map(Arc::new))
            }
            Err(failure) => (0, Err(failure)),
        };
        (Asked { request, bytes, answer }, took)
    }
}

/// The settings that `--set` gives, each tidied by its field.
fn settings(manifest: &Manifest, set: &[String], today: Date) -> Result<Settings, CliError> {
    let mut settings = Settings::new();
    for written in set {
        let (id, typed) = written.split_once('=').ok_or_else(|| {
            CliError::Usage(format!("--set {written}: must be like `--set field=answer`"))
        })?;
        let field = manifest.field(id).ok_or_else(|| {
            let known: Vec<&str> = manifest.fields.iter().map(|field| field.id.as_str()).collect();
            CliError::Usage(match known.as_slice() {
                [] => format!("--set {id}: this widget asks nothing"),
                known => format!("--set {id}: no such field; there is {}", known.join(", ")),
            })
        })?;
        let tidied = voordeur_gazetteer::tidy(field, typed, today).map_err(|problem| {
            let why = describe_field_error(&problem, typed, Locale::new(Language::En));
            let choices = match &field.kind {
                FieldKind::Choice { choices } => {
                    let values: Vec<&str> =
                        choices.iter().map(|choice| choice.value.as_str()).collect();
                    format!(" They are: {}.", values.join(", "))
                }
                _ => String::new(),
            };
            CliError::Usage(format!("--set {id}={typed}: {why}{choices}"))
        })?;
        settings.extend(tidied.map(|answer| (id.to_owned(), answer)));
    }
    Ok(settings)
}

/// The place the card is about, as the board chooses it; nothing when the widget asks for none.
fn place(
    manifest: &Manifest,
    settings: &Settings,
    options: &TryOptions,
) -> Result<Option<Place>, CliError> {
    let field = manifest.fields.iter().find(|field| field.kind == FieldKind::Place);
    let given = options.place.as_deref().map(|typed| {
        voordeur_gazetteer::find(typed).ok_or_else(|| {
            let problem = voordeur_widget_api::FieldError::UnknownPlace;
            let why = describe_field_error(&problem, typed, Locale::new(Language::En));
            CliError::Usage(format!("--place {typed}: {why}"))
        })
    });
    let given = given.transpose()?;
    match (field, given) {
        (None, None) => Ok(None),
        (None, Some(_)) => {
            Err(CliError::Usage("--place: this widget has no field of the kind `place`".to_owned()))
        }
        (Some(field), given) => {
            let own = settings.get(&field.id).and_then(|typed| voordeur_gazetteer::find(typed));
            let stand_in = || default_board::stand_in_place(options.language);
            Ok(Some(own.or(given).unwrap_or_else(stand_in)))
        }
    }
}

/// That a field has to be filled in, and how the sample fills it in.
fn missing(manifest: &Manifest, id: &str, widget: &dyn Widget) -> String {
    let label = manifest.field(id).map_or(id, |field| field.label.get(Language::En));
    let sample = widget.samples().first().and_then(|sample| sample.settings.get(id));
    let example = sample.map_or("…", String::as_str);
    format!(
        "the field `{id}` ({label}) has to be filled in, for instance with --set {id}={example}"
    )
}
