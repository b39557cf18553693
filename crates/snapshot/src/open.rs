//! A snapshot as a view over its bytes.
//!
//! Opening checks magic, versions, length, and the hash of the section table; it does not read the sections. Every access is
//! bounds-checked and yields [`Corrupt`] where the file does not hold what it should; [`Snapshot::verify`] checks the hash of
//! every section.

use std::ops::Range;
use std::path::{Path, PathBuf};

use interdict_model::{Country, Entity, EntityJsonError, Property, Schema};
use interdict_text::syllables::Cultures;
use interdict_text::{Role, Script, TABLES_VERSION};
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, KnownLayout};

use crate::body;
use crate::error::{Corrupt, SnapshotError};
use crate::facts::{CheckResult, DateKind, Kind, NameGrade};
use crate::layout::{
    BlockRow, CountryRow, DateRow, EntityRow, FORMAT_VERSION, FormRow, GlanceRow, GroupRow, Header, IdentifierRow,
    JOINS_ALL, JoinRow, KeyRow, MAGIC, NONE, NameRow, PATRONYMIC, Section, SectionRow, StrRef, TokenRow,
};
use crate::map::Bytes;
use crate::meta::Meta;
use crate::token::{
    FLAG_ABJAD, FLAG_FOREIGN, FLAG_GENERIC, FLAG_TRANSLATED, PLACE, ROLE_NAME, TokenSketch, TokenView, unpack_role,
};

/// Row of an entity in this snapshot, in ascending order of ids; never leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityOrd(pub u32);

/// Row of a reading of a name in this snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameOrd(pub u32);

/// A row of tokens in this snapshot, which names are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormOrd(pub u32);

/// Row of a token in this snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub u32);

/// An open snapshot; immutable, to be shared by any number of threads.
#[derive(Debug)]
pub struct Snapshot {
    bytes: Bytes,
    path: PathBuf,
    places: [Range<usize>; Section::ALL.len()],
    hashes: [[u8; 32]; Section::ALL.len()],
    id: String,
    meta: Meta,
    key_bits: u32,
    join_bits: u32,
}

/// A date of an entity, as days since 0001-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateFact {
    /// What it is of.
    pub kind: DateKind,
    /// First day that it can be.
    pub first_day: u32,
    /// Last day that it can be.
    pub last_day: u32,
    /// Month and day where it is a single day.
    pub month_and_day: Option<(u8, u8)>,
    /// Whether it is only approximate.
    pub circa: bool,
}

/// What scoring needs of an entity besides its names.
#[derive(Clone, Copy, Debug)]
pub struct PartyView<'snap> {
    /// Its row.
    pub ord: EntityOrd,
    /// Its id.
    pub id: &'snap str,
    /// What to call it.
    pub caption: &'snap str,
    /// What it is.
    pub schema: Schema,
    /// Bits of its genders: 1 male, 2 female, 4 other.
    pub genders: u8,
    row: &'snap EntityRow,
}

/// One reading of one name.
#[derive(Clone, Copy, Debug)]
pub struct NameView<'snap> {
    /// Whose name it is.
    pub entity: EntityOrd,
    /// As the source wrote it.
    pub text: StrPlace<'snap>,
    /// The property that it stands on.
    pub property: Option<Property>,
    /// How good it is.
    pub grade: NameGrade,
    /// Which reading: 0 is the most probable.
    pub reading: u8,
    /// Its row of tokens.
    pub form: FormOrd,
    tokens: &'snap [U32],
}

/// A string of the snapshot that is read only when it is needed.
#[derive(Clone, Copy, Debug)]
pub struct StrPlace<'snap> {
    snapshot: &'snap Snapshot,
    place: StrRef,
}

impl<'snap> StrPlace<'snap> {
    /// The text.
    pub fn get(self) -> Result<&'snap str, Corrupt> {
        self.snapshot.text(self.place)
    }
}

