//! Every sample works, and shows what its name promises.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use url::Url;
use voordeur_widget_api::{FieldKind, Language, Sample, View, Widget, label_key};

use super::harness::{Asker, Outcome};
use super::{Findings, MANIFEST, WidgetFolder, rule_table, view_text};
use crate::manifest::key_path::PathStep;

/// In bytes; samples must stay readable.
const LARGEST_SAMPLE: usize = 64_000;
/// Plausible years for the moment of a sample.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;
/// Plausible years for a date in a view.
const YEARS_SHOWN: std::ops::RangeInclusive<i16> = 1800..=2200;
/// Tolerance for data that is newer than the sample, since clocks differ.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);
/// Data older than 400 days is not current.
const BEHIND: SignedDuration = SignedDuration::from_hours(400 * 24);

pub fn check(findings: &mut Findings<'_>, asker: &Asker<'_>) {
    let mut normal_views = Vec::new();
    for sample in asker.samples() {
        settings(findings, asker, sample);
        let place =
            [PathStep::Key("sample"), PathStep::Named(&sample.name), PathStep::Key("moment")];
        if !YEARS.contains(&year(sample.moment)) {
            let what = format!("The sample `{}` has an implausible year.", sample.name);
            findings.at(
                rule_table::SAMPLE_MOMENT,
                &place,
                what,
                "Use the moment at which it was recorded.",
            );
        }
        for language in Language::ALL {
            let (outcome, requests, _) = asker.sample(sample, language);
            for request in &requests {
                let host =
                    Url::parse(&request.url).ok().and_then(|url| Some(url.host_str()?.to_owned()));
                let listed = host.is_some_and(|host| asker.widget.manifest().hosts.contains(&host));
                if !listed && !request.user_supplied_url {
                    let what = format!(
                        "The request `{}` goes to a host that is not in `hosts`.",
                        request.url
                    );
                    let place = [
                        PathStep::Key("request"),
                        PathStep::Named(&request.id),
                        PathStep::Key("url"),
                    ];
                    findings.at(
                        rule_table::HOST_UNLISTED,
                        &place,
                        what,
                        "Add the host to `hosts`.",
                    );
                }
            }
            keeps_promise(findings, sample, language, &outcome);
            if let Outcome::Shown(view) = outcome {
                if sample.name != "malformed" {
                    plain(findings, sample, language, &view);
                }
                if language == Language::Nl {
                    normal_views.push(*view);
                }
            }
        }
    }
    never_shown(findings, &normal_views);
}

/// Checks the files in `samples/`; `read` holds the names that the manifest used.
pub fn files(findings: &mut Findings<'_>, folder: &WidgetFolder, read: &BTreeSet<String>) {
    for name in folder.names_in("samples") {
        let path = format!("samples/{name}");
        if !read.contains(name) {
            let what = "No sample of the manifest names this file.";
            let advice = "Name it in the `answers` of a sample, or remove it.";
            findings.add(rule_table::SAMPLE_UNUSED, &path, None, what, advice);
        }
        let size = folder.files.get(&path).map_or(0, Vec::len);
        if size > LARGEST_SAMPLE {
            let what = format!("The sample has {size} bytes.");
            let advice =
                format!("Keep only what shows the structure: at most {LARGEST_SAMPLE} bytes.");
            findings.add(rule_table::SAMPLE_LARGE, &path, None, what, advice);
        }
    }
}

/// Settings of a sample name existing fields and have accepted values.
fn settings(findings: &mut Findings<'_>, asker: &Asker<'_>, sample: &Sample) {
    for (id, answer) in &sample.settings {
        let manifest = asker.widget.manifest();
        // The label of a lookup is stored beside its value.
        if manifest.fields.iter().any(|field| label_key(&field.id) == *id) {
            continue;
        }
        let error = match manifest.field(id) {
            None => format!("There is no field `{id}`."),
            Some(field) => match field.validate(answer, day_of(sample)) {
                Ok(Some(kept)) if kept == *answer || field.kind == FieldKind::Place => continue,
                Ok(kept) => {
                    format!("The field `{id}` stores `{answer}` as `{}`.", kept.unwrap_or_default())
                }
                Err(error) => {
                    format!("The field `{id}` does not accept `{answer}`: it {error}.")
                }
            },
        };
        let place = [
            PathStep::Key("sample"),
            PathStep::Named(&sample.name),
            PathStep::Key("settings"),
            PathStep::Key(id),
        ];
        findings.at(
            rule_table::SAMPLE_SETTINGS,
            &place,
            error,
            "Use values that the field accepts.",
        );
    }
}

