//! Building end to end: files on a disk in, one snapshot and the account of every list out.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod packing;
mod support;
mod uniting;
mod unusable;
