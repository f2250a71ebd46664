//! Functions for alerts: which of them hold, and which were lifted.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Tree;
use voordeur_formats::{self as formats, FormatError};
use voordeur_widget_api::{Budget, Language};

use super::{Call, EvalResult, Function, failed};
use crate::manifest::values::{Map, Value};

pub const FUNCTIONS: &[Function] = &[
    Function {
        signature: "alerts(answer, now)",
        min_args: 2,
        max_args: 2,
        returns: "the alerts of a `cap` answer that hold or are to come, worst first, then by their beginning, each once and in the citizen's language; see [Alerts](#alerts)",
        implementation: |call, args| select(call, args, "alerts", formats::alerts),
    },
    Function {
        signature: "lifted_alerts(answer, now)",
        min_args: 2,
        max_args: 2,
        returns: "the alerts of a `cap` answer that were withdrawn in the last six hours, the latest first, each with the moment `lifted`",
        implementation: |call, args| select(call, args, "lifted_alerts", formats::lifted_alerts),
    },
];

type Select = fn(&Tree, Timestamp, &TimeZone, Language, &Budget) -> Result<Vec<Tree>, FormatError>;

fn select<'v>(
    call: &Call<'_>,
    args: &[Value<'v>],
    name: &'static str,
    select: Select,
) -> EvalResult<Value<'v>> {
    let now = match &args[1] {
        Value::Int(seconds) => Timestamp::from_second(*seconds).ok(),
        _ => None,
    };
    let now = now.ok_or_else(|| failed(name, "the second should be `now`".to_owned()))?;
    let made;
    let answer = match &args[0] {
        Value::Map(Map::Tree(tree)) => *tree,
        other => {
            made = other.to_tree(call.budget)?;
            &made
        }
    };
    let found = select(answer, now, call.naive_zone, call.language, call.budget);
    let found = found.map_err(|error| match error {
        FormatError::OverBudget(exhausted) => exhausted.into(),
        other => failed(name, other.to_string()),
    })?;
    call.charge_list(found.len())?;
    Ok(Value::list(found.iter().map(Value::made).collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::{evaluate, evaluation_error};

    const ANSWER: &str = "{'alerts': [\
        {'identifier': 'a', 'language': 'fr-BE', 'event': 'Vent', 'sent': '2026-11-29T10:00:00Z'}, \
        {'identifier': 'a', 'language': 'nl-BE', 'event': 'Wind', 'sent': '2026-11-29T10:00:00Z'}, \
        {'identifier': 'b', 'event': 'Ice', 'msgType': 'Cancel', 'sent': '2026-11-29T11:00:00Z'}]}";

    #[test]
    fn alerts_are_those_that_hold_in_the_language_of_the_citizen() {
        let now = "moment('2026-11-29T12:00:00Z')";
        let events = format!("alerts({ANSWER}, {now}).map(a, a.event)");
        assert_eq!(evaluate(&events), json!(["Wind"]));
        let lifted = format!("lifted_alerts({ANSWER}, {now}).map(a, [a.event, a.lifted])");
        assert_eq!(evaluate(&lifted), json!([["Ice", "2026-11-29T11:00:00Z"]]));
    }

    #[test]
    fn what_is_no_list_of_alerts_is_refused() {
        assert!(evaluation_error("alerts({'items': []}, 0)").contains("`alerts`"));
        assert!(evaluation_error("alerts({'alerts': []}, 'now')").contains("`now`"));
        assert!(evaluation_error("alerts(null, 0)").contains("`alerts`"));
    }
}
