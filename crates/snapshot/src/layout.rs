//! What a snapshot file looks like.
//!
//! ```text
//! header   magic "INTERDCT" · format version u32 · tables version u32 · file length u64 · n_sections u32 · hash of the table
//! table    per section: id u32 · offset u64 · length u64 · blake3 of its bytes
//! sections in the order of `Section::ALL`
//! ```
//! All numbers are little-endian, all rows of alignment 1, so that mapped bytes are read as they lie. Rows refer to each
//! other by index; strings are offset and length into the `strings` section. Entities are in ascending order of their ids.

use interdict_model::DateSpan;
use zerocopy::little_endian::{F32, U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::facts::DateKind;

/// First bytes of every snapshot.
pub(crate) const MAGIC: [u8; 8] = *b"INTERDCT";

/// Version of this layout. A file of another version is refused by name.
pub(crate) const FORMAT_VERSION: u32 = 7;

/// Marks the absence of a row.
pub(crate) const NONE: u32 = u32::MAX;

macro_rules! sections {
    ($($variant:ident = $name:literal, $doc:literal;)*) => {
        /// The parts of a snapshot file, in the order they lie in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u32)]
        pub(crate) enum Section { $(#[doc = $doc] $variant,)* }

        impl Section {
            pub(crate) const ALL: &'static [Section] = &[$(Section::$variant),*];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Section::$variant => $name),* }
            }
        }
    };
}

sections! {
    Meta = "meta", "JSON of `Meta`.";
    Strings = "strings", "UTF-8 bytes that rows refer to.";
    Entities = "entities", "`EntityRow`, ascending by id.";
    Names = "names", "`NameRow`, in the order of entities.";
    Forms = "forms", "`FormRow`, by what may bear them, then by their number of parts that distinguish; see `forms.rs`.";
    FormGroups = "form_groups", "`GroupRow`, ascending by the form that each begins with.";
    FormTokens = "form_tokens", "u32 token ids, `FormRow::tokens` points here.";
    BearerStarts = "bearer_starts", "u32, one more than forms: where each form's bearers begin.";
    Bearers = "bearers", "u32 name rows, ascending within a form.";
    Tokens = "tokens", "`TokenRow`, those of common families first, then by text, native form and role.";
    Glances = "glances", "`GlanceRow`, beside the tokens.";
    PostingStarts = "posting_starts", "u32, one more than tokens: where each token's postings begin.";
    Postings = "postings", "u32 forms, ascending within a token, as often as they have it.";
    KeyBuckets = "key_buckets", "u32, one more than a power of two: where the keys with these top bits begin.";
    Keys = "keys", "`KeyRow`, ascending by hash and token.";
    JoinBuckets = "join_buckets", "u32, one more than a power of two: where the joins whose keys have these top bits begin.";
    Joins = "joins", "`JoinRow`, ascending by hash, then by the tokens joined.";
    JoinForms = "join_forms", "u32 forms, ascending within a join, as often as they have it, of joins that are not of one form alone.";
    Dates = "dates", "`DateRow`, in the order of entities.";
    Countries = "countries", "`CountryRow`, in the order of entities.";
    Identifiers = "identifiers", "`IdentifierRow`, in the order of entities.";
    IdentifierKeys = "identifier_keys", "u32 identifier rows, ascending by their key.";
    AddressTokens = "address_tokens", "u32 hashes of address words, ascending within an entity.";
    DatasetSets = "dataset_sets", "u64 bit sets of list numbers as in `Meta::lists`.";
    ReferrerStarts = "referrer_starts", "u32, one more than entities: where each one's referrers begin.";
    Referrers = "referrers", "u32 entities that point to it.";
    Blocks = "blocks", "`BlockRow`: where each packed block of bodies lies.";
    Bodies = "bodies", "zstd blocks of entity JSON.";
    Search = "search", "The index of full-text search, as `interdict_search` lays it out.";
}

/// Header of the file.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct Header {
    pub(crate) magic: [u8; 8],
    pub(crate) format_version: U32,
    pub(crate) tables_version: U32,
    pub(crate) file_len: U64,
    pub(crate) n_sections: U32,
    pub(crate) table_hash: [u8; 32],
}

/// Where a section lies.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct SectionRow {
    pub(crate) id: U32,
    pub(crate) at: U64,
    pub(crate) len: U64,
    pub(crate) hash: [u8; 32],
}

/// A piece of the `strings` section.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct StrRef {
    pub(crate) at: U32,
    pub(crate) len: U32,
}

/// Rows `start..start + len` of another section.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct RowRange {
    pub(crate) start: U32,
    pub(crate) len: U32,
}

/// What scoring and lists of hits need of an entity.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct EntityRow {
    pub(crate) id: StrRef,
    pub(crate) caption: StrRef,
    pub(crate) names: RowRange,
    pub(crate) dates: RowRange,
    pub(crate) countries: RowRange,
    pub(crate) identifiers: RowRange,
    pub(crate) address_tokens: RowRange,
    pub(crate) datasets: U32,
    pub(crate) block: U32,
    pub(crate) at_in_block: U32,
    pub(crate) body_len: U32,
    pub(crate) schema: u8,
    pub(crate) genders: u8,
    /// Number of its `facts::Kind`.
    pub(crate) kind: u8,
    /// 1 where it can be matched.
    pub(crate) is_party: u8,
}

