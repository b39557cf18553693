//! From a query to the rows of tokens that are worth scoring, one by one, the most promising first.
//!
//! Idea: the rows that one name of the query meets come in the order of a rough bound (`rows`); each gets its own bound from the very
//! likeness of its parts, and waits among the candidates until no row that is left may be better. The caller scores them and says
//! from what score on it still wants any; by that the search ends early.
//! Invariant: every row by which an entity scores at or above the threshold is given, unless the caller wants no more of its bound;
//! `tests/it/recall.rs` holds it against every entity, `docs/recall.md` argues it.
//! Cost: some 200 ns a row that is judged; no allocation once warm.

use std::collections::BinaryHeap;

use interdict_snapshot::facts::MAX_TOKENS;
use interdict_snapshot::{Corrupt, FormOrd, Glance, Snapshot, TokenId};
use interdict_text::Role;

use crate::align::INITIAL_BITS;
use crate::asked::classes_of;
use crate::bound::{Bound, Met, bits_of, keep_first};
use crate::memo::{Memo, is_indexed};
use crate::query::{Form, Query, has_place};
use crate::rows::{Row, Rows};
use crate::similar::INITIAL;
use crate::sources::{Found, Name, Reading, RowJoins};
use crate::weigh::{Class, least_weight};
use crate::words::Words;

/// A row of tokens that may reach the threshold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    /// The most that its bearers can score.
    pub(crate) upper: f32,
    pub(crate) form: FormOrd,
    /// Whether something may meet that is written together on one side only.
    pub(crate) joins: bool,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Candidate) -> std::cmp::Ordering {
        self.upper.total_cmp(&other.upper).then(other.form.cmp(&self.form))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Candidate) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Candidate) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}

/// Parts of a name that may meet written together, of more it is not told which are left over.
const MAX_SPARED: usize = 6;

/// Rows that are looked at ahead.
const AHEAD: usize = 16;

/// The candidates of a query, name by name.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    words: Words,
    rows: Rows,
    /// The row that is looked at next.
    next: usize,
    waiting: BinaryHeap<Candidate>,
    /// The parts of the row that is judged, with their rows in the memo.
    parts: Vec<(Glance, Option<usize>)>,
}

impl Gather {
    /// Makes ready for a query: finds what is like its words, and sets it in `memo`.
    pub(crate) fn start(&mut self, query: &Query, snapshot: &Snapshot, memo: &mut Memo) -> Result<(), Corrupt> {
        self.waiting.clear();
        self.words.find(query, snapshot, memo)
    }

    /// Goes on to a name of the query.
    pub(crate) fn name(&mut self, name: &Name<'_>, memo: &Memo) -> Result<Found, Corrupt> {
        self.next = 0;
        self.rows.start(name, &self.words, memo)
    }

