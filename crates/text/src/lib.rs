//! From a name in any script to comparable tokens: pure functions on strings, no I/O, resources compiled in.
//!
//! Idea: a name is folded (`fold`), cut into words, its legal forms, titles, particles and numbers are named (`legal`,
//! `words`), and what is left is read into Latin letters (`latin`), in as many readings as its script allows. Index and
//! matcher see names through [`analyze`] alone, so that both always agree on what a name is; what a name asked hides behind prose,
//! repetition or digits ([`NameScratch::undisguised`]) is read the same way.
//! Invariant: folding twice changes nothing; the same input gives the same tokens on every machine.
//! Cost: linear in the length of the name; names are cut at [`MAX_NAME_CHARS`].
#![forbid(unsafe_code)]

pub mod fold;
pub mod latin;
pub mod legal;
mod map;
pub mod name;
pub mod patronymic;
pub mod phonetic;
pub mod rarity;
pub mod script;
pub mod syllables;
mod table;
pub mod words;

pub use name::{NameKind, NameScratch, Reading, Readings, Role, Token, analyze, analyze_into, tokens_text};
pub use script::Script;

/// The text of a token: what has 24 bytes or fewer, as nearly all words of names, stands in it without an allocation.
pub type Text = compact_str::CompactString;

/// Names are read up to this many characters; what follows is left out. The longest name on the lists at hand has some
/// 300 characters; the limit bounds time and memory on hostile input.
pub const MAX_NAME_CHARS: usize = 512;

/// Version of the compiled-in tables and of the reading of names. A snapshot records it: another version means other
/// tokens, so that a snapshot of another version must be built anew.
pub const TABLES_VERSION: u32 = 8;
