use serde::{Deserialize, Serialize};

use crate::{Region, Texts};

/// A place in Belgium: where a citizen lives, or the subject of a card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Four digits.
    pub postcode: String,
    /// The part of the municipality with this postcode, in the local language.
    pub locality: String,
    /// The municipality's name in each language.
    pub municipality: Texts,
    /// The NIS code of the municipality (Statbel, REFNIS): five digits.
    pub nis: String,
    /// The province, or the Brussels-Capital Region.
    pub province: Province,
    /// WGS 84, in degrees north.
    pub latitude: f64,
    /// WGS 84, in degrees east.
    pub longitude: f64,
}

/// The ten provinces of Belgium, and Brussels, which is in none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the variants are the Dutch names of the provinces")]
pub enum Province {
    Antwerpen,
    Limburg,
    OostVlaanderen,
    VlaamsBrabant,
    WestVlaanderen,
    Brussel,
    WaalsBrabant,
    Henegouwen,
    Luik,
    Luxemburg,
    Namen,
}

impl Province {
    /// All provinces, and Brussels.
    pub const ALL: [Province; 11] = [
        Province::Antwerpen,
        Province::Limburg,
        Province::OostVlaanderen,
        Province::VlaamsBrabant,
        Province::WestVlaanderen,
        Province::Brussel,
        Province::WaalsBrabant,
        Province::Henegouwen,
        Province::Luik,
        Province::Luxemburg,
        Province::Namen,
    ];

    /// The region that contains the province.
    pub fn region(self) -> Region {
        match self {
            Province::Antwerpen
            | Province::Limburg
            | Province::OostVlaanderen
            | Province::VlaamsBrabant
            | Province::WestVlaanderen => Region::Flanders,
            Province::Brussel => Region::Brussels,
            Province::WaalsBrabant
            | Province::Henegouwen
            | Province::Luik
            | Province::Luxemburg
            | Province::Namen => Region::Wallonia,
        }
    }

    /// The id in tables and manifests: the Dutch name in kebab case.
    pub fn id(self) -> &'static str {
        match self {
            Province::Antwerpen => "antwerpen",
            Province::Limburg => "limburg",
            Province::OostVlaanderen => "oost-vlaanderen",
            Province::VlaamsBrabant => "vlaams-brabant",
            Province::WestVlaanderen => "west-vlaanderen",
            Province::Brussel => "brussel",
            Province::WaalsBrabant => "waals-brabant",
            Province::Henegouwen => "henegouwen",
            Province::Luik => "luik",
            Province::Luxemburg => "luxemburg",
            Province::Namen => "namen",
        }
    }
}
