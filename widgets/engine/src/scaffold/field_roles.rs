//! Recognises the role of fields by their names and values: title, date, link, position, series.

use serde_json::Value;
use voordeur_widget_api::Severity;

use super::ScaffoldError;
use super::block_guess::{path, words};
use super::date_formats::{self, DateFormat};
use super::record_fields::{Field, is_link, number};
use super::record_list::normalised;

/// Names of title fields, the best first.
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
/// Parts of names that denote a name.
const TITLE_PARTS: [&str; 9] =
    ["title", "titel", "titre", "name", "naam", "nom", "label", "bezeichnung", "headline"];
/// Fields that describe the data rather than the record.
const NOT_TITLES: [&str; 18] = [
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
/// Names of start dates, the best first.
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
/// Names of publication and modification dates.
const PUBLISHED: [&str; 18] = [
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
/// Parts of the names of URLs that are not useful to a citizen.
const NOT_LINKS: [&str; 21] = [
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
const MEASUREMENTS: [&str; 11] = [
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

/// Fields by role.
pub struct FieldRoles<'f, 'a> {
    pub title: &'f Field<'a>,
    pub severity: Option<&'f Field<'a>>,
    pub start: Option<(&'f Field<'a>, DateFormat)>,
    pub end: Option<(&'f Field<'a>, DateFormat)>,
    pub published: Option<(&'f Field<'a>, DateFormat)>,
    /// Latitude and longitude, WGS84.
    pub position: Option<(&'f Field<'a>, &'f Field<'a>)>,
    /// Moment, its format, and the measured value.
    pub series: Option<(&'f Field<'a>, DateFormat, &'f Field<'a>)>,
    pub link: Option<&'f Field<'a>>,
    pub note: Option<&'f Field<'a>>,
    pub text: Option<&'f Field<'a>>,
    pub area: Option<&'f Field<'a>>,
    pub state: Option<&'f Field<'a>>,
}

impl<'f, 'a> FieldRoles<'f, 'a> {
    /// Recognises the roles.
    ///
    /// # Errors
    /// When no field is a text.
    pub fn of(all: &'f [Field<'a>], records: &[Value]) -> Result<Self, ScaffoldError> {
        let title = title(all).ok_or(ScaffoldError::NoTitle)?;
        let dated: Vec<(&'f Field<'a>, DateFormat)> =
            all.iter().filter_map(|field| Some((field, date_formats::of(field)?))).collect();
        let date = |names: &[&str]| {
            names.iter().find_map(|name| {
                let named = dated.iter().filter(|(field, _)| field.name == *name);
                named
                    .min_by_key(|(field, _)| {
                        // Of arrival and departure, departure comes first.
                        (!field.in_every_record(), field.depth, field.path.contains("arriv"))
                    })
                    .copied()
            })
        };
        let end = date(&ENDS);
        let published = date(&PUBLISHED);
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
        let severity = all.iter().find(|field| {
            field.name == "severity" && field.values.iter().any(|value| is_severity(value))
        });
        let worded = |names: &[&str]| {
            let named = all.iter().filter_map(|field| {
                let rank = names.iter().position(|name| field.name == *name)?;
                (field.is_descriptive() && field.path != title.path).then_some((
                    field.depth,
                    rank,
                    field,
                ))
            });
            // Deeply nested fields belong to something else, for instance the publisher.
            let near = named.filter(|(depth, ..)| *depth <= title.depth + 2);
            near.min_by_key(|(depth, rank, _)| (*depth, *rank)).map(|(.., field)| field)
        };
        Ok(FieldRoles {
            title,
            severity,
            start,
            end: end.filter(|(end, kind)| {
                start.is_some_and(|(start, of)| {
                    start.path != end.path && of.is_moment() == kind.is_moment()
                })
            }),
            published,
            position: position(all),
            series: series(all, &dated, records.len()),
            link: link(all),
            note: worded(&NOTES),
            text: worded(&ALERT_TEXTS),
            area: worded(&AREAS),
            state: all.iter().find(|field| {
                ["status", "state", "zustand", "etat"].iter().any(|name| field.name.ends_with(name))
                    && field.is_descriptive()
                    && field.path != title.path
                    && field.depth <= title.depth
                    && field.all(|value| value.as_str().is_some_and(|text| text.len() < 30))
            }),
        })
    }

    /// Adds the optional keys of a block.
    pub fn add_optional_keys(&self, kind: &str, keys: &mut Vec<(&'static str, String)>) {
        let date = |(field, kind): (&Field<'_>, DateFormat)| kind.read(&path(field));
        match kind {
            "alert" => {
                keys.extend(self.text.map(|field| ("text", words(field))));
                keys.extend(self.area.map(|field| ("area", words(field))));
                keys.extend(self.start.map(|start| ("start", date(start))));
                keys.extend(self.end.map(|end| ("end", date(end))));
            }
            "moments" => keys.extend(self.end.map(|end| ("end", date(end)))),
            "places" => keys.extend(self.start.map(|start| ("start", date(start)))),
            _ => {
                keys.extend(self.start.or(self.published).map(|published| ("at", date(published))))
            }
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

/// Latitude and longitude in degrees, which differ between records.
fn position<'f, 'a>(all: &'f [Field<'a>]) -> Option<(&'f Field<'a>, &'f Field<'a>)> {
    let degrees = |names: &[&str], most: f64| {
        all.iter().find(|field| {
            names.contains(&field.name.as_str())
                && field.all(|value| number(value).is_some_and(|degrees| degrees.abs() <= most))
        })
    };
    degrees(&["latitude", "lat", "y", "locationy"], 90.0)
        .zip(degrees(&["longitude", "long", "lon", "lng", "x", "locationx"], 180.0))
        .filter(|(latitude, _)| latitude.varies())
}

/// A moment and a measured value, one pair per record.
fn series<'f, 'a>(
    all: &'f [Field<'a>],
    dated: &[(&'f Field<'a>, DateFormat)],
    record_count: usize,
) -> Option<(&'f Field<'a>, DateFormat, &'f Field<'a>)> {
    let series = dated.iter().copied().filter(|(field, kind)| {
        // Values of several things at the same moment are not a series.
        kind.is_moment()
            && field.distinct_count() * 5 >= field.record_count * 4
            && !ENDS.contains(&field.name.as_str())
    });
    let measured = MEASUREMENTS.iter().find_map(|name| {
        all.iter().find(|field| field.name == *name && field.all(|value| number(value).is_some()))
    });
    (record_count > 1)
        .then(|| {
            series.min_by_key(|(field, _)| {
                STARTS.iter().position(|name| field.name == *name).unwrap_or(STARTS.len())
            })
        })
        .flatten()
        .zip(measured)
        .map(|((field, kind), value)| (field, kind, value))
}

fn title<'f, 'a>(all: &'f [Field<'a>]) -> Option<&'f Field<'a>> {
    let refused = |field: &Field<'_>| {
        NOT_TITLES.contains(&field.name.as_str())
            || (field.name.contains("status") && field.name != "status")
            || field
                .path
                .split('.')
                .any(|step| matches!(normalised(step).as_str(), "crs" | "links" | "author"))
    };
    let is_descriptive: Vec<&Field<'_>> =
        all.iter().filter(|field| field.is_descriptive() && !refused(field)).collect();
    let exact = |enough: &dyn Fn(&Field<'_>) -> bool| {
        TITLES.iter().find_map(|name| {
            let named = is_descriptive.iter().filter(|field| field.name == *name && enough(field));
            named.min_by_key(|field| (!field.in_every_record(), field.depth)).copied()
        })
    };
    let telling = |field: &&Field<'_>| {
        (
            std::cmp::Reverse(field.in_every_record()),
            std::cmp::Reverse(field.distinct_count()),
            field.depth,
        )
    };
    let naming = is_descriptive
        .iter()
        .filter(|field| TITLE_PARTS.iter().any(|part| field.name.contains(part)) && field.varies());
    exact(&|field| field.varies() && field.distinct_count() * 3 > field.values.len())
        .or_else(|| naming.copied().min_by_key(telling))
        .or_else(|| exact(&|field| field.varies()))
        .or_else(|| {
            is_descriptive.iter().copied().filter(|field| field.varies()).min_by_key(telling)
        })
        .or_else(|| exact(&|_| true))
        .or_else(|| is_descriptive.first().copied())
        .or_else(|| {
            let text = |field: &&Field<'_>| {
                field.all(Value::is_string)
                    && !field.all(is_link)
                    && date_formats::of(field).is_none()
            };
            let named = all.iter().filter(text).filter(|field| field.name == "id");
            named
                .min_by_key(|field| field.depth)
                .or_else(|| all.iter().filter(text).find(|field| !refused(field)))
        })
}

fn link<'f, 'a>(all: &'f [Field<'a>]) -> Option<&'f Field<'a>> {
    let leads = |field: &&Field<'_>| {
        let steps = field.path.split('.').map(normalised);
        field.all(is_link)
            && field.varies()
            && !steps.clone().any(|step| NOT_LINKS.iter().any(|part| step.contains(part)))
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

/// Whether the value is a severity of CAP 1.2.
pub fn is_severity(value: &Value) -> bool {
    value.as_str().is_some_and(|text| Severity::from_id(&text.to_lowercase()).is_some())
}
