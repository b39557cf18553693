//! What is known of each fetched list between updates.
//!
//! ```text
//! DIR/downloads/<list>/state.json     the last good version, the one before, what is wrong since when, what was accepted
//! DIR/downloads/<list>/state.json.corrupt   a state that could not be read, kept aside
//! DIR/downloads/<list>/<digest>/      the files of a good version
//! DIR/downloads/<list>/incoming/      files that are coming, with their `.part`s; taken up by the next update
//! DIR/downloads/<list>/refused/       the files last refused, for whoever wants to look
//! DIR/updates.jsonl                   every shrinkage that was let in: when, what, why, who; only ever appended to
//! ```
//! Invariant: `state.json` names a good version only after its folder was renamed into place; a folder that no state names is
//! rubbish of a crash and goes with the next good version.

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use interdict_fetch::Validators;
use interdict_model::ListId;
use interdict_snapshot::write_atomically;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::guard::{Believed, Counts, Fall};
use crate::load;

/// The state of a list cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// A file or folder cannot be read or made.
    #[error("{path}: cannot be used", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] interdict_snapshot::SnapshotError),
    /// The state is not what an update writes.
    #[error("{path}: is no state of a list: {reason}", path = path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line and reason.
        reason: String,
    },
}

/// A file of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionFile {
    /// Its name in the version's folder.
    pub name: String,
    /// Where it came from: an address or a path.
    pub from: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// What the server gave to recognise it by.
    #[serde(default)]
    pub validators: Validators,
    /// Whether it was found in a folder rather than named; the files of a folder must be the whole list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_folder: bool,
}

/// A version that was read whole and believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its folder below the list's.
    pub folder: String,
    /// Its files.
    pub files: Vec<VersionFile>,
    /// Its parties.
    pub counts: Counts,
    /// The publisher's date, else a digest.
    pub version: String,
    /// When it was fetched, RFC 3339.
    pub fetched_at: String,
    /// The version that the manifest or catalogue gave when it was fetched, which deltas go on from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
    /// Whether it was made by deltas, so that no server has its file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_delta: bool,
}

/// What keeps a list from being fresh.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Why newer data could not be had.
    pub reason: String,
    /// When that was first found, RFC 3339.
    pub since: String,
}

/// A shrinkage that was let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// When, RFC 3339.
    pub time: String,
    /// Which list.
    pub list: ListId,
    /// What fell.
    pub falls: Vec<Fall>,
    /// Parties before.
    pub old: Counts,
    /// Parties after.
    pub new: Counts,
    /// Why it is right.
    pub reason: String,
    /// Who said so, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
}

/// What is known of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListState {
    /// The version that serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<Version>,
    /// Parties of the last version that was believed, kept even where its files are gone: what the shrink guard compares with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub believed: Option<Counts>,
    /// The largest counts believed in the last thirty days, by day; begun anew where a shrinkage is let in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<Believed>,
    /// The one before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Version>,
    /// What keeps it from being fresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// When its publisher was last asked, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<String>,
    /// The last shrinkage that was let in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Accepted>,
}

/// The folder of a list's downloads.
pub fn list_folder(data_dir: &Path, list: &ListId) -> PathBuf {
    data_dir.join("downloads").join(list.as_str())
}

impl ListState {
    /// The state of a list; empty where it was never fetched.
    pub fn read(data_dir: &Path, list: &ListId) -> Result<ListState, StateError> {
        let path = list_folder(data_dir, list).join("state.json");
        match std::fs::read(&path) {
            Ok(text) => {
                serde_json::from_slice(&text).map_err(|error| StateError::Syntax { path, reason: error.to_string() })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(ListState::default()),
            Err(source) => Err(StateError::Io { path, source }),
        }
    }

    /// The state of a list; where what stands there is none, it is kept aside, and said together with an empty state.
    pub(crate) fn read_or_set_aside(data_dir: &Path, list: &ListId) -> Result<(ListState, Option<String>), StateError> {
        match ListState::read(data_dir, list) {
            Ok(state) => Ok((state, None)),
            Err(StateError::Syntax { path, reason }) => {
                let aside = path.with_extension("json.corrupt");
                std::fs::rename(&path, &aside).map_err(|source| StateError::Io { path: path.clone(), source })?;
                let said =
                    format!("{} was no state of a list ({reason}) and is kept as {}", path.display(), aside.display());
                Ok((ListState::default(), Some(said)))
            }
            Err(error) => Err(error),
        }
    }

    pub(crate) fn write(&self, data_dir: &Path, list: &ListId) -> Result<(), StateError> {
        let path = list_folder(data_dir, list).join("state.json");
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| StateError::Syntax { path: path.clone(), reason: error.to_string() })?;
        Ok(write_atomically(&path, &text)?)
    }

    /// Notes that a list is not fresh; the time stays that of the first such update.
    pub(crate) fn trouble(&mut self, reason: String, now: &str) {
        let since = self.trouble.take().map_or_else(|| now.to_owned(), |trouble| trouble.since);
        self.trouble = Some(Trouble { reason, since });
    }
}

/// What keeps the files of a version from being used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VersionFault {
    /// A file is gone or altered: the version is lost.
    Lost(String),
    /// A file cannot be read now, and may be later.
    Unreadable(String),
}

impl fmt::Display for VersionFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (VersionFault::Lost(said) | VersionFault::Unreadable(said)) = self;
        out.write_str(said)
    }
}

impl Version {
    /// Checks that every file lies in the version's folder as it was fetched.
    pub(crate) fn check(&self, list_folder: &Path) -> Result<(), VersionFault> {
        for file in &self.files {
            let path = list_folder.join(&self.folder).join(&file.name);
            match std::fs::read(&path) {
                Ok(bytes) if load::sha256(&bytes) == file.sha256 => {}
                Ok(_) => return Err(VersionFault::Lost(format!("{} was altered", path.display()))),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    return Err(VersionFault::Lost(format!("{} is gone", path.display())));
                }
                Err(error) => {
                    return Err(VersionFault::Unreadable(format!("{} cannot be read: {error}", path.display())));
                }
            }
        }
        Ok(())
    }

    /// Makes the files outlive a crash, before a state names them.
    pub(crate) fn sync(&self, list_folder: &Path) -> std::io::Result<()> {
        let folder = list_folder.join(&self.folder);
        for file in &self.files {
            std::fs::File::open(folder.join(&file.name))?.sync_all()?;
        }
        // Of a folder, its entries are synced; Windows syncs them with the files.
        #[cfg(unix)]
        for folder in [folder.as_path(), list_folder] {
            std::fs::File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

/// The name of the folder of these files: a digest of their names and bytes.
pub(crate) fn folder_name(files: &[VersionFile]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.name.as_bytes());
        hash.update([0]);
        hash.update(file.sha256.as_bytes());
    }
    load::hex(&hash.finalize()).chars().take(16).collect()
}

/// Appends what was let in to the journal.
pub(crate) fn record(data_dir: &Path, accepted: &Accepted) -> Result<(), StateError> {
    let path = data_dir.join("updates.jsonl");
    let mut line = serde_json::to_vec(accepted)
        .map_err(|error| StateError::Syntax { path: path.clone(), reason: error.to_string() })?;
    line.push(b'\n');
    let append = || {
        let mut file = std::fs::File::options().create(true).append(true).open(&path)?;
        file.write_all(&line)?;
        file.sync_all()
    };
    append().map_err(|source| StateError::Io { path: path.clone(), source })
}
