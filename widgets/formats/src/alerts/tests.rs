use proptest::prelude::*;
use serde_json::json;
use voordeur_widget_api::Format;

use super::*;

const NOW: &str = "2026-11-30T12:00:00Z";

fn brussels() -> TimeZone {
    TimeZone::get("Europe/Brussels").expect("the zone")
}

fn read(text: &str) -> Value {
    crate::read(Format::Cap, text.as_bytes(), &Budget::default()).expect("alerts")
}

fn shown_in(answer: &Value, language: Language) -> Vec<Value> {
    alerts(answer, NOW.parse().expect("a moment"), &brussels(), language, &Budget::default())
        .expect("a list")
}

fn lifted_at(answer: &Value, now: &str) -> Vec<Value> {
    let now = now.parse().expect("a moment");
    lifted_alerts(answer, now, &brussels(), Language::Nl, &Budget::default()).expect("a list")
}

fn texts<'a>(rows: &'a [Value], key: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[key].as_str().unwrap_or("null")).collect()
}

/// The identifiers of what is shown.
fn ids(answer: &Value) -> Vec<String> {
    texts(&shown_in(answer, Language::Nl), "identifier").into_iter().map(str::to_owned).collect()
}

/// An alert of CAP; `elements` follow the identifier, `info` is its information.
fn alert(id: &str, elements: &str, info: &str) -> String {
    format!(
        "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>{id}</identifier>\
         <sender>weer@dienst.example</sender><status>Actual</status>{elements}\
         <info><language>nl-BE</language><event>Storm</event><severity>Severe</severity>\
         <expires>2026-12-01T00:00:00+01:00</expires>{info}\
         <area><areaDesc>Aarschot</areaDesc></area></info></alert>"
    )
}

fn sent(hour: u32) -> String {
    format!("<sent>2026-11-30T{hour:02}:00:00+01:00</sent>")
}

fn feed(alerts: &[String]) -> Value {
    let entries: String =
        alerts.iter().map(|alert| format!("<entry><content>{alert}</content></entry>")).collect();
    read(&format!("<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>"))
}

#[test]
fn a_message_replaces_or_withdraws_those_that_it_names() {
    let names = |id: &str, hour: u32| {
        format!(
            "<references>weer@dienst.example,{id},2026-11-30T{hour:02}:00:00+01:00</references>"
        )
    };
    let kind = |kind: &str| format!("<msgType>{kind}</msgType>");
    let answer = feed(&[
        alert("plain", &(sent(7) + &kind("Alert")), ""),
        alert("first", &(sent(7) + &kind("Alert")), ""),
        // The moment of the reference is the same in another offset.
        alert(
            "second",
            &(sent(8)
                + &kind("Update")
                + "<references>weer@dienst.example,first,2026-11-30T06:00:00Z</references>"),
            "",
        ),
        alert("third", &(sent(9) + &kind("Update") + &names("second", 8)), ""),
        alert("withdrawn", &(sent(7) + &kind("Alert")), ""),
        alert("end", &(sent(11) + &kind("Cancel") + &names("withdrawn", 7)), ""),
        alert("received", &(sent(11) + &kind("Ack") + &names("plain", 7)), ""),
        alert("mistaken", &(sent(11) + &kind("Error") + &names("plain", 7)), ""),
        // Of another sending, which is not in the answer.
        alert("other", &(sent(11) + &kind("Cancel") + &names("plain", 6)), ""),
        alert("clear", &(sent(8) + &kind("Alert")), "<responseType>AllClear</responseType>"),
        alert("past", &(sent(8) + &kind("Alert")), "<urgency>Past</urgency>"),
    ]);
    let mut shown = ids(&answer);
    shown.sort_unstable();
    assert_eq!(shown, ["plain", "third"]);
    let lifted = lifted_at(&answer, NOW);
    let mut names = texts(&lifted, "identifier");
    names.sort_unstable();
    assert_eq!(names, ["clear", "other", "past", "withdrawn"]);
    let withdrawn = lifted.iter().find(|row| row["identifier"] == "withdrawn").expect("a row");
    assert_eq!(withdrawn["lifted"], "2026-11-30T10:00:00Z");
    // Six hours after eleven o'clock in Belgium it is no news any more.
    assert_eq!(lifted_at(&answer, "2026-11-30T16:00:01Z"), Vec::<Value>::new());
}

