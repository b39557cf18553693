//! From a query to the rows of tokens that are worth scoring, one by one, the most promising first.
//!
//! Idea: the rows that one name of the query meets come in the order of a rough bound (`rows`); each gets its own bound from the very
//! likeness of its parts, and waits among the candidates until no row that is left may be better. The caller scores them and says
//! from what score on it still wants any; by that the search ends early.
//! Invariant: every row by which an entity scores at or above the threshold is given, unless the caller wants no more of its bound;
//! `tests/it/recall.rs` holds it against every entity, `docs/recall.md` argues it.
//! Cost: some 200 ns a row that is judged; no allocation once warm.

use std::collections::BinaryHeap;

use interdict_snapshot::{Corrupt, FormOrd, Snapshot, TokenId};

use crate::judge::Judge;
use crate::memo::Memo;
use crate::query::Query;
use crate::rows::{Row, Rows};
use crate::sources::{Found, Name, RowJoins};
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
    judge: Judge,
}

impl Gather {
    /// Makes ready for a query: finds what is like its words, and sets it in `memo`.
    pub(crate) fn start(&mut self, query: &Query, snapshot: &Snapshot, memo: &mut Memo) -> Result<(), Corrupt> {
        self.waiting.clear();
        self.words.find(query, snapshot, memo)
    }

    /// Goes on to a name of the query, in the first way that it is compared or in a further one.
    pub(crate) fn name(&mut self, name: &Name<'_>, is_first: bool, memo: &Memo) -> Result<Found, Corrupt> {
        self.next = 0;
        if is_first {
            self.rows.sources.take_up(name)?;
        }
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
                    let judged = self.judge(query, snapshot, row, memo, least)?;
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
    fn judge(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        row: Row,
        memo: &Memo,
        least: f32,
    ) -> Result<Candidate, Corrupt> {
        let form = FormOrd(row.form);
        self.judge.look_at(snapshot.form_tokens(form)?, query, snapshot, memo)?;
        let mut upper = 0.0f32;
        for reading in &self.rows.sources.readings {
            let joined = if row.joins { self.rows.joined_in(row, reading.form) } else { RowJoins::default() };
            upper = upper.max(self.judge.upper(query, reading, joined, memo, least));
        }
        Ok(Candidate { upper, form, joins: row.joins })
    }
}
