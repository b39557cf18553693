//! A set of small numbers, one bit each, that is emptied as fast as it was filled.
//!
//! Idea: what most look-ups ask is whether a number is not there; a bit a number fits into a near cache where a row a number does not.
//! Cost: a bit a number; emptying is O(numbers set).

/// A set of numbers below a bound.
#[derive(Debug, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
    /// Words that are not empty.
    filled: Vec<u32>,
}

impl Bits {
    /// Makes room for the numbers below `n`; empties the set where it had room for others.
    pub(crate) fn fit(&mut self, n: usize) {
        let n_words = n.div_ceil(64);
        if self.words.len() != n_words {
            self.words.clear();
            self.words.resize(n_words, 0);
            self.filled.clear();
        }
    }

    pub(crate) fn clear(&mut self) {
        for word in self.filled.drain(..) {
            self.words[word as usize] = 0;
        }
    }

    /// Whether a number is there; not where it is beyond the bound.
    #[inline]
    pub(crate) fn has(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 != 0)
    }

    /// Adds a number; false where it was there or is beyond the bound.
    #[inline]
    pub(crate) fn add(&mut self, number: u32) -> bool {
        let Some(word) = self.words.get_mut(number as usize / 64) else { return false };
        let bit = 1u64 << (number % 64);
        if *word & bit != 0 {
            return false;
        }
        if *word == 0 {
            self.filled.push(number / 64);
        }
        *word |= bit;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_there_until_the_set_is_emptied() {
        let mut bits = Bits::default();
        bits.fit(130);
        assert!(bits.add(0) && bits.add(129) && bits.add(64) && !bits.add(129));
        assert!(bits.has(0) && bits.has(64) && bits.has(129) && !bits.has(1) && !bits.has(9000));
        assert!(!bits.add(9000));
        bits.clear();
        assert!(!bits.has(0) && !bits.has(64) && !bits.has(129));
        assert!(bits.add(64));
        bits.fit(64);
        assert!(!bits.has(0));
    }
}
