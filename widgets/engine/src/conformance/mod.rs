//! Conformance checks: what is wrong with a widget's folder, where, what to do about it, and which
//! quality tier the widget reaches.
//!
//! The checks do no I/O: the folder is passed in as names and bytes, so that it can come from disk,
//! from the binary, or from a test.

mod day_roles;
mod fields;
mod garbage;
mod harness;
mod links;
mod malformed_responses;
mod metadata;
mod mutations;
mod order;
mod own;
mod proof;
mod robustness;
mod rule_table;
mod samples;
mod stored_views;
mod view_text;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::manifest::key_path::{PathStep, SourceMap};
use crate::manifest::{ManifestErrors, ManifestWidget, SampleFiles};
use voordeur_widget_api::Widget;

pub use garbage::{GarbageFault, GarbageTrial, GarbageVerdict};
pub use proof::{PROOF_FILE, Proof, ProofError, holds as proof_holds};
pub use rule_table::Rule;

const MANIFEST: &str = "widget.toml";

/// Quality tier of a widget. Each tier includes the rules of the one below.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(
    serialize_all = "lowercase",
    parse_err_ty = String,
    parse_err_fn = unknown_tier
)]
pub enum Tier {
    /// Works on its samples, and names its source and licence.
    Bronze,
    /// Works in every language and state, validates its settings, and names what its samples rest on.
    Silver,
    /// Refuses every malformed response tried, has an owner, and is proven on live data.
    Gold,
}

impl Tier {
    /// Name of the tier on the command line and in files.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

fn unknown_tier(_: &str) -> String {
    "must be `bronze`, `silver` or `gold`".to_owned()
}

/// The folder of one widget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WidgetFolder {
    /// Name of the folder, which is the widget's id.
    pub id: String,
    /// Content of the files, by path with `/`: `samples/normal.json`.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl WidgetFolder {
    /// The text of a file; `None` when it is absent or not UTF-8.
    fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// Names of the files below a subfolder.
    fn names_in(&self, folder: &str) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(move |path| path.strip_prefix(folder)?.strip_prefix('/'))
    }

    /// Reads the widget, and returns the names of the samples that it used.
    fn read_widget(&self) -> Result<(ManifestWidget, BTreeSet<String>), ManifestErrors> {
        let text = self.text(MANIFEST).unwrap_or_default();
        let samples = SampleReader { folder: self, read: RefCell::default() };
        let widget = ManifestWidget::read_folder(&self.id, text, &samples)?;
        Ok((widget, samples.read.into_inner()))
    }
}

/// The samples of a folder; records which of them were read.
struct SampleReader<'a> {
    folder: &'a WidgetFolder,
    read: RefCell<BTreeSet<String>>,
}

impl SampleFiles for SampleReader<'_> {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.read.borrow_mut().insert(name.to_owned());
        self.folder.files.get(&format!("samples/{name}")).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.folder.names_in("samples").map(str::to_owned).collect()
    }
}

/// A broken rule, with its position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Path in the widget's folder.
    pub file: String,
    /// 1-based line, if known.
    pub line: Option<usize>,
    /// Id of the rule.
    pub rule: &'static str,
    /// The tier that the finding blocks.
    pub tier: Tier,
    /// What is wrong; a full sentence.
    pub what: String,
    /// What to do; a full sentence.
    pub advice: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": [{}] {} {}", self.rule, self.what, self.advice)
    }
}

/// Result of the checks of one widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Id of the widget.
    pub widget: String,
    /// The tier reached, if any.
    pub tier: Option<Tier>,
    /// Number of times the widget was run.
    pub asked: usize,
    /// The findings, sorted by tier, file and line.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether the widget reaches this tier.
    pub fn reaches(&self, tier: Tier) -> bool {
        self.tier >= Some(tier)
    }

    /// Findings that block a tier or one below it.
    pub fn blocking(&self, tier: Tier) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.tier <= tier)
    }
}

/// Runs the conformance checks. The fields are input that the checks cannot get themselves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checker<'a> {
    /// Names of the available icons; `None` accepts any.
    pub icons: Option<&'a [&'a str]>,
    /// Date at which the age of a proof is computed; `None` uses the date of the first sample.
    pub today: Option<Date>,
    /// Whether the folder must contain stored views; an embedded folder has none.
    pub stored_views: bool,
}

