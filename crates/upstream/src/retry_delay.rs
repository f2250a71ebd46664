//! How long one failed request waits before it is retried: exponential backoff with jitter.
//!
//! This is per request. Whether a host is asked at all is decided by `rate_limit::circuit_breaker`,
//! which borrows only the jitter from here.

use std::time::Duration;

/// The largest part of a delay that jitter takes off.
const MAX_JITTER: f64 = 0.25;

/// A uniform random number in `0.0..1.0`.
pub fn random_fraction() -> f64 {
    // Without randomness, retries are synchronised: worse for the services, but not an error.
    let bits = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

/// Shortens a delay by a random part of at most a quarter, so that retries do not synchronise.
pub fn jittered(delay: Duration) -> Duration {
    delay.mul_f64(1.0 - MAX_JITTER * random_fraction())
}

/// The delay after a number of consecutive failures: `first`, doubled with each further one, up to
/// `max`.
pub fn retry_delay(first: Duration, max: Duration, failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(31);
    first.saturating_mul(1 << doublings).min(max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_the_maximum() {
        let (first, max) = (Duration::from_secs(20), Duration::from_secs(600));
        let delays = [0, 1, 2, 3, 5, 6, 40, u32::MAX]
            .map(|failures| retry_delay(first, max, failures).as_secs());
        assert_eq!(delays, [20, 20, 40, 80, 320, 600, 600, 600]);
    }

    #[test]
    fn jitter_varies_and_shortens_a_delay_by_a_quarter_at_most() {
        let delay = Duration::from_secs(100);
        let delays: Vec<Duration> = (0..200).map(|_| jittered(delay)).collect();
        assert!(delays.iter().all(|one| (Duration::from_secs(75)..=delay).contains(one)));
        assert!(delays.iter().any(|one| *one != delays[0]));
    }
}
