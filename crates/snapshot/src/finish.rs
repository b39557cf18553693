//! The final numbers of a snapshot's tables, and their bytes.
//!
//! Idea: entities are numbered by their ids, forms as `forms.rs` says, tokens by common families, then by text; with these the rows are
//! written in their order, and what is looked up (postings, keys, joins, identifiers) is sorted.
//! Cost: sorting; tokens, keys, joins and bodies are made in parts on all cores.

use std::collections::BTreeMap;

use interdict_text::TABLES_VERSION;
use interdict_text::patronymic::is_patronymic;
use zerocopy::IntoBytes as _;
use zerocopy::little_endian::{U32, U64};

use crate::body::Packer;
use crate::build::{BuildError, Built};
use crate::draft::{Draft, DraftEntity, Span};
use crate::facts::Kind;
use crate::forms::{Forms, families};
use crate::layout::{
    BlockRow, EntityRow, FORMAT_VERSION, GlanceRow, Header, IdentifierRow, KeyRow, MAGIC, NONE, NameRow, PATRONYMIC,
    RowRange, SHORT_TEXT, Section, SectionRow, StrRef, TokenRow,
};
use crate::meta::{ListMeta, Meta};
use crate::parallel::in_parallel;
use crate::token::{
    FLAG_ABJAD, FLAG_FOREIGN, FLAG_GENERIC, FLAG_TRANSLATED, PLACE, TokenFacts, identity_of, pack_equivalent, pack_role,
};

/// Lists that a snapshot can hold: a bit each in what a query asks.
pub const MAX_LISTS: usize = 64;

/// Rows that one thread makes at a time.
pub(crate) const PART: usize = 4096;

/// Families whose tokens lie together; the others' lie in the order of their texts.
const N_COMMON: u32 = 4096;

