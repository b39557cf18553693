//! From merged entities to the bytes of a snapshot.
//!
//! Idea: entities are digested in chunks on all cores as they come (`digest`), taken into the growing tables (`draft`), and laid out
//! once all are there (`finish`).
//! Invariant: the same entities and lists give the same bytes, in whatever order they came and on however many cores.
//! Cost: linear in names and values, but for sorting tokens, keys and joins; memory: the file and its tables once.

use std::collections::BTreeMap;

use interdict_model::Entity;

use crate::digest::{Digest, DigestScratch};
use crate::draft::Draft;
use crate::finish::finish;
use crate::meta::{ListMeta, Meta};
use crate::parallel::in_parallel;

/// Entities cannot be made into a snapshot.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Two entities of one id; merge them first.
    #[error("id `{0}` stands on two entities")]
    DuplicateId(String),
    /// More than the file format can number.
    #[error("{what}: {found} exceed the {limit} that a snapshot can hold")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many.
        found: u64,
        /// How many can be held.
        limit: u64,
    },
    /// An entity stands on a list that was not declared.
    #[error("entity `{id}` stands on list `{list}`, which is not one of the snapshot's")]
    UnknownList {
        /// The entity.
        id: String,
        /// The list.
        list: String,
    },
    /// Bodies cannot be packed.
    #[error("packing entity bodies")]
    Pack(#[source] std::io::Error),
}

/// Collects entities and lists; [`Builder::build`] makes the file.
#[derive(Default)]
pub struct Builder {
    waiting: Vec<Entity>,
    draft: Draft,
    lists: BTreeMap<String, ListMeta>,
    starter: bool,
}

/// A built snapshot in memory.
#[derive(Debug)]
pub struct Built {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// What it says of itself.
    pub meta: Meta,
}

/// Entities that are digested together, and a thread's share of them.
const CHUNK: usize = 8192;
const SHARE: usize = 256;

impl Builder {
    /// A builder without entities.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Declares a list; entities may stand on declared lists only.
    pub fn list(&mut self, list: ListMeta) {
        self.lists.insert(list.id.as_str().to_owned(), list);
    }

    /// Marks the snapshot as the starter list.
    pub fn starter(&mut self) {
        self.starter = true;
    }

    /// Adds an entity. Ids must be distinct: merge first.
    pub fn entity(&mut self, entity: Entity) {
        self.waiting.push(entity);
        if self.waiting.len() >= CHUNK {
            self.digest();
        }
    }

    /// Makes the file. The same entities and lists give the same bytes, in whatever order they came.
    pub fn build(mut self) -> Result<Built, BuildError> {
        self.digest();
        finish(self.draft, self.lists, self.starter)
    }

    fn digest(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let shares: Vec<&[Entity]> = waiting.chunks(SHARE).collect();
        let digests = in_parallel(shares.len(), |at| {
            let mut scratch = DigestScratch::default();
            shares[at].iter().map(|entity| Digest::of(entity, &mut scratch)).collect::<Vec<_>>()
        });
        for digest in digests.into_iter().flatten() {
            self.draft.absorb(digest);
        }
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Builder").field("n_lists", &self.lists.len()).finish_non_exhaustive()
    }
}
