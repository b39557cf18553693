//! Writing a file so that it is there whole or not at all.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::SnapshotError;

/// Writes `bytes` under a temporary name beside `path`, syncs, and renames it to `path`: a reader sees the old file or the
/// new one. The temporary file goes away on failure. A link is followed. A device or a pipe, which nobody may replace by a file,
/// is written to as it is.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    let write = || match std::fs::metadata(path) {
        Ok(there) if !there.is_file() && !there.is_dir() => File::options().write(true).open(path)?.write_all(bytes),
        Ok(_) if path.is_symlink() => replace(&path.canonicalize()?, bytes),
        _ => replace(path, bytes),
    };
    write().map_err(|source| SnapshotError::Write { path: path.to_owned(), source })
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary: PathBuf = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)?;
        // The rename itself must outlive a crash.
        File::open(folder)?.sync_all()
    };
    write().inspect_err(|_| {
        // Best effort: the error that counts is the one above.
        drop(std::fs::remove_file(&temporary));
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

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

    #[test]
    fn a_link_is_followed_and_a_folder_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, b"old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_atomically(&link, b"new").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert!(write_atomically(folder.path(), b"x").is_err() && folder.path().is_dir());
    }
}
