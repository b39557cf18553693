//! Skeleton.
pub(crate) mod ofsi;
pub(crate) mod sanctions;
pub(crate) mod sanctions_xml;
