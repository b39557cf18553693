//! Where a value came from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::list::ListId;

/// The list, version and record that values came from. Shared by all values of a record; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "OriginRecord", into = "OriginRecord")]
pub struct Origin(Arc<OriginRecord>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
struct OriginRecord {
    list: ListId,
    version: String,
    record: String,
}

impl Origin {
    /// The origin of a record: the list, its version (its publisher's date or, where there is none, a digest), and what
    /// finds the record in the publisher's file: its key, with the line where that is known (`36 (sdn.csv:1)`).
    pub fn new(list: ListId, version: impl Into<String>, record: impl Into<String>) -> Origin {
        Origin(Arc::new(OriginRecord { list, version: version.into(), record: record.into() }))
    }

    /// The list.
    pub fn list(&self) -> &ListId {
        &self.0.list
    }

    /// The version of the list.
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// The record in the list.
    pub fn record(&self) -> &str {
        &self.0.record
    }
}

impl From<OriginRecord> for Origin {
    fn from(record: OriginRecord) -> Origin {
        Origin(Arc::new(record))
    }
}

impl From<Origin> for OriginRecord {
    fn from(origin: Origin) -> OriginRecord {
        Arc::unwrap_or_clone(origin.0)
    }
}
