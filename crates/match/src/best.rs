//! The best matches of a query, each entity once.
//!
//! Idea: matches are gathered and put in order only now and then; once there are as many as are wanted, the score of the last tells
//! what need not be looked at any more.
//! Cost: O(log n) a match on the average; no allocation once warm.

use crate::screen::Match;

/// The best matches so far, each entity once.
#[derive(Debug, Default)]
pub(crate) struct Best {
    pub(crate) matches: Vec<Match>,
    /// Matches since they were last put in order.
    pub(crate) n_new: usize,
    /// Most matches to keep.
    pub(crate) keep: usize,
    /// Score of the last one kept, once there are so many.
    pub(crate) least: Option<f32>,
}

impl Best {
    pub(crate) fn start(&mut self, keep: usize) {
        self.matches.clear();
        self.n_new = 0;
        self.keep = keep;
        self.least = None;
    }

    pub(crate) fn push(&mut self, found: Match) {
        self.matches.push(found);
        self.n_new += 1;
        if self.matches.len() / 2 > self.keep.max(32) {
            self.settle();
        }
    }

    /// The score that a further match must reach to be kept; 0 while there are not so many.
    pub(crate) fn least(&mut self) -> f32 {
        // Put in order now and then, more seldom the more there are.
        if self.matches.len() >= self.keep && self.n_new > self.matches.len() / 8 {
            self.settle();
        }
        self.least.unwrap_or(0.0)
    }

    /// Puts them in order, best first, ties by id; drops what is beyond those to keep. Of an entity's names the best counts, of equal
    /// ones the first, with the query's first form.
    pub(crate) fn settle(&mut self) {
        let rank = |found: &Match| found.scored.best.map_or((u32::MAX, 0), |(form, name)| (name.0, form));
        self.matches.sort_unstable_by(|one, other| {
            (one.entity.cmp(&other.entity))
                .then(other.scored.name.total_cmp(&one.scored.name))
                .then(rank(one).cmp(&rank(other)))
        });
        self.matches.dedup_by_key(|found| found.entity);
        // Entities are numbered in the order of their ids.
        self.matches.sort_unstable_by(|one, other| {
            other.scored.score.total_cmp(&one.scored.score).then(one.entity.cmp(&other.entity))
        });
        self.matches.truncate(self.keep);
        self.n_new = 0;
        if self.matches.len() == self.keep {
            self.least = self.matches.last().map(|found| found.scored.score);
        }
    }
}
