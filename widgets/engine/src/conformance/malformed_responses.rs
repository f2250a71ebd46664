//! Gold: a malformed response is refused, counted or explained, and never shown as good data; the
//! widget has an owner and was recently proven on live data.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use voordeur_widget_api::{Block, Format, Value as Shown, View, Widget};

use super::garbage;
use super::harness::{self, Asker, Outcome, Tree};
use super::mutations::{self, Occurrences};
use super::robustness::{self, Baseline, Violations};
use super::{
    Findings, MANIFEST, PROOF_FILE, Proof, WidgetFolder, proof_holds, rule_table, view_text,
};
use crate::manifest::key_path::PathStep;

/// Checks the rules of the gold tier.
pub fn check(
    findings: &mut Findings<'_>,
    asker: &Asker<'_>,
    folder: &WidgetFolder,
    today: Option<Date>,
) {
    owner(findings, asker);
    proven(findings, asker, folder, today);
    let mut violations = Violations::default();
    for baseline in robustness::baselines(asker) {
        let line = findings.source.line(&baseline.place());
        let failed = baseline.with(asker, &Err("failed".to_owned()));
        let mut descend = |case: String, tree: Tree| {
            let outcome = baseline.with(asker, &tree);
            if shown_as_good(&baseline, &outcome, &failed) {
                let what = format!(
                    "{case}, the sample `{}` is shown as if it were good",
                    baseline.sample.name
                );
                let advice =
                    "Require the data, as `(x + [])` does, so that it is refused or counted.";
                violations.add(rule_table::SHOWN_AS_GOOD, line, what, advice);
            }
        };
        let request = &baseline.answered.request;
        let format = baseline.answered.format;
        for (name, body) in mutations::OTHER_DOCUMENTS {
            // An empty list is valid data where the response itself is a list.
            if body == b"[]" && baseline.tree.is_array() {
                continue;
            }
            descend(format!("With {name} in place of `{request}`"), harness::read(format, body));
        }
        let bodies = baseline.sample.responses.get(request);
        if let Some(body) = bodies.and_then(|bodies| bodies.get(baseline.answered.nth)) {
            for (name, body) in mutations::truncated(format, body) {
                descend(format!("With {name} of `{request}`"), harness::read(format, body));
            }
        }
        containers(&baseline, format, &mut descend);
    }
    violations.report_to(findings);
}

/// Removes each container, or replaces it by a value of another type: in the first item, and in
/// all.
fn containers(baseline: &Baseline<'_>, format: Format, descend: &mut impl FnMut(String, Tree)) {
    let request = &baseline.answered.request;
    for node in mutations::nodes(&baseline.tree) {
        if !node.is_container() {
            continue;
        }
        let name = node.name();
        for occurrences in [Occurrences::First, Occurrences::All] {
            if let Some(without) = node.removed(&baseline.tree, occurrences) {
                descend(format!("Without {name} in `{request}`"), Ok(Arc::new(without)));
            }
            for wrong in node.wrong(format) {
                let tree = node.replaced(&baseline.tree, occurrences, &wrong);
                descend(format!("With `{wrong}` for {name} in `{request}`"), Ok(Arc::new(tree)));
            }
        }
    }
}

/// Whether a malformed response is shown as good data: fewer items or other figures, without a
/// notice.
fn shown_as_good(baseline: &Baseline<'_>, outcome: &Outcome, failed: &Outcome) -> bool {
    let Some(view) = outcome.view() else { return false };
    let good = &baseline.view;
    // A widget that tolerates a failed request shows the rest.
    let without = baseline.answered.optional && outcome == failed;
    if garbage::says_nothing(good, view).is_some() {
        return !without;
    }
    let said = view.omitted > good.omitted
        || view_text::shows_only_text(view)
        || view_text::text_count(view) > view_text::text_count(good);
    let less = view_text::item_count(view) < view_text::item_count(good);
    let figures = figures(good);
    let other = self::figures(view).into_iter().any(|figure| !figures.contains(&figure));
    !said && !without && (less || other)
}

/// The numbers in a view, each with its label.
fn figures(view: &View) -> BTreeSet<String> {
    let facts = view.blocks.iter().filter_map(|block| match block {
        Block::Facts { facts, .. } => Some(facts),
        _ => None,
    });
    let figures = facts.flatten().filter_map(|fact| match &fact.value {
        Shown::Number { number, .. } => Some(format!("{}: {number}", fact.label.text)),
        _ => None,
    });
    figures.collect()
}

fn owner(findings: &mut Findings<'_>, asker: &Asker<'_>) {
    let manifest = asker.widget.manifest();
    let error = match &manifest.owner {
        None => "The widget has no owner.",
        Some(owner) if owner.name.trim().is_empty() => "`owner.name` is empty.",
        Some(owner) if !owner.url.starts_with("https://") => "`owner.url` is not an `https` URL.",
        Some(_) => return,
    };
    let advice = "Write `owner = { name = \"…\", url = \"https://…\" }`: who fixes it when the service changes.";
    findings.at(rule_table::OWNER, &[PathStep::Key("owner")], error, advice);
}

fn proven(
    findings: &mut Findings<'_>,
    asker: &Asker<'_>,
    folder: &WidgetFolder,
    today: Option<Date>,
) {
    let day_of_sample = || Some(asker.samples().first()?.moment.to_zoned(TimeZone::UTC).date());
    let Some(today) = today.or_else(day_of_sample) else { return };
    let file = folder.files.get(PROOF_FILE).map(Vec::as_slice);
    let proven = Proof::day_of(file, folder.text(MANIFEST).unwrap_or_default())
        .and_then(|day| proof_holds(day, today));
    let Err(error) = proven else { return };
    let what = format!("The widget is not proven on live data: {error}.");
    let advice = "Let `voordeur widget try --all` ask the service: it writes the record.";
    match file {
        Some(_) => findings.add(rule_table::PROVEN, PROOF_FILE, Some(1), what, advice),
        None => findings.add(rule_table::PROVEN, MANIFEST, None, what, advice),
    }
}
