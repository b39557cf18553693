//! Small closed classes of words: titles, particles, numbers, equivalent forms.
//!
//! Idea: what a word does in a name can often be told from the word alone. Each class is a table under `data/words`, read
//! once and looked up by the word without its diacritics (`key`). The functions on one word have no context and are
//! therefore careful where a title or number is a name as well; their twins on a row of words (`title_len`,
//! [`is_particle_in`], [`number_at`]) know position and neighbours and tell more.
//! Invariant: no function panics, whatever the word; the same word gives the same answer everywhere.
//! Cost: one hash look-up a call; no allocation for ASCII words.
//! Source: the head of each table.

pub mod concepts;
mod equivalents;
pub(crate) mod key;
mod numbers;
mod particles;
pub(crate) mod romanised;
mod stem;
mod titles;

pub use equivalents::{Closeness, MAX_GROUPS, equivalents, is_generic};
pub(crate) use numbers::roman_letter;
pub use numbers::{number, number_at};
pub use particles::{is_particle, is_particle_in};
pub use titles::{is_title, title_len};
