//! The built, immutable set of lists: one file, opened by memory mapping.
//!
//! Idea: a [`Builder`] turns merged entities into sections (`layout`), a [`Snapshot`] is a view over their bytes, mapped or in
//! memory. Names are stored as rows of tokens with all that scoring needs; entity bodies lie apart, packed, and are read only
//! to be shown.
//! Invariant: a file is never written again after it got its name; every read is bounds-checked, so that an altered file is
//! an error and never a panic; each section has its own hash, checked by [`Snapshot::verify`].
//! Cost: opening reads the header and the section table; see `docs/performance.md`.

pub mod body;
mod build;
pub mod diff;
mod digest;
mod draft;
mod error;
pub mod facts;
mod finish;
mod forms;
pub mod join;
pub mod keys;
mod layout;
mod map;
mod meta;
mod open;
mod parallel;
mod token;
mod write;

pub use build::{BuildError, Builder, Built};
pub use error::{Corrupt, SnapshotError};
pub use facts::{DateKind, Kind, NameGrade, identifier_key};
pub use finish::MAX_LISTS;
pub use join::JoinFacts;
pub use meta::{ListMeta, Meta};
pub use open::{
    DateFact, EntityOrd, FormGroup, FormOrd, Glance, IdentifierView, JoinOrd, JoinView, NameOrd, NameView, PartyView,
    PostingsPlace, Snapshot, TokenId, made_of,
};
pub use token::{FactsScratch, TokenFacts, TokenIdentity, TokenSketch, TokenView, identity_of, unpack_equivalent};
pub use write::write_atomically;
