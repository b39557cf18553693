//! The readers, each on files that the tests write, and on the published ones where they are at hand.

mod corpus;
mod ofac_csv;
mod ofac_xml;
mod support;
mod us_csl;
mod us_dpl;
