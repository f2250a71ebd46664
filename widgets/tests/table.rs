//! `docs/CATALOGUE.md` says what the catalogue really holds. `make views` writes it anew.

#[expect(dead_code, reason = "the table is of the catalogue, and asks nothing")]
mod asking;

use std::fmt::Write as _;
use std::path::Path;

use voordeur_contract::{Evidence, Widget};

/// The lines of text in a file of a widget's folder.
fn lines(folder: &Path, file: &str) -> usize {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path);
    text.unwrap_or_else(|error| panic!("{}: {error}", path.display())).lines().count()
}

/// The formats of a manifest's requests, or the kinds of portal, each once.
fn formats(folder: &Path) -> String {
    let manifest = std::fs::read_to_string(folder.join("widget.toml")).expect("a manifest");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let requests = manifest.get("request").and_then(toml::Value::as_array).expect("requests");
    let mut formats: Vec<&str> = requests
        .iter()
        .map(|request| {
            let told = request.get("format").or(request.get("connector"));
            told.and_then(toml::Value::as_str).unwrap_or("json")
        })
        .collect();
    formats.sort_unstable();
    formats.dedup();
    formats.join(", ")
}

fn row(widget: &dyn Widget, catalogue: &Path) -> String {
    let manifest = widget.manifest();
    let folder = catalogue.join(&manifest.id);
    let rests_on = match manifest.evidence {
        Evidence::Recorded => "a recorded answer",
        Evidence::Client => "client code",
        Evidence::Documented => "documentation",
    };
    format!(
        "| [{id}](../widgets/catalogue/{id}/widget.toml) | {publisher} | {formats} | {lines} | {samples} | {rests_on} | {key} |\n",
        id = manifest.id,
        publisher = manifest.publisher.name,
        formats = formats(&folder),
        lines = lines(&folder, "widget.toml"),
        samples = widget.samples().len(),
        key = if manifest.key.is_some() { "yes" } else { "no" },
    )
}

#[test]
fn the_table_of_the_catalogue_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let widgets = asking::widgets();
    let mut text = String::from(
        "# The catalogue\n\n\
         Every widget is a manifest and samples; none has a line of Rust. `make views` writes this page, and a test holds it true.\n\n\
         | widget | publisher | format | lines of manifest | samples | its shape rests on | key needed |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for widget in widgets.all() {
        text.push_str(&row(widget.as_ref(), &root.join("catalogue")));
    }
    let count = widgets.all().count();
    let _ = writeln!(text, "\n{count} widgets.");
    let path = root.join("../docs/CATALOGUE.md");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, &text).expect("the page can be written");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "docs/CATALOGUE.md is not as the catalogue is: run `make views`");
}
