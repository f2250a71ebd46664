//! The widgets of the catalogue spend far less on their samples than the budget of a card holds,
//! so that the limits stop only what is hostile or broken.

#[expect(dead_code, reason = "other tests use all of it")]
mod harness;

use jiff::tz::TimeZone;
use voordeur_engine::{sample_context, sample_tree};
use voordeur_widget_api::{Budget, BudgetLimits, Exchange, Language};

/// The share of each limit that no sample may reach.
const LARGEST_SHARE: u64 = 20;

#[test]
fn no_sample_comes_near_the_budget() {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    let mut most = BudgetLimits { bytes: 0, nodes: 0, steps: 0, depth: 0 };
    let mut names = ["", "", ""];
    let catalogue = harness::widgets();
    for widget in catalogue.all() {
        let name = widget.manifest().id.as_str();
        for sample in widget.samples() {
            let budget = Budget::new(BudgetLimits::CARD);
            let context = sample_context(sample, Language::Nl, &zone, &budget);
            let read = |request: &_| sample_tree(sample, request);
            let _ = Exchange::new().run(widget.as_ref(), &context, read);
            let spent = budget.spent();
            for (most, spent, place) in [
                (&mut most.bytes, spent.bytes, 0),
                (&mut most.nodes, spent.nodes, 1),
                (&mut most.steps, spent.steps, 2),
            ] {
                if spent > *most {
                    *most = spent;
                    names[place] = name;
                }
            }
        }
    }
    println!(
        "most: {} bytes ({}), {} nodes ({}), {} steps ({})",
        most.bytes, names[0], most.nodes, names[1], most.steps, names[2]
    );
    let limits = BudgetLimits::CARD;
    assert!(most.bytes < limits.bytes / LARGEST_SHARE, "{most:?}");
    assert!(most.nodes < limits.nodes / LARGEST_SHARE, "{most:?}");
    assert!(most.steps < limits.steps / LARGEST_SHARE, "{most:?}");
}
