//! `[limits]`: the rate limits of a service.

use serde::Deserialize;
use toml::Spanned;
use voordeur_widget_api::Limits;

use super::{ManifestError, Reader};

/// `[limits]` as deserialized.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawLimits {
    per_second: Option<Spanned<f64>>,
    burst: Option<Spanned<i64>>,
    at_once: Option<Spanned<i64>>,
}

impl Reader<'_> {
    /// The limits. A value out of range is reported and ignored.
    pub(super) fn limits(&mut self, raw: &RawLimits) -> Limits {
        let RawLimits { per_second, burst, at_once } = raw;
        let bounds = Limits::MIN_PER_SECOND..=Limits::MAX_PER_SECOND;
        let per_second = per_second.as_ref().and_then(|raw| {
            let rate = Some(*raw.get_ref()).filter(|rate| bounds.contains(rate));
            self.limit("per_second", raw, rate, Limits::MIN_PER_SECOND, *bounds.end())
        });
        let mut whole = |key, raw: &Option<Spanned<i64>>, most| {
            let raw = raw.as_ref()?;
            let number = u32::try_from(*raw.get_ref()).ok();
            let number = number.filter(|number| (1..=most).contains(number));
            self.limit(key, raw, number, 1, most)
        };
        Limits {
            per_second,
            burst: whole("burst", burst, Limits::MAX_BURST),
            concurrent: whole("at_once", at_once, Limits::MAX_CONCURRENT),
        }
    }

    fn limit<T, W>(
        &mut self,
        key: &str,
        raw: &Spanned<W>,
        limit: Option<T>,
        least: T,
        most: T,
    ) -> Option<T>
    where
        T: std::fmt::Display,
    {
        if limit.is_none() {
            let message = format!("must be from {least} to {most}");
            let error = ManifestError::new(format!("limits.{key}"), message);
            self.errors.push(self.at(error, raw));
        }
        limit
    }
}
