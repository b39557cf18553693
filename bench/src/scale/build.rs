//! One build, in a process of its own.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::generate::Parties;
use crate::record;

/// Build a snapshot of generated parties and print time and memory as JSON; `scale` calls it
#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(long)]
    entities: u64,
    #[arg(long)]
    seed: u64,
    #[arg(long)]
    out: PathBuf,
}

/// What a build cost.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Build {
    /// From the first party to the file, without making the parties.
    pub(crate) seconds: f64,
    /// Making the parties, as estimated from some of them; not in `seconds`.
    pub(crate) generate_seconds: f64,
    /// Handing them to the builder, without making them.
    pub(crate) add_seconds: f64,
    pub(crate) write_seconds: f64,
    pub(crate) peak_rss_bytes: u64,
    pub(crate) file_bytes: u64,
}

/// Parties by which the time to make one is estimated.
const SAMPLE: u64 = 20_000;

/// Builds, writes, tells.
pub(crate) fn run(args: &Args) -> Result<()> {
    let parties = Parties::new(args.seed)?;
    let start = Instant::now();
    let n_values: usize = (0..SAMPLE).map(|number| parties.party(number).n_values()).sum();
    let generate_seconds = start.elapsed().as_secs_f64() / SAMPLE as f64 * args.entities as f64;
    anyhow::ensure!(n_values > 0, "the generator makes empty parties");
    let start = Instant::now();
    let builder = parties.builder(args.entities);
    let added = start.elapsed().as_secs_f64();
    let built = builder.build()?;
    let in_memory = start.elapsed().as_secs_f64();
    std::fs::write(&args.out, &built.bytes).with_context(|| format!("writing {}", args.out.display()))?;
    let all = start.elapsed().as_secs_f64();
    let build = Build {
        seconds: (all - generate_seconds).max(0.0),
        generate_seconds,
        add_seconds: (added - generate_seconds).max(0.0),
        write_seconds: all - in_memory,
        peak_rss_bytes: record::peak_rss_bytes(),
        file_bytes: built.bytes.len() as u64,
    };
    println!("{}", serde_json::to_string(&build)?);
    Ok(())
}
