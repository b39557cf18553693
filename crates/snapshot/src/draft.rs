//! The growing tables of a snapshot, in the order entities come.
//!
//! Idea: every text lies once in an arena, every row of tokens (form) and every token is interned by a hash table of numbers into its
//! arena, so that a million entities take little more memory than the file that they become.
//! Invariant: numbers here are provisional; `finish` gives the final ones, which do not hang on the order of coming.
//! Cost: a hash look-up a token and one a form.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash};
use std::ops::Range;

use hashbrown::{DefaultHashBuilder, HashTable};
use interdict_model::{ListId, Schema};
use interdict_text::Token;

use crate::digest::Digest;
use crate::facts::CheckResult;
use crate::layout::{CountryRow, DateRow};
use crate::token::identity_of;

/// A piece of the arena of texts.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct Span {
    at: u64,
    len: u32,
}

/// One reading of one name.
#[derive(Clone, Copy)]
pub(crate) struct DraftName {
    pub(crate) text: Span,
    pub(crate) form: u32,
    pub(crate) property: u16,
    pub(crate) grade: u8,
    pub(crate) reading: u8,
}

/// One identifier.
#[derive(Clone, Copy)]
pub(crate) struct DraftIdentifier {
    pub(crate) key: Span,
    pub(crate) text: Span,
    pub(crate) property: u16,
    pub(crate) check: CheckResult,
}

/// One entity: where its pieces lie.
pub(crate) struct DraftEntity {
    pub(crate) id: Span,
    pub(crate) caption: Span,
    pub(crate) schema: Schema,
    pub(crate) genders: u8,
    /// Number of its set of lists.
    pub(crate) set: u32,
    pub(crate) names: Range<u32>,
    pub(crate) dates: Range<u32>,
    pub(crate) countries: Range<u32>,
    pub(crate) identifiers: Range<u32>,
    pub(crate) address_tokens: Range<u32>,
    pub(crate) body: Range<u64>,
}

/// All tables.
#[derive(Default)]
pub(crate) struct Draft {
    /// Terms of all entities, in the order of `entities`.
    pub(crate) search: interdict_search::Builder,
    texts: Vec<u8>,
    pub(crate) entities: Vec<DraftEntity>,
    pub(crate) names: Vec<DraftName>,
    pub(crate) n_name_texts: u64,
    pub(crate) dates: Vec<DateRow>,
    pub(crate) countries: Vec<CountryRow>,
    pub(crate) identifiers: Vec<DraftIdentifier>,
    pub(crate) address_tokens: Vec<u32>,
    /// Who points to whom: the entity and the id of its target.
    pub(crate) targets: Vec<(u32, Span)>,
    /// Documents and wallets with the ids of their holders.
    pub(crate) holders: Vec<(u32, Span)>,
    pub(crate) sets: Vec<Vec<ListId>>,
    set_numbers: BTreeMap<Vec<ListId>, u32>,
    pub(crate) tokens: Vec<Token>,
    token_numbers: HashTable<u32>,
    form_tokens: Vec<u32>,
    form_starts: Vec<u32>,
    form_numbers: HashTable<u32>,
    bodies: Vec<u8>,
    hasher: DefaultHashBuilder,
}

fn end<T>(rows: &[T]) -> u32 {
    rows.len() as u32
}

impl Draft {
    /// Takes a digest in.
    pub(crate) fn absorb(&mut self, digest: Digest) {
        let ord = end(&self.entities);
        let id = self.text(&digest.id);
        let texts: Vec<Span> = digest.texts.iter().map(|text| self.text(text)).collect();
        let caption = digest.texts.iter().position(|text| *text == digest.caption);
        let caption = caption.map_or_else(|| self.text(&digest.caption), |at| texts[at]);
        self.n_name_texts += texts.len() as u64;
        let names = end(&self.names);
        for name in digest.names {
            let form = self.form(name.tokens);
            // A row of tokens that a better name of this entity has already would only be compared twice.
            if self.names[names as usize..].iter().all(|known| known.form != form) {
                let (property, grade, reading) = (name.property.index(), name.grade as u8, name.reading);
                self.names.push(DraftName { text: texts[name.text as usize], form, property, grade, reading });
            }
        }
        let (dates, countries) = (end(&self.dates), end(&self.countries));
        self.dates.extend(digest.dates);
        self.countries.extend(digest.countries);
        let identifiers = end(&self.identifiers);
        for fact in &digest.identifiers {
            let (key, text) = (self.text(&fact.key), self.text(&fact.text));
            let property = fact.property.index();
            self.identifiers.push(DraftIdentifier { key, text, property, check: fact.check });
        }
        let address_tokens = end(&self.address_tokens);
        self.address_tokens.extend(digest.address_tokens);
        for target in &digest.targets {
            let target = self.text(target);
            self.targets.push((ord, target));
        }
        for holder in &digest.holders {
            let holder = self.text(holder);
            self.holders.push((ord, holder));
        }
        self.search.add(&digest.terms);
        let body = self.bodies.len() as u64;
        self.bodies.extend_from_slice(digest.body.as_bytes());
        let set = self.set(digest.datasets.into_iter().collect());
        self.entities.push(DraftEntity {
            id,
            caption,
            schema: digest.schema,
            genders: digest.genders,
            set,
            names: names..end(&self.names),
            dates: dates..end(&self.dates),
            countries: countries..end(&self.countries),
            identifiers: identifiers..end(&self.identifiers),
            address_tokens: address_tokens..end(&self.address_tokens),
            body: body..self.bodies.len() as u64,
        });
    }

