use serde_json::json;

use super::*;

fn read(text: &str) -> Result<Value, FormatError> {
    super::read(text, &Budget::default())
}

#[test]
fn an_alert_in_two_languages_is_read() {
    let tree = read(
        "<?xml version='1.0'?><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>a1</identifier>\
         <sent>2026-11-24T10:00:00+01:00</sent><status>Actual</status><msgType>Update</msgType>\
         <info><language>nl-BE</language><category>Met</category><event>Storm</event><severity>Severe</severity>\
         <headline>Code oranje</headline><web>https://example.org/a1</web>\
         <parameter><valueName>awareness_level</valueName><value>3; orange</value></parameter>\
         <area><areaDesc>Gent</areaDesc><polygon>51,3 51,4 52,4 51,3</polygon><circle>51,3.5 2</circle>\
         <geocode><valueName>NUTS3</valueName><value>BE234</value></geocode>\
         <geocode><valueName>NUTS3</valueName><value>BE235</value></geocode></area></info>\
         <info><language>fr-BE</language><event>Tempête</event></info></alert>",
    )
    .expect("an alert");
    assert_eq!(tree["sent"], "2026-11-24T09:00:00Z");
    assert_eq!(tree["info"][0]["parameters"]["awareness_level"], "3; orange");
    let area = &tree["info"][0]["areas"][0];
    assert_eq!(area["polygons"][0][1], json!([51.0, 4.0]));
    assert_eq!(area["circles"][0]["radius"], 2_000.0);
    assert_eq!(area["geocodes"]["NUTS3"], json!(["BE234", "BE235"]));
    assert_eq!(tree["alerts"][0]["identifier"], "a1");
    assert_eq!(tree["alerts"][0]["link"], "https://example.org/a1");
    assert_eq!(tree["alerts"][1]["event"], "Tempête");
    assert_eq!(tree["alerts"][1]["onset"], Value::Null);
}

#[test]
fn a_feed_is_a_list_of_alerts() {
    let tree = read(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:cap='urn:oasis:names:tc:emergency:cap:1.2'><title>Alerts</title>\
         <entry><title>Yellow wind</title><link href='https://example.org/x'/><link type='application/cap+xml' href='https://example.org/x.cap'/>\
         <cap:event>Wind</cap:event><cap:severity>Moderate</cap:severity><cap:message_type>Alert</cap:message_type>\
         <cap:areaDesc>Gent</cap:areaDesc></entry></feed>",
    )
    .expect("a feed");
    let alert = &tree["alerts"][0];
    assert_eq!(alert["msgType"], "Alert");
    assert_eq!(alert["link"], "https://example.org/x");
    assert_eq!(alert["detail"], "https://example.org/x.cap");
    assert_eq!(alert["areas"][0]["description"], "Gent");
    assert_eq!(read("<feed/>").expect("none now")["alerts"], json!([]));
    // Values that are no alerts are left for the card to count.
    let mixed = "<feed><entry><title>News</title></entry><entry><event>Wind</event></entry></feed>";
    let alerts = &read(mixed).expect("a feed")["alerts"];
    assert_eq!((&alerts[0], &alerts[1]["event"]), (&Value::Null, &json!("Wind")));
}

#[test]
fn entries_in_entries_are_no_alerts_of_their_own() {
    let inner = "<entry><alert><identifier>1</identifier><info/></alert></entry>";
    let tree = read(&format!("<feed><entry><entry>{inner}</entry></entry>{inner}</feed>"));
    assert_eq!(tree.expect("a feed")["alerts"].as_array().map(Vec::len), Some(2));
}

#[test]
fn long_texts_are_cut_off() {
    let note = "é".repeat(MAX_TEXT_BYTES);
    let tree = read(&format!("<alert><note>{note}</note><info/><info/></alert>"));
    let tree = tree.expect("an alert");
    let length = tree["alerts"][1]["note"].as_str().map(str::len);
    assert_eq!(length, Some(MAX_TEXT_BYTES));
}

