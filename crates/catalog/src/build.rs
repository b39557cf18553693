//! From lists to a snapshot with an account of every list.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use interdict_model::{Entity, ListId, MergeConflict, merge_by_id};
use interdict_snapshot::{BuildError, Builder, Built, ListMeta};
use interdict_sources::{Format, Input, Loaded, ReadError, Refused, SourceFile};
use serde::{Deserialize, Serialize};

use crate::load::{self, Files, LoadError};
use crate::manifest::Dataset;

/// A snapshot cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildFault {
    /// A list's files cannot be brought into memory.
    #[error("list `{list}` was not loaded")]
    Load {
        /// The list.
        list: ListId,
        /// Why.
        #[source]
        source: LoadError,
    },
    /// A list cannot be used.
    #[error("list `{list}` was not loaded")]
    Read {
        /// The list.
        list: ListId,
        /// Why.
        #[source]
        source: ReadError,
    },
    /// The entities cannot be made into a snapshot.
    #[error("the snapshot cannot be built")]
    Build(#[from] BuildError),
}

/// The account of a build, as `--report` writes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Lists, in the order of the manifest.
    pub lists: Vec<ListReport>,
    /// Ids that stood for parties of different kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<String>,
    /// The program that built it, and the tables of its snapshot.
    #[serde(default)]
    pub made_by: String,
}

/// The account of one list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListReport {
    /// The list.
    pub id: ListId,
    /// Form of its files.
    pub format: Format,
    /// Its version.
    pub version: String,
    /// The version that the manifest gave it, whether or not its files state one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_version: Option<String>,
    /// Its files as stored.
    pub files: Vec<FileReport>,
    /// Records in the files.
    pub records: u64,
    /// Records that became entities.
    pub loaded: u64,
    /// Records that did not, with line and reason.
    pub refused: Vec<Refused>,
    /// Entities, relations and documents included.
    pub entities: u64,
    /// Names of parties.
    pub names: u64,
    /// Time to load and read.
    pub seconds: f64,
    /// The count that the files declare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<u64>,
    /// Why it is only a part of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<String>,
    /// Oddities that cost no record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Refused>,
    /// Files that the format does not know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored_files: Vec<String>,
    /// Parties by the publisher's own list within the file (`SDN`, `EL` … in the Consolidated Screening List).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sub_lists: BTreeMap<String, u64>,
}

/// A file as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Its path.
    pub path: PathBuf,
    /// SHA-256 of its bytes as stored.
    pub sha256: String,
}

/// What building yields.
#[derive(Debug)]
pub struct BuiltLists {
    /// The snapshot's bytes.
    pub built: Built,
    /// The account.
    pub report: Report,
}

/// Reads one list.
pub fn read_list(dataset: &Dataset) -> Result<(Loaded, ListReport), BuildFault> {
    let start = Instant::now();
    let fail = |source| BuildFault::Load { list: dataset.id.clone(), source };
    let files = load::load(&dataset.paths, dataset.format).map_err(fail)?;
    let mapping = dataset.mapping.as_ref().map(|path| {
        std::fs::read(path)
            .map(|bytes| SourceFile { path: path.clone(), bytes })
            .map_err(|source| fail(LoadError::Io { path: path.clone(), source }))
    });
    let input = Input {
        list: dataset.id.clone(),
        format: dataset.format,
        version: dataset.version.clone().unwrap_or_else(|| undated_version(dataset.format, &files)),
        named_alone: files.named && !dataset.in_folder,
        files: files.files,
        mapping: mapping.transpose()?,
    };
    let mut loaded =
        interdict_sources::read(&input).map_err(|source| BuildFault::Read { list: dataset.id.clone(), source })?;
    loaded.reconciliation.ignored_files.extend(files.ignored);
    let account = &loaded.reconciliation;
    let report = ListReport {
        id: dataset.id.clone(),
        format: dataset.format,
        version: loaded.version.clone(),
        given_version: dataset.version.clone(),
        files: files.stored.into_iter().map(|file| FileReport { path: file.path, sha256: file.sha256 }).collect(),
        records: account.records,
        loaded: account.loaded,
        refused: account.refused.clone(),
        entities: loaded.entities.len() as u64,
        names: loaded.n_names(&dataset.id) as u64,
        seconds: start.elapsed().as_secs_f64(),
        declared: account.declared,
        partial: account.partial.clone(),
        warnings: account.warnings.clone(),
        ignored_files: account.ignored_files.clone(),
        sub_lists: sub_lists(&loaded),
    };
    Ok((loaded, report))
}

