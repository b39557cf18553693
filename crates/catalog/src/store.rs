//! The data folder: snapshots, their accounts, and which one is current.
//!
//! ```text
//! DIR/snapshots/<id>.snap          a snapshot, never written again
//! DIR/snapshots/<id>.report.json   the account of the lists it was built from
//! DIR/current                      the file name of the snapshot that serves
//! ```
//! Invariant: `current` changes by one rename, and only to a snapshot whose every hash was checked after it was written; a
//! crash at any point leaves the old one serving.

use std::path::{Path, PathBuf};

use interdict_snapshot::{Snapshot, SnapshotError, write_atomically};

use crate::build::{BuiltLists, Report};

/// The data folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file or folder of it cannot be read or made.
    #[error("{path}: cannot be used", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The snapshot cannot be written, or does not hold what was written.
    #[error("the snapshot was not installed")]
    Snapshot(#[from] SnapshotError),
    /// `current` does not name a file of the folder.
    #[error("{path}: does not name a snapshot", path = path.display())]
    Pointer {
        /// The file.
        path: PathBuf,
    },
    /// The account of a snapshot cannot be read.
    #[error("{path}: is no account of a build: {reason}", path = path.display())]
    Report {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

/// The snapshot that serves, if one was installed.
pub fn current(data_dir: &Path) -> Result<Option<PathBuf>, StoreError> {
    let path = data_dir.join("current");
    let name = match std::fs::read_to_string(&path) {
        Ok(name) => name,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StoreError::Io { path, source }),
    };
    let name = name.trim();
    let plain = !name.starts_with('.') && !name.is_empty() && !name.contains(['/', '\\', '\0']);
    if plain { Ok(Some(data_dir.join("snapshots").join(name))) } else { Err(StoreError::Pointer { path }) }
}

/// Writes a snapshot and its account into the data folder, checks every hash of what was written, and makes it current.
/// Returns its path.
pub fn install(data_dir: &Path, built: &BuiltLists) -> Result<PathBuf, StoreError> {
    let folder = data_dir.join("snapshots");
    std::fs::create_dir_all(&folder).map_err(|source| StoreError::Io { path: folder.clone(), source })?;
    let id = Snapshot::from_bytes(built.built.bytes.clone())?.id().to_owned();
    let path = folder.join(format!("{id}.snap"));
    // Equal lists give the equal file: who has it open keeps it, as the new one has an inode of its own.
    write_atomically(&path, &built.built.bytes)?;
    Snapshot::open(&path)?.verify()?;
    let report = serde_json::to_vec_pretty(&built.report)
        .map_err(|error| StoreError::Report { path: report_path(&path), reason: error.to_string() })?;
    write_atomically(&report_path(&path), &report)?;
    write_atomically(&data_dir.join("current"), format!("{id}.snap\n").as_bytes())?;
    sweep(&folder, &path);
    Ok(path)
}

/// Snapshots that are kept: enough to say what changed over the last days, and few, as each is up to some hundred megabytes.
const MAX_KEPT: usize = 5;

/// Removes the oldest snapshots with their accounts. Best effort: what stays costs space alone, and who has one open keeps it.
fn sweep(folder: &Path, current: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut snapshots: Vec<(std::time::SystemTime, PathBuf)> = entries
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "snap") && entry.path() != current)
        .filter_map(|entry| Some((entry.metadata().and_then(|known| known.modified()).ok()?, entry.path())))
        .collect();
    snapshots.sort();
    let n_old = snapshots.len().saturating_sub(MAX_KEPT - 1);
    for (_, path) in snapshots.into_iter().take(n_old) {
        drop(std::fs::remove_file(report_path(&path)));
        drop(std::fs::remove_file(path));
    }
}

/// The account of a snapshot of the data folder.
pub fn report(snapshot: &Path) -> Result<Report, StoreError> {
    let path = report_path(snapshot);
    let text = std::fs::read(&path).map_err(|source| StoreError::Io { path: path.clone(), source })?;
    serde_json::from_slice(&text).map_err(|error| StoreError::Report { path, reason: error.to_string() })
}

fn report_path(snapshot: &Path) -> PathBuf {
    snapshot.with_extension("report.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built() -> BuiltLists {
        crate::build::build(&[], |_| {}).unwrap()
    }

    #[test]
    fn an_installed_snapshot_is_current_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(current(folder.path()).unwrap(), None);
        let path = install(folder.path(), &built()).unwrap();
        assert_eq!(current(folder.path()).unwrap(), Some(path.clone()));
        let account = report(&path).unwrap();
        assert!(account.lists.is_empty() && account.made_by.starts_with("interdict "), "{account:?}");
        Snapshot::open(&path).unwrap().verify().unwrap();
        // Once more changes nothing.
        assert_eq!(install(folder.path(), &built()).unwrap(), path);
    }

    #[test]
    fn old_snapshots_go_and_the_current_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let snapshots = folder.path().join("snapshots");
        std::fs::create_dir_all(&snapshots).unwrap();
        for at in 0..9 {
            std::fs::write(snapshots.join(format!("old{at}.snap")), b"x").unwrap();
            std::fs::write(snapshots.join(format!("old{at}.report.json")), b"x").unwrap();
        }
        let path = install(folder.path(), &built()).unwrap();
        let left = std::fs::read_dir(&snapshots).unwrap().count();
        assert_eq!((left, path.is_file()), (2 * MAX_KEPT, true));
    }

    #[test]
    fn a_pointer_that_leads_elsewhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["../x.snap", "/etc/passwd", "", "..", "a\\b"] {
            std::fs::write(folder.path().join("current"), name).unwrap();
            assert!(matches!(current(folder.path()), Err(StoreError::Pointer { .. })), "{name:?}");
        }
    }
}
