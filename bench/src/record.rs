//! One run, as it is kept.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::judge::Table;

/// One run of the harness.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Commit that was measured, with `+` behind it where the tree had changes.
    pub(crate) commit: String,
    /// When, UTC.
    pub(crate) at: String,
    /// Model name of the processor and number of its cores.
    pub(crate) machine: String,
    /// blake3 of the judged cases, by file.
    pub(crate) corpus: BTreeMap<String, String>,
    /// Results by set.
    pub(crate) sets: BTreeMap<String, Set>,
    /// Highest resident memory in bytes.
    pub(crate) peak_rss_bytes: u64,
}

/// Results of one set.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Set {
    /// Accuracy by group.
    pub(crate) accuracy: Table,
    /// Time of each pair or query.
    pub(crate) latency: Option<Latency>,
    /// Seconds to build the snapshot.
    pub(crate) build_seconds: Option<f64>,
    /// Entities scored in full a query.
    pub(crate) candidates_mean: Option<f64>,
    /// What the index loses against scoring every entity.
    pub(crate) index: Option<IndexLoss>,
}

/// Quantiles of the time inside the engine, one thread, microseconds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Latency {
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) max_us: f64,
    pub(crate) n: usize,
}

/// Hits with the index against hits without it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct IndexLoss {
    /// Hits of the exhaustive search at the threshold.
    pub(crate) exhaustive_hits: usize,
    /// Of these, hits that the index lost or scored otherwise.
    pub(crate) lost: usize,
    /// Median time of an exhaustive query by that of an indexed one, in this run.
    pub(crate) speedup_p50: f64,
    /// Median time of an exhaustive query by the entities it scored: one pair, microseconds.
    pub(crate) pair_us: f64,
}

impl Latency {
    pub(crate) fn of(mut times_us: Vec<f64>) -> Latency {
        times_us.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (share * times_us.len().saturating_sub(1) as f64).round() as usize;
            times_us.get(place).copied().unwrap_or_default()
        };
        Latency { p50_us: at(0.5), p99_us: at(0.99), max_us: at(1.0), n: times_us.len() }
    }
}

impl Record {
    pub(crate) fn read(path: &Path) -> Result<Record> {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no record of a run", path.display()))
    }
}

/// What every record of our own harness begins with.
#[derive(Debug, Serialize)]
pub(crate) struct Head {
    /// What was run.
    pub(crate) what: &'static str,
    /// Commit that was measured, with `+` behind it where the tree had changes.
    pub(crate) commit: String,
    /// When, UTC.
    pub(crate) at: String,
    /// Model name of the processor and number of its cores.
    pub(crate) machine: String,
}

impl Head {
    pub(crate) fn now(what: &'static str) -> Head {
        let (commit, machine) = surroundings();
        let at = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Head { what, commit, at, machine }
    }
}

/// Writes a record, and makes its folder.
pub(crate) fn write(path: &Path, record: &impl Serialize) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let text = serde_json::to_string_pretty(record)?;
    std::fs::write(path, text + "\n").with_context(|| format!("writing {}", path.display()))?;
    println!("record written to {}", path.display());
    Ok(())
}

/// Commit, machine and memory, as far as the system tells.
pub(crate) fn surroundings() -> (String, String) {
    let git = |args: &[&str]| {
        let output = std::process::Command::new("git").args(args).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|changes| !changes.is_empty());
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = model.trim_matches([' ', '\t', ':']);
    (format!("{commit}{}", if changed { "+" } else { "" }), format!("{model}, {cores} cores"))
}

/// Highest resident memory so far, in bytes; 0 where the system does not tell.
pub(crate) fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() * 1024
}