#[test]
fn a_cancellation_needs_no_information() {
    let answer = feed(&[
        alert("a", &sent(7), ""),
        "<alert><identifier>b</identifier><sender>weer@dienst.example</sender>\
         <sent>2026-11-30T09:00:00+01:00</sent><msgType>Cancel</msgType>\
         <references>weer@dienst.example,a,2026-11-30T07:00:00+01:00</references></alert>"
            .to_owned(),
    ]);
    assert_eq!(ids(&answer), [""; 0]);
    assert_eq!(texts(&lifted_at(&answer, NOW), "identifier"), ["a"]);
    // Without the alert that it names, it says nothing to a citizen.
    let alone = "<alert><identifier>b</identifier><sender>weer@dienst.example</sender>\
        <sent>2026-11-30T09:00:00+01:00</sent><msgType>Cancel</msgType>\
        <references>weer@dienst.example,a,2026-11-30T07:00:00+01:00</references></alert>";
    assert_eq!(lifted_at(&read(alone), NOW), Vec::<Value>::new());
}

#[test]
fn a_moment_without_an_offset_is_in_the_zone_of_the_service() {
    let local = |id: &str, expires: &str| {
        let elements = sent(7).replace("+01:00", "");
        alert(id, &elements, "").replace("2026-12-01T00:00:00+01:00", expires)
    };
    let answer = feed(&[
        local("over", "2026-11-30T13:00:00"),
        local("holds", "2026-11-30T13:00:01"),
        alert(
            "replaces",
            &(sent(8)
                + "<msgType>Update</msgType>\
                   <references>weer@dienst.example,holds,2026-11-30T07:00:00</references>"),
            "",
        ),
    ]);
    assert_eq!(ids(&answer), ["replaces"]);
}

#[test]
fn only_what_is_actual_and_not_over_is_shown() {
    let with_status = |id: &str, status: &str| alert(id, &sent(7), "").replace("Actual", status);
    let expires =
        |id: &str, at: &str| alert(id, &sent(7), "").replace("2026-12-01T00:00:00+01:00", at);
    let answer = feed(&[
        with_status("exercise", "Exercise"),
        with_status("system", "System"),
        with_status("test", "Test"),
        with_status("draft", "Draft"),
        expires("over", "2026-11-30T12:59:59+01:00"),
        expires("ends now", "2026-11-30T13:00:00+01:00"),
        expires("holds", "2026-11-30T13:00:01+01:00"),
        alert("to come", &sent(7), "<onset>2026-11-30T20:00:00+01:00</onset>"),
        expires("without an end", ""),
    ]);
    assert_eq!(ids(&answer), ["holds", "without an end", "to come"]);
    let scoped = |id: &str, scope: &str| alert(id, &(sent(7) + scope), "");
    let answer = feed(&[
        scoped("public", "<scope>Public</scope>"),
        scoped("restricted", "<scope>Restricted</scope><restriction>police</restriction>"),
        scoped("private", "<scope>Private</scope><addresses>a@b.example</addresses>"),
    ]);
    assert_eq!(ids(&answer), ["public"]);
    // An exercise withdraws nothing.
    let cancel = "<msgType>Cancel</msgType>\
        <references>weer@dienst.example,a,2026-11-30T07:00:00+01:00</references>";
    let exercise = alert("b", &(sent(8) + cancel), "").replace("Actual", "Exercise");
    assert_eq!(ids(&feed(&[alert("a", &sent(7), ""), exercise])), ["a"]);
}

#[test]
fn the_worst_comes_first_then_what_begins_first() {
    let of = |id: &str, severity: &str, onset: &str| {
        let info = format!("<onset>2026-11-30T{onset}:00:00+01:00</onset>");
        alert(id, &sent(7), &info).replace("Severe", severity)
    };
    let answer = feed(&[
        of("late", "Moderate", "23"),
        of("mild", "Minor", "01"),
        of("early", "Moderate", "01"),
        of("unknown", "Unknown", "02"),
        of("worst", "Extreme", "22"),
    ]);
    assert_eq!(ids(&answer), ["worst", "early", "unknown", "late", "mild"]);
    let rows = shown_in(&answer, Language::Nl);
    assert_eq!(texts(&rows, "severity"), ["extreme", "moderate", "moderate", "moderate", "minor"]);
    // A word that CAP does not have is for the card to count.
    let rows = shown_in(&feed(&[of("odd", "MAJOR", "01")]), Language::Nl);
    assert_eq!(rows[0]["severity"], Value::Null);
}

