//! The readers, each on files that the tests write, and on the published ones where they are at hand.

mod ofac_csv;
mod support;
