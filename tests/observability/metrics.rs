//! The metrics for Prometheus: well formed, bounded, and without data about citizens.

use std::collections::{BTreeMap, BTreeSet};

use super::server::{get, server, start, stop};
use voordeur_testkit::temp_dir;

/// A line of the text format: name, labels and value.
#[derive(Debug)]
pub struct Sample {
    pub name: String,
    pub labels: BTreeMap<String, String>,
    pub value: f64,
}

/// Parses the text format of Prometheus. Panics where a line violates it.
pub fn parse(text: &str) -> Vec<Sample> {
    let (mut described, mut typed, mut samples) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, text) = help.split_once(' ').expect("a text after the name");
            assert!(text.ends_with('.') && described.insert(name.to_owned()), "{line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect("a type after the name");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            typed.insert(name.to_owned(), kind.to_owned());
        } else {
            let sample = sample(line);
            let family = ["_bucket", "_sum", "_count"]
                .iter()
                .filter_map(|ending| sample.name.strip_suffix(ending))
                .find(|family| typed.get(*family).is_some_and(|kind| kind == "histogram"))
                .unwrap_or(&sample.name);
            assert!(typed.contains_key(family), "{family} has no type");
            assert!(described.contains(family), "{family} is not described");
            samples.push(sample);
        }
    }
    samples
}

fn sample(line: &str) -> Sample {
    let (series, value) = line.rsplit_once(' ').expect("a value");
    let value = value.parse().unwrap_or_else(|_| panic!("{line}: not a number"));
    let (name, labels) = match series.split_once('{') {
        Some((name, labels)) => (name, labels.strip_suffix('}').expect("the end of the labels")),
        None => (series, ""),
    };
    let letters =
        |name: &str| name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    assert!(letters(name), "{line}");
    let labels = labels.split_terminator("\",").map(|label| {
        let (name, value) = label.split_once("=\"").expect("a label");
        assert!(letters(name), "{line}");
        (name.to_owned(), value.trim_end_matches('"').to_owned())
    });
    Sample { name: name.to_owned(), labels: labels.collect(), value }
}

#[tokio::test]
async fn metrics_are_well_formed_and_contain_no_data_about_citizens() {
    let data = temp_dir();
    let server = start(server(data.path())).await;
    // Requests that could leave traces: a path, a search, an id that does not exist.
    for path in [
        "/",
        "/catalogue?search=geheim",
        "/cards/geheim/settings",
        "/geheim/pad",
        "/find?for=geheim",
    ] {
        get(&server, path).await;
    }
    let page = get(&server, "/metrics").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert!(!page.text.contains("geheim"), "{}", page.text);
    assert!(!page.text.contains("127.0.0.1"), "{}", page.text);

    let samples = parse(&page.text);
    let value = |name: &str| {
        let found = samples.iter().find(|sample| sample.name == name);
        found.unwrap_or_else(|| panic!("{name} is missing in\n{}", page.text)).value
    };
    assert!(value("voordeur_widgets") >= 39.0);
    assert!(value("voordeur_store_bytes") > 0.0);
    assert!(value("process_start_time_seconds") > 1.7e9);
    if cfg!(target_os = "linux") {
        assert!(value("process_resident_memory_bytes") > 1e6);
        assert!(value("process_open_fds") <= value("process_max_fds"));
    }
    assert_eq!(value("voordeur_guests_removed_total"), 0.0);
    let known: BTreeSet<&str> = [
        "host", "outcome", "widget", "state", "route", "method", "status", "reason", "le",
        "version",
    ]
    .into();
    for sample in &samples {
        for (label, value) in &sample.labels {
            assert!(known.contains(label.as_str()), "{sample:?}");
            assert!(value.len() <= 60, "{sample:?}");
        }
    }
    // A second scrape has the same series, apart from the first one's own.
    let again = parse(&get(&server, "/metrics").await.text);
    assert!(again.len() <= samples.len() + 20, "every request adds series");
    stop(server).await;
}
