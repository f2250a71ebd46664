//! The life of alerts on cards: in drafts, and in the widgets of the catalogue. The responses are
//! written here, in the shape that the services document.

mod harness;

use serde_json::{Value, json};
use voordeur_engine::scaffold::{Files, from_response};
use voordeur_engine::{ManifestWidget, SampleFiles};
use voordeur_widget_api::{Alert, Block, Language, Moment, Settings, Severity, View, Widget};

use harness::Citizen;

/// The samples of a draft are found by their names.
struct Samples<'a>(&'a Files);

impl SampleFiles for Samples<'_> {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.0.get(&format!("samples/{name}")).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().filter_map(|path| path.strip_prefix("samples/")).map(str::to_owned).collect()
    }
}

fn see(widget: &dyn Widget, now: &str, postcode: Option<&str>, body: &[u8]) -> View {
    see_in(widget, now, postcode, Language::Nl, body)
}

fn see_in(
    widget: &dyn Widget,
    now: &str,
    postcode: Option<&str>,
    language: Language,
    body: &[u8],
) -> View {
    let place =
        postcode.map(|code| voordeur_gazetteer::by_postcode(code).expect("a known postcode"));
    let settings = Settings::default();
    let citizen = Citizen {
        settings: &settings,
        place: place.as_ref(),
        language,
        now: now.parse().expect("a moment"),
    };
    let (view, _) = harness::view(widget, &citizen, |_| Some(body.to_vec()));
    view.unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn alerts(view: &View) -> Vec<&Alert> {
    let alerts = view.blocks.iter().filter_map(|block| match block {
        Block::Alert(alert) => Some(alert),
        _ => None,
    });
    alerts.collect()
}

fn titles(view: &View) -> Vec<&str> {
    alerts(view).into_iter().map(|alert| alert.title.text.as_str()).collect()
}

fn notices(view: &View) -> Vec<&str> {
    view.notices.iter().map(|notice| notice.text.as_str()).collect()
}

/// A widget from a response, with texts in place of those that the author writes.
fn draft(body: &[u8]) -> ManifestWidget {
    let now = "2026-11-30T12:00:00Z".parse().expect("a moment");
    let files = from_response("https://example.org/alerts", body, now).expect("a draft");
    let manifest = String::from_utf8_lossy(&files["widget.toml"]).replace("TODO ", "A ");
    ManifestWidget::read_folder("drafted", &manifest, &Samples(&files))
        .unwrap_or_else(|error| panic!("{error}\n{manifest}"))
}

/// An alert of CAP in JSON, in the shape of MeteoAlarm.
struct Warning<'a> {
    id: &'a str,
    /// On 30 November, in Belgium.
    sent: &'a str,
    kind: &'a str,
    references: Option<&'a str>,
    /// The awareness level and type.
    level: &'a str,
    hazard: &'a str,
    window: [&'a str; 2],
    /// The province, in Dutch, and its code.
    area: [&'a str; 2],
}

const WIND: Warning<'_> = Warning {
    id: "a",
    sent: "05:00",
    kind: "Alert",
    references: None,
    level: "2; yellow; Moderate",
    hazard: "1; Wind",
    window: ["2026-11-30T08:00:00+01:00", "2026-11-30T20:00:00+01:00"],
    area: ["Oost-Vlaanderen", "BE23"],
};

impl Warning<'_> {
    fn json(&self) -> Value {
        let info = |language: &str, word: &str| {
            json!({
                "language": language, "event": format!("{word} {}", self.hazard),
                "headline": format!("{word} {}", self.id), "severity": "Moderate",
                "urgency": "Expected", "certainty": "Likely", "category": ["Met"],
                "onset": self.window[0], "expires": self.window[1],
                "description": format!("{word} beschreven"),
                "parameter": [
                    {"valueName": "awareness_level", "value": self.level},
                    {"valueName": "awareness_type", "value": self.hazard},
                ],
                "area": [{
                    "areaDesc": self.area[0],
                    "geocode": [{"valueName": "NUTS2", "value": self.area[1]}],
                }],
            })
        };
        let sent = format!("2026-11-30T{}:00+01:00", self.sent);
        json!({"alert": {
            "identifier": self.id, "sender": "weer@dienst.example", "sent": sent,
            "status": "Actual", "msgType": self.kind, "references": self.references,
            "info": [info("fr-BE", "Avertissement"), info("nl-BE", "Waarschuwing")],
        }})
    }
}

