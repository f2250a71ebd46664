//! `voordeur widget try`: sends the requests of a widget, with the limits of upstream, and shows
//! its view of the responses.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use futures::future::join_all;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use voordeur_widget_api::{
    Budget, Exchange, ExchangeError, FieldKind, Language, Manifest, Place, Refusal, Request,
    Settings, View, Widget, WidgetContext,
};

use super::try_report::{Report, TriedRequest};
use super::{CliError, parse_service_source};
use crate::cards::ZONE;
use crate::default_board;
use crate::locale::Locale;
use crate::presenter::describe_field_error;
use crate::widget_folder::{self, LoadedWidget};

use voordeur_upstream::{ApiKeys, FetchError, Fetcher, Policy, Source};

/// Options of `voordeur widget try`.
#[derive(Clone, Debug, Args)]
pub struct TryOptions {
    /// The widget's id.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub name: Option<String>,
    /// Ask each service of the catalogue once, one request at a time, with the settings of the
    /// first sample of each widget. With `--sources live`, a widget that shows data gets the record
    /// that proves it.
    #[arg(long, conflicts_with_all = ["set", "place"])]
    pub all: bool,
    /// With `--all`: seconds after which a service counts as slow.
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, requires = "all")]
    pub slow: f64,
    /// A value for a field of the widget, for instance `--set station=mechelen`; may be given
    /// several times.
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// The postcode or municipality of the citizen, for a widget that asks for a place.
    #[arg(long)]
    pub place: Option<String>,
    /// The citizen's language: nl, fr, de or en.
    #[arg(long, default_value = "nl", value_parser = language)]
    pub language: Language,
    /// Where requests go: `live`, or `gateway=URL` (loopback only, for tests).
    #[arg(long, default_value = "live", value_parser = parse_service_source)]
    pub sources: Source,
    /// The folder of widgets. The default is `widgets/catalogue`, or else the embedded widgets.
    #[arg(long, value_name = "DIR")]
    pub widgets: Option<PathBuf>,
    /// With `--all`: the data directory of the server. What its `paused.toml` pauses is not asked.
    #[arg(long, env = "VOORDEUR_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Print everything as JSON.
    #[arg(long)]
    pub json: bool,
    /// How services can reach you: an e-mail address or a web page.
    #[arg(long, env = "VOORDEUR_CONTACT")]
    pub contact: Option<String>,
}

fn language(text: &str) -> Result<Language, String> {
    text.parse().map_err(|()| "must be nl, fr, de or en".to_owned())
}

/// Runs the exchange, and returns the report as text or as JSON.
pub async fn run(options: &TryOptions) -> Result<String, CliError> {
    let name = options.name.as_deref().unwrap_or_default();
    let LoadedWidget { widget, manifest: text } =
        widget_folder::load(name, options.widgets.as_deref())?;
    let manifest = widget.manifest();
    let zone = TimeZone::get(ZONE).map_err(CliError::failed("cannot load the time zone"))?;
    let now = Timestamp::now();
    let settings = settings(manifest, &options.set, now.to_zoned(zone.clone()).date())?;
    let place = place(manifest, &settings, options)?;
    let context = WidgetContext {
        settings: &settings,
        place: place.as_ref(),
        language: options.language,
        now,
        zone: &zone,
        budget: &Budget::default(),
    };
    let keys = ApiKeys::from_environment();
    let fetcher = Fetcher::new(&options.sources, options.contact.as_deref(), keys)
        .map_err(CliError::failed("cannot create the HTTP client"))?;

    let mut exchange = Exchange::new();
    let mut requests = Vec::new();
    let view = try_view(&fetcher, &widget, &context, &mut exchange, &mut requests).await;
    if let Err(ExchangeError::Refused(Refusal::NeedsSetting { field })) = &view {
        return Err(CliError::Usage(missing_setting(manifest, field, &widget)));
    }
    if let (Err(ExchangeError::Failed { error: FetchError::MissingApiKey, .. }), Some(key)) =
        (&view, &manifest.key)
    {
        return Err(CliError::Usage(format!(
            "the service needs a key: put it in the environment as {}. You get one at {}",
            key.variable, key.url
        )));
    }
    let report = Report {
        widget: &widget,
        manifest: text.as_deref(),
        context: &context,
        requests: &requests,
        responses: exchange.responses(),
        view,
    };
    report.output(options.json)
}

