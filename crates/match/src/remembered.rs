//! What is like a word, remembered from query to query.
//!
//! Idea: a few thousand given names and words of firms make up most of what is asked; what is like them in one snapshot is always the
//! same. A word has one place by its hash, and drives out what was there.
//! Invariant: what is given back is what was put in for the very same word and snapshot.
//! Cost: O(1); at most [`PLACES`] words with [`MOST`] likenesses each, twenty bytes a likeness: 84 MB a thread at the very worst, some
//! 8 MB with a million parties; no allocation once warm.

use std::hash::{BuildHasher, RandomState};

use interdict_snapshot::{Snapshot, TokenFacts, TokenIdentity};

use crate::words::{Like, Sum};

/// Words that are remembered.
const PLACES: usize = 4096;
/// Words that are like more are not remembered.
const MOST: usize = 1024;

/// What was found for a word.
#[derive(Debug, Default)]
pub(crate) struct Likes {
    word: Option<TokenIdentity<String>>,
    pub(crate) like: Vec<Like>,
    pub(crate) sum: Sum,
}

/// What is like words of one snapshot.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    /// Which snapshot.
    id: String,
    hasher: RandomState,
    places: Vec<Likes>,
}

impl Remembered {
    /// Forgets all where the snapshot is another one.
    pub(crate) fn start(&mut self, snapshot: &Snapshot) {
        if self.id != snapshot.id() {
            snapshot.id().clone_into(&mut self.id);
            self.places.clear();
            self.places.resize_with(PLACES, Likes::default);
        }
    }

    /// What was found for a word.
    pub(crate) fn get(&self, word: &TokenFacts) -> Option<&Likes> {
        let found = self.places.get(self.place(word))?;
        let known = found.word.as_ref()?;
        (known.borrowed() == word.identity()).then_some(found)
    }

    /// Keeps what was found for a word.
    pub(crate) fn put(&mut self, word: &TokenFacts, sum: Sum, like: &[Like]) {
        let at = self.place(word);
        let Some(place) = self.places.get_mut(at).filter(|_| like.len() <= MOST) else { return };
        match &mut place.word {
            Some(known) => known.assign(word.identity()),
            none => *none = Some(word.identity().to_key()),
        }
        place.like.clear();
        place.like.extend_from_slice(like);
        place.sum = sum;
    }

    fn place(&self, word: &TokenFacts) -> usize {
        self.hasher.hash_one(word.identity()) as usize % PLACES
    }
}
