//! Skeleton.
pub(crate) mod csv;
pub(crate) mod global;
pub(crate) mod xml;
