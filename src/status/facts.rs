//! What is known of a service before it is asked: what its manifests say, and how it answers in their samples.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::tz::TimeZone;
use url::Url;
use voordeur_engine::{Catalogue, SampleRun, sample_context};
use voordeur_widget_api::{Language, Licence, Manifest, Publisher, Request, Texts, Theme, Widget};

use super::openness::{Openness, is_open, standard_of};

/// What is known of a service.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its host.
    pub host: String,
    /// Who publishes its data; the one that says most exactly whose it is comes first.
    pub publishers: Vec<Publisher>,
    /// The widgets that ask it: id and name.
    pub widgets: Vec<(String, Texts)>,
    /// The parts of life they belong to.
    pub themes: BTreeSet<Theme>,
    /// Under which licences its data may be shown.
    pub licences: Vec<Licence>,
    /// Pages that describe it.
    pub documentation: Vec<String>,
    /// The open standards that its answers follow.
    pub standards: BTreeSet<&'static str>,
    /// How often it is asked at most for one thing: the shortest pace of its widgets.
    pub pace: Duration,
    /// How open it is.
    pub openness: Openness,
}

impl Facts {
    /// What it is called: its first publisher.
    pub fn name(&self) -> &str {
        self.publishers.first().map_or(&self.host, |publisher| &publisher.name)
    }
}

/// What is seen of the requests to a host.
#[derive(Default)]
struct Seen {
    with_key: bool,
    without_https: bool,
    /// By widget and request: the standard of its answers, when there is one.
    standards: BTreeMap<(String, String), Option<&'static str>>,
}

/// What is known of every host that a manifest of the catalogue names.
pub fn read(catalogue: &Catalogue, zone: &TimeZone) -> Vec<Facts> {
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut manifests: BTreeMap<String, Vec<&Manifest>> = BTreeMap::new();
    for widget in catalogue.all() {
        for host in &widget.manifest().hosts {
            manifests.entry(host.clone()).or_default().push(widget.manifest());
        }
        look(widget.as_ref(), zone, &mut seen);
    }
    let facts = manifests.into_iter().map(|(host, manifests)| {
        let seen = seen.remove(&host).unwrap_or_default();
        facts_of(host, &manifests, &seen)
    });
    facts.collect()
}

/// Runs a widget on its samples, and records its requests and responses.
fn look(widget: &dyn Widget, zone: &TimeZone, seen: &mut BTreeMap<String, Seen>) {
    let id = &widget.manifest().id;
    for sample in widget.samples() {
        // What is in Dutch is asked as in any other language.
        for asked in SampleRun::new(widget, sample, Language::Nl, zone).asked {
            let Some(seen) = seen_of(&asked.request, seen) else { continue };
            let place = (id.clone(), asked.request.id.clone());
            let standard = asked.tree.as_ref().ok();
            let standard = standard.and_then(|tree| standard_of(&asked.request, tree));
            let known = seen.standards.entry(place).or_default();
            *known = known.or(standard);
        }
        let context = sample_context(sample, Language::Nl, zone);
        for field in &widget.manifest().fields {
            if let Some(request) = widget.lookup(&context, &field.id, "a").ok().flatten() {
                seen_of(&request, seen);
            }
        }
    }
}

/// What is seen of the host of a request, with this one taken in.
fn seen_of<'a>(request: &Request, seen: &'a mut BTreeMap<String, Seen>) -> Option<&'a mut Seen> {
    if request.user_supplied_url {
        return None;
    }
    let url = Url::parse(&request.url).ok()?;
    let seen = seen.entry(url.host_str()?.to_owned()).or_default();
    seen.with_key |= request.key.is_some();
    seen.without_https |= url.scheme() != "https";
    Some(seen)
}

fn facts_of(host: String, manifests: &[&Manifest], seen: &Seen) -> Facts {
    // A widget that asks several hosts names several publishers in one.
    let mut exact = manifests.to_vec();
    exact.sort_by_key(|manifest| (manifest.hosts.len(), manifest.publisher.name.chars().count()));
    let publishers = exact.iter().map(|manifest| &manifest.publisher);
    let licences = manifests.iter().map(|manifest| &manifest.licence);
    let documentation = manifests.iter().filter_map(|manifest| manifest.documentation.as_ref());
    // When no sample asks it, what the manifest says of a key counts.
    let asked = !seen.standards.is_empty();
    let with_key = seen.with_key || (!asked && manifests.iter().any(|one| one.key.is_some()));
    let documentation: Vec<String> = once(documentation);
    let openness = Openness {
        no_key: !with_key,
        documented: !documentation.is_empty(),
        standard_format: asked && seen.standards.values().all(Option::is_some),
        open_licence: manifests.iter().all(|manifest| is_open(&manifest.licence)),
        https: !seen.without_https,
    };
    Facts {
        host,
        publishers: once(publishers),
        widgets: manifests.iter().map(|one| (one.id.clone(), one.name.clone())).collect(),
        themes: manifests.iter().map(|manifest| manifest.theme).collect(),
        licences: once(licences),
        documentation,
        standards: seen.standards.values().flatten().copied().collect(),
        pace: manifests.iter().map(|one| one.pace.0).min().unwrap_or_default(),
        openness,
    }
}

/// Each thing once, in the order in which they come.
fn once<'a, T: Clone + PartialEq + 'a>(things: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for thing in things {
        if !kept.contains(thing) {
            kept.push(thing.clone());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_catalogue_has_facts_of_every_host() {
        let (catalogue, _) = Catalogue::embedded();
        let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
        let facts = read(&catalogue, &zone);
        let of = |host: &str| facts.iter().find(|facts| facts.host == host).expect(host);
        let hosts: BTreeSet<&String> =
            catalogue.all().flat_map(|widget| &widget.manifest().hosts).collect();
        assert_eq!(facts.len(), hosts.len());
        assert!(facts.iter().all(|facts| facts.openness.https), "manifests are held to https");

        let rail = of("api.irail.be");
        assert_eq!(rail.widgets.len(), 2);
        assert_eq!(rail.documentation, ["https://docs.irail.be/"]);
        assert!(rail.openness.no_key && !rail.openness.standard_format);
        assert!(!of("api.delijn.be").openness.no_key, "it wants a key");
        // What stands in a manifest as plain JSON or XML, and is more than that.
        for (host, standard) in [
            ("geo.irceline.be", "GeoJSON"),
            ("earthquake.usgs.gov", "GeoJSON"),
            ("gegevensmagazijn.tweedekamer.nl", "OData"),
            ("ec.europa.eu", "JSON-stat"),
            ("lokaalbeslist.vlaanderen.be", "JSON:API"),
            ("repository.overheid.nl", "SRU"),
            ("feeds.meteoalarm.org", "RSS/Atom"),
            ("www.gdacs.org", "RSS/Atom"),
        ] {
            let facts = of(host);
            assert!(facts.standards.contains(standard), "{host}: {:?}", facts.standards);
            assert!(facts.openness.standard_format, "{host}");
        }
        assert_eq!(of("data.stad.gent").name(), "Stad Gent");
        assert_eq!(of("geo.irceline.be").openness.mark(), 5);
    }
}