/// One reading of one name.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct NameRow {
    pub(crate) entity: U32,
    pub(crate) text: StrRef,
    /// Its row of tokens, shared by all names of the same tokens.
    pub(crate) form: U32,
    pub(crate) property: U16,
    pub(crate) grade: u8,
    pub(crate) reading: u8,
}

/// A row of tokens that names are made of.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct FormRow {
    pub(crate) tokens: U32,
    pub(crate) n_tokens: u8,
    /// Bits of the kinds of its bearers, `facts::Kind`.
    pub(crate) kinds: u8,
}

/// Forms of the same number of parts, borne by the same kinds.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct GroupRow {
    pub(crate) first: U32,
    /// How many parts distinguish.
    pub(crate) n_parts: u8,
    /// Bits of the kinds of their bearers.
    pub(crate) kinds: u8,
}

/// Neighbouring tokens of some forms, or all tokens of one, written together.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct JoinRow {
    pub(crate) hash: U32,
    /// Where its tokens lie among the tokens of forms: so many, of which those that cannot join are left out.
    pub(crate) tokens: U32,
    pub(crate) n_tokens: u8,
    /// Letters of the join, plus [`JOINS_ALL`] where it is of all parts.
    pub(crate) len: u8,
    /// The form that has it, where it is one; else where they begin among the forms of joins.
    pub(crate) forms: U32,
    pub(crate) n_forms: U32,
}

/// Marks the join of all parts of a name of three or more.
pub(crate) const JOINS_ALL: u8 = 0x80;

/// A token with all that comparing it needs.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct TokenRow {
    pub(crate) text: StrRef,
    pub(crate) native: StrRef,
    /// Bits of information, `interdict_text::rarity::bits`.
    pub(crate) bits: F32,
    /// Hash of the consonant skeleton; 0 for one too short to tell.
    pub(crate) skeleton: U32,
    /// Hash of the consonants that a script without vowels writes; 0 for fewer than two.
    pub(crate) consonants: U32,
    /// Phonetic keys, ascending, 0 where there are fewer.
    pub(crate) phonetic: [U32; 4],
    /// Groups of equivalent forms; the top bit marks a diminutive; `u16::MAX` where there are fewer.
    pub(crate) equivalents: [U16; 4],
    /// Bits of the letters it has.
    pub(crate) letters: U32,
    /// Value of a number token.
    pub(crate) number: U32,
    pub(crate) role: u8,
    pub(crate) legal: u8,
    pub(crate) script: u8,
    /// Cultures of a name of syllables.
    pub(crate) cultures: u8,
    /// Generic word, script without vowels, translation, script other than Latin; the upper four bits are the length of the skeleton.
    pub(crate) flags: u8,
}

/// What of a token is asked most often, apart from the rest of it, so that many fit into a cache.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct GlanceRow {
    pub(crate) letters: U32,
    /// Letters, at most 255.
    pub(crate) len: u8,
    /// As of the token, `token::PLACE` with it, plus [`PATRONYMIC`] for a word that is made as patronymics are.
    pub(crate) role: u8,
    /// Bits of information in steps of a quarter, rounded down.
    pub(crate) bits: u8,
    /// As of the token.
    pub(crate) flags: u8,
    /// The text, where it is no longer than this.
    pub(crate) text: [u8; SHORT_TEXT],
}

/// Marks a word that is made as East Slavic patronymics are.
pub(crate) const PATRONYMIC: u8 = 0x80;

/// Letters of a text that is at hand without a look into the strings.
pub(crate) const SHORT_TEXT: usize = 16;

/// A key that similar tokens share.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct KeyRow {
    pub(crate) hash: U32,
    pub(crate) token: U32,
    /// The token's letters, so that most tokens are ruled out without a look at them.
    pub(crate) letters: U32,
}

/// A date of an entity as days since 0001-01-01.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct DateRow {
    pub(crate) first_day: U32,
    pub(crate) last_day: U32,
    pub(crate) kind: u8,
    /// 1 year, 2 month, 3 day; plus 8 when approximate.
    pub(crate) precision: u8,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

/// A country of an entity.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct CountryRow {
    pub(crate) country: U16,
    pub(crate) property: U16,
}

/// An identifier that finds an entity.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct IdentifierRow {
    pub(crate) entity: U32,
    /// The document or wallet that it stands on, if not on the entity itself.
    pub(crate) via: U32,
    pub(crate) key: StrRef,
    pub(crate) text: StrRef,
    pub(crate) property: U16,
    pub(crate) flags: U16,
}

/// A packed block of bodies.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct BlockRow {
    pub(crate) at: U64,
    pub(crate) len: U32,
    pub(crate) unpacked_len: U32,
}

impl DateRow {
    /// The row of a date; the same for a listed entity and for a query.
    pub(crate) fn of(kind: DateKind, span: DateSpan) -> DateRow {
        let precision = if span.from != span.to || span.from.month().is_none() {
            1
        } else if span.from.day().is_none() {
            2
        } else {
            3
        };
        DateRow {
            first_day: span.from.first_day().into(),
            last_day: span.to.last_day().into(),
            kind: kind as u8,
            precision: precision | if span.circa { 8 } else { 0 },
            month: span.from.month().unwrap_or(0),
            day: span.from.day().unwrap_or(0),
        }
    }
}

impl RowRange {
    /// The rows; empty rather than overflowing when altered.
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        let start = self.start.get() as usize;
        start..start.saturating_add(self.len.get() as usize)
    }
}
