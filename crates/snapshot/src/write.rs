//! Writing a file so that it is there whole or not at all.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::SnapshotError;

/// Writes `bytes` under a temporary name beside `path`, syncs, and renames it to `path`: a reader sees the old file or the
/// new one. The temporary file goes away on failure.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary: PathBuf = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)?;
        // The rename itself must outlive a crash.
        File::open(folder)?.sync_all()
    };
    write().map_err(|source| {
        // Best effort: the error that counts is the one above.
        drop(std::fs::remove_file(&temporary));
        SnapshotError::Io { path: path.to_owned(), source }
    })
}
