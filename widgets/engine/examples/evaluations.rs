//! Times the evaluation of each widget of the catalogue on its first sample, and of three mappings
//! of responses that are hard because of their size. Prints microseconds for one evaluation, which
//! is what happens when a view is made anew: the requests with all responses in, and the view.
//!
//!     cargo run --release -p voordeur-engine --example evaluations
//!
//! The large responses are recordings outside of this repository, in `../shared/recorded`; without
//! them only the catalogue is timed.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use voordeur_engine::{Catalogue, ManifestWidget, SampleRun};
use voordeur_formats as formats;
use voordeur_widget_api::{
    Budget, Format, Language, Response, Responses, Settings, Widget, WidgetContext,
};

/// Each widget is evaluated again and again for this long.
const TIME_PER_WIDGET: Duration = Duration::from_millis(100);

/// A mapping of a large response.
struct Hard {
    name: &'static str,
    file: &'static str,
    format: Format,
    now: &'static str,
    view: &'static str,
}

const HARD: [Hard; 3] = [
    Hard {
        name: "NWS",
        file: "nws/alerts_active_airquality_1.5MB.json",
        format: Format::Json,
        now: "2026-11-23T07:36:00+01:00",
        view: r#"
[let]
open = "things.features.filter(f, f.properties.status == 'Actual' && f.properties.messageType != 'Cancel')"
order = "{'Extreme': 0, 'Severe': 1, 'Moderate': 2, 'Minor': 3}"
[view]
about = "string(size(open)) + ' / ' + string(size(things.features))"
[[view.block]]
kind = "list"
each = "open"
keep = "coalesce(moment(at(item, 'properties.ends')), moment(item.properties.expires), now + 1) > now"
sort = "item.properties.severity in order ? order[item.properties.severity] : 4"
limit = 20
title = "in_language(item.properties.event, 'en')"
note = "in_language(item.properties.areaDesc, 'en')"
tag = "lower(item.properties.severity)"
at = "moment(item.properties.sent)"
link = "at(item, 'properties.@id')"
"#,
    },
    Hard {
        name: "MeteoAlarm",
        file: "meteoalarm/uk_sample.xml",
        format: Format::Xml,
        now: "2022-12-08T00:15:57Z",
        view: r#"
[let]
open = "things.entry.filter(e, moment(at(e, 'expires.0.#text')) > now && at(e, 'status.0.#text') == 'Actual')"
order = "{'Extreme': 0, 'Severe': 1, 'Moderate': 2, 'Minor': 3}"
[view]
about = "string(size(open))"
[[view.block]]
kind = "list"
each = "open"
sort = "at(item, 'severity.0.#text') in order ? order[at(item, 'severity.0.#text')] : 4"
limit = 20
title = "in_language(at(item, 'event.0.#text'), 'en')"
note = "at(item, 'areaDesc.0.#text')"
at = "moment(at(item, 'onset.0.#text'))"
link = "first(list(at(item, 'link')).filter(l, at(l, '@hreflang') == 'en').map(l, at(l, '@href')))"
"#,
    },
    Hard {
        name: "Karlsruhe",
        file: "parkapi/karlsruhe.json",
        format: Format::Json,
        now: "2026-11-23T07:36:00+01:00",
        view: r#"
[let]
open = "things.features.map(f, f.properties).filter(p, p.geschlossen == 'F' && p.gesamte_parkplaetze != null)"
known = "open.filter(p, p.freie_parkplaetze != null && p.gesamte_parkplaetze > 0)"
[view]
about = "string(size(open)) + ' / ' + string(size(things.features))"
[[view.block]]
kind = "facts"
each = "known"
keep = "item.echtzeit_belegung == 'T'"
sort = "1.0 - double(item.freie_parkplaetze) / double(item.gesamte_parkplaetze)"
limit = 15
label = "item.parkhaus_name"
value = "item.freie_parkplaetze"
note = "coalesce(item.parkhaus_strasse, '') + ', ' + coalesce(item.gemeinde, '')"
share = "1.0 - double(item.freie_parkplaetze) / double(item.gesamte_parkplaetze)"
"#,
    },
];

