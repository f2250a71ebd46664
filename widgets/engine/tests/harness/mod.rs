//! Runs a widget on recorded responses.

use std::sync::Arc;

use jiff::tz::TimeZone;
use voordeur_engine::Catalogue;
use voordeur_formats as formats;
use voordeur_widget_api::{
    Budget, Exchange, Language, Place, Request, Settings, View, Widget, WidgetContext,
};

/// The citizen of an exchange, and its moment.
pub struct Citizen<'a> {
    pub settings: &'a Settings,
    pub place: Option<&'a Place>,
    pub language: Language,
    pub now: jiff::Timestamp,
}

/// Every widget of the catalogue; none of them has an error.
pub fn widgets() -> Catalogue {
    let (catalogue, errors) = Catalogue::embedded();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    catalogue
}

/// The view when `body` responds to each request, and the requests. Without a body a request fails.
pub fn view(
    widget: &dyn Widget,
    citizen: &Citizen<'_>,
    body: impl Fn(&Request) -> Option<Vec<u8>>,
) -> (Result<View, String>, Vec<Request>) {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    let context = WidgetContext {
        settings: citizen.settings,
        place: citizen.place,
        language: citizen.language,
        now: citizen.now,
        zone: &zone,
        budget: &Budget::default(),
    };
    let mut asked = Vec::new();
    let view = Exchange::new().run(widget, &context, |request| {
        asked.push(request.clone());
        let body = body(request).ok_or("no response")?;
        formats::read(request.format, &body, &Budget::default())
            .map(Arc::new)
            .map_err(|error| error.to_string())
    });
    (view.map_err(|error| error.to_string()), asked)
}
