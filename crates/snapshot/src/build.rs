//! From merged entities to the bytes of a snapshot.
//!
//! Cost: linear in names and values, but for sorting tokens and keys; every table is in memory once.

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Entity, PropertyType};
use interdict_text::TABLES_VERSION;
use zerocopy::IntoBytes as _;
use zerocopy::little_endian::{U32, U64};

use crate::body::Packer;
use crate::facts;
use crate::layout::{
    CountryRow, DateRow, EntityRow, FORMAT_VERSION, Header, IdentifierRow, KeyRow, MAGIC, NONE, NameRow, RowRange,
    Section, SectionRow, StrRef, TokenRow,
};
use crate::meta::{ListMeta, Meta};
use crate::token::{FLAG_GENERIC, FLAG_JOIN, FLAG_TRANSLATED, TokenFacts, TokenIdentity, pack_equivalent, pack_role};

/// Entities cannot be made into a snapshot.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Two entities of one id; merge them first.
    #[error("id `{0}` stands on two entities")]
    DuplicateId(String),
    /// More than the file format can number.
    #[error("{what}: {found} exceed the {limit} that a snapshot can hold")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many.
        found: u64,
        /// How many can be held.
        limit: u64,
    },
    /// An entity stands on a list that was not declared.
    #[error("entity `{id}` stands on list `{list}`, which is not one of the snapshot's")]
    UnknownList {
        /// The entity.
        id: String,
        /// The list.
        list: String,
    },
    /// Bodies cannot be packed.
    #[error("packing entity bodies")]
    Pack(#[source] std::io::Error),
}

/// Collects entities and lists; [`Builder::build`] makes the file.
#[derive(Debug, Default)]
pub struct Builder {
    entities: Vec<Entity>,
    lists: BTreeMap<String, ListMeta>,
    starter: bool,
}

/// A built snapshot in memory.
#[derive(Debug)]
pub struct Built {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// What it says of itself.
    pub meta: Meta,
}

impl Builder {
    /// A builder without entities.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Declares a list; entities may stand on declared lists only.
    pub fn list(&mut self, list: ListMeta) {
        self.lists.insert(list.id.as_str().to_owned(), list);
    }

    /// Marks the snapshot as the starter list.
    pub fn starter(&mut self) {
        self.starter = true;
    }

    /// Adds an entity. Ids must be distinct: merge first.
    pub fn entity(&mut self, entity: Entity) {
        self.entities.push(entity);
    }

    /// Makes the file. The same entities and lists give the same bytes, in whatever order they came.
    pub fn build(mut self) -> Result<Built, BuildError> {
        self.entities.sort_by(|one, other| one.id.cmp(&other.id));
        if let Some(pair) = self.entities.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(BuildError::DuplicateId(pair[0].id.clone()));
        }
        check_limit("entities", self.entities.len(), u32::MAX as usize - 1)?;
        check_limit("lists", self.lists.len(), 64)?;
        let mut tables = Tables::default();
        let list_numbers: BTreeMap<&str, u64> = self.lists.keys().map(String::as_str).zip(0..).collect();
        let ords: BTreeMap<&str, u32> = self.entities.iter().map(|entity| entity.id.as_str()).zip(0..).collect();
        let mut referrers: Vec<(u32, u32)> = Vec::new();
        let mut via: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut sets: BTreeMap<u64, u32> = BTreeMap::new();
        for (ord, entity) in (0u32..).zip(&self.entities) {
            for (_, value) in entity.values_of(PropertyType::Entity) {
                if let Some(&target) = ords.get(&*value.text) {
                    referrers.push((target, ord));
                }
            }
            for holder in entity.get("holder") {
                if let Some(&holder) = ords.get(&*holder.text) {
                    via.entry(holder).or_default().push(ord);
                }
            }
            let mut set = 0u64;
            for list in &entity.datasets {
                let number = list_numbers
                    .get(list.as_str())
                    .ok_or_else(|| BuildError::UnknownList { id: entity.id.clone(), list: list.to_string() })?;
                set |= 1 << number;
            }
            let next = sets.len() as u32;
            tables.datasets.push(*sets.entry(set).or_insert(next));
        }
        let mut dataset_sets = vec![0u64; sets.len()];
        for (set, index) in sets {
            dataset_sets[index as usize] = set;
        }
        let mut n_names = 0;
        for (ord, entity) in (0u32..).zip(&self.entities) {
            let documents = via.get(&ord).map(Vec::as_slice).unwrap_or_default();
            let documents: Vec<(u32, &Entity)> =
                documents.iter().map(|&via| (via, &self.entities[via as usize])).collect();
            n_names += tables.add(ord, entity, &documents)?;
        }
        tables.packer.close().map_err(BuildError::Pack)?;
        let meta = Meta {
            lists: self.lists.into_values().collect(),
            starter: self.starter,
            n_parties: self.entities.iter().filter(|entity| entity.schema.matchable()).count() as u64,
            n_entities: self.entities.len() as u64,
            n_names,
        };
        referrers.sort_unstable();
        referrers.dedup();
        let bytes = tables.finish(&meta, self.entities.len(), &referrers, &dataset_sets)?;
        Ok(Built { bytes, meta })
    }
}

