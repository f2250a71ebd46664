//! Silver: every language and state. For any response, at any time, the widget gives a view of
//! limited size without hostile content, or a refusal that names its key.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::Value;
use voordeur_widget_api::{Evidence, Language, Request, Sample, View, Widget};

use super::harness::{self, Answered, Asker, Citizen, Outcome, Tree};
use super::mutations::{self, Node, Occurrences};
use super::{Findings, MANIFEST, Rule, rule_table, view_text};
use crate::manifest::key_path::PathStep;

const MOST_BLOCKS: usize = 60;
const MOST_THINGS: usize = 600;
/// Maximum number of lists repeated per response, the outermost first: evaluating a thousand items
/// takes a second in an unoptimised build.
const MAX_BLOWN_UP_LISTS: usize = 2;
/// In bytes of JSON: a page of twelve cards must stay small.
const LARGEST_VIEW: usize = 200_000;
/// How far a sample is moved in time, in both directions: ten years.
const TIME_SHIFT: SignedDuration = SignedDuration::from_hours(10 * 365 * 24);
/// Citizens within this interval must share one cached response.
const SHARING_WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// A response of a sample that is mutated, and the view of the unchanged sample.
pub struct Baseline<'a> {
    pub sample: &'a Sample,
    pub answered: Answered,
    pub tree: Arc<Value>,
    pub view: View,
    all: Vec<Answered>,
}

/// One response per request: from the first sample that has one and shows a view.
pub fn baselines<'a>(asker: &Asker<'a>) -> Vec<Baseline<'a>> {
    let mut baselines: Vec<Baseline<'_>> = Vec::new();
    for sample in asker.samples().iter().filter(|sample| sample.name != "malformed") {
        let (outcome, _, all) = asker.sample(sample, Language::Nl);
        let Some(view) = outcome.view() else { continue };
        for answered in &all {
            let known =
                baselines.iter().any(|baseline| baseline.answered.request == answered.request);
            let Ok(tree) = &answered.tree else { continue };
            if !known {
                baselines.push(Baseline {
                    sample,
                    answered: answered.clone(),
                    tree: Arc::clone(tree),
                    view: view.clone(),
                    all: all.clone(),
                });
            }
        }
    }
    baselines
}

impl Baseline<'_> {
    /// The result when this response is replaced and the others stay.
    pub fn with(&self, asker: &Asker<'_>, tree: &Tree) -> Outcome {
        let citizen = Citizen::of(self.sample, Language::Nl);
        let answer = |request: &Request| {
            let is =
                |answered: &Answered| answered.request == request.id && answered.nth == request.nth;
            if is(&self.answered) {
                return tree.clone();
            }
            match self.all.iter().find(|answered| is(answered)) {
                Some(known) => known.tree.clone(),
                None => match harness::body(self.sample, request) {
                    Some(body) => harness::read(request.format, body),
                    None => Err("the sample holds no answer".to_owned()),
                },
            }
        };
        asker.view(&citizen, answer).0
    }

    /// Path of the response in the manifest.
    pub fn place(&self) -> [PathStep<'_>; 4] {
        [
            PathStep::Key("sample"),
            PathStep::Named(&self.sample.name),
            PathStep::Key("answers"),
            PathStep::Key(&self.answered.request),
        ]
    }
}

