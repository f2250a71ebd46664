//! What services would answer: the samples of the widgets. Each widget says what it asks for its samples; another request is answered like
//! the nearest of these.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use hyper::body::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;
use voordeur::cards::ZONE;
use voordeur_engine::{Catalogue, SampleRun, sample_body};
use voordeur_widget_api::{Language, Method, Request};

use super::shift::shifted;

/// The host under which the addresses of citizens' own are known.
const OF_CITIZENS: &str = "example";

/// Every answer.
pub struct Answers {
    by_host: HashMap<String, Vec<CachedResponse>>,
    stored: Vec<Stored>,
    zone: TimeZone,
}

/// A request that a widget makes for one of its samples.
#[derive(Clone)]
struct CachedResponse {
    post: bool,
    path: Vec<String>,
    query: Vec<(String, String)>,
    stored: usize,
}

/// A stored answer, and what it is when it is told this minute.
struct Stored {
    bytes: Vec<u8>,
    moment: Timestamp,
    told: Mutex<Option<(i64, Bytes)>>,
}

impl Answers {
    /// The answers to all that the embedded widgets ask.
    ///
    /// # Errors
    /// When the zone of Brussels is not in the bundled database.
    pub fn of_embedded() -> Result<Self, jiff::Error> {
        let zone = TimeZone::get(ZONE)?;
        let mut answers =
            Answers { by_host: HashMap::new(), stored: Vec::new(), zone: zone.clone() };
        let (catalogue, _) = Catalogue::embedded();
        for widget in catalogue.all() {
            let mut hosts = BTreeSet::new();
            for sample in widget.samples().iter().filter(|sample| sample.name != "malformed") {
                let runs = Language::ALL
                    .map(|language| SampleRun::new(widget.as_ref(), sample, language, &zone).asked);
                for asked in runs.iter().flatten() {
                    let request = &asked.request;
                    if let Some(body) = sample_body(sample, request) {
                        hosts.extend(answers.know(request, body, sample.moment));
                    }
                }
            }
            // A portal that no sample was recorded of answers like the others of its widget.
            let like: Vec<CachedResponse> =
                hosts.iter().flat_map(|host| &answers.by_host[host]).cloned().collect();
            for host in &widget.manifest().hosts {
                answers.by_host.entry(host.clone()).or_insert_with(|| like.clone());
            }
        }
        Ok(answers)
    }

    /// Takes in an answer. Gives the host of it.
    fn know(&mut self, request: &Request, body: &[u8], moment: Timestamp) -> Option<String> {
        let url = Url::parse(&request.url).ok()?;
        let host = url.host_str().filter(|_| !request.given_by_citizen).unwrap_or(OF_CITIZENS);
        let same = |stored: &Stored| stored.bytes == body && stored.moment == moment;
        let stored = self.stored.iter().position(same).unwrap_or_else(|| {
            self.stored.push(Stored { bytes: body.to_vec(), moment, told: Mutex::default() });
            self.stored.len() - 1
        });
        let known = CachedResponse {
            post: request.method == Method::Post,
            path: segments(url.path()),
            query: pairs(url.query().unwrap_or_default()),
            stored,
        };
        self.by_host.entry(host.to_owned()).or_default().push(known);
        Some(host.to_owned())
    }

    /// The answer to a request; nothing when no widget asks that host for anything.
    pub fn to(&self, post: bool, host: &str, path: &str, query: &str) -> Option<Bytes> {
        let known = self
            .by_host
            .get(host)
            .or_else(|| self.by_host.get(OF_CITIZENS).filter(|_| host.ends_with(OF_CITIZENS)))?;
        let (path, query) = (segments(path), pairs(query));
        // Of equally near ones the first: the normal sample comes before the others.
        let nearest = known.iter().filter(|known| known.post == post).enumerate().max_by_key(
            |(index, known)| (known.nearness(&path, &query), std::cmp::Reverse(*index)),
        )?;
        Some(self.stored[nearest.1.stored].told(&self.zone))
    }
}

impl CachedResponse {
    fn nearness(&self, path: &[String], query: &[(String, String)]) -> usize {
        let same_length = if self.path.len() == path.len() { 100 } else { 0 };
        let same = self.path.iter().zip(path).filter(|(one, other)| one == other).count() * 20;
        // A calendar is no feed.
        let kind = |path: &[String]| {
            path.last().and_then(|it| it.rsplit_once('.')).map(|it| it.1.to_owned())
        };
        let same_kind = if kind(&self.path) == kind(path) { 10 } else { 0 };
        let asked = query.iter().map(|pair| {
            if self.query.contains(pair) {
                2
            } else {
                usize::from(self.query.iter().any(|(name, _)| *name == pair.0))
            }
        });
        same_length + same + same_kind + asked.sum::<usize>()
    }
}

impl Stored {
    fn told(&self, zone: &TimeZone) -> Bytes {
        let now = Timestamp::now();
        let minute = now.as_second() / 60;
        let mut told = self.told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &*told {
            Some((at, bytes)) if *at == minute => bytes.clone(),
            _ => {
                let bytes = match std::str::from_utf8(&self.bytes) {
                    Ok(text) => Bytes::from(shifted(text, self.moment, now, zone)),
                    Err(_) => Bytes::from(self.bytes.clone()),
                };
                *told = Some((minute, bytes.clone()));
                bytes
            }
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
    fn each_service_of_the_first_board_is_answered_like_its_nearest_sample() {
        let answers = Answers::of_embedded().expect("a zone");
        let text = |host: &str, path: &str, query: &str| {
            let answer = answers.to(false, host, path, query).expect("an answer");
            String::from_utf8(answer.to_vec()).expect("a text")
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
        // None of its samples is of this portal, which its manifest names.
        let namur = "/api/explore/v2.1/catalog/datasets/stationnement-pmr/records";
        assert!(text("data.namur.be", namur, "limit=20").contains("results"));
        assert!(answers.to(false, "nobody.test", "/", "").is_none());
    }
}
