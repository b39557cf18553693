//! The catalogues of a manifest: asked for, and their datasets taken into it.
//!
//! Invariant: a catalogue that cannot be had, or that lost a good part of what is in scope, is represented by its last good copy, and
//! every list of it says that it may be stale; where there is no copy, the manifest cannot be used.

use std::collections::BTreeSet;
use std::path::Path;

use interdict_fetch::{Credential, Fetcher};
use interdict_model::ListId;
use interdict_snapshot::MAX_LISTS;

use crate::kept::{Kept, Understood};
use crate::location::Location;
use crate::manifest::{CatalogSource, Manifest, ManifestError};
use crate::scope::{self, Resolved};
use crate::update::UpdateOptions;

/// Percent of its lists in scope that a catalogue may lose from one copy to the next; as of a list's parties.
const SHRINK_PERCENT: usize = 10;

impl Manifest {
    /// The manifest with the datasets of its catalogues, which are asked for.
    pub(crate) fn with_catalogs(
        &self,
        options: &UpdateOptions,
        fetcher: &Fetcher,
        data_dir: &Path,
    ) -> Result<Manifest, ManifestError> {
        let mut manifest = self.expanded(|catalog| {
            let Location::Url(url) = &catalog.location else { return of_disk(catalog).map(Some) };
            let credential = scope::credential(catalog).or_else(|| options.data_credential(url));
            let read = |new: &[u8], old: Option<&[u8]>| {
                let new = scope::resolve(catalog, new)?;
                // What an older program kept may be of no use; there is then nothing to hold against.
                if let Some(old) = old.and_then(|old| scope::resolve(catalog, old).ok()) {
                    hold_against(catalog, &old, &new, options)?;
                }
                Ok(new)
            };
            Kept { url, data_dir }.fetch(fetcher, credential, &options.now, read).map(Some)
        })?;
        // yente's older token is for catalogues that have none of their own, and goes to their servers alone.
        let without = self.catalogs.iter().filter(|catalog| catalog.token.is_none());
        let credentials: Vec<Credential> = without
            .filter_map(|catalog| match &catalog.location {
                Location::Url(url) => options.data_credential(url),
                Location::File(_) => None,
            })
            .collect();
        for dataset in manifest.datasets.iter_mut().filter(|dataset| dataset.feed.credential.is_none()) {
            if let Some(url) = dataset.urls.first() {
                dataset.feed.credential = credentials.iter().find(|credential| credential.is_for(url)).cloned();
            }
        }
        Ok(manifest)
    }

    /// The manifest with the datasets of the last good copies of its catalogues; one that was never had is left out, as nothing of
    /// it can have been loaded.
    pub fn with_kept_catalogs(&self, data_dir: &Path) -> Result<Manifest, ManifestError> {
        self.expanded(|catalog| match &catalog.location {
            Location::File(_) => of_disk(catalog).map(Some),
            Location::Url(url) => Ok(Kept { url, data_dir }.last_good(|bytes| scope::resolve(catalog, bytes))),
        })
    }

    fn expanded(
        &self,
        mut understand: impl FnMut(&CatalogSource) -> Result<Option<Understood<Resolved>>, ManifestError>,
    ) -> Result<Manifest, ManifestError> {
        let mut whole = self.clone();
        let mut known: BTreeSet<ListId> = whole.entries.iter().map(|entry| entry.id.clone()).collect();
        for catalog in &self.catalogs {
            let Some(Understood { value: resolved, stale }) = understand(catalog)? else { continue };
            if let Some(twice) = resolved.entries.iter().find(|entry| !known.insert(entry.id.clone())) {
                return Err(ManifestError::Twice { path: catalog.location.shown(), list: twice.id.clone() });
            }
            let stale = stale.map(|mut trouble| {
                trouble.reason = format!("its catalogue may be old: {}", trouble.reason);
                trouble
            });
            let stale = stale.or_else(|| self.stale.clone());
            whole.datasets.extend(resolved.datasets.into_iter().map(|mut dataset| {
                dataset.feed.stale.clone_from(&stale);
                dataset
            }));
            whole.entries.extend(resolved.entries);
            whole.notes.extend(resolved.notes);
        }
        whole.mark_brought();
        // Said before anything is fetched.
        match whole.datasets.len() {
            found if found > MAX_LISTS => Err(ManifestError::TooMany { found }),
            _ => Ok(whole),
        }
    }
}

/// A catalogue of this machine.
fn of_disk(catalog: &CatalogSource) -> Result<Understood<Resolved>, ManifestError> {
    let path = catalog.location.shown();
    let bytes = std::fs::read(&path).map_err(|source| ManifestError::Io { path, source })?;
    Ok(Understood { value: scope::resolve(catalog, &bytes)?, stale: None })
}

/// Refuses a catalogue that lost more of its lists than may go unseen, unless each that is gone was said to be right.
fn hold_against(
    catalog: &CatalogSource,
    old: &Resolved,
    new: &Resolved,
    options: &UpdateOptions,
) -> Result<(), ManifestError> {
    let stays: BTreeSet<&ListId> = new.datasets.iter().map(|dataset| &dataset.id).collect();
    let gone: Vec<&ListId> =
        old.datasets.iter().map(|dataset| &dataset.id).filter(|list| !stays.contains(list)).collect();
    let accepted = |list: &&ListId| options.accept.as_ref().is_some_and(|accept| accept.lists.contains(list));
    if gone.len() * 100 <= old.datasets.len() * SHRINK_PERCENT || gone.iter().all(accepted) {
        return Ok(());
    }
    let names = gone.iter().map(|list| list.as_str()).collect::<Vec<_>>().join(", ");
    Err(ManifestError::Fell { catalog: catalog.location.clone(), gone: gone.len(), known: old.datasets.len(), names })
}
