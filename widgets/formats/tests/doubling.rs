//! A hostile response of twice the size takes about twice as much, or more than its budget.

mod hostile;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use voordeur_formats::{
    FormatError, alerts, alternate_links, html_to_text, lifted_alerts, occurrences, read,
};
use voordeur_widget_api::{Budget, BudgetLimits, Format, Language};

/// The size of the first response; the others have two and four times as many bytes.
const SIZE: usize = 25_000;

/// The largest growth when a response doubles, in tenths.
const GROWTH: u64 = 22;

/// The constant part, and lists that have just grown.
const SLACK: BudgetLimits = BudgetLimits { bytes: 100_000, nodes: 200, steps: 20_000, depth: 0 };

/// The charges; `None` when they were more than the budget.
fn spent<T>(name: &str, budget: &Budget, outcome: Result<T, bool>) -> Option<BudgetLimits> {
    let (spent, limits) = (budget.spent(), budget.limits());
    match outcome {
        Err(true) => None,
        Ok(_) | Err(false) => {
            assert!(spent.bytes <= limits.bytes, "{name}: {spent:?}");
            assert!(spent.nodes <= limits.nodes, "{name}: {spent:?}");
            assert!(spent.steps <= limits.steps, "{name}: {spent:?}");
            Some(spent)
        }
    }
}

/// Checks the growth of what is spent on three sizes.
fn check(name: &str, spent_on: impl Fn(usize) -> Option<BudgetLimits>) {
    let all = [spent_on(SIZE), spent_on(2 * SIZE), spent_on(4 * SIZE)];
    for pair in all.windows(2) {
        let [before, after] = pair else { continue };
        let Some(after) = after else { continue };
        // An input beyond the budget at one size is beyond it at twice the size.
        let before = before.unwrap_or_else(|| panic!("{name}: a larger response takes less"));
        let may = |before: u64, slack: u64| before * GROWTH / 10 + slack;
        assert!(after.bytes <= may(before.bytes, SLACK.bytes), "{name}: {before:?} {after:?}");
        assert!(after.nodes <= may(before.nodes, SLACK.nodes), "{name}: {before:?} {after:?}");
        assert!(after.steps <= may(before.steps, SLACK.steps), "{name}: {before:?} {after:?}");
    }
}

#[test]
fn a_response_of_twice_the_size_takes_twice_as_much() {
    for &(name, format, response) in hostile::RESPONSES {
        let name = format!("{format:?}, {name}");
        check(&name, |size| {
            let budget = Budget::default();
            let outcome = read(format, &response(size), &budget)
                .map_err(|error| matches!(error, FormatError::OverBudget(_)));
            spent(&name, &budget, outcome)
        });
    }
}

#[test]
fn a_calendar_of_twice_the_size_takes_twice_as_much() {
    let (from, until) = (date(2020, 1, 1), date(2030, 12, 31));
    for &(name, response) in hostile::SERIES {
        check(name, |size| {
            let budget = Budget::default();
            let outcome = read(Format::ICalendar, &response(size), &budget)
                .map_err(|error| matches!(error, FormatError::OverBudget(_)))
                .and_then(|calendar| {
                    occurrences(&calendar, from, until, &TimeZone::UTC, &budget).map_err(|_| true)
                });
            spent(name, &budget, outcome)
        });
    }
}

#[test]
fn alerts_of_twice_the_size_take_twice_as_much() {
    let now: Timestamp = "2026-11-29T13:00:00Z".parse().expect("a moment");
    for &(name, response) in hostile::ALERTS {
        for select in [alerts, lifted_alerts] {
            check(name, |size| {
                let budget = Budget::default();
                let outcome = read(Format::Cap, &response(size), &budget)
                    .and_then(|answer| select(&answer, now, &TimeZone::UTC, Language::Nl, &budget))
                    .map_err(|error| matches!(error, FormatError::OverBudget(_)));
                assert!(!matches!(outcome, Err(false)), "{name} is not read");
                spent(name, &budget, outcome)
            });
        }
    }
}

#[test]
fn a_fragment_of_html_gives_hardly_more_than_it_has() {
    for &(name, fragment) in hostile::FRAGMENTS {
        let fragment = fragment(SIZE);
        let text = String::from_utf8_lossy(&fragment);
        assert!(html_to_text(&text).len() <= text.len() + text.len() / 5, "{name}");
        let links = alternate_links(&fragment, "https://example.org/", &[Format::Feed]);
        assert!(links.len() <= 50 && links.iter().all(|link| link.len() <= 2_000), "{name}");
    }
}
