//! Files that came, made a list's good version: put into their own folder, read, judged, synced, named in the state.
//!
//! Invariant: files that cannot be believed lie in `refused`, and the state is as it was.

use std::path::Path;

use interdict_sources::Loaded;

use crate::build::ListReport;
use crate::guard::Counts;
use crate::refresh::{Refresh, RefreshError, counts, io, local};
use crate::state::{ListState, Version, VersionFile, folder_name};
use crate::update::What;

/// What taking in a version that came takes.
pub(crate) struct Take<'a> {
    pub(crate) refresh: &'a Refresh<'a>,
    pub(crate) serves: Option<&'a Version>,
    pub(crate) known: Option<&'a Counts>,
    pub(crate) folder: &'a Path,
    pub(crate) incoming: &'a Path,
}

impl Take<'_> {
    /// Makes the files that came the list's good version, if they differ from it and can be believed.
    pub(crate) fn run(
        &self,
        state: &mut ListState,
        files: Vec<VersionFile>,
        by_delta: bool,
        tell: &mut dyn FnMut(What),
    ) -> Result<Option<(Loaded, ListReport)>, RefreshError> {
        let Take { refresh, serves, known, folder, incoming } = *self;
        let (dataset, declared) = (refresh.dataset, refresh.dataset.version.clone());
        let name = folder_name(&files);
        if let Some(same) = serves.filter(|good| good.folder == name) {
            state.good = Some(Version { files, declared, by_delta, ..same.clone() });
            return std::fs::remove_dir_all(incoming).map_err(io(incoming)).map(|()| None);
        }
        keep_only(incoming, &files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>());
        let target = folder.join(&name);
        remove(&target).map_err(io(&target))?;
        std::fs::rename(incoming, &target).map_err(io(&target))?;
        tell(What::Reading);
        let judged = refresh.judge(state, known, &local(dataset, &files, &target));
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
            fetched_at: refresh.options.now.clone(),
            declared,
            by_delta,
        };
        version.sync(folder).map_err(io(folder))?;
        state.believed = Some(version.counts.clone());
        state.previous = serves.cloned();
        state.good = Some(version);
        Ok(Some((loaded, report)))
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
