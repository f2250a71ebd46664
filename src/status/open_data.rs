//! How open the data of a service is: five criteria, each decided from the manifests and the
//! samples.

use serde_json::Value;
use voordeur_widget_api::{Format, Licence, Request};

/// The five criteria.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenDataScore {
    pub no_key: bool,
    /// A manifest names its documentation.
    pub documented: bool,
    /// Every response in the samples follows an open standard.
    pub standard_format: bool,
    /// Every licence allows anyone to use, change and share the data.
    pub open_licence: bool,
    pub https: bool,
}

impl OpenDataScore {
    /// The number of criteria.
    pub const MAX: usize = 5;

    /// The number of criteria that are met.
    pub fn score(self) -> usize {
        [self.no_key, self.documented, self.standard_format, self.open_licence, self.https]
            .into_iter()
            .filter(|yes| *yes)
            .count()
    }
}

/// Prefixes of the names of licences that conform to the Open Definition 2.1
/// (opendefinition.org/licenses), and of equivalent licences of European governments: OGL (United
/// Kingdom), Licence Ouverte (France), Datenlizenz Deutschland, Modellicentie Gratis Hergebruik
/// (Flanders), IODL (Italy), NLOD (Norway).
const OPEN_LICENCES: [&str; 13] = [
    "cc0",
    "cc by",
    "odbl",
    "odc-by",
    "pddl",
    "ogl",
    "licence ouverte",
    "etalab",
    "dl-de/",
    "datenlizenz deutschland",
    "modellicentie gratis hergebruik",
    "iodl",
    "nlod",
];

/// Whether a licence is open, judged by its name.
pub fn is_open(licence: &Licence) -> bool {
    let name = licence.name.to_lowercase().replace("cc-", "cc ");
    let restricted = ["-nc", "-nd", " nc", " nd"].iter().any(|part| name.contains(part));
    let public_domain = name.starts_with("public domain");
    public_domain || (!restricted && OPEN_LICENCES.iter().any(|known| name.starts_with(known)))
}

/// The open standard that a response follows, as declared by the manifest or recognised in the
/// response.
pub fn standard_of(request: &Request, answer: &Value) -> Option<&'static str> {
    match request.format {
        Format::Feed => Some("RSS/Atom"),
        Format::Csv => Some("CSV"),
        Format::ICalendar => Some("iCalendar"),
        Format::Cap => Some("CAP"),
        Format::GeoJson => Some("GeoJSON"),
        Format::GtfsRealtime => Some("GTFS Realtime"),
        Format::JsonStat => Some("JSON-stat"),
        Format::Xml => detect_xml_standard(answer),
        Format::Json | Format::JsonLines => detect_json_standard(request, answer),
    }
}

/// By the members that each standard requires.
fn detect_json_standard(request: &Request, answer: &Value) -> Option<&'static str> {
    let text = |key: &str| answer.get(key).and_then(Value::as_str);
    let accepts = |kind: &str| {
        let says = |(name, value): &(String, String)| {
            name.eq_ignore_ascii_case("accept") && value.contains(kind)
        };
        request.headers.iter().any(says)
    };
    // RFC 7946, section 3.3; JSON-stat 2.0, “class”; OData 4.01 JSON, section 4.5; JSON:API 1.1,
    // section 5; JSON-LD 1.1, section 3.1.
    if text("type") == Some("FeatureCollection") && answer.get("features").is_some() {
        Some("GeoJSON")
    } else if text("class") == Some("dataset") && answer.get("value").is_some() {
        Some("JSON-stat")
    } else if answer.get("@odata.context").is_some() || answer.get("odata.metadata").is_some() {
        Some("OData")
    } else if accepts("application/vnd.api+json") && answer.get("data").is_some() {
        Some("JSON:API")
    } else if answer.get("@context").is_some() {
        Some("JSON-LD")
    } else {
        None
    }
}

/// By the child elements of the root: the tree does not keep the root's name.
fn detect_xml_standard(answer: &Value) -> Option<&'static str> {
    let has = |name: &str| answer.get(name).is_some();
    // RFC 4287, section 4.1.1; searchRetrieve 1.0 of OASIS; RSS 2.0; CAP 1.2, section 3.2.1.
    if has("id") && has("updated") && has("title") {
        Some("RSS/Atom")
    } else if has("numberOfRecords") && has("version") {
        Some("SRU")
    } else if has("channel") {
        Some("RSS/Atom")
    } else if has("identifier") && has("sender") && has("msgType") {
        Some("CAP")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_recognised_by_its_name() {
        let open = |name: &str| is_open(&Licence { name: name.to_owned(), url: None });
        for name in [
            "CC0 1.0",
            "CC BY 4.0",
            "CC-BY-SA 4.0",
            "ODbL 1.0",
            "OGL v3.0",
            "Licence Ouverte",
            "Modellicentie Gratis Hergebruik v1.0",
            "Public domain (USGS)",
        ] {
            assert!(open(name), "{name}");
        }
        for name in [
            "CC BY-NC 4.0",
            "CC-BY-ND 4.0",
            "© de uitgever",
            "TfL Open Data",
            "Per dataset",
            "Rijksoverheid – copyright",
        ] {
            assert!(!open(name), "{name}");
        }
    }

    #[test]
    fn the_score_counts_the_criteria() {
        let all = OpenDataScore {
            no_key: true,
            documented: true,
            standard_format: true,
            open_licence: true,
            https: true,
        };
        assert_eq!(all.score(), OpenDataScore::MAX);
        assert_eq!(OpenDataScore { no_key: false, documented: false, ..all }.score(), 3);
    }
}
