use serde::{Deserialize, Serialize};

use crate::{Region, Texts};

/// Where a citizen lives, or what a card is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Four digits in Belgium.
    pub postcode: String,
    /// The part of the municipality that the postcode stands for, in the local language.
    pub locality: String,
    /// The municipality's name in each language.
    pub municipality: Texts,
    /// The municipality's code in the register of Statbel (REFNIS), five digits.
    pub nis: String,
    /// The province, or Brussels.
    pub province: Province,
    /// WGS84, degrees north.
    pub latitude: f64,
    /// WGS84, degrees east.
    pub longitude: f64,
}

/// The ten provinces of Belgium, and Brussels, which belongs to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each is the Dutch name of the province")]
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

    /// The region it is in.
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

    /// The id used in tables and manifests: the Dutch name in lower case with hyphens.
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
