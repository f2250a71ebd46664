//! Distances and Belgian Lambert 72.

use std::sync::LazyLock;

use proj4rs::Proj;

/// The mean radius of the earth (IUGG), in metres.
const EARTH: f64 = 6_371_008.8;

/// EPSG:31370 with the shift to WGS84 that the EPSG register gives for it (transformation 15929, accuracy 0.2 m).
static LAMBERT_72: LazyLock<Option<Proj>> = LazyLock::new(|| {
    Proj::from_proj_string(concat!(
        "+proj=lcc +lat_0=90 +lon_0=4.36748666666667 +lat_1=51.1666672333333 +lat_2=49.8333339 ",
        "+x_0=150000.013 +y_0=5400088.438 +ellps=intl ",
        "+towgs84=-106.8686,52.2978,-103.7239,0.3366,-0.457,1.8422,-1.2747 +units=m +no_defs",
    ))
    .ok()
});

static WGS_84: LazyLock<Option<Proj>> =
    LazyLock::new(|| Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").ok());

/// The way over the ground between two WGS84 positions in degrees, in metres (haversine).
pub fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (from_lat, to_lat) = (from.0.to_radians(), to.0.to_radians());
    let half_lat = (to_lat - from_lat) / 2.0;
    let half_lon = (to.1 - from.1).to_radians() / 2.0;
    let h = half_lat.sin().powi(2) + from_lat.cos() * to_lat.cos() * half_lon.sin().powi(2);
    2.0 * EARTH * h.sqrt().min(1.0).asin()
}

/// WGS84 degrees to Lambert 72 metres: `(x, y)`.
pub fn to_lambert_72(latitude: f64, longitude: f64) -> Option<(f64, f64)> {
    let (from, to) = (WGS_84.as_ref()?, LAMBERT_72.as_ref()?);
    let mut point = (longitude.to_radians(), latitude.to_radians(), 0.0);
    proj4rs::transform::transform(from, to, &mut point).ok()?;
    Some((point.0, point.1))
}

/// Lambert 72 metres to WGS84 degrees: `(latitude, longitude)`.
pub fn from_lambert_72(x: f64, y: f64) -> Option<(f64, f64)> {
    let (from, to) = (LAMBERT_72.as_ref()?, WGS_84.as_ref()?);
    let mut point = (x, y, 0.0);
    proj4rs::transform::transform(from, to, &mut point).ok()?;
    Some((point.1.to_degrees(), point.0.to_degrees()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of EPSG Guidance Note 7-2 (3.1.1.3) is on the Belgian datum; WGS84 lies within 150 m of it.
    #[test]
    fn lambert_72_agrees_with_the_guidance_note() {
        let (x, y) = to_lambert_72(50.679_573, 5.807_370).expect("transforms");
        assert!((x - 251_763.2).abs() < 150.0, "{x}");
        assert!((y - 153_034.1).abs() < 150.0, "{y}");
        let (latitude, longitude) = from_lambert_72(x, y).expect("transforms back");
        assert!((latitude - 50.679_573).abs() < 1e-6, "{latitude}");
        assert!((longitude - 5.807_370).abs() < 1e-6, "{longitude}");
    }

    #[test]
    fn a_distance_is_in_metres() {
        let metres = distance((50.9346, 4.3722), (50.9244, 4.4325));
        assert!((4_200.0..4_500.0).contains(&metres), "{metres}");
    }
}
