//! Bulk jobs: a file of parties is uploaded in pieces, screened in the background, and its answers are downloaded.
//!
//! Idea: a job is a folder with what was asked (`job.json`), what came (`input`) and what was answered (`results.jsonl`). What is acknowledged is on
//! the disk before: pieces are synced, states are written beside and renamed. A service that was killed takes up its jobs again from
//! their folders: uploads go on where they stood, a job that ran begins anew, as its answers are published whole.
//! Invariant: one job runs at a time, by one view from its first row to its last; requests of people go before its shares.

mod run;
mod state;
mod store;

pub use run::start;
pub use state::{Job, JobState, Progress};
pub use store::{JobError, Jobs, Piece};
