//! Parties that are asked about, and the answer to each.
//!
//! Idea: command line and service read the same files of parties (`rows`: CSV or JSON lines, `party`), screen them by the same few lines
//! and answer in the same JSON (`answer`), so that a file has one answer wherever it is screened.
//! Invariant: each row has an answer: hits, none, or why it could not be screened.

pub mod answer;
mod columns;
mod fault;
mod lines;
pub mod number;
mod party;
mod records;
mod rows;

pub use fault::BadInput;
pub use lines::{Bom, Line, Lines};
pub use party::{ANY_IDENTIFIER, Given, MAX_VALUES, Party, PartyBuilder, parse_schema, party_of_json, too_many_values};
pub use rows::{Row, Rows};
