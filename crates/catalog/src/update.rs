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

use interdict_model::{ListId, Schema};
use interdict_snapshot::diff::{ChangeKind, diff};
use interdict_snapshot::{ListMeta, Snapshot};
use interdict_sources::Loaded;

pub use crate::account::{Event, Installed, ListUpdate, Status, UpdateReport, What};
use crate::build::{Assembled, BuildFault, ListReport, assemble, maker, meta_of, read_all, read_list};
use crate::load::LoadError;
use crate::lock::{Lock, LockError};
use crate::manifest::{Dataset, Manifest, ManifestError};
pub use crate::options::UpdateOptions;
pub use crate::refresh::Acceptance;
use crate::refresh::{Held, Refresh, Refreshed, chain, version_dataset};
use crate::serving::Serving;
use crate::state::StateError;
use crate::store::{self, StoreError};

/// Lists that are fetched and read at a time: publishers are slow, and a list being read has some 100 MB in memory.
const SIDE_BY_SIDE: usize = 3;

/// The lists cannot be updated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The manifest, or a catalogue that it names, cannot be used.
    #[error("the manifest cannot be used")]
    Manifest(#[from] ManifestError),
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

/// Updates the lists of a manifest. `tell` hears what happens, of several lists in turn.
pub fn update(
    options: &UpdateOptions,
    manifest: &Manifest,
    data_dir: &Path,
    tell: &mut dyn FnMut(Event),
) -> Result<UpdateReport, UpdateError> {
    if manifest.datasets.is_empty() && manifest.catalogs.is_empty() {
        return Err(UpdateError::NoLists);
    }
    // What is wrong with the options is wrong for every list, and said once.
    let fetcher = interdict_fetch::Fetcher::new(options.fetch.clone())?;
    std::fs::create_dir_all(data_dir).map_err(|source| UpdateError::Io { path: data_dir.to_owned(), source })?;
    let _lock = Lock::take(data_dir)?;
    // Lists that a catalogue had before may leave it, if that is accepted by name.
    let before = manifest.with_kept_catalogs(data_dir).map(|kept| kept.datasets).unwrap_or_default();
    let manifest = manifest.with_catalogs(options, &fetcher, data_dir)?;
    let datasets = &manifest.datasets;
    if datasets.is_empty() {
        return Err(UpdateError::NoLists);
    }
    for list in options.only.iter().chain(options.accept.iter().flat_map(|accept| &accept.lists)) {
        if !datasets.iter().chain(&before).any(|dataset| dataset.id == *list) {
            let known: Vec<&str> = datasets.iter().map(|dataset| dataset.id.as_str()).collect();
            return Err(UpdateError::Unknown { list: list.clone(), known: known.join(", ") });
        }
    }
    let serving = Serving::open(data_dir)?;
    let mut refreshed = refresh_all(options, datasets, data_dir, &serving, tell)?;
    let changed: Vec<bool> = refreshed.iter().map(|list| list.read.is_some()).collect();
    let installed = if refreshed.iter().all(|list| list.held == Held::Nowhere) {
        Installed::Nothing
    } else if let Some(path) = serving.path.clone().filter(|_| serves_already(&serving, datasets, &refreshed)) {
        Installed::Same(path)
    } else {
        install(options, datasets, data_dir, &serving, &mut refreshed)?
    };
    let mut lists: Vec<ListUpdate> = datasets
        .iter()
        .zip(&refreshed)
        .zip(changed)
        .map(|((dataset, list), changed)| {
            let (version, parties) = served(&dataset.id, list, &serving);
            ListUpdate {
                id: dataset.id.clone(),
                status: status(options, dataset, list),
                changed,
                version,
                parties,
                added: None,
                removed: None,
                notes: list.notes.clone(),
            }
        })
        .collect();
    if let (Some(before), Installed::New(after)) = (&serving.snapshot, &installed) {
        count_changes(before, after, &mut lists);
    }
    let served = serving.snapshot.iter().flat_map(|snapshot| &snapshot.meta().lists).map(|list| &list.id);
    let gone = served.filter(|id| !datasets.iter().any(|dataset| dataset.id == **id)).cloned().collect();
    Ok(UpdateReport { lists, installed, manifest, gone })
}

/// Refreshes all lists, some of them side by side; results in the order of the lists.
fn refresh_all(
    options: &UpdateOptions,
    datasets: &[Dataset],
    data_dir: &Path,
    serving: &Serving,
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
            let result = Refresh { options, dataset, data_dir, serving }.run(&mut send);
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
    match (&list.state.trouble, &list.held) {
        (Some(trouble), Held::Nowhere) => Status::Missing(trouble.clone()),
        (Some(trouble), _) => Status::Stale(trouble.clone()),
        (None, _) if options.asks(&dataset.id) => Status::Fresh,
        (None, _) => Status::Kept,
    }
}

/// What the snapshot is to say of a list, its version left out.
fn marks(dataset: &Dataset, list: &Refreshed) -> (Option<String>, Option<String>) {
    let said = list.state.trouble.as_ref().map(|trouble| format!("since {}: {}", trouble.since, trouble.reason));
    debug_assert!(list.held != Held::Nowhere || said.is_some(), "{}: without parties there is a reason", dataset.id);
    if list.held == Held::Nowhere { (None, said) } else { (said, None) }
}

/// Version and parties of a list as it serves.
fn served(id: &ListId, list: &Refreshed, serving: &Serving) -> (Option<String>, Option<u64>) {
    match &list.held {
        Held::Files(version) => (Some(version.version.clone()), Some(version.counts.parties)),
        Held::Snapshot => {
            (serving.holds(id).map(|meta| meta.version.clone()), serving.account(id).map(|account| account.loaded))
        }
        Held::Nowhere => (None, None),
    }
}

/// Whether the snapshot that serves was made of the same files by this program, and says the same of them.
fn serves_already(serving: &Serving, datasets: &[Dataset], refreshed: &[Refreshed]) -> bool {
    let (Some(snapshot), Some(report)) = (&serving.snapshot, &serving.report) else { return false };
    let listed = &snapshot.meta().lists;
    report.made_by == maker()
        && listed.len() == datasets.len()
        && datasets.iter().zip(refreshed).all(|(dataset, list)| {
            let (stale, missing) = marks(dataset, list);
            let says = |meta: &ListMeta| {
                meta.id == dataset.id && meta.title == dataset.title && meta.stale == stale && meta.missing == missing
            };
            let account = serving.account(&dataset.id);
            let read = account.into_iter().flat_map(|account| account.files.iter().map(|file| file.sha256.as_str()));
            let of_these_files = match &list.held {
                Held::Files(version) => {
                    // A mapping may have changed without its list.
                    dataset.mapping.is_none()
                        && account.is_some_and(|account| {
                            account.format == dataset.format && account.given_version == dataset.version
                        })
                        && sorted(version.files.iter().map(|file| file.sha256.as_str())) == sorted(read)
                }
                Held::Snapshot => true,
                Held::Nowhere => account.is_none(),
            };
            of_these_files && listed.iter().any(says)
        })
}

fn sorted<'a>(digests: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut digests: Vec<_> = digests.collect();
    digests.sort_unstable();
    digests
}

