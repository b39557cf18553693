//! Running the judged cases.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use interdict_match::{Options, Query, Scratch, Screener};
use serde_json::json;

use crate::corpus::{self, Case};
use crate::judge::{self, JudgedPair, JudgedQuery, Line};
use crate::record::{self, IndexLoss, Latency, Record, Set};

/// The threshold that accuracy is judged at.
const THRESHOLD: f64 = 0.7;

/// What to run.
pub(crate) struct Plan {
    pub(crate) cases: PathBuf,
    pub(crate) out: PathBuf,
    pub(crate) only: Option<String>,
    pub(crate) exhaustive: bool,
    pub(crate) errors: Option<PathBuf>,
}

/// Sets of queries with the index they are asked of.
const RETRIEVAL: [(&str, &str); 4] = [
    ("un_queries", "un_index"),
    ("eu_queries", "eu_index"),
    ("ofac_queries", "ofac_index"),
    ("uk_queries", "un_index"),
];

/// Runs, prints each set, and writes the record.
pub(crate) fn run(plan: &Plan) -> Result<()> {
    let record = measure(plan, print_set)?;
    record::write(&plan.out, &record)
}

/// Runs the sets; each is told when it is done.
pub(crate) fn measure(plan: &Plan, done: impl Fn(&str, &Set)) -> Result<Record> {
    let mut sets = BTreeMap::new();
    let mut files = BTreeMap::new();
    let wanted = |name: &str| plan.only.as_ref().is_none_or(|only| name.contains(only.as_str()));
    let mut file = |name: &str| -> Result<PathBuf> {
        let path = plan.cases.join(format!("{name}.jsonl"));
        let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        files.insert(name.to_owned(), blake3::hash(&bytes).to_hex().to_string());
        Ok(path)
    };
    for name in ["entities", "names"].into_iter().filter(|name| wanted(name)) {
        let set = pairs(&file(name)?, plan, name)?;
        done(name, &set);
        sets.insert(name.to_owned(), set);
    }
    for (name, index) in RETRIEVAL.into_iter().filter(|(name, _)| wanted(name)) {
        let set = retrieval(&file(name)?, &file(index)?, plan, name)?;
        done(name, &set);
        sets.insert(name.to_owned(), set);
    }
    let (commit, machine) = record::surroundings();
    let at = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Ok(Record { commit, at, machine, corpus: files, sets, peak_rss_bytes: record::peak_rss_bytes() })
}

fn write_errors(plan: &Plan, name: &str, errors: &[serde_json::Value]) -> Result<()> {
    let Some(folder) = &plan.errors else { return Ok(()) };
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let lines: Vec<String> = errors.iter().map(serde_json::Value::to_string).collect();
    let text = lines.join("\n");
    let path = folder.join(format!("{name}.jsonl"));
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}

fn pairs(path: &Path, plan: &Plan, name: &str) -> Result<Set> {
    let cases: Vec<Case> = corpus::lines(path)?;
    let mut judged = Vec::new();
    let mut times = Vec::new();
    let mut errors = Vec::new();
    for case in &cases {
        let query = corpus::entity("query", &case.query)?;
        let candidate = corpus::entity(&case.id, &case.candidate)?;
        let start = Instant::now();
        let score = f64::from(interdict_match::compare(&query, &candidate)?);
        times.push(start.elapsed().as_secs_f64() * 1e6);
        if (score >= THRESHOLD) != case.is_match {
            let kind = if case.is_match { "missed" } else { "false" };
            errors.push(
                json!({"kind": kind, "score": score, "id": case.id, "group": case.group, "reference": case.reference,
                "query": case.query["properties"], "candidate": case.candidate["properties"]}),
            );
        }
        judged.push(JudgedPair { group: &case.group, score, is_match: case.is_match, reference: case.reference });
    }
    write_errors(plan, name, &errors)?;
    Ok(Set { accuracy: judge::pairs(&judged, THRESHOLD), latency: Some(Latency::of(times)), ..Set::default() })
}