    /// The next candidate of the name, the best bound of names of some length first; `None` where none is left that can reach `least`.
    pub(crate) fn next(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        least: f32,
        memo: &Memo,
    ) -> Result<Option<Candidate>, Corrupt> {
        loop {
            let row = self.rows.ordered.get(self.next).copied();
            let ahead = row.map_or(0.0, |row| self.rows.upper(row));
            match (self.waiting.peek(), row) {
                (Some(best), _) if best.upper >= ahead.max(least) => return Ok(self.waiting.pop()),
                (_, Some(row)) if ahead >= least => {
                    if self.next.is_multiple_of(AHEAD) {
                        self.touch_ahead(snapshot, memo)?;
                    }
                    self.next += 1;
                    let judged = self.judge(query, snapshot, row, memo)?;
                    let candidate = Candidate { upper: judged.upper.min(ahead), ..judged };
                    if candidate.upper >= least {
                        self.waiting.push(candidate);
                    }
                }
                _ => {
                    self.waiting.clear();
                    self.next = 0;
                    if !self.rows.meet_next(snapshot, &self.words, least)? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Reads a little of what judging the next rows will read, so that memory is waited for once for all of them.
    fn touch_ahead(&self, snapshot: &Snapshot, memo: &Memo) -> Result<(), Corrupt> {
        let rows = self.rows.ordered.get(self.next..).unwrap_or_default();
        let rows = || rows.iter().take(AHEAD).map(|row| FormOrd(row.form));
        let mut all = 0;
        for form in rows() {
            all ^= snapshot.form(form)?.0.first().map_or(0, |token| token.get());
        }
        for form in rows() {
            for token in snapshot.form_tokens(form)?.iter().take(4) {
                let token = TokenId(token.get());
                all ^= snapshot.glance(token)?.letters ^ memo.known(token).map_or(0, |row| row as u32);
            }
        }
        std::hint::black_box(all);
        Ok(())
    }

    /// The most that a row can score by the likeness of its parts.
    fn judge(&mut self, query: &Query, snapshot: &Snapshot, row: Row, memo: &Memo) -> Result<Candidate, Corrupt> {
        let form = FormOrd(row.form);
        let (tokens, kinds) = snapshot.form(form)?;
        self.parts.clear();
        for token in tokens.iter().take(MAX_TOKENS).map(|token| TokenId(token.get())) {
            self.parts.push((snapshot.glance(token)?, memo.known(token)));
        }
        let classes = classes_of(query.schema, kinds);
        let mut upper = 0.0f32;
        let borne = |reading: &&Reading| classes & (1 << reading.class as u8) != 0;
        for reading in self.rows.sources.readings.iter().filter(borne) {
            let joined = if row.joins { self.rows.joined_in(row, reading.form) } else { RowJoins::default() };
            let met = self.met_by(query, &query.forms[reading.form], reading.class, joined, memo);
            upper = upper.max(reading.bound.upper_of(&met));
        }
        Ok(Candidate { upper, form, joins: row.joins })
    }

    /// What of a form of the query the parts at hand can meet.
    fn met_by(&self, query: &Query, form: &Form, class: Class, joined: RowJoins, memo: &Memo) -> Met {
        let mut met = Met::default();
        let parts = query.parts_of(form, class);
        for (at, (part, column)) in parts.iter().zip(query.columns_of(form)).enumerate() {
            let token = &query.tokens[usize::from(*column)];
            let is_joined = has_place(joined.places, at);
            if !is_indexed(part.role) && (is_joined || part.role != Role::Initial) {
                met.free += part.weight;
                met.bits += if is_joined { bits_of(part) } else { 0.0 };
                continue;
            }
            let likeness = if is_joined {
                1.0
            } else if part.role == Role::Initial {
                self.parts.iter().map(|(glance, _)| initial_of(&token.text, glance)).fold(0.0, f32::max)
            } else {
                let rows = self.parts.iter().filter_map(|(_, row)| *row);
                rows.map(|row| memo.likeness(row, usize::from(*column)).score).fold(0.0, f32::max)
            };
            if likeness > 0.0 {
                met.weight += part.weight * likeness;
                met.linked += part.weight;
                met.bits += (part.bits * likeness).max(INITIAL_BITS);
            } else {
                met.query_left += part.weight;
            }
        }
        // The heaviest parts that nothing is like may be those that meet written together.
        let mut spared = [0.0f32; MAX_SPARED];
        for (glance, row) in &self.parts {
            let worth = parts.iter().zip(query.columns_of(form)).map(|(part, column)| {
                let column = usize::from(*column);
                let likeness = match (part.role, row) {
                    (Role::Initial, _) => initial_of(&query.tokens[column].text, glance),
                    (role, Some(row)) if is_indexed(role) => memo.likeness(*row, column).score,
                    _ => 0.0,
                };
                part.weight * likeness
            });
            let most = worth.fold(0.0, f32::max);
            met.entity_weight += most;
            if most <= 0.0 && !Bound::may_be_free(query, form, glance) {
                let weight = least_weight(glance, class);
                met.entity_left += weight;
                keep_first(&mut spared, weight, |one, other| one > other);
            }
        }
        if joined.n_parts > 0 {
            met.entity_weight = f32::MAX;
            let spared: f32 = spared.iter().take(joined.n_parts).sum();
            met.entity_left = if joined.n_parts > MAX_SPARED { 0.0 } else { (met.entity_left - spared).max(0.0) };
        }
        met
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
