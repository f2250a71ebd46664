//! How much a service wants to be asked at most.

use serde::Deserialize;
use toml::Spanned;
use voordeur_widget_api::Limits;

use super::{ManifestError, Reader};

/// `[limits]`, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenLimits {
    per_second: Option<Spanned<f64>>,
    burst: Option<Spanned<i64>>,
    at_once: Option<Spanned<i64>>,
}

impl Reader<'_> {
    /// The limits. Those that cannot be are told, and count as absent.
    pub(super) fn limits(&mut self, written: &WrittenLimits) -> Limits {
        let WrittenLimits { per_second, burst, at_once } = written;
        let bounds = Limits::MIN_PER_SECOND..=Limits::MAX_PER_SECOND;
        let per_second = per_second.as_ref().and_then(|written| {
            let rate = Some(*written.get_ref()).filter(|rate| bounds.contains(rate));
            self.limit("per_second", written, rate, Limits::MIN_PER_SECOND, *bounds.end())
        });
        let mut whole = |key, written: &Option<Spanned<i64>>, most| {
            let written = written.as_ref()?;
            let number = u32::try_from(*written.get_ref()).ok();
            let number = number.filter(|number| (1..=most).contains(number));
            self.limit(key, written, number, 1, most)
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
        written: &Spanned<W>,
        limit: Option<T>,
        least: T,
        most: T,
    ) -> Option<T>
    where
        T: std::fmt::Display,
    {
        if limit.is_none() {
            let what = format!("must be from {least} to {most}");
            let problem = ManifestError::new(format!("limits.{key}"), what);
            self.problems.push(self.at(problem, written));
        }
        limit
    }
}
