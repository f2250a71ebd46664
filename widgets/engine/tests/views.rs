//! Every widget of the catalogue passes the conformance checks: it reaches bronze at least, and
//! exactly the tier in its folder.

mod folders;

use std::time::Instant;

use voordeur_engine::conformance::Tier;

/// Minimum number of widgets in the catalogue.
const MIN_WIDGETS: usize = 36;

#[test]
fn every_widget_reaches_its_tier() {
    let folders = folders::all();
    assert!(folders.len() >= MIN_WIDGETS, "there are only {} widgets", folders.len());
    let start = Instant::now();
    let reports = folders::reports(&folders);
    let asked: usize = reports.iter().map(|report| report.asked).sum();
    println!("{} widgets, asked {asked} times, in {:?}", reports.len(), start.elapsed());

    let mut wrong = String::new();
    for (folder, report) in folders.iter().zip(&reports) {
        for finding in report.blocking(Tier::Bronze) {
            wrong.push_str(&format!("widgets/catalogue/{}/{finding}\n", report.widget));
        }
        let reached = report.tier.map_or_else(String::new, |tier| format!("{tier}\n"));
        let written = folder.files.get("tier").map(Vec::as_slice).unwrap_or_default();
        if written != reached.as_bytes() {
            let written = String::from_utf8_lossy(written);
            wrong.push_str(&format!(
                "widgets/catalogue/{}/tier: is `{}`, but the widget reaches `{}`: run `make views`\n",
                report.widget,
                written.trim(),
                reached.trim()
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
