//! Where the snapshot of a measurement comes from.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use interdict_snapshot::Snapshot;

use crate::corpus;

/// A snapshot on disk, or one of generated parties.
#[derive(clap::Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Args {
    /// A snapshot, or an index of FollowTheMoney lines (`.jsonl`, `.json`)
    #[arg(long)]
    pub(crate) snapshot: Option<PathBuf>,
}

impl Args {
    /// Opens or builds it.
    pub(crate) fn snapshot(&self) -> Result<Snapshot> {
        match &self.snapshot {
            Some(path) => open(path),
            None => anyhow::bail!("no snapshot was given"),
        }
    }
}

/// A snapshot from a file of either kind.
pub(crate) fn open(path: &Path) -> Result<Snapshot> {
    let is_lines = path.extension().is_some_and(|end| end == "jsonl" || end == "json");
    if is_lines { corpus::snapshot(path) } else { Ok(Snapshot::open(path)?) }
        .with_context(|| format!("opening {}", path.display()))
}
