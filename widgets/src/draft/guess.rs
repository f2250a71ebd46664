//! Guesses by names and by the shape of values what records are, and writes the block that shows them.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::Value;

use super::dates::{self, Kind};
use super::fields::{self, Field, is_link, number};
use super::records::bare;
use super::{DraftProblem, quoted, texts};

/// The severities of CAP 1.2, section 3.2.2, that a block has.
const SEVERITIES: [&str; 4] = ["minor", "moderate", "severe", "extreme"];
/// Names of fields that say what a record is, the best first.
const TITLES: [&str; 36] = [
    "title",
    "headline",
    "head",
    "titel",
    "titre",
    "weergavenaam",
    "shortdescription",
    "event",
    "name",
    "naam",
    "displayname",
    "nom",
    "nome",
    "label",
    "bezeichnung",
    "subject",
    "onderwerp",
    "betreff",
    "station",
    "stationname",
    "city",
    "locatie",
    "location",
    "place",
    "straatnaam",
    "street",
    "straat",
    "adresse",
    "adres",
    "address",
    "merk",
    "shortforecast",
    "summary",
    "description",
    "omschrijving",
    "status",
];
/// Parts of names that are words for a name.
const NAMING: [&str; 9] =
    ["title", "titel", "titre", "name", "naam", "nom", "label", "bezeichnung", "headline"];
/// What bears such a name, and says something about the data and not about the record.
const NO_TITLES: [&str; 18] = [
    "nodeid",
    "geometrytype",
    "serviceversion",
    "action",
    "geometryname",
    "type",
    "crs",
    "rel",
    "valuename",
    "language",
    "lang",
    "taal",
    "locale",
    "unit",
    "id",
    "format",
    "code",
    "filename",
];
/// When something is or begins, the best first.
const STARTS: [&str; 29] = [
    "start",
    "onset",
    "startdate",
    "starttime",
    "startsat",
    "startdatetime",
    "begin",
    "begindate",
    "validfrom",
    "from",
    "date",
    "datum",
    "day",
    "dag",
    "jour",
    "tag",
    "effective",
    "eventdate",
    "when",
    "time",
    "timestamp",
    "datetime",
    "at",
    "observationtime",
    "tijdstip",
    "von",
    "van",
    "phenomenontime",
    "measuredat",
];
const ENDS: [&str; 18] = [
    "end",
    "ends",
    "expires",
    "enddate",
    "endtime",
    "endsat",
    "enddatetime",
    "validto",
    "validuntil",
    "until",
    "einddatum",
    "ende",
    "bis",
    "to",
    "tot",
    "expiry",
    "expirydate",
    "stop",
];
/// When something was said or changed.
const SAID: [&str; 18] = [
    "published",
    "datepublished",
    "publishedat",
    "pubdate",
    "publicationdate",
    "issued",
    "sent",
    "metadatamodified",
    "modified",
    "lastmodified",
    "updatedat",
    "updated",
    "lastupdated",
    "lastupdate",
    "dateupdated",
    "createdat",
    "created",
    "metadatacreated",
];
const LINKS: [&str; 17] = [
    "url",
    "link",
    "href",
    "web",
    "website",
    "page",
    "webpage",
    "homepage",
    "landingpage",
    "permalink",
    "htmlurl",
    "weblink",
    "siteurl",
    "sitweb",
    "internet",
    "uri",
    "moreinfo",
];
/// Addresses that lead a citizen nowhere.
const NO_LINKS: [&str; 21] = [
    "resource",
    "distribution",
    "download",
    "operateson",
    "image",
    "icon",
    "logo",
    "licen",
    "crs",
    "schema",
    "author",
    "jurisdiction",
    "api",
    "detail",
    "xmlns",
    "thumb",
    "photo",
    "rel",
    "avatar",
    "organization",
    "publisher",
];
const NOTES: [&str; 19] = [
    "summary",
    "description",
    "samenvatting",
    "omschrijving",
    "beschreibung",
    "beschrijving",
    "abstract",
    "notes",
    "note",
    "shortforecast",
    "detailedforecast",
    "address",
    "adres",
    "adresse",
    "street",
    "location",
    "place",
    "municipality",
    "city",
];
const ALERT_TEXTS: [&str; 4] = ["description", "instruction", "summary", "text"];
const AREAS: [&str; 7] =
    ["areadesc", "area", "region", "regionname", "location", "municipality", "place"];
