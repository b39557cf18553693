//! The starter list, compiled in.
#![forbid(unsafe_code)]

use interdict_snapshot::{Builder, Snapshot, SnapshotError};

/// Date of the starter list.
pub const DATE: &str = "2026-11-24";

/// The starter list as a snapshot in memory.
pub fn snapshot() -> Result<Snapshot, SnapshotError> {
    let mut builder = Builder::new();
    builder.starter();
    Snapshot::from_bytes(builder.build().map(|built| built.bytes).unwrap_or_default())
}