/// Lays out all sections.
pub(crate) fn finish(mut draft: Draft, lists: BTreeMap<String, ListMeta>, starter: bool) -> Result<Built, BuildError> {
    let order = entity_order(&draft)?;
    check_limit("lists", lists.len(), MAX_LISTS)?;
    let (sets, set_numbers) = dataset_sets(&draft, &lists)?;
    let mut ords = vec![0u32; order.len()];
    for (ord, draft_ord) in (0u32..).zip(&order) {
        ords[*draft_ord as usize] = ord;
    }
    let find = |id: &str| -> Option<u32> {
        let found = order.binary_search_by(|at| draft.str(draft.entities[*at as usize].id).cmp(id));
        found.ok().map(|at| at as u32)
    };
    let pointing = |links: &[(u32, Span)]| -> Vec<(u32, u32)> {
        let known = links.iter().filter_map(|(from, to)| Some((find(draft.str(*to))?, ords[*from as usize])));
        let mut pairs: Vec<(u32, u32)> = known.collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    };
    let (referrers, via) = (pointing(&draft.targets), pointing(&draft.holders));
    let (blocks, bodies, places) = pack(&draft, &order)?;
    draft.drop_bodies();
    let search = std::mem::take(&mut draft.search).finish(&order);
    let mut tokens = Tokens::of(&draft);
    let families = families(&draft, &tokens);
    tokens.number_by_family(&families);
    let forms = Forms::of(&draft, &order, &tokens, &families);
    let mut strings = Strings { bytes: Vec::with_capacity(draft.n_text_bytes()) };
    let token_rows = tokens.rows(&mut strings);
    let glances: Vec<GlanceRow> =
        token_rows.iter().zip(&tokens.facts).map(|(row, facts)| glance_row(row, &facts.text)).collect();
    let rows = Rows::of(&draft, &order, &via, &forms, &places, &set_numbers, &mut strings);
    check_limit("bytes of strings", strings.bytes.len(), u32::MAX as usize)?;
    check_limit("form tokens", forms.tokens.len(), u32::MAX as usize - 1)?;
    let n_parties = rows.entities.iter().filter(|row| row.is_party != 0).count() as u64;
    let meta = Meta {
        lists: lists.into_values().collect(),
        starter,
        n_parties,
        n_entities: rows.entities.len() as u64,
        n_names: draft.n_name_texts,
    };
    drop(draft);
    let keys = tokens.keys();
    check_limit("keys", keys.len(), u32::MAX as usize - 1)?;
    let key_buckets = buckets(keys.iter().map(|key| (key >> 32) as u32), keys.len());
    let key_rows: Vec<KeyRow> = keys
        .iter()
        .map(|key| KeyRow {
            hash: ((key >> 32) as u32).into(),
            token: (*key as u32).into(),
            letters: token_rows[*key as u32 as usize].letters,
        })
        .collect();
    drop(keys);
    let joins = forms.joins(&tokens);
    check_limit("joins", joins.len(), u32::MAX as usize - 1)?;
    let (join_rows, join_forms) = forms.join_rows(&joins, &tokens);
    let join_buckets = buckets(join_rows.iter().map(|join| join.hash.get()), join_rows.len());
    drop(joins);
    let (posting_starts, postings) = forms.postings(token_rows.len());
    let referrer_starts = starts(rows.entities.len(), referrers.iter().map(|(target, _)| *target));
    let meta_json = serde_json::to_vec(&meta).unwrap_or_default();
    let referring: Vec<U32> = referrers.iter().map(|(_, from)| U32::new(*from)).collect();
    let of = |section: Section| -> &[u8] {
        match section {
            Section::Meta => &meta_json,
            Section::Strings => &strings.bytes,
            Section::Entities => rows.entities.as_bytes(),
            Section::Names => rows.names.as_bytes(),
            Section::Forms => forms.rows.as_bytes(),
            Section::FormGroups => forms.groups.as_bytes(),
            Section::FormTokens => forms.tokens.as_bytes(),
            Section::BearerStarts => forms.bearer_starts.as_bytes(),
            Section::Bearers => forms.bearers.as_bytes(),
            Section::Tokens => token_rows.as_bytes(),
            Section::Glances => glances.as_bytes(),
            Section::PostingStarts => posting_starts.as_bytes(),
            Section::Postings => postings.as_bytes(),
            Section::KeyBuckets => key_buckets.as_bytes(),
            Section::Keys => key_rows.as_bytes(),
            Section::JoinBuckets => join_buckets.as_bytes(),
            Section::Joins => join_rows.as_bytes(),
            Section::JoinForms => join_forms.as_bytes(),
            Section::Dates => rows.dates.as_bytes(),
            Section::Countries => rows.countries.as_bytes(),
            Section::Identifiers => rows.identifiers.as_bytes(),
            Section::IdentifierKeys => rows.identifier_keys.as_bytes(),
            Section::AddressTokens => rows.address_tokens.as_bytes(),
            Section::DatasetSets => sets.as_bytes(),
            Section::ReferrerStarts => referrer_starts.as_bytes(),
            Section::Referrers => referring.as_bytes(),
            Section::Blocks => blocks.as_bytes(),
            Section::Bodies => &bodies,
            Section::Search => &search,
        }
    };
    Ok(Built { bytes: assemble(of), meta })
}

fn check_limit(what: &'static str, found: usize, limit: usize) -> Result<(), BuildError> {
    if found > limit {
        return Err(BuildError::TooMany { what, found: found as u64, limit: limit as u64 });
    }
    Ok(())
}

/// Numbers of the draft's entities in ascending order of their ids.
fn entity_order(draft: &Draft) -> Result<Vec<u32>, BuildError> {
    check_limit("entities", draft.entities.len(), u32::MAX as usize - 1)?;
    let id = |at: &u32| draft.str(draft.entities[*at as usize].id);
    let mut order: Vec<u32> = (0..draft.entities.len() as u32).collect();
    order.sort_unstable_by(|one, other| id(one).cmp(id(other)));
    match order.windows(2).find(|pair| id(&pair[0]) == id(&pair[1])) {
        Some(pair) => Err(BuildError::DuplicateId(id(&pair[0]).to_owned())),
        None => Ok(order),
    }
}

