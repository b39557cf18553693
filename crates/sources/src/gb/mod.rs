//! The lists of the United Kingdom: the UK Sanctions List, and the list of the Office of Financial Sanctions Implementation
//! that ended in January 2026. Rows or XML become one [`listing::Listing`], which becomes one party.
pub(crate) mod listing;
pub(crate) mod ofsi;
pub(crate) mod rows;
pub(crate) mod sanctions;
pub(crate) mod sanctions_xml;
