//! The IANA names of time zones in manifests.

use jiff::tz::{TimeZone, db};

use crate::manifest::error::ManifestError;

/// The time zone with exactly this name.
pub fn find(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().filter(|zone| zone.iana_name() == Some(name))
}

/// Adds the most similar name to an error, also when only the city was written.
pub fn suggest(error: ManifestError, written: &str) -> ManifestError {
    let names: Vec<String> = db().available().map(|name| name.as_str().to_owned()).collect();
    let names = || names.iter().map(String::as_str).filter(|name| name.contains('/'));
    let error = error.nearest(written, names());
    if error.suggestion.is_some() {
        return error;
    }
    let error = error.nearest(&city(written).replace(' ', "_"), names().map(city));
    let of_city = error.suggestion.as_deref();
    let suggestion = of_city.and_then(|found| names().find(|name| city(name) == found));
    ManifestError { suggestion: suggestion.map(str::to_owned), ..error }
}

fn city(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
