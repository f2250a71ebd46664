//! How long something took, each time it was done.

use std::fmt;
use std::time::Duration;

use histogram::{Bucket, Histogram, Quantile};

/// Values within one part in so many, as a power of two, fall together.
const GROUPING: u8 = 9;
/// The longest time that is told apart, in microseconds, as a power of two: a little over a minute.
const LONGEST: u8 = 26;

/// Times, in microseconds.
#[derive(Clone, Debug)]
pub struct Times {
    histogram: Histogram,
    longest: u64,
}

impl Times {
    /// Notes one.
    pub fn note(&mut self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX).min((1 << LONGEST) - 1);
        // It is within the bounds.
        let _ = self.histogram.increment(time);
        self.longest = self.longest.max(time);
    }

    /// The time that this share of all, from 0 to 1, was not longer than; zero when there was none.
    pub fn quantile(&self, share: f64) -> Duration {
        let found = self.histogram.quantile(share).ok().flatten();
        let bucket = found.zip(Quantile::new(share).ok());
        let end = bucket.and_then(|(found, share)| found.get(&share).map(Bucket::end)).unwrap_or(0);
        Duration::from_micros(end.min(self.longest))
    }

    /// The longest one.
    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.longest)
    }

    /// Takes in others.
    pub fn add(&mut self, others: &Times) {
        // Both have the same bounds, and so few that nothing overflows.
        if let Ok(sum) = self.histogram.checked_add(&others.histogram) {
            self.histogram = sum;
        }
        self.longest = self.longest.max(others.longest);
    }
}

impl Default for Times {
    fn default() -> Self {
        // The powers are constants that fit each other.
        let histogram = Histogram::new(GROUPING, LONGEST).expect("a histogram");
        Times { histogram, longest: 0 }
    }
}

/// As it is read in a table: the half, 99 of a hundred, and the longest.
impl fmt::Display for Times {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (half, most) = (self.quantile(0.5), self.quantile(0.99));
        write!(
            formatter,
            "p50 {}, p99 {}, longest {}",
            milliseconds(half),
            milliseconds(most),
            milliseconds(self.longest())
        )
    }
}

/// A time in words.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_near_and_the_longest_is_exact() {
        let mut times = Times::default();
        (1..=1_000).for_each(|number| times.note(Duration::from_millis(number)));
        let mut more = Times::default();
        more.note(Duration::from_secs(2));
        times.add(&more);
        assert_eq!(times.longest(), Duration::from_secs(2));
        let half = times.quantile(0.5).as_secs_f64();
        assert!((half - 0.5).abs() < 0.005, "{half}");
        assert_eq!(Times::default().quantile(0.99), Duration::ZERO);
    }
}
