//! Growth: the same measurements at ten thousand, a hundred thousand, a million, five million parties.
//!
//! Idea: generated parties, so that any size can be had; each size is built in one child process and asked in another, so that
//! the memory of the one is not that of the other. Peaks are the system's own (`VmHWM`).
//! Cost: that of the builds; the queries of one pass end after a number of seconds, in an order that makes any beginning a sample.

mod build;
mod measure;
mod queries;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::record::{self, Head};

pub(crate) use build::{Args as BuildArgs, run as run_build};
pub(crate) use measure::{Args as MeasureArgs, run as run_measure};

/// Build and ask snapshots of growing size; a table of time and memory
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Numbers of parties
    #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000,5000000")]
    sizes: Vec<u64>,
    /// Seed of the parties; innocent names come of the next one
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Queries at each size: listed names, altered ones, innocent ones, names that very many bear
    #[arg(long, default_value_t = 2000)]
    queries: usize,
    /// Seconds after which a pass over the queries ends
    #[arg(long, default_value_t = 60)]
    max_seconds: u64,
    /// Folder for the snapshots
    #[arg(long, default_value = "bench/out/scale")]
    dir: PathBuf,
    /// Keep the snapshots
    #[arg(long)]
    keep: bool,
    /// Where to write the record
    #[arg(long, default_value = "bench/out/scale.json")]
    out: PathBuf,
}

/// What one size told.
#[derive(Debug, Serialize, Deserialize)]
struct Size {
    entities: u64,
    build: build::Build,
    measure: measure::Measure,
}

#[derive(Serialize)]
struct Record<'a> {
    #[serde(flatten)]
    head: Head,
    seed: u64,
    sizes: &'a [Size],
    /// Sizes that could not be measured, and why.
    failed: &'a [(u64, String)],
}

/// Measures every size; false if one failed.
pub(crate) fn run(args: &Args) -> Result<bool> {
    std::fs::create_dir_all(&args.dir).with_context(|| format!("making {}", args.dir.display()))?;
    let (mut sizes, mut failed): (Vec<Size>, Vec<(u64, String)>) = (Vec::new(), Vec::new());
    for &entities in &args.sizes {
        eprintln!("{entities} parties");
        let path = args.dir.join(format!("generated-{}-{entities}.snap", args.seed));
        match one(args, entities, &path) {
            Ok(size) => sizes.push(size),
            Err(error) => failed.push((entities, format!("{error:#}"))),
        }
        if !args.keep && path.exists() {
            std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
        // Also after each size: the largest may be killed for its memory.
        record::write(
            &args.out,
            &Record { head: Head::now("scale"), seed: args.seed, sizes: &sizes, failed: &failed },
        )?;
    }
    print(&sizes);
    for (entities, why) in &failed {
        println!("{entities} parties failed: {why}");
    }
    Ok(failed.is_empty())
}

fn one(args: &Args, entities: u64, path: &std::path::Path) -> Result<Size> {
    let file = path.to_string_lossy().into_owned();
    let (n, seed) = (entities.to_string(), args.seed.to_string());
    let build = child(&["scale-build", "--entities", &n, "--seed", &seed, "--out", &file])?;
    let (queries, seconds) = (args.queries.to_string(), args.max_seconds.to_string());
    let asked =
        ["scale-measure", "--snapshot", &file, "--seed", &seed, "--queries", &queries, "--max-seconds", &seconds];
    Ok(Size { entities, build, measure: child(&asked)? })
}

/// What a child of this very program printed last.
fn child<T: DeserializeOwned>(arguments: &[&str]) -> Result<T> {
    let program = std::env::current_exe().context("finding this program")?;
    let output = Command::new(program).args(arguments).stderr(Stdio::inherit()).output().context("starting a child")?;
    if !output.status.success() {
        bail!("`{}` ended with {}", arguments.join(" "), output.status);
    }
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.lines().last().unwrap_or_default()).context("reading what a child printed")
}

fn print(sizes: &[Size]) {
    let mb = |bytes: u64| bytes as f64 / 1e6;
    println!(
        "\n{:>9} {:>8} {:>9} {:>8} {:>8} {:>9} {:>10} {:>9} {:>9} {:>9} {:>9} {:>9} {:>6} {:>8}",
        "parties",
        "build s",
        "peak MB",
        "file MB",
        "open ms",
        "open MB",
        "queries MB",
        "p50 µs",
        "p99 µs",
        "max µs",
        "names/s",
        "2 threads",
        "ratio",
        "scored"
    );
    for Size { entities, build, measure } in sizes {
        let all = &measure.all;
        println!(
            "{entities:>9} {:>8.1} {:>9.0} {:>8.0} {:>8.2} {:>9.0} {:>10.0} {:>9.0} {:>9.0} {:>9.0} {:>9.0} {:>9.0} {:>6.2} {:>8.0}",
            build.seconds,
            mb(build.peak_rss_bytes),
            mb(build.file_bytes),
            measure.open_ms,
            mb(measure.after_open.all()),
            mb(measure.after_queries.all()),
            all.latency.p50_us,
            all.latency.p99_us,
            all.latency.max_us,
            measure.names_per_second[0],
            measure.names_per_second[1],
            measure.names_per_second[1] / measure.names_per_second[0].max(1e-9),
            all.scored_mean
        );
    }
    println!(
        "\n{:>9} {:<9} {:>7} {:>9} {:>9} {:>9} {:>8} {:>7}",
        "parties", "kind", "n", "p50 µs", "p99 µs", "max µs", "scored", "hit %"
    );
    for Size { entities, measure, .. } in sizes {
        for (kind, figures) in &measure.kinds {
            println!(
                "{entities:>9} {kind:<9} {:>7} {:>9.0} {:>9.0} {:>9.0} {:>8.0} {:>7.1}",
                figures.latency.n,
                figures.latency.p50_us,
                figures.latency.p99_us,
                figures.latency.max_us,
                figures.scored_mean,
                figures.hit_percent
            );
        }
    }
    println!("\ngrowth against the size before");
    for (before, after) in sizes.iter().zip(sizes.iter().skip(1)) {
        let ratio = |of: fn(&Size) -> f64| of(after) / of(before).max(1e-9);
        println!(
            "{:>9} -> {:>9}: parties × {:.1}, build × {:.1}, peak × {:.1}, file × {:.1}, p50 × {:.2}, p99 × {:.2}, scored × {:.2}",
            before.entities,
            after.entities,
            ratio(|size| size.entities as f64),
            ratio(|size| size.build.seconds),
            ratio(|size| size.build.peak_rss_bytes as f64),
            ratio(|size| size.build.file_bytes as f64),
            ratio(|size| size.measure.all.latency.p50_us),
            ratio(|size| size.measure.all.latency.p99_us),
            ratio(|size| size.measure.all.scored_mean)
        );
    }
}
