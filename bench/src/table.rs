//! The goals on the developers' share of the judged cases, in one table: what was measured, what is wanted, and whether it is reached.
//!
//! Idea: one run of the judged sets with and without the index, one pass for the time of a name; each goal is a figure of those.
//! Source: the goals are those of the issue; the groups are those of `../shared/bench`.
//! Cost: that of `run --exhaustive` and some seconds.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use interdict_match::{Options, Screener, Worker};
use serde::Serialize;
use serde_json::json;

use crate::corpus;
use crate::judge::Line;
use crate::record::{self, Head, Latency, Record, Set};
use crate::run::{self, Plan};

/// Run the judged cases and print the goals: what is reached; exit status 1 if anything is short
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the judged cases
    #[arg(long, default_value = "../shared/bench")]
    cases: PathBuf,
    /// Leave out what needs every entity scored: losses of the index and the time of a pair
    #[arg(long)]
    no_exhaustive: bool,
    /// Folder to write missed and false cases to, one file a set
    #[arg(long)]
    errors: Option<PathBuf>,
    /// Where to write the record; the run's own goes beside it
    #[arg(long, default_value = "bench/out/table.json")]
    out: PathBuf,
}

/// Which side of the wanted figure is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Sense {
    AtLeast,
    AtMost,
}

use Sense::{AtLeast, AtMost};

/// One goal.
#[derive(Debug, Serialize)]
struct Row {
    work: &'static str,
    /// Absent where it was not measured.
    here: Option<f64>,
    sense: Sense,
    wanted: f64,
}

impl Row {
    /// Nothing where it was not measured.
    fn is_reached(&self) -> Option<bool> {
        self.here.map(|here| match self.sense {
            AtLeast => here >= self.wanted,
            AtMost => here <= self.wanted,
        })
    }
}

#[derive(Serialize)]
struct Kept<'a> {
    #[serde(flatten)]
    head: Head,
    rows: &'a [Row],
    /// Time of one name against `ofac_index`: at 0.7 with ten hits, as a person asks, and at 0.5 with fifty, as cases are judged.
    name_us: &'a [(f32, usize, Latency); 2],
    run: &'a Record,
}

/// Runs, prints; true if every goal is reached.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let plan = Plan {
        cases: args.cases.clone(),
        out: args.out.clone(),
        only: None,
        exhaustive: !args.no_exhaustive,
        errors: args.errors.clone(),
    };
    let record = run::measure(&plan, |name, _| eprintln!("{name} done"))?;
    let name_us = name_us(args)?;
    let rows = rows(&record, &name_us[0].2)?;
    print(&rows);
    for (threshold, limit, latency) in &name_us {
        println!(
            "one name against ofac_index at {threshold}, {limit} hits: p50 {:.1} µs, p99 {:.1} µs, max {:.0} µs",
            latency.p50_us, latency.p99_us, latency.max_us
        );
    }
    record::write(&args.out, &Kept { head: Head::now("table"), rows: &rows, name_us: &name_us, run: &record })?;
    Ok(rows.iter().all(|row| row.is_reached() != Some(false)))
}

/// The second of two passes, from the entity of a query to its answer.
fn name_us(args: &Args) -> Result<[(f32, usize, Latency); 2]> {
    let queries: Vec<corpus::Query> = corpus::lines(&args.cases.join("ofac_queries.jsonl"))?;
    let snapshot = corpus::snapshot(&args.cases.join("ofac_index.jsonl"))?;
    let screener = Screener::new(&snapshot);
    let mut worker = Worker::new();
    let entities = queries
        .iter()
        .map(|query| corpus::entity(&query.id, &json!({"schema": query.schema, "properties": query.properties})))
        .collect::<Result<Vec<_>>>()?;
    let mut pass = |threshold: f32, limit: usize| -> Result<Latency> {
        let options = Options { threshold, limit, ..Options::default() };
        let mut times = Vec::with_capacity(entities.len());
        for entity in &entities {
            let start = Instant::now();
            worker.screen(screener, entity, &options)?;
            times.push(start.elapsed().as_secs_f64() * 1e6);
        }
        Ok(Latency::of(times))
    };
    pass(0.7, 10)?;
    Ok([(0.7, 10, pass(0.7, 10)?), (0.5, 50, pass(0.5, 50)?)])
}