const MEASURED: [&str; 11] = [
    "value",
    "count",
    "counts",
    "measurement",
    "level",
    "waarde",
    "wert",
    "valeur",
    "numeriekewaarde",
    "obsvalue",
    "meetwaarde",
];

/// The block that shows records.
pub struct Guess {
    /// As it stands in a manifest.
    pub block: String,
    /// The indices of the records that it shows.
    pub shown: Vec<usize>,
}

/// Records, where they stand, and what is known of the answer.
pub struct Records<'a> {
    /// The path of the list, as `at` takes it; empty when the answer is the list.
    pub path: &'a str,
    /// What is in it.
    pub list: &'a [Value],
    /// Paths of lists that would have done as well.
    pub others: &'a [String],
    /// The day on which it was answered.
    pub today: Date,
}

/// A key of a thing: the expression for it, and what must hold of a record so that it can be shown.
struct Needed<'f, 'a> {
    field: &'f Field<'a>,
    fits: Box<dyn Fn(&Value) -> bool + 'f>,
    condition: String,
}

impl Records<'_> {
    /// The block. `plainness` 0 shows all that was recognised, 1 what is needed, 2 only a list of titles.
    ///
    /// # Errors
    /// When no field is a text.
    pub fn guess(&self, plainness: u8) -> Result<Guess, DraftProblem> {
        let all = fields::of(self.list);
        let found = Recognised::of(&all, self.list)?;
        let mut keys: Vec<(&str, String)> = Vec::new();
        let mut needed = vec![needed_words(found.title)];
        let mut comment = String::new();
        let date = |field: &Field<'_>, kind: Kind| kind.read(&path(field));
        let kind = match &found {
            Recognised { severity: Some(severity), .. } if plainness < 2 => {
                keys.push(("severity", format!("lower({})", path(severity))));
                let item = path(severity);
                let four = SEVERITIES.map(|word| format!("'{word}'")).join(", ");
                needed.push(Needed {
                    field: severity,
                    fits: Box::new(is_severity),
                    condition: format!("lower(coalesce({item}, '')) in [{four}]"),
                });
                "alert"
            }
            Recognised { series: Some((field, at, value)), .. } if plainness < 2 => {
                keys.push(("unit", "'TODO unit'".to_owned()));
                keys.push(("at", date(field, *at)));
                keys.push(("value", format!("number({})", path(value))));
                needed = vec![needed_date(field, *at), needed_number(value)];
                "series"
            }
            Recognised { position: Some((latitude, longitude)), .. } if plainness < 2 => {
                let (centre, radius) = circle(latitude, longitude, self.list);
                comment.push_str("# The circle around all of them: use the citizen's place when the card asks for one.\n");
                keys.push(("centre", format!("[{:?}, {:?}]", centre.0, centre.1)));
                keys.push(("radius", format!("{radius:?}")));
                keys.push(("latitude", format!("number({})", path(latitude))));
                keys.push(("longitude", format!("number({})", path(longitude))));
                needed.extend([needed_number(latitude), needed_number(longitude)]);
                "places"
            }
            Recognised { start: Some((field, at)), .. } if plainness < 2 => {
                keys.push(("start", date(field, *at)));
                needed.push(needed_date(field, *at));
                "moments"
            }
            _ => "list",
        };
        if kind != "series" {
            keys.push(("title", words(found.title)));
        }
        if plainness == 0 && kind != "series" {
            found.more(kind, &mut keys);
        }

        let mut conditions = Vec::new();
        let mut shown: Vec<usize> = (0..self.list.len()).collect();
        for one in &needed {
            let fits = |record: &Value| one.field.of(record).is_some_and(|value| (one.fits)(value));
            if !self.list.iter().all(fits) {
                conditions.push(one.condition.clone());
                shown.retain(|at| fits(&self.list[*at]));
            }
        }
        let mut order = String::new();
        match kind {
            "moments" => {
                let (start, at) = found.start.ok_or(DraftProblem::NoTitle)?;
                let ends = |record: &Value| {
                    let end = found.end.and_then(|(end, kind)| dates::day(end.of(record)?, kind));
                    end.or_else(|| dates::day(start.of(record)?, at))
                };
                let read = |(field, kind): (&Field<'_>, Kind)| match kind.is_moment() {
                    true => format!("day({})", date(field, kind)),
                    false => date(field, kind),
                };
                let last = match found.end {
                    Some(end) => format!("coalesce({}, {})", read(end), read((start, at))),
                    None => read((start, at)),
                };
                let comes = |record: &Value| ends(record).is_some_and(|day| day >= self.today);
                let _ = writeln!(order, "sort = {}", quoted(&date(start, at)));
                if shown.iter().any(|index| comes(&self.list[*index])) {
                    conditions.push(format!("{last} >= today"));
                    shown.retain(|index| comes(&self.list[*index]));
                } else {
                    order.push_str("descending = true\n");
                }
            }
            "list" | "places" => {
                let key = keys.iter().find(|(key, _)| matches!(*key, "at" | "start"));
                if let Some((_, key)) = key {
                    let _ = writeln!(order, "sort = {}\ndescending = true", quoted(key));
                }
            }
            _ => {}
        }

        let each = match self.path {
            "" => "list(answer)".to_owned(),
            path => format!("list(at(answer, '{path}'))"),
        };
        if !self.others.is_empty() {
            let _ = writeln!(comment, "# The same stands in: {}.", self.others.join(", "));
        }
        let mut block =
            format!("{comment}[[view.block]]\nkind = \"{kind}\"\neach = {}\n", quoted(&each));
        if !conditions.is_empty() {
            let _ = writeln!(block, "keep = {}", quoted(&conditions.join(" && ")));
        }
        block.push_str(&order);
        if kind != "series" {
            block.push_str("limit = 20\n");
        }
        let _ = writeln!(block, "empty = {}", texts("what to say when there is nothing."));
        if kind == "series" {
            let _ = writeln!(block, "label = {}", texts("what is measured"));
        }
        for (key, expression) in keys {
            let _ = writeln!(block, "{key} = {}", quoted(&expression));
        }
        Ok(Guess { block, shown })
    }
}

