//! The samples: files that a manifest names, and files that are named after their sample.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;
use voordeur_widget_api::{Sample, Settings};

use super::{ManifestError, Reader};
use crate::manifest::lookup;

/// The files in `samples/`.
pub trait SampleFiles {
    /// The bytes of a file, by its path in that folder.
    fn file(&self, name: &str) -> Option<Vec<u8>>;

    /// The paths of all files, if they can be listed.
    fn names(&self) -> Vec<String>;
}

/// Files in memory, by their path in `samples/`.
#[derive(Clone, Debug, Default)]
pub struct SampleFolder(pub BTreeMap<String, Vec<u8>>);

impl SampleFiles for SampleFolder {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.0.get(name).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

/// Files that cannot be listed: the manifest must name them.
pub struct ByName<F>(pub F);

impl<F: Fn(&str) -> Option<Vec<u8>>> SampleFiles for ByName<F> {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.0(name)
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The samples that every widget with a service has, in order.
const REQUIRED_SAMPLES: [&str; 3] = ["normal", "empty", "malformed"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSample {
    name: String,
    moment: Option<Spanned<String>>,
    place: Option<Spanned<String>>,
    settings: Option<Settings>,
    answers: Option<BTreeMap<String, Spanned<OneOrMany>>>,
    lookup: Option<BTreeMap<String, Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn names(&self) -> &[String] {
        match self {
            OneOrMany::One(name) => std::slice::from_ref(name),
            OneOrMany::Many(names) => names,
        }
    }
}

/// Defaults of all samples.
pub(super) struct SampleDefaults {
    pub moment: Option<Spanned<String>>,
    pub place: Option<Spanned<String>>,
    pub settings: Settings,
}

/// The files of each request, by sample; `None` for files that belong to every sample.
type SampleFileIndex<'a> = BTreeMap<(Option<&'a str>, &'a str), BTreeMap<usize, &'a str>>;

impl Reader<'_> {
    /// All samples, in display order.
    pub(super) fn samples(
        &self,
        raw: &[Spanned<RawSample>],
        defaults: &SampleDefaults,
        requests: &[String],
        has_service: bool,
        files: &impl SampleFiles,
        errors: &mut Vec<ManifestError>,
    ) -> Vec<Sample> {
        let names = files.names();
        let (index, by_file) = index_files(&names, &named_files(raw), requests, errors);
        let mut samples = Vec::new();
        for sample in raw {
            samples.extend(self.declared_sample(sample, defaults, requests, &index, files, errors));
        }
        let declared: BTreeSet<&str> =
            raw.iter().map(|sample| sample.get_ref().name.as_str()).collect();
        for name in by_file.difference(&declared) {
            samples.extend(self.undeclared_sample(name, defaults, requests, &index, files, errors));
        }
        if by_file.iter().any(|name| !declared.contains(name)) {
            let rank =
                |sample: &Sample| REQUIRED_SAMPLES.iter().position(|name| *name == sample.name);
            samples.sort_by_key(|sample| rank(sample).unwrap_or(REQUIRED_SAMPLES.len()));
        }
        // Nothing that a citizen writes is malformed.
        let required = &REQUIRED_SAMPLES[..if has_service { 3 } else { 2 }];
        self.check_required_samples(required, &samples, raw, errors);
        samples
    }

    /// A sample that only its files declare.
    fn undeclared_sample(
        &self,
        name: &str,
        defaults: &SampleDefaults,
        requests: &[String],
        index: &SampleFileIndex<'_>,
        files: &impl SampleFiles,
        errors: &mut Vec<ManifestError>,
    ) -> Option<Sample> {
        let Some(moment) = &defaults.moment else {
            let message = format!("is missing: the sample `{name}` has no moment of its own");
            errors.push(ManifestError::new("sample_moment", message));
            return None;
        };
        Some(Sample {
            name: name.to_owned(),
            moment: self.moment("sample_moment", moment, errors)?,
            place: self.place(defaults.place.as_ref(), errors),
            settings: defaults.settings.clone(),
            responses: answers_of(name, requests, index, files),
        })
    }

    fn check_required_samples(
        &self,
        required: &[&str],
        samples: &[Sample],
        raw: &[Spanned<RawSample>],
        errors: &mut Vec<ManifestError>,
    ) {
        for name in required {
            if samples.iter().any(|sample| sample.name == *name) {
                continue;
            }
            let error = ManifestError::new("sample", format!("there must be one named `{name}`"));
            errors.push(match raw.first() {
                Some(first) => self.at(error, first),
                None => error,
            });
        }
        if let (Some(sample), Some(first)) = (samples.first(), raw.first())
            && sample.name != "normal"
        {
            let message = "the first sample must be `normal`";
            errors.push(self.at(ManifestError::new("sample[0].name", message), first));
        }
    }

    fn declared_sample(
        &self,
        sample: &Spanned<RawSample>,
        defaults: &SampleDefaults,
        requests: &[String],
        index: &SampleFileIndex<'_>,
        files: &impl SampleFiles,
        errors: &mut Vec<ManifestError>,
    ) -> Option<Sample> {
        let raw = sample.get_ref();
        let key = |key: &str| format!("sample `{}`.{key}", raw.name);
        let mut answers = match &raw.answers {
            None => answers_of(&raw.name, requests, index, files),
            Some(answers) => {
                let mut bodies = BTreeMap::new();
                for (request, names) in answers {
                    if !requests.contains(request) {
                        let error = ManifestError::new(
                            key("answers"),
                            format!("there is no request `{request}`"),
                        );
                        let error = self.at(error, names);
                        errors.push(error.nearest(request, requests.iter().map(String::as_str)));
                    }
                    let mut request_bodies = Vec::new();
                    for name in names.get_ref().names() {
                        match files.file(name) {
                            Some(bytes) => request_bodies.push(bytes),
                            None => {
                                let message = format!("there is no `samples/{name}`");
                                let error = ManifestError::new(key("answers"), message);
                                let all = files.names();
                                errors.push(
                                    self.at(error, names)
                                        .nearest(name, all.iter().map(String::as_str)),
                                );
                            }
                        }
                    }
                    bodies.insert(request.clone(), request_bodies);
                }
                bodies
            }
        };
        for (field, name) in raw.lookup.iter().flatten() {
            match files.file(name.get_ref()) {
                Some(bytes) => {
                    answers.insert(lookup::request_id(field), vec![bytes]);
                }
                None => {
                    let message = format!("there is no `samples/{}`", name.get_ref());
                    errors.push(self.at(ManifestError::new(key("lookup"), message), name));
                }
            }
        }
        let moment = match raw.moment.as_ref().or(defaults.moment.as_ref()) {
            Some(moment) => self.moment(&key("moment"), moment, errors),
            None => {
                let message = "is missing, here or as `sample_moment`";
                errors.push(self.at(ManifestError::new(key("moment"), message), sample));
                None
            }
        };
        let place = self.place(raw.place.as_ref().or(defaults.place.as_ref()), errors);
        Some(Sample {
            name: raw.name.clone(),
            moment: moment?,
            place,
            settings: raw.settings.clone().unwrap_or_else(|| defaults.settings.clone()),
            responses: answers,
        })
    }

    fn moment(
        &self,
        key: &str,
        raw: &Spanned<String>,
        errors: &mut Vec<ManifestError>,
    ) -> Option<jiff::Timestamp> {
        let moment = raw.get_ref().parse();
        moment
            .map_err(|error| {
                let message = format!("should be like `2026-11-23T07:36:00+01:00`: {error}");
                errors.push(self.at(ManifestError::new(key, message), raw));
            })
            .ok()
    }

    /// The place of a postcode; empty means none.
    fn place(
        &self,
        raw: Option<&Spanned<String>>,
        errors: &mut Vec<ManifestError>,
    ) -> Option<voordeur_widget_api::Place> {
        let raw = raw.filter(|postcode| !postcode.get_ref().is_empty())?;
        let place = voordeur_gazetteer::by_postcode(raw.get_ref());
        if place.is_none() {
            let message = format!("`{}` is not a postcode", raw.get_ref());
            errors.push(self.at(ManifestError::new("sample.place", message), raw));
        }
        place
    }
}

/// The files that the manifest names.
fn named_files(raw: &[Spanned<RawSample>]) -> BTreeSet<&str> {
    let mut named = BTreeSet::new();
    for sample in raw {
        let RawSample { answers, lookup, .. } = sample.get_ref();
        let answers = answers.iter().flat_map(|answers| answers.values());
        named.extend(answers.flat_map(|names| names.get_ref().names()).map(String::as_str));
        let lookups = lookup.iter().flat_map(|lookup| lookup.values());
        named.extend(lookups.map(|name| name.get_ref().as_str()));
    }
    named
}

/// The index of the files, and the names of the samples that files declare.
fn index_files<'f>(
    names: &'f [String],
    named: &BTreeSet<&str>,
    requests: &'f [String],
    errors: &mut Vec<ManifestError>,
) -> (SampleFileIndex<'f>, BTreeSet<&'f str>) {
    let mut index = SampleFileIndex::new();
    let mut by_file = BTreeSet::new();
    for file in names {
        let unnamed = !named.contains(file.as_str());
        match parse_sample_path(file, requests) {
            Some((sample, request, nth)) => {
                index.entry((sample, request)).or_default().insert(nth, file.as_str());
                // A file that a sample names declares no further sample, except the required ones.
                by_file.extend(sample.filter(|name| unnamed || REQUIRED_SAMPLES.contains(name)));
            }
            None if unnamed => errors.push(ManifestError::new(
                format!("samples/{file}"),
                "belongs to no sample: no sample names it, and its name has no sample or request",
            )),
            None => {}
        }
    }
    (index, by_file)
}

/// The files named after a sample; for requests without one, the files that belong to every sample.
fn answers_of(
    sample: &str,
    requests: &[String],
    index: &SampleFileIndex<'_>,
    files: &impl SampleFiles,
) -> BTreeMap<String, Vec<Vec<u8>>> {
    let of_request = |request: &String| {
        let own = index.get(&(Some(sample), request.as_str()));
        let names = own.or_else(|| index.get(&(None, request.as_str())))?;
        Some((request.clone(), names.values().filter_map(|name| files.file(name)).collect()))
    };
    requests.iter().filter_map(of_request).collect()
}

/// The sample, request and number that the path of a file denotes: `NAME.EXT` when there is one
/// request, `NAME.REQUEST.EXT` or `NAME/REQUEST.EXT` when there are several, `REQUEST.EXT` for
/// every sample without its own. A number before the extension counts the responses of a request
/// with `each`, from 0.
fn parse_sample_path<'f>(
    file: &'f str,
    requests: &'f [String],
) -> Option<(Option<&'f str>, &'f str, usize)> {
    let (path, _) = file.rsplit_once('.')?;
    let mut parts: Vec<&str> = path.split(['/', '.']).collect();
    let mut nth = 0;
    if let Some(number) = parts.last().and_then(|last| last.parse().ok())
        && parts.len() > 1
    {
        nth = number;
        parts.pop();
    }
    let known = |name: &str| requests.iter().find(|request| *request == name).map(String::as_str);
    match (parts.as_slice(), requests) {
        ([sample], [only]) => Some((Some(sample), only, nth)),
        ([request], _) => Some((None, known(request)?, nth)),
        ([sample, request], _) => Some((Some(sample), known(request)?, nth)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_sample_file_names_sample_and_request() {
        let one = ["answer".to_owned()];
        assert_eq!(parse_sample_path("normal.json", &one), Some((Some("normal"), "answer", 0)));
        assert_eq!(parse_sample_path("normal.1.json", &one), Some((Some("normal"), "answer", 1)));
        let two = ["stop".to_owned(), "departures".to_owned()];
        assert_eq!(parse_sample_path("normal/stop.json", &two), Some((Some("normal"), "stop", 0)));
        assert_eq!(
            parse_sample_path("late.departures.2.json", &two),
            Some((Some("late"), "departures", 2))
        );
        assert_eq!(parse_sample_path("stop.json", &two), Some((None, "stop", 0)));
        assert_eq!(parse_sample_path("normal.json", &two), None);
        assert_eq!(parse_sample_path("README", &one), None);
    }
}
