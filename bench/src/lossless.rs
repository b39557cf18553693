//! Whether the index changes any answer: the best hits with it must be the best hits without it.
//!
//! Idea: each query is asked once of every entity at the lowest threshold without a limit; what that says for every threshold and
//! limit is its beginning, and the indexed answer must be the same entities with the same bits of score in the same order.
//! Cost: one pass over all entities a query, on all threads; 34,000 entities and 1,000 queries take some minutes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use interdict_match::{Match, Options, Query, Scratch, Screener};
use interdict_snapshot::Snapshot;
use serde::Serialize;

use crate::record::{self, Head};
use crate::subject::{self, Asked};
use crate::{parallel, progress, source};

/// Compare answers with the candidate index with those without it; exit status 1 if any differs
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) source: source::Args,
    /// Number of queries: seeded alterations of the snapshot's names
    #[arg(long, default_value_t = 1000)]
    pub(crate) altered: usize,
    /// Seed of the queries
    #[arg(long, default_value_t = 1)]
    pub(crate) query_seed: u64,
    /// Thresholds to ask at
    #[arg(long, value_delimiter = ',', default_value = "0.5,0.6,0.7")]
    pub(crate) thresholds: Vec<f32>,
    /// Limits to ask with; 0 for none
    #[arg(long, value_delimiter = ',', default_value = "1,10,50")]
    pub(crate) limits: Vec<usize>,
    /// Threads
    #[arg(long, default_value_t = 2)]
    pub(crate) threads: usize,
    /// Where to write the record
    #[arg(long, default_value = "bench/out/lossless.json")]
    pub(crate) out: PathBuf,
}

/// What the comparison found.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct Outcome {
    pub(crate) queries: usize,
    /// Queries, thresholds and limits.
    pub(crate) answers: usize,
    /// Hits that every entity's scores say are in those answers.
    pub(crate) hits: usize,
    /// Answers that differ in an entity, a score or the order.
    pub(crate) answers_that_differ: usize,
    /// Hits that are not where they should be, or with another score.
    pub(crate) lost: usize,
    /// Hits that should not be there, or not there.
    pub(crate) strange: usize,
    /// Answers that say wrongly whether there is more beyond the limit.
    pub(crate) wrongly_truncated: usize,
    /// Queries by the way they were made, and how many of them differ.
    pub(crate) by_class: BTreeMap<String, [usize; 2]>,
    /// The first that differ.
    pub(crate) first: Vec<Difference>,
}

/// An answer that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Difference {
    pub(crate) number: usize,
    pub(crate) how: String,
    pub(crate) of: String,
    pub(crate) query: serde_json::Value,
    pub(crate) threshold: f32,
    pub(crate) limit: usize,
    pub(crate) exhaustive: Vec<(String, f32)>,
    pub(crate) indexed: Vec<(String, f32)>,
}

/// Differences that are shown.
const SHOWN: usize = 20;

#[derive(Serialize)]
struct Record<'a> {
    #[serde(flatten)]
    head: Head,
    snapshot: &'a str,
    entities: u32,
    query_seed: u64,
    thresholds: &'a [f32],
    limits: &'a [usize],
    #[serde(flatten)]
    outcome: &'a Outcome,
}

/// Runs it and tells whether nothing was lost.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let snapshot = args.source.snapshot()?;
    let outcome = compare(&snapshot, args)?;
    print(&outcome);
    let record = Record {
        head: Head::now("lossless"),
        snapshot: snapshot.id(),
        entities: snapshot.n_entities(),
        query_seed: args.query_seed,
        thresholds: &args.thresholds,
        limits: &args.limits,
        outcome: &outcome,
    };
    record::write(&args.out, &record)?;
    Ok(outcome.answers_that_differ == 0)
}

/// Compares all answers.
pub(crate) fn compare(snapshot: &Snapshot, args: &Args) -> Result<Outcome> {
    ensure!(!args.thresholds.is_empty() && !args.limits.is_empty(), "no threshold or no limit was given");
    let bar = progress::bar(args.altered as u64, "queries");
    let one = |scratch: &mut Scratch, number: usize| {
        let one = compare_one(snapshot, args, scratch, number);
        bar.inc(1);
        one
    };
    let parts = parallel::map(args.altered, args.threads, Scratch::new, one)?;
    bar.finish_and_clear();
    let mut outcome = Outcome::default();
    for part in parts {
        outcome.queries += part.queries;
        outcome.answers += part.answers;
        outcome.hits += part.hits;
        outcome.answers_that_differ += part.answers_that_differ;
        outcome.lost += part.lost;
        outcome.strange += part.strange;
        outcome.wrongly_truncated += part.wrongly_truncated;
        for (class, [n, differ]) in part.by_class {
            let sum = outcome.by_class.entry(class).or_default();
            *sum = [sum[0] + n, sum[1] + differ];
        }
        outcome.first.extend(part.first);
    }
    outcome.first.truncate(SHOWN);
    Ok(outcome)
}

