//! Chance that is the same for ever: a small generator of numbers from a seed.
//!
//! Invariant: one seed and stream give the same numbers on every machine and in every version; integers only, as the last bit of
//! a logarithm differs between libraries. Source: splitmix64, by Sebastiano Vigna (public domain),
//! <https://prng.di.unimi.it/splitmix64.c>; Guy Steele, Doug Lea and Christine Flood, "Fast splittable pseudorandom number
//! generators", 2014.

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

impl Dice {
    /// The stream of a seed and a number, as of an entity's or a query's place: streams do not depend on each other.
    pub(crate) fn of(seed: u64, stream: u64) -> Dice {
        Dice(mix(seed.wrapping_add(STEP)) ^ mix(stream.wrapping_mul(STEP).wrapping_add(1)))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number below `n`; 0 where `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// True in so many cases of a hundred.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of them, each as likely; none of none.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let at = self.below(of.len());
        of.get(at)
    }

    /// A place among running totals, as likely as its share.
    pub(crate) fn place(&mut self, totals: &[u64]) -> usize {
        let whole = totals.last().copied().unwrap_or_default() as usize;
        let at = self.below(whole) as u64;
        totals.partition_point(|total| *total <= at)
    }

    /// A rank from `2^from` up to `2^to`, about as likely as one divided by itself: one doubling is as likely as another.
    pub(crate) fn rank(&mut self, from: u32, to: u32) -> u64 {
        let octave = from + self.below(to.saturating_sub(from) as usize) as u32;
        (1u64 << octave) + self.below(1usize << octave) as u64
    }

    /// Some order.
    pub(crate) fn shuffle<T>(&mut self, values: &mut [T]) {
        for at in (1..values.len()).rev() {
            let other = self.below(at + 1);
            values.swap(at, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // First outputs for the seed 1234567, from the reference implementation.
        let mut dice = Dice(1_234_567);
        assert_eq!([dice.next(), dice.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn places_and_ranks_stay_within() {
        let mut dice = Dice::of(1, 2);
        for _ in 0..1000 {
            assert!(dice.place(&[3, 4, 9]) < 3);
            assert!((4..32).contains(&dice.rank(2, 5)));
            assert_eq!(dice.below(0), 0);
        }
    }
}
