//! Writing generated parties as FollowTheMoney lines.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::Parties;
use crate::progress;

/// Write realistic listed parties, made from a seed, as FollowTheMoney lines
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Number of parties
    #[arg(long)]
    entities: u64,
    /// Seed; the same seed gives the same parties for ever
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to write them, as `generated.ftm.json`
    #[arg(long)]
    out: PathBuf,
}

/// Writes them one after the other.
pub(crate) fn run(args: &Args) -> Result<()> {
    let parties = Parties::new(args.seed)?;
    let file = std::fs::File::create(&args.out).with_context(|| format!("writing {}", args.out.display()))?;
    let mut out = std::io::BufWriter::new(file);
    let bar = progress::bar(args.entities, "parties");
    let mut n_names = 0;
    for number in 0..args.entities {
        let party = parties.party(number);
        n_names += crate::subject::names(&party).len();
        writeln!(out, "{}", party.to_ftm())?;
        bar.inc(1);
    }
    out.flush()?;
    bar.finish_and_clear();
    println!("{} parties with {n_names} names written to {}", args.entities, args.out.display());
    Ok(())
}
