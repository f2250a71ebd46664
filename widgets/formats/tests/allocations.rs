//! Readers charge to a budget the bytes that they allocate, measured with a counting allocator. There
//! is one test only, so that nothing else allocates.

mod hostile;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use peak_alloc::PeakAlloc;
use voordeur_formats::{alerts, alternate_links, html_to_text, occurrences, read};
use voordeur_widget_api::{Budget, BudgetLimits, Format, Language};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const SIZE: usize = 100_000;

/// The budgets: one that most responses exceed, and one that few do.
const BUDGETS: [u64; 2] = [1_000_000, 64 * 1024 * 1024];

/// Memory beside the budget: a decoded copy of the response, what the last charge was for, and
/// tables of time zones, which are loaded once.
const COPIES: usize = 4;
const CONSTANT: usize = 300_000;

/// The largest number of bytes that were allocated at a time.
fn peak<T>(work: impl FnOnce() -> T) -> usize {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let result = work();
    let peak = ALLOCATOR.peak_usage().saturating_sub(before);
    drop(result);
    peak
}

/// The largest peak that a budget allows.
fn bound(budget: &Budget, input: usize) -> usize {
    let charged = budget.spent().bytes.min(budget.limits().bytes);
    usize::try_from(charged + charged / 4).expect("fits") + COPIES * input + CONSTANT
}

#[test]
fn no_response_allocates_more_than_its_budget() {
    // Loads the time zones.
    assert!(TimeZone::get("Europe/Brussels").is_ok());
    let mut wrong = Vec::new();
    let mut compare = |name: String, peak: usize, bound: usize| {
        println!("{name}: {peak} of {bound}");
        if peak > bound {
            wrong.push(format!("{name}: {peak} of {bound}"));
        }
    };
    for bytes in BUDGETS {
        let new_budget = || Budget::new(BudgetLimits { bytes, ..BudgetLimits::DEFAULT });
        for &(name, format, response) in hostile::RESPONSES {
            let response = response(SIZE);
            let budget = new_budget();
            let peak = peak(|| read(format, &response, &budget));
            compare(format!("{format:?}, {name}"), peak, bound(&budget, response.len()));
        }
        for &(name, response) in hostile::ALERTS {
            let response = response(SIZE);
            let Ok(answer) = read(Format::Cap, &response, &Budget::default()) else { continue };
            let budget = new_budget();
            let now = Timestamp::UNIX_EPOCH;
            let peak = peak(|| alerts(&answer, now, &TimeZone::UTC, Language::Nl, &budget));
            compare(format!("alerts, {name}"), peak, bound(&budget, response.len()));
        }
        for &(name, response) in hostile::SERIES {
            let response = response(SIZE);
            let Ok(calendar) = read(Format::ICalendar, &response, &Budget::default()) else {
                continue;
            };
            let budget = new_budget();
            let (from, until) = (date(2020, 1, 1), date(2030, 12, 31));
            let peak = peak(|| occurrences(&calendar, from, until, &TimeZone::UTC, &budget));
            compare(format!("occurrences, {name}"), peak, bound(&budget, response.len()));
        }
    }
    for &(name, fragment) in hostile::FRAGMENTS {
        let fragment = fragment(SIZE);
        let text = String::from_utf8(fragment.clone()).expect("UTF-8");
        let none = Budget::default();
        let text_peak = peak(|| html_to_text(&text));
        compare(format!("text, {name}"), text_peak, bound(&none, text.len()));
        let links_peak = peak(|| alternate_links(&fragment, "https://a.org/", &[Format::Feed]));
        compare(format!("links, {name}"), links_peak, bound(&none, text.len()));
    }
    assert!(wrong.is_empty(), "beyond the budget:\n{}", wrong.join("\n"));
}
