//! The benchmark harness: judged cases in, one JSON record a run out.
//!
//! `run` scores the judged pairs and screens the judged queries with and without the candidate index, and writes accuracy by
//! group, candidate recall, latency quantiles, memory, commit and corpus checksum. `compare` sets two records side by side.
//! `selfhit` screens every name and identifier of a snapshot alone and counts those that find their party. `rarity` writes the
//! text crate's table of how many parties bear a name part.
#![expect(clippy::print_stdout, reason = "a harness prints its tables")]

mod compare;
mod corpus;
mod judge;
mod rarity;
mod record;
mod run;
mod selfhit;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "interdict-bench", about = "Judge accuracy, candidate recall and speed on the judged cases")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the judged cases and write one JSON record.
    Run {
        /// Folder of the judged cases.
        #[arg(long, default_value = "../shared/bench")]
        cases: PathBuf,
        /// Where to write the record.
        #[arg(long, default_value = "bench/out/run.json")]
        out: PathBuf,
        /// Only the sets whose name contains this.
        #[arg(long)]
        only: Option<String>,
        /// Also screen without the candidate index, to measure what it loses.
        #[arg(long)]
        exhaustive: bool,
        /// Folder to write missed and false cases to, one file a set.
        #[arg(long)]
        errors: Option<PathBuf>,
    },
    /// Set two records side by side.
    Compare {
        /// The record before.
        before: PathBuf,
        /// The record after.
        after: PathBuf,
    },
    /// Screen every name and identifier of a snapshot alone: does each find its party?
    Selfhit {
        /// The snapshot.
        snapshot: PathBuf,
        /// Where to write the values that were not found.
        #[arg(long)]
        missed: Option<PathBuf>,
    },
    /// Write crates/text/data/rarity.tsv from a snapshot of all lists.
    Rarity {
        /// The snapshot.
        snapshot: PathBuf,
    },
}

fn main() -> Result<()> {
    match Args::parse().command {
        Command::Run { cases, out, only, exhaustive, errors } => {
            run::run(&run::Plan { cases, out, only, exhaustive, errors })
        }
        Command::Compare { before, after } => compare::compare(&before, &after),
        Command::Selfhit { snapshot, missed } => selfhit::run(&snapshot, missed.as_deref()),
        Command::Rarity { snapshot } => rarity::write(&snapshot),
    }
}