/// What of a token is seen at a glance.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, as they are stored")]
pub struct Glance {
    /// Which letters it has, as bits.
    pub letters: u32,
    /// How many letters, at most 255.
    pub len: usize,
    /// The first letter, 0 where there is none.
    pub initial: u8,
    /// What it does in its name; of a legal form or a number not which one.
    pub role: Role,
    /// Whether it is made as East Slavic patronymics are.
    pub patronymic: bool,
    /// Bits of information, rounded down by a quarter at most.
    pub least_bits: f32,
    /// Whether it is a generic corporate word.
    pub generic: bool,
    /// Whether it is the name of a place that firms are registered in.
    pub place: bool,
    /// Whether its script leaves vowels out.
    pub abjad: bool,
    /// Whether it is written in a script other than Latin.
    pub foreign: bool,
}

/// Forms of the same number of parts, borne by the same kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormGroup {
    /// Which.
    pub forms: Range<u32>,
    /// How many of their parts distinguish.
    pub n_parts: usize,
    /// The kinds of their bearers, as bits of their numbers.
    pub kinds: u8,
}

/// Where the forms that hold a token lie in one snapshot.
#[derive(Clone, Copy, Debug)]
pub struct PostingsPlace {
    start: u32,
    n: u32,
}

impl PostingsPlace {
    /// How many forms hold it, counted as often as they do.
    #[inline]
    pub fn n_forms(self) -> usize {
        self.n as usize
    }
}

/// Row of a join in this snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JoinOrd(pub u32);

/// Tokens of forms written together.
#[derive(Clone, Copy, Debug)]
pub struct JoinView {
    /// Its row.
    pub ord: JoinOrd,
    tokens: u32,
    /// How many tokens, with those between them that cannot be joined.
    pub n_tokens: usize,
    /// How many letters.
    pub len: usize,
    /// Whether it is of all parts of a name of three or more.
    pub whole: bool,
}

/// An identifier that finds an entity.
#[derive(Clone, Copy, Debug)]
pub struct IdentifierView<'snap> {
    /// Comparable form.
    pub key: &'snap str,
    /// As the source wrote it.
    pub text: &'snap str,
    /// The property that it stands on.
    pub property: Option<Property>,
    /// The document or wallet that it stands on, if not on the entity itself.
    pub via: Option<EntityOrd>,
    /// What its check digits say.
    pub check: CheckResult,
}

impl<'snap> NameView<'snap> {
    /// Its tokens, in order.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = TokenId> + use<'snap> {
        self.tokens.iter().map(|token| TokenId(token.get()))
    }
}

/// The versions of the layout and of the tables of names that snapshots of this program are made of: `format 1, tables 2`.
pub fn made_of() -> String {
    format!("format {FORMAT_VERSION}, tables {TABLES_VERSION}")
}

impl Snapshot {
    /// Opens a file by mapping it. O(1) in the size of the snapshot.
    pub fn open(path: &Path) -> Result<Snapshot, SnapshotError> {
        Snapshot::over(Bytes::map(path)?, path)
    }

