//! Where the snapshot of a measurement comes from.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use interdict_snapshot::Snapshot;

use crate::corpus;
use crate::generate::Parties;

/// A snapshot on disk, or one of generated parties.
#[derive(clap::Args)]
#[group(id = "source")]
pub(crate) struct Args {
    /// A snapshot, or an index of FollowTheMoney lines (`.jsonl`, `.json`)
    #[arg(long, conflicts_with = "entities", required_unless_present = "entities")]
    pub(crate) snapshot: Option<PathBuf>,
    /// Generate this many parties instead
    #[arg(long)]
    pub(crate) entities: Option<u64>,
    /// Seed of the generated parties
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

impl Args {
    /// Opens or builds it.
    pub(crate) fn snapshot(&self) -> Result<Snapshot> {
        match (&self.snapshot, self.entities) {
            (Some(path), _) => open(path),
            (None, Some(n)) => Ok(Snapshot::from_bytes(Parties::new(self.seed)?.builder(n).build()?.bytes)?),
            (None, None) => anyhow::bail!("neither a snapshot nor a number of parties was given"),
        }
    }
}

/// A snapshot from a file of either kind.
pub(crate) fn open(path: &Path) -> Result<Snapshot> {
    let is_lines = path.extension().is_some_and(|end| end == "jsonl" || end == "json");
    if is_lines { corpus::snapshot(path) } else { Ok(Snapshot::open(path)?) }
        .with_context(|| format!("opening {}", path.display()))
}
