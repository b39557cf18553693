//! Which entities a request asks, as the matcher takes it: bits of lists, and where that is not enough a bit an entity.

use std::sync::Arc;

use interdict_match::Options;

/// A filter of entities, shared by all queries of a request.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Lists, as bits of their numbers in the snapshot.
    pub lists: u64,
    /// Entities, as bits of their rows; all where none.
    pub only: Option<Arc<[u64]>>,
}

impl Filter {
    /// Options of a query that asks these entities.
    pub fn options(&self, threshold: f32, limit: usize) -> Options {
        Options { threshold, limit, lists: self.lists, only: self.only.clone(), exhaustive: false }
    }
}