fn check_limit(what: &'static str, found: usize, limit: usize) -> Result<(), BuildError> {
    if found > limit {
        return Err(BuildError::TooMany { what, found: found as u64, limit: limit as u64 });
    }
    Ok(())
}

/// The growing tables of a file.
#[derive(Default)]
struct Tables {
    strings: Strings,
    entities: Vec<EntityRow>,
    names: Vec<NameRow>,
    /// Provisional token numbers, in the order tokens were met; `NONE` for an absent join.
    name_tokens: Vec<u32>,
    tokens: Vec<TokenFacts>,
    token_numbers: BTreeMap<TokenIdentity<String>, u32>,
    dates: Vec<DateRow>,
    countries: Vec<CountryRow>,
    identifiers: Vec<IdentifierRow>,
    identifier_texts: Vec<String>,
    address_tokens: Vec<U32>,
    datasets: Vec<u32>,
    packer: Packer,
}

/// The strings section; equal strings are stored once.
#[derive(Default)]
struct Strings {
    bytes: Vec<u8>,
    known: BTreeMap<Box<str>, StrRef>,
}

impl Strings {
    fn add(&mut self, text: &str) -> StrRef {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let place = StrRef { at: (self.bytes.len() as u32).into(), len: (text.len() as u32).into() };
        self.bytes.extend_from_slice(text.as_bytes());
        self.known.insert(text.into(), place);
        place
    }
}

fn range(start: usize, end: usize) -> RowRange {
    RowRange { start: (start as u32).into(), len: ((end - start) as u32).into() }
}

impl Tables {
    /// Adds an entity; returns the number of its names. Only matchable ones get names and facts.
    fn add(&mut self, ord: u32, entity: &Entity, documents: &[(u32, &Entity)]) -> Result<u64, BuildError> {
        let starts = [
            self.names.len(),
            self.dates.len(),
            self.countries.len(),
            self.identifiers.len(),
            self.address_tokens.len(),
        ];
        let mut n_names = 0;
        if entity.schema.matchable() {
            n_names = self.add_names(ord, entity);
            for (kind, span) in facts::dates(entity) {
                self.dates.push(date_row(kind, span));
            }
            for (country, property) in facts::countries(entity) {
                self.countries.push(CountryRow { country: country.index().into(), property: property.index().into() });
            }
            self.add_identifiers(ord, NONE, entity);
            for (via, document) in documents {
                self.add_identifiers(ord, *via, document);
            }
            self.address_tokens.extend(facts::address_tokens(entity).into_iter().map(U32::new));
        }
        let (block, at_in_block, body_len) = self.packer.push(entity).map_err(BuildError::Pack)?;
        let row = EntityRow {
            id: self.strings.add(&entity.id),
            caption: self.strings.add(entity.caption()),
            names: range(starts[0], self.names.len()),
            dates: range(starts[1], self.dates.len()),
            countries: range(starts[2], self.countries.len()),
            identifiers: range(starts[3], self.identifiers.len()),
            address_tokens: range(starts[4], self.address_tokens.len()),
            datasets: self.datasets[ord as usize].into(),
            block: block.into(),
            at_in_block: at_in_block.into(),
            body_len: body_len.into(),
            schema: entity.schema.index(),
            genders: facts::genders(entity),
        };
        self.entities.push(row);
        Ok(n_names)
    }

    fn add_names(&mut self, ord: u32, entity: &Entity) -> u64 {
        let names = facts::names(entity);
        // A token row that a better name of this entity has already would only be compared twice.
        let mut seen: BTreeSet<Vec<u32>> = BTreeSet::new();
        for name in &names {
            for (reading, form) in (0u8..).zip(facts::readings(&name.text, entity.schema)) {
                let tokens: Vec<TokenFacts> = form.tokens.iter().map(TokenFacts::of).collect();
                let joins = TokenFacts::joins(&tokens);
                let numbers: Vec<u32> = tokens.iter().map(|token| self.token(token)).collect();
                if numbers.is_empty() || !seen.insert(numbers.clone()) {
                    continue;
                }
                let row = NameRow {
                    entity: ord.into(),
                    text: self.strings.add(&name.text),
                    tokens: (self.name_tokens.len() as u32).into(),
                    n_tokens: (numbers.len() as u16).into(),
                    n_joins: (joins.len() as u16).into(),
                    property: name.property.index().into(),
                    grade: name.grade as u8,
                    reading,
                };
                self.names.push(row);
                self.name_tokens.extend(numbers);
                for join in joins {
                    let number = join.map_or(NONE, |join| self.token(&join));
                    self.name_tokens.push(number);
                }
            }
        }
        names.len() as u64
    }

