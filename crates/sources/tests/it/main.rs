//! The readers, each on files that the tests write, and on the published ones where they are at hand.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that fails says so, and one that is skipped too")]

mod au_dfat;
mod ca_sema;
mod ch_seco;
mod corpus;
mod eu_fsf;
mod ftm;
mod gb;
mod jp_meti;
mod newest;
mod ofac_csv;
mod ofac_xml;
mod own_csv;
mod sheet;
mod support;
mod un_sc;
mod us_csl;
mod us_dpl;