/// The three required samples show what their names promise.
fn keeps_promise(
    findings: &mut Findings<'_>,
    sample: &Sample,
    language: Language,
    outcome: &Outcome,
) {
    let place = [PathStep::Key("sample"), PathStep::Named(&sample.name), PathStep::Key("name")];
    let mut missed = |rule, what: String, advice: &str| {
        findings.at(rule, &place, format!("In `{language}`, {what}"), advice);
    };
    match (sample.name.as_str(), outcome) {
        ("normal", Outcome::Shown(view)) => {
            let shown = view
                .blocks
                .iter()
                .any(|block| !matches!(block, voordeur_widget_api::Block::Empty { .. }));
            let advice = "The first sample must show the card with complete data.";
            if !shown {
                missed(rule_table::SAMPLE_NORMAL, "it shows nothing.".to_owned(), advice);
            } else if view.omitted > 0 {
                let what = format!("{} items are left out.", view.omitted);
                missed(rule_table::SAMPLE_NORMAL, what, advice);
            }
        }
        ("normal", other) => {
            let what = format!("it shows nothing: {}.", other.reason());
            missed(rule_table::SAMPLE_NORMAL, what, "Fix the named key, or the sample.");
        }
        ("empty", Outcome::Shown(view)) if view_text::shows_only_text(view) => {}
        ("empty", outcome) => {
            let what = match outcome {
                Outcome::Shown(view) if view.blocks.is_empty() => "it shows no text.".to_owned(),
                Outcome::Shown(_) => "it shows more than text.".to_owned(),
                other => format!("it shows no text: {}.", other.reason()),
            };
            let advice = "Use `empty` or a text to explain that there is nothing to show.";
            missed(rule_table::SAMPLE_EMPTY, what, advice);
        }
        // A text that there is nothing to report is no refusal.
        ("malformed", Outcome::Shown(view)) if view.omitted == 0 => {
            let what = match view_text::shows_only_text(view) {
                true => "it says that there is nothing, as if it were good.",
                false => "it is shown as if it were good.",
            };
            let advice = "Require the data, so that missing data is refused or counted.";
            missed(rule_table::SAMPLE_MALFORMED, what.to_owned(), advice);
        }
        (_, Outcome::Panicked(_) | Outcome::Endless) => {
            missed(rule_table::SAMPLE_NORMAL, format!("{}.", outcome.reason()), "Fix the sample.");
        }
        _ => {}
    }
}

/// A view shows plain text, absolute links and plausible moments.
fn plain(findings: &mut Findings<'_>, sample: &Sample, language: Language, view: &View) {
    for (path, text) in view_text::texts(view) {
        let line = line_of_shown(findings, view, &path);
        let said = format!("The sample `{}` in `{language}` shows at `{path}`", sample.name);
        if view_text::is_address(&path) {
            let host = Url::parse(&text).ok().and_then(|url| Some(url.host_str()?.to_owned()));
            if !host.is_some_and(|host| host.contains('.')) {
                let what = format!("{said} the address `{text}`, which has no host.");
                let advice = "Use an absolute URL with `https://` and a host, or `null`.";
                findings.add(rule_table::LINK, MANIFEST, line, what, advice);
            }
        } else if let Some(markup) = view_text::markup(&text) {
            let what = format!("{said} markup: `{markup}`.");
            let advice = "Read another key, or remove the markup with `plain` or `replace`.";
            findings.add(rule_table::MARKUP_SHOWN, MANIFEST, line, what, advice);
        }
    }
    if view_text::years(view).iter().any(|year| !YEARS_SHOWN.contains(year)) {
        let what = format!("The sample `{}` shows an implausible year.", sample.name);
        let place = [PathStep::Key("view"), PathStep::Key("block")];
        findings.at(
            rule_table::MOMENT,
            &place,
            what,
            "Check whether seconds are read as milliseconds.",
        );
    }
    let Some(moment) = view.moment else { return };
    let ahead = moment.duration_since(sample.moment);
    let place = [PathStep::Key("view"), PathStep::Key("moment")];
    if ahead > AHEAD {
        let what = format!("The data of the sample `{}` is from later, {moment}.", sample.name);
        let advice =
            "Read when the data was measured or published, and use a later moment for the sample.";
        findings.at(rule_table::MOMENT, &place, what, advice);
    } else if -ahead > BEHIND {
        let what = format!("The data of the sample `{}` is too old: {moment}.", sample.name);
        findings.at(
            rule_table::MOMENT,
            &place,
            what,
            "Read when the data was measured or published.",
        );
    }
}

