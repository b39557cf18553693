//! What a thread that screens notes of each query, for metrics and for the account of what was screened.
//!
//! Idea: whoever screens a query says so by [`note`]; whoever handed queries to the thread gathers by [`gather`] what was noted meanwhile.
//! Invariant: every query that was screened is counted; its text is kept only where an account of it is wanted.

use std::cell::RefCell;

use interdict_match::{Answer, Query};
use interdict_snapshot::EntityOrd;
use serde_json::json;

use super::metrics::Screening;

/// What was asked and what was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Screened {
    /// What was compared, as JSON: schema, names, identifiers; only where an account is wanted.
    pub(crate) query: Option<String>,
    /// Score from which a hit is a match.
    pub(crate) threshold: f32,
    /// Entities scored in full.
    pub(crate) n_scored: usize,
    /// Queries and names of it that say nothing by which anybody could be found, or were too many.
    pub(crate) n_unread: usize,
    /// Hits at or above the threshold.
    pub(crate) n_hits: usize,
    /// All that was found, best first, each with its score; only where an account is wanted.
    pub(crate) found: Vec<(EntityOrd, f32)>,
}

/// How much was screened.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_field_names, reason = "counts are called n_ here")]
pub(crate) struct Tally {
    n_queries: u64,
    n_scored: u64,
    n_hits: u64,
}

impl Tally {
    pub(crate) fn add_to(self, counts: &Screening) {
        counts.queries.inc_by(self.n_queries);
        counts.candidates.inc_by(self.n_scored);
        counts.hits.inc_by(self.n_hits);
    }
}

#[derive(Default)]
struct Notes {
    tally: Tally,
    gathering: bool,
    in_full: bool,
    noted: Vec<Screened>,
}

thread_local! {
    static NOTES: RefCell<Notes> = RefCell::default();
}

/// What this thread screened since it was last asked.
pub(crate) fn take_tally() -> Tally {
    NOTES.with_borrow_mut(|notes| std::mem::take(&mut notes.tally))
}

/// A query was screened; `answer` is none where it says nothing by which anybody could be found.
pub(crate) fn note(query: &Query, threshold: f32, answer: Option<&Answer>) {
    NOTES.with_borrow_mut(|notes| {
        let n_scored = answer.map_or(0, |answer| answer.n_scored);
        let matches = answer.map(|answer| answer.matches.as_slice()).unwrap_or_default();
        let n_hits = matches.iter().filter(|hit| hit.scored.score >= threshold).count();
        notes.tally.n_queries += 1;
        notes.tally.n_scored += n_scored as u64;
        notes.tally.n_hits += n_hits as u64;
        if notes.gathering {
            let in_full = notes.in_full;
            let found = matches.iter().filter(|_| in_full).map(|hit| (hit.entity, hit.scored.score)).collect();
            let n_unread = usize::from(query.is_empty()) + query.n_left_out;
            let query = in_full.then(|| text(query));
            notes.noted.push(Screened { query, threshold, n_scored, n_unread, n_hits, found });
        }
    });
}

/// Does something and gives back what was noted meanwhile; with queries and hits where `in_full`.
pub(crate) fn gather<T>(in_full: bool, task: impl FnOnce() -> T) -> (T, Vec<Screened>) {
    NOTES.with_borrow_mut(|notes| {
        (notes.gathering, notes.in_full) = (true, in_full);
        // What a task that panicked had noted belongs to nobody.
        notes.noted.clear();
    });
    let done = task();
    let noted = NOTES.with_borrow_mut(|notes| {
        notes.gathering = false;
        std::mem::take(&mut notes.noted)
    });
    (done, noted)
}

/// What is compared of a query, in one form whatever route it came by.
fn text(query: &Query) -> String {
    let names: Vec<&str> = query.names.iter().map(|name| name.text.as_str()).collect();
    let identifiers: Vec<[&str; 2]> =
        query.identifiers.iter().map(|identifier| [identifier.property.name(), identifier.text.as_str()]).collect();
    json!({"schema": query.schema.name(), "names": names, "identifiers": identifiers}).to_string()
}