    /// The text of a span.
    pub(crate) fn str(&self, span: Span) -> &str {
        let bytes = &self.texts[span.at as usize..span.at as usize + span.len as usize];
        std::str::from_utf8(bytes).expect("spans are made of whole texts")
    }

    /// The body of an entity.
    pub(crate) fn body(&self, entity: &DraftEntity) -> &[u8] {
        &self.bodies[entity.body.start as usize..entity.body.end as usize]
    }

    /// Gives the bodies' memory back once they are packed.
    pub(crate) fn drop_bodies(&mut self) {
        self.bodies = Vec::new();
    }

    /// Number of forms.
    pub(crate) fn n_forms(&self) -> usize {
        self.form_starts.len()
    }

    /// Bytes of all texts: a bound on those of the file.
    pub(crate) fn n_text_bytes(&self) -> usize {
        self.texts.len()
    }

    /// Token numbers of a form.
    pub(crate) fn form_of(&self, form: u32) -> &[u32] {
        form_slice(&self.form_starts, &self.form_tokens, form)
    }

    fn text(&mut self, text: &str) -> Span {
        let at = self.texts.len() as u64;
        self.texts.extend_from_slice(text.as_bytes());
        Span { at, len: text.len() as u32 }
    }

    fn set(&mut self, lists: Vec<ListId>) -> u32 {
        if let Some(number) = self.set_numbers.get(&lists) {
            return *number;
        }
        let number = end(&self.sets);
        self.sets.push(lists.clone());
        self.set_numbers.insert(lists, number);
        number
    }

    fn form(&mut self, tokens: Vec<Token>) -> u32 {
        let start = self.form_tokens.len();
        for token in tokens {
            let number = self.token(token);
            self.form_tokens.push(number);
        }
        let (starts, arena, hasher) = (&self.form_starts, &self.form_tokens, &self.hasher);
        let (known_tokens, own) = arena.split_at(start);
        let hash = |tokens: &[u32]| hasher.hash_one(tokens);
        let same = |form: &u32| form_slice(starts, known_tokens, *form) == own;
        if let Some(known) = self.form_numbers.find(hash(own), same) {
            let known = *known;
            self.form_tokens.truncate(start);
            return known;
        }
        let number = end(starts);
        self.form_numbers.insert_unique(hash(own), number, |form| hash(form_slice(starts, known_tokens, *form)));
        self.form_starts.push(start as u32);
        number
    }

    fn token(&mut self, token: Token) -> u32 {
        let (tokens, hasher) = (&self.tokens, &self.hasher);
        let hash = |token: &Token| {
            let identity = identity_of(token);
            let mut state = hasher.build_hasher();
            identity.hash(&mut state);
            std::hash::Hasher::finish(&state)
        };
        let same = |known: &u32| identity_of(&tokens[*known as usize]) == identity_of(&token);
        if let Some(known) = self.token_numbers.find(hash(&token), same) {
            return *known;
        }
        let number = end(tokens);
        self.token_numbers.insert_unique(hash(&token), number, |known| hash(&tokens[*known as usize]));
        self.tokens.push(token);
        number
    }
}

/// Tokens of a form: up to the next one's start, or to the end of `tokens`.
fn form_slice<'a>(starts: &[u32], tokens: &'a [u32], form: u32) -> &'a [u32] {
    let start = starts[form as usize] as usize;
    let end = starts.get(form as usize + 1).map_or(tokens.len(), |end| *end as usize);
    &tokens[start..end]
}
