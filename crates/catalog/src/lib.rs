//! Which lists there are, where they come from, and how a snapshot is made of them.
//!
//! Idea: a [`Manifest`] names lists with their format and files; [`mod@load`] brings their bytes into memory, packed files unpacked
//! and every one hashed; [`build()`] reads, merges and packs them into one snapshot with an account of every list.
//! [`update()`] fetches the lists of a manifest, keeps the last good version of each, and installs a snapshot of them.
//! Invariant: nothing is written unless every list could be used; what was refused is told with line and reason.
#![forbid(unsafe_code)]

pub mod build;
mod discover;
pub mod gather;
pub mod guard;
pub mod load;
pub mod lock;
pub mod manifest;
mod refresh;
pub mod rules;
mod serving;
pub mod sniff;
pub mod state;
pub mod store;
pub mod update;

pub use build::{BuildFault, BuiltLists, ListReport, Report, build};
pub use interdict_fetch::{FetchOptions, Progress, ProxyChoice, Secret};
pub use load::{LoadError, LoadedFile};
pub use manifest::{Dataset, Entry, Manifest, ManifestError};
pub use update::{Event, ListUpdate, UpdateError, UpdateOptions, UpdateReport, What, update};
