//! Silver: a block of moments declares its part in the day, so that an agenda can say what they
//! are.

use toml::de::DeValue;

use super::{Findings, rule_table};
use crate::manifest::key_path::PathStep;

pub fn check(findings: &mut Findings<'_>) {
    let source = findings.source;
    let blocks = source.get(&[PathStep::Key("view"), PathStep::Key("block")]);
    let blocks = blocks.and_then(DeValue::as_array).into_iter().flatten();
    for (number, block) in blocks.enumerate() {
        let Some(block) = block.get_ref().as_table() else { continue };
        let kind = block.get("kind").and_then(|kind| kind.get_ref().as_str());
        if kind == Some("moments") && !block.contains_key("role") {
            let place = [PathStep::Key("view"), PathStep::Key("block"), PathStep::Index(number)];
            let what = "A block `moments` does not declare its part in the day.";
            let advice = "Write `role`, for instance `\"event\"`; `\"other\"` when none fits.";
            findings.at(rule_table::DAY_ROLE, &place, what, advice);
        }
    }
}
