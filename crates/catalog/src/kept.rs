//! Manifests and catalogues that are fetched, each with its last good copy.
//!
//! ```text
//! DIR/catalogs/<digest of the address>/state.json      the copy's digest, what the server recognises it by, what is wrong since when
//! DIR/catalogs/<digest of the address>/<digest>.copy   the last good copy
//! ```
//! Invariant: a copy is kept only after it was understood; what cannot be had, or not be understood, leaves the last good copy, and
//! says so.

use std::path::{Path, PathBuf};

use interdict_fetch::{Credential, Fetcher, Outcome, Request, Validators};
use interdict_snapshot::write_atomically;
use serde::{Deserialize, Serialize};

use crate::load;
use crate::location::Location;
use crate::manifest::ManifestError;
use crate::refresh::chain;
use crate::state::{StateError, Trouble};

/// Most bytes of a manifest or catalogue; that of OpenSanctions has some 5 MB.
const MAX_DOCUMENT: u64 = 64 << 20;

/// A document that is fetched, and where its copies lie.
pub(crate) struct Kept<'a> {
    pub(crate) url: &'a str,
    pub(crate) data_dir: &'a Path,
}

/// What a document came to, and why it may be old.
#[derive(Debug)]
pub(crate) struct Understood<T> {
    pub(crate) value: T,
    pub(crate) stale: Option<Trouble>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct KeptState {
    /// Address, for people, without secrets.
    url: String,
    sha256: String,
    #[serde(default)]
    validators: Validators,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trouble: Option<Trouble>,
}

impl Kept<'_> {
    fn folder(&self) -> PathBuf {
        let digest: String = load::sha256(self.url.as_bytes()).chars().take(16).collect();
        self.data_dir.join("catalogs").join(digest)
    }

    /// The last good copy; none where there is none, or its bytes are not those that were kept.
    fn copy(&self) -> Option<(KeptState, Vec<u8>)> {
        let folder = self.folder();
        let state: KeptState = serde_json::from_slice(&std::fs::read(folder.join("state.json")).ok()?).ok()?;
        let bytes = std::fs::read(folder.join(format!("{}.copy", state.sha256))).ok()?;
        (load::sha256(&bytes) == state.sha256).then_some((state, bytes))
    }

    /// What the last good copy comes to, without asking anyone; none where there is none, or it is of no use any more.
    pub(crate) fn last_good<T>(&self, read: impl Fn(&[u8]) -> Result<T, ManifestError>) -> Option<Understood<T>> {
        let (state, bytes) = self.copy()?;
        Some(Understood { value: read(&bytes).ok()?, stale: state.trouble })
    }

    /// Asks for the document. `read` is given what came and the last good copy; what it refuses is not kept.
    pub(crate) fn fetch<T>(
        &self,
        fetcher: &Fetcher,
        credential: Option<Credential>,
        now: &str,
        read: impl Fn(&[u8], Option<&[u8]>) -> Result<T, ManifestError>,
    ) -> Result<Understood<T>, ManifestError> {
        let folder = self.folder();
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| StateError::Io { path, source }
        };
        std::fs::create_dir_all(&folder).map_err(io(&folder))?;
        let known = self.copy();
        // A copy that an earlier program or another scope understood is of no use if it cannot be understood now.
        let mut usable = known.as_ref().and_then(|(_, bytes)| read(bytes, None).ok());
        let is_usable = usable.is_some();
        let incoming = folder.join("incoming");
        let request = Request {
            url: self.url.to_owned(),
            destination: incoming.clone(),
            validators: known
                .as_ref()
                .filter(|_| is_usable)
                .map(|(state, _)| state.validators.clone())
                .unwrap_or_default(),
            expected_sha256: None,
            max_bytes: MAX_DOCUMENT,
            credential,
        };
        let old = known.as_ref().filter(|_| is_usable).map(|(_, bytes)| bytes.as_slice());
        let fault = match fetcher.fetch(&request, &mut |_| {}) {
            Ok(Outcome::Changed(got)) => {
                let bytes = std::fs::read(&incoming).map_err(io(&incoming))?;
                match read(&bytes, old) {
                    Ok(value) => {
                        let state = KeptState {
                            url: interdict_fetch::without_secrets(self.url),
                            sha256: load::sha256(&bytes),
                            validators: got.validators,
                            trouble: None,
                        };
                        let path = folder.join(format!("{}.copy", state.sha256));
                        std::fs::rename(&incoming, &path).map_err(io(&path))?;
                        self.note(&state)?;
                        sweep(&folder, &state);
                        return Ok(Understood { value, stale: None });
                    }
                    Err(error) => error,
                }
            }
            Ok(Outcome::Unchanged) => match (&known, usable.take()) {
                (Some((state, _)), Some(value)) => {
                    self.note(&KeptState { trouble: None, ..state.clone() })?;
                    return Ok(Understood { value, stale: None });
                }
                // The fetcher answers so only where it was asked with validators, which only a usable copy has.
                _ => self.unreachable("the server answered 304 and was not asked whether it changed".to_owned()),
            },
            Err(error) => self.unreachable(chain(&error)),
        };
        let Some((state, value)) = known.as_ref().map(|(state, _)| state).zip(usable) else {
            return Err(fault);
        };
        let reason = match &fault {
            ManifestError::Unreachable { reason, .. } => reason.clone(),
            fault => chain(fault),
        };
        let since = state.trouble.as_ref().map_or_else(|| now.to_owned(), |trouble| trouble.since.clone());
        let trouble = Trouble { reason, since };
        self.note(&KeptState { trouble: Some(trouble.clone()), ..state.clone() })?;
        Ok(Understood { value, stale: Some(trouble) })
    }

    fn unreachable(&self, reason: String) -> ManifestError {
        ManifestError::Unreachable { location: Location::Url(self.url.to_owned()), reason }
    }

    fn note(&self, state: &KeptState) -> Result<(), StateError> {
        let path = self.folder().join("state.json");
        let text = serde_json::to_vec_pretty(state)
            .map_err(|error| StateError::Syntax { path: path.clone(), reason: error.to_string() })?;
        Ok(write_atomically(&path, &text)?)
    }
}

/// Removes copies that no state names. Best effort: what stays costs space alone.
fn sweep(folder: &Path, state: &KeptState) {
    let kept = format!("{}.copy", state.sha256);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().ends_with(".copy") && name != *kept {
            drop(std::fs::remove_file(entry.path()));
        }
    }
}
