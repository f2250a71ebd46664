use crate::{Place, Province};

/// The area for which a service has data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Anywhere, or whatever a URL from the citizen covers.
    Everywhere,
    /// Only these areas.
    Areas(Vec<Area>),
}

/// A geographical area in a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Area {
    /// A country, by its ISO 3166-1 alpha-2 code in upper case.
    Country(String),
    /// A region of Belgium.
    Region(Region),
    /// A province of Belgium.
    Province(Province),
    /// A municipality of Belgium, by its NIS code (Statbel).
    Municipality(String),
}

/// The regions of Belgium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are the English names of the regions")]
pub enum Region {
    Flanders,
    Brussels,
    Wallonia,
}

/// The administrative level at which a service covers a place; ordered from widest to narrowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CoverageLevel {
    /// Every place is covered.
    World,
    /// The country is covered.
    Country,
    /// The region is covered.
    Region,
    /// The province is covered.
    Province,
    /// The municipality is covered.
    Municipality,
}

/// The country of every [`Place`].
const COUNTRY_OF_PLACES: &str = "BE";

impl Coverage {
    /// The narrowest level at which a place is covered; `None` when it is not covered.
    pub fn covers(&self, place: &Place) -> Option<CoverageLevel> {
        match self {
            Coverage::Everywhere => Some(CoverageLevel::World),
            Coverage::Areas(areas) => areas.iter().filter_map(|area| area.level_of(place)).max(),
        }
    }
}

impl Coverage {
    /// Whether some place can be covered: every place, or areas in the country of places.
    pub fn is_domestic(&self) -> bool {
        match self {
            Coverage::Everywhere => true,
            Coverage::Areas(areas) => areas.iter().any(|area| match area {
                Area::Country(code) => code == COUNTRY_OF_PLACES,
                Area::Region(_) | Area::Province(_) | Area::Municipality(_) => true,
            }),
        }
    }
}

impl Area {
    fn level_of(&self, place: &Place) -> Option<CoverageLevel> {
        let (covered, level) = match self {
            Area::Country(code) => (code == COUNTRY_OF_PLACES, CoverageLevel::Country),
            Area::Region(region) => (*region == place.province.region(), CoverageLevel::Region),
            Area::Province(province) => (*province == place.province, CoverageLevel::Province),
            Area::Municipality(nis) => (*nis == place.nis, CoverageLevel::Municipality),
        };
        covered.then_some(level)
    }
}

impl Region {
    /// All regions.
    pub const ALL: [Region; 3] = [Region::Flanders, Region::Brussels, Region::Wallonia];

    /// The id in manifests.
    pub fn id(self) -> &'static str {
        match self {
            Region::Flanders => "flanders",
            Region::Brussels => "brussels",
            Region::Wallonia => "wallonia",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Texts;

    fn grimbergen() -> Place {
        Place {
            postcode: "1850".to_owned(),
            locality: "Grimbergen".to_owned(),
            municipality: Texts::same("Grimbergen"),
            nis: "23025".to_owned(),
            province: Province::VlaamsBrabant,
            latitude: 50.93,
            longitude: 4.37,
        }
    }

    fn covers(areas: &[Area]) -> Option<CoverageLevel> {
        Coverage::Areas(areas.to_vec()).covers(&grimbergen())
    }

    #[test]
    fn a_place_is_covered_by_each_area_that_contains_it() {
        assert_eq!(Coverage::Everywhere.covers(&grimbergen()), Some(CoverageLevel::World));
        assert_eq!(covers(&[Area::Country("BE".to_owned())]), Some(CoverageLevel::Country));
        assert_eq!(covers(&[Area::Region(Region::Flanders)]), Some(CoverageLevel::Region));
        assert_eq!(
            covers(&[Area::Province(Province::VlaamsBrabant)]),
            Some(CoverageLevel::Province)
        );
        assert_eq!(
            covers(&[Area::Municipality("23025".to_owned())]),
            Some(CoverageLevel::Municipality)
        );
    }

    #[test]
    fn a_place_is_not_covered_by_areas_that_do_not_contain_it() {
        assert_eq!(covers(&[]), None);
        assert_eq!(covers(&[Area::Country("NL".to_owned())]), None);
        assert_eq!(covers(&[Area::Region(Region::Brussels), Area::Region(Region::Wallonia)]), None);
        assert_eq!(covers(&[Area::Province(Province::WaalsBrabant)]), None);
        assert_eq!(covers(&[Area::Municipality("44021".to_owned())]), None);
    }

    #[test]
    fn the_narrowest_level_is_returned() {
        let areas = [
            Area::Municipality("44021".to_owned()),
            Area::Province(Province::VlaamsBrabant),
            Area::Country("BE".to_owned()),
        ];
        assert_eq!(covers(&areas), Some(CoverageLevel::Province));
    }
}
