//! API keys, and the limits of a service.

use voordeur_widget_api::{ApiKey, ApiKeyLocation, Limits};

use super::*;

const KEY: &str = "[key]\nvariable = \"VOORDEUR_KEY_THINGS_2\"\nurl = \"https://example.org/k\"\n";

#[test]
fn a_key_is_sent_by_the_requests_that_ask_for_it() {
    let widget = widget(&format!("{KEY}{THINGS}key_header = \"X-ApiKey\""));
    assert_eq!(
        widget.manifest.key,
        Some(ApiKey {
            variable: "VOORDEUR_KEY_THINGS_2".to_owned(),
            url: "https://example.org/k".to_owned()
        })
    );
    let asked = requests(&widget, &Settings::new(), &Responses::new()).expect("can be asked");
    assert_eq!(
        asked[0].key.as_ref().map(|key| &key.location),
        Some(&ApiKeyLocation::Header("X-ApiKey".to_owned()))
    );
    assert_eq!(asked[0].url, "https://example.org/things");

    let widget = self::widget(&format!("{KEY}{THINGS}key_query = \"apikey\""));
    let asked = requests(&widget, &Settings::new(), &Responses::new()).expect("can be asked");
    assert_eq!(
        asked[0].key.as_ref().map(|key| &key.location),
        Some(&ApiKeyLocation::Query("apikey".to_owned()))
    );
}

#[test]
fn an_unused_or_undeclared_key_is_rejected() {
    let (message, line) = error(&format!("{KEY}{THINGS}"));
    assert!(message.contains("is used by no request"), "{message}");
    assert_eq!(line, "[key]");
    let (message, line) = error(&format!("{THINGS}key_header = \"X-ApiKey\""));
    assert!(message.contains("needs `[key]`"), "{message}");
    assert_eq!(line, "key_header = \"X-ApiKey\"");
    let (message, _) = error(&format!("{KEY}{THINGS}key_header = \"X\"\nkey_query = \"x\""));
    assert!(message.contains("cannot be combined with"), "{message}");
    let (message, _) = error(&format!("{KEY}{THINGS}key_header = \"X-ApiKey: a\""));
    assert!(message.contains("must be letters"), "{message}");
}

#[test]
fn a_key_is_limited_to_variables_with_the_prefix() {
    for variable in ["PATH", "VOORDEUR_KEY_", "VOORDEUR_KEY_a", "VOORDEUR_KEY_A B"] {
        let key = KEY.replace("VOORDEUR_KEY_THINGS_2", variable);
        let (message, line) = error(&format!("{key}{THINGS}key_header = \"X-ApiKey\""));
        assert!(message.contains("key.variable"), "{variable}: {message}");
        assert_eq!(line, "[key]");
    }
}

#[test]
fn rate_limits_are_within_bounds() {
    let limits = |written: &str| widget(&format!("limits = {written}\n{THINGS}")).manifest.limits;
    assert_eq!(widget(THINGS).manifest.limits, Limits::default());
    assert_eq!(limits("{}"), Limits::default());
    let all = Limits { per_second: Some(3.0), burst: Some(5), concurrent: Some(2) };
    assert_eq!(limits("{ per_second = 3, burst = 5, at_once = 2 }"), all);
    for (key, numbers, bounds) in [
        ("per_second", ["0", "-1", "0.01", "5.1", "nan", "inf"].as_slice(), "from 0.02 to 5"),
        ("burst", &["0", "-1", "21", "4294967297"], "from 1 to 20"),
        ("at_once", &["0", "-1", "7"], "from 1 to 6"),
    ] {
        for number in numbers {
            let written = format!("{key} = {number}");
            let (message, line) = error(&format!("{THINGS}[limits]\n{written}\n"));
            assert!(message.ends_with(&format!("limits.{key}: must be {bounds}")), "{message}");
            assert_eq!(line, written);
        }
    }
    let (message, line) = error(&format!("{THINGS}[limits]\nburst = 1.5\n"));
    assert!(message.ends_with("limits.burst: should be: whole number"), "{message}");
    assert_eq!(line, "burst = 1.5");
    let (message, line) = error(&format!("{THINGS}[limits]\nper_secnd = 3\n"));
    assert!(message.ends_with("did you mean `per_second`?"), "{message}");
    assert_eq!(line, "per_secnd = 3");
    let reported = errors(&format!("{THINGS}[limits]\nper_second = 9\nburst = 99\n"));
    assert_eq!(reported.len(), 2, "{reported:?}");
    let (message, _) = error(&format!("{THINGS}[limits]\nburst = 99999999999999999999\n"));
    assert!(message.contains("limits"), "{message}");
}
