//! Which lists there are, where they come from, and how a snapshot is made of them.
//!
//! Idea: a [`Manifest`] names lists with their format and files; [`mod@load`] brings their bytes into memory, packed files unpacked
//! and every one hashed; [`build()`] reads, merges and packs them into one snapshot with an account of every list.
//! Datasets of the catalogues that a manifest names come to it in [`mod@catalogs`].
//! [`update()`] fetches the lists of a manifest, keeps the last good version of each, and installs a snapshot of them.
//! Invariant: nothing is written unless every list could be used; what was refused is told with line and reason.
#![forbid(unsafe_code)]

mod account;
mod arguments;
pub mod build;
pub mod catalogs;
mod delta;
mod discover;
pub mod feed;
pub mod gather;
pub mod guard;
mod kept;
pub mod load;
pub mod location;
pub mod lock;
pub mod manifest;
mod manifest_error;
mod options;
mod patch;
mod raw;
mod refresh;
pub mod rules;
mod scope;
mod serving;
pub mod sniff;
pub mod source;
pub mod state;
pub mod store;
mod take;
pub mod update;

pub use build::{BuildFault, BuiltLists, ListReport, Report, build};
pub use interdict_fetch::{FetchOptions, Progress, ProxyChoice, Secret};
pub use load::{LoadError, LoadedFile};
pub use location::Location;
pub use manifest::{CatalogSource, Dataset, Entry, Manifest, ManifestError};
pub use source::ManifestSource;
pub use update::{Event, ListUpdate, UpdateError, UpdateOptions, UpdateReport, What, update};
