//! Candidates, scores and reasons: a query against a snapshot.
//!
//! Idea: a [`Query`] is an entity taken apart into tokens, dates, countries and identifiers; [`Screener::screen`] finds the
//! names that can still reach the threshold (`candidates`), scores their bearers (`align`, `fields`, `score`) and keeps the
//! best. `explain` takes a score apart again for people.
//! Invariant: one pair has one score, with or without the index, in `compare` and in `screen`: scoring knows nothing of the
//! way that led to the pair, nor of the rest of the snapshot.
//! Cost: O(postings of the query's similar tokens) to find candidates, O(names × tokens²) for each; `docs/performance.md`.
#![forbid(unsafe_code)]

mod align;
mod asked;
mod best;
mod bits;
mod bound;
mod candidates;
mod edits;
pub mod explain;
mod fields;
mod joined;
mod judge;
mod memo;
mod query;
mod remembered;
mod rows;
mod score;
mod screen;
mod sieve;
pub mod similar;
mod sources;
mod weigh;
mod words;
mod worker;

pub use explain::{CostRule, Explanation, explain, explain_pair, explain_with};
pub use fields::{FieldPoint, FieldRule};
pub use query::{Query, QueryScratch};
pub use score::{CompareError, Scored, alone, compare};
pub use screen::{Answer, Match, Options, Scratch, Screener};
pub use worker::Worker;
