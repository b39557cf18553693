//! The benchmark harness: judged cases in, one JSON record a run out.
//!
//! `run` scores the judged pairs and screens the judged queries with and without the candidate index, and writes accuracy by
//! group, candidate recall, latency quantiles, memory, commit and corpus checksum. `compare` sets two records side by side.
//! `selfhit` screens every name and identifier of a snapshot alone and counts those that find their party. `rarity` writes the
//! text crate's table of how many parties bear a name part. `generate` makes parties from a seed, as many as
//! one likes. `lossless` holds answers with the index against those without. `scale` measures time and memory at
//! growing sizes, `stages` where the time of a query goes. `table` holds the judged sets against the goals. `evasion`
//! alters names in every class, and makes near misses.
#![expect(clippy::print_stdout, reason = "a harness prints its tables")]

mod alter;
mod compare;
mod corpus;
mod dice;
mod evasion;
mod generate;
mod judge;
mod lossless;
mod parallel;
mod progress;
mod rarity;
mod record;
mod run;
mod scale;
mod selfhit;
mod source;
mod stages;
mod subject;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

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
    Evasion(evasion::Args),
    Generate(generate::Args),
    Lossless(lossless::Args),
    Scale(scale::Args),
    Stages(stages::Args),
    Table(table::Args),
    #[command(hide = true)]
    ScaleBuild(scale::BuildArgs),
    #[command(hide = true)]
    ScaleMeasure(scale::MeasureArgs),
}

fn main() -> ExitCode {
    let is_well = match Args::parse().command {
        Command::Run { cases, out, only, exhaustive, errors } => {
            done(run::run(&run::Plan { cases, out, only, exhaustive, errors }))
        }
        Command::Compare { before, after } => done(compare::compare(&before, &after)),
        Command::Selfhit { snapshot, missed } => done(selfhit::run(&snapshot, missed.as_deref())),
        Command::Rarity { snapshot } => done(rarity::write(&snapshot)),
        Command::Evasion(args) => done(evasion::run(&args)),
        Command::Generate(args) => done(generate::run(&args)),
        Command::Lossless(args) => lossless::run(&args),
        Command::Scale(args) => scale::run(&args),
        Command::Stages(args) => done(stages::run(&args)),
        Command::Table(args) => table::run(&args),
        Command::ScaleBuild(args) => done(scale::run_build(&args)),
        Command::ScaleMeasure(args) => done(scale::run_measure(&args)),
    };
    // 1 is a verdict, 2 an error.
    match is_well {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// A command that reaches no verdict.
fn done(result: Result<()>) -> Result<bool> {
    result.map(|()| true)
}
