//! What of a row of tokens the readings of the query can meet: the bound of a single row, part by part.
//!
//! Idea: the likeness of the row's parts to each word of the query is looked up once for all readings; a reading of which too little can be
//! met is done with before what the row has besides is weighed.
//! Invariant: what is told is never below the score of a bearer (`docs/recall.md`).
//! Cost: parts of the row times words of the query; no allocation once warm.

use interdict_snapshot::facts::MAX_TOKENS;
use interdict_snapshot::{Corrupt, Glance, Snapshot, TokenId};
use interdict_text::Role;
use zerocopy::little_endian::U32;

use crate::align::INITIAL_BITS;
use crate::bound::{Met, bits_of, keep_first};
use crate::memo::{Memo, is_indexed};
use crate::query::{Query, has_place};
use crate::similar::INITIAL;
use crate::sources::{Reading, RowJoins};
use crate::weigh::least_weight;

/// Parts of a name that may meet written together, of more it is not told which are left over.
const MAX_SPARED: usize = 6;

/// The row at hand.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    /// Its parts, with their rows in the memo.
    parts: Vec<(Glance, Option<usize>)>,
    /// By word of the query, how alike any of them is at most; of words that lead to no rows only for initials.
    best: Vec<f32>,
}

impl Judge {
    /// Takes up a row of tokens.
    pub(crate) fn look_at(
        &mut self,
        tokens: &[U32],
        query: &Query,
        snapshot: &Snapshot,
        memo: &Memo,
    ) -> Result<(), Corrupt> {
        self.parts.clear();
        self.best.clear();
        self.best.resize(query.tokens.len(), 0.0);
        for token in tokens.iter().take(MAX_TOKENS).map(|token| TokenId(token.get())) {
            let (glance, row) = (snapshot.glance(token)?, memo.known(token));
            self.parts.push((glance, row));
            let Some(row) = row else { continue };
            for (best, likeness) in self.best.iter_mut().zip(memo.of_row(row)) {
                *best = best.max(likeness.score);
            }
        }
        for (token, best) in query.tokens.iter().zip(&mut self.best).filter(|(token, _)| token.role == Role::Initial) {
            *best = self.parts.iter().map(|(glance, _)| initial_of(&token.text, glance)).fold(0.0, f32::max);
        }
        Ok(())
    }

    /// The most that the row can score by a reading; where it is below `least` perhaps more than that, but below `least` too.
    pub(crate) fn upper(&self, query: &Query, reading: &Reading, joined: RowJoins, memo: &Memo, least: f32) -> f32 {
        let mut met = self.met_of_query(query, reading, joined);
        let upper = reading.bound.upper_of(&met);
        if upper < least {
            return upper;
        }
        self.add_met_of_row(query, reading, joined, memo, &mut met);
        reading.bound.upper_of(&met)
    }

    /// What of the reading the row can meet, as if nothing of the row were left over.
    fn met_of_query(&self, query: &Query, reading: &Reading, joined: RowJoins) -> Met {
        let mut met = Met { entity_weight: f32::MAX, ..Met::default() };
        let form = &query.forms[reading.form];
        let parts = query.parts_of(form, reading.bound.class);
        for (at, (part, column)) in parts.iter().zip(query.columns_of(form)).enumerate() {
            let is_joined = has_place(joined.places, at);
            if !is_indexed(part.role) && (is_joined || part.role != Role::Initial) {
                met.free += part.weight;
                met.bits += if is_joined { bits_of(part) } else { 0.0 };
                continue;
            }
            let likeness = if is_joined { 1.0 } else { self.best[usize::from(*column)] };
            if likeness > 0.0 {
                met.weight += part.weight * likeness;
                met.linked += part.weight;
                met.bits += (part.bits * likeness).max(INITIAL_BITS);
            } else {
                met.query_left += part.weight;
            }
        }
        met
    }

    /// What the row's parts can meet of the reading, and what of them is left over.
    fn add_met_of_row(&self, query: &Query, reading: &Reading, joined: RowJoins, memo: &Memo, met: &mut Met) {
        let form = &query.forms[reading.form];
        let parts = query.parts_of(form, reading.bound.class);
        let bound = &reading.bound;
        met.entity_weight = 0.0;
        // The heaviest parts that nothing is like may be those that meet written together.
        let mut spared = [0.0f32; MAX_SPARED];
        for (glance, row) in &self.parts {
            let mut most = 0.0f32;
            if row.is_some() || bound.has_initials() {
                for (part, column) in parts.iter().zip(query.columns_of(form)) {
                    let column = usize::from(*column);
                    let likeness = match (part.role, row) {
                        (Role::Initial, _) => initial_of(&query.tokens[column].text, glance),
                        (role, Some(row)) if is_indexed(role) => memo.likeness(*row, column).score,
                        _ => 0.0,
                    };
                    most = most.max(part.weight * likeness);
                }
            }
            met.entity_weight += most;
            if most <= 0.0 && !bound.may_be_free(glance) {
                let weight = least_weight(glance, bound.class);
                met.entity_left += weight;
                keep_first(&mut spared, weight, |one, other| one > other);
            }
        }
        if joined.n_parts > 0 {
            met.entity_weight = f32::MAX;
            let spared: f32 = spared.iter().take(joined.n_parts).sum();
            met.entity_left = if joined.n_parts > MAX_SPARED { 0.0 } else { (met.entity_left - spared).max(0.0) };
        }
    }
}

/// How alike at most an initial is to a part of a name: wholly to the very letter, less to what begins with it.
fn initial_of(letter: &str, glance: &Glance) -> f32 {
    match letter.as_bytes().first() {
        Some(first) if *first == glance.initial => {
            if glance.len == letter.len() {
                1.0
            } else {
                INITIAL
            }
        }
        _ => 0.0,
    }
}
