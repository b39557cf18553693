//! Writing a file so that it is there whole or not at all.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::SnapshotError;

/// Writes `bytes` under a temporary name beside `path`, syncs, and renames it to `path`: a reader sees the old file or the
/// new one. The temporary file goes away on failure.
/// A link is followed; what is there and is no regular file (a device, a pipe, a folder) is refused, as renaming over it would
/// put an end to it.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    let io = |source| SnapshotError::Io { path: path.to_owned(), source };
    let target = match path.symlink_metadata() {
        Ok(known) if known.is_symlink() => path.canonicalize().map_err(io)?,
        Ok(known) if !known.is_file() => {
            return Err(io(std::io::Error::new(std::io::ErrorKind::InvalidInput, "it is no regular file")));
        }
        _ => path.to_owned(),
    };
    if target.metadata().is_ok_and(|known| !known.is_file()) {
        return Err(io(std::io::Error::new(std::io::ErrorKind::InvalidInput, "it leads to no regular file")));
    }
    write_beside(&target, bytes)
}

fn write_beside(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_what_is_no_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, b"old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_atomically(&link, b"new").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert!(write_atomically(folder.path(), b"x").is_err());
        let socket = folder.path().join("socket");
        let _kept = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(write_atomically(&socket, b"x").is_err() && !socket.is_file());
    }
}
