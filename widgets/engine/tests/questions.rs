//! A request whose URL depends on the time keeps its `question` later on, so that an older cached
//! response can be used for it.

#[expect(dead_code, reason = "this test makes only requests")]
mod harness;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use voordeur_widget_api::{
    Budget, Language, Place, Request, Responses, Settings, Widget, WidgetContext,
};

/// The first requests.
fn asked(
    widget: &dyn Widget,
    settings: &Settings,
    place: Option<&Place>,
    now: Timestamp,
) -> Vec<Request> {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    let context = WidgetContext {
        settings,
        place,
        language: Language::Nl,
        now,
        zone: &zone,
        budget: &Budget::default(),
    };
    widget.requests(&context, &Responses::new()).expect("the sample has requests")
}

#[test]
fn the_question_is_independent_of_the_time_in_the_url() {
    let mut moved = 0;
    for widget in harness::widgets().all() {
        let sample = &widget.samples()[0];
        let at = |now| asked(widget.as_ref(), &sample.settings, sample.place.as_ref(), now);
        let now = at(sample.moment);
        let later = at(sample.moment + Span::new().hours(27));
        for (now, later) in now.iter().zip(&later) {
            let (id, request) = (&widget.manifest().id, &now.id);
            assert_eq!(now.stale_key, later.stale_key, "{id}, {request}");
            if (&now.url, &now.body) != (&later.url, &later.body) {
                moved += 1;
                assert!(now.stale_key.is_some(), "{id}, {request}: {}", now.url);
            }
        }
    }
    assert!(moved >= 5, "only {moved} requests depend on the time");
}

#[test]
fn another_place_is_another_question() {
    let catalogue = harness::widgets();
    let widget = catalogue.get("road-works").expect("the widget");
    let sample = &widget.samples()[0];
    let question = |postcode: &str| {
        let place = voordeur_gazetteer::by_postcode(postcode).expect("a postcode");
        let requests = asked(widget.as_ref(), &sample.settings, Some(&place), sample.moment);
        requests[0].stale_key.clone().expect("its URL depends on the time")
    };
    assert_ne!(question("1850"), question("9000"));
    assert_eq!(question("1850"), question("1850"));
}