/// Broken rules, grouped by rule and line.
#[derive(Default)]
pub struct Violations(BTreeMap<(&'static str, Option<usize>), Violation>);

struct Violation {
    rule: Rule,
    /// The first case.
    what: String,
    advice: String,
    count: usize,
}

impl Violations {
    pub fn add(&mut self, rule: Rule, line: Option<usize>, what: String, advice: &str) {
        let first = || Violation { rule, what, advice: advice.to_owned(), count: 0 };
        self.0.entry((rule.id, line)).or_insert_with(first).count += 1;
    }

    /// Adds one finding per rule and line.
    pub fn report_to(self, findings: &mut Findings<'_>) {
        for ((_, line), Violation { rule, what, advice, count }) in self.0 {
            let what = match count {
                1 => format!("{what}."),
                2 => format!("{what}; and one more case like it."),
                _ => format!("{what}; and {} more cases like it.", count - 1),
            };
            findings.add(rule, MANIFEST, line, what, advice);
        }
    }
}

pub fn check(findings: &mut Findings<'_>, asker: &Asker<'_>) {
    let manifest = asker.widget.manifest();
    let rests_on_something =
        manifest.evidence == Evidence::Recorded || manifest.documentation.is_some();
    if manifest.has_service() && !rests_on_something {
        let what = "The samples are based on nothing that others can read.";
        let advice = "Compare them with a recorded response in a test and write `evidence = \"recorded\"`, or name in `documentation` the page or the client code that they rest on.";
        findings.at(rule_table::EVIDENCE, &[PathStep::Key("evidence")], what, advice);
    }
    let mut violations = Violations::default();
    for sample in asker.samples() {
        languages(findings, asker, sample);
        requests(findings, asker, sample);
        let shifted = [
            (sample.moment.checked_sub(TIME_SHIFT), "ten years before"),
            (sample.moment.checked_add(TIME_SHIFT), "ten years after"),
        ];
        for (now, when) in shifted {
            // A moment at the end of time is reported as implausible.
            let Ok(now) = now else { continue };
            let citizen = Citizen { now, ..Citizen::of(sample, Language::Nl) };
            let (outcome, _) =
                asker.view(&citizen, |request| match harness::body(sample, request) {
                    Some(body) => harness::read(request.format, body),
                    None => Err("the sample holds no answer".to_owned()),
                });
            let line =
                findings.source.line(&[PathStep::Key("sample"), PathStep::Named(&sample.name)]);
            let case = format!("Asked {when} the sample `{}`,", sample.name);
            judge(&mut violations, findings, &outcome, line, &case);
        }
    }
    for baseline in baselines(asker) {
        let line = findings.source.line(&baseline.place());
        for (case, tree) in cases(&baseline, asker) {
            let outcome = baseline.with(asker, &Ok(Arc::new(tree)));
            judge(&mut violations, findings, &outcome, line, &case);
        }
    }
    violations.report_to(findings);
}

/// A sample shows the same number of items in each language.
fn languages(findings: &mut Findings<'_>, asker: &Asker<'_>, sample: &Sample) {
    let shows = |language| match asker.sample(sample, language).0 {
        Outcome::Shown(view) => {
            format!("{} things in {} blocks", view_text::item_count(&view), view.blocks.len())
        }
        other => other.reason(),
    };
    let first = shows(Language::Nl);
    for language in [Language::Fr, Language::De, Language::En] {
        let other = shows(language);
        if other != first {
            let what = format!(
                "The sample `{}` shows {other} in `{language}`, and {first} in `nl`.",
                sample.name
            );
            let place = [PathStep::Key("sample"), PathStep::Named(&sample.name)];
            let advice =
                "Show the same in each language; use `translated` for texts in several languages.";
            findings.at(rule_table::LANGUAGES, &place, what, advice);
        }
    }
}

/// Requests stay the same for five minutes, so that citizens share cached responses.
fn requests(findings: &mut Findings<'_>, asker: &Asker<'_>, sample: &Sample) {
    let at = |now| {
        asker.requests(&Citizen { now, ..Citizen::of(sample, Language::Nl) }).unwrap_or_default()
    };
    let (Ok(before), Ok(after)) =
        (sample.moment.checked_sub(SHARING_WINDOW), sample.moment.checked_add(SHARING_WINDOW))
    else {
        return;
    };
    let now = at(sample.moment);
    // An hour or a day may begin on one side of the moment, so only a change on both sides counts.
    if now != at(after) && now != at(before) {
        let what =
            format!("The requests of the sample `{}` change within five minutes.", sample.name);
        let place = now.first().map_or("request", |request| request.id.as_str());
        let place = [PathStep::Key("request"), PathStep::Named(place)];
        findings.at(
            rule_table::REQUESTS_CHANGE,
            &place,
            what,
            "Round the moment that is sent: `hour(now)`, `today`.",
        );
    }
}

/// All mutations of one response, each with a description.
fn cases(baseline: &Baseline<'_>, asker: &Asker<'_>) -> Vec<(String, Value)> {
    let tree = &baseline.tree;
    let format = baseline.answered.format;
    let request = &baseline.answered.request;
    let mut cases = Vec::new();
    let mut blown_up = 0;
    let hostile = mutations::hostile();
    for node in mutations::nodes(tree) {
        let name = node.name();
        if let Some(without) = node.removed(tree, Occurrences::All) {
            cases.push((format!("Without {name} in `{request}`,"), without));
        }
        for wrong in node.wrong(format) {
            let case = format!("With `{wrong}` for {name} in `{request}`,");
            cases.push((case, node.replaced(tree, Occurrences::All, &wrong)));
        }
        if node.is_numeric() {
            for number in mutations::hostile_numbers(format) {
                let case = format!("With the number `{number}` for {name} in `{request}`,");
                cases.push((case, node.replaced(tree, Occurrences::All, &number)));
            }
        }
        if node.is_text() {
            for (kind, text) in &hostile {
                let text = Value::from(text.as_str());
                let case = format!("With {kind} for {name} in `{request}`,");
                cases.push((case, node.replaced(tree, Occurrences::All, &text)));
            }
        }
        let most = if blown_up < MAX_BLOWN_UP_LISTS { mutations::BLOWN_UP_LENGTH } else { 1 };
        blown_up += usize::from(lists(&node, baseline, asker, most, &mut cases));
    }
    cases
}

/// Adds variants of a list with 0, 1 and `most` items. A list that the view does not show is
/// skipped; the result is then `false`.
fn lists(
    node: &Node,
    baseline: &Baseline<'_>,
    asker: &Asker<'_>,
    most: usize,
    cases: &mut Vec<(String, Value)>,
) -> bool {
    let Some(list) = node.list().filter(|list| !list.is_empty()) else { return false };
    let with = |count| {
        node.replaced(&baseline.tree, Occurrences::First, &mutations::repeated(list, count))
    };
    let emptied = baseline.with(asker, &Ok(Arc::new(with(0))));
    if emptied.view() == Some(&baseline.view) {
        return false;
    }
    for count in [0, 1].into_iter().chain((most > 1).then_some(most)) {
        let request = &baseline.answered.request;
        let case = format!("With {count} things in {} of `{request}`,", node.name());
        cases.push((case, with(count)));
    }
    true
}

/// Reports the rules that the outcome of a case breaks.
pub fn judge(
    violations: &mut Violations,
    findings: &Findings<'_>,
    outcome: &Outcome,
    line: Option<usize>,
    case: &str,
) {
    let mut add = |rule, what: &str, advice: &str| {
        violations.add(rule, line, format!("{case} {what}"), advice);
    };
    let view = match outcome {
        Outcome::Shown(view) => view,
        Outcome::Panicked(message) => {
            let advice = "This is a bug of the interpreter: report it, with the manifest.";
            return add(rule_table::PANICS, &format!("the widget panics: {message}"), advice);
        }
        Outcome::Endless => {
            let advice = "Make no request depend on its own response.";
            return add(rule_table::ENDLESS, "it makes requests endlessly", advice);
        }
        Outcome::OverBudget(at, reason) => {
            let what = format!("`{at}` goes beyond the budget of a card: {reason}");
            let advice = "Filter a list before it is combined with another, and shorten it early.";
            return violations.add(
                rule_table::OVER_BUDGET,
                findings.source.line_of_key(at).or(line),
                format!("{case} {what}"),
                advice,
            );
        }
        Outcome::Refused(at, reason) => {
            if reason.is_empty() || findings.source.line_of_key(at).is_none() {
                let advice = "This is a bug of the interpreter: report it, with the manifest.";
                add(rule_table::UNNAMED, "the refusal names no key of the manifest", advice);
            }
            return;
        }
        Outcome::Failed(..) | Outcome::NeedsSetting(_) => return,
    };
    let (blocks, item_count) = (view.blocks.len(), view_text::item_count(view));
    let bytes = serde_json::to_vec(view).map_or(0, |bytes| bytes.len());
    if blocks > MOST_BLOCKS || item_count > MOST_THINGS || bytes > LARGEST_VIEW {
        let what = format!("it shows {item_count} things in {blocks} blocks, {bytes} bytes");
        let advice = format!(
            "Set a `limit`: at most {MOST_BLOCKS} blocks, {MOST_THINGS} things and {LARGEST_VIEW} bytes."
        );
        add(rule_table::LARGE_VIEW, &what, &advice);
    }
    let own = findings.is_own();
    for (path, text) in view_text::texts(view) {
        if let Some(unsafe_content) = view_text::unsafe_content(&path, &text, own) {
            let advice = "This is a bug of the interpreter: report it, with the manifest.";
            add(
                rule_table::HOSTILE,
                &format!("what is shown at `{path}` {unsafe_content}"),
                advice,
            );
        }
        let mut text_count = text.split(|c: char| !c.is_alphanumeric());
        if !view_text::is_address(&path) && text_count.any(|word| matches!(word, "null" | "NaN")) {
            let advice = "Check for `null` before converting to text: `coalesce(x, '')`.";
            add(rule_table::NULL_SHOWN, &format!("`{path}` shows `{text}`"), advice);
        }
    }
}
