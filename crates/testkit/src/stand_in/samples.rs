//! Responses from the samples of the widgets. Each widget says which requests it makes for its
//! samples; another request gets the response to the nearest of these.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use hyper::body::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;
use voordeur_engine::Catalogue;
use voordeur_widget_api::{
    Budget, Format, Language, Method, Request, Response, Responses, Sample, Widget, WidgetContext,
};

use super::shift::shifted;

/// The zone in which dates are moved.
const ZONE: &str = "Europe/Brussels";
/// All hosts below this domain stand for the addresses that citizens give.
const OF_CITIZENS: &str = "example";
/// No widget makes more rounds of requests than this.
const MAX_STEPS: usize = 20;
/// The text typed into every look-up field. Every text gets the same response.
const TYPED: &str = "Gent";

pub struct Samples {
    by_host: HashMap<String, Vec<SampledRequest>>,
    bodies: Vec<Body>,
    zone: TimeZone,
}

/// A request that a widget makes for one of its samples.
#[derive(Clone, PartialEq)]
struct SampledRequest {
    post: bool,
    path: Vec<String>,
    query: Vec<(String, String)>,
    format: Format,
    /// The index of its response in [`Samples::bodies`].
    body: usize,
}

/// A response, and its text moved to the current minute.
struct Body {
    bytes: Vec<u8>,
    moment: Timestamp,
    moved: Mutex<Option<(i64, Bytes)>>,
}

impl Samples {
    /// The samples of the embedded widgets.
    ///
    /// # Errors
    /// When the zone of Brussels is not in the bundled database.
    pub fn embedded() -> Result<Self, jiff::Error> {
        let zone = TimeZone::get(ZONE)?;
        let mut samples =
            Samples { by_host: HashMap::new(), bodies: Vec::new(), zone: zone.clone() };
        let (catalogue, _) = Catalogue::embedded();
        for widget in catalogue.all() {
            samples.add_widget(widget.as_ref(), &zone);
        }
        Ok(samples)
    }

    fn add_widget(&mut self, widget: &dyn Widget, zone: &TimeZone) {
        let mut hosts = BTreeSet::new();
        // The first sample that asks something answers it: the normal one, when it asks that.
        let mut first_samples = HashMap::new();
        let samples = widget.samples().iter().filter(|sample| sample.name != "malformed");
        for (index, sample) in samples.enumerate() {
            for language in Language::ALL {
                for request in requests_of(widget, sample, language, zone) {
                    let Ok(url) = Url::parse(&request.url) else { continue };
                    let key = (request.id.clone(), host_of(&request, &url), url.path().to_owned());
                    let body = body_of(sample, &request);
                    let Some(body) =
                        body.filter(|_| *first_samples.entry(key).or_insert(index) == index)
                    else {
                        continue;
                    };
                    hosts.insert(self.add(&request, &url, body, sample.moment));
                }
            }
        }
        // A host without a sample of its own, such as the portal of another town, answers like the
        // others of its widget.
        let like: Vec<SampledRequest> =
            hosts.iter().flat_map(|host| &self.by_host[host]).cloned().collect();
        for host in &widget.manifest().hosts {
            self.by_host.entry(host.clone()).or_insert_with(|| like.clone());
        }
    }

    /// Adds a response. Returns its host.
    fn add(&mut self, request: &Request, url: &Url, bytes: &[u8], moment: Timestamp) -> String {
        let same = |body: &Body| body.bytes == bytes && body.moment == moment;
        let body = self.bodies.iter().position(same).unwrap_or_else(|| {
            self.bodies.push(Body { bytes: bytes.to_vec(), moment, moved: Mutex::default() });
            self.bodies.len() - 1
        });
        let sampled = SampledRequest {
            post: request.method == Method::Post,
            path: segments(url.path()),
            query: pairs(url.query().unwrap_or_default()),
            format: request.format,
            body,
        };
        let host = host_of(request, url);
        let of_host = self.by_host.entry(host.clone()).or_default();
        if !of_host.contains(&sampled) {
            of_host.push(sampled);
        }
        host
    }

    /// The response to a request and its content type; `None` when no widget makes requests to that
    /// host.
    pub fn find(
        &self,
        post: bool,
        host: &str,
        path: &str,
        query: &str,
    ) -> Option<(Bytes, &'static str)> {
        let of_host = self
            .by_host
            .get(host)
            .or_else(|| self.by_host.get(OF_CITIZENS).filter(|_| host.ends_with(OF_CITIZENS)))?;
        let (path, query) = (segments(path), pairs(query));
        // Among equally near ones the first, since the normal sample comes before the others.
        let candidates = of_host.iter().filter(|sampled| sampled.post == post).enumerate();
        let (_, nearest) = candidates.max_by_key(|(index, sampled)| {
            (sampled.nearness(&path, &query), std::cmp::Reverse(*index))
        })?;
        Some((self.bodies[nearest.body].moved(&self.zone), content_type(nearest.format)))
    }
}