fn compare_one(snapshot: &Snapshot, args: &Args, scratch: &mut Scratch, number: usize) -> Result<Outcome> {
    let screener = Screener::new(snapshot);
    let asked = subject::query(snapshot, args.query_seed, number)?;
    let query = Query::of(&asked.entity);
    let lowest = args.thresholds.iter().copied().fold(1.0, f32::min);
    let options = Options { threshold: lowest, limit: usize::MAX, exhaustive: true, ..Options::default() };
    let all = screener.screen(&query, &options, scratch)?.matches;
    let mut outcome = Outcome { queries: 1, ..Outcome::default() };
    for &threshold in &args.thresholds {
        // Best first, so that what reaches a threshold is a beginning.
        let reaching = all.partition_point(|hit| hit.scored.score >= threshold);
        for &limit in &args.limits {
            let limit = if limit == 0 { usize::MAX } else { limit };
            let expected = &all[..reaching.min(limit)];
            let options = Options { threshold, limit, ..Options::default() };
            let answer = screener.screen(&query, &options, scratch)?;
            outcome.answers += 1;
            outcome.hits += expected.len();
            outcome.wrongly_truncated += usize::from(answer.truncated != (reaching > limit));
            if expected.iter().map(key).eq(answer.matches.iter().map(key)) {
                continue;
            }
            outcome.answers_that_differ += 1;
            let missing = |of: &[Match], from: &[Match]| {
                of.iter().filter(|hit| !from.iter().any(|other| key(other) == key(hit))).count()
            };
            outcome.lost += missing(expected, &answer.matches);
            outcome.strange += missing(&answer.matches, expected);
            if outcome.first.is_empty() {
                outcome.first.push(Difference {
                    number,
                    how: asked.how.clone(),
                    of: asked.of.clone(),
                    query: asked.entity.to_ftm(),
                    threshold,
                    limit,
                    exhaustive: told(snapshot, expected)?,
                    indexed: told(snapshot, &answer.matches)?,
                });
            }
        }
    }
    let class = class(&asked);
    outcome.by_class.insert(class, [1, usize::from(outcome.answers_that_differ > 0)]);
    Ok(outcome)
}

fn class(asked: &Asked) -> String {
    match (asked.how.contains('+'), asked.how.contains(", fields")) {
        (true, _) => "two classes".to_owned(),
        (_, true) => "with fields".to_owned(),
        _ => asked.how.clone(),
    }
}

/// What must be the same of two hits.
fn key(hit: &Match) -> (u32, u32) {
    (hit.entity.0, hit.scored.score.to_bits())
}

fn told(snapshot: &Snapshot, hits: &[Match]) -> Result<Vec<(String, f32)>> {
    let one = |hit: &Match| {
        let party = snapshot.party(hit.entity)?;
        Ok((format!("{} {}", party.id, party.caption), hit.scored.score))
    };
    hits.iter().map(one).collect()
}

fn print(outcome: &Outcome) {
    println!("{:<28} {:>8} {:>8}", "made by", "queries", "differ");
    for (class, [n, differ]) in &outcome.by_class {
        println!("{class:<28} {n:>8} {differ:>8}");
    }
    for difference in &outcome.first {
        println!(
            "\n#{} {} of {:?} at {} with limit {}: {}",
            difference.number, difference.how, difference.of, difference.threshold, difference.limit, difference.query
        );
        // From the first place where they part.
        let parted =
            difference.exhaustive.iter().zip(&difference.indexed).take_while(|(one, other)| one == other).count();
        for (what, hits) in [("exhaustive", &difference.exhaustive), ("indexed", &difference.indexed)] {
            println!("  {what}: {} hits, from place {}:", hits.len(), parted + 1);
            for (party, score) in hits.iter().skip(parted).take(5) {
                println!("    {score:.6} {party}");
            }
        }
    }
    println!(
        "\n{} queries, {} answers with {} hits: {} answers differ, {} hits lost, {} strange, {} wrong of more to come",
        outcome.queries,
        outcome.answers,
        outcome.hits,
        outcome.answers_that_differ,
        outcome.lost,
        outcome.strange,
        outcome.wrongly_truncated
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_changes_no_answer_and_threads_do_not_either() {
        let mut args = Args {
            source: source::Args { snapshot: None, entities: Some(200), seed: 1 },
            altered: 500,
            query_seed: 3,
            thresholds: vec![0.5, 0.6, 0.7],
            limits: vec![1, 10, 0],
            threads: 2,
            out: PathBuf::new(),
        };
        let snapshot = args.source.snapshot().unwrap();
        let outcome = compare(&snapshot, &args).unwrap();
        assert_eq!((outcome.queries, outcome.answers), (500, 4500));
        assert!(outcome.hits > 1000, "{outcome:?}");
        assert_eq!(outcome.first, []);
        assert_eq!((outcome.answers_that_differ, outcome.wrongly_truncated), (0, 0));
        args.threads = 1;
        assert_eq!(compare(&snapshot, &args).unwrap(), outcome);
    }
}