    /// Number of a token.
    fn token(&mut self, token: &TokenFacts) -> u32 {
        let next = self.tokens.len() as u32;
        let number = *self.token_numbers.entry(token.identity().to_key()).or_insert(next);
        if number == next {
            self.tokens.push(token.clone());
        }
        number
    }

    fn add_identifiers(&mut self, ord: u32, via: u32, entity: &Entity) {
        for fact in facts::identifiers(entity) {
            let row = IdentifierRow {
                entity: ord.into(),
                via: via.into(),
                key: self.strings.add(&fact.key),
                text: self.strings.add(&fact.text),
                property: fact.property.index().into(),
                flags: (fact.check as u16).into(),
            };
            self.identifiers.push(row);
            self.identifier_texts.push(fact.key);
        }
    }

    /// Renumbers tokens in their final order and lays out all sections.
    fn finish(
        mut self,
        meta: &Meta,
        n_entities: usize,
        referrers: &[(u32, u32)],
        dataset_sets: &[u64],
    ) -> Result<Vec<u8>, BuildError> {
        let order: Vec<u32> = self.token_numbers.values().copied().collect();
        let mut renumbered = vec![0u32; order.len()];
        for (new, old) in (0u32..).zip(&order) {
            renumbered[*old as usize] = new;
        }
        for token in &mut self.name_tokens {
            if *token != NONE {
                *token = renumbered[*token as usize];
            }
        }
        let mut token_rows = Vec::with_capacity(order.len());
        let mut keys: Vec<(u32, u32)> = Vec::new();
        let mut own_keys = Vec::new();
        for (new, old) in (0u32..).zip(&order) {
            let facts = &self.tokens[*old as usize];
            token_rows.push(token_row(facts, &mut self.strings));
            own_keys.clear();
            facts.stored_keys_into(&mut own_keys);
            keys.extend(own_keys.iter().map(|key| (*key, new)));
        }
        keys.sort_unstable();
        keys.dedup();
        check_limit("bytes of strings", self.strings.bytes.len(), u32::MAX as usize)?;
        check_limit("name tokens", self.name_tokens.len(), u32::MAX as usize - 1)?;
        check_limit("keys", keys.len(), u32::MAX as usize - 1)?;

        let (posting_starts, postings) = self.postings(token_rows.len());
        let key_buckets = buckets(&keys);
        let key_rows: Vec<KeyRow> =
            keys.iter().map(|(hash, token)| KeyRow { hash: (*hash).into(), token: (*token).into() }).collect();
        let mut by_key: Vec<u32> = (0..self.identifiers.len() as u32).collect();
        by_key.sort_by(|one, other| {
            (&self.identifier_texts[*one as usize], *one).cmp(&(&self.identifier_texts[*other as usize], *other))
        });
        let referrer_starts = starts(n_entities, referrers.iter().map(|(target, _)| *target));
        let meta_json = serde_json::to_vec(meta).unwrap_or_default();
        let u32s = |values: &[u32]| values.iter().copied().map(U32::new).collect::<Vec<U32>>();
        let name_tokens = u32s(&self.name_tokens);
        let by_key = u32s(&by_key);
        let sets: Vec<U64> = dataset_sets.iter().copied().map(U64::new).collect();
        let referring = u32s(&referrers.iter().map(|(_, from)| *from).collect::<Vec<_>>());
        let of = |section: Section| -> &[u8] {
            match section {
                Section::Meta => &meta_json,
                Section::Strings => &self.strings.bytes,
                Section::Entities => self.entities.as_bytes(),
                Section::Names => self.names.as_bytes(),
                Section::NameTokens => name_tokens.as_bytes(),
                Section::Tokens => token_rows.as_bytes(),
                Section::PostingStarts => posting_starts.as_bytes(),
                Section::Postings => postings.as_bytes(),
                Section::KeyBuckets => key_buckets.as_bytes(),
                Section::Keys => key_rows.as_bytes(),
                Section::Dates => self.dates.as_bytes(),
                Section::Countries => self.countries.as_bytes(),
                Section::Identifiers => self.identifiers.as_bytes(),
                Section::IdentifierKeys => by_key.as_bytes(),
                Section::AddressTokens => self.address_tokens.as_bytes(),
                Section::DatasetSets => sets.as_bytes(),
                Section::ReferrerStarts => referrer_starts.as_bytes(),
                Section::Referrers => referring.as_bytes(),
                Section::Blocks => self.packer.blocks.as_bytes(),
                Section::Bodies => &self.packer.bytes,
            }
        };
        Ok(assemble(of))
    }

