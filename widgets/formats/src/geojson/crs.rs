//! Coordinate reference systems that European services use beside WGS 84, by their numbers in the EPSG register.

use proj4rs::Proj;
use serde_json::{Map, Value};

/// The radius that Web Mercator takes for the earth, in metres.
const EARTH: f64 = 6_378_137.0;

/// How coordinates become WGS 84 degrees.
pub enum Crs {
    /// They are degrees, longitude first.
    Degrees,
    /// EPSG:3857.
    WebMercator,
    /// Any other that is known, and WGS 84.
    Projected(Box<(Proj, Proj)>),
    /// One that is not known: nothing has a position then.
    Unknown,
}

impl Crs {
    /// The one that a collection names in `crs` (GeoJSON before RFC 7946) or `spatialReference` (ArcGIS).
    pub fn of(tree: &Map<String, Value>) -> Self {
        let named = tree.get("crs").and_then(|crs| {
            let properties = crs.get("properties")?;
            match properties.get("name").or(properties.get("code"))? {
                Value::String(name) => Some(name.clone()),
                code => Some(code.to_string()),
            }
        });
        let esri = tree.get("spatialReference").and_then(|reference| {
            let code = reference.get("latestWkid").or(reference.get("wkid"))?;
            Some(code.to_string())
        });
        match named.or(esri) {
            Some(name) => Self::named(&name),
            None => Self::Degrees,
        }
    }

    fn named(name: &str) -> Self {
        if name.contains("CRS84") || name.contains("CRS:84") {
            return Self::Degrees;
        }
        let code = name.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let projection = match code {
            // ETRS89 is within a metre of WGS 84.
            "4326" | "4258" | "4979" => return Self::Degrees,
            "3857" | "900913" | "102100" | "3785" => return Self::WebMercator,
            // Belgian Lambert 72, with the shift of transformation 15929.
            "31370" => concat!(
                "+proj=lcc +lat_0=90 +lon_0=4.36748666666667 +lat_1=51.1666672333333 +lat_2=49.8333339 ",
                "+x_0=150000.013 +y_0=5400088.438 +ellps=intl ",
                "+towgs84=-106.8686,52.2978,-103.7239,0.3366,-0.457,1.8422,-1.2747 +units=m +no_defs",
            ),
            // Belgian Lambert 2008.
            "3812" => concat!(
                "+proj=lcc +lat_0=50.797815 +lon_0=4.35921583333333 +lat_1=49.8333333333333 +lat_2=51.1666666666667 ",
                "+x_0=649328 +y_0=665262 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs",
            ),
            // Amersfoort / RD New.
            "28992" => concat!(
                "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 ",
                "+ellps=bessel +towgs84=565.4171,50.3319,465.5524,-0.398957,0.343988,-1.877402,4.0725 +units=m +no_defs",
            ),
            // Lambert-93 of France.
            "2154" => concat!(
                "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 ",
                "+ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs",
            ),
            "25831" | "32631" => "+proj=utm +zone=31 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs",
            "25832" | "32632" => "+proj=utm +zone=32 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs",
            "25833" | "32633" => "+proj=utm +zone=33 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs",
            _ => return Self::Unknown,
        };
        let pair = Proj::from_proj_string(projection).and_then(|from| {
            Ok((from, Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs")?))
        });
        pair.map_or(Self::Unknown, |pair| Self::Projected(Box::new(pair)))
    }

    /// Latitude and longitude of coordinates in this system; `None` for what lies nowhere.
    pub fn position(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let (latitude, longitude) = match self {
            // Who turns them around gives it away only where a latitude would be beyond the pole.
            Self::Degrees if y.abs() > 90.0 && x.abs() <= 90.0 => (x, y),
            Self::Degrees => (y, x),
            Self::WebMercator => ((y / EARTH).sinh().atan().to_degrees(), (x / EARTH).to_degrees()),
            Self::Projected(pair) => {
                if x.abs() > 1e8 || y.abs() > 1e8 {
                    return None;
                }
                let mut point = (x, y, 0.0);
                proj4rs::transform::transform(&pair.0, &pair.1, &mut point).ok()?;
                (point.1.to_degrees(), point.0.to_degrees())
            }
            Self::Unknown => return None,
        };
        (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some((latitude, longitude))
    }
}
