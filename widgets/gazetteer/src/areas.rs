//! The areas that a service can cover: countries, and the regions, provinces and municipalities of
//! Belgium.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use voordeur_widget_api::{Area, Province, Region, Texts};

use super::{municipalities, province_with_id, rows};

/// Country names by ISO 3166-1 code.
static COUNTRIES: LazyLock<BTreeMap<&str, Texts>> = LazyLock::new(|| {
    rows(include_str!("../tables/countries.tsv"))
        .filter_map(|row| {
            let [code, nl, fr, de, en] = row[..] else { return None };
            Some((code, texts(nl, fr, de, en)))
        })
        .collect()
});

/// Municipality names by NIS code.
static MUNICIPALITIES: LazyLock<BTreeMap<&str, Texts>> = LazyLock::new(|| {
    municipalities().into_iter().map(|(nis, municipality)| (nis, municipality.name)).collect()
});

/// Parses the id of a region or province, the NIS code of a municipality or the ISO 3166-1 code of
/// a country.
pub fn parse_area(id: &str) -> Option<Area> {
    if let Some(region) = Region::ALL.into_iter().find(|region| region.id() == id) {
        return Some(Area::Region(region));
    }
    if let Some(province) = province_with_id(id) {
        return Some(Area::Province(province));
    }
    if MUNICIPALITIES.contains_key(id) {
        return Some(Area::Municipality(id.to_owned()));
    }
    COUNTRIES.contains_key(id).then(|| Area::Country(id.to_owned()))
}

/// The ids that [`parse_area`] accepts, except the 565 codes of municipalities.
pub fn area_ids() -> impl Iterator<Item = &'static str> {
    Region::ALL
        .map(Region::id)
        .into_iter()
        .chain(Province::ALL.map(Province::id))
        .chain(COUNTRIES.keys().copied())
}

/// The name of an area.
pub fn area_label(area: &Area) -> Option<Texts> {
    match area {
        Area::Country(code) => COUNTRIES.get(code.as_str()).cloned(),
        Area::Region(region) => Some(region_name(*region)),
        Area::Province(province) => Some(province_name(*province)),
        Area::Municipality(nis) => MUNICIPALITIES.get(nis.as_str()).cloned(),
    }
}

fn texts(nl: &str, fr: &str, de: &str, en: &str) -> Texts {
    Texts { nl: nl.to_owned(), fr: fr.to_owned(), de: de.to_owned(), en: en.to_owned() }
}

fn region_name(region: Region) -> Texts {
    match region {
        Region::Flanders => texts("Vlaanderen", "Flandre", "Flandern", "Flanders"),
        Region::Brussels => texts("Brussel", "Bruxelles", "Brüssel", "Brussels"),
        Region::Wallonia => texts("Wallonië", "Wallonie", "Wallonien", "Wallonia"),
    }
}

fn province_name(province: Province) -> Texts {
    match province {
        Province::Antwerpen => texts("Antwerpen", "Anvers", "Antwerpen", "Antwerp"),
        Province::Limburg => texts("Limburg", "Limbourg", "Limburg", "Limburg"),
        Province::OostVlaanderen => {
            texts("Oost-Vlaanderen", "Flandre orientale", "Ostflandern", "East Flanders")
        }
        Province::VlaamsBrabant => {
            texts("Vlaams-Brabant", "Brabant flamand", "Flämisch-Brabant", "Flemish Brabant")
        }
        Province::WestVlaanderen => {
            texts("West-Vlaanderen", "Flandre occidentale", "Westflandern", "West Flanders")
        }
        Province::Brussel => region_name(Region::Brussels),
        Province::WaalsBrabant => {
            texts("Waals-Brabant", "Brabant wallon", "Wallonisch-Brabant", "Walloon Brabant")
        }
        Province::Henegouwen => texts("Henegouwen", "Hainaut", "Hennegau", "Hainaut"),
        Province::Luik => texts("Luik", "Liège", "Lüttich", "Liège"),
        Province::Luxemburg => texts("Luxemburg", "Luxembourg", "Luxemburg", "Luxembourg"),
        Province::Namen => texts("Namen", "Namur", "Namur", "Namur"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_parsed_from_its_code_or_id() {
        assert_eq!(parse_area("NL"), Some(Area::Country("NL".to_owned())));
        assert_eq!(parse_area("flanders"), Some(Area::Region(Region::Flanders)));
        assert_eq!(parse_area("luxemburg"), Some(Area::Province(Province::Luxemburg)));
        assert_eq!(parse_area("44021"), Some(Area::Municipality("44021".to_owned())));
        for wrong in ["", "nl", "UK", "everywhere", "9000", "Gent"] {
            assert_eq!(parse_area(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_area_has_a_name_in_each_language() {
        assert_eq!(COUNTRIES.len(), 249);
        for id in area_ids().chain(MUNICIPALITIES.keys().copied()) {
            let area = parse_area(id).unwrap_or_else(|| panic!("{id} is not an area"));
            let label = area_label(&area).unwrap_or_else(|| panic!("{id} has no name"));
            let all = [&label.nl, &label.fr, &label.de, &label.en];
            assert!(all.iter().all(|name| !name.is_empty()), "{id}");
        }
    }
}
