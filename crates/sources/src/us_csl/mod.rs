//! Skeleton.
pub(crate) mod csv;
pub(crate) mod json;
