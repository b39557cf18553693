//! The snapshot's tokens that are like a word of the query.
//!
//! Idea: a word's keys lead to the tokens that share one. Buckets of all keys are looked up first, then their rows, so that memory is
//! waited for once; what is seen at a glance rules out most of them (`sieve`); the rest are compared.
//! Invariant: what is alike shares a key (`docs/recall.md`).
//! Cost: some 25 keys a word that is not remembered; no allocation once warm.

use std::ops::Range;

use interdict_snapshot::keys::{Key, KeyKind};
use interdict_snapshot::{Corrupt, PostingsPlace, Snapshot, TokenFacts, TokenId};
use interdict_text::Role;

use crate::bits::Bits;
use crate::memo::{Memo, is_indexed};
use crate::query::Query;
use crate::remembered::Remembered;
use crate::sieve::Sieve;
use crate::similar::{Likeness, likeness};
use crate::weigh::distinguishes;

/// A word of the query: what is like it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Word {
    /// Where its tokens lie among all.
    similar: Range<usize>,
    /// The best likeness.
    pub(crate) best: f32,
    pub(crate) sum: Sum,
}

/// What is like a word, summed up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    /// Postings of its tokens together.
    pub(crate) n_postings: usize,
    /// Whether there are tokens among them that do not distinguish.
    pub(crate) odd: bool,
}

/// A token of the snapshot that is like a word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Like {
    pub(crate) token: TokenId,
    pub(crate) likeness: Likeness,
    /// Where the rows lie that have it.
    pub(crate) rows: PostingsPlace,
}

/// What is like the words of one query, with working memory.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) all: Vec<Word>,
    similar: Vec<Like>,
    keys: Vec<Key>,
    buckets: Vec<(u32, u32)>,
    /// Tokens that share a key with a word and the kind of the key, perhaps several times.
    shared: Vec<(TokenId, KeyKind)>,
    /// Those of them that can be like it, each once.
    found: Vec<TokenId>,
    /// Tokens whose letters were looked at for the word at hand.
    tried: Bits,
    /// Tokens that were found for it.
    seen: Bits,
    remembered: Remembered,
}

impl Words {
    /// Finds all that is like the words of a query, and sets it in `memo`.
    pub(crate) fn find(&mut self, query: &Query, snapshot: &Snapshot, memo: &mut Memo) -> Result<(), Corrupt> {
        self.similar.clear();
        self.all.clear();
        self.tried.fit(snapshot.n_tokens() as usize);
        self.seen.fit(snapshot.n_tokens() as usize);
        self.remembered.start(snapshot);
        for column in 0..query.tokens.len() {
            self.find_one(query, snapshot, column, memo)?;
        }
        Ok(())
    }

    /// The tokens like a word, the most alike first.
    pub(crate) fn like(&self, word: &Word) -> &[Like] {
        &self.similar[word.similar.clone()]
    }

    fn find_one(&mut self, query: &Query, snapshot: &Snapshot, column: usize, memo: &mut Memo) -> Result<(), Corrupt> {
        let facts = &query.tokens[column];
        let start = self.similar.len();
        let mut sum = Sum::default();
        // Of initials only the same initial is looked for: a name that has nothing else in common scores below all thresholds.
        if is_indexed(facts.role) || facts.role == Role::Initial {
            if let Some(known) = self.remembered.get(facts) {
                self.similar.extend_from_slice(&known.like);
                sum = known.sum;
            } else {
                sum = self.compare(facts, snapshot)?;
                self.similar[start..].sort_unstable_by(|one, other| {
                    other.likeness.score.total_cmp(&one.likeness.score).then(one.token.cmp(&other.token))
                });
                self.remembered.put(facts, sum, &self.similar[start..]);
            }
        }
        let similar = start..self.similar.len();
        let best = self.similar.get(start).map_or(0.0, |like| like.likeness.score);
        for Like { token, likeness, .. } in &self.similar[similar.clone()] {
            memo.set(*token, column, *likeness)?;
        }
        self.all.push(Word { similar, best, sum });
        Ok(())
    }

    /// Appends to `similar` what is like a word, and sums it up.
    fn compare(&mut self, facts: &TokenFacts, snapshot: &Snapshot) -> Result<Sum, Corrupt> {
        self.collect(facts, snapshot)?;
        let view = facts.view();
        let touched = self.found.iter().try_fold(0, |all, token| Ok(all ^ snapshot.touch_token(*token)?));
        std::hint::black_box(touched?);
        let texts = self.found.iter().try_fold(0, |all, token| Ok(all ^ snapshot.touch_text(*token)?));
        std::hint::black_box(texts?);
        let mut sum = Sum::default();
        for token in &self.found {
            let theirs = snapshot.token(*token)?;
            if facts.role == Role::Initial && theirs.role != Role::Initial {
                continue;
            }
            let likeness = likeness(&view, &theirs);
            if likeness.score > 0.0 {
                let rows = snapshot.postings_place(*token)?;
                sum.n_postings += rows.n_forms();
                sum.odd |= !distinguishes(theirs.role);
                self.similar.push(Like { token: *token, likeness, rows });
            }
        }
        Ok(sum)
    }

    /// Collects in `found` the tokens that share a key with a word and can be alike by it.
    fn collect(&mut self, facts: &TokenFacts, snapshot: &Snapshot) -> Result<(), Corrupt> {
        let Words { keys, buckets, shared, found, tried, seen, .. } = self;
        keys.clear();
        buckets.clear();
        shared.clear();
        found.clear();
        tried.clear();
        seen.clear();
        facts.asked_keys_into(keys);
        for key in &*keys {
            buckets.push(snapshot.bucket(key.hash)?);
        }
        let sieve = Sieve::of(facts);
        for (key, bucket) in keys.iter().zip(&*buckets) {
            for (token, letters) in snapshot.tokens_in_bucket(key.hash, *bucket)? {
                // By its letters each is looked at once, however many of their keys it shares.
                if key.kind != KeyKind::Letters || sieve.letters_pass(letters) && tried.add(token.0) {
                    shared.push((token, key.kind));
                }
            }
        }
        let touched = shared.iter().try_fold(0, |all, (token, _)| Ok(all ^ snapshot.glance(*token)?.letters));
        std::hint::black_box(touched?);
        for (token, by) in &*shared {
            if sieve.passes(*token, *by, snapshot)? && seen.add(token.0) {
                found.push(*token);
            }
        }
        Ok(())
    }
}
