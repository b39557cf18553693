//! A list brought to its newest version by deltas instead of its whole file.
//!
//! Idea: the index of a delta feed names, for each version, the delta that leads to it. All after the last good version up to the
//! version that the manifest or catalogue gives are fetched and applied in order ([`crate::patch`]).
//! Invariant: the index must name both ends, else nobody knows whether one between is missing; whatever goes wrong, the whole file is
//! fetched. Deltas larger than the file are not worth it.
//! Source: the delta index of yente 4.1 and later; versions are compared as texts.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _};
use std::path::{Path, PathBuf};

use interdict_fetch::{FetchError, Fetcher, Progress, Request, Validators, join};
use interdict_sources::Format;
use serde::Deserialize;

use crate::load;
use crate::manifest::Dataset;
use crate::patch::{Applied, Changes, PatchError};
use crate::state::{Version, VersionFile};

/// Most bytes of an index of deltas.
const MAX_INDEX: u64 = 8 << 20;

/// Most deltas that are applied at a time: a list that lags further behind is fetched whole.
const MAX_DELTAS: usize = 500;

/// Bytes of deltas that are always worth it, however small the file.
const SMALL: u64 = 1 << 20;

/// Deltas cannot be used; the whole file can.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeltaError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("the index of deltas cannot be used: {0}")]
    Index(String),
    #[error("the index of deltas does not reach back to version {0}")]
    Window(String),
    #[error("the index of deltas has a gap: it does not name version {0}")]
    Gap(String),
    #[error("version {target} is older than version {base}, which serves")]
    Backwards { base: String, target: String },
    #[error("{0} deltas are more than are worth it")]
    TooMany(usize),
    #[error("the last good version is packed")]
    Packed,
    #[error(transparent)]
    Patch(#[from] PatchError),
    #[error("{path}: cannot be used: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

#[derive(Deserialize)]
struct Index {
    versions: BTreeMap<String, String>,
}

/// What deltas came to.
pub(crate) enum Patched {
    /// The last good version is the newest.
    Newest,
    /// The file of the newest version, in the folder of what comes.
    New(VersionFile, String),
}

/// A list that may be brought up to date by deltas.
pub(crate) struct Deltas<'a> {
    dataset: &'a Dataset,
    url: String,
    file: &'a VersionFile,
    from: &'a str,
    to: &'a str,
}

impl<'a> Deltas<'a> {
    /// Deltas of a list whose last good version is this one; none where there is no feed, or nothing that it could be held against.
    pub(crate) fn of(dataset: &'a Dataset, base: &'a Version) -> Option<Deltas<'a>> {
        let url = dataset.feed.delta_url.clone()?;
        let ([file], Format::Ftm) = (base.files.as_slice(), dataset.format) else { return None };
        let [address] = dataset.urls.as_slice() else { return None };
        if !dataset.paths.is_empty() || file.from != *address {
            return None;
        }
        let (from, to) = (base.declared.as_deref()?, dataset.version.as_deref()?);
        // A whole file that is of this version already may still be asked whether it changed.
        let worth_it = from != to || base.by_delta;
        worth_it.then_some(Deltas { dataset, url, file, from, to })
    }

    /// Fetches what is needed into `incoming` and applies it to the file in `folder`, the last good version's.
    pub(crate) fn run(
        &self,
        fetcher: &Fetcher,
        folder: &Path,
        incoming: &Path,
        tell: &mut dyn FnMut(&str, Progress),
    ) -> Result<Patched, DeltaError> {
        if self.from == self.to {
            return Ok(Patched::Newest);
        }
        if self.from > self.to {
            return Err(DeltaError::Backwards { base: self.from.to_owned(), target: self.to.to_owned() });
        }
        let wanted = self.wanted(fetcher, incoming, tell)?;
        let mut changes = Changes::default();
        let mut left = self.file.bytes.max(SMALL);
        for (version, url) in &wanted {
            let path = self.fetch(fetcher, url, incoming, left, tell)?;
            let file = File::open(&path).map_err(io(&path))?;
            left = left.saturating_sub(file.metadata().map_err(io(&path))?.len());
            changes.add(version, &self.dataset.id, BufReader::new(file))?;
        }
        let (old, new) = (folder.join(&self.file.name), incoming.join(&self.file.name));
        let mut magic = [0; 2];
        let read = File::open(&old).and_then(|mut file| file.read(&mut magic)).map_err(io(&old))?;
        if matches!((read, &magic), (2, b"\x1f\x8b" | b"PK")) {
            return Err(DeltaError::Packed);
        }
        let base = BufReader::new(File::open(&old).map_err(io(&old))?);
        let mut out = BufWriter::new(File::create(&new).map_err(io(&new))?);
        let Applied { added, changed, removed } = changes.apply(base, &mut out)?;
        drop(out);
        let bytes = std::fs::read(&new).map_err(io(&new))?;
        let file = VersionFile {
            sha256: load::sha256(&bytes),
            bytes: bytes.len() as u64,
            // The server never had this file.
            validators: Validators::default(),
            ..self.file.clone()
        };
        let n = wanted.len();
        let said = format!(
            "{n} delta{} from version {} to {}: {added} entities added, {changed} changed, {removed} removed",
            if n == 1 { "" } else { "s" },
            self.from,
            self.to
        );
        Ok(Patched::New(file, said))
    }

    /// The deltas after the last good version up to the newest, oldest first.
    fn wanted(
        &self,
        fetcher: &Fetcher,
        incoming: &Path,
        tell: &mut dyn FnMut(&str, Progress),
    ) -> Result<Vec<(String, String)>, DeltaError> {
        let path = self.fetch(fetcher, &self.url, incoming, MAX_INDEX, tell)?;
        let bytes = std::fs::read(&path).map_err(io(&path))?;
        let Index { versions } =
            serde_json::from_slice(&bytes).map_err(|error| DeltaError::Index(error.to_string()))?;
        if !versions.contains_key(self.from) {
            let is_older = versions.keys().next().is_none_or(|oldest| self.from < oldest.as_str());
            let from = self.from.to_owned();
            return Err(if is_older { DeltaError::Window(from) } else { DeltaError::Gap(from) });
        }
        if !versions.contains_key(self.to) {
            return Err(DeltaError::Gap(self.to.to_owned()));
        }
        let wanted = versions.into_iter().filter(|(version, _)| *self.from < **version && **version <= *self.to);
        let wanted: Vec<(String, String)> = wanted
            .map(|(version, url)| {
                let unusable = || DeltaError::Index(format!("version {version} has no address that can be used"));
                let url = join(&self.url, &url).ok_or_else(unusable)?;
                Ok((version, url))
            })
            .collect::<Result<_, DeltaError>>()?;
        if wanted.len() > MAX_DELTAS { Err(DeltaError::TooMany(wanted.len())) } else { Ok(wanted) }
    }

    fn fetch(
        &self,
        fetcher: &Fetcher,
        url: &str,
        incoming: &Path,
        max_bytes: u64,
        tell: &mut dyn FnMut(&str, Progress),
    ) -> Result<PathBuf, DeltaError> {
        let destination = incoming.join("delta.tmp");
        let request = Request {
            url: url.to_owned(),
            destination: destination.clone(),
            validators: Validators::default(),
            expected_sha256: None,
            max_bytes,
            credential: self.dataset.feed.credential.clone(),
        };
        fetcher.fetch(&request, &mut |progress| tell("its deltas", progress))?;
        Ok(destination)
    }
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> DeltaError {
    let path = path.to_owned();
    move |source| DeltaError::Io { path, source }
}