/// Makes a snapshot of what there is of the lists and installs it, unless it is the one that serves.
fn install(
    options: &UpdateOptions,
    datasets: &[Dataset],
    data_dir: &Path,
    serving: &Serving,
    refreshed: &mut [Refreshed],
) -> Result<Installed, UpdateError> {
    let unread: Vec<Dataset> = datasets
        .iter()
        .zip(&*refreshed)
        .filter_map(|(dataset, list)| match (&list.read, &list.held) {
            (None, Held::Files(version)) => Some(version_dataset(dataset, version, data_dir)),
            _ => None,
        })
        .collect();
    let mut read: BTreeMap<ListId, _> =
        unread.iter().map(|dataset| dataset.id.clone()).zip(read_all(&unread)).collect();
    let mut lists: Vec<Assembled> = Vec::new();
    for (dataset, list) in datasets.iter().zip(refreshed) {
        let loaded = match (list.read.take(), read.remove(&dataset.id)) {
            (Some(loaded), _) | (None, Some(Ok(loaded))) => Some(loaded),
            (None, Some(Err(fault))) => fall_back(options, dataset, data_dir, serving, &fault, list)?,
            (None, None) => None,
        };
        let mut assembled = match loaded {
            Some((loaded, account)) => {
                if let Held::Files(version) = &mut list.held {
                    // The manifest may give another version than when it was fetched.
                    version.version.clone_from(&loaded.version);
                }
                let meta = meta_of(dataset, Some((&loaded, &account)));
                Assembled { meta, entities: loaded.entities, account: Some(account) }
            }
            None => take_over(options, dataset, serving, list),
        };
        (assembled.meta.stale, assembled.meta.missing) = marks(dataset, list);
        lists.push(assembled);
    }
    if lists.iter().all(|list| list.meta.missing.is_some()) {
        return Ok(Installed::Nothing);
    }
    let path = store::install(data_dir, &assemble(lists)?)?;
    Ok(if serving.path.as_ref() == Some(&path) { Installed::Same(path) } else { Installed::New(path) })
}

