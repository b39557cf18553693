//! What an update tells while it runs and when it is done.

use std::path::PathBuf;

use interdict_fetch::Progress;
use interdict_model::ListId;

use crate::manifest::Manifest;
use crate::state::Trouble;

/// Something happened to a list.
#[derive(Clone, Debug)]
pub struct Event {
    /// The list.
    pub list: ListId,
    /// What.
    pub what: What,
}

/// What happened to a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A file of it is being fetched.
    Fetching {
        /// The file's name.
        file: String,
        /// How it goes.
        progress: Progress,
    },
    /// It is being read.
    Reading,
    /// Something is odd that may not keep it from being fresh.
    Warning {
        /// What.
        said: String,
    },
    /// It had its turn.
    Done(Status),
}

/// How a list stands after its turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is the publisher's newest.
    Fresh,
    /// Newer data could not be had; the last good version serves.
    Stale(Trouble),
    /// It never had a good version.
    Missing(Trouble),
    /// It was not asked for, and serves as before.
    Kept,
}

/// The account of an update.
#[derive(Debug)]
pub struct UpdateReport {
    /// Lists, in the order of the manifest.
    pub lists: Vec<ListUpdate>,
    /// What became of the snapshot.
    pub installed: Installed,
    /// The manifest with the datasets of its catalogues.
    pub manifest: Manifest,
    /// Lists of the snapshot before that the manifest names no more: they are asked no more.
    pub gone: Vec<ListId>,
}

/// What became of the snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Installed {
    /// A new one serves.
    New(PathBuf),
    /// Nothing differs from the one that serves.
    Same(PathBuf),
    /// No list could be had, and nothing was installed.
    Nothing,
}

/// The account of one list.
#[derive(Clone, Debug)]
pub struct ListUpdate {
    /// The list.
    pub id: ListId,
    /// How it stands.
    pub status: Status,
    /// Whether it has a new version.
    pub changed: bool,
    /// The version that serves.
    pub version: Option<String>,
    /// Parties of that version.
    pub parties: Option<u64>,
    /// Parties that came, against the snapshot before; none where there was none.
    pub added: Option<u64>,
    /// Parties that went.
    pub removed: Option<u64>,
    /// How its new version came, where there is something to say.
    pub notes: Vec<String>,
}