#[test]
fn errors_name_the_position() {
    for text in [
        "<note/>",
        "<feed>\n<entry><title>news</title></entry></feed>",
        "<alert/>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><alert/>",
    ] {
        let error = read(text).expect_err("not an alert").to_string();
        assert!(error.contains("line ") || error.contains("1:"), "{error}");
    }
}

#[test]
fn documents_that_contain_alerts_are_read() {
    let alert = |id: &str| {
        format!(
            "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>{id}</identifier>\
             <status>Actual</status><info><event>Storm</event></info></alert>"
        )
    };
    let envelope = |status: &str| {
        format!(
            "<EDXLDistribution xmlns='urn:oasis:names:tc:emergency:EDXL:DE:1.0'>\
             <distributionStatus>{status}</distributionStatus>\
             <dateTimeSent>2026-11-30T08:00:00+01:00</dateTimeSent><contentObject><xmlContent>\
             <embeddedXMLContent>{}</embeddedXMLContent></xmlContent></contentObject>\
             <contentObject>{}</contentObject></EDXLDistribution>",
            alert("a"),
            alert("b")
        )
    };
    let ids = |tree: &Value| {
        let alerts = tree["alerts"].as_array().expect("a list");
        alerts.iter().map(|a| (a["identifier"].clone(), a["status"].clone())).collect::<Vec<_>>()
    };
    let both = |status: &str| vec![("a".into(), status.into()), ("b".into(), status.into())];
    let tree = read(&envelope("Actual")).expect("alerts");
    assert_eq!(tree["updated"], "2026-11-30T07:00:00Z");
    assert_eq!(ids(&tree), both("Actual"));
    // An alert inside an exercise is no warning, whatever it says.
    assert_eq!(ids(&read(&envelope("Exercise")).expect("alerts")), both("Exercise"));
    let list = format!("<alerts>{}{}</alerts>", alert("a"), alert("b"));
    assert_eq!(ids(&read(&list).expect("alerts")), both("Actual"));
    assert_eq!(read("<alerts/>").expect("none now")["alerts"], json!([]));
    let other = format!("<warnings>{}{}</warnings>", alert("a"), alert("b"));
    assert_eq!(ids(&read(&other).expect("alerts")), both("Actual"));
}

