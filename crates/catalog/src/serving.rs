//! The snapshot that serves while lists are updated: what it holds of each list, for when nothing else of the list is left.
//!
//! Invariant: parties that were screened against do not vanish because their downloads did. A list that is taken over keeps every
//! value of its parties, also those that another list brought, as one text stands in a snapshot once: rather too much than too
//! little. Cost: reading a list over unpacks every entity of the snapshot, some seconds.

use std::path::{Path, PathBuf};

use interdict_model::{Entity, ListId};
use interdict_snapshot::{Corrupt, EntityOrd, ListMeta, Snapshot};

use crate::build::{ListReport, Report};
use crate::store::{self, StoreError};

/// The snapshot that serves, if it can be opened, with its account.
pub(crate) struct Serving {
    pub(crate) path: Option<PathBuf>,
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) report: Option<Report>,
}

impl Serving {
    /// Opens the current snapshot of the data folder. One that is damaged or of another version holds nothing.
    pub(crate) fn open(data_dir: &Path) -> Result<Serving, StoreError> {
        let path = store::current(data_dir)?;
        let snapshot = path.as_deref().and_then(|path| Snapshot::open(path).ok());
        let report = path.as_deref().and_then(|path| store::report(path).ok());
        Ok(Serving { path, snapshot, report })
    }

    /// What the snapshot says of a list whose parties it holds.
    pub(crate) fn holds(&self, list: &ListId) -> Option<&ListMeta> {
        let lists = &self.snapshot.as_ref()?.meta().lists;
        lists.iter().find(|meta| meta.id == *list && meta.missing.is_none())
    }

    /// The account of a list.
    pub(crate) fn account(&self, list: &ListId) -> Option<&ListReport> {
        self.report.as_ref()?.lists.iter().find(|account| account.id == *list)
    }

    /// The entities of a list.
    pub(crate) fn entities(&self, list: &ListId) -> Result<Vec<Entity>, Corrupt> {
        let Some(snapshot) = &self.snapshot else { return Ok(Vec::new()) };
        let mut entities = Vec::new();
        for ord in 0..snapshot.n_entities() {
            let mut entity = snapshot.entity(EntityOrd(ord))?;
            if entity.datasets.contains(list) {
                entity.datasets = [list.clone()].into();
                entities.push(entity);
            }
        }
        Ok(entities)
    }
}
