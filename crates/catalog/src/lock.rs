//! One update at a time: a lock that the operating system holds and lets go when its holder ends, however it ends.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The lock cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another process has it.
    #[error("{path}: another update is running", path = path.display())]
    Held {
        /// The lock file.
        path: PathBuf,
    },
    /// The file cannot be made or locked.
    #[error("{path}: cannot be locked", path = path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The right to change the downloads of a data folder, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes `DIR/update.lock`. The file stays; only the lock on it counts, so that one left by a crash hinders nobody.
    pub fn take(data_dir: &Path) -> Result<Lock, LockError> {
        let path = data_dir.join("update.lock");
        let file = match File::options().create(true).truncate(false).write(true).open(&path) {
            Ok(file) => file,
            Err(source) => return Err(LockError::Io { path, source }),
        };
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held { path }),
            Err(TryLockError::Error(source)) => Err(LockError::Io { path, source }),
        }
    }
}
