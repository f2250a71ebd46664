//! Silver: every language and every state. Whatever a service answers, and whenever it is asked, there is a view that is not too large
//! and holds nothing hostile, or a refusal that names its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::Value;
use voordeur_widget_api::{Evidence, Language, Request, Sample, View, Widget};

use super::harness::{self, Answered, Asker, Citizen, Outcome, Tree};
use super::mutations::{self, Node, Reach};
use super::source::Step;
use super::{Findings, MANIFEST, Rule, rules, shown};

/// More blocks than this are no card.
const MOST_BLOCKS: usize = 60;
/// More things than this are no card.
const MOST_THINGS: usize = 600;
/// So many lists of an answer are blown up, the outermost first: reading a thousand things takes a second when nothing is optimized.
const BLOWN_UP: usize = 2;
/// In bytes, as JSON: a page of twelve cards has to be sent and read.
const LARGEST_VIEW: usize = 200_000;
/// How far away in time a sample is asked again: ten years.
const FAR: SignedDuration = SignedDuration::from_hours(10 * 365 * 24);
/// Citizens who come within it share an answer.
const SHARED: SignedDuration = SignedDuration::from_mins(5);

/// An answer of a sample that is tried, and what is shown when it is good.
pub struct Base<'a> {
    pub sample: &'a Sample,
    pub answered: Answered,
    pub tree: Arc<Value>,
    pub view: View,
    all: Vec<Answered>,
}

/// An answer to each request of the widget: of the first sample that is shown and holds one.
pub fn bases<'a>(asker: &Asker<'a>) -> Vec<Base<'a>> {
    let mut bases: Vec<Base<'_>> = Vec::new();
    for sample in asker.samples().iter().filter(|sample| sample.name != "malformed") {
        let (outcome, _, all) = asker.sample(sample, Language::Nl);
        let Some(view) = outcome.view() else { continue };
        for answered in &all {
            let known = bases.iter().any(|base| base.answered.request == answered.request);
            let Ok(tree) = &answered.tree else { continue };
            if !known {
                bases.push(Base {
                    sample,
                    answered: answered.clone(),
                    tree: Arc::clone(tree),
                    view: view.clone(),
                    all: all.clone(),
                });
            }
        }
    }
    bases
}

impl Base<'_> {
    /// What is shown when this answer is another one and the others are as they were.
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

    /// Where the manifest names the answer.
    pub fn place(&self) -> [Step<'_>; 4] {
        [
            Step::Key("sample"),
            Step::Named(&self.sample.name),
            Step::Key("answers"),
            Step::Key(&self.answered.request),
        ]
    }
}