fn body(warnings: &[Warning<'_>]) -> Vec<u8> {
    let list: Vec<Value> = warnings.iter().map(Warning::json).collect();
    json!({ "warnings": list }).to_string().into_bytes()
}

const MIDDAY: &str = "2026-11-30T12:00:00+01:00";

#[test]
fn a_draft_shows_what_holds_and_says_what_was_lifted() {
    let entry = |id: &str, kind: &str, hour: u8, more: &str| {
        format!(
            "<entry><content type='text/xml'><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>\
             <identifier>{id}</identifier><sender>water@dienst.example</sender>\
             <sent>2026-11-30T{hour:02}:00:00+01:00</sent><status>Actual</status>\
             <msgType>{kind}</msgType><scope>Public</scope>{more}<info><language>nl-BE</language>\
             <category>Geo</category><event>Hoogwater</event><urgency>Immediate</urgency>\
             <severity>Severe</severity><certainty>Likely</certainty>\
             <expires>2026-12-02T00:00:00+01:00</expires><headline>Hoogwater {id}</headline>\
             <area><areaDesc>Dendervallei</areaDesc></area></info></alert></content></entry>"
        )
    };
    let of = |id: &str| {
        format!("<references>water@dienst.example,{id},2026-11-30T07:00:00+01:00</references>")
    };
    let feed = |entries: &[String]| {
        format!("<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>", entries.concat())
    };
    let xml = feed(&[
        entry("eerst", "Alert", 7, ""),
        entry("einde", "Cancel", 9, &of("eerst")),
        entry("oud", "Alert", 7, ""),
        entry("nieuw", "Update", 9, &of("oud")),
        entry("los", "Alert", 7, ""),
    ]);
    let view = see(&draft(xml.as_bytes()), MIDDAY, None, xml.as_bytes());
    assert_eq!(titles(&view), ["Hoogwater los", "Hoogwater nieuw"]);
    assert_eq!(notices(&view), ["De laatste uren ingetrokken: Hoogwater eerst."]);
    assert_eq!((view.omitted, alerts(&view)[0].severity), (0, Severity::Severe));
    // A severity that CAP does not have is counted.
    let odd = feed(&[
        entry("los", "Alert", 7, ""),
        entry("erg", "Alert", 7, "").replace("Severe", "MAJOR"),
    ]);
    let view = see(&draft(xml.as_bytes()), MIDDAY, None, odd.as_bytes());
    assert_eq!((titles(&view), view.omitted), (vec!["Hoogwater los"], 1));
}

#[test]
fn a_draft_of_alerts_in_json_has_one_row_in_the_language_of_the_citizen() {
    let body = body(&[WIND, Warning { id: "b", hazard: "10; Rain", ..WIND }]);
    let widget = draft(&body);
    let dutch = see(&widget, MIDDAY, None, &body);
    assert_eq!(titles(&dutch), ["Waarschuwing a", "Waarschuwing b"]);
    let french = see_in(&widget, MIDDAY, None, Language::Fr, &body);
    assert_eq!(titles(&french), ["Avertissement a", "Avertissement b"]);
    let german = see_in(&widget, MIDDAY, None, Language::De, &body);
    assert_eq!(titles(&german), ["Avertissement a", "Avertissement b"]);
    assert_eq!(alerts(&german)[0].title.language, Some(Language::Fr.into()));
}

#[test]
fn of_a_warning_in_two_colours_the_last_is_shown_and_of_a_green_one_nothing() {
    let catalogue = harness::widgets();
    let widget = catalogue.get("weather-warnings").expect("a widget");
    let orange = Warning { sent: "09:00", level: "3; orange; Severe", kind: "Update", ..WIND };
    let rain = Warning { id: "r", hazard: "10; Rain", ..WIND };
    let no_rain = Warning { sent: "09:00", level: "1; green; Minor", ..rain };
    let quiet = Warning { id: "q", hazard: "4; Fog", level: "1; green; Minor", ..WIND };
    let body = body(&[WIND, no_rain, orange, rain, quiet]);
    let view = see(widget.as_ref(), MIDDAY, Some("9000"), &body);
    assert_eq!(titles(&view), ["Code oranje: wind"]);
    assert_eq!(alerts(&view)[0].severity, Severity::Severe);
    let text = alerts(&view)[0].text.as_ref().map(|text| text.text.as_str());
    assert_eq!(text, Some("Waarschuwing beschreven"));
    assert_eq!(notices(&view), ["De laatste uren ingetrokken: zware regen (Oost-Vlaanderen)."]);
}

#[test]
fn the_feed_of_the_same_service_is_read_too() {
    let entry = |id: &str, words: &str, hour: u8, severity: &str| {
        format!(
            "<entry><cap:geocode><valueName>NUTS2</valueName><value>BE24</value></cap:geocode>\
             <cap:areaDesc>Flemish Brabant</cap:areaDesc><cap:event>{words}</cap:event>\
             <cap:sent>2026-11-30T{hour:02}:00:00+00:00</cap:sent>\
             <cap:expires>2026-12-01T10:00:00+00:00</cap:expires>\
             <cap:onset>2026-11-30T10:00:00+00:00</cap:onset>\
             <cap:severity>{severity}</cap:severity>\
             <cap:message_type>Update</cap:message_type><cap:status>Actual</cap:status>\
             <cap:identifier>{id}</cap:identifier></entry>"
        )
    };
    let feed = [
        "<feed xmlns='http://www.w3.org/2005/Atom' \
         xmlns:cap='urn:oasis:names:tc:emergency:cap:1.2'>"
            .to_owned(),
        entry("w", "Yellow warning for wind", 4, "Moderate"),
        entry("w", "Orange warning for wind", 8, "Severe"),
        entry("f", "Yellow warning for fog", 4, "Moderate"),
        entry("f", "Green warning for fog", 8, "Minor"),
        entry("g", "Green warning for snow-ice", 8, "Moderate"),
        entry("i", "Yellow Low Temperature/Ice", 4, "Moderate"),
        "</feed>".to_owned(),
    ]
    .concat();
    let catalogue = harness::widgets();
    let widget = catalogue.get("weather-warnings").expect("a widget");
    let view = see(widget.as_ref(), MIDDAY, Some("1850"), feed.as_bytes());
    assert_eq!(titles(&view), ["Code oranje: wind", "Code geel: strenge kou of gladheid"]);
    let area = |alert: &Alert| alert.area.as_ref().map(|area| area.text.clone());
    assert!(
        alerts(&view).into_iter().all(|alert| area(alert).as_deref() == Some("Vlaams-Brabant"))
    );
    assert_eq!(notices(&view), ["De laatste uren ingetrokken: mist (Flemish Brabant)."]);
}

#[test]
fn warnings_stand_in_the_order_in_which_they_begin_after_those_of_the_own_province() {
    let at = |id, hour: [&'static str; 2], area| Warning { id, window: hour, area, ..WIND };
    let night = ["2026-12-01T01:00:00+01:00", "2026-12-01T06:00:00+01:00"];
    let evening = ["2026-11-30T23:00:00+01:00", "2026-12-01T06:00:00+01:00"];
    let (luik, namen) = (["Luik", "BE33"], ["Namen", "BE35"]);
    let mut red = at("e", night, luik);
    red.level = "4; red; Extreme";
    red.hazard = "10; Rain";
    let body = body(&[
        at("c", night, luik),
        at("d", evening, namen),
        at("b", night, WIND.area),
        red,
        at("a", evening, WIND.area),
    ]);
    let catalogue = harness::widgets();
    let widget = catalogue.get("weather-warnings").expect("a widget");
    let view = see(widget.as_ref(), MIDDAY, Some("9000"), &body);
    let shown: Vec<String> = alerts(&view)
        .into_iter()
        .map(|alert| {
            let hour = match alert.start {
                Some(Moment::At(at)) => at.to_string(),
                other => format!("{other:?}"),
            };
            format!(
                "{} {}",
                alert.area.as_ref().map_or("", |area| area.text.as_str()),
                &hour[8..13]
            )
        })
        .collect();
    let expected = [
        "Oost-Vlaanderen 30T22",
        "Oost-Vlaanderen 01T00",
        "Luik 01T00",
        "Namen 30T22",
        "Luik 01T00",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn an_exercise_is_no_emergency_and_a_long_title_is_one_line() {
    let item = |id: &str, title: &str, description: &str| {
        json!({
            "guid": id, "title": title, "description": description, "lang": "nl-BE",
            "category": ["FIRE", "SAFETY"], "startDate": "2026-11-30T10:30:00Z",
            "expirationDate": "2026-11-30T14:30:00Z", "pubDate": "2026-11-30T10:30:01.118Z",
        })
    };
    let long = "Door een lek aan de Kaai ruikt het naar gas in de hele wijk. Sluit ramen en deuren. \
        Bel de hulpdiensten niet als u geen hulp nodig hebt.";
    let feed = json!({
        "description": "Public alerts, activeOnly: true", "pubDate": "2026-11-30T10:55:00.000Z",
        "items": [
            item("1", "Oefening in de haven", ""),
            item("2", "Sirenes", "BE-Alert - Haven - Dit is een test. U hoeft niets te doen."),
            item("3", "Brand", "Dit is geen oefening: blijf binnen."),
            item("4", long, &format!("BE-Alert - Kaai - {long}")),
            item("5", "Rook", "BE-Alert - Wijk - Rook"),
        ],
    });
    let catalogue = harness::widgets();
    let widget = catalogue.get("civil-alerts").expect("a widget");
    let view = see(widget.as_ref(), MIDDAY, None, feed.to_string().as_bytes());
    let shown: Vec<_> = alerts(&view)
        .into_iter()
        .map(|alert| {
            let text = alert.text.as_ref().map_or("", |text| text.text.as_str());
            (alert.title.text.chars().count(), text)
        })
        .collect();
    let line = titles(&view)[1].to_owned();
    assert_eq!(
        shown,
        [(5, "Dit is geen oefening: blijf binnen."), (line.chars().count(), long), (4, "")]
    );
    assert!(line.ends_with('…') && line.chars().count() <= 90, "{line}");
}

#[test]
fn a_draft_of_other_records_drops_no_severity_that_it_does_not_know() {
    let at = "2026-11-30T10:00:00Z";
    let record =
        |title: &str, word: &str| json!({"headline": title, "severity": word, "updated": at});
    let mut answer =
        json!({"roads": [record("Kaai open", "MINOR"), record("Brug dicht", "MAJOR")]});
    answer["roads"].as_array_mut().expect("a list").push(json!({"headline": "Tunnel"}));
    let body = answer.to_string().into_bytes();
    let view = see(&draft(&body), MIDDAY, None, &body);
    let shown: Vec<_> =
        alerts(&view).into_iter().map(|a| (a.title.text.as_str(), a.severity)).collect();
    let (minor, moderate) = (Severity::Minor, Severity::Moderate);
    assert_eq!(shown, [("Kaai open", minor), ("Brug dicht", moderate), ("Tunnel", moderate)]);
}
