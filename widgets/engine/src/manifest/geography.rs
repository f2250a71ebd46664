//! Distances, and the coordinate reference systems in which services give positions.

use std::sync::LazyLock;

use proj4rs::Proj;

/// Mean radius of the earth (IUGG).
const EARTH_RADIUS_METRES: f64 = 6_371_008.8;

/// A projected coordinate reference system in metres: `x` to the east, `y` to the north.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crs {
    Lambert72,
    Lambert2008,
    Rd,
    /// EPSG:25832, Germany and surroundings.
    Utm32,
    /// EPSG:3857, web maps.
    WebMercator,
}

impl Crs {
    const ALL: [Crs; 5] = [Crs::Lambert72, Crs::Lambert2008, Crs::Rd, Crs::Utm32, Crs::WebMercator];

    /// The system with this name or EPSG number, with or without `EPSG:`; case and spaces are
    /// ignored.
    pub fn from_name(name: &str) -> Option<Self> {
        let name: String =
            name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let name = name.strip_prefix("epsg").unwrap_or(&name);
        Crs::ALL.into_iter().find(|crs| {
            let (called, number) = match crs {
                Crs::Lambert72 => ("lambert72", "31370"),
                Crs::Lambert2008 => ("lambert2008", "3812"),
                Crs::Rd => ("rd", "28992"),
                Crs::Utm32 => ("utm32", "25832"),
                Crs::WebMercator => ("webmercator", "3857"),
            };
            name == called || name == number
        })
    }

    /// PROJ string. Lambert 72 uses the shift to WGS84 of EPSG transformation 15929 (accuracy 0.2
    /// m), RD that of 15934 (0.25 m); the other datums are within a metre of WGS84.
    fn definition(self) -> &'static str {
        match self {
            Crs::Lambert72 => concat!(
                "+proj=lcc +lat_0=90 +lon_0=4.36748666666667 +lat_1=51.1666672333333 +lat_2=49.8333339 ",
                "+x_0=150000.013 +y_0=5400088.438 +ellps=intl ",
                "+towgs84=-106.8686,52.2978,-103.7239,0.3366,-0.457,1.8422,-1.2747 +units=m +no_defs",
            ),
            Crs::Lambert2008 => concat!(
                "+proj=lcc +lat_0=50.797815 +lon_0=4.35921583333333 +lat_1=49.8333333333333 ",
                "+lat_2=51.1666666666667 +x_0=649328 +y_0=665262 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs",
            ),
            Crs::Rd => concat!(
                "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 ",
                "+x_0=155000 +y_0=463000 +ellps=bessel ",
                "+towgs84=565.4171,50.3319,465.5524,-0.398957388,0.343987817,-1.877401640,4.0725 +units=m +no_defs",
            ),
            Crs::Utm32 => "+proj=utm +zone=32 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs",
            Crs::WebMercator => {
                "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs"
            }
        }
    }

    fn projection(self) -> Option<&'static Proj> {
        static ALL: LazyLock<Vec<Option<Proj>>> = LazyLock::new(|| {
            let read = |crs: Crs| Proj::from_proj_string(crs.definition()).ok();
            Crs::ALL.into_iter().map(read).collect()
        });
        let index = Crs::ALL.iter().position(|crs| *crs == self)?;
        ALL.get(index)?.as_ref()
    }
}

static WGS_84: LazyLock<Option<Proj>> =
    LazyLock::new(|| Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").ok());

/// Great-circle distance between two WGS84 positions in degrees, in metres (haversine).
pub fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (from_lat, to_lat) = (from.0.to_radians(), to.0.to_radians());
    let half_lat = (to_lat - from_lat) / 2.0;
    let half_lon = (to.1 - from.1).to_radians() / 2.0;
    let h = half_lat.sin().powi(2) + from_lat.cos() * to_lat.cos() * half_lon.sin().powi(2);
    2.0 * EARTH_RADIUS_METRES * h.sqrt().min(1.0).asin()
}

/// Coordinates beyond are no position in any system: the earth's circumference in metres, twice.
const MAX_COORDINATE: f64 = 8e7;

/// WGS84 degrees to `(x, y)` in metres; `None` when they are no position.
pub fn from_wgs84(crs: Crs, latitude: f64, longitude: f64) -> Option<(f64, f64)> {
    if !(latitude.abs() <= 90.0 && longitude.abs() <= 180.0) {
        return None;
    }
    let (from, to) = (WGS_84.as_ref()?, crs.projection()?);
    let mut point = (longitude.to_radians(), latitude.to_radians(), 0.0);
    proj4rs::transform::transform(from, to, &mut point).ok()?;
    (point.0.is_finite() && point.1.is_finite()).then_some((point.0, point.1))
}

/// `(x, y)` in metres to WGS84 degrees, `(latitude, longitude)`; `None` when they are no position.
pub fn to_wgs84(crs: Crs, x: f64, y: f64) -> Option<(f64, f64)> {
    if !(x.abs() <= MAX_COORDINATE && y.abs() <= MAX_COORDINATE) {
        return None;
    }
    let (from, to) = (crs.projection()?, WGS_84.as_ref()?);
    let mut point = (x, y, 0.0);
    proj4rs::transform::transform(from, to, &mut point).ok()?;
    let (latitude, longitude) = (point.1.to_degrees(), point.0.to_degrees());
    (latitude.is_finite() && longitude.is_finite()).then_some((latitude, longitude))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of EPSG Guidance Note 7-2 (3.1.1.3) is on the Belgian datum, within 150 m of
    /// WGS84.
    #[test]
    fn lambert_72_agrees_with_the_guidance_note() {
        let (x, y) = from_wgs84(Crs::Lambert72, 50.679_573, 5.807_370).expect("transforms");
        assert!((x - 251_763.2).abs() < 150.0, "{x}");
        assert!((y - 153_034.1).abs() < 150.0, "{y}");
        let (latitude, longitude) = to_wgs84(Crs::Lambert72, x, y).expect("transforms back");
        assert!((latitude - 50.679_573).abs() < 1e-6, "{latitude}");
        assert!((longitude - 5.807_370).abs() < 1e-6, "{longitude}");
    }

    #[test]
    fn a_distance_is_in_metres() {
        let metres = distance((50.9346, 4.3722), (50.9244, 4.4325));
        assert!((4_200.0..4_500.0).contains(&metres), "{metres}");
    }

    /// Points known by definition: the origins of the systems; that of RD in WGS84 as given by
    /// NSGI.
    #[test]
    fn every_system_has_its_origin_at_the_right_place() {
        let known = [
            (Crs::Lambert2008, (649_328.0, 665_262.0), (50.797_815, 4.359_215_8)),
            (Crs::Rd, (155_000.0, 463_000.0), (52.155_174_4, 5.387_206_2)),
            (Crs::Utm32, (500_000.0, 5_538_630.7), (50.0, 9.0)),
            (Crs::WebMercator, (1_001_875.417, 0.0), (0.0, 9.0)),
        ];
        for (crs, (x, y), (latitude, longitude)) in known {
            let index = to_wgs84(crs, x, y).expect("transforms");
            let off = distance(index, (latitude, longitude));
            assert!(off < 1.0, "{crs:?}: {index:?}, {off} m");
            let back = from_wgs84(crs, latitude, longitude).expect("transforms");
            assert!((back.0 - x).abs() < 1.0 && (back.1 - y).abs() < 1.0, "{crs:?}: {back:?}");
        }
    }
}
