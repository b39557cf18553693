//! The consolidated list of financial sanctions of the European Union: XML 1.1 and CSV of today, `global.xml` of 2016. Each
//! form becomes [`subject::Subject`]s, which become parties.
pub(crate) mod csv;
pub(crate) mod global;
pub(crate) mod subject;
pub(crate) mod xml;
