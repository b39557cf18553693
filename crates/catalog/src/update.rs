//! All lists of a manifest brought up to date, and a snapshot of their last good versions installed.
//!
//! Idea: lists are refreshed side by side; one that fails goes on with its last good version and is marked stale, one that never
//! had any is marked missing, and both marks go into the snapshot, so that whoever screens is told.
//! Invariant: one update at a time; a snapshot is installed only when whole, and only if something differs from the one that
//! serves. No clock is read here: the time is an option.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use interdict_fetch::FetchOptions;
use interdict_model::{ListId, Schema};
use interdict_snapshot::diff::{ChangeKind, diff};
use interdict_snapshot::{ListMeta, Snapshot};

use crate::build::{Assembled, BuildFault, assemble, meta_of, read_all};
use crate::lock::{Lock, LockError};
use crate::manifest::{Dataset, Manifest};
pub use crate::refresh::Acceptance;
use crate::refresh::{Refresh, Refreshed, chain, version_dataset};
use crate::state::{StateError, Trouble};
use crate::store::{self, StoreError};

/// Lists that are fetched and read at a time: publishers are slow, and a list being read has some 100 MB in memory.
const SIDE_BY_SIDE: usize = 3;

/// The lists cannot be updated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The manifest names no list.
    #[error("the manifest names no list")]
    NoLists,
    /// A list that was named is not in the manifest.
    #[error("the manifest has no list `{list}`; it has {known}")]
    Unknown {
        /// The list.
        list: ListId,
        /// Those of the manifest.
        known: String,
    },
    /// The data folder cannot be used.
    #[error("{path}: cannot be used", path = path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Proxy, certificates or user agent cannot be used.
    #[error("files cannot be fetched as said")]
    Fetch(#[from] interdict_fetch::FetchError),
    /// Another update is running.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The state of a list cannot be read or written.
    #[error("the state of the lists cannot be kept")]
    State(#[from] StateError),
    /// The lists make no snapshot.
    #[error(transparent)]
    Build(#[from] BuildFault),
    /// The snapshot cannot be installed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How lists are updated.
#[derive(Clone, Debug)]
pub struct UpdateOptions {
    /// How files are asked for.
    pub fetch: FetchOptions,
    /// Ask for every file at `MIRROR/<list>/<file name>` instead of its publisher.
    pub mirror: Option<String>,
    /// Ask for these lists only; all where empty. The others stay as they are.
    pub only: Vec<ListId>,
    /// Lists that may shrink.
    pub accept: Option<Acceptance>,
    /// The time, RFC 3339, for what is noted.
    pub now: String,
}

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
    /// A file begins to come.
    Fetching {
        /// Its name.
        file: String,
        /// Bytes that were there from before.
        resumed: u64,
        /// Bytes of the whole, where declared.
        total: Option<u64>,
    },
    /// More of it has come.
    Received {
        /// How much.
        bytes: u64,
    },
    /// An attempt failed, another one follows.
    Retrying {
        /// The pause before it.
        pause: Duration,
        /// Why.
        reason: String,
    },
    /// It is being read.
    Reading,
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
}

/// Updates the lists of a manifest. `tell` hears what happens, of several lists in turn.
pub fn update(
    options: &UpdateOptions,
    manifest: &Manifest,
    data_dir: &Path,
    tell: &mut dyn FnMut(Event),
) -> Result<UpdateReport, UpdateError> {
    let datasets = &manifest.datasets;
    if datasets.is_empty() {
        return Err(UpdateError::NoLists);
    }
    for list in options.only.iter().chain(options.accept.iter().flat_map(|accept| &accept.lists)) {
        if !datasets.iter().any(|dataset| dataset.id == *list) {
            let known: Vec<&str> = datasets.iter().map(|dataset| dataset.id.as_str()).collect();
            return Err(UpdateError::Unknown { list: list.clone(), known: known.join(", ") });
        }
    }
    // What is wrong with the options is wrong for every list, and said once.
    interdict_fetch::Fetcher::new(options.fetch.clone())?;
    std::fs::create_dir_all(data_dir).map_err(|source| UpdateError::Io { path: data_dir.to_owned(), source })?;
    let _lock = Lock::take(data_dir)?;
    let mut refreshed = refresh_all(options, datasets, data_dir, tell)?;
    let changed: Vec<bool> = refreshed.iter().map(|list| list.read.is_some()).collect();
    let before = store::current(data_dir)?;
    let installed = if refreshed.iter().all(|list| list.state.good.is_none()) {
        Installed::Nothing
    } else if let Some(path) = before.clone().filter(|path| serves_already(path, datasets, &refreshed)) {
        Installed::Same(path)
    } else {
        install(options, datasets, data_dir, &mut refreshed)?
    };
    let mut lists: Vec<ListUpdate> = datasets
        .iter()
        .zip(&refreshed)
        .zip(changed)
        .map(|((dataset, list), changed)| {
            let good = list.state.good.as_ref();
            ListUpdate {
                id: dataset.id.clone(),
                status: status(options, dataset, list),
                changed,
                version: good.map(|good| good.version.clone()),
                parties: good.map(|good| good.counts.parties),
                added: None,
                removed: None,
            }
        })
        .collect();
    if let (Some(before), Installed::New(after)) = (before, &installed) {
        count_changes(&before, after, &mut lists);
    }
    Ok(UpdateReport { lists, installed })
}

/// Refreshes all lists, some of them side by side; results in the order of the lists.
fn refresh_all(
    options: &UpdateOptions,
    datasets: &[Dataset],
    data_dir: &Path,
    tell: &mut dyn FnMut(Event),
) -> Result<Vec<Refreshed>, StateError> {
    let next = AtomicUsize::new(0);
    let (events, heard) = channel::<Event>();
    let worker = |events: Sender<Event>| {
        let mut done = Vec::new();
        while let Some((at, dataset)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            datasets.get(at).map(|dataset| (at, dataset))
        } {
            // Nobody hears the last words of a worker whose caller is gone.
            let mut send = |what| drop(events.send(Event { list: dataset.id.clone(), what }));
            let result = Refresh { options, dataset, data_dir }.run(&mut send);
            if let Ok(list) = &result {
                send(What::Done(status(options, dataset, list)));
            }
            done.push((at, result));
        }
        done
    };
    let mut results: Vec<_> = std::thread::scope(|scope| {
        let worker = &worker;
        let threads: Vec<_> = (0..SIDE_BY_SIDE)
            .map(|_| {
                let events = events.clone();
                scope.spawn(move || worker(events))
            })
            .collect();
        drop(events);
        // Ends when the last worker does.
        heard.iter().for_each(tell);
        let join = |thread: std::thread::ScopedJoinHandle<'_, Vec<_>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().flat_map(join).collect()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

fn status(options: &UpdateOptions, dataset: &Dataset, list: &Refreshed) -> Status {
    let asked = options.only.is_empty() || options.only.contains(&dataset.id);
    match (&list.state.trouble, &list.state.good) {
        (Some(trouble), None) => Status::Missing(trouble.clone()),
        (Some(trouble), Some(_)) => Status::Stale(trouble.clone()),
        (None, _) if asked => Status::Fresh,
        (None, _) => Status::Kept,
    }
}

/// What the snapshot is to say of a list, its version left out.
fn marks(dataset: &Dataset, list: &Refreshed) -> (Option<String>, Option<String>) {
    let said = list.state.trouble.as_ref().map(|trouble| format!("since {}: {}", trouble.since, trouble.reason));
    debug_assert!(list.state.good.is_some() || said.is_some(), "{}: without a version there is a reason", dataset.id);
    if list.state.good.is_some() { (said, None) } else { (None, said) }
}

/// Whether the snapshot that serves was made of the same files, and says the same of them.
fn serves_already(current: &Path, datasets: &[Dataset], refreshed: &[Refreshed]) -> bool {
    let (Ok(snapshot), Ok(report)) = (Snapshot::open(current), store::report(current)) else { return false };
    let listed = &snapshot.meta().lists;
    listed.len() == datasets.len()
        && datasets.iter().zip(refreshed).all(|(dataset, list)| {
            let (stale, missing) = marks(dataset, list);
            let says = |meta: &ListMeta| {
                meta.id == dataset.id && meta.title == dataset.title && meta.stale == stale && meta.missing == missing
            };
            let digests = list.state.good.iter().flat_map(|good| good.files.iter().map(|file| file.sha256.as_str()));
            let account = report.lists.iter().find(|account| account.id == dataset.id);
            let read = account.into_iter().flat_map(|account| account.files.iter().map(|file| file.sha256.as_str()));
            // A mapping may have changed without its list.
            dataset.mapping.is_none()
                && listed.iter().any(says)
                && account.is_none_or(|account| account.format == dataset.format)
                && sorted(digests) == sorted(read)
        })
}

fn sorted<'a>(digests: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut digests: Vec<_> = digests.collect();
    digests.sort_unstable();
    digests
}

/// Makes a snapshot of the last good versions and installs it, unless it is the one that serves.
fn install(
    options: &UpdateOptions,
    datasets: &[Dataset],
    data_dir: &Path,
    refreshed: &mut [Refreshed],
) -> Result<Installed, UpdateError> {
    let unread: Vec<Dataset> = datasets
        .iter()
        .zip(&*refreshed)
        .filter(|(_, list)| list.read.is_none())
        .filter_map(|(dataset, list)| Some(version_dataset(dataset, list.state.good.as_ref()?, data_dir)))
        .collect();
    let mut read: BTreeMap<ListId, _> =
        unread.iter().map(|dataset| dataset.id.clone()).zip(read_all(&unread)).collect();
    let mut lists: Vec<Assembled> = Vec::new();
    for (dataset, list) in datasets.iter().zip(refreshed) {
        let loaded = match (list.read.take(), read.remove(&dataset.id)) {
            (Some(loaded), _) | (None, Some(Ok(loaded))) => Some(loaded),
            (None, Some(Err(fault))) => {
                // It could be read once: the reader, the mapping or the disk changed.
                list.state.good = None;
                list.state.trouble(chain(&fault), &options.now);
                list.state.write(data_dir, &dataset.id)?;
                None
            }
            (None, None) => None,
        };
        let mut meta = meta_of(dataset, loaded.as_ref().map(|(loaded, account)| (loaded, account)));
        (meta.stale, meta.missing) = marks(dataset, list);
        lists.push((meta, loaded));
    }
    if lists.iter().all(|(_, loaded)| loaded.is_none()) {
        return Ok(Installed::Nothing);
    }
    let before = store::current(data_dir)?;
    let path = store::install(data_dir, &assemble(lists)?)?;
    Ok(if before.as_ref() == Some(&path) { Installed::Same(path) } else { Installed::New(path) })
}

/// Counts the parties that came to each list and went from it. Where the older snapshot cannot be read, nothing is counted.
fn count_changes(before: &Path, after: &Path, lists: &mut [ListUpdate]) {
    let (Ok(old), Ok(new)) = (Snapshot::open(before), Snapshot::open(after)) else { return };
    let Ok(changes) = diff(&old, &new) else { return };
    let (mut added, mut removed) = (BTreeMap::<&str, u64>::new(), BTreeMap::<&str, u64>::new());
    for change in &changes {
        if !Schema::by_name(change.schema).is_some_and(Schema::matchable) {
            continue;
        }
        let (came, went) = match &change.kind {
            ChangeKind::Added => (change.datasets.as_slice(), [].as_slice()),
            ChangeKind::Removed => ([].as_slice(), change.datasets.as_slice()),
            // A party that stays on one list may come to another one, or leave it.
            ChangeKind::Changed(properties) => match properties.iter().find(|changed| changed.property == "datasets") {
                Some(changed) => (changed.added.as_slice(), changed.removed.as_slice()),
                None => continue,
            },
        };
        for list in came {
            *added.entry(list).or_default() += 1;
        }
        for list in went {
            *removed.entry(list).or_default() += 1;
        }
    }
    for list in lists {
        list.added = Some(added.get(list.id.as_str()).copied().unwrap_or_default());
        list.removed = Some(removed.get(list.id.as_str()).copied().unwrap_or_default());
    }
}
