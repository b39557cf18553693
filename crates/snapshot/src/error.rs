//! What can be wrong with a snapshot file.

use std::path::PathBuf;

/// A read that left the bounds of a section: the file was altered after it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "section `{section}` is damaged at row {row}; `interdict lists verify` tells more, `interdict build` writes it anew"
)]
pub struct Corrupt {
    /// Name of the section.
    pub section: &'static str,
    /// Row that was asked for.
    pub row: u64,
}

/// A snapshot cannot be opened, or is not what it was when it was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The file cannot be read.
    #[error("{path}: cannot be read", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file cannot be written.
    #[error("{path}: cannot be written", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file does not begin as a snapshot does.
    #[error("{path}: is not an interdict snapshot", path = path.display())]
    Magic {
        /// The file.
        path: PathBuf,
    },
    /// It is of another version of the format or of the text tables.
    #[error("{path}: is of snapshot version {found}, this program reads {expected}; build it anew", path = path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Version of the file, `format.tables`.
        found: String,
        /// Version that is read.
        expected: String,
    },
    /// The file is shorter or longer than its header says, or the header itself was altered.
    #[error("{path}: {what}; it is truncated or was altered", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not hold.
        what: &'static str,
    },
    /// A section's bytes are not those that were written.
    #[error("{path}: section `{section}` does not have the hash that was written with it", path = path.display())]
    Hash {
        /// The file.
        path: PathBuf,
        /// The section.
        section: &'static str,
    },
    /// A row that the file should have is out of bounds.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
}