fn retrieval(queries: &Path, index: &Path, plan: &Plan, name: &str) -> Result<Set> {
    let queries: Vec<corpus::Query> = corpus::lines(queries)?;
    let start = Instant::now();
    let snapshot = corpus::snapshot(index)?;
    let build_seconds = start.elapsed().as_secs_f64();
    let screener = Screener::new(&snapshot);
    // As the judged answers are asked for: the best fifty from 0.5.
    let options = Options { threshold: 0.5, limit: 50, ..Options::default() };
    let mut scratch = Scratch::new();
    let (mut judged, mut times, mut n_scored) = (Vec::new(), Vec::new(), 0usize);
    for query in &queries {
        let entity = corpus::entity(&query.id, &json!({"schema": query.schema, "properties": query.properties}))?;
        let start = Instant::now();
        let answer = screener.screen(&Query::of(&entity), &options, &mut scratch)?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
        n_scored += answer.n_scored;
        let mut hits = Vec::new();
        for found in &answer.matches {
            hits.push((snapshot.party(found.entity)?.id.to_owned(), f64::from(found.scored.score)));
        }
        judged.push(JudgedQuery { group: &query.group, expected: &query.expected, hits });
    }
    let mut errors = Vec::new();
    for (query, judged) in queries.iter().zip(&judged) {
        let missed = !query.expected.is_empty() && judged.best() < THRESHOLD;
        if missed || judged.n_false(THRESHOLD) > 0 {
            let captions: Vec<_> =
                judged.hits.iter().take(3).map(|(id, score)| json!([id, caption(&snapshot, id), score])).collect();
            errors.push(json!({"kind": if missed { "missed" } else { "false" }, "best": judged.best(), "id": query.id,
                "group": query.group, "properties": query.properties,
                "expected": query.expected.iter().map(|id| caption(&snapshot, id)).collect::<Vec<_>>(), "hits": captions}));
        }
    }
    write_errors(plan, name, &errors)?;
    let index = if plan.exhaustive { Some(index_loss(&queries, screener)?) } else { None };
    Ok(Set {
        accuracy: judge::retrieval(&judged, THRESHOLD),
        latency: Some(Latency::of(times)),
        build_seconds: Some(build_seconds),
        candidates_mean: Some(n_scored as f64 / queries.len().max(1) as f64),
        index,
    })
}

fn caption(snapshot: &interdict_snapshot::Snapshot, id: &str) -> String {
    let found = snapshot.find(id).ok().flatten().and_then(|ord| snapshot.party(ord).ok());
    found.map(|party| party.caption.to_owned()).unwrap_or_default()
}

/// Queries that are asked of every entity; the others would take hours and tell no more.
const MAX_EXHAUSTIVE: usize = 1000;

fn index_loss(queries: &[corpus::Query], screener: Screener<'_>) -> Result<IndexLoss> {
    let step = queries.len().div_ceil(MAX_EXHAUSTIVE).max(1);
    let mut scratch = Scratch::new();
    let (mut hits, mut lost, mut fast, mut slow, mut pair) = (0, 0, Vec::new(), Vec::new(), Vec::new());
    for query in queries.iter().step_by(step) {
        let entity = corpus::entity(&query.id, &json!({"schema": query.schema, "properties": query.properties}))?;
        let query = Query::of(&entity);
        for threshold in [0.5, 0.6, 0.7] {
            let options = Options { threshold, limit: usize::MAX, ..Options::default() };
            let start = Instant::now();
            let indexed = screener.screen(&query, &options, &mut scratch)?;
            let indexed_us = start.elapsed().as_secs_f64() * 1e6;
            let start = Instant::now();
            let all = screener.screen(&query, &Options { exhaustive: true, ..options }, &mut scratch)?;
            let all_us = start.elapsed().as_secs_f64() * 1e6;
            hits += all.matches.len();
            lost += all.matches.iter().filter(|hit| !indexed.matches.contains(hit)).count();
            if threshold > 0.65 {
                fast.push(indexed_us);
                slow.push(all_us);
                pair.push(all_us / all.n_scored.max(1) as f64);
            }
        }
    }
    let (fast, slow) = (Latency::of(fast).p50_us, Latency::of(slow).p50_us);
    Ok(IndexLoss { exhaustive_hits: hits, lost, speedup_p50: slow / fast.max(1e-9), pair_us: Latency::of(pair).p50_us })
}

fn print_set(name: &str, set: &Set) {
    println!("== {name}");
    for (group, line) in &set.accuracy {
        println!("{group:44} {}", print_line(line));
    }
    if let Some(latency) = &set.latency {
        println!(
            "   p50 {:.0} µs, p99 {:.0} µs, max {:.0} µs; {} scored a query; built in {:.2} s",
            latency.p50_us,
            latency.p99_us,
            latency.max_us,
            set.candidates_mean.map_or_else(|| "1".to_owned(), |mean| format!("{mean:.0}")),
            set.build_seconds.unwrap_or_default(),
        );
    }
    if let Some(index) = &set.index {
        println!(
            "   index: {} of {} hits lost at 0.5, 0.6, 0.7; {:.0} times faster than every entity; a pair {:.2} µs",
            index.lost, index.exhaustive_hits, index.speedup_p50, index.pair_us
        );
    }
}

/// A line as `score.py` prints it.
pub(crate) fn print_line(line: &Line) -> String {
    let json = serde_json::to_value(line).unwrap_or_default();
    let members = json.as_object().cloned().unwrap_or_default();
    members.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(" ")
}
