//! The stored answers: those that a manifest names, and those that bear the name of their sample.

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

    /// The paths of all files, where that can be told.
    fn names(&self) -> Vec<String>;
}

/// Files that stand in memory, by their path in `samples/`.
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

/// Files that are only found by their name: then a manifest must name them.
pub struct ByName<F>(pub F);

impl<F: Fn(&str) -> Option<Vec<u8>>> SampleFiles for ByName<F> {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.0(name)
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The samples that every widget has, in the order in which they stand.
const NEEDED: [&str; 3] = ["normal", "empty", "malformed"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSample {
    name: String,
    moment: Option<Spanned<String>>,
    place: Option<Spanned<String>>,
    settings: Option<Settings>,
    answers: Option<BTreeMap<String, Spanned<OneOrMore>>>,
    lookup: Option<BTreeMap<String, Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn names(&self) -> &[String] {
        match self {
            OneOrMore::One(name) => std::slice::from_ref(name),
            OneOrMore::More(names) => names,
        }
    }
}

/// What every sample says that does not say it itself.
pub(super) struct Shared {
    pub moment: Option<Spanned<String>>,
    pub place: Option<Spanned<String>>,
    pub settings: Settings,
}

/// The files of each request, by what stands in their path before the request: `None` for what goes with every sample.
type Found<'a> = BTreeMap<(Option<&'a str>, &'a str), BTreeMap<usize, &'a str>>;

impl Reader<'_> {
    /// Every sample, in the order in which it is shown.
    pub(super) fn samples(
        &self,
        written: &[Spanned<WrittenSample>],
        shared: &Shared,
        requests: &[String],
        files: &impl SampleFiles,
        problems: &mut Vec<ManifestError>,
    ) -> Vec<Sample> {
        let named: BTreeSet<&str> = written
            .iter()
            .filter_map(|sample| sample.get_ref().answers.as_ref())
            .flat_map(|answers| answers.values().flat_map(|names| names.get_ref().names()))
            .map(String::as_str)
            .chain(
                written
                    .iter()
                    .filter_map(|sample| sample.get_ref().lookup.as_ref())
                    .flat_map(|lookups| lookups.values().map(|name| name.get_ref().as_str())),
            )
            .collect();
        let names = files.names();
        let mut found = Found::new();
        let mut by_file: BTreeSet<&str> = BTreeSet::new();
        for file in &names {
            let unnamed = !named.contains(file.as_str());
            match belongs(file, requests) {
                Some((sample, request, nth)) => {
                    found.entry((sample, request)).or_default().insert(nth, file);
                    // A file that a sample names makes no other sample, but for those that every widget has.
                    by_file.extend(sample.filter(|name| unnamed || NEEDED.contains(name)));
                }
                None if unnamed => problems.push(ManifestError::new(
                    format!("samples/{file}"),
                    "is named by no sample, and its name says neither its sample nor its request",
                )),
                None => {}
            }
        }
        let mut samples = Vec::new();
        for sample in written {
            samples.extend(self.written_sample(sample, shared, requests, &found, files, problems));
        }
        let told: BTreeSet<&str> =
            written.iter().map(|sample| sample.get_ref().name.as_str()).collect();
        for name in by_file.difference(&told) {
            let moment = shared
                .moment
                .as_ref()
                .and_then(|moment| self.moment("sample_moment", moment, problems));
            if shared.moment.is_none() {
                let what =
                    format!("is missing: the sample `{name}` does not say what counts as now");
                problems.push(ManifestError::new("sample_moment", what));
            }
            samples.extend(moment.map(|moment| Sample {
                name: (*name).to_owned(),
                moment,
                place: self.place(shared.place.as_ref(), problems),
                settings: shared.settings.clone(),
                responses: answers_of(name, requests, &found, files),
            }));
        }
        if by_file.iter().any(|name| !told.contains(name)) {
            let rank = |sample: &Sample| NEEDED.iter().position(|name| *name == sample.name);
            samples.sort_by_key(|sample| rank(sample).unwrap_or(NEEDED.len()));
        }
        for name in NEEDED {
            if samples.iter().any(|sample| sample.name == name) {
                continue;
            }
            let problem = ManifestError::new("sample", format!("there must be one named `{name}`"));
            problems.push(match written.first() {
                Some(first) => self.at(problem, first),
                None => problem,
            });
        }
        if let (Some(sample), Some(first)) = (samples.first(), written.first())
            && sample.name != "normal"
        {
            let what = "the first sample must be `normal`";
            problems.push(self.at(ManifestError::new("sample[0].name", what), first));
        }
        samples
    }

    fn written_sample(
        &self,
        sample: &Spanned<WrittenSample>,
        shared: &Shared,
        requests: &[String],
        found: &Found<'_>,
        files: &impl SampleFiles,
        problems: &mut Vec<ManifestError>,
    ) -> Option<Sample> {
        let written = sample.get_ref();
        let key = |key: &str| format!("sample `{}`.{key}", written.name);
        let mut answers = match &written.answers {
            None => answers_of(&written.name, requests, found, files),
            Some(answers) => {
                let mut bodies = BTreeMap::new();
                for (request, names) in answers {
                    if !requests.contains(request) {
                        let problem = ManifestError::new(
                            key("answers"),
                            format!("there is no request `{request}`"),
                        );
                        let problem = self.at(problem, names);
                        problems
                            .push(problem.nearest(request, requests.iter().map(String::as_str)));
                    }
                    let mut of_request = Vec::new();
                    for name in names.get_ref().names() {
                        match files.file(name) {
                            Some(bytes) => of_request.push(bytes),
                            None => {
                                let what = format!("there is no `samples/{name}`");
                                let problem = ManifestError::new(key("answers"), what);
                                let all = files.names();
                                problems.push(
                                    self.at(problem, names)
                                        .nearest(name, all.iter().map(String::as_str)),
                                );
                            }
                        }
                    }
                    bodies.insert(request.clone(), of_request);
                }
                bodies
            }
        };
        for (field, name) in written.lookup.iter().flatten() {
            match files.file(name.get_ref()) {
                Some(bytes) => {
                    answers.insert(lookup::request_id(field), vec![bytes]);
                }
                None => {
                    let what = format!("there is no `samples/{}`", name.get_ref());
                    problems.push(self.at(ManifestError::new(key("lookup"), what), name));
                }
            }
        }
        let moment = match written.moment.as_ref().or(shared.moment.as_ref()) {
            Some(moment) => self.moment(&key("moment"), moment, problems),
            None => {
                let what = "is missing: say what counts as now, here or once as `sample_moment`";
                problems.push(self.at(ManifestError::new(key("moment"), what), sample));
                None
            }
        };
        let place = self.place(written.place.as_ref().or(shared.place.as_ref()), problems);
        Some(Sample {
            name: written.name.clone(),
            moment: moment?,
            place,
            settings: written.settings.clone().unwrap_or_else(|| shared.settings.clone()),
            responses: answers,
        })
    }

    fn moment(
        &self,
        key: &str,
        written: &Spanned<String>,
        problems: &mut Vec<ManifestError>,
    ) -> Option<jiff::Timestamp> {
        let moment = written.get_ref().parse();
        moment
            .map_err(|error| {
                let what = format!("should be like `2026-11-23T07:36:00+01:00`: {error}");
                problems.push(self.at(ManifestError::new(key, what), written));
            })
            .ok()
    }

    /// The place with a postcode; an empty one is none.
    fn place(
        &self,
        written: Option<&Spanned<String>>,
        problems: &mut Vec<ManifestError>,
    ) -> Option<voordeur_widget_api::Place> {
        let written = written.filter(|postcode| !postcode.get_ref().is_empty())?;
        let place = voordeur_gazetteer::by_postcode(written.get_ref());
        if place.is_none() {
            let what = format!("`{}` is no postcode", written.get_ref());
            problems.push(self.at(ManifestError::new("sample.place", what), written));
        }
        place
    }
}

/// The answers that bear a sample's name, and for the requests without one those that go with every sample.
fn answers_of(
    sample: &str,
    requests: &[String],
    found: &Found<'_>,
    files: &impl SampleFiles,
) -> BTreeMap<String, Vec<Vec<u8>>> {
    let of_request = |request: &String| {
        let own = found.get(&(Some(sample), request.as_str()));
        let names = own.or_else(|| found.get(&(None, request.as_str())))?;
        Some((request.clone(), names.values().filter_map(|name| files.file(name)).collect()))
    };
    requests.iter().filter_map(of_request).collect()
}

/// To which sample, request and number of a repeated request a file belongs, by its path: `NAME.EXT` where there is one request,
/// `NAME.REQUEST.EXT` or `NAME/REQUEST.EXT` where there are several, `REQUEST.EXT` for every sample that has none of its own. A number before
/// the ending counts the answers of a request with `each`, from 0.
fn belongs<'f>(file: &'f str, requests: &'f [String]) -> Option<(Option<&'f str>, &'f str, usize)> {
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
    fn a_file_tells_by_its_name_where_it_belongs() {
        let one = ["answer".to_owned()];
        assert_eq!(belongs("normal.json", &one), Some((Some("normal"), "answer", 0)));
        assert_eq!(belongs("normal.1.json", &one), Some((Some("normal"), "answer", 1)));
        let two = ["stop".to_owned(), "departures".to_owned()];
        assert_eq!(belongs("normal/stop.json", &two), Some((Some("normal"), "stop", 0)));
        assert_eq!(belongs("late.departures.2.json", &two), Some((Some("late"), "departures", 2)));
        assert_eq!(belongs("stop.json", &two), Some((None, "stop", 0)));
        assert_eq!(belongs("normal.json", &two), None);
        assert_eq!(belongs("README", &one), None);
    }
}