fn rows(record: &Record, name: &Latency) -> Result<Vec<Row>> {
    let set = |name: &str| record.sets.get(name).with_context(|| format!("the run has no set {name}"));
    let (entities, names) = (set("entities")?, set("names")?);
    let (un, eu, ofac, uk) = (set("un_queries")?, set("eu_queries")?, set("ofac_queries")?, set("uk_queries")?);
    let all = [un, eu, ofac, uk];
    let lost: Option<usize> = all.iter().map(|set| set.index.as_ref().map(|index| index.lost)).sum();
    let alerts = |set: &Set, group: &str| {
        let line = set.accuracy.get(group)?;
        Some((line.false_alerts_per_1000? * line.n as f64 / 1000.0).round())
    };
    let original = ["crosslist/person_original_script", "crosslist/entity_original_script"];
    let recall = |set: &Set, group: &str| of(set, group, |line| line.recall);
    let row = |work, here, sense, wanted| Row { work, here, sense, wanted };
    Ok(vec![
        row("pairs judged by people: F1", of(entities, "all", |line| line.f1), AtLeast, 0.96),
        row("UN altered names: recall", recall(un, "positive/treated/*"), AtLeast, 0.995),
        row("UN altered names: first is right", of(un, "positive/treated/*", |line| line.top1), AtLeast, 0.998),
        row("UN names, as listed and altered: recall", recall(un, "positive/*"), AtLeast, 0.995),
        row("UN names, as listed and altered: first is right", of(un, "positive/*", |line| line.top1), AtLeast, 0.998),
        row(
            "innocent people: false alerts per 1,000",
            of(un, "negative/*", |line| line.false_alerts_per_1000),
            AtMost,
            1.0,
        ),
        row("innocent people, Congress: alerts", alerts(un, "negative/congress"), AtMost, 2.0),
        row("Cyrillic names on Latin entries: recall", recall(eu, "cross/cyrillic"), AtLeast, 0.97),
        row("Arabic and Persian: recall", recall(eu, "cross/arabic"), AtLeast, 0.85),
        row("Han: recall", recall(eu, "cross/han"), AtLeast, 0.75),
        row("Hangul: recall", recall(eu, "cross/hangul"), AtLeast, 0.90),
        row("false hits a query on these", of(eu, "cross/*", |line| line.false_hits_a_query), AtMost, 0.10),
        row("UK spellings, persons: recall", recall(uk, "crosslist/person_latin"), AtLeast, 0.93),
        row("UK spellings, entities: recall", recall(uk, "crosslist/entity_latin"), AtLeast, 0.92),
        row("UK spellings, original script: recall", pooled_recall(uk, &original), AtLeast, 0.85),
        row("UK spellings: false hits a query", of(uk, "crosslist/*", |line| line.false_hits_a_query), AtMost, 0.3),
        row("name pairs of unit tests: F1", of(names, "derived/*", |line| line.f1), AtLeast, 0.91),
        row("name pairs proposed by a model: best F1", of(names, "synthetic/*", |line| line.best_f1), AtLeast, 0.80),
        row("SDN altered names: recall", recall(ofac, "evasion/*"), AtLeast, 0.95),
        row("near misses: alerts per 1,000", of(ofac, "negative/*", |line| line.false_alerts_per_1000), AtMost, 100.0),
        row("hits lost by the index", lost.map(|lost| lost as f64), AtMost, 0.0),
        row("one pair, µs, median", ofac.index.as_ref().map(|index| index.pair_us), AtMost, 2.0),
        row("one name against ofac_index, µs, median", Some(name.p50_us), AtMost, 50.0),
        row("one name against ofac_index, µs, 99 of 100", Some(name.p99_us), AtMost, 500.0),
    ])
}

fn of(set: &Set, group: &str, figure: fn(&Line) -> Option<f64>) -> Option<f64> {
    set.accuracy.get(group).and_then(figure)
}

/// Recall of several groups as if they were one.
fn pooled_recall(set: &Set, groups: &[&str]) -> Option<f64> {
    let (mut n, mut found) = (0.0, 0.0);
    for group in groups {
        let line = set.accuracy.get(*group)?;
        n += line.n as f64;
        found += (line.recall? * line.n as f64).round();
    }
    (n > 0.0).then(|| found / n)
}

fn print(rows: &[Row]) {
    println!("{:<50} | {:>9} | {:>9} | reached?", "work", "here", "wanted");
    println!("{:-<50}-|-{:->9}-|-{:->9}-|---------", "", "", "");
    for row in rows {
        let here = row.here.map_or_else(|| "–".to_owned(), shown);
        let sign = if row.sense == AtLeast { "≥" } else { "≤" };
        let reached = match row.is_reached() {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "not measured",
        };
        println!("{:<50} | {here:>9} | {sign} {:>7} | {reached}", row.work, shown(row.wanted));
    }
    let short = rows.iter().filter(|row| row.is_reached() == Some(false)).count();
    println!("{} of {} goals reached", rows.iter().filter(|row| row.is_reached() == Some(true)).count(), rows.len());
    if short > 0 {
        println!("{short} short");
    }
}

/// Shares with four decimals, larger figures with fewer.
fn shown(figure: f64) -> String {
    if figure.fract() == 0.0 {
        format!("{figure:.0}")
    } else if figure < 2.0 {
        format!("{figure:.4}")
    } else {
        format!("{figure:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_reached_on_its_own_side() {
        let row = |here, sense| Row { work: "", here, sense, wanted: 0.5 };
        assert_eq!(row(Some(0.5), AtLeast).is_reached(), Some(true));
        assert_eq!(row(Some(0.4), AtLeast).is_reached(), Some(false));
        assert_eq!(row(Some(0.6), AtMost).is_reached(), Some(false));
        assert_eq!(row(None, AtMost).is_reached(), None);
    }

    #[test]
    fn groups_are_pooled_by_their_numbers() {
        let line = |n, recall| Line { n, recall: Some(recall), ..Line::default() };
        let accuracy = [("a".to_owned(), line(15, 0.8)), ("b".to_owned(), line(1, 1.0))].into();
        let set = Set { accuracy, ..Set::default() };
        assert_eq!(pooled_recall(&set, &["a", "b"]), Some(13.0 / 16.0));
        assert_eq!(pooled_recall(&set, &["c"]), None);
    }
}
