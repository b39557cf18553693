//! Lists end to end: built from files on a disk, and fetched from a publisher that misbehaves on purpose.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod catalogs;
mod deltas;
mod failing;
mod fetching;
mod local;
mod packing;
mod publisher;
mod shared;
mod shrinking;
mod support;
mod uniting;
mod unusable;
