//! Pauses that grow, and chance in them, so that many who wait for the same do not come back in step.

use std::time::Duration;

/// How much of a pause is left to chance.
const LEFT_TO_CHANCE: f64 = 0.25;

/// A number from 0 up to 1, by chance.
pub fn chance() -> f64 {
    // Without randomness pauses come in step, which is worse for the services and no error for anybody.
    let bits = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

/// A pause, by chance up to a quarter shorter.
pub fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(1.0 - LEFT_TO_CHANCE * chance())
}

/// The pause after so many failures in a row: the first one, doubled with each failure, up to the longest.
pub fn backoff(first: Duration, longest: Duration, failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(31);
    first.saturating_mul(1 << doublings).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_up_to_the_longest() {
        let (first, longest) = (Duration::from_secs(20), Duration::from_secs(600));
        let pauses = [0, 1, 2, 3, 5, 6, 40, u32::MAX].map(|failures| {
            let pause = backoff(first, longest, failures);
            pause.as_secs()
        });
        assert_eq!(pauses, [20, 20, 40, 80, 320, 600, 600, 600]);
    }

    #[test]
    fn chance_shortens_a_pause_by_a_quarter_at_most_and_not_always_by_as_much() {
        let pause = Duration::from_secs(100);
        let pauses: Vec<Duration> = (0..200).map(|_| jittered(pause)).collect();
        assert!(pauses.iter().all(|one| (Duration::from_secs(75)..=pause).contains(one)));
        assert!(pauses.iter().any(|one| *one != pauses[0]));
    }
}