#[test]
fn an_alert_is_shown_in_one_language() {
    let info = |language: &str, words: &str, code: &str| {
        format!(
            "<info><language>{language}</language><headline>{words}</headline><area>\
             <areaDesc>{words}</areaDesc><geocode><valueName>NUTS2</valueName>\
             <value>{code}</value></geocode></area></info>"
        )
    };
    let message = |infos: &[String]| {
        let infos = infos.concat();
        feed(&[format!("<alert><identifier>a</identifier>{}{infos}</alert>", sent(7))])
    };
    let all = message(&[
        info("nl-BE", "Wind", "BE23"),
        info("fr-BE", "Vent", "BE23"),
        info("en", "Wind (en)", "BE23"),
    ]);
    let words = |answer: &Value, language| {
        let rows = shown_in(answer, language);
        rows.iter().map(|row| row["headline"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(words(&all, Language::Nl), ["Wind"]);
    assert_eq!(words(&all, Language::Fr), ["Vent"]);
    assert_eq!(words(&all, Language::De), ["Wind (en)"]);
    let two = message(&[info("nl-BE", "Wind", "BE23"), info("fr-BE", "Vent", "BE23")]);
    assert_eq!(words(&two, Language::En), ["Wind"]);
    // Another language is marked as what it is.
    let spoken = |language: &str| {
        let all = message(&[info(language, "Vento", "IT1")]);
        shown_in(&all, Language::Nl)[0]["spoken"].as_str().unwrap_or_default().to_owned()
    };
    for (language, tag) in
        [("it-IT", "it-IT"), ("nl-BE", "nl"), ("", "en"), ("Italiano", "nl"), ("?", "nl")]
    {
        assert_eq!(spoken(language), tag, "{language}");
    }
    // Parts of the country, each in its own language, are not translations.
    let parts = message(&[info("nl-BE", "Wind", "BE23"), info("fr-BE", "Orage", "BE33")]);
    assert_eq!(words(&parts, Language::Nl), ["Orage", "Wind"]);
}

/// A warning as MeteoAlarm sends it, in JSON.
fn warning(id: &str, sent: &str, level: &str, window: [&str; 2], codes: &[&str]) -> Value {
    let code = |code: &str| json!([{"valueName": "EMMA_ID", "value": code}]);
    let area = |name: &&str| json!({"areaDesc": name, "geocode": code(name)});
    json!({"alert": {
        "identifier": id, "sender": "weer@dienst.example", "status": "Actual", "msgType": "Update",
        "sent": format!("2026-11-30T{sent}:00Z"),
        "info": [{
            "language": "en-GB", "event": format!("{level} wind"), "severity": "Moderate",
            "onset": format!("2026-11-30T{}:00Z", window[0]),
            "expires": format!("2026-11-30T{}:00Z", window[1]),
            "parameter": [
                {"valueName": "awareness_level", "value": level},
                {"valueName": "awareness_type", "value": "1; Wind"},
            ],
            "area": codes.iter().map(area).collect::<Vec<_>>(),
        }],
    }})
}

fn warnings(list: &[Value]) -> Value {
    read(&json!({ "warnings": list }).to_string())
}

fn areas_shown(answer: &Value) -> Vec<String> {
    let rows = shown_in(answer, Language::Nl);
    let areas = |row: &Value| {
        let names = row["areas"].as_array().into_iter().flatten();
        let names: Vec<&str> = names.filter_map(|area| area["description"].as_str()).collect();
        format!("{} {}", row["colour"].as_str().unwrap_or("none"), names.join(" "))
    };
    rows.iter().map(areas).collect()
}

#[test]
fn a_warning_sent_again_in_another_colour_replaces_the_first() {
    let day = ["06:00", "22:00"];
    let yellow = warning("a", "05:00", "2; yellow; Moderate", day, &["BE001", "BE002"]);
    let orange = warning("b", "08:00", "3; orange; Severe", ["12:00", "22:00"], &["BE002"]);
    assert_eq!(
        areas_shown(&warnings(&[orange.clone(), yellow.clone()])),
        ["orange BE002", "yellow BE001"]
    );
    // Lowered again, to the same colour as before.
    let again = warning("c", "09:00", "2; yellow; Moderate", day, &["BE002"]);
    let all = warnings(&[again, yellow.clone(), orange.clone()]);
    assert_eq!(areas_shown(&all), ["yellow BE001", "yellow BE002"]);
    assert_eq!(lifted_at(&all, NOW), Vec::<Value>::new());
    // A warning that follows the first, with an hour in common, is another one.
    let evening = warning("d", "09:00", "3; orange; Severe", ["21:00", "23:59"], &["BE001"]);
    let all = warnings(&[yellow.clone(), evening]);
    assert_eq!(areas_shown(&all), ["orange BE001", "yellow BE001 BE002"]);
    // Another hazard is another warning too.
    let mut rain = orange;
    rain["alert"]["info"][0]["parameter"][1]["value"] = "10; Rain".into();
    let all = warnings(&[yellow, rain]);
    assert_eq!(areas_shown(&all), ["orange BE002", "yellow BE001 BE002"]);
}

#[test]
fn a_warning_hides_no_other_that_lasts_longer() {
    let day = ["06:00", "22:00"];
    let yellow = || warning("a", "05:00", "2; yellow; Moderate", day, &["BE001"]);
    // A peak within a long warning, whether to come, there, or over.
    let peak = |hours: [&str; 2]| warning("b", "08:00", "3; orange; Severe", hours, &["BE001"]);
    for hours in [["14:00", "18:00"], ["11:00", "14:00"]] {
        let all = warnings(&[yellow(), peak(hours)]);
        assert_eq!(areas_shown(&all), ["orange BE001", "yellow BE001"]);
    }
    assert_eq!(areas_shown(&warnings(&[yellow(), peak(["09:00", "11:00"])])), ["yellow BE001"]);
    // Lowered when half of it is over: what counts is the time that is left.
    let rest = warning("b", "12:00", "2; yellow; Moderate", ["12:00", "22:00"], &["BE001"]);
    let orange = warning("a", "05:00", "3; orange; Severe", day, &["BE001"]);
    assert_eq!(areas_shown(&warnings(&[orange, rest])), ["yellow BE001"]);
    // The long one is sent again, unchanged, under its own identifier.
    let again = warning("a", "09:00", "2; yellow; Moderate", day, &["BE001"]);
    let all = warnings(&[yellow(), peak(["11:00", "14:00"]), again]);
    assert_eq!(areas_shown(&all), ["orange BE001", "yellow BE001"]);
    // Another service says that nothing is wrong.
    let mut green = warning("z", "10:00", "1; green; Minor", day, &["BE001"]);
    green["alert"]["sender"] = "andere@dienst.example".into();
    assert_eq!(areas_shown(&warnings(&[yellow(), green])), ["yellow BE001"]);
}

#[test]
fn a_message_that_names_a_warning_leaves_the_others_of_its_hazard() {
    let day = ["06:00", "22:00"];
    let yellow = warning("a", "05:00", "2; yellow; Moderate", day, &["BE001"]);
    let orange = warning("b", "08:00", "3; orange; Severe", ["12:00", "16:00"], &["BE001"]);
    let about = |kind: &str, named: &str| {
        let mut message = warning("c", "09:00", "2; yellow; Moderate", day, &["BE001"]);
        message["alert"]["msgType"] = kind.into();
        message["alert"]["references"] = named.into();
        message
    };
    let known = "weer@dienst.example,a,2026-11-30T05:00:00Z";
    for (kind, named, expected) in [
        ("Cancel", known, &["orange BE001"][..]),
        ("Update", known, &["orange BE001", "yellow BE001"]),
        // Of a message that is not in the answer.
        ("Cancel", "weer@dienst.example,x,2026-11-30T05:00:00Z", &["orange BE001", "yellow BE001"]),
    ] {
        let all = warnings(&[yellow.clone(), orange.clone(), about(kind, named)]);
        assert_eq!(areas_shown(&all), expected, "{kind} {named}");
    }
    // One that names nothing is about its area and hazard.
    let mut all = about("Cancel", "");
    all["alert"]["references"] = Value::Null;
    assert_eq!(areas_shown(&warnings(&[yellow, orange, all])), [""; 0]);
}

#[test]
fn a_green_warning_withdraws_and_is_never_shown() {
    let day = ["06:00", "22:00"];
    let yellow = warning("a", "05:00", "2; yellow; Moderate", day, &["BE001"]);
    let green = warning("a", "10:00", "1; green; Minor", day, &["BE001"]);
    let quiet = warning("z", "10:00", "1; green; Minor", day, &["BE007"]);
    let all = warnings(&[green, yellow, quiet.clone()]);
    assert_eq!(areas_shown(&all), [""; 0]);
    let lifted = lifted_at(&all, NOW);
    assert_eq!(texts(&lifted, "lifted"), ["2026-11-30T10:00:00Z"]);
    assert_eq!(lifted[0]["areas"][0]["description"], "BE001");
    // A service that says every day that nothing is wrong has lifted nothing.
    assert_eq!(lifted_at(&warnings(&[quiet]), NOW), Vec::<Value>::new());
}

#[test]
fn an_entry_for_each_code_of_an_area_is_one_warning() {
    let entry = |area: &str, scheme: &str, code: &str, sent: &str| {
        format!(
            "<entry><cap:areaDesc>{area}</cap:areaDesc><cap:geocode><valueName>{scheme}</valueName>\
             <value>{code}</value></cap:geocode><cap:event>Orange warning for ice</cap:event>\
             <cap:identifier>x</cap:identifier><cap:sent>2026-11-30T0{sent}:00:00Z</cap:sent>\
             <cap:severity>Severe</cap:severity></entry>"
        )
    };
    let all = [
        entry("Namen", "NUTS2", "BE35", "6"),
        entry("Namen", "EMMA_ID", "BE009", "6"),
        entry("Luik", "NUTS2", "BE33", "6"),
        // The same once more; and of Luik a later one.
        entry("Namen", "NUTS2", "BE35", "6"),
        entry("Luik", "NUTS2", "BE33", "8"),
    ];
    let names =
        "xmlns='http://www.w3.org/2005/Atom' xmlns:cap='urn:oasis:names:tc:emergency:cap:1.2'";
    let answer = read(&format!("<feed {names}>{}</feed>", all.concat()));
    let rows = shown_in(&answer, Language::Nl);
    assert_eq!(areas_shown(&answer), ["orange Namen", "orange Luik"]);
    assert_eq!(rows[0]["areas"][0]["geocodes"], json!({"NUTS2": ["BE35"], "EMMA_ID": ["BE009"]}));
    assert_eq!(rows[0]["hazard"], "snow-ice");
}

#[test]
fn messages_that_refer_to_each_other_do_not_hide_all_of_them() {
    let update = |id: &str, hour: u32, of: &str, at: u32| {
        let references = format!(
            "<msgType>Update</msgType><references>\
             weer@dienst.example,{of},2026-11-30T{at:02}:00:00+01:00</references>"
        );
        alert(id, &(sent(hour) + &references), "")
    };
    // The later one of two holds.
    assert_eq!(ids(&feed(&[update("a", 7, "b", 8), update("b", 8, "a", 7)])), ["b"]);
    // Nobody knows which of these is the last.
    let ring = feed(&[update("a", 7, "b", 7), update("b", 7, "c", 7), update("c", 7, "a", 7)]);
    assert_eq!(ids(&ring), ["a", "b", "c"]);
    // Sent in the same second, but in no circle.
    assert_eq!(ids(&feed(&[alert("a", &sent(7), ""), update("b", 7, "a", 7)])), ["b"]);
}

#[test]
fn what_is_no_alert_is_left_for_the_card_to_count() {
    let answer = json!({"alerts": [null, "gone", {"event": "Storm"}]});
    let rows = shown_in(&answer, Language::Nl);
    assert_eq!((rows.len(), rows[0]["event"].as_str()), (3, Some("Storm")));
    let error =
        alerts(&json!({}), Timestamp::UNIX_EPOCH, &brussels(), Language::Nl, &Budget::default());
    assert!(matches!(error, Err(FormatError::Cap(_))));
}

#[test]
fn each_of_a_hundred_thousand_references_counts() {
    let references: String = (0..100_000)
        .map(|at| format!("weer@dienst.example,a{at},2026-11-30T07:00:00+01:00 "))
        .collect();
    let cancel = format!("<msgType>Cancel</msgType><references>{references}</references>");
    let answer = feed(&[
        alert("a0", &sent(7), ""),
        alert("a99999", &sent(7), ""),
        alert("b", &sent(7), ""),
        alert("end", &(sent(8) + &cancel), ""),
    ]);
    assert_eq!(ids(&answer), ["b"]);
}

/// A kind, an hour, the messages that it names by identifier and hour, and a level.
type AnyMessage = (u8, u8, Vec<(u8, u8)>, u8);

/// Messages of one service: kinds, moments and what they name, which may be in circles.
fn any_messages() -> impl Strategy<Value = Vec<Value>> {
    let named = prop::collection::vec((0..5_u8, 6..20_u8), 0..3);
    let message = (0..4_u8, 6..10_u8, named, 1..5_u8);
    prop::collection::vec(message, 1..10).prop_map(|messages| {
        let at = |hour: u8| format!("2026-11-30T{hour:02}:00:00Z");
        let made = |(nth, (kind, hour, named, level)): (u8, AnyMessage)| {
            let references: Vec<String> =
                named.iter().map(|(id, hour)| format!("s,{id},{}", at(*hour))).collect();
            let kinds = ["Alert", "Update", "Cancel", "Update"];
            json!({
                // An identifier comes twice, at different hours.
                "identifier": (nth % 5).to_string(), "sender": "s", "sent": at(hour + nth / 5 * 4),
                "msgType": kinds.get(usize::from(kind)),
                "references": references.join(" "),
                "event": "Wind", "severity": "Severe",
                "onset": at(hour), "expires": "2026-11-30T20:00:00Z",
                "parameters": {"awareness_level": level.to_string(), "awareness_type": "1; Wind"},
                "areas": [{"geocodes": {"EMMA_ID": [(level % 3).to_string()]}}],
            })
        };
        (0..).zip(messages).map(made).collect()
    })
}

/// Messages, and the same in another order.
fn in_two_orders() -> impl Strategy<Value = (Vec<Value>, Vec<Value>)> {
    any_messages().prop_flat_map(|messages| (Just(messages.clone()), Just(messages).prop_shuffle()))
}

proptest! {
    #[test]
    fn any_order_of_messages_ends_in_the_same_alerts((one, other) in in_two_orders()) {
        let set = |list: Vec<Value>| {
            let answer = json!({ "alerts": list });
            let rows = |rows: Vec<Value>| {
                let mut rows: Vec<String> = rows.iter().map(Value::to_string).collect();
                rows.sort_unstable();
                rows
            };
            (rows(shown_in(&answer, Language::Nl)), rows(lifted_at(&answer, NOW)))
        };
        prop_assert_eq!(set(one), set(other));
    }

    #[test]
    fn of_a_chain_only_its_last_message_holds(
        (length, is_cancelled, seed) in (1..12_usize, any::<bool>(), any::<u64>())
    ) {
        let at = |nth: usize| format!("2026-11-30T09:{nth:02}:00Z");
        let mut list: Vec<Value> = (0..length)
            .map(|nth| {
                let before = nth.checked_sub(1);
                let references = before.map(|before| format!("s,{before},{}", at(before)));
                json!({
                    "identifier": nth.to_string(), "sender": "s", "sent": at(nth), "event": "Wind",
                    "msgType": if nth == 0 { "Alert" } else { "Update" }, "references": references,
                })
            })
            .collect();
        let last = length.saturating_sub(1);
        if is_cancelled {
            list.push(json!({
                "identifier": "end", "sender": "s", "sent": at(length), "event": "Wind",
                "msgType": "Cancel", "references": format!("s,{last},{}", at(last)),
            }));
        }
        // Any order: rotated, and perhaps reversed.
        let by = usize::try_from(seed % 97).unwrap_or_default() % list.len();
        list.rotate_left(by);
        if seed % 2 == 0 {
            list.reverse();
        }
        let answer = json!({ "alerts": list });
        let expected = if is_cancelled { Vec::new() } else { vec![last.to_string()] };
        prop_assert_eq!(ids(&answer), expected);
        let lifted = lifted_at(&answer, NOW);
        let expected = if is_cancelled { vec![last.to_string()] } else { Vec::new() };
        prop_assert_eq!(texts(&lifted, "identifier"), expected);
    }
}