/// Fields by what they are to a citizen.
struct Recognised<'f, 'a> {
    title: &'f Field<'a>,
    severity: Option<&'f Field<'a>>,
    start: Option<(&'f Field<'a>, Kind)>,
    end: Option<(&'f Field<'a>, Kind)>,
    said: Option<(&'f Field<'a>, Kind)>,
    position: Option<(&'f Field<'a>, &'f Field<'a>)>,
    series: Option<(&'f Field<'a>, Kind, &'f Field<'a>)>,
    link: Option<&'f Field<'a>>,
    note: Option<&'f Field<'a>>,
    text: Option<&'f Field<'a>>,
    area: Option<&'f Field<'a>>,
    state: Option<&'f Field<'a>>,
}

impl<'f, 'a> Recognised<'f, 'a> {
    fn of(all: &'f [Field<'a>], records: &[Value]) -> Result<Self, DraftProblem> {
        let title = title(all).ok_or(DraftProblem::NoTitle)?;
        let dated: Vec<(&Field<'_>, Kind)> =
            all.iter().filter_map(|field| Some((field, dates::of(field)?))).collect();
        let date = |names: &[&str]| {
            names.iter().find_map(|name| {
                let named = dated.iter().filter(|(field, _)| field.name == *name);
                named
                    .min_by_key(|(field, _)| {
                        // Where both are told, a citizen leaves first.
                        (!field.everywhere(), field.depth, field.path.contains("arriv"))
                    })
                    .copied()
            })
        };
        let end = date(&ENDS);
        let said = date(&SAID);
        let start = date(&STARTS).or_else(|| {
            let other = |name: &str| {
                ENDS.contains(&name)
                    || [
                        "updat", "maj", "modif", "creat", "publi", "issued", "sent", "version",
                        "expir", "stamp", "stand", "origin", "status", "record", "end",
                    ]
                    .iter()
                    .any(|part| name.contains(part))
            };
            dated.iter().find(|(field, _)| !other(&field.name) && field.depth <= 4).copied()
        });
        let degrees = |names: &[&str], most: f64| {
            all.iter().find(|field| {
                names.contains(&field.name.as_str())
                    && field.all(|value| number(value).is_some_and(|degrees| degrees.abs() <= most))
            })
        };
        let position = degrees(&["latitude", "lat", "y", "locationy"], 90.0)
            .zip(degrees(&["longitude", "long", "lon", "lng", "x", "locationx"], 180.0))
            .filter(|(latitude, _)| latitude.varied());
        let series = dated.iter().copied().filter(|(field, kind)| {
            // Values of several things at one moment are no line.
            kind.is_moment()
                && field.distinct() * 5 >= field.seen * 4
                && !ENDS.contains(&field.name.as_str())
        });
        let measured = MEASURED.iter().find_map(|name| {
            all.iter()
                .find(|field| field.name == *name && field.all(|value| number(value).is_some()))
        });
        let series = (records.len() > 1)
            .then(|| {
                series.min_by_key(|(field, _)| {
                    STARTS.iter().position(|name| field.name == *name).unwrap_or(STARTS.len())
                })
            })
            .flatten()
            .zip(measured)
            .map(|((field, kind), value)| (field, kind, value));
        let severity = all.iter().find(|field| {
            field.name == "severity" && field.values.iter().any(|value| is_severity(value))
        });
        let worded = |names: &[&str]| {
            let named = all.iter().filter_map(|field| {
                let rank = names.iter().position(|name| field.name == *name)?;
                (field.says() && field.path != title.path).then_some((field.depth, rank, field))
            });
            // What stands deep belongs to something else: to who publishes it, say.
            let near = named.filter(|(depth, ..)| *depth <= title.depth + 2);
            near.min_by_key(|(depth, rank, _)| (*depth, *rank)).map(|(.., field)| field)
        };
        Ok(Recognised {
            title,
            severity,
            start,
            end: end.filter(|(end, kind)| {
                start.is_some_and(|(start, of)| {
                    start.path != end.path && of.is_moment() == kind.is_moment()
                })
            }),
            said,
            position,
            series,
            link: link(all),
            note: worded(&NOTES),
            text: worded(&ALERT_TEXTS),
            area: worded(&AREAS),
            state: all.iter().find(|field| {
                ["status", "state", "zustand", "etat"].iter().any(|name| field.name.ends_with(name))
                    && field.says()
                    && field.path != title.path
                    && field.depth <= title.depth
                    && field.all(|value| value.as_str().is_some_and(|text| text.len() < 30))
            }),
        })
    }

    /// The keys that may be left out.
    fn more(&self, kind: &str, keys: &mut Vec<(&'static str, String)>) {
        let date = |(field, kind): (&Field<'_>, Kind)| kind.read(&path(field));
        match kind {
            "alert" => {
                keys.extend(self.text.map(|field| ("text", words(field))));
                keys.extend(self.area.map(|field| ("area", words(field))));
                keys.extend(self.start.map(|start| ("start", date(start))));
                keys.extend(self.end.map(|end| ("end", date(end))));
            }
            "moments" => keys.extend(self.end.map(|end| ("end", date(end)))),
            "places" => keys.extend(self.start.map(|start| ("start", date(start)))),
            _ => keys.extend(self.start.or(self.said).map(|said| ("at", date(said)))),
        }
        if kind != "alert" {
            keys.extend(self.note.map(|field| ("note", words(field))));
        }
        if matches!(kind, "list" | "places") {
            keys.extend(self.state.map(|field| ("tag", words(field))));
        }
        keys.extend(self.link.map(|field| ("link", path(field))));
    }
}

fn title<'f, 'a>(all: &'f [Field<'a>]) -> Option<&'f Field<'a>> {
    let refused = |field: &Field<'_>| {
        NO_TITLES.contains(&field.name.as_str())
            || (field.name.contains("status") && field.name != "status")
            || field
                .path
                .split('.')
                .any(|step| matches!(bare(step).as_str(), "crs" | "links" | "author"))
    };
    let says: Vec<&Field<'_>> =
        all.iter().filter(|field| field.says() && !refused(field)).collect();
    let exact = |enough: &dyn Fn(&Field<'_>) -> bool| {
        TITLES.iter().find_map(|name| {
            let named = says.iter().filter(|field| field.name == *name && enough(field));
            named.min_by_key(|field| (!field.everywhere(), field.depth)).copied()
        })
    };
    let telling = |field: &&Field<'_>| {
        (std::cmp::Reverse(field.everywhere()), std::cmp::Reverse(field.distinct()), field.depth)
    };
    let naming = says
        .iter()
        .filter(|field| NAMING.iter().any(|part| field.name.contains(part)) && field.varied());
    exact(&|field| field.varied() && field.distinct() * 3 > field.values.len())
        .or_else(|| naming.copied().min_by_key(telling))
        .or_else(|| exact(&|field| field.varied()))
        .or_else(|| says.iter().copied().filter(|field| field.varied()).min_by_key(telling))
        .or_else(|| exact(&|_| true))
        .or_else(|| says.first().copied())
        .or_else(|| {
            let text = |field: &&Field<'_>| {
                field.all(Value::is_string) && !field.all(is_link) && dates::of(field).is_none()
            };
            let named = all.iter().filter(text).filter(|field| field.name == "id");
            named
                .min_by_key(|field| field.depth)
                .or_else(|| all.iter().filter(text).find(|field| !refused(field)))
        })
}

