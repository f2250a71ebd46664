//! Static information about a service: what its manifests declare, and how it responds in their
//! samples.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use jiff::tz::TimeZone;
use url::Url;
use voordeur_engine::{Catalogue, SampleRun, sample_context};
use voordeur_widget_api::{
    Budget, Language, Licence, Manifest, Publisher, Request, Texts, Theme, Widget,
};

use super::open_data::{OpenDataScore, is_open, standard_of};

/// Static information about a service.
#[derive(Clone, Debug)]
pub struct ServiceInfo {
    pub host: String,
    /// Its publishers, the most specific first.
    pub publishers: Vec<Publisher>,
    /// Id and name of each widget that uses it.
    pub widgets: Vec<(String, Texts)>,
    pub themes: BTreeSet<Theme>,
    pub licences: Vec<Licence>,
    pub documentation: Vec<String>,
    /// The open standards that its responses follow.
    pub standards: BTreeSet<&'static str>,
    /// The shortest interval of its widgets.
    pub pace: Duration,
    pub open_data: OpenDataScore,
}

impl ServiceInfo {
    /// The name of its first publisher.
    pub fn name(&self) -> &str {
        self.publishers.first().map_or(&self.host, |publisher| &publisher.name)
    }
}

/// Facts common to all requests to a host.
#[derive(Default)]
struct HostObservations {
    with_key: bool,
    without_https: bool,
    /// The standard of the responses, by widget and request.
    standards: BTreeMap<(String, String), Option<&'static str>>,
}

/// The information about every host that a manifest of the catalogue names.
pub fn read(catalogue: &Catalogue, zone: &TimeZone) -> Vec<ServiceInfo> {
    let mut observed: BTreeMap<String, HostObservations> = BTreeMap::new();
    let mut manifests: BTreeMap<String, Vec<&Manifest>> = BTreeMap::new();
    for widget in catalogue.all() {
        for host in &widget.manifest().hosts {
            manifests.entry(host.clone()).or_default().push(widget.manifest());
        }
        evaluate_samples(widget.as_ref(), zone, &mut observed);
    }
    let info = manifests.into_iter().map(|(host, manifests)| {
        let observed = observed.remove(&host).unwrap_or_default();
        facts_of(host, &manifests, &observed)
    });
    info.collect()
}

/// Evaluates the samples of a widget: its requests and the responses.
fn evaluate_samples(
    widget: &dyn Widget,
    zone: &TimeZone,
    observed: &mut BTreeMap<String, HostObservations>,
) {
    let id = &widget.manifest().id;
    for sample in widget.samples() {
        // The requests are the same in every language.
        for asked in SampleRun::new(widget, sample, Language::Nl, zone).asked {
            let Some(observed) = observations_of(&asked.request, observed) else { continue };
            let place = (id.clone(), asked.request.id.clone());
            let tree = asked.tree.as_ref().ok();
            let standard = tree.and_then(|tree| standard_of(&asked.request, tree));
            let known = observed.standards.entry(place).or_default();
            *known = known.or(standard);
        }
        let budget = Budget::default();
        let context = sample_context(sample, Language::Nl, zone, &budget);
        for field in &widget.manifest().fields {
            // A panic must not take the whole page.
            let asking = AssertUnwindSafe(|| widget.lookup(&context, &field.id, "a"));
            let request = catch_unwind(asking).ok().and_then(Result::ok).flatten();
            if let Some(request) = request {
                observations_of(&request, observed);
            }
        }
    }
}

/// The observations about the host of a request, including this one.
fn observations_of<'a>(
    request: &Request,
    observed: &'a mut BTreeMap<String, HostObservations>,
) -> Option<&'a mut HostObservations> {
    if request.user_supplied_url {
        return None;
    }
    let url = Url::parse(&request.url).ok()?;
    let observed = observed.entry(url.host_str()?.to_owned()).or_default();
    observed.with_key |= request.key.is_some();
    observed.without_https |= url.scheme() != "https";
    Some(observed)
}

fn facts_of(host: String, manifests: &[&Manifest], observed: &HostObservations) -> ServiceInfo {
    // A widget with several hosts names several publishers in one text.
    let mut exact = manifests.to_vec();
    exact.sort_by_key(|manifest| (manifest.hosts.len(), manifest.publisher.name.chars().count()));
    let publishers = exact.iter().map(|manifest| &manifest.publisher);
    let licences = manifests.iter().map(|manifest| &manifest.licence);
    let documentation = manifests.iter().filter_map(|manifest| manifest.documentation.as_ref());
    // Without a sample that makes requests, the manifest's key decides.
    let asked = !observed.standards.is_empty();
    let with_key = observed.with_key || (!asked && manifests.iter().any(|one| one.key.is_some()));
    let documentation: Vec<String> = unique(documentation);
    let open_data = OpenDataScore {
        no_key: !with_key,
        documented: !documentation.is_empty(),
        standard_format: asked && observed.standards.values().all(Option::is_some),
        open_licence: manifests.iter().all(|manifest| is_open(&manifest.licence)),
        https: !observed.without_https,
    };
    ServiceInfo {
        host,
        publishers: unique(publishers),
        widgets: manifests.iter().map(|one| (one.id.clone(), one.name.clone())).collect(),
        themes: manifests.iter().map(|manifest| manifest.theme).collect(),
        licences: unique(licences),
        documentation,
        standards: observed.standards.values().flatten().copied().collect(),
        pace: manifests.iter().map(|one| one.pace.0).min().unwrap_or_default(),
        open_data,
    }
}

/// Each item once, in the order of first appearance.
fn unique<'a, T: Clone + PartialEq + 'a>(things: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut unique_things: Vec<T> = Vec::new();
    for thing in things {
        if !unique_things.contains(thing) {
            unique_things.push(thing.clone());
        }
    }
    unique_things
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_of_the_catalogue_has_information() {
        let (catalogue, _) = Catalogue::embedded();
        let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
        let info = read(&catalogue, &zone);
        let of = |host: &str| info.iter().find(|info| info.host == host).expect(host);
        let hosts: BTreeSet<&String> =
            catalogue.all().flat_map(|widget| &widget.manifest().hosts).collect();
        assert_eq!(info.len(), hosts.len());
        assert!(info.iter().all(|info| info.open_data.https), "manifests allow https only");

        let rail = of("api.irail.be");
        assert_eq!(rail.widgets.len(), 3);
        assert_eq!(rail.documentation, ["https://docs.irail.be/"]);
        assert!(rail.open_data.no_key && !rail.open_data.standard_format);
        assert!(!of("api.delijn.be").open_data.no_key, "it requires a key");
        // Declared as plain JSON or XML in the manifest, but recognised as a standard.
        for (host, standard) in [
            ("geo.irceline.be", "GeoJSON"),
            ("earthquake.usgs.gov", "GeoJSON"),
            ("gegevensmagazijn.tweedekamer.nl", "OData"),
            ("ec.europa.eu", "JSON-stat"),
            ("lokaalbeslist.vlaanderen.be", "JSON:API"),
            ("repository.overheid.nl", "SRU"),
            ("feeds.meteoalarm.org", "CAP"),
            ("publicalerts.be", "CAP"),
            ("data.gdacs.org", "RSS/Atom"),
        ] {
            let info = of(host);
            assert!(info.standards.contains(standard), "{host}: {:?}", info.standards);
            assert!(info.open_data.standard_format, "{host}");
        }
        assert_eq!(of("data.stad.gent").name(), "Stad Gent");
        assert_eq!(of("geo.irceline.be").open_data.score(), 5);
    }
}
