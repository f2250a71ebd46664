//! Chance that comes out the same each time: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).

/// A sequence of random numbers.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The sequence that belongs to a seed and a number.
    pub fn of(seed: u64, number: u64) -> Self {
        let mut chance = Chance(seed ^ number.wrapping_mul(0xA24B_AED4_963E_E407));
        chance.next();
        chance
    }

    /// Any number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to 1, without 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below another.
    pub fn below(&mut self, bound: usize) -> usize {
        ((self.share() * bound as f64) as usize).min(bound.saturating_sub(1))
    }

    /// Whether something happens that happens in this share of all cases.
    pub fn happens(&mut self, share: f64) -> bool {
        self.share() < share
    }

    /// One of a few; nothing of none.
    pub fn one_of<'a, T>(&mut self, some: &'a [T]) -> Option<&'a T> {
        some.get(self.below(some.len()))
    }

    /// A rank below `count`, of which the first come most often: the rank `r` about as often as `1 / r^skew`, for a skew below 1.
    pub fn rank(&mut self, count: usize, skew: f64) -> usize {
        let share = self.share().powf(1.0 / (1.0 - skew));
        ((share * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// How long until the next of things that come independently of each other, at this mean.
    pub fn wait(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.share()).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_chance_and_another_another() {
        let drawn = |seed, number| Chance::of(seed, number).next();
        assert_eq!(drawn(1, 2), drawn(1, 2));
        assert_ne!(drawn(1, 2), drawn(1, 3));
        assert_ne!(drawn(1, 2), drawn(2, 2));
    }

    #[test]
    fn waits_have_their_mean_and_ranks_their_skew() {
        let mut chance = Chance::of(7, 0);
        let mean = (0..100_000).map(|_| chance.wait(3.0)).sum::<f64>() / 100_000.0;
        assert!((mean - 3.0).abs() < 0.05, "{mean}");
        let first_tenth = (0..100_000).filter(|_| chance.rank(1_000, 0.5) < 100).count();
        // A tenth of the ranks has the square root of a tenth of the draws.
        assert!((31_000..32_300).contains(&first_tenth), "{first_tenth}");
    }
}