    /// Names by token, joins included, ascending and without doubles within a token.
    fn postings(&self, n_tokens: usize) -> (Vec<U32>, Vec<U32>) {
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(self.name_tokens.len());
        for (name, row) in (0u32..).zip(&self.names) {
            let start = row.tokens.get() as usize;
            let end = start + usize::from(row.n_tokens.get()) + usize::from(row.n_joins.get());
            pairs.extend(
                self.name_tokens[start..end].iter().filter(|token| **token != NONE).map(|token| (*token, name)),
            );
        }
        pairs.sort_unstable();
        pairs.dedup();
        let starts = starts(n_tokens, pairs.iter().map(|(token, _)| *token));
        (starts, pairs.into_iter().map(|(_, name)| U32::new(name)).collect())
    }
}

/// Where each of `n` owners' rows begin, for rows whose owners come in ascending order.
fn starts(n: usize, owners: impl Iterator<Item = u32>) -> Vec<U32> {
    let mut counts = vec![0u32; n + 1];
    for owner in owners {
        counts[owner as usize + 1] += 1;
    }
    let mut sum = 0;
    counts
        .into_iter()
        .map(|count| {
            sum += count;
            U32::new(sum)
        })
        .collect()
}

/// Where the keys of each value of their top bits begin; about four keys a bucket.
fn buckets(keys: &[(u32, u32)]) -> Vec<U32> {
    let bits = (keys.len() / 4).max(1).ilog2().clamp(1, 24);
    starts(1 << bits, keys.iter().map(|(hash, _)| hash >> (32 - bits)))
}

fn token_row(facts: &TokenFacts, strings: &mut Strings) -> TokenRow {
    let (role, legal, number) = pack_role(facts.role);
    let mut equivalents = [u16::MAX; 4];
    for (slot, (group, closeness)) in equivalents.iter_mut().zip(&facts.equivalents) {
        *slot = pack_equivalent(*group, *closeness);
    }
    TokenRow {
        text: strings.add(&facts.text),
        native: strings.add(&facts.native),
        bits: facts.bits.into(),
        skeleton: facts.skeleton.into(),
        consonants: facts.consonants.into(),
        phonetic: facts.phonetic.map(U32::new),
        equivalents: equivalents.map(Into::into),
        letters: facts.letters.into(),
        number: number.into(),
        role,
        legal,
        script: facts.script.number(),
        cultures: facts.cultures.0,
        flags: if facts.generic { FLAG_GENERIC } else { 0 }
            | if facts.join { FLAG_JOIN } else { 0 }
            | if facts.translated { FLAG_TRANSLATED } else { 0 }
            | facts.skeleton_len << 4,
    }
}

/// The row of a date; the same for a listed entity and, through an unnamed snapshot, for a query.
pub(crate) fn date_row(kind: facts::DateKind, span: interdict_model::DateSpan) -> DateRow {
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

/// Header, table and sections as one file.
fn assemble<'a>(of: impl Fn(Section) -> &'a [u8]) -> Vec<u8> {
    let n = Section::ALL.len();
    let mut at = (size_of::<Header>() + n * size_of::<SectionRow>()) as u64;
    let mut table = Vec::with_capacity(n);
    for section in Section::ALL {
        let bytes = of(*section);
        table.push(SectionRow {
            id: (*section as u32).into(),
            at: at.into(),
            len: (bytes.len() as u64).into(),
            hash: *blake3::hash(bytes).as_bytes(),
        });
        at += bytes.len() as u64;
    }
    let header = Header {
        magic: MAGIC,
        format_version: FORMAT_VERSION.into(),
        tables_version: TABLES_VERSION.into(),
        file_len: at.into(),
        n_sections: (n as u32).into(),
        table_hash: *blake3::hash(table.as_bytes()).as_bytes(),
    };
    let mut file = Vec::with_capacity(usize::try_from(at).unwrap_or_default());
    file.extend_from_slice(header.as_bytes());
    file.extend_from_slice(table.as_bytes());
    for section in Section::ALL {
        file.extend_from_slice(of(*section));
    }
    file
}