async fn try_view(
    fetcher: &Fetcher,
    widget: &dyn Widget,
    context: &WidgetContext<'_>,
    exchange: &mut Exchange<FetchError>,
    log: &mut Vec<TriedRequest>,
) -> Result<View, ExchangeError<FetchError>> {
    loop {
        let requests = exchange.next(widget, context)?;
        if requests.is_empty() {
            return Ok(widget.view(context, exchange.responses())?);
        }
        let hosts = &widget.manifest().hosts;
        let fetches = requests.into_iter().map(|request| fetch(fetcher, hosts, request));
        for tried in join_all(fetches).await {
            exchange.supply(&tried.request, tried.tree.clone());
            log.push(tried);
        }
    }
}

pub(super) async fn fetch(fetcher: &Fetcher, hosts: &[String], request: Request) -> TriedRequest {
    let started = Instant::now();
    let body = fetcher.fetch_uncached(hosts, &request, Policy::default().flight_timeout).await;
    let took = started.elapsed();
    let bytes = body.as_ref().map_or(0, |body| body.bytes.len());
    let tree = body.and_then(|body| {
        let (metadata, budget) = (body.origin.metadata(), Budget::default());
        let tree = voordeur_formats::read_with(request.format, &body.bytes, metadata, &budget);
        tree.map(Arc::new).map_err(|error| FetchError::Unreadable(error.to_string()))
    });
    TriedRequest { request, bytes, took, tree }
}

/// The settings of `--set`, each checked and normalised by its field.
fn settings(manifest: &Manifest, set: &[String], today: Date) -> Result<Settings, CliError> {
    let mut settings = Settings::new();
    for assignment in set {
        let (id, typed) = assignment.split_once('=').ok_or_else(|| {
            CliError::Usage(format!("--set {assignment}: must be like `--set field=value`"))
        })?;
        let field = manifest.field(id).ok_or_else(|| {
            let known: Vec<&str> = manifest.fields.iter().map(|field| field.id.as_str()).collect();
            CliError::Usage(match known.as_slice() {
                [] => format!("--set {id}: this widget asks nothing"),
                known => format!("--set {id}: no such field; there is {}", known.join(", ")),
            })
        })?;
        let value = field.validate_with_places(typed, today, voordeur_gazetteer::find).map_err(
            |error| {
                let reason = describe_field_error(&error, typed, Locale::new(Language::En));
                let choices = match &field.kind {
                    FieldKind::Choice { choices } => {
                        let values: Vec<&str> =
                            choices.iter().map(|choice| choice.value.as_str()).collect();
                        format!(" They are: {}.", values.join(", "))
                    }
                    _ => String::new(),
                };
                CliError::Usage(format!("--set {id}={typed}: {reason}{choices}"))
            },
        )?;
        settings.extend(value.map(|value| (id.to_owned(), value)));
    }
    Ok(settings)
}

/// The place the card is about, chosen as on a board; none when the widget has no field for it.
fn place(
    manifest: &Manifest,
    settings: &Settings,
    options: &TryOptions,
) -> Result<Option<Place>, CliError> {
    let field = manifest.fields.iter().find(|field| field.kind == FieldKind::Place);
    let given = options.place.as_deref().map(|typed| {
        voordeur_gazetteer::find(typed).ok_or_else(|| {
            let error = voordeur_widget_api::FieldError::UnknownPlace;
            let reason = describe_field_error(&error, typed, Locale::new(Language::En));
            CliError::Usage(format!("--place {typed}: {reason}"))
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
            let default = || default_board::default_place(options.language);
            Ok(Some(own.or(given).unwrap_or_else(default)))
        }
    }
}

/// Says which field has to be filled in, with the value of the sample as an example.
fn missing_setting(manifest: &Manifest, id: &str, widget: &dyn Widget) -> String {
    let label = manifest.field(id).map_or(id, |field| field.label.get(Language::En));
    let sample = widget.samples().first().and_then(|sample| sample.settings.get(id));
    let example = sample.map_or("…", String::as_str);
    format!(
        "the field `{id}` ({label}) has to be filled in, for instance with --set {id}={example}"
    )
}