fn link<'f, 'a>(all: &'f [Field<'a>]) -> Option<&'f Field<'a>> {
    let leads = |field: &&Field<'_>| {
        let steps = field.path.split('.').map(bare);
        field.all(is_link)
            && field.varied()
            && !steps.clone().any(|step| NO_LINKS.iter().any(|part| step.contains(part)))
            && !field.path.ends_with("@id")
            && !field.all(|value| {
                let text = value.as_str().unwrap_or_default().to_lowercase();
                ["/api/", "//api.", "/api."].iter().any(|part| text.contains(part))
                    || [".xml", ".json", ".geojson", ".png", ".jpg"]
                        .iter()
                        .any(|end| text.ends_with(end))
            })
    };
    let links: Vec<&Field<'_>> = all.iter().filter(leads).collect();
    let exact = LINKS.iter().find_map(|name| {
        links.iter().filter(|field| field.name == *name).min_by_key(|field| field.depth).copied()
    });
    let ends = |field: &&&Field<'_>| {
        ["url", "link", "website", "page", "href"].iter().any(|end| field.name.ends_with(end))
    };
    exact.or_else(|| links.iter().filter(ends).min_by_key(|field| field.depth).copied())
}

/// Whether it is one of the four severities that a block has.
pub fn is_severity(value: &Value) -> bool {
    value.as_str().is_some_and(|text| SEVERITIES.contains(&text.to_lowercase().as_str()))
}

