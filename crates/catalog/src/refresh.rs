//! One list brought up to date: gathered, sniffed, read, held against the last good version, and only then believed.
//!
//! Invariant: whatever goes wrong, the last good version stays as it was.

use std::path::{Path, PathBuf};

use interdict_fetch::{FetchError, FetchOptions, Fetcher};
use interdict_model::ListId;
use interdict_sources::Loaded;

use crate::build::{BuildFault, ListReport, read_list};
use crate::delta::{Deltas, Patched};
use crate::gather::{Gather, GatherError};
use crate::guard::{Counts, Fall, falls, falls_since, remember};
use crate::manifest::Dataset;
use crate::serving::Serving;
use crate::state::{Accepted, ListState, StateError, Version, VersionFault, VersionFile, list_folder, record};
use crate::take::Take;
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
    #[error(
        "it has {parties} parties, and at least {least} are expected of a first version; \
         `lists update --accept-shrink ID --reason TEXT` lets it in"
    )]
    TooFew { parties: u64, least: u64 },
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

/// Where the parties of a list are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// In the files of this version.
    Files(Version),
    /// In the snapshot that serves alone.
    Snapshot,
    /// Nowhere.
    Nowhere,
}

/// A list after its turn.
pub(crate) struct Refreshed {
    pub(crate) state: ListState,
    pub(crate) held: Held,
    /// What was read of it, where it has a new version.
    pub(crate) read: Option<(Loaded, ListReport)>,
    /// How its new version came, where there is something to say.
    pub(crate) notes: Vec<String>,
}

/// Everything that bringing one list up to date takes.
pub(crate) struct Refresh<'a> {
    pub(crate) options: &'a UpdateOptions,
    pub(crate) dataset: &'a Dataset,
    pub(crate) data_dir: &'a Path,
    /// What serves until now.
    pub(crate) serving: &'a Serving,
}

