//! Stored views: the view of each sample, in `views/`, so that a change of behaviour shows in
//! review.

use std::collections::BTreeMap;

use serde::Serialize;
use voordeur_widget_api::{Language, View};

use super::harness::{Asker, Outcome};
use super::{Findings, WidgetFolder, rule_table};
use crate::manifest::key_path::PathStep;

const ADVICE: &str = "If the new view is correct, store it with `voordeur widget check --store`.";

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Stored<'a> {
    View(&'a View),
    Refusal(String),
}

/// The view of each sample in Dutch, by path in the folder.
pub fn of(asker: &Asker<'_>) -> BTreeMap<String, String> {
    let stored = asker.samples().iter().map(|sample| {
        let (outcome, ..) = asker.sample(sample, Language::Nl);
        let stored = match &outcome {
            Outcome::Shown(view) => Stored::View(view),
            other => Stored::Refusal(other.reason()),
        };
        // A view is plain data with text keys, so serialization cannot fail.
        let text = serde_json::to_string_pretty(&stored).unwrap_or_default();
        (path(&sample.name), text + "\n")
    });
    stored.collect()
}

fn path(sample: &str) -> String {
    format!("views/{sample}.json")
}

/// Compares the stored views with the current ones.
pub fn check(findings: &mut Findings<'_>, folder: &WidgetFolder, asker: &Asker<'_>) {
    let now = of(asker);
    for sample in asker.samples() {
        let path = path(&sample.name);
        let wanted = now.get(&path).map(String::as_str).unwrap_or_default();
        match folder.text(&path) {
            None => findings.at(
                rule_table::VIEW_MISSING,
                &[PathStep::Key("sample"), PathStep::Named(&sample.name)],
                format!("There is no stored view `{path}`."),
                "Store it with `voordeur widget check --store`.",
            ),
            Some(stored) if stored != wanted => {
                let same = stored.lines().zip(wanted.lines()).take_while(|(a, b)| a == b).count();
                let now = wanted.lines().nth(same).unwrap_or("the end").trim();
                let what = format!("The view of the sample has changed: `{now}`.");
                findings.add(rule_table::VIEW_CHANGED, &path, Some(same + 1), what, ADVICE);
            }
            Some(_) => {}
        }
    }
    for name in folder.names_in("views") {
        let path = format!("views/{name}");
        if !now.contains_key(&path) {
            let what = "It belongs to no sample.";
            findings.add(rule_table::VIEW_UNUSED, &path, None, what, "Remove it.");
        }
    }
}
