//! One list brought up to date: gathered, sniffed, read, held against the last good version, and only then believed.
//!
//! Invariant: whatever goes wrong, the last good version stays as it was.

use std::path::{Path, PathBuf};

use interdict_fetch::{FetchError, FetchOptions, Fetcher, Progress};
use interdict_model::ListId;
use interdict_sources::Loaded;

use crate::build::{BuildFault, ListReport, read_list};
use crate::gather::{Gather, GatherError};
use crate::guard::{Counts, Fall, falls};
use crate::manifest::Dataset;
use crate::state::{Accepted, ListState, StateError, Version, VersionFile, folder_name, list_folder, record};
use crate::update::{UpdateOptions, What};

/// New data of a list cannot be had or believed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RefreshError {
    #[error(transparent)]
    Options(#[from] FetchError),
    #[error(transparent)]
    Gather(#[from] GatherError),
    #[error("{}", chain(.0))]
    Read(BuildFault),
    #[error("{}; `lists update --accept-shrink ID --reason TEXT` lets a lawful delisting in", said(.0))]
    Shrunk(Vec<Fall>),
    #[error(transparent)]
    State(#[from] StateError),
    #[error("{path}: cannot be used: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

fn said(falls: &[Fall]) -> String {
    falls.iter().map(Fall::to_string).collect::<Vec<_>>().join("; ")
}

/// An error with its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        let said = source.to_string();
        if !text.contains(&said) {
            text.extend([": ", &said]);
        }
        cause = source.source();
    }
    text
}

/// A list after its turn.
pub(crate) struct Refreshed {
    pub(crate) state: ListState,
    /// What was read of it, where it has a new version.
    pub(crate) read: Option<(Loaded, ListReport)>,
}

/// Everything that bringing one list up to date takes.
pub(crate) struct Refresh<'a> {
    pub(crate) options: &'a UpdateOptions,
    pub(crate) dataset: &'a Dataset,
    pub(crate) data_dir: &'a Path,
}

impl Refresh<'_> {
    /// Brings the list up to date where it is asked for; what goes wrong with it stands in its state.
    pub(crate) fn run(&self, tell: &mut dyn FnMut(What)) -> Result<Refreshed, StateError> {
        let list = &self.dataset.id;
        let folder = list_folder(self.data_dir, list);
        let mut state = ListState::read(self.data_dir, list)?;
        // The guard compares with what was once believed, even where its files are gone.
        let known = state.believed.clone().or_else(|| state.good.as_ref().map(|good| good.counts.clone()));
        state.good = state.good.filter(|good| good.is_whole(&folder));
        std::fs::create_dir_all(&folder).map_err(|source| StateError::Io { path: folder.clone(), source })?;
        let mut read = None;
        if self.options.only.is_empty() || self.options.only.contains(list) {
            match self.attempt(&mut state, known.as_ref(), &folder, tell) {
                Ok(new) => {
                    state.trouble = None;
                    read = new;
                }
                Err(error) => state.trouble(chain(&error), &self.options.now),
            }
            state.checked_at = Some(self.options.now.clone());
        } else if state.good.is_none() {
            state.trouble("it was never fetched, as --only left it out".to_owned(), &self.options.now);
        }
        state.write(self.data_dir, list)?;
        if read.is_some() {
            sweep(&folder, &state);
        }
        Ok(Refreshed { state, read })
    }

    /// A new version, if there is one and it can be believed; it then stands in the state.
    fn attempt(
        &self,
        state: &mut ListState,
        known: Option<&Counts>,
        folder: &Path,
        tell: &mut dyn FnMut(What),
    ) -> Result<Option<(Loaded, ListReport)>, RefreshError> {
        let incoming = folder.join("incoming");
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| RefreshError::Io { path, source }
        };
        std::fs::create_dir_all(&incoming).map_err(io(&incoming))?;
        let fetcher = Fetcher::new(self.fetch_options())?;
        let gather = Gather {
            dataset: self.dataset,
            fetcher: &fetcher,
            mirror: self.options.mirror.as_deref(),
            good: state.good.as_ref().map(|good| (good, folder.join(&good.folder))),
            incoming: &incoming,
        };
        let files = gather.run(&mut |file, progress| tell(What::of(file, progress)))?;
        let name = folder_name(&files);
        if let Some(good) = state.good.as_mut().filter(|good| good.folder == name) {
            good.files = files;
            return std::fs::remove_dir_all(&incoming).map_err(io(&incoming)).map(|()| None);
        }
        keep_only(&incoming, &files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>());
        let target = folder.join(&name);
        remove(&target).map_err(io(&target))?;
        std::fs::rename(&incoming, &target).map_err(io(&target))?;
        tell(What::Reading);
        let judged = self.judge(state, known, &local(self.dataset, &files, &target));
        let (loaded, report) = judged.inspect_err(|_| {
            // For whoever wants to look; that it could not be kept is not what went wrong.
            let refused = folder.join("refused");
            drop(remove(&refused).and_then(|()| std::fs::rename(&target, &refused)));
        })?;
        let version = Version {
            folder: name,
            files,
            counts: counts(&report),
            version: loaded.version.clone(),
            fetched_at: self.options.now.clone(),
        };
        state.believed = Some(version.counts.clone());
        state.previous = state.good.replace(version);
        Ok(Some((loaded, report)))
    }

    /// Reads what was gathered and holds it against the last good version.
    fn judge(
        &self,
        state: &mut ListState,
        known: Option<&Counts>,
        gathered: &Dataset,
    ) -> Result<(Loaded, ListReport), RefreshError> {
        let (loaded, report) = read_list(gathered).map_err(RefreshError::Read)?;
        let (Some(old), new) = (known, counts(&report)) else { return Ok((loaded, report)) };
        let falls = falls(old, &new, &self.dataset.rules);
        if falls.is_empty() {
            return Ok((loaded, report));
        }
        let Some(accept) = self.options.accept.as_ref().filter(|accept| accept.lists.contains(&self.dataset.id)) else {
            return Err(RefreshError::Shrunk(falls));
        };
        let accepted = Accepted {
            time: self.options.now.clone(),
            list: self.dataset.id.clone(),
            falls,
            old: old.clone(),
            new,
            reason: accept.reason.clone(),
            who: accept.who.clone(),
        };
        record(self.data_dir, &accepted)?;
        state.accepted = Some(accepted);
        Ok((loaded, report))
    }

    /// The options for this list: a publisher that is known to be slow is given its time, a mirror is not.
    fn fetch_options(&self) -> FetchOptions {
        let mut options = self.options.fetch.clone();
        if self.options.mirror.is_some() {
            return options;
        }
        let rules = &self.dataset.rules;
        if let Some(agent) = &rules.user_agent {
            options.user_agent.clone_from(agent);
        }
        if let Some(seconds) = rules.timeout_s {
            let patience = std::time::Duration::from_secs(seconds);
            options.read_timeout = options.read_timeout.max(patience);
            options.total_timeout = options.total_timeout.max(patience.saturating_mul(3));
        }
        options.retries = options.retries.max(rules.retries.unwrap_or(0));
        options
    }
}

