//! Full-text search over entities: what a search box and its filters ask, not what screening asks.
//!
//! Idea: an entity becomes terms (`terms`), each a field and a word or value; a [`Builder`] turns those of many entities into one section of
//! bytes: a dictionary of terms in order and, for each, the entities that have it, with places where phrases need them. An [`Index`] reads
//! the bytes as they lie; [`Query`] is the query language of Lucene as yente uses it.
//! Invariant: the same entities give the same bytes in whatever order they came; altered bytes are an error and never a panic.
//! Bounds: a query has so many words and walks at most, a request so many fields to sort by; [`Index::until`] ends what nobody waits for.
//! Cost: a term is looked up in O(its length); a query costs the entities of its terms; wildcards, ranges, facets and sorting walk the
//! terms of their field.
#![forbid(unsafe_code)]

mod build;
mod dictionary;
mod index;
mod parse;
mod postings;
mod query;
mod search;
mod set;
mod simple;
mod terms;
mod words;

pub use build::Builder;
pub use index::{Index, SearchError};
pub use parse::SyntaxError;
pub use query::{Query, Syntax};
pub use search::{Bucket, Direction, Facet, Filter, Found, MAX_SORT, Page, Request};
pub use set::EntitySet;
pub use terms::{DocTerms, is_field};
pub use words::fold;
