//! From the terms of many entities to the bytes of the index.
//!
//! ```text
//! header    n entities u32 · n terms u32 · words of names u64 · of all u64 · bytes of blocks u64 · of terms u64 · of postings u64
//! rows      per entity: words of names u32 · of all u32 · values u32
//! blocks, terms   see `dictionary.rs`
//! postings  see `postings.rs`
//! ```
//! Idea: terms are numbered as they come, an entity's are kept as numbers in some bytes; once the final order of entities is known, two
//! walks over these bytes first measure and then write each term's entities.
//! Cost: memory, the distinct terms once and some four bytes a term of an entity.

use hashbrown::HashMap;

use crate::dictionary;
use crate::postings::{Numbers, len, put};
use crate::terms::{DocTerms, is_of_words};

/// Bytes of the header and of an entity's row.
pub(crate) const HEADER: usize = 48;
pub(crate) const ROW: usize = 12;

/// Collects the terms of entities.
#[derive(Debug, Default)]
pub struct Builder {
    numbers: HashMap<Box<str>, u32>,
    /// Terms of all entities, one entity after another.
    bytes: Vec<u8>,
    docs: Vec<Doc>,
}

#[derive(Clone, Copy, Debug)]
struct Doc {
    at: usize,
    n_terms: u32,
    n_values: u32,
    n_names: u32,
    n_words: u32,
}

impl Builder {
    /// A builder without entities.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Adds an entity; its number is how many were added before.
    pub fn add(&mut self, doc: &DocTerms) {
        let DocTerms { n_values, n_names, n_words, .. } = *doc;
        self.docs.push(Doc { at: self.bytes.len(), n_terms: doc.terms.len() as u32, n_values, n_names, n_words });
        for term in &doc.terms {
            let text = doc.text(term);
            let next = self.numbers.len() as u32;
            let number = match self.numbers.get(text) {
                Some(number) => *number,
                None => *self.numbers.entry(text.into()).or_insert(next),
            };
            put(&mut self.bytes, number);
            put(&mut self.bytes, term.n_places);
            let mut before = 0;
            for place in doc.places.iter().skip(term.first_place as usize).take(term.n_places as usize) {
                put(&mut self.bytes, place - before);
                before = *place;
            }
        }
    }

    /// The bytes of the index of these entities: `order` names them by number, in the order in which they are to be told.
    pub fn finish(self, order: &[u32]) -> Vec<u8> {
        let Builder { numbers, bytes, docs } = self;
        let n_terms = numbers.len();
        let mut terms: Vec<(Box<str>, u32)> = numbers.into_iter().collect();
        terms.sort_unstable();
        let mut of_words = vec![false; n_terms];
        for (text, number) in &terms {
            let field = text.split('\0').next().unwrap_or_default();
            if let Some(flag) = of_words.get_mut(*number as usize) {
                *flag = is_of_words(field);
            }
        }
        let lists = Lists { bytes: &bytes, docs: &docs, order, of_words: &of_words };
        let (counts, sizes) = lists.measure(n_terms);
        // Where each term's entities begin, in the order of terms.
        let mut starts = vec![0u64; n_terms];
        let mut total = 0u64;
        for (_, number) in &terms {
            let number = *number as usize;
            starts[number] = total;
            total += (len(counts[number]) + sizes[number]) as u64;
        }
        let postings = lists.write(&counts, &starts, total as usize);
        let mut dictionary = dictionary::Writer::default();
        for (text, number) in &terms {
            let number = *number as usize;
            dictionary.add(text, (len(counts[number]) + sizes[number]) as u32);
        }
        let (blocks, dictionary) = dictionary.finish();
        let sum = |of: fn(&Doc) -> u32| docs.iter().map(|doc| u64::from(of(doc))).sum::<u64>();
        let n_bytes = HEADER + ROW * order.len() + blocks.len() + dictionary.len() + postings.len();
        let mut out = Vec::with_capacity(n_bytes);
        out.extend_from_slice(&(order.len() as u32).to_le_bytes());
        out.extend_from_slice(&(n_terms as u32).to_le_bytes());
        let lens = [blocks.len() as u64, dictionary.len() as u64, postings.len() as u64];
        for number in [sum(|doc| doc.n_names), sum(|doc| doc.n_words)].into_iter().chain(lens) {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for doc in order.iter().filter_map(|at| docs.get(*at as usize)) {
            for number in [doc.n_names, doc.n_words, doc.n_values] {
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
        out.extend_from_slice(&blocks);
        out.extend_from_slice(&dictionary);
        out.extend_from_slice(&postings);
        out
    }
}

/// What is walked twice.
struct Lists<'a> {
    bytes: &'a [u8],
    docs: &'a [Doc],
    order: &'a [u32],
    of_words: &'a [bool],
}

impl Lists<'_> {
    /// How many entities each term has, and how many bytes they take.
    fn measure(&self, n_terms: usize) -> (Vec<u32>, Vec<usize>) {
        let (mut counts, mut sizes) = (vec![0u32; n_terms], vec![0usize; n_terms]);
        let mut last = vec![0u32; n_terms];
        self.walk(|entity, term, places| {
            let step = if counts[term] == 0 { entity } else { entity - last[term] };
            last[term] = entity;
            counts[term] += 1;
            sizes[term] += len(step);
            if self.of_words[term] {
                sizes[term] += len(places.len() as u32) + places.iter().map(|step| len(*step)).sum::<usize>();
            }
        });
        (counts, sizes)
    }

    /// The entities of all terms, each term's where it is to begin.
    fn write(&self, counts: &[u32], starts: &[u64], total: usize) -> Vec<u8> {
        let mut out = vec![0u8; total];
        let mut ends: Vec<usize> = starts.iter().map(|start| *start as usize).collect();
        let mut last = vec![u32::MAX; starts.len()];
        let mut number = Vec::new();
        for (end, count) in ends.iter_mut().zip(counts) {
            number.clear();
            put(&mut number, *count);
            out[*end..*end + number.len()].copy_from_slice(&number);
            *end += number.len();
        }
        self.walk(|entity, term, places| {
            number.clear();
            put(&mut number, if last[term] == u32::MAX { entity } else { entity - last[term] });
            last[term] = entity;
            if self.of_words[term] {
                put(&mut number, places.len() as u32);
                for step in places {
                    put(&mut number, *step);
                }
            }
            let end = &mut ends[term];
            out[*end..*end + number.len()].copy_from_slice(&number);
            *end += number.len();
        });
        out
    }

    /// Tells each term of each entity, entities in their order, with its places as steps.
    fn walk(&self, mut each: impl FnMut(u32, usize, &[u32])) {
        let mut places = Vec::new();
        for (entity, at) in (0u32..).zip(self.order) {
            let doc = self.docs[*at as usize];
            let mut numbers = Numbers::new(&self.bytes[doc.at..]);
            let mut next = || numbers.next().expect("the bytes are those that `add` wrote");
            for _ in 0..doc.n_terms {
                let term = next() as usize;
                places.clear();
                for _ in 0..next() {
                    places.push(next());
                }
                each(entity, term, &places);
            }
        }
    }
}
