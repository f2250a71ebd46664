//! Coordinate reference systems of European services, by their EPSG codes.

use proj4rs::Proj;
use serde_json::{Map, Value};

/// The radius of the sphere of Web Mercator, in metres.
const EARTH_RADIUS: f64 = 6_378_137.0;

/// A coordinate reference system that is converted to WGS 84.
pub enum Crs {
    /// Longitude and latitude in degrees, WGS 84 or close to it.
    Degrees,
    /// The same, named by a URN that defines latitude as the first axis (OGC 07-092r3). Many servers
    /// that name it so write longitude first nevertheless, as GeoJSON wants.
    LatitudeFirst,
    /// EPSG:3857.
    WebMercator,
    /// A projection, and WGS 84 as the target.
    Projected(Box<(Proj, Proj)>),
    /// An unsupported system: positions cannot be computed.
    Unknown,
}

impl Crs {
    /// The system that a collection names in `crs` (GeoJSON 2008) or `spatialReference` (ArcGIS).
    pub fn of(tree: &Map<String, Value>) -> Self {
        let name = tree.get("crs").and_then(|crs| {
            let properties = crs.get("properties")?;
            match properties.get("name").or(properties.get("code"))? {
                Value::String(name) => Some(name.clone()),
                Value::Number(code) => Some(code.to_string()),
                _ => None,
            }
        });
        let esri_code = tree.get("spatialReference").and_then(|spatial| {
            let code = spatial.get("latestWkid").or(spatial.get("wkid"))?.as_number()?;
            Some(code.to_string())
        });
        match name.or(esri_code) {
            Some(name) => Self::from_name(&name),
            None => Self::Degrees,
        }
    }

    fn from_name(name: &str) -> Self {
        if name.contains("CRS84") || name.contains("CRS:84") {
            return Self::Degrees;
        }
        let code = name.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let has_defined_axes = name.starts_with("urn:") || name.contains("/def/crs/");
        if has_defined_axes && matches!(code, "4326" | "4258" | "4979") {
            return Self::LatitudeFirst;
        }
        let projection = match code {
            // ETRS89 differs from WGS 84 by less than a metre.
            "4326" | "4258" | "4979" => return Self::Degrees,
            "3857" | "900913" | "102100" | "3785" => return Self::WebMercator,
            // Belgian Lambert 72, with the datum shift of EPSG transformation 15929.
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

    /// The system of positions whose first axis should be the latitude: `LatitudeFirst`, unless the
    /// other order is more plausible.
    pub fn in_plausible_order(positions: impl Iterator<Item = (f64, f64)>) -> Self {
        let (mut longitude_first, mut latitude_first) = (0_usize, 0_usize);
        for (x, y) in positions {
            longitude_first = longitude_first.saturating_add(plausibility(y, x));
            latitude_first = latitude_first.saturating_add(plausibility(x, y));
        }
        if longitude_first > latitude_first { Self::Degrees } else { Self::LatitudeFirst }
    }

    /// Latitude and longitude, WGS 84, of coordinates in this system; `None` when they are out of
    /// range.
    pub fn to_wgs84(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let (latitude, longitude) = match self {
            // Swapped axes can be detected only when the latitude would be out of range.
            Self::Degrees if y.abs() > 90.0 && x.abs() <= 90.0 => (x, y),
            Self::Degrees => (y, x),
            Self::LatitudeFirst => (x, y),
            Self::WebMercator => {
                ((y / EARTH_RADIUS).sinh().atan().to_degrees(), (x / EARTH_RADIUS).to_degrees())
            }
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

/// How likely a public service in Europe has something at a position: 2 in Europe, 1 where people
/// live, 0 in the ice or nowhere.
fn plausibility(latitude: f64, longitude: f64) -> usize {
    let is_position = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    let is_inhabited = is_position && (-56.0..=72.0).contains(&latitude);
    let is_europe = (34.0..=72.0).contains(&latitude) && (-32.0..=45.0).contains(&longitude);
    usize::from(is_inhabited) + usize::from(is_europe)
}
