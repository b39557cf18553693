//! One snapshot opened and asked, in a process of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use interdict_match::{Options, Screener, Worker};
use interdict_snapshot::Snapshot;
use serde::{Deserialize, Serialize};

use super::queries::{self, Ask, Name};
use crate::record::Latency;
use crate::subject;

/// Ask a snapshot of generated parties and print time and memory as JSON; `scale` calls it
#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(long)]
    snapshot: PathBuf,
    #[arg(long)]
    seed: u64,
    #[arg(long)]
    queries: usize,
    #[arg(long)]
    max_seconds: u64,
    /// Print so many of the slowest names, with their time and what was scored, to stderr
    #[arg(long, default_value_t = 0)]
    slowest: usize,
}

/// Resident memory in bytes, as the system tells: the program's own, and pages of files, the snapshot's above all.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Resident {
    pub(crate) own: u64,
    pub(crate) file: u64,
}

impl Resident {
    pub(crate) fn now() -> Resident {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() * 1024
        };
        Resident { own: of("RssAnon:"), file: of("RssFile:") }
    }

    pub(crate) fn all(&self) -> u64 {
        self.own + self.file
    }
}

/// Figures of some of the names.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Figures {
    /// From the name to the answer.
    pub(crate) latency: Latency,
    /// Entities scored in full, on average.
    pub(crate) scored_mean: f64,
    /// Names that hit at all.
    pub(crate) hit_percent: f64,
}

/// What asking told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Measure {
    pub(crate) open_ms: f64,
    pub(crate) after_open: Resident,
    pub(crate) after_queries: Resident,
    pub(crate) all: Figures,
    pub(crate) kinds: BTreeMap<String, Figures>,
    /// Names a second on one thread and on two.
    pub(crate) names_per_second: [f64; 2],
}

/// Queries that warm memory and caches before any is counted.
const WARMING: usize = 100;

struct Asked {
    ask: Ask,
    us: f64,
    n_scored: usize,
    is_hit: bool,
}

/// Opens, asks, tells.
pub(crate) fn run(args: &Args) -> Result<()> {
    let start = Instant::now();
    let snapshot = Snapshot::open(&args.snapshot)?;
    let open_ms = start.elapsed().as_secs_f64() * 1e3;
    let after_open = Resident::now();
    let names = queries::mix(&snapshot, args.seed, args.queries)?;
    let screener = Screener::new(&snapshot);
    let limit = Duration::from_secs(args.max_seconds);
    let mut worker = Worker::new();
    let start = Instant::now();
    for name in names.iter().rev().take(WARMING) {
        ask(screener, &mut worker, name)?;
        if start.elapsed() > limit / 4 {
            break;
        }
    }
    let start = Instant::now();
    let mut asked = Vec::with_capacity(names.len());
    for name in &names {
        asked.push(ask(screener, &mut worker, name)?);
        if start.elapsed() > limit {
            break;
        }
    }
    let one = asked.len() as f64 / start.elapsed().as_secs_f64();
    let two = by_two(screener, [&names[..asked.len()], &queries::mix(&snapshot, args.seed + 1, asked.len())?])?;
    let mut slowest: Vec<(&Asked, &Name)> = asked.iter().zip(&names).collect();
    slowest.sort_by(|(one, _), (other, _)| other.us.total_cmp(&one.us));
    for (asked, name) in slowest.iter().take(args.slowest) {
        eprintln!("{:>9.0} µs {:>6} scored  {:<9} {}", asked.us, asked.n_scored, asked.ask.name(), name.text);
    }
    let kinds = Ask::ALL.map(|kind| {
        let of_kind: Vec<&Asked> = asked.iter().filter(|asked| asked.ask == kind).collect();
        (kind.name().to_owned(), figures(&of_kind))
    });
    let measure = Measure {
        open_ms,
        after_open,
        after_queries: Resident::now(),
        all: figures(&asked.iter().collect::<Vec<_>>()),
        kinds: kinds.into(),
        names_per_second: [one, two],
    };
    println!("{}", serde_json::to_string(&measure)?);
    Ok(())
}

/// Names a second by two threads, each with names of its own and memory as cold as the one's was, so that each does the work of the one.
fn by_two(screener: Screener<'_>, names: [&[Name]; 2]) -> Result<f64> {
    let ready = Barrier::new(names.len());
    let work = |names: &[Name]| -> Result<Duration> {
        let mut worker = Worker::new();
        let warmed: Result<Vec<_>> =
            names.iter().rev().take(WARMING).map(|name| ask(screener, &mut worker, name)).collect();
        // Whoever failed is not waited for.
        ready.wait();
        warmed?;
        let start = Instant::now();
        for name in names {
            ask(screener, &mut worker, name)?;
        }
        Ok(start.elapsed())
    };
    let longest = std::thread::scope(|scope| -> Result<Duration> {
        let work = &work;
        let threads = names.map(|names| scope.spawn(move || work(names)));
        let mut longest = Duration::ZERO;
        for thread in threads {
            longest = longest.max(thread.join().map_err(|_| anyhow!("a thread of the harness panicked"))??);
        }
        Ok(longest)
    })?;
    Ok(names.iter().map(|names| names.len()).sum::<usize>() as f64 / longest.as_secs_f64())
}

fn ask(screener: Screener<'_>, worker: &mut Worker, name: &Name) -> Result<Asked> {
    let party = subject::of_name(name.schema, &name.text)?;
    let start = Instant::now();
    let answer = worker.screen(screener, &party, &Options::default())?;
    let us = start.elapsed().as_secs_f64() * 1e6;
    Ok(Asked { ask: name.ask, us, n_scored: answer.n_scored, is_hit: !answer.matches.is_empty() })
}

fn figures(asked: &[&Asked]) -> Figures {
    let n = asked.len().max(1) as f64;
    Figures {
        latency: Latency::of(asked.iter().map(|asked| asked.us).collect()),
        scored_mean: asked.iter().map(|asked| asked.n_scored as f64).sum::<f64>() / n,
        hit_percent: 100.0 * asked.iter().filter(|asked| asked.is_hit).count() as f64 / n,
    }
}
