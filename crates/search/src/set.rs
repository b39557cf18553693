//! Sets of entities, a bit each.

/// A set of entities by their rows, in words of 64 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntitySet {
    words: Vec<u64>,
    n_entities: u32,
}

impl EntitySet {
    /// No entity of so many.
    pub fn none(n_entities: u32) -> EntitySet {
        EntitySet { words: vec![0; (n_entities as usize).div_ceil(64)], n_entities }
    }

    /// All entities of so many.
    pub fn all(n_entities: u32) -> EntitySet {
        let mut set = EntitySet { words: vec![u64::MAX; (n_entities as usize).div_ceil(64)], n_entities };
        set.trim();
        set
    }

    /// No bit stands beyond the last entity.
    fn trim(&mut self) {
        let rest = self.n_entities % 64;
        if rest != 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << rest) - 1;
        }
    }

    /// Adds an entity; one beyond the last is none.
    pub fn insert(&mut self, entity: u32) {
        if entity < self.n_entities
            && let Some(word) = self.words.get_mut(entity as usize / 64)
        {
            *word |= 1 << (entity % 64);
        }
    }

    /// Takes an entity out.
    pub fn remove(&mut self, entity: u32) {
        if let Some(word) = self.words.get_mut(entity as usize / 64) {
            *word &= !(1 << (entity % 64));
        }
    }

    /// Whether an entity is in it.
    pub fn contains(&self, entity: u32) -> bool {
        self.words.get(entity as usize / 64).is_some_and(|word| word & (1 << (entity % 64)) != 0)
    }

    /// Keeps what is in another set too.
    pub fn and(&mut self, other: &EntitySet) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// Keeps what is in another set too, given as the words of [`EntitySet::words`].
    pub fn and_words(&mut self, other: &[u64]) {
        for (at, word) in self.words.iter_mut().enumerate() {
            *word &= other.get(at).copied().unwrap_or_default();
        }
    }

    /// Adds what is in another set.
    pub fn or(&mut self, other: &EntitySet) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Takes out what is in another set.
    pub fn and_not(&mut self, other: &EntitySet) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The entities, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros();
                rest &= rest.checked_sub(1)?;
                Some(at as u32 * 64 + bit)
            })
        })
    }

    /// The words, lowest entities first.
    pub fn words(&self) -> &[u64] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_was_put_in() {
        let mut set = EntitySet::none(130);
        for entity in [0, 63, 64, 129, 130] {
            set.insert(entity);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        set.remove(63);
        assert!(!set.contains(63) && set.contains(129) && !set.contains(130));
        let mut all = EntitySet::all(130);
        assert_eq!(all.len(), 130);
        all.and_not(&set);
        assert_eq!((all.len(), EntitySet::all(0).is_empty()), (127, true));
    }
}
