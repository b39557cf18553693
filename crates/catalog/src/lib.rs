//! Which lists there are, where they come from, and how a snapshot is made of them.
//!
//! Idea: a [`Manifest`] names lists with their format and files; [`mod@load`] brings their bytes into memory, packed files unpacked
//! and every one hashed; [`build()`] reads, merges and packs them into one snapshot with an account of every list.
//! Invariant: nothing is written unless every list could be used; what was refused is told with line and reason.
#![forbid(unsafe_code)]

pub mod build;
mod discover;
pub mod guard;
pub mod load;
pub mod manifest;
pub mod rules;
mod sniff;
pub mod store;

pub use build::{BuildFault, BuiltLists, ListReport, Report, build};
pub use load::{LoadError, LoadedFile};
pub use manifest::{Dataset, Manifest, ManifestError};