const HEAD: &str = r#"
name = { nl = "n", fr = "n", de = "n", en = "n" }
summary = { nl = "s", fr = "s", de = "s", en = "s" }
theme = "work-and-money"
covers = "everywhere"
icon = "calendar"
publisher = { name = "P", url = "https://example.org/" }
licence = { name = "CC0" }
hosts = ["example.org"]
[[request]]
id = "things"
url = "https://example.org/things"
largest = "8 MB"
"#;

const SAMPLES: &str = r#"
[[sample]]
name = "normal"
moment = "2026-11-23T07:36:00+01:00"
answers = {}
[[sample]]
name = "empty"
moment = "2026-11-23T07:36:00+01:00"
answers = {}
[[sample]]
name = "malformed"
moment = "2026-11-23T07:36:00+01:00"
answers = {}
"#;

/// The median of one evaluation in microseconds.
fn timed(widget: &dyn Widget, context: &WidgetContext<'_>, responses: &Responses) -> f64 {
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < TIME_PER_WIDGET || times.len() < 5 {
        let budget = Budget::default();
        let context = WidgetContext { budget: &budget, ..context.clone() };
        let began = Instant::now();
        let requests = widget.requests(&context, responses);
        let view = widget.view(&context, responses);
        times.push(began.elapsed());
        std::hint::black_box((requests.is_ok(), view.is_ok()));
    }
    times.sort();
    times.get(times.len() / 2).map_or(0.0, |median| median.as_secs_f64() * 1e6)
}

fn main() -> Result<(), Box<dyn Error>> {
    let zone = TimeZone::get("Europe/Brussels")?;
    let (catalogue, errors) = Catalogue::embedded();
    for error in errors {
        eprintln!("{error}");
    }
    let mut sum = 0.0;
    let settings = Settings::new();
    let unused = Budget::default();
    for widget in catalogue.all() {
        let Some(sample) = widget.samples().first() else { continue };
        let run = SampleRun::new(widget.as_ref(), sample, Language::Nl, &zone);
        let context = WidgetContext {
            settings: &sample.settings,
            place: sample.place.as_ref(),
            language: Language::Nl,
            now: sample.moment,
            zone: &zone,
            budget: &unused,
        };
        let micros = timed(widget.as_ref(), &context, &run.responses);
        println!("{micros:12.1} {}", widget.manifest().id);
        sum += micros;
    }
    println!("{sum:12.1} sum of the catalogue");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded");
    for hard in &HARD {
        let Ok(bytes) = std::fs::read(folder.join(hard.file)) else {
            println!("             {} is not here", hard.file);
            continue;
        };
        let tree = formats::read(hard.format, &bytes, &Budget::default())?;
        let format = if hard.format == Format::Xml { "xml" } else { "json" };
        let manifest = format!("{HEAD}format = \"{format}\"\n{}{SAMPLES}", hard.view);
        let widget = ManifestWidget::read("hard", &manifest, |_| Some(b"{}".to_vec()))?;
        let response = Response { tree: Arc::new(tree) };
        let responses = Responses::from([("things".to_owned(), vec![response])]);
        let budget = Budget::default();
        let context = WidgetContext {
            settings: &settings,
            place: None,
            language: Language::Nl,
            now: hard.now.parse()?,
            zone: &zone,
            budget: &budget,
        };
        let view = widget.view(&context, &responses)?;
        let micros = timed(&widget, &context, &responses);
        let spent = budget.spent();
        println!(
            "{micros:12.1} {}: {} items left out, {} steps, {} bytes",
            hard.name, view.omitted, spent.steps, spent.bytes
        );
    }
    Ok(())
}
