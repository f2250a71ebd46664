//! From the text of a `widget.toml` to a widget: one file for each part of a manifest.

mod connected;
mod fields;
mod requests;
mod samples;
mod view;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use voordeur_contract::{Evidence, Key, Licence, Manifest, Pace, Publisher, Size, Texts, Theme};

use super::expression::Expression;
use super::problem::ManifestProblem;
use super::{Declared, units};
use fields::WrittenField;
use requests::WrittenRequest;
use samples::WrittenSample;
use view::WrittenView;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Texts,
    summary: Texts,
    theme: Theme,
    icon: String,
    publisher: Publisher,
    licence: Licence,
    hosts: Vec<String>,
    pace: Spanned<String>,
    size: Size,
    evidence: Evidence,
    key: Option<Spanned<Key>>,
    #[serde(default, rename = "field")]
    fields: Vec<WrittenField>,
    #[serde(default)]
    texts: BTreeMap<String, Texts>,
    #[serde(rename = "request")]
    requests: Vec<WrittenRequest>,
    view: WrittenView,
    #[serde(rename = "sample")]
    samples: Vec<WrittenSample>,
}

/// Reads a manifest and its samples.
pub fn read(
    id: &str,
    text: &str,
    sample: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<Declared, ManifestProblem> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let problem = ManifestProblem::new("widget.toml", error.message().to_owned());
        match error.span() {
            Some(span) => problem.at_byte(text, span.start),
            None => problem,
        }
    })?;
    let reader = Reader { text };

    let pace = reader.duration("pace", &written.pace)?;
    for step in [written.size.best, written.size.smallest] {
        if !Size::STEPS.contains(&step) {
            return Err(ManifestProblem::new("size", format!("{step} is none of 3, 4, 6, 8, 12")));
        }
    }
    let fields =
        written.fields.iter().map(|field| reader.field(field)).collect::<Result<Vec<_>, _>>()?;
    let manifest = Manifest {
        id: id.to_owned(),
        name: written.name,
        summary: written.summary,
        theme: written.theme,
        icon: written.icon,
        publisher: written.publisher,
        licence: written.licence,
        hosts: written.hosts,
        pace: Pace(pace),
        size: written.size,
        fields,
        evidence: written.evidence,
        key: written.key.as_ref().map(|key| reader.key(key)).transpose()?,
    };
    let plans = written
        .requests
        .iter()
        .map(|request| reader.request(request, pace, &manifest))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(key) = &written.key
        && plans.iter().all(|plan| plan.key.is_none())
    {
        let what = "is used by no request: one needs `key_header` or `key_query`";
        return Err(reader.at(ManifestProblem::new("key", what), key));
    }
    let mapping = reader.view(&written.view)?;
    let samples = written
        .samples
        .iter()
        .map(|written| reader.sample(written, &plans, &sample))
        .collect::<Result<Vec<_>, _>>()?;
    if samples.first().is_none_or(|sample| sample.name != "normal") {
        return Err(ManifestProblem::new("sample[0].name", "the first sample must be `normal`"));
    }
    for needed in ["empty", "malformed"] {
        if !samples.iter().any(|sample| sample.name == needed) {
            return Err(ManifestProblem::new(
                "sample",
                format!("there must be one named `{needed}`"),
            ));
        }
    }
    Ok(Declared { manifest, texts: written.texts.into_iter().collect(), plans, mapping, samples })
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn at<T>(&self, problem: ManifestProblem, spanned: &Spanned<T>) -> ManifestProblem {
        problem.at_byte(self.text, spanned.span().start)
    }

    fn duration(&self, key: &str, text: &Spanned<String>) -> Result<Duration, ManifestProblem> {
        units::duration(text.get_ref()).filter(|duration| !duration.is_zero()).ok_or_else(|| {
            self.at(
                ManifestProblem::new(key, "should be like `30 s`, `5 min`, `1 h`, `1 day`"),
                text,
            )
        })
    }

    fn expression(&self, key: &str, text: &Spanned<String>) -> Result<Expression, ManifestProblem> {
        Expression::compile(key, text.get_ref()).map_err(|problem| self.at(problem, text))
    }

    fn maybe(
        &self,
        key: &str,
        text: Option<&Spanned<String>>,
    ) -> Result<Option<Expression>, ManifestProblem> {
        text.map(|text| self.expression(key, text)).transpose()
    }
}