#[test]
fn json_of_several_services_is_read() {
    let first = |answer: Value| read(&answer.to_string()).expect("alerts")["alerts"][0].clone();
    let nested = first(json!({"warnings": [{"uuid": "u", "alert": {
        "identifier": "a", "sent": "2026-11-30T08:00:00+01:00", "msgType": "Update",
        "references": "s,b,2026-11-29T08:00:00+01:00",
        "info": [{
            "language": "nl-BE", "event": "Wind", "category": ["Met"], "web": "https://a.example/",
            "responseType": ["Monitor"], "eventCode": [{"valueName": "SAME", "value": "HWW"}],
            "parameter": [{"valueName": "awareness_level", "value": "2; yellow"}],
            "area": [{
                "areaDesc": "Gent", "polygon": ["51,3 51,4 52,4 51,3"], "circle": "51,3.5 2",
                "geocode": [{"valueName": "NUTS3", "value": "BE234"}],
            }],
        }],
    }}]}));
    assert_eq!(nested["identifier"], "a");
    assert_eq!(nested["sent"], "2026-11-30T07:00:00Z");
    assert_eq!(nested["parameters"]["awareness_level"], "2; yellow");
    assert_eq!(nested["eventCodes"], json!({"SAME": "HWW"}));
    assert_eq!(nested["link"], "https://a.example/");
    assert_eq!(nested["areas"][0]["polygons"][0][1], json!([51.0, 4.0]));
    assert_eq!(nested["areas"][0]["circles"][0]["radius"], 2_000.0);
    assert_eq!(nested["areas"][0]["geocodes"], json!({"NUTS3": ["BE234"]}));

    let feature = first(json!({"type": "FeatureCollection", "features": [{
        "id": "https://a.example/1", "type": "Feature", "geometry": null, "properties": {
            "id": "urn:1", "areaDesc": "A; B", "geocode": {"UGC": ["ALZ024", "ALZ025"]},
            "references": [{"identifier": "urn:0", "sender": "s", "sent": "2026-11-29T01:25:00-06:00"}],
            "messageType": "Update", "response": "Execute", "event": "Wind Advisory",
            "ends": "2026-11-30T08:00:00-06:00", "parameters": {"VTEC": ["/O.CON/"]},
        },
    }]}));
    assert_eq!((&feature["identifier"], &feature["msgType"]), (&json!("urn:1"), &json!("Update")));
    assert_eq!(feature["references"], "s,urn:0,2026-11-29T01:25:00-06:00 ");
    assert_eq!(feature["areas"][0]["geocodes"], json!({"UGC": ["ALZ024", "ALZ025"]}));
    assert_eq!(feature["parameters"], json!({"VTEC": "/O.CON/"}));
    assert_eq!(feature["ends"], "2026-11-30T14:00:00Z");

    let flat = read(
        &json!({"description": "active", "pubDate": "2026-11-30T07:00:00.000Z", "items": [{
            "guid": "g", "title": "Brand", "category": ["FIRE", "SAFETY"], "lang": "fr-BE",
            "startDate": "2026-11-30T07:00:00Z", "expirationDate": 1_796_022_000_000_i64,
            "area": [{"type": "Polygon", "coordinates": [{"coordinates": [{"x": 4.5, "y": 51}]}]}],
        }]})
        .to_string(),
    )
    .expect("alerts");
    assert_eq!(
        (&flat["title"], &flat["updated"]),
        (&json!("active"), &json!("2026-11-30T07:00:00Z"))
    );
    let flat = &flat["alerts"][0];
    assert_eq!(flat["category"], json!(["Fire", "Safety"]));
    assert_eq!((&flat["headline"], &flat["language"]), (&json!("Brand"), &json!("fr-BE")));
    assert_eq!(
        (&flat["onset"], &flat["expires"]),
        (&json!("2026-11-30T07:00:00Z"), &json!("2026-11-30T07:00:00Z"))
    );
    assert_eq!(flat["areas"][0]["polygons"], json!([[[51.0, 4.5]]]));

    let nina = first(json!([{
        "id": "n", "sent": "2026-11-30T08:00:00+01:00",
        "payload": {"data": {"headline": "Hochwasser", "severity": "Minor", "msgType": "Alert"}},
    }]));
    assert_eq!((&nina["identifier"], &nina["title"]), (&json!("n"), &json!("Hochwasser")));
}

#[test]
fn json_without_alerts_is_refused_and_what_is_no_alert_is_kept() {
    assert_eq!(read(r#"{"warnings": []}"#).expect("none now")["alerts"], json!([]));
    for text in ["{}", "[]", r#"{"message": "down"}"#, r#"{"alerts": "no list"}"#, "[0, {}]"] {
        let error = read(text).expect_err("no alerts").to_string();
        assert!(error.starts_with("not CAP: ") && error.contains('`'), "{error}");
    }
    let tree = read(r#"{"alerts": [{"event": "Storm"}, null, {}]}"#).expect("alerts");
    assert_eq!(tree["alerts"].as_array().map(Vec::len), Some(3));
    assert_eq!(tree["alerts"][1], Value::Null);
}

#[test]
fn alerts_beyond_the_bound_are_counted() {
    let many = MAX_ALERTS + 3;
    let entry = "<entry xmlns:cap='urn:oasis:names:tc:emergency:cap:1.2'><cap:event>Wind</cap:event></entry>";
    let alert = "<alert><identifier>a</identifier></alert>";
    let json: Vec<Value> = vec![json!({ "identifier": "a" }); many];
    for text in [
        format!("<feed>{}</feed>", entry.repeat(many)),
        format!("<alerts>{}</alerts>", alert.repeat(many)),
        json!({ "alerts": json }).to_string(),
    ] {
        let tree = read(&text).expect("alerts");
        assert_eq!(tree["left_out"], 3, "{}", &text[..40]);
        assert_eq!(tree["alerts"].as_array().map(Vec::len), Some(MAX_ALERTS));
    }
    assert_eq!(read(&format!("<feed>{entry}</feed>")).expect("alerts")["left_out"], 0);
}