fn path(field: &Field<'_>) -> String {
    format!("at(item, '{}')", field.path)
}

/// The words of a field: in the citizen's language, and without the markup that is in them.
fn words(field: &Field<'_>) -> String {
    let item = path(field);
    if field.translated {
        return format!("translated({item})");
    }
    let marked = |value: &&Value| {
        value
            .as_str()
            .is_some_and(|text| text.contains('<') || (text.contains('&') && text.contains(';')))
    };
    if field.values.iter().any(marked) { format!("plain({item})") } else { item }
}

fn needed_words<'f, 'a>(field: &'f Field<'a>) -> Needed<'f, 'a> {
    let condition = if field.translated {
        format!("translated({}) != null", path(field))
    } else {
        format!("coalesce({}, '') != ''", path(field))
    };
    Needed { field, fits: Box::new(|value| field.translated || value.is_string()), condition }
}

fn needed_number<'f, 'a>(field: &'f Field<'a>) -> Needed<'f, 'a> {
    let condition = format!("number({}) != null", path(field));
    Needed { field, fits: Box::new(|value| number(value).is_some()), condition }
}

fn needed_date<'f, 'a>(field: &'f Field<'a>, kind: Kind) -> Needed<'f, 'a> {
    let condition = format!("{} != null", kind.read(&path(field)));
    let fits = move |value: &Value| {
        dates::kind(value, &field.name).is_some_and(|found| found == kind || kind == Kind::Day)
    };
    Needed { field, fits: Box::new(fits), condition }
}

/// The middle of all positions, and how far from it the farthest may be, in whole kilometres given in metres.
fn circle(latitude: &Field<'_>, longitude: &Field<'_>, records: &[Value]) -> ((f64, f64), f64) {
    let middle = |field: &Field<'_>| {
        let numbers = records.iter().filter_map(|record| number(field.of(record)?));
        let (least, most) = numbers.fold((f64::MAX, f64::MIN), |(least, most), number| {
            (least.min(number), most.max(number))
        });
        (((least + most) * 500.0).round() / 1_000.0, most - least)
    };
    let ((north, high), (east, wide)) = (middle(latitude), middle(longitude));
    // A degree of latitude is 111 km; one of longitude is less away from the equator.
    let wide = wide * north.to_radians().cos();
    let radius = (high.hypot(wide) * 111.2 / 2.0).ceil().clamp(1.0, 20_000.0);
    ((north, east), radius * 1_000.0)
}