    /// Opens bytes in memory, as a [`crate::Builder`] made them.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Snapshot, SnapshotError> {
        Snapshot::over(Bytes::Owned(bytes), Path::new("(in memory)"))
    }

    fn over(bytes: Bytes, path: &Path) -> Result<Snapshot, SnapshotError> {
        let path = path.to_owned();
        let damaged = |what| SnapshotError::Damaged { path: path.clone(), what };
        if bytes.get(..MAGIC.len()).is_none_or(|magic| magic != MAGIC) {
            return Err(SnapshotError::Magic { path });
        }
        let (header, rest) = Header::ref_from_prefix(&bytes).map_err(|_| damaged("the file ends within its header"))?;
        if header.format_version != FORMAT_VERSION || header.tables_version != TABLES_VERSION {
            let found = format!("{}.{}", header.format_version, header.tables_version);
            return Err(SnapshotError::Version { path, found, expected: format!("{FORMAT_VERSION}.{TABLES_VERSION}") });
        }
        if header.file_len != bytes.len() as u64 {
            return Err(damaged("the length of the file is not the one in its header"));
        }
        if header.n_sections != Section::ALL.len() as u32 {
            return Err(damaged("the number of sections is not that of this version"));
        }
        let table_len = Section::ALL.len() * size_of::<SectionRow>();
        let table_bytes = rest.get(..table_len).ok_or_else(|| damaged("the file ends within its section table"))?;
        if *blake3::hash(table_bytes).as_bytes() != header.table_hash {
            return Err(damaged("the section table does not have its hash"));
        }
        let rows =
            <[SectionRow]>::ref_from_bytes(table_bytes).map_err(|_| damaged("the section table is misshapen"))?;
        let mut places = [const { 0..0 }; Section::ALL.len()];
        let mut hashes = [[0; 32]; Section::ALL.len()];
        for ((row, section), (place, hash)) in rows.iter().zip(Section::ALL).zip(places.iter_mut().zip(&mut hashes)) {
            let end = row.at.get().checked_add(row.len.get()).filter(|end| *end <= bytes.len() as u64);
            if row.id != *section as u32 || end.is_none() {
                return Err(damaged("a section lies outside the file"));
            }
            *place = row.at.get() as usize..end.unwrap_or_default() as usize;
            *hash = row.hash;
        }
        let id = blake3::hash(table_bytes).to_hex()[..16].to_owned();
        let meta = bytes.get(places[Section::Meta as usize].clone()).unwrap_or_default();
        let meta =
            serde_json::from_slice(meta).map_err(|_| damaged("what the snapshot says of itself cannot be read"))?;
        let bits = |section: Section| (places[section as usize].len() / 4).saturating_sub(1).max(2).ilog2();
        let (key_bits, join_bits) = (bits(Section::KeyBuckets), bits(Section::JoinBuckets));
        let snapshot = Snapshot { bytes, path, places, hashes, id, meta, key_bits, join_bits };
        snapshot.check_shapes()?;
        Ok(snapshot)
    }

    /// Checks that the lengths of sections agree with each other; O(1).
    fn check_shapes(&self) -> Result<(), SnapshotError> {
        let damaged = |what| SnapshotError::Damaged { path: self.path.clone(), what };
        let len = |section: Section| self.places[section as usize].len();
        let whole = |section: Section, row: usize| len(section).is_multiple_of(row);
        let shaped = whole(Section::Entities, size_of::<EntityRow>())
            && whole(Section::Names, size_of::<NameRow>())
            && whole(Section::Forms, size_of::<FormRow>())
            && whole(Section::FormGroups, size_of::<GroupRow>())
            && whole(Section::Tokens, size_of::<TokenRow>())
            && whole(Section::Joins, size_of::<JoinRow>())
            && whole(Section::JoinForms, 4)
            && whole(Section::Keys, size_of::<KeyRow>())
            && whole(Section::Dates, size_of::<DateRow>())
            && whole(Section::Countries, size_of::<CountryRow>())
            && whole(Section::Identifiers, size_of::<IdentifierRow>())
            && whole(Section::Blocks, size_of::<BlockRow>())
            && len(Section::PostingStarts) == (len(Section::Tokens) / size_of::<TokenRow>() + 1) * 4
            && len(Section::Glances) / size_of::<GlanceRow>() == len(Section::Tokens) / size_of::<TokenRow>()
            && whole(Section::Glances, size_of::<GlanceRow>())
            && len(Section::BearerStarts) == (len(Section::Forms) / size_of::<FormRow>() + 1) * 4
            && len(Section::JoinBuckets) == ((1usize << self.join_bits) + 1) * 4
            && len(Section::ReferrerStarts) == (len(Section::Entities) / size_of::<EntityRow>() + 1) * 4
            && len(Section::KeyBuckets) == ((1usize << self.key_bits) + 1) * 4
            && len(Section::IdentifierKeys) / 4 == len(Section::Identifiers) / size_of::<IdentifierRow>();
        if shaped { Ok(()) } else { Err(damaged("the lengths of its sections do not fit each other")) }
    }

    /// Checks the hash of every section; reads the whole file, about a second for a gigabyte.
    pub fn verify(&self) -> Result<(), SnapshotError> {
        for (section, hash) in Section::ALL.iter().zip(&self.hashes) {
            if blake3::hash(self.section(*section)).as_bytes() != hash {
                return Err(SnapshotError::Hash { path: self.path.clone(), section: section.name() });
            }
        }
        Ok(())
    }

    /// Identifies the content: the same lists give the same id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it says of itself.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Where it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Size of the file in bytes.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    #[inline]
    fn section(&self, section: Section) -> &[u8] {
        self.bytes.get(self.places[section as usize].clone()).unwrap_or_default()
    }

    #[inline]
    fn rows<T: FromBytes + Immutable + KnownLayout>(&self, section: Section) -> &[T] {
        <[T]>::ref_from_bytes(self.section(section)).unwrap_or_default()
    }

    #[inline]
    fn row<T: FromBytes + Immutable + KnownLayout>(&self, section: Section, row: u32) -> Result<&T, Corrupt> {
        self.rows(section).get(row as usize).ok_or(Corrupt { section: section.name(), row: u64::from(row) })
    }

    #[inline]
    fn slice<T: FromBytes + Immutable + KnownLayout>(
        &self,
        section: Section,
        range: Range<usize>,
    ) -> Result<&[T], Corrupt> {
        let row = range.start as u64;
        self.rows(section).get(range).ok_or(Corrupt { section: section.name(), row })
    }

    #[inline]
    fn text(&self, place: StrRef) -> Result<&str, Corrupt> {
        let corrupt = Corrupt { section: Section::Strings.name(), row: u64::from(place.at.get()) };
        let start = place.at.get() as usize;
        let end = start.checked_add(place.len.get() as usize).ok_or(corrupt)?;
        let bytes = self.section(Section::Strings).get(start..end).ok_or(corrupt)?;
        std::str::from_utf8(bytes).map_err(|_| corrupt)
    }

    /// Number of entities, relations and documents included.
    pub fn n_entities(&self) -> u32 {
        self.rows::<EntityRow>(Section::Entities).len() as u32
    }

    /// Number of readings of names.
    pub fn n_names(&self) -> u32 {
        self.rows::<NameRow>(Section::Names).len() as u32
    }

    /// Number of tokens.
    pub fn n_tokens(&self) -> u32 {
        self.rows::<TokenRow>(Section::Tokens).len() as u32
    }

    /// An entity's features.
    pub fn party(&self, ord: EntityOrd) -> Result<PartyView<'_>, Corrupt> {
        let row: &EntityRow = self.row(Section::Entities, ord.0)?;
        Ok(PartyView {
            ord,
            id: self.text(row.id)?,
            caption: self.text(row.caption)?,
            schema: self.schema(ord)?,
            genders: row.genders,
            row,
        })
    }

    /// An entity's schema; cheaper than [`Snapshot::party`].
    pub fn schema(&self, ord: EntityOrd) -> Result<Schema, Corrupt> {
        let row: &EntityRow = self.row(Section::Entities, ord.0)?;
        Schema::from_index(row.schema).ok_or(Corrupt { section: Section::Entities.name(), row: u64::from(ord.0) })
    }

    /// An entity's kind.
    pub fn kind(&self, ord: EntityOrd) -> Result<Kind, Corrupt> {
        let row: &EntityRow = self.row(Section::Entities, ord.0)?;
        let kind = Kind::ALL.get(usize::from(row.kind)).copied();
        kind.ok_or(Corrupt { section: Section::Entities.name(), row: u64::from(ord.0) })
    }

    /// The lists that an entity stands on, as bits of their numbers in [`Meta::lists`].
    pub fn datasets(&self, ord: EntityOrd) -> Result<u64, Corrupt> {
        let row: &EntityRow = self.row(Section::Entities, ord.0)?;
        self.row::<U64>(Section::DatasetSets, row.datasets.get()).map(|set| set.get())
    }

    /// Rows of an entity's names.
    pub fn names_of(&self, ord: EntityOrd) -> Result<Range<u32>, Corrupt> {
        let row: &EntityRow = self.row(Section::Entities, ord.0)?;
        let range = row.names.range();
        Ok(range.start as u32..range.end as u32)
    }

    /// Number of rows of tokens.
    pub fn n_forms(&self) -> u32 {
        self.rows::<FormRow>(Section::Forms).len() as u32
    }

    /// Forms in groups of the same number of parts and the same kinds of bearers, ascending.
    pub fn form_groups(&self) -> impl Iterator<Item = FormGroup> {
        let rows: &[GroupRow] = self.rows(Section::FormGroups);
        let ends = rows.iter().skip(1).map(|next| next.first.get()).chain([self.n_forms()]);
        rows.iter().zip(ends).map(|(row, end)| FormGroup {
            forms: row.first.get()..end,
            n_parts: usize::from(row.n_parts),
            kinds: row.kinds,
        })
    }

    /// One reading of one name.
    pub fn name(&self, ord: NameOrd) -> Result<NameView<'_>, Corrupt> {
        let row: &NameRow = self.row(Section::Names, ord.0)?;
        let form = FormOrd(row.form.get());
        Ok(NameView {
            entity: EntityOrd(row.entity.get()),
            text: StrPlace { snapshot: self, place: row.text },
            property: Property::from_index(row.property.get()),
            grade: NameGrade::from_number(row.grade),
            reading: row.reading,
            form,
            tokens: self.form_tokens(form)?,
        })
    }

    /// Whose name a row is, its form and grade; cheaper than [`Snapshot::name`].
    #[inline]
    pub fn bearer(&self, ord: NameOrd) -> Result<(EntityOrd, FormOrd, NameGrade), Corrupt> {
        let row: &NameRow = self.row(Section::Names, ord.0)?;
        Ok((EntityOrd(row.entity.get()), FormOrd(row.form.get()), NameGrade::from_number(row.grade)))
    }

    /// Tokens of a form, in order.
    #[inline]
    pub fn form_tokens(&self, ord: FormOrd) -> Result<&[U32], Corrupt> {
        let row: &FormRow = self.row(Section::Forms, ord.0)?;
        let start = row.tokens.get() as usize;
        self.slice(Section::FormTokens, start..start + usize::from(row.n_tokens))
    }

    /// Tokens of a form and the kinds of its bearers, as bits of their numbers.
    #[inline]
    pub fn form(&self, ord: FormOrd) -> Result<(&[U32], u8), Corrupt> {
        let row: &FormRow = self.row(Section::Forms, ord.0)?;
        let start = row.tokens.get() as usize;
        Ok((self.slice(Section::FormTokens, start..start + usize::from(row.n_tokens))?, row.kinds))
    }

    /// Rows of the names that have a form, ascending, so that their entities ascend too.
    #[inline]
    pub fn bearers(&self, ord: FormOrd) -> Result<&[U32], Corrupt> {
        let start: &U32 = self.row(Section::BearerStarts, ord.0)?;
        let end: &U32 = self.row(Section::BearerStarts, ord.0.saturating_add(1))?;
        self.slice(Section::Bearers, start.get() as usize..end.get() as usize)
    }

    /// A token.
    #[inline]
    pub fn token(&self, id: TokenId) -> Result<TokenView<'_>, Corrupt> {
        let row: &TokenRow = self.row(Section::Tokens, id.0)?;
        Ok(TokenView {
            text: self.text(row.text)?,
            native: self.text(row.native)?,
            script: Script::from_number(row.script).unwrap_or(Script::Other),
            role: unpack_role(row.role & !PLACE, row.legal, row.number.get()),
            bits: row.bits.get(),
            skeleton: row.skeleton.get(),
            consonants: row.consonants.get(),
            skeleton_len: row.flags >> 4,
            letters: row.letters.get(),
            phonetic: row.phonetic.map(U32::get),
            equivalents: row.equivalents.map(U16::get),
            generic: row.flags & FLAG_GENERIC != 0,
            place: row.role & PLACE != 0,
            translated: row.flags & FLAG_TRANSLATED != 0,
            cultures: Cultures(row.cultures),
        })
    }

    /// What of a token is seen at a glance; cheaper than [`Snapshot::token`], as its rows lie close together.
    #[inline]
    pub fn glance(&self, id: TokenId) -> Result<Glance, Corrupt> {
        let row: &GlanceRow = self.row(Section::Glances, id.0)?;
        Ok(Glance {
            letters: row.letters.get(),
            len: usize::from(row.len),
            initial: row.text[0],
            role: unpack_role(row.role & !(PATRONYMIC | PLACE), 0, 0),
            patronymic: row.role & PATRONYMIC != 0,
            least_bits: f32::from(row.bits) / 4.0,
            generic: row.flags & FLAG_GENERIC != 0,
            place: row.role & PLACE != 0,
            abjad: row.flags & FLAG_ABJAD != 0,
            foreign: row.flags & FLAG_FOREIGN != 0,
        })
    }

    /// Reads a little of all that [`Snapshot::token`] and [`Snapshot::postings`] read of a token. Done for many tokens in a row, their
    /// places in memory are waited for together and not one after the other.
    #[inline]
    pub fn touch_token(&self, id: TokenId) -> Result<u32, Corrupt> {
        let row: &TokenRow = self.row(Section::Tokens, id.0)?;
        let start: &U32 = self.row(Section::PostingStarts, id.0)?;
        Ok(start.get() ^ row.text.at.get() ^ u32::from(row.flags))
    }

    /// Reads a little of a token's text, for the same reason; once its row is at hand.
    #[inline]
    pub fn touch_text(&self, id: TokenId) -> Result<u8, Corrupt> {
        let row: &TokenRow = self.row(Section::Tokens, id.0)?;
        let start = row.text.at.get() as usize;
        let text: &[u8] = self.slice(Section::Strings, start..start + row.text.len.get().min(1) as usize)?;
        Ok(text.first().copied().unwrap_or_default())
    }

    /// The text of a token where it is short enough to lie beside its glance.
    #[inline]
    pub fn short_text(&self, id: TokenId) -> Result<Option<&[u8]>, Corrupt> {
        let row: &GlanceRow = self.row(Section::Glances, id.0)?;
        Ok(row.text.get(..usize::from(row.len)))
    }

    /// What of a token tells at once that it cannot be alike; cheaper than [`Snapshot::token`], as no text is looked at.
    pub fn token_sketch(&self, id: TokenId) -> Result<TokenSketch, Corrupt> {
        let row: &TokenRow = self.row(Section::Tokens, id.0)?;
        Ok(TokenSketch {
            is_name: row.role & !PLACE == ROLE_NAME,
            text_len: row.text.len.get(),
            has_native: row.native.len.get() > 0,
            script: Script::from_number(row.script).unwrap_or(Script::Other),
            letters: row.letters.get(),
            skeleton: row.skeleton.get(),
            consonants: row.consonants.get(),
            phonetic: row.phonetic.map(U32::get),
            equivalents: row.equivalents.map(U16::get),
            cultures: Cultures(row.cultures),
        })
    }

    /// Forms that hold a token, ascending, as often as they hold it.
    #[inline]
    pub fn postings(&self, id: TokenId) -> Result<&[U32], Corrupt> {
        self.postings_at(self.postings_place(id)?)
    }

    /// Where the forms that hold a token lie, for [`Snapshot::postings_at`]; kept by who asks for the same tokens again.
    #[inline]
    pub fn postings_place(&self, id: TokenId) -> Result<PostingsPlace, Corrupt> {
        let start: &U32 = self.row(Section::PostingStarts, id.0)?;
        let end: &U32 = self.row(Section::PostingStarts, id.0.saturating_add(1))?;
        Ok(PostingsPlace { start: start.get(), n: end.get().saturating_sub(start.get()) })
    }

    /// Forms that hold a token, by the place where they lie in this snapshot.
    #[inline]
    pub fn postings_at(&self, place: PostingsPlace) -> Result<&[U32], Corrupt> {
        let start = place.start as usize;
        self.slice(Section::Postings, start..start + place.n as usize)
    }

    /// The tokens that have a key, ascending.
    pub fn tokens_with_key(&self, key: u32) -> Result<impl Iterator<Item = TokenId>, Corrupt> {
        Ok(self.tokens_in_bucket(key, self.bucket(key)?)?.map(|(token, _)| token))
    }

    /// Where the keys lie that share a key's top bits. Looked up for many keys at a time, before any is read, so that memory is waited
    /// for once and not key by key.
    #[inline]
    pub fn bucket(&self, key: u32) -> Result<(u32, u32), Corrupt> {
        let bucket = key >> (32 - self.key_bits);
        let start: &U32 = self.row(Section::KeyBuckets, bucket)?;
        let end: &U32 = self.row(Section::KeyBuckets, bucket + 1)?;
        Ok((start.get(), end.get()))
    }

    /// The tokens that have a key, ascending, with their letters as bits, given the key's bucket.
    pub fn tokens_in_bucket(
        &self,
        key: u32,
        (start, end): (u32, u32),
    ) -> Result<impl Iterator<Item = (TokenId, u32)>, Corrupt> {
        let rows: &[KeyRow] = self.slice(Section::Keys, start as usize..end as usize)?;
        Ok(rows.iter().filter(move |row| row.hash == key).map(|row| (TokenId(row.token.get()), row.letters.get())))
    }

    /// The joins that have a key.
    pub fn joins_with_key(&self, key: u32) -> Result<impl Iterator<Item = JoinView>, Corrupt> {
        let bucket = key >> (32 - self.join_bits);
        let start: &U32 = self.row(Section::JoinBuckets, bucket)?;
        let end: &U32 = self.row(Section::JoinBuckets, bucket + 1)?;
        let rows: &[JoinRow] = self.slice(Section::Joins, start.get() as usize..end.get() as usize)?;
        let rows = (start.get()..).zip(rows).filter(move |(_, row)| row.hash.get() == key);
        Ok(rows.map(|(ord, row)| JoinView {
            ord: JoinOrd(ord),
            tokens: row.tokens.get(),
            n_tokens: usize::from(row.n_tokens),
            len: usize::from(row.len & !JOINS_ALL),
            whole: row.len & JOINS_ALL != 0,
        }))
    }

    /// The tokens of a join, with those between them that cannot be joined.
    pub fn tokens_joined(&self, join: &JoinView) -> Result<&[U32], Corrupt> {
        let start = join.tokens as usize;
        self.slice(Section::FormTokens, start..start + join.n_tokens)
    }

    /// The forms that have a join, ascending, as often as they have it.
    pub fn forms_joined(&self, ord: JoinOrd) -> Result<&[U32], Corrupt> {
        let row: &JoinRow = self.row(Section::Joins, ord.0)?;
        if row.n_forms.get() == 1 {
            return Ok(std::slice::from_ref(&row.forms));
        }
        let start = row.forms.get() as usize;
        self.slice(Section::JoinForms, start..start.saturating_add(row.n_forms.get() as usize))
    }

    /// Dates of an entity.
    pub fn dates(&self, party: &PartyView<'_>) -> Result<impl Iterator<Item = DateFact>, Corrupt> {
        let rows: &[DateRow] = self.slice(Section::Dates, party.row.dates.range())?;
        Ok(rows.iter().map(DateFact::of))
    }

    /// Countries of an entity with their property.
    pub fn countries(
        &self,
        party: &PartyView<'_>,
    ) -> Result<impl Iterator<Item = (Country, Option<Property>)>, Corrupt> {
        let rows: &[CountryRow] = self.slice(Section::Countries, party.row.countries.range())?;
        Ok(rows.iter().filter_map(|row| {
            Some((Country::from_index(row.country.get())?, Property::from_index(row.property.get())))
        }))
    }

    /// Hashes of the words of an entity's addresses, ascending.
    pub fn address_tokens(&self, party: &PartyView<'_>) -> Result<&[U32], Corrupt> {
        self.slice(Section::AddressTokens, party.row.address_tokens.range())
    }

    /// Identifiers that find an entity.
    pub fn identifiers(
        &self,
        party: &PartyView<'_>,
    ) -> Result<impl Iterator<Item = Result<IdentifierView<'_>, Corrupt>>, Corrupt> {
        let rows: &[IdentifierRow] = self.slice(Section::Identifiers, party.row.identifiers.range())?;
        Ok(rows.iter().map(|row| self.identifier(row)))
    }

    fn identifier(&self, row: &IdentifierRow) -> Result<IdentifierView<'_>, Corrupt> {
        Ok(IdentifierView {
            key: self.text(row.key)?,
            text: self.text(row.text)?,
            property: Property::from_index(row.property.get()),
            via: (row.via.get() != NONE).then_some(EntityOrd(row.via.get())),
            check: match row.flags.get() {
                1 => CheckResult::Valid,
                2 => CheckResult::Invalid,
                _ => CheckResult::Unchecked,
            },
        })
    }

    /// Appends the entities that an identifier finds, ascending; O(log identifiers).
    pub fn entities_with_identifier(&self, key: &str, out: &mut Vec<EntityOrd>) -> Result<(), Corrupt> {
        let order: &[U32] = self.rows(Section::IdentifierKeys);
        let key_at = |at: usize| -> Result<(&str, u32), Corrupt> {
            let corrupt = Corrupt { section: Section::IdentifierKeys.name(), row: at as u64 };
            let row: &IdentifierRow = self.row(Section::Identifiers, order.get(at).ok_or(corrupt)?.get())?;
            Ok((self.text(row.key)?, row.entity.get()))
        };
        let (mut low, mut high) = (0, order.len());
        while low < high {
            let middle = low.midpoint(high);
            if key_at(middle)?.0 < key { low = middle + 1 } else { high = middle }
        }
        let before = out.len();
        while low < order.len() {
            let (found, entity) = key_at(low)?;
            if found != key {
                break;
            }
            out.push(EntityOrd(entity));
            low += 1;
        }
        out[before..].sort_unstable();
        Ok(())
    }

    /// The entity with that id; O(log entities).
    pub fn find(&self, id: &str) -> Result<Option<EntityOrd>, Corrupt> {
        let (mut low, mut high) = (0, self.n_entities());
        while low < high {
            let middle = low.midpoint(high);
            let row: &EntityRow = self.row(Section::Entities, middle)?;
            match self.text(row.id)?.cmp(id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(Some(EntityOrd(middle))),
            }
        }
        Ok(None)
    }

    /// Entities that point to an entity: its relations, sanctions, documents.
    pub fn referrers(&self, ord: EntityOrd) -> Result<impl Iterator<Item = EntityOrd>, Corrupt> {
        let start: &U32 = self.row(Section::ReferrerStarts, ord.0)?;
        let end: &U32 = self.row(Section::ReferrerStarts, ord.0.saturating_add(1))?;
        let rows: &[U32] = self.slice(Section::Referrers, start.get() as usize..end.get() as usize)?;
        Ok(rows.iter().map(|row| EntityOrd(row.get())))
    }

    /// What full-text search asks; entities have the numbers that they have here.
    pub fn search_index(&self) -> Result<interdict_search::Index<'_>, Corrupt> {
        let corrupt = Corrupt { section: Section::Search.name(), row: 0 };
        let index = interdict_search::Index::open(self.section(Section::Search)).map_err(|_| corrupt)?;
        if index.n_entities() == self.n_entities() { Ok(index) } else { Err(corrupt) }
    }

    /// The whole entity with the origin of every value; unpacks a block of some 16 kB.
    pub fn entity(&self, ord: EntityOrd) -> Result<Entity, Corrupt> {
        let corrupt = Corrupt { section: Section::Bodies.name(), row: u64::from(ord.0) };
        let row: &EntityRow = self.row(Section::Entities, ord.0)?;
        let block: &BlockRow = self.row(Section::Blocks, row.block.get())?;
        let unpacked = body::unpack(block, self.section(Section::Bodies), u64::from(ord.0))?;
        let start = row.at_in_block.get() as usize;
        let end = start.checked_add(row.body_len.get() as usize).ok_or(corrupt)?;
        Entity::from_json(unpacked.get(start..end).ok_or(corrupt)?).map_err(|_: EntityJsonError| corrupt)
    }
}

impl DateFact {
    /// The fact of a stored date, or of a query's.
    pub(crate) fn of(row: &DateRow) -> DateFact {
        DateFact {
            kind: match row.kind {
                0 => DateKind::Birth,
                1 => DateKind::Incorporation,
                _ => DateKind::Build,
            },
            first_day: row.first_day.get(),
            last_day: row.last_day.get(),
            month_and_day: (row.precision & 7 == 3).then_some((row.month, row.day)),
            circa: row.precision & 8 != 0,
        }
    }

    /// The fact of a query's date, by way of the form in which it would be stored.
    pub fn of_span(kind: DateKind, span: interdict_model::DateSpan) -> DateFact {
        DateFact::of(&DateRow::of(kind, span))
    }
}