/// What serves of a list whose files could be read once and cannot now, as the reader, the mapping or the disk changed: the
/// version before, else what the snapshot holds. A disk may be well again, so that a file that cannot be read keeps its place.
fn fall_back(
    options: &UpdateOptions,
    dataset: &Dataset,
    data_dir: &Path,
    serving: &Serving,
    fault: &BuildFault,
    list: &mut Refreshed,
) -> Result<Option<(Loaded, ListReport)>, UpdateError> {
    let before = list.state.previous.clone().filter(|before| Held::Files(before.clone()) != list.held);
    let read = before.and_then(|before| Some((read_list(&version_dataset(dataset, &before, data_dir)).ok()?, before)));
    list.state.trouble(chain(fault), &options.now);
    if !matches!(fault, BuildFault::Load { source: LoadError::Io { .. }, .. }) {
        list.state.good = read.as_ref().map(|(_, before)| before.clone());
        list.state.previous = None;
    }
    list.state.write(data_dir, &dataset.id)?;
    list.held = match &read {
        Some((_, before)) => Held::Files(before.clone()),
        None if serving.holds(&dataset.id).is_some() => Held::Snapshot,
        None => Held::Nowhere,
    };
    Ok(read.map(|(loaded, _)| loaded))
}

/// A list of which nothing is left but what the snapshot that serves holds of it, if that.
fn take_over(options: &UpdateOptions, dataset: &Dataset, serving: &Serving, list: &mut Refreshed) -> Assembled {
    let none = Assembled { meta: meta_of(dataset, None), entities: Vec::new(), account: None };
    let (Held::Snapshot, Some(known)) = (&list.held, serving.holds(&dataset.id)) else { return none };
    match serving.entities(&dataset.id) {
        Ok(entities) => {
            let meta = ListMeta { title: dataset.title.clone(), ..known.clone() };
            Assembled { meta, entities, account: serving.account(&dataset.id).cloned() }
        }
        Err(corrupt) => {
            list.held = Held::Nowhere;
            list.state.trouble(format!("the snapshot that served is damaged: {corrupt}"), &options.now);
            none
        }
    }
}

/// Counts the parties that came to each list and went from it. Where the older snapshot cannot be read, nothing is counted.
fn count_changes(old: &Snapshot, after: &Path, lists: &mut [ListUpdate]) {
    let Ok(new) = Snapshot::open(after) else { return };
    let Ok(changes) = diff(old, &new) else { return };
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