/// The version of a list that does not say its date: the newest day in its rows, where they have one, and a digest of its
/// files, so that people read a date and two releases never share a version: `2024-05-01+1a2b3c4d5e6f`.
fn undated_version(format: Format, files: &Files) -> String {
    // In whatever order they were named, the same files are the same version.
    let mut digests: Vec<&str> = files.stored.iter().map(|file| file.sha256.as_str()).collect();
    digests.sort_unstable();
    let digest = match digests.as_slice() {
        [only] => (*only).to_owned(),
        several => load::sha256(several.join(" ").as_bytes()),
    };
    let digest = digest.get(..VERSION_DIGITS).unwrap_or_default();
    match interdict_sources::newest_day(format, &files.files) {
        Some(day) => format!("{day}+{digest}"),
        None => digest.to_owned(),
    }
}

/// Hexadecimal digits of a digest in a version; 48 bits tell any releases of one list apart.
const VERSION_DIGITS: usize = 12;

/// Parties by the publisher's own list, which readers of combined files note as the Sanction's `recordId` prefix or `program`.
fn sub_lists(loaded: &Loaded) -> BTreeMap<String, u64> {
    loaded.reconciliation.sub_lists.clone()
}

/// A list of a snapshot to be: what is said of it, its entities, and its account; a missing list has neither.
pub(crate) struct Assembled {
    pub(crate) meta: ListMeta,
    pub(crate) entities: Vec<Entity>,
    pub(crate) account: Option<ListReport>,
}

/// Who makes snapshots here: one that another program made is made anew, as its readers may read more or otherwise.
pub(crate) fn maker() -> String {
    format!("interdict {}, {}", env!("CARGO_PKG_VERSION"), interdict_snapshot::made_of())
}

/// Reads all lists and makes one snapshot of them. `tell` hears of every list that was read.
pub fn build(datasets: &[Dataset], mut tell: impl FnMut(&ListReport)) -> Result<BuiltLists, BuildFault> {
    let mut lists = Vec::new();
    for (dataset, result) in datasets.iter().zip(read_all(datasets)) {
        let (loaded, account) = result?;
        tell(&account);
        let meta = meta_of(dataset, Some((&loaded, &account)));
        lists.push(Assembled { meta, entities: loaded.entities, account: Some(account) });
    }
    assemble(lists)
}

/// What a snapshot says of a list.
pub(crate) fn meta_of(dataset: &Dataset, read: Option<(&Loaded, &ListReport)>) -> ListMeta {
    ListMeta {
        id: dataset.id.clone(),
        version: read.map(|(loaded, _)| loaded.version.clone()).unwrap_or_default(),
        title: dataset.title.clone(),
        partial: read.and_then(|(_, account)| account.partial.clone()),
        stale: None,
        missing: None,
    }
}

/// Makes one snapshot of lists that were read.
pub(crate) fn assemble(lists: Vec<Assembled>) -> Result<BuiltLists, BuildFault> {
    let mut entities = Vec::new();
    let mut report = Report { made_by: maker(), ..Report::default() };
    let mut builder = Builder::new();
    for list in lists {
        builder.list(list.meta);
        entities.extend(list.entities);
        report.lists.extend(list.account);
    }
    let merged = merge_by_id(entities);
    report.conflicts = merged.conflicts.iter().map(MergeConflict::to_string).collect();
    for entity in merged.entities {
        builder.entity(entity);
    }
    Ok(BuiltLists { built: builder.build()?, report })
}

/// Reads the lists on two threads; results in the order of the lists.
pub(crate) fn read_all(datasets: &[Dataset]) -> Vec<Result<(Loaded, ListReport), BuildFault>> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(dataset) = datasets.get(at) else { return done };
            done.push((at, read_list(dataset)));
        }
    };
    let mut results: Vec<_> = std::thread::scope(|scope| {
        let threads = [scope.spawn(worker), scope.spawn(worker)];
        // A reader never panics; if one did, the panic goes on here rather than losing a list.
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
