//! The one place that maps a file into memory.
#![expect(unsafe_code, reason = "mapping a file is unsafe by nature; the argument stands at the block")]

use std::fs::File;
use std::path::Path;

use memmap2::Mmap;

use crate::error::SnapshotError;

/// Bytes of a snapshot: mapped from a file, or in memory.
#[derive(Debug)]
pub(crate) enum Bytes {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl Bytes {
    pub(crate) fn map(path: &Path) -> Result<Bytes, SnapshotError> {
        let fail = |source| SnapshotError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(fail)?;
        let metadata = file.metadata().map_err(fail)?;
        if metadata.is_dir() {
            return Err(fail(std::io::ErrorKind::IsADirectory.into()));
        }
        if metadata.len() == 0 {
            return Ok(Bytes::Owned(Vec::new()));
        }
        // SAFETY: the map is sound while nobody writes to or shortens the file. Snapshots are written under a temporary name,
        // synced, renamed and never opened for writing again (`write.rs`); a new version is a new inode, readers keep theirs.
        let map = unsafe { Mmap::map(&file) }.map_err(fail)?;
        Ok(Bytes::Mapped(map))
    }
}

impl std::ops::Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Mapped(map) => map,
            Bytes::Owned(bytes) => bytes,
        }
    }
}
