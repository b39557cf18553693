//! The matcher's laws, held against brute force and against judged sentences.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod cases;
mod explaining;
mod fields;
mod monotone;
mod recall;

use interdict_match::{Answer, Options, Query, Scratch, Screener};
use interdict_model::Entity;
use interdict_snapshot::Snapshot;

use common::{entity, snapshot_of};

fn screen(snapshot: &Snapshot, query: &Entity, threshold: f32, exhaustive: bool) -> Answer {
    let options = Options { threshold, limit: usize::MAX, exhaustive, ..Options::default() };
    Screener::new(snapshot).screen(&Query::of(query), &options, &mut Scratch::new()).unwrap()
}

/// Ids and scores, best first.
fn told(snapshot: &Snapshot, answer: &Answer) -> Vec<(String, f32)> {
    answer.matches.iter().map(|hit| (snapshot.party(hit.entity).unwrap().id.to_owned(), hit.scored.score)).collect()
}
