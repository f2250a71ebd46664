//! Distributions over a seeded [`Rng`]: the same seed gives the same population and visits.
//!
//! No crate serves for the skewed rank: the Zipf distributions of `rand_distr` would bring `rand`
//! beside the `fastrand` that already is in the tree.

pub use fastrand::Rng;

/// A generator for one item of a seeded sequence, so that each citizen and each visit is
/// reproducible on its own. The multiplier spreads consecutive numbers over all bits of the seed.
pub fn seeded(seed: u64, number: u64) -> Rng {
    Rng::with_seed(seed ^ number.wrapping_mul(0xA24B_AED4_963E_E407))
}

/// Distributions that `fastrand` lacks.
pub trait Distributions {
    /// True with this probability.
    fn bernoulli(&mut self, probability: f64) -> bool;

    /// A rank below `count`; rank `r` is about as frequent as `1 / r^skew`, for a skew below 1.
    fn skewed_rank(&mut self, count: usize, skew: f64) -> usize;

    /// The time to the next event of a Poisson process with this mean interval.
    fn exponential(&mut self, mean: f64) -> f64;
}

impl Distributions for Rng {
    fn bernoulli(&mut self, probability: f64) -> bool {
        self.f64() < probability
    }

    fn skewed_rank(&mut self, count: usize, skew: f64) -> usize {
        let share = self.f64().powf(1.0 / (1.0 - skew));
        ((share * count as f64) as usize).min(count.saturating_sub(1))
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.f64()).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_a_number_determine_the_sequence() {
        let first = |seed, number| seeded(seed, number).u64(..);
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(1, 3));
        assert_ne!(first(1, 2), first(2, 2));
    }

    #[test]
    fn exponential_has_its_mean_and_skewed_rank_its_skew() {
        let mut rng = seeded(7, 0);
        let mean = (0..100_000).map(|_| rng.exponential(3.0)).sum::<f64>() / 100_000.0;
        assert!((mean - 3.0).abs() < 0.05, "{mean}");
        let first_tenth = (0..100_000).filter(|_| rng.skewed_rank(1_000, 0.5) < 100).count();
        // At skew 0.5, the first tenth of the ranks gets √0.1 of the draws.
        assert!((31_000..32_300).contains(&first_tenth), "{first_tenth}");
    }
}
