//! Asks a widget as the application does, with answers that stand ready.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use voordeur_engine::Catalogue;
use voordeur_formats as formats;
use voordeur_widget_api::{Language, Refusal};
use voordeur_widget_api::{
    Place, Request, Response, Responses, Settings, View, Widget, WidgetContext,
};

/// No widget takes more steps than this.
const MOST_STEPS: usize = 20;

/// Who asks, and when.
pub struct Citizen<'a> {
    pub settings: &'a Settings,
    pub place: Option<&'a Place>,
    pub language: Language,
    pub now: jiff::Timestamp,
}

/// Every widget of the catalogue; none of them has a problem.
pub fn widgets() -> Catalogue {
    let (catalogue, problems) = Catalogue::embedded();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    catalogue
}

/// What the citizen sees when `body` answers each request, and what was asked. A request without a body has failed.
pub fn view(
    widget: &dyn Widget,
    citizen: &Citizen<'_>,
    body: impl Fn(&Request) -> Option<Vec<u8>>,
) -> (Result<View, String>, Vec<Request>) {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    let ask = WidgetContext {
        settings: citizen.settings,
        place: citizen.place,
        language: citizen.language,
        now: citizen.now,
        zone: &zone,
    };
    let mut asked = Vec::new();
    let mut answers = Responses::new();
    for _ in 0..MOST_STEPS {
        let requests = match widget.requests(&ask, &answers) {
            Ok(requests) => requests,
            Err(refusal) => return (Err(refusal.to_string()), asked),
        };
        if requests.is_empty() {
            break;
        }
        let mut step: BTreeMap<String, Vec<Response>> = BTreeMap::new();
        for request in &requests {
            let answers = step.entry(request.id.clone()).or_default();
            let Some(body) = body(request) else {
                if request.optional {
                    continue;
                }
                return (Err(format!("nothing answers `{}`", request.id)), asked);
            };
            match formats::read(request.format, &body) {
                Ok(tree) => answers.push(Response { tree: Arc::new(tree) }),
                Err(problem) => return (Err(problem.to_string()), asked),
            }
        }
        for (id, step) in step {
            answers.entry(id).or_default().extend(step);
        }
        asked.extend(requests);
    }
    let view = widget.view(&ask, &answers).map_err(|refusal: Refusal| refusal.to_string());
    (view, asked)
}