impl Checker<'_> {
    /// Checks a widget.
    pub fn check(&self, folder: &WidgetFolder) -> Report {
        let text = folder.text(MANIFEST);
        let source = SourceMap::parse(text.unwrap_or_default());
        let mut findings = Findings { source: &source, list: Vec::new() };
        let mut asked = 0;
        match text {
            None => findings.add(
                rule_table::MANIFEST,
                MANIFEST,
                None,
                "The folder has no `widget.toml` in UTF-8.",
                "Write one as described in docs/WIDGETS.md.",
            ),
            Some(_) => {
                metadata::check(&mut findings, self.icons);
                match folder.read_widget() {
                    Ok((widget, read)) => {
                        samples::files(&mut findings, folder, &read);
                        asked = self.check_widget(folder, &widget, &mut findings);
                    }
                    Err(errors) => {
                        for error in errors.0 {
                            let line = error.line.or_else(|| source.line_of_key(&error.key));
                            let what = format!("`{}` {}.", error.key, error.message);
                            let advice = match &error.suggestion {
                                Some(name) => format!("Did you mean `{name}`?"),
                                None => {
                                    "See docs/WIDGETS.md for the keys of a manifest.".to_owned()
                                }
                            };
                            findings.add(rule_table::MANIFEST, MANIFEST, line, what, &advice);
                        }
                    }
                }
            }
        }
        let has_service = findings.has_service();
        let mut list = findings.list;
        list.sort_by(|a, b| (a.tier, &a.file, a.line).cmp(&(b.tier, &b.file, b.line)));
        let reached = |tier: &Tier| list.iter().all(|finding| finding.tier > *tier);
        let tier = Tier::VARIANTS.iter().copied().take_while(reached).last();
        // Gold says that a service is read well.
        let tier = tier.map(|tier| if has_service { tier } else { tier.min(Tier::Silver) });
        Report { widget: folder.id.clone(), tier, asked, findings: list }
    }

    /// Runs the checks that need a readable widget; returns how often the widget was run.
    fn check_widget(
        &self,
        folder: &WidgetFolder,
        widget: &ManifestWidget,
        findings: &mut Findings<'_>,
    ) -> usize {
        let zone = zone();
        let asker = harness::Asker::new(widget, &zone);
        samples::check(findings, &asker);
        garbage::check(findings, &asker);
        if self.stored_views {
            stored_views::check(findings, folder, &asker);
        }
        // A widget that fails on its own samples would fail all further checks for the same reason.
        if findings.list.is_empty() {
            robustness::check(findings, &asker);
            order::check(findings, &asker);
            links::check(findings, &asker);
            fields::check(findings, &asker);
            own::check(findings, &asker);
            if widget.manifest().has_service() {
                malformed_responses::check(findings, &asker, folder, self.today);
            }
        }
        // It reads the manifest alone, and its finding must not keep the checks above from running.
        day_roles::check(findings);
        asker.count()
    }
}

/// The stored views of a widget, computed from its samples: content by path in the folder.
///
/// # Errors
/// Errors of the manifest.
pub fn views(folder: &WidgetFolder) -> Result<BTreeMap<String, String>, ManifestErrors> {
    let (widget, _) = folder.read_widget()?;
    let zone = zone();
    Ok(stored_views::of(&harness::Asker::new(&widget, &zone)))
}

/// Puts garbage in place of each response of a widget's samples.
///
/// # Errors
/// Errors of the manifest.
pub fn garbage(folder: &WidgetFolder) -> Result<Vec<GarbageTrial>, ManifestErrors> {
    let (widget, _) = folder.read_widget()?;
    let zone = zone();
    Ok(garbage::trials(&harness::Asker::new(&widget, &zone)))
}

/// Time zone of the samples. Time zone data is bundled; the UTC fallback would change stored views.
fn zone() -> TimeZone {
    TimeZone::get("Europe/Brussels").unwrap_or(TimeZone::UTC)
}

struct Findings<'a> {
    source: &'a SourceMap<'a>,
    list: Vec<Finding>,
}

impl Findings<'_> {
    /// Whether the manifest is of a card of the citizen's own.
    fn is_own(&self) -> bool {
        self.is_true("own")
    }

    /// Whether a service is asked for the content of the card.
    fn has_service(&self) -> bool {
        !self.is_own() && !self.is_true("links_only")
    }

    fn is_true(&self, key: &'static str) -> bool {
        self.source.get(&[PathStep::Key(key)]).and_then(|value| value.as_bool()) == Some(true)
    }

    fn add(
        &mut self,
        rule: Rule,
        file: &str,
        line: Option<usize>,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) {
        let finding = Finding {
            file: file.to_owned(),
            line,
            rule: rule.id,
            tier: rule.tier,
            what: what.into(),
            advice: advice.into(),
        };
        if !self.list.contains(&finding) {
            self.list.push(finding);
        }
    }

    /// Adds a finding at a path in the manifest.
    fn at(
        &mut self,
        rule: Rule,
        path: &[PathStep<'_>],
        what: impl Into<String>,
        advice: impl Into<String>,
    ) {
        let line = self.source.line(path);
        self.add(rule, MANIFEST, line, what, advice);
    }
}
