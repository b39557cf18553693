//! Who is listed: FollowTheMoney entities whose every value knows the list, version and record that it came from.
//!
//! Idea: the schema tree and property types of FollowTheMoney are a compiled-in table (`schema`, `property`); an
//! [`Entity`] holds values by property; dates may be partial, ranges or approximate ([`DateSpan`]); identifiers know
//! their check digits ([`identifier`]).
//! Invariant: FtM JSON that is read and written again carries the same values, also those that the model does not know.
//! Source: FollowTheMoney 4.11.2, as facts in `data/ftm.tsv`.
#![forbid(unsafe_code)]

mod country;
mod date;
mod entity;
pub mod identifier;
mod json;
mod list;
mod merge;
mod origin;
mod property;
mod schema;
mod table;

pub use country::Country;
pub use date::{DateError, DateSpan, PartialDate};
pub use entity::{Entity, Value};
pub use json::{EntityJsonError, fuzz_entity_json};
pub use list::{ListId, ListIdError};
pub use merge::{MergeConflict, Merged, merge_by_id};
pub use origin::Origin;
pub use property::{Property, PropertyType};
pub use schema::{FTM_VERSION, Schema};