/// All requests that a widget makes when a sample answers them.
fn requests_of(
    widget: &dyn Widget,
    sample: &Sample,
    language: Language,
    zone: &TimeZone,
) -> Vec<Request> {
    let context = WidgetContext {
        settings: &sample.settings,
        place: sample.place.as_ref(),
        language,
        now: sample.moment,
        zone,
        budget: &Budget::default(),
    };
    let mut made: Vec<Request> = Vec::new();
    for field in &widget.manifest().fields {
        // A field that is not looked up has no request.
        made.extend(widget.lookup(&context, &field.id, TYPED).ok().flatten());
    }
    let mut responses = Responses::new();
    for _ in 0..MAX_STEPS {
        let requests = widget.requests(&context, &responses).unwrap_or_default();
        if requests.is_empty() {
            break;
        }
        let mut step: BTreeMap<String, Vec<Response>> = BTreeMap::new();
        for request in requests {
            let body = body_of(sample, &request);
            let tree = body.and_then(|body| {
                voordeur_formats::read(request.format, body, &Budget::default()).ok()
            });
            let of_id = step.entry(request.id.clone()).or_default();
            of_id.extend(tree.map(|tree| Response { tree: Arc::new(tree) }));
            made.push(request);
        }
        for (id, of_id) in step {
            responses.entry(id).or_default().extend(of_id);
        }
    }
    made
}

/// The body with which a sample answers a request; the last one answers all that follow.
fn body_of<'s>(sample: &'s Sample, request: &Request) -> Option<&'s [u8]> {
    let bodies = sample.responses.get(&request.id)?;
    bodies.get(request.nth).or(bodies.last()).map(Vec::as_slice)
}

fn host_of(request: &Request, url: &Url) -> String {
    let host = url.host_str().filter(|_| !request.user_supplied_url);
    host.unwrap_or(OF_CITIZENS).to_owned()
}

impl SampledRequest {
    fn nearness(&self, path: &[String], query: &[(String, String)]) -> usize {
        let same_length = if self.path.len() == path.len() { 100 } else { 0 };
        let same = self.path.iter().zip(path).filter(|(one, other)| one == other).count() * 20;
        // A calendar does not answer for a feed.
        let extension = |path: &[String]| {
            path.last().and_then(|it| it.rsplit_once('.')).map(|it| it.1.to_owned())
        };
        let same_extension = if extension(&self.path) == extension(path) { 10 } else { 0 };
        let parameters = query.iter().map(|pair| {
            if self.query.contains(pair) {
                2
            } else {
                usize::from(self.query.iter().any(|(name, _)| *name == pair.0))
            }
        });
        same_length + same + same_extension + parameters.sum::<usize>()
    }
}

impl Body {
    fn moved(&self, zone: &TimeZone) -> Bytes {
        let now = Timestamp::now();
        let minute = now.as_second() / 60;
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        match &*moved {
            Some((at, bytes)) if *at == minute => bytes.clone(),
            _ => {
                let bytes = match std::str::from_utf8(&self.bytes) {
                    Ok(text) => Bytes::from(shifted(text, self.moment, now, zone)),
                    Err(_) => Bytes::from(self.bytes.clone()),
                };
                *moved = Some((minute, bytes.clone()));
                bytes
            }
        }
    }
}

fn content_type(format: Format) -> &'static str {
    match format {
        Format::Xml | Format::Cap => "application/xml; charset=utf-8",
        Format::Feed => "application/atom+xml; charset=utf-8",
        Format::Csv => "text/csv; charset=utf-8",
        Format::ICalendar => "text/calendar; charset=utf-8",
        Format::GtfsRealtime => "application/octet-stream",
        Format::Json | Format::JsonLines | Format::GeoJson | Format::JsonStat => {
            "application/json; charset=utf-8"
        }
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

fn pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_of_the_default_board_gets_the_nearest_sample() {
        let samples = Samples::embedded().expect("a zone");
        let text = |host: &str, path: &str, query: &str| {
            let (body, _) = samples.find(false, host, path, query).expect("a response");
            String::from_utf8(body.to_vec()).expect("a text")
        };
        let board =
            text("api.irail.be", "/v1/liveboard", "id=BE.NMBS.008892007&format=json&lang=fr");
        assert!(board.contains("departures"), "{board}");
        let stations = text("api.irail.be", "/v1/stations", "format=json&lang=de");
        assert!(stations.contains("\"station\":"), "{stations:.300}");
        assert!(
            text("calendars-3.example", "/kalender.ics", "number=7").starts_with("BEGIN:VCALENDAR")
        );
        let news = text("news-3.example", "/nieuws.rss", "number=7");
        assert!(news.contains("<rss"), "{news:.300}");
        // No sample is of this portal, which its manifest names.
        let namur = "/api/explore/v2.1/catalog/datasets/stationnement-pmr/records";
        assert!(text("data.namur.be", namur, "limit=20").contains("results"));
        assert!(samples.find(false, "nobody.test", "/", "").is_none());
    }
}
