//! Where the time of a query goes: taking it apart, and screening.
//!
//! Cost: two passes over the queries on one thread; the second counts.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use interdict_match::{Options, Query, QueryScratch, Scratch, Screener};
use serde::Serialize;
use serde_json::json;

use crate::record::{self, Head};
use crate::{corpus, source};

/// Time of the stages of a query: taking the name apart, and screening
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Judged queries, one JSON a line
    queries: PathBuf,
    /// The index to ask: a snapshot, or FollowTheMoney lines
    index: PathBuf,
    #[arg(long, default_value_t = 0.7)]
    threshold: f32,
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// Score every entity, without the candidate index
    #[arg(long)]
    exhaustive: bool,
    /// Where to write the record
    #[arg(long, default_value = "bench/out/stages.json")]
    out: PathBuf,
}

/// Microseconds of one stage.
#[derive(Debug, Serialize)]
struct Stage {
    name: &'static str,
    mean_us: f64,
    p50_us: f64,
    p90_us: f64,
    p99_us: f64,
    max_us: f64,
}

impl Stage {
    fn of(name: &'static str, mut times: Vec<f64>) -> Stage {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (share * times.len().saturating_sub(1) as f64).round() as usize;
            times.get(place).copied().unwrap_or_default()
        };
        let mean_us = times.iter().sum::<f64>() / times.len().max(1) as f64;
        Stage { name, mean_us, p50_us: at(0.5), p90_us: at(0.9), p99_us: at(0.99), max_us: at(1.0) }
    }
}

#[derive(Serialize)]
struct Record<'a> {
    #[serde(flatten)]
    head: Head,
    queries: usize,
    threshold: f32,
    limit: usize,
    exhaustive: bool,
    scored_mean: f64,
    stages: &'a [Stage; 3],
}

/// Measures and prints.
pub(crate) fn run(args: &Args) -> Result<()> {
    let queries: Vec<corpus::Query> = corpus::lines(&args.queries)?;
    let entities = queries
        .iter()
        .map(|query| corpus::entity(&query.id, &json!({"schema": query.schema, "properties": query.properties})))
        .collect::<Result<Vec<_>>>()?;
    let snapshot = source::open(&args.index)?;
    let screener = Screener::new(&snapshot);
    let options =
        Options { threshold: args.threshold, limit: args.limit, exhaustive: args.exhaustive, ..Options::default() };
    let Some(first) = entities.first() else { bail!("there is no query") };
    let (mut query, mut query_scratch, mut scratch) = (Query::of(first), QueryScratch::default(), Scratch::new());
    let (mut apart, mut screened, mut both, mut n_scored) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for pass in 0..2 {
        for entity in &entities {
            let start = Instant::now();
            query.retake(entity, &mut query_scratch);
            let taken = start.elapsed().as_secs_f64() * 1e6;
            let answer = screener.screen(&query, &options, &mut scratch)?;
            let all = start.elapsed().as_secs_f64() * 1e6;
            if pass == 1 {
                apart.push(taken);
                screened.push(all - taken);
                both.push(all);
                n_scored += answer.n_scored;
            }
        }
    }
    let stages = [Stage::of("retake", apart), Stage::of("screen", screened), Stage::of("both", both)];
    println!("{:<10} {:>9} {:>9} {:>9} {:>9} {:>9}", "µs", "mean", "p50", "p90", "p99", "max");
    for stage in &stages {
        println!(
            "{:<10} {:>9.1} {:>9.1} {:>9.1} {:>9.1} {:>9.0}",
            stage.name, stage.mean_us, stage.p50_us, stage.p90_us, stage.p99_us, stage.max_us
        );
    }
    let scored_mean = n_scored as f64 / entities.len().max(1) as f64;
    println!("{} queries, {scored_mean:.1} entities scored a query", entities.len());
    let record = Record {
        head: Head::now("stages"),
        queries: entities.len(),
        threshold: args.threshold,
        limit: args.limit,
        exhaustive: args.exhaustive,
        scored_mean,
        stages: &stages,
    };
    record::write(&args.out, &record)
}