/// Bit sets of list numbers, ascending, and which of them each of the draft's sets is.
fn dataset_sets(draft: &Draft, lists: &BTreeMap<String, ListMeta>) -> Result<(Vec<U64>, Vec<u32>), BuildError> {
    let numbers: BTreeMap<&str, u64> = lists.keys().map(String::as_str).zip(0..).collect();
    let mut sets = Vec::with_capacity(draft.sets.len());
    for (number, set) in (0u32..).zip(&draft.sets) {
        let mut bits = 0u64;
        for list in set {
            let of = |entity: &&DraftEntity| entity.set == number;
            let unknown = || BuildError::UnknownList {
                id: draft.entities.iter().find(of).map_or("", |entity| draft.str(entity.id)).to_owned(),
                list: list.to_string(),
            };
            bits |= 1 << numbers.get(list.as_str()).ok_or_else(unknown)?;
        }
        sets.push(bits);
    }
    let mut ordered = sets.clone();
    ordered.sort_unstable();
    let numbers = sets.iter().map(|set| ordered.partition_point(|other| other < set) as u32).collect();
    Ok((ordered.into_iter().map(U64::new).collect(), numbers))
}

/// Where a body lies: its block, its place in the unpacked block, its length.
type Place = (u32, u32, u32);

/// Packed bodies: the blocks, their bytes, and where each body lies.
type Packed = (Vec<BlockRow>, Vec<u8>, Vec<Place>);

/// Packs all bodies, in parts of fixed size, so that blocks do not hang on the number of threads.
fn pack(draft: &Draft, order: &[u32]) -> Result<Packed, BuildError> {
    let parts: Vec<&[u32]> = order.chunks(PART).collect();
    let packed = in_parallel(parts.len(), |at| {
        let mut packer = Packer::default();
        let mut places = Vec::with_capacity(parts[at].len());
        for entity in parts[at] {
            places.push(packer.push(draft.body(&draft.entities[*entity as usize]))?);
        }
        packer.close()?;
        Ok((packer, places))
    });
    let (mut blocks, mut bytes, mut places) = (Vec::new(), Vec::new(), Vec::with_capacity(order.len()));
    for part in packed {
        let (packer, own) = part.map_err(BuildError::Pack)?;
        let (first, at) = (blocks.len() as u32, bytes.len() as u64);
        places.extend(own.into_iter().map(|(block, within, len)| (first + block, within, len)));
        blocks.extend(packer.blocks.iter().map(|row| BlockRow { at: (row.at.get() + at).into(), ..*row }));
        bytes.extend_from_slice(&packer.bytes);
    }
    Ok((blocks, bytes, places))
}

/// The strings section.
struct Strings {
    bytes: Vec<u8>,
}

impl Strings {
    fn add(&mut self, text: &str) -> StrRef {
        let place = StrRef { at: (self.bytes.len() as u32).into(), len: (text.len() as u32).into() };
        self.bytes.extend_from_slice(text.as_bytes());
        place
    }
}

/// Tokens, in the order of what makes them until forms are in their order.
pub(crate) struct Tokens {
    /// Final numbers by the draft's.
    pub(crate) renumbered: Vec<u32>,
    pub(crate) facts: Vec<TokenFacts>,
}

impl Tokens {
    fn of(draft: &Draft) -> Tokens {
        let mut order: Vec<u32> = (0..draft.tokens.len() as u32).collect();
        let identity = |at: u32| identity_of(&draft.tokens[at as usize]);
        order.sort_unstable_by(|one, other| identity(*one).cmp(&identity(*other)));
        let mut renumbered = vec![0u32; order.len()];
        for (new, old) in (0u32..).zip(&order) {
            renumbered[*old as usize] = new;
        }
        let parts: Vec<&[u32]> = order.chunks(PART).collect();
        let facts = in_parallel(parts.len(), |at| {
            parts[at].iter().map(|old| TokenFacts::of(&draft.tokens[*old as usize])).collect::<Vec<_>>()
        });
        Tokens { renumbered, facts: facts.into_iter().flatten().collect() }
    }