impl Refresh<'_> {
    /// Brings the list up to date where it is asked for; what goes wrong with it stands in its state.
    pub(crate) fn run(&self, tell: &mut dyn FnMut(What)) -> Result<Refreshed, StateError> {
        let list = &self.dataset.id;
        let folder = list_folder(self.data_dir, list);
        let (mut state, aside) = match ListState::read_or_set_aside(self.data_dir, list) {
            Ok(read) => read,
            // It may be readable later, and is not written over.
            Err(error) => {
                let mut state = ListState::default();
                let held = self.else_held();
                state.trouble(held.said(chain(&error)), &self.options.now);
                return Ok(Refreshed { state, held, read: None, notes: Vec::new() });
            }
        };
        if let Some(said) = &aside {
            tell(What::Warning { said: said.clone() });
        }
        // The guard compares with what was once believed, even where its files or all downloads are gone.
        let known = state.believed.clone().or_else(|| state.good.as_ref().map(|good| good.counts.clone()));
        let known = known.or_else(|| self.serving.account(list).map(counts));
        let (serves, lost) = settle(&mut state, &folder);
        std::fs::create_dir_all(&folder).map_err(|source| StateError::Io { path: folder.clone(), source })?;
        let mut held = serves.clone().map_or_else(|| self.else_held(), Held::Files);
        let (mut read, mut notes) = (None, Vec::new());
        let troubles = |error: &str| {
            let all = std::iter::once(error).chain(lost.as_deref()).chain(aside.as_deref());
            all.collect::<Vec<_>>().join("; ")
        };
        let trouble = if self.options.asks(list) {
            state.checked_at = Some(self.options.now.clone());
            match self.attempt(&mut state, serves.as_ref(), known.as_ref(), &folder, &mut notes, tell) {
                Ok(new) => {
                    held = state.good.clone().map_or(held, Held::Files);
                    read = new;
                    // What the manifest or catalogue names was had; whether it is the newest, nobody knows.
                    let stale = self.dataset.feed.stale.as_ref().map(|stale| stale.reason.clone());
                    state.trouble = state.trouble.take().filter(|_| stale.is_some());
                    stale
                }
                Err(error) => Some(troubles(&chain(&error))),
            }
        } else if lost.is_some() || aside.is_some() {
            Some(troubles("--only left it out"))
        } else if state.good.is_none() && state.trouble.is_none() {
            Some(troubles("it was never fetched, as --only left it out"))
        } else {
            None
        };
        if let Some(trouble) = trouble {
            state.trouble(held.said(trouble), &self.options.now);
        }
        state.write(self.data_dir, list)?;
        if read.is_some() {
            sweep(&folder, &state);
        }
        Ok(Refreshed { state, held, read, notes })
    }

    /// Where the parties are of a list whose files are not there.
    fn else_held(&self) -> Held {
        if self.serving.holds(&self.dataset.id).is_some() { Held::Snapshot } else { Held::Nowhere }
    }

    /// A new version, if there is one and it can be believed; it then stands in the state.
    fn attempt(
        &self,
        state: &mut ListState,
        serves: Option<&Version>,
        known: Option<&Counts>,
        folder: &Path,
        notes: &mut Vec<String>,
        tell: &mut dyn FnMut(What),
    ) -> Result<Option<(Loaded, ListReport)>, RefreshError> {
        let incoming = folder.join("incoming");
        std::fs::create_dir_all(&incoming).map_err(io(&incoming))?;
        let fetcher = Fetcher::new(self.fetch_options())?;
        let take = Take { refresh: self, serves, known, folder, incoming: &incoming };
        let deltas = serves.filter(|_| self.options.deltas && self.options.mirror.is_none());
        if let Some((deltas, good)) = deltas.and_then(|good| Some((Deltas::of(self.dataset, good)?, good))) {
            let mut said = |file: &str, progress| tell(What::Fetching { file: file.to_owned(), progress });
            let fault = match deltas.run(&fetcher, &folder.join(&good.folder), &incoming, &mut said) {
                Ok(Patched::Newest) => {
                    state.good = Some(good.clone());
                    return std::fs::remove_dir_all(&incoming).map_err(io(&incoming)).map(|()| None);
                }
                Ok(Patched::New(file, said)) => match take.run(state, vec![file], true, tell) {
                    // The guard judges the list, however it came.
                    Err(RefreshError::Read(fault)) => chain(&fault),
                    taken => {
                        notes.push(said);
                        return taken;
                    }
                },
                Err(fault) => chain(&fault),
            };
            notes.push(format!("the whole file was asked for instead of deltas: {fault}"));
            std::fs::create_dir_all(&incoming).map_err(io(&incoming))?;
        }
        let gather = Gather {
            dataset: self.dataset,
            fetcher: &fetcher,
            mirror: self.options.mirror.as_deref(),
            verify_checksums: self.options.verify_checksums,
            good: serves.map(|good| (good, folder.join(&good.folder))),
            incoming: &incoming,
            now: &self.options.now,
        };
        let files = gather.run(&mut |file, progress| tell(What::Fetching { file: file.to_owned(), progress }))?;
        take.run(state, files, false, tell)
    }

    /// Reads what was gathered and holds it against the last good version.
    pub(crate) fn judge(
        &self,
        state: &mut ListState,
        known: Option<&Counts>,
        gathered: &Dataset,
    ) -> Result<(Loaded, ListReport), RefreshError> {
        let (loaded, report) = read_list(gathered).map_err(RefreshError::Read)?;
        let (rules, now, new) = (&self.dataset.rules, &self.options.now, counts(&report));
        // A first version is held against what the manifest knows of the list.
        let least = Counts { parties: rules.min_parties.unwrap_or_default(), ..Counts::default() };
        let (old, falls) = match known {
            Some(old) => {
                let falls = falls(old, &new, rules);
                (old, if falls.is_empty() { falls_since(&state.recent, &new, rules, now) } else { falls })
            }
            None if new.parties < least.parties => {
                let (sub_list, old, new) = (None, least.parties, new.parties);
                (&least, vec![Fall { sub_list, old, new, limit_percent: 0, since: None }])
            }
            None => (&new, Vec::new()),
        };
        if falls.is_empty() {
            remember(&mut state.recent, known, &new, now);
            return Ok((loaded, report));
        }
        let Some(accept) = self.options.accept.as_ref().filter(|accept| accept.lists.contains(&self.dataset.id)) else {
            return Err(match known {
                Some(_) => RefreshError::Shrunk(falls),
                None => RefreshError::TooFew { parties: new.parties, least: least.parties },
            });
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
        // What was let in is what counts from now on.
        state.recent.clear();
        remember(&mut state.recent, None, &accepted.new, now);
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

pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> RefreshError {
    let path = path.to_owned();
    move |source| RefreshError::Io { path, source }
}

impl Held {
    /// What is wrong with a list, with what is made of it.
    fn said(&self, trouble: String) -> String {
        match self {
            Held::Snapshot => format!("{trouble}; its parties are taken over from the snapshot that served"),
            Held::Files(_) | Held::Nowhere => trouble,
        }
    }
}

/// The version that can serve, and what is wrong with the last good one, where it cannot: then the one before serves. A version
/// whose files are lost leaves the state; one that cannot be read now stays.
fn settle(state: &mut ListState, folder: &Path) -> (Option<Version>, Option<String>) {
    let Some(good) = state.good.clone() else { return (None, None) };
    let Err(fault) = good.check(folder) else { return (Some(good), None) };
    let before = state.previous.clone().filter(|version| version.check(folder).is_ok());
    let mut said = format!("version {} is damaged: {fault}", good.version);
    if let Some(before) = &before {
        said.extend([", and version ", &before.version, " before it serves"]);
    }
    if matches!(fault, VersionFault::Lost(_)) {
        (state.good, state.previous) = (before.clone(), None);
    }
    (before, Some(said))
}

/// The list as one of the files that were gathered into a folder. Each is named, so that none is passed over for its name; where
/// one was found in a folder, they must still be the whole list.
pub(crate) fn local(dataset: &Dataset, files: &[VersionFile], folder: &Path) -> Dataset {
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

pub(crate) fn counts(report: &ListReport) -> Counts {
    Counts { parties: report.loaded, sub_lists: report.sub_lists.clone() }
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
