//! Silver: a list with dates is in the order of these dates, whatever the order of the service, so
//! that a limit leaves out what matters least.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use voordeur_widget_api::{Block, Format, Language, Moment, Sample, View};

use super::harness::{self, Asker, Citizen};
use super::samples::day_of;
use super::{Findings, rule_table};
use crate::manifest::key_path::PathStep;

const ADVICE: &str =
    "Set `sort`, by when things hold, so that a limit does not leave out the next one.";

pub fn check(findings: &mut Findings<'_>, asker: &Asker<'_>) {
    for sample in asker.samples().iter().filter(|sample| sample.name != "malformed") {
        let (outcome, _, answered) = asker.sample(sample, Language::Nl);
        let Some(view) = outcome.view() else { continue };
        let place = [PathStep::Key("view"), PathStep::Key("block")];
        if let Some(kind) = out_of_order(view, sample) {
            let what = format!(
                "In the sample `{}`, the things of a block `{kind}` are not in the order of their dates.",
                sample.name
            );
            findings.at(rule_table::ORDER, &place, what, ADVICE);
        }
        let (reversed, _) = asker.view(&Citizen::of(sample, Language::Nl), |request| {
            let known = answered
                .iter()
                .find(|known| known.request == request.id && known.nth == request.nth);
            match known {
                // The reader of feeds has put them into order.
                Some(known) if known.format == Format::Feed => known.tree.clone(),
                Some(known) => known.tree.clone().map(|tree| Arc::new(reversed(&tree))),
                None => match harness::body(sample, request) {
                    Some(body) => harness::read(request.format, body),
                    None => Err("the sample holds no answer".to_owned()),
                },
            }
        });
        if reversed.view().is_some_and(|reversed| dates(reversed) != dates(view)) {
            let what = format!(
                "When the service lists its things in reverse, the sample `{}` shows others, or in another order.",
                sample.name
            );
            findings.at(rule_table::ORDER, &place, what, ADVICE);
        }
    }
}

/// The kind of the first block in which what is to come is not in the order of its dates. What has
/// begun may stand among it by its end.
fn out_of_order(view: &View, sample: &Sample) -> Option<&'static str> {
    let today = day_of(sample);
    let day = |start: &Moment| match start {
        Moment::At(at) => at.to_zoned(super::zone()).date(),
        Moment::Day(day) => *day,
    };
    view.blocks.iter().find_map(|block| match block {
        Block::Moments { moments, .. } => {
            let to_come = moments.iter().map(|item| day(&item.start)).filter(|day| *day > today);
            (!to_come.is_sorted()).then_some("moments")
        }
        Block::Departures { departures, .. } => {
            (!departures.is_sorted_by_key(|item| item.at)).then_some("departures")
        }
        _ => None,
    })
}

/// The dates of each block that has some, in the order shown. A list in which all have one date is
/// no evidence.
fn dates(view: &View) -> Vec<Vec<String>> {
    let text = |moment: Option<&Moment>| format!("{moment:?}");
    let of_block = |block: &Block| -> Vec<String> {
        match block {
            Block::List { items, .. } => {
                items.iter().map(|item| text(item.when.as_ref())).collect()
            }
            Block::Moments { moments, .. } => {
                moments.iter().map(|item| text(Some(&item.start))).collect()
            }
            Block::Departures { departures, .. } => {
                departures.iter().map(|item| item.at.to_string()).collect()
            }
            Block::Alert(alert) => vec![text(alert.start.as_ref())],
            _ => Vec::new(),
        }
    };
    let blocks = view.blocks.iter().map(of_block);
    blocks.filter(|dates| dates.iter().collect::<BTreeSet<_>>().len() > 1).collect()
}

/// A response whose lists of records are in reverse. Lists of numbers and texts are positions, rows
/// or lines: their order has a meaning.
fn reversed(tree: &Value) -> Value {
    match tree {
        Value::Array(list) => {
            let items = list.iter().map(reversed);
            if list.iter().all(Value::is_object) { items.rev().collect() } else { items.collect() }
        }
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), reversed(value))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn records_are_reversed_and_positions_stay() {
        let tree = json!({"a": [{"at": [4.3, 50.9]}, {"b": [{"c": 1}, {"c": 2}]}]});
        let expected = json!({"a": [{"b": [{"c": 2}, {"c": 1}]}, {"at": [4.3, 50.9]}]});
        assert_eq!(reversed(&tree), expected);
    }
}
