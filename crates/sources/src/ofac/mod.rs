//! Skeleton.
pub(crate) mod advanced_xml;
pub(crate) mod csv;
pub(crate) mod enhanced_xml;
pub(crate) mod simple_xml;
