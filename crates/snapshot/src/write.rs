//! Writing a file so that it is there whole or not at all.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::SnapshotError;

/// Writes `bytes` under a temporary name beside `path`, syncs, and renames it to `path`: a reader sees the old file or the
/// new one. The temporary file goes away on failure. A device or a pipe, which nobody may replace by a file, is written to as it
/// is.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary: PathBuf = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let is_file_to_be = std::fs::metadata(path).map_or(true, |there| there.is_file() || there.is_dir());
    let write = || -> std::io::Result<()> {
        if !is_file_to_be {
            return File::options().write(true).open(path)?.write_all(bytes);
        }
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
        SnapshotError::Write { path: path.to_owned(), source }
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::write_atomically;

    #[test]
    fn a_device_is_written_to_and_stays_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        // A link, so that a failure here replaces the link and not the machine's device.
        let path = folder.path().join("full");
        std::os::unix::fs::symlink("/dev/full", &path).unwrap();
        let error = write_atomically(&path, b"{}").unwrap_err();
        assert!(error.to_string().contains("cannot be written"), "{error}");
        assert!(std::fs::symlink_metadata(&path).unwrap().is_symlink());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }
}
