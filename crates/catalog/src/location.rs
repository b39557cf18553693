//! Where a manifest or a catalogue lies: on this machine or at an address.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where a document lies.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of this machine.
    File(PathBuf),
    /// An address of http or https.
    Url(String),
}

impl Location {
    /// What a text means: an address, one of `file://`, or a path, taken from this folder where it is relative.
    pub fn of(text: &str, folder: &Path) -> Location {
        match interdict_fetch::file_path(text) {
            Some(path) => Location::File(path),
            None if text.contains("://") => Location::Url(text.to_owned()),
            None => Location::File(folder.join(text)),
        }
    }

    /// The folder that relative paths are taken from; none for a document of another machine.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match self {
            Location::File(path) => Some(path.parent().unwrap_or(Path::new(""))),
            Location::Url(_) => None,
        }
    }

    /// As a path for messages, without secrets.
    pub(crate) fn shown(&self) -> PathBuf {
        PathBuf::from(self.to_string())
    }
}

/// Without user, password and query.
impl fmt::Display for Location {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::File(path) => write!(out, "{}", path.display()),
            Location::Url(url) => out.write_str(&interdict_fetch::without_secrets(url)),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}