/// Every key that promises a value has one in at least one sample.
fn never_shown(findings: &mut Findings<'_>, views: &[View]) {
    let shown = [
        ("about", views.iter().any(|view| view.about.is_some())),
        ("page", views.iter().any(|view| view.page.is_some())),
        ("moment", views.iter().any(|view| view.moment.is_some())),
    ];
    for (key, shown) in shown {
        let place = [PathStep::Key("view"), PathStep::Key(key)];
        if findings.source.get(&place).is_some() && !shown {
            let what = format!("`{key}` has no value in any sample.");
            let advice = match key {
                "page" => "Use an absolute URL with `https://`.",
                "moment" => "Use a moment, as given by `moment(…)`.",
                _ => "Use a text.",
            };
            findings.at(rule_table::NEVER_SHOWN, &place, what, advice);
        }
    }
    let blocks = findings.source.get(&[PathStep::Key("view"), PathStep::Key("block")]);
    let blocks = blocks.and_then(|blocks| blocks.as_array()).map_or(0, |blocks| blocks.len());
    for index in 0..blocks {
        let key = |key| {
            [
                PathStep::Key("view"),
                PathStep::Key("block"),
                PathStep::Index(index),
                PathStep::Key(key),
            ]
        };
        let place = key("link");
        let Some(kind) = findings.source.text_at(&key("kind")).map(str::to_owned) else { continue };
        if findings.source.get(&place).is_none() {
            continue;
        }
        let linked = views.iter().any(|view| {
            view.blocks.iter().enumerate().any(|(at, block)| {
                kind_of(block) == kind
                    && view_text::texts(view).iter().any(|(path, _)| {
                        path.starts_with(&format!("blocks[{at}].")) && path.ends_with(".link.url")
                    })
            })
        });
        if !linked {
            let what = "`link` has no value in any sample.";
            let advice = "Use an absolute URL with `https://`, or remove the key.";
            findings.at(rule_table::NEVER_SHOWN, &place, what, advice);
        }
    }
}

/// Name of a block's kind in a manifest.
fn kind_of(block: &voordeur_widget_api::Block) -> &'static str {
    use voordeur_widget_api::Block;
    match block {
        Block::Text { .. } => "text",
        Block::Facts { .. } => "facts",
        Block::List { .. } => "list",
        Block::Departures { .. } => "departures",
        Block::Moments { .. } => "moments",
        Block::Series { .. } => "series",
        Block::Days { .. } => "days",
        Block::Gauge(_) => "gauge",
        Block::Links { .. } => "links",
        Block::Table(_) => "table",
        Block::Alert(_) => "alert",
        Block::Places { .. } => "places",
        Block::Empty { .. } => "empty",
    }
}

/// Line of the manifest key that produced the value at this path of a view.
fn line_of_shown(findings: &Findings<'_>, view: &View, path: &str) -> Option<usize> {
    let source = findings.source;
    let Some(rest) = path.strip_prefix("blocks[") else {
        return source.line(&[PathStep::Key("view"), PathStep::Key(path.split('[').next()?)]);
    };
    let block = view.blocks.get(rest.split(']').next()?.parse::<usize>().ok()?)?;
    let key = path.trim_end_matches(".link.url");
    let key = if key.len() < path.len() { "link" } else { key.rsplit('.').next()? };
    let key = key.split('[').next().unwrap_or(key);
    let blocks = source.get(&[PathStep::Key("view"), PathStep::Key("block")])?.as_array()?;
    for index in 0..blocks.len() {
        let of_block = [PathStep::Key("view"), PathStep::Key("block"), PathStep::Index(index)];
        let under = |path: &[PathStep<'_>]| {
            let place = [&of_block[..], path].concat();
            source.get(&place).and_then(|_| source.line(&place))
        };
        if kind_of(block) == "empty" {
            if let Some(line) = under(&[PathStep::Key("empty")]) {
                return Some(line);
            }
            continue;
        }
        if source.text_at(&[&of_block[..], &[PathStep::Key("kind")]].concat())
            != Some(kind_of(block))
        {
            continue;
        }
        let line = under(&[PathStep::Key(key)])
            .or_else(|| under(&[PathStep::Key("item"), PathStep::Index(0), PathStep::Key(key)]));
        if line.is_some() {
            return line;
        }
    }
    source.line(&[PathStep::Key("view"), PathStep::Key("block")])
}

fn year(moment: Timestamp) -> i16 {
    moment.to_zoned(jiff::tz::TimeZone::UTC).year()
}

/// Date of a sample in the time zone of the samples.
pub fn day_of(sample: &Sample) -> Date {
    sample.moment.to_zoned(super::zone()).date()
}