    /// Numbers tokens anew: those of common families first, family by family.
    fn number_by_family(&mut self, families: &[u32]) {
        let mut order: Vec<(u32, u32)> =
            self.renumbered.iter().zip(families).map(|(new, family)| ((*family).min(N_COMMON), *new)).collect();
        order.sort_unstable();
        let mut facts: Vec<Option<TokenFacts>> = std::mem::take(&mut self.facts).into_iter().map(Some).collect();
        let mut numbers = vec![NONE; facts.len()];
        for (number, (_, old)) in (0u32..).zip(order) {
            numbers[old as usize] = number;
            self.facts.extend(facts[old as usize].take());
        }
        for new in &mut self.renumbered {
            *new = numbers[*new as usize];
        }
    }

    fn rows(&self, strings: &mut Strings) -> Vec<TokenRow> {
        self.facts.iter().map(|facts| token_row(facts, strings)).collect()
    }

    /// Keys with the tokens that have them, as `hash << 32 | token`, ascending without doubles.
    fn keys(&self) -> Vec<u64> {
        let parts: Vec<(usize, &[TokenFacts])> = self.facts.chunks(PART).enumerate().collect();
        let keys = in_parallel(parts.len(), |at| {
            let (part, facts) = parts[at];
            let (mut own, mut keys) = (Vec::new(), Vec::new());
            for (token, facts) in ((part * PART) as u64..).zip(facts) {
                own.clear();
                facts.stored_keys_into(&mut own);
                own.sort_unstable();
                own.dedup_by_key(|key| key.hash);
                keys.extend(own.iter().map(|key| u64::from(key.hash) << 32 | token));
            }
            keys
        });
        let mut keys = keys.concat();
        keys.sort_unstable();
        keys
    }
}

/// Rows of entities and of what belongs to them.
struct Rows {
    entities: Vec<EntityRow>,
    names: Vec<NameRow>,
    dates: Vec<crate::layout::DateRow>,
    countries: Vec<crate::layout::CountryRow>,
    identifiers: Vec<IdentifierRow>,
    identifier_keys: Vec<U32>,
    address_tokens: Vec<U32>,
}

impl Rows {
    fn of(
        draft: &Draft,
        order: &[u32],
        via: &[(u32, u32)],
        forms: &Forms,
        places: &[Place],
        set_numbers: &[u32],
        strings: &mut Strings,
    ) -> Rows {
        let mut rows = Rows {
            entities: Vec::with_capacity(order.len()),
            names: Vec::with_capacity(draft.names.len()),
            dates: Vec::with_capacity(draft.dates.len()),
            countries: Vec::with_capacity(draft.countries.len()),
            identifiers: Vec::new(),
            identifier_keys: Vec::new(),
            address_tokens: Vec::with_capacity(draft.address_tokens.len()),
        };
        let mut keys: Vec<Span> = Vec::new();
        for (ord, (at, place)) in (0u32..).zip(order.iter().zip(places)) {
            let entity = &draft.entities[*at as usize];
            let starts = [
                rows.names.len(),
                rows.dates.len(),
                rows.countries.len(),
                rows.identifiers.len(),
                rows.address_tokens.len(),
            ];
            let mut last: Option<(Span, StrRef)> = None;
            for name in &draft.names[entity.names.start as usize..entity.names.end as usize] {
                // Readings of one name follow each other.
                let text = match last {
                    Some((span, place)) if span == name.text => place,
                    _ => strings.add(draft.str(name.text)),
                };
                last = Some((name.text, text));
                let form = forms.of_name[rows.names.len()].into();
                let (property, grade, reading) = (name.property.into(), name.grade, name.reading);
                rows.names.push(NameRow { entity: ord.into(), text, form, property, grade, reading });
            }
            let is_party = entity.schema.matchable();
            if is_party {
                rows.dates.extend_from_slice(&draft.dates[entity.dates.start as usize..entity.dates.end as usize]);
                let countries = entity.countries.start as usize..entity.countries.end as usize;
                rows.countries.extend_from_slice(&draft.countries[countries]);
                let from = via.partition_point(|(holder, _)| *holder < ord);
                let documents = via[from..].iter().take_while(|(holder, _)| *holder == ord).map(|(_, via)| *via);
                for via in std::iter::once(NONE).chain(documents) {
                    let source = if via == NONE { entity } else { &draft.entities[order[via as usize] as usize] };
                    let own = source.identifiers.start as usize..source.identifiers.end as usize;
                    for fact in &draft.identifiers[own] {
                        keys.push(fact.key);
                        rows.identifiers.push(IdentifierRow {
                            entity: ord.into(),
                            via: via.into(),
                            key: strings.add(draft.str(fact.key)),
                            text: strings.add(draft.str(fact.text)),
                            property: fact.property.into(),
                            flags: (fact.check as u16).into(),
                        });
                    }
                }
                let words = entity.address_tokens.start as usize..entity.address_tokens.end as usize;
                rows.address_tokens.extend(draft.address_tokens[words].iter().copied().map(U32::new));
            }
            let names = &rows.names[starts[0]..];
            let as_name = names.iter().zip(&draft.names[entity.names.start as usize..]);
            let caption = as_name.into_iter().find(|(_, name)| name.text == entity.caption).map(|(row, _)| row.text);
            rows.entities.push(EntityRow {
                id: strings.add(draft.str(entity.id)),
                caption: caption.unwrap_or_else(|| strings.add(draft.str(entity.caption))),
                names: range(starts[0], rows.names.len()),
                dates: range(starts[1], rows.dates.len()),
                countries: range(starts[2], rows.countries.len()),
                identifiers: range(starts[3], rows.identifiers.len()),
                address_tokens: range(starts[4], rows.address_tokens.len()),
                datasets: set_numbers[entity.set as usize].into(),
                block: place.0.into(),
                at_in_block: place.1.into(),
                body_len: place.2.into(),
                schema: entity.schema.index(),
                genders: entity.genders,
                kind: Kind::of(entity.schema) as u8,
                is_party: u8::from(is_party),
            });
        }
        let mut by_key: Vec<u32> = (0..rows.identifiers.len() as u32).collect();
        let key = |at: u32| (draft.str(keys[at as usize]), at);
        by_key.sort_unstable_by(|one, other| key(*one).cmp(&key(*other)));
        rows.identifier_keys = by_key.into_iter().map(U32::new).collect();
        rows
    }
}

