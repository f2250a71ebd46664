//! The areas that a service can cover: countries, and the regions, provinces and municipalities of Belgium.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use voordeur_widget_api::{Area, Province, Region, Texts};

use super::{municipalities, province_with_id, rows};

/// The names of the countries, by their codes.
static COUNTRIES: LazyLock<BTreeMap<&str, Texts>> = LazyLock::new(|| {
    rows(include_str!("../tables/countries.tsv"))
        .filter_map(|row| {
            let [code, nl, fr, de, en] = row[..] else { return None };
            Some((code, texts(nl, fr, de, en)))
        })
        .collect()
});

/// The names of the municipalities, by their codes.
static MUNICIPALITIES: LazyLock<BTreeMap<&str, Texts>> = LazyLock::new(|| {
    municipalities().into_iter().map(|(nis, municipality)| (nis, municipality.name)).collect()
});

/// The area that a manifest names.
pub fn area(written: &str) -> Option<Area> {
    if let Some(region) = Region::ALL.into_iter().find(|region| region.id() == written) {
        return Some(Area::Region(region));
    }
    if let Some(province) = province_with_id(written) {
        return Some(Area::Province(province));
    }
    if MUNICIPALITIES.contains_key(written) {
        return Some(Area::Municipality(written.to_owned()));
    }
    COUNTRIES.contains_key(written).then(|| Area::Country(written.to_owned()))
}

/// The names that a manifest can use, but for the codes of municipalities, of which there are too many to be told.
pub fn area_names() -> impl Iterator<Item = &'static str> {
    Region::ALL
        .map(Region::id)
        .into_iter()
        .chain(Province::ALL.map(Province::id))
        .chain(COUNTRIES.keys().copied())
}

/// How an area is called.
pub fn area_words(area: &Area) -> Option<Texts> {
    match area {
        Area::Country(code) => COUNTRIES.get(code.as_str()).cloned(),
        Area::Region(region) => Some(region_words(*region)),
        Area::Province(province) => Some(province_words(*province)),
        Area::Municipality(nis) => MUNICIPALITIES.get(nis.as_str()).cloned(),
    }
}

fn texts(nl: &str, fr: &str, de: &str, en: &str) -> Texts {
    Texts { nl: nl.to_owned(), fr: fr.to_owned(), de: de.to_owned(), en: en.to_owned() }
}

fn region_words(region: Region) -> Texts {
    match region {
        Region::Flanders => texts("Vlaanderen", "Flandre", "Flandern", "Flanders"),
        Region::Brussels => texts("Brussel", "Bruxelles", "Brüssel", "Brussels"),
        Region::Wallonia => texts("Wallonië", "Wallonie", "Wallonien", "Wallonia"),
    }
}

fn province_words(province: Province) -> Texts {
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
        Province::Brussel => region_words(Region::Brussels),
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
    fn an_area_is_named_by_its_code_or_id() {
        assert_eq!(area("NL"), Some(Area::Country("NL".to_owned())));
        assert_eq!(area("flanders"), Some(Area::Region(Region::Flanders)));
        assert_eq!(area("luxemburg"), Some(Area::Province(Province::Luxemburg)));
        assert_eq!(area("44021"), Some(Area::Municipality("44021".to_owned())));
        for wrong in ["", "nl", "UK", "everywhere", "9000", "Gent"] {
            assert_eq!(area(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_area_has_words() {
        assert_eq!(COUNTRIES.len(), 249);
        for name in area_names().chain(MUNICIPALITIES.keys().copied()) {
            let area = area(name).unwrap_or_else(|| panic!("{name} is no area"));
            let words = area_words(&area).unwrap_or_else(|| panic!("{name} has no words"));
            let all = [&words.nl, &words.fr, &words.de, &words.en];
            assert!(all.iter().all(|words| !words.is_empty()), "{name}");
        }
    }
}
