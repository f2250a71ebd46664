use crate::{Place, Province};

/// Where a service has something to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The whole world, or whatever address a citizen gives.
    Everywhere,
    /// These areas, and nowhere else.
    Areas(Vec<Area>),
}

/// A part of the world, as a manifest names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Area {
    /// A country, by its code in ISO 3166-1: two capitals.
    Country(String),
    /// A region of Belgium.
    Region(Region),
    /// A province of Belgium.
    Province(Province),
    /// A municipality of Belgium, by its code in the register of Statbel.
    Municipality(String),
}

/// The regions of Belgium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the English name of the region")]
pub enum Region {
    Flanders,
    Brussels,
    Wallonia,
}

/// How near to a place the area is by which a service covers it, the widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// The service covers every place.
    World,
    /// It covers the country.
    Country,
    /// It covers the region.
    Region,
    /// It covers the province.
    Province,
    /// It covers the municipality.
    Municipality,
}

/// Where every [`Place`] is.
const COUNTRY_OF_PLACES: &str = "BE";

impl Coverage {
    /// Whether a place is covered: by its narrowest area.
    pub fn covers(&self, place: &Place) -> Option<Nearness> {
        match self {
            Coverage::Everywhere => Some(Nearness::World),
            Coverage::Areas(areas) => areas.iter().filter_map(|area| area.holds(place)).max(),
        }
    }
}

impl Area {
    fn holds(&self, place: &Place) -> Option<Nearness> {
        let (holds, nearness) = match self {
            Area::Country(code) => (code == COUNTRY_OF_PLACES, Nearness::Country),
            Area::Region(region) => (*region == place.province.region(), Nearness::Region),
            Area::Province(province) => (*province == place.province, Nearness::Province),
            Area::Municipality(nis) => (*nis == place.nis, Nearness::Municipality),
        };
        holds.then_some(nearness)
    }
}

impl Region {
    /// All regions.
    pub const ALL: [Region; 3] = [Region::Flanders, Region::Brussels, Region::Wallonia];

    /// The id used in manifests.
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

    fn covers(areas: &[Area]) -> Option<Nearness> {
        Coverage::Areas(areas.to_vec()).covers(&grimbergen())
    }

    #[test]
    fn a_place_is_covered_by_each_area_that_holds_it() {
        assert_eq!(Coverage::Everywhere.covers(&grimbergen()), Some(Nearness::World));
        assert_eq!(covers(&[Area::Country("BE".to_owned())]), Some(Nearness::Country));
        assert_eq!(covers(&[Area::Region(Region::Flanders)]), Some(Nearness::Region));
        assert_eq!(covers(&[Area::Province(Province::VlaamsBrabant)]), Some(Nearness::Province));
        assert_eq!(covers(&[Area::Municipality("23025".to_owned())]), Some(Nearness::Municipality));
    }

    #[test]
    fn a_place_is_not_covered_by_areas_that_do_not_hold_it() {
        assert_eq!(covers(&[]), None);
        assert_eq!(covers(&[Area::Country("NL".to_owned())]), None);
        assert_eq!(covers(&[Area::Region(Region::Brussels), Area::Region(Region::Wallonia)]), None);
        assert_eq!(covers(&[Area::Province(Province::WaalsBrabant)]), None);
        assert_eq!(covers(&[Area::Municipality("44021".to_owned())]), None);
    }

    #[test]
    fn the_narrowest_area_counts() {
        let areas = [
            Area::Municipality("44021".to_owned()),
            Area::Province(Province::VlaamsBrabant),
            Area::Country("BE".to_owned()),
        ];
        assert_eq!(covers(&areas), Some(Nearness::Province));
    }
}