/// The list as one of the files that were gathered into a folder. Each is named, so that none is passed over for its name; where
/// one was found in a folder, they must still be the whole list.
fn local(dataset: &Dataset, files: &[VersionFile], folder: &Path) -> Dataset {
    Dataset {
        paths: files.iter().map(|file| folder.join(&file.name)).collect(),
        in_folder: files.iter().any(|file| file.in_folder),
        urls: Vec::new(),
        ..dataset.clone()
    }
}

/// The list in a version that was believed.
pub(crate) fn version_dataset(dataset: &Dataset, version: &Version, data_dir: &Path) -> Dataset {
    local(dataset, &version.files, &list_folder(data_dir, &dataset.id).join(&version.folder))
}

fn counts(report: &ListReport) -> Counts {
    Counts { parties: report.loaded, sub_lists: report.sub_lists.clone() }
}

impl What {
    fn of(file: &str, progress: Progress) -> What {
        match progress {
            Progress::Started { resumed, total } => What::Fetching { file: file.to_owned(), resumed, total },
            Progress::Received { bytes } => What::Received { bytes },
            Progress::Retrying { pause, reason } => What::Retrying { pause, reason },
        }
    }
}

/// Removes a folder that may not be there.
fn remove(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes what else lies in a folder: parts of files that are asked for no more. Best effort, as readers are given names.
fn keep_only(folder: &Path, names: &[&str]) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if !names.iter().any(|name| entry.file_name() == *name) {
            drop(std::fs::remove_file(entry.path()));
        }
    }
}

/// Removes versions that no state names any more. Best effort: what stays costs space alone.
fn sweep(folder: &Path, state: &ListState) {
    let kept: Vec<&str> = state
        .good
        .iter()
        .chain(&state.previous)
        .map(|version| version.folder.as_str())
        .chain(["incoming", "refused"])
        .collect();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() && !kept.iter().any(|name| entry.file_name() == *name) {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

/// Who may let which lists shrink, and why.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The lists.
    pub lists: Vec<ListId>,
    /// Why it is right that they shrank.
    pub reason: String,
    /// Who says so, where known.
    pub who: Option<String>,
}
