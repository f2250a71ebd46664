//! Latency histograms.

use std::fmt;
use std::time::Duration;

use histogram::{Bucket, Histogram, Quantile};

/// Relative precision of the histogram: one part in 2^9.
const GROUPING: u8 = 9;
/// Largest value of the histogram: 2^26 microseconds, about 67 s.
const LONGEST: u8 = 26;

/// Latencies, in microseconds.
#[derive(Clone, Debug)]
pub struct Latencies {
    histogram: Histogram,
    longest: u64,
}

impl Latencies {
    pub fn record(&mut self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX).min((1 << LONGEST) - 1);
        // Cannot fail: the value is clamped to the range.
        let _ = self.histogram.increment(time);
        self.longest = self.longest.max(time);
    }

    /// The latency that this share of all, from 0 to 1, did not exceed; zero when there are none.
    pub fn quantile(&self, share: f64) -> Duration {
        let found = self.histogram.quantile(share).ok().flatten();
        let bucket = found.zip(Quantile::new(share).ok());
        let end = bucket.and_then(|(found, share)| found.get(&share).map(Bucket::end)).unwrap_or(0);
        Duration::from_micros(end.min(self.longest))
    }

    /// The maximum, exact.
    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.longest)
    }

    pub fn add(&mut self, others: &Latencies) {
        // Cannot fail: same ranges, and far from overflow.
        if let Ok(sum) = self.histogram.checked_add(&others.histogram) {
            self.histogram = sum;
        }
        self.longest = self.longest.max(others.longest);
    }
}

impl Default for Latencies {
    fn default() -> Self {
        // The constants are within the bounds of the histogram.
        let histogram = Histogram::new(GROUPING, LONGEST).expect("a histogram");
        Latencies { histogram, longest: 0 }
    }
}

/// Median, 99th percentile and maximum, as in the tables.
impl fmt::Display for Latencies {
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

/// Formats a duration in milliseconds.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_approximate_and_the_maximum_is_exact() {
        let mut times = Latencies::default();
        (1..=1_000).for_each(|number| times.record(Duration::from_millis(number)));
        let mut more = Latencies::default();
        more.record(Duration::from_secs(2));
        times.add(&more);
        assert_eq!(times.longest(), Duration::from_secs(2));
        let half = times.quantile(0.5).as_secs_f64();
        assert!((half - 0.5).abs() < 0.005, "{half}");
        assert_eq!(Latencies::default().quantile(0.99), Duration::ZERO);
    }
}