fn range(start: usize, end: usize) -> RowRange {
    RowRange { start: (start as u32).into(), len: ((end - start) as u32).into() }
}

/// Where each of `n` owners' rows begin, for rows whose owners come in ascending order.
pub(crate) fn starts(n: usize, owners: impl Iterator<Item = u32>) -> Vec<U32> {
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

/// Where the hashes of each value of their top bits begin, for ascending hashes; about four a bucket.
fn buckets(hashes: impl Iterator<Item = u32>, n: usize) -> Vec<U32> {
    let bits = (n / 4).max(1).ilog2().clamp(1, 24);
    starts(1 << bits, hashes.map(|hash| hash >> (32 - bits)))
}

fn token_row(facts: &TokenFacts, strings: &mut Strings) -> TokenRow {
    let (role, legal, number) = pack_role(facts.role);
    let mut equivalents = [u16::MAX; 4];
    for (slot, (group, closeness)) in equivalents.iter_mut().zip(facts.equivalents) {
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
        role: role | if facts.place { PLACE } else { 0 },
        legal,
        script: facts.script.number(),
        cultures: facts.cultures.0,
        flags: if facts.generic { FLAG_GENERIC } else { 0 }
            | if facts.translated { FLAG_TRANSLATED } else { 0 }
            | if facts.script.is_abjad() { FLAG_ABJAD } else { 0 }
            | if facts.native.is_empty() { 0 } else { FLAG_FOREIGN }
            | facts.skeleton_len << 4,
    }
}

fn glance_row(row: &TokenRow, text: &str) -> GlanceRow {
    let mut short = [0; SHORT_TEXT];
    short.iter_mut().zip(text.bytes()).for_each(|(slot, byte)| *slot = byte);
    GlanceRow {
        text: short,
        letters: row.letters,
        len: row.text.len.get().min(255) as u8,
        role: row.role | if is_patronymic(text) { PATRONYMIC } else { 0 },
        bits: (row.bits.get() * 4.0).floor().clamp(0.0, 255.0) as u8,
        flags: row.flags,
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