/// Cases that broke a rule at a line: the first in words, and how many there are.
#[derive(Default)]
pub struct Broken(BTreeMap<(&'static str, Option<usize>), Cases>);

/// Cases that broke one rule at one line.
struct Cases {
    rule: Rule,
    /// The first of them.
    what: String,
    advice: String,
    count: usize,
}

impl Broken {
    pub fn add(&mut self, rule: Rule, line: Option<usize>, what: String, advice: &str) {
        let first = || Cases { rule, what, advice: advice.to_owned(), count: 0 };
        self.0.entry((rule.id, line)).or_insert_with(first).count += 1;
    }

    /// One finding for each rule and line.
    pub fn tell(self, findings: &mut Findings<'_>) {
        for ((_, line), Cases { rule, what, advice, count }) in self.0 {
            let what = match count {
                1 => format!("{what}."),
                2 => format!("{what}; and one more case like it."),
                _ => format!("{what}; and {} more cases like it.", count - 1),
            };
            findings.add(rule, MANIFEST, line, what, advice);
        }
    }
}

/// Checks every state.
pub fn check(findings: &mut Findings<'_>, asker: &Asker<'_>) {
    if asker.widget.manifest().evidence != Evidence::Recorded {
        let what = "No recorded answer of the real service stands behind the samples.";
        let advice =
            "Compare them with a recorded answer in a test, then write `evidence = \"recorded\"`.";
        findings.at(rules::EVIDENCE, &[Step::Key("evidence")], what, advice);
    }
    let mut broken = Broken::default();
    for sample in asker.samples() {
        languages(findings, asker, sample);
        requests(findings, asker, sample);
        for (now, when) in
            [(sample.moment - FAR, "ten years before"), (sample.moment + FAR, "ten years after")]
        {
            let citizen = Citizen { now, ..Citizen::of(sample, Language::Nl) };
            let (outcome, _) =
                asker.view(&citizen, |request| match harness::body(sample, request) {
                    Some(body) => harness::read(request.format, body),
                    None => Err("the sample holds no answer".to_owned()),
                });
            let line = findings.source.line(&[Step::Key("sample"), Step::Named(&sample.name)]);
            let case = format!("Asked {when} the sample `{}`,", sample.name);
            judge(&mut broken, findings, &outcome, line, &case);
        }
    }
    for base in bases(asker) {
        let line = findings.source.line(&base.place());
        for (case, tree) in cases(&base, asker) {
            let outcome = base.with(asker, &Ok(Arc::new(tree)));
            judge(&mut broken, findings, &outcome, line, &case);
        }
    }
    broken.tell(findings);
}

/// A sample shows as much in each language.
fn languages(findings: &mut Findings<'_>, asker: &Asker<'_>, sample: &Sample) {
    let shows = |language| match asker.sample(sample, language).0 {
        Outcome::Shown(view) => {
            format!("{} things in {} blocks", shown::things(&view), view.blocks.len())
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
            let place = [Step::Key("sample"), Step::Named(&sample.name)];
            let advice = "Show the same in each language; use `translated` for what the service says in several.";
            findings.at(rules::LANGUAGES, &place, what, advice);
        }
    }
}

/// Who comes five minutes before or after asks the same, so that one answer does for both.
fn requests(findings: &mut Findings<'_>, asker: &Asker<'_>, sample: &Sample) {
    let at = |now| {
        asker.requests(&Citizen { now, ..Citizen::of(sample, Language::Nl) }).unwrap_or_default()
    };
    let now = at(sample.moment);
    // On one side of the moment an hour or a day may begin.
    if now != at(sample.moment + SHARED) && now != at(sample.moment - SHARED) {
        let what =
            format!("The requests of the sample `{}` change within five minutes.", sample.name);
        let place = now.first().map_or("request", |request| request.id.as_str());
        let place = [Step::Key("request"), Step::Named(place)];
        findings.at(
            rules::REQUESTS_CHANGE,
            &place,
            what,
            "Round the moment that is sent: `hour(now)`, `today`.",
        );
    }
}

/// Everything that is tried with one answer.
fn cases(base: &Base<'_>, asker: &Asker<'_>) -> Vec<(String, Value)> {
    let tree = &base.tree;
    let format = base.answered.format;
    let request = &base.answered.request;
    let mut cases = Vec::new();
    let mut blown_up = 0;
    let hostile = mutations::hostile();
    for node in mutations::nodes(tree) {
        let name = node.name();
        if let Some(without) = node.removed(tree, Reach::All) {
            cases.push((format!("Without {name} in `{request}`,"), without));
        }
        for wrong in node.wrong(format) {
            let case = format!("With `{wrong}` for {name} in `{request}`,");
            cases.push((case, node.replaced(tree, Reach::All, &wrong)));
        }
        if node.is_text() {
            for (kind, text) in &hostile {
                let text = Value::from(text.as_str());
                let case = format!("With {kind} for {name} in `{request}`,");
                cases.push((case, node.replaced(tree, Reach::All, &text)));
            }
        }
        let most = if blown_up < BLOWN_UP { mutations::MANY } else { 1 };
        blown_up += usize::from(lists(&node, base, asker, most, &mut cases));
    }
    cases
}

/// A list with no thing, one, and at most so many. A list that nothing is shown of is left as it is, and the answer is `false`.
fn lists(
    node: &Node,
    base: &Base<'_>,
    asker: &Asker<'_>,
    most: usize,
    cases: &mut Vec<(String, Value)>,
) -> bool {
    let Some(list) = node.list().filter(|list| !list.is_empty()) else { return false };
    let with = |count| node.replaced(&base.tree, Reach::First, &mutations::repeated(list, count));
    let emptied = base.with(asker, &Ok(Arc::new(with(0))));
    if emptied.view() == Some(&base.view) {
        return false;
    }
    for count in [0, 1].into_iter().chain((most > 1).then_some(most)) {
        let request = &base.answered.request;
        let case = format!("With {count} things in {} of `{request}`,", node.name());
        cases.push((case, with(count)));
    }
    true
}

/// Says what is wrong with what came of a case.
fn judge(
    broken: &mut Broken,
    findings: &Findings<'_>,
    outcome: &Outcome,
    line: Option<usize>,
    case: &str,
) {
    let mut add = |rule, what: &str, advice: &str| {
        broken.add(rule, line, format!("{case} {what}"), advice);
    };
    let view = match outcome {
        Outcome::Shown(view) => view,
        Outcome::Panicked(message) => {
            let advice = "This is a mistake of the interpreter: tell us, with the manifest.";
            return add(rules::PANICS, &format!("the widget panics: {message}"), advice);
        }
        Outcome::Endless => {
            let advice = "Let no request depend on its own answer.";
            return add(rules::ENDLESS, "it asks without end", advice);
        }
        Outcome::Refused(at, reason) => {
            if reason.is_empty() || findings.source.line_of_key(at).is_none() {
                let advice = "This is a mistake of the interpreter: tell us, with the manifest.";
                add(rules::UNNAMED, "the refusal names no place of the manifest", advice);
            }
            return;
        }
        Outcome::Failed(..) | Outcome::NeedsSetting(_) => return,
    };
    let (blocks, things) = (view.blocks.len(), shown::things(view));
    let bytes = serde_json::to_vec(view).map_or(0, |bytes| bytes.len());
    if blocks > MOST_BLOCKS || things > MOST_THINGS || bytes > LARGEST_VIEW {
        let what = format!("it shows {things} things in {blocks} blocks, {bytes} bytes");
        let advice = format!(
            "Set a `limit`: at most {MOST_BLOCKS} blocks, {MOST_THINGS} things and {LARGEST_VIEW} bytes."
        );
        add(rules::LARGE_VIEW, &what, &advice);
    }
    for (path, text) in shown::texts(view) {
        if let Some(harm) = shown::harm(&path, &text) {
            let advice = "This is a mistake of the interpreter: tell us, with the manifest.";
            add(rules::HOSTILE, &format!("what is shown at `{path}` {harm}"), advice);
        }
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        if !shown::is_address(&path) && words.any(|word| matches!(word, "null" | "NaN")) {
            let advice = "Ask whether it is there before making text of it: `coalesce(x, '')`.";
            add(rules::NULL_SHOWN, &format!("`{path}` shows `{text}`"), advice);
        }
    }
}
