//! A scaffold reaches bronze once its texts are written: on recorded responses of services without
//! a widget, held out while the rules were written.

use std::path::PathBuf;

use voordeur_engine::conformance::{Checker, Tier, WidgetFolder, views};
use voordeur_engine::scaffold::from_response;

/// Held-out responses. All were bronze when first tried; two field names (`display_name`, `maj`)
/// were corrected afterwards, which changed what two of them show.
const HELD_OUT: [&str; 12] = [
    "ods-liege/disabled_parkings.json",
    "http-encoding/openaq_0.json",
    "ogcapi-features/ne_110m_lakes.geojson",
    "oparl/Meeting-01.json",
    "socrata/get_datasets.json",
    "dcat-ap/dataset_gov_de.rdf",
    "parkapi/neckarsulm.csv",
    "jsonstat/cso_ie-NQQ25.json",
    "fr-transport/csv_latin1.csv",
    "parkapi/aachen-static.xml",
    "open-canada/nhsl_hazard_threat_all_indicators_s_bc.geojson",
    "rws-waterinfo/NVT_WATHTE_SCHE_20200507.csv",
];
/// Minimum number that reaches bronze.
const MIN_BRONZE: usize = 12;
/// Maximum length of a scaffold, in lines.
const MAX_LINES: usize = 40;

/// Replaces the placeholder texts; nothing else of a scaffold is edited.
fn with_texts(manifest: &str) -> String {
    let mut lines = Vec::new();
    for line in manifest.lines() {
        let mut line = line.to_owned();
        for (what, texts) in [
            ("title", ["Wat er is", "Ce qu’il y a", "Was es gibt", "What there is"]),
            (
                "one sentence.",
                [
                    "Wat de dienst nu meldt.",
                    "Ce que dit le service.",
                    "Was der Dienst meldet.",
                    "What the service says.",
                ],
            ),
            (
                "what to say when there is nothing.",
                [
                    "Er is nu niets te melden.",
                    "Il n’y a rien à signaler.",
                    "Es gibt nichts zu melden.",
                    "There is nothing to report.",
                ],
            ),
            ("what is measured", ["Waarde", "Valeur", "Wert", "Value"]),
            ("what is counted", ["Aantal", "Nombre", "Anzahl", "Number"]),
        ] {
            for (language, text) in ["nl", "fr", "de", "en"].into_iter().zip(texts) {
                line = line.replace(
                    &format!("{language} = \"TODO {what}\""),
                    &format!("{language} = \"{text}\""),
                );
            }
        }
        if line.starts_with("# covers = \"TODO") {
            line = "covers = \"everywhere\"".to_owned();
        }
        line = line.replace("TODO word that people type", "markt");
        line = line.replace("TODO publisher", "A town").replace("TODO licence", "CC0 1.0");
        lines.push(line.replace("TODO unit", "m"));
    }
    lines.join("\n") + "\n"
}

/// Lines of a scaffold that is bronze with its texts, or the first finding that blocks it.
fn lines_if_bronze(bytes: &[u8]) -> Result<usize, String> {
    let now = "2026-11-24T12:00:00Z".parse().expect("a moment");
    let mut files = from_response("https://data.example.org/answer", bytes, now)
        .map_err(|error| error.to_string())?;
    let manifest = with_texts(&String::from_utf8_lossy(&files["widget.toml"]));
    assert!(!manifest.contains("TODO"), "{manifest}");
    let lines = manifest.lines().count();
    assert!(lines < MAX_LINES, "{lines} lines\n{manifest}");
    files.insert("widget.toml".to_owned(), manifest.into_bytes());
    let mut folder = WidgetFolder { id: "drafted".to_owned(), files };
    let stored = views(&folder).map_err(|errors| errors.to_string())?;
    folder.files.extend(stored.into_iter().map(|(path, text)| (path, text.into_bytes())));
    let checker = Checker { stored_views: true, icons: Some(&["calendar"]), ..Checker::default() };
    let report = checker.check(&folder);
    match report.blocking(Tier::Bronze).next() {
        None => Ok(lines),
        Some(finding) => Err(finding.to_string()),
    }
}

#[test]
fn scaffolds_of_held_out_responses_are_bronze_with_their_texts() {
    let recorded = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded");
    if !recorded.is_dir() {
        println!("skipped: {} is absent", recorded.display());
        return;
    }
    // The checks run each widget in thousands of states.
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let spawn = |file: &'static str| {
            let bytes = std::fs::read(recorded.join(file)).expect("a recorded answer");
            (file, scope.spawn(move || lines_if_bronze(&bytes)))
        };
        let running: Vec<_> = HELD_OUT.into_iter().map(spawn).collect();
        running.into_iter().map(|(file, run)| (file, run.join().expect("an outcome"))).collect()
    });
    for (file, outcome) in &outcomes {
        println!("{file}: {outcome:?}");
    }
    let bronze = outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count();
    assert!(bronze >= MIN_BRONZE, "only {bronze} of {} drafts are bronze", HELD_OUT.len());
}
