//! The readers, each on files that the tests write, and on the published ones where they are at hand.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that fails says so, and one that is skipped too")]

mod corpus;
mod ftm;
mod ofac_csv;
mod ofac_xml;
mod support;
mod un_sc;
mod us_csl;
mod us_dpl;
