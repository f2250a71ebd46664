//! `docs/CATALOGUE.md` is up to date. `make views` regenerates it.

#[expect(dead_code, reason = "this test makes no requests")]
mod harness;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use voordeur_engine::conformance::Tier;
use voordeur_engine::{Catalogue, CheckStatus};
use voordeur_widget_api::{Evidence, Widget};

/// Number of lines of a file in a widget's folder.
fn lines(folder: &Path, file: &str) -> usize {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path);
    text.unwrap_or_else(|error| panic!("{}: {error}", path.display())).lines().count()
}

/// Formats or connectors of a manifest's requests, without duplicates.
fn formats(folder: &Path) -> String {
    let manifest = std::fs::read_to_string(folder.join("widget.toml")).expect("a manifest");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let Some(requests) = manifest.get("request").and_then(toml::Value::as_array) else {
        return "–".to_owned();
    };
    let mut formats: Vec<&str> = requests
        .iter()
        .map(|request| {
            let reported = request.get("format").or(request.get("connector"));
            reported.and_then(toml::Value::as_str).unwrap_or("json")
        })
        .collect();
    formats.sort_unstable();
    formats.dedup();
    formats.join(", ")
}

/// The tests on recorded responses, by file name.
fn recorded_tests() -> BTreeMap<String, String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let files = std::fs::read_dir(&tests).expect("the tests").map(|entry| entry.expect("a test"));
    files
        .filter(|file| file.file_name().to_string_lossy().starts_with("recorded"))
        .map(|file| {
            let text = std::fs::read_to_string(file.path()).expect("a test");
            (file.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}

/// What the samples of a widget are based on; for a recorded response, with the tests that read it.
fn evidence_cell(id: &str, evidence: Evidence, tests: &BTreeMap<String, String>) -> String {
    match evidence {
        Evidence::Client => "client code".to_owned(),
        Evidence::Documented => "documentation".to_owned(),
        Evidence::Recorded => {
            let quoted = format!("\"{id}\"");
            let tests: Vec<String> = tests
                .iter()
                .filter(|(_, text)| text.contains(&quoted))
                .map(|(file, _)| format!("[{file}](../widgets/engine/tests/{file})"))
                .collect();
            assert!(
                !tests.is_empty(),
                "{id} is marked `recorded`, but no test reads a recorded response"
            );
            format!("a recorded response: {}", tests.join(", "))
        }
    }
}

fn row(
    widget: &dyn Widget,
    catalogue: &Path,
    tiers: &BTreeMap<&str, Tier>,
    tests: &BTreeMap<String, String>,
) -> String {
    let manifest = widget.manifest();
    let folder = catalogue.join(&manifest.id);
    format!(
        "| [{id}](../widgets/catalogue/{id}/widget.toml) | {publisher} | {tier} | {formats} | {lines} | 0 | {samples} | {evidence} | {key} |\n",
        id = manifest.id,
        publisher = match (manifest.own, manifest.links_only) {
            (true, _) => "the citizen",
            (false, true) => "several official pages",
            (false, false) => &manifest.publisher.name,
        },
        tier = tiers.get(manifest.id.as_str()).map_or("none", |tier| tier.id()),
        evidence = match manifest.has_service() {
            true => evidence_cell(&manifest.id, manifest.evidence, tests),
            false => "no service".to_owned(),
        },
        formats = formats(&folder),
        lines = lines(&folder, "widget.toml"),
        samples = widget.samples().len(),
        key = if manifest.key.is_some() { "yes" } else { "no" },
    )
}

/// The tiers in the folders.
fn tiers(catalogue: &Catalogue) -> BTreeMap<&str, Tier> {
    let reached = catalogue.entries().filter_map(|entry| match entry.check_status {
        CheckStatus::Embedded(tier) => Some((entry.widget.manifest().id.as_str(), tier?)),
        CheckStatus::Unchecked(_) => None,
    });
    reached.collect()
}

#[test]
fn the_catalogue_table_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let widgets = harness::widgets();
    let tiers = tiers(&widgets);
    let tests = recorded_tests();
    let mut text = String::from(
        "# The catalogue\n\n\
         Every widget is a manifest with samples; none has a line of Rust. `make views` generates this page, and a test verifies it.\n\
         [WIDGETS.md](WIDGETS.md#quality) describes the tiers; `voordeur widget check` lists what a widget lacks.\n\n\
         | widget | publisher | tier | format | lines of manifest | lines of Rust | samples | samples based on | key needed |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for widget in widgets.all() {
        text.push_str(&row(widget.as_ref(), &root.join("../catalogue"), &tiers, &tests));
    }
    let count = widgets.all().count();
    let reach = |tier| tiers.values().filter(|reached| **reached == tier).count();
    let _ = writeln!(
        text,
        "\n{count} widgets: {} gold, {} silver, {} bronze.",
        reach(Tier::Gold),
        reach(Tier::Silver),
        reach(Tier::Bronze)
    );
    text.push_str(
        "\n## Pictures\n\nEach card with its sample, in English. `make pictures` takes them.\n\n",
    );
    for widget in widgets.all() {
        let manifest = widget.manifest();
        let picture = format!("pictures/widgets/{}.webp", manifest.id);
        assert!(root.join("../../docs").join(&picture).is_file(), "{picture}: run `make pictures`");
        let _ = writeln!(text, "* {}\n\n  ![{}]({picture})", manifest.id, manifest.name.en);
    }
    let path = root.join("../../docs/CATALOGUE.md");
    if std::env::var_os("VOORDEUR_STORE").is_some() {
        std::fs::write(&path, &text).expect("the page can be written");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "docs/CATALOGUE.md is out of date: run `make views`");
}
