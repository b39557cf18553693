//! The terms in order, each with the length of its entities in the postings.
//!
//! ```text
//! blocks   per BLOCK terms: where the block begins in `terms` u32 · where its first term's entities begin in the postings u64
//! terms    first of a block: length, bytes, length of its entities; the others: bytes shared with the one before, length of the rest,
//!          the rest, length of its entities (numbers as in `postings.rs`)
//! ```
//! Why not a transducer (`fst`): its reader trusts its bytes and panics on altered ones; fuzzy words, which it would find faster, are
//! rare in a search box.
//! Cost: a term is found by O(log terms) looks at heads of blocks and one block read.

use crate::index::SearchError;
use crate::postings::{Numbers, put};

/// Terms of a block.
const BLOCK: usize = 16;

/// Bytes of a block's row.
const ROW: usize = 12;

/// Longest term that is read; what the index is made of is far shorter. A bound against altered bytes.
const MAX_TERM: usize = 1024;

/// Writes terms, ascending.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    blocks: Vec<u8>,
    terms: Vec<u8>,
    last: String,
    n: usize,
    postings_at: u64,
}

impl Writer {
    /// Adds a term, greater than the one before, with the length of its entities.
    pub(crate) fn add(&mut self, term: &str, postings_len: u32) {
        if self.n.is_multiple_of(BLOCK) {
            self.blocks.extend_from_slice(&(self.terms.len() as u32).to_le_bytes());
            self.blocks.extend_from_slice(&self.postings_at.to_le_bytes());
            put(&mut self.terms, term.len() as u32);
            self.terms.extend_from_slice(term.as_bytes());
        } else {
            let shared = term.bytes().zip(self.last.bytes()).take_while(|(one, other)| one == other).count();
            put(&mut self.terms, shared as u32);
            put(&mut self.terms, (term.len() - shared) as u32);
            self.terms.extend_from_slice(&term.as_bytes()[shared..]);
        }
        put(&mut self.terms, postings_len);
        self.last.clear();
        self.last.push_str(term);
        self.n += 1;
        self.postings_at += u64::from(postings_len);
    }

    /// Rows of blocks, and terms.
    pub(crate) fn finish(self) -> (Vec<u8>, Vec<u8>) {
        (self.blocks, self.terms)
    }
}

/// Reads terms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dictionary<'a> {
    blocks: &'a [u8],
    terms: &'a [u8],
    n: usize,
}

/// Where a term's entities lie in the postings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) at: u64,
    pub(crate) len: u32,
}

impl<'a> Dictionary<'a> {
    /// Reads what a writer wrote of so many terms.
    pub(crate) fn open(blocks: &'a [u8], terms: &'a [u8], n: usize) -> Result<Dictionary<'a>, SearchError> {
        if blocks.len() != n.div_ceil(BLOCK) * ROW {
            return Err(SearchError::Corrupt);
        }
        Ok(Dictionary { blocks, terms, n })
    }

    /// The entities of that very term.
    pub(crate) fn get(&self, term: &str) -> Result<Option<Place>, SearchError> {
        let mut from = self.from(term)?;
        Ok(from.next_term()?.filter(|(found, _)| *found == term).map(|(_, place)| place))
    }

    /// Terms from the first that is not less than a text.
    pub(crate) fn from(&self, text: &str) -> Result<Terms<'a>, SearchError> {
        // The last block whose head is not greater, or the first one.
        let (mut low, mut high) = (0, self.n.div_ceil(BLOCK));
        while low + 1 < high {
            let middle = usize::midpoint(low, high);
            let mut cursor = self.block(middle)?;
            match cursor.next_term()? {
                Some((head, _)) if head <= text => low = middle,
                _ => high = middle,
            }
        }
        let mut cursor = self.block(low)?;
        loop {
            let before = cursor.clone();
            match cursor.next_term()? {
                Some((term, _)) if term < text => {}
                _ => return Ok(before),
            }
        }
    }

    fn block(&self, block: usize) -> Result<Terms<'a>, SearchError> {
        let mut cursor = Terms {
            dictionary: *self,
            at: block * BLOCK,
            term: String::new(),
            place: Place { at: 0, len: 0 },
            rest: &[],
        };
        cursor.begin_block()?;
        Ok(cursor)
    }

    fn row(&self, block: usize) -> Result<(usize, u64), SearchError> {
        let row = self.blocks.get(block * ROW..(block + 1) * ROW).ok_or(SearchError::Corrupt)?;
        let (at, postings) = row.split_at(4);
        let at = u32::from_le_bytes(at.try_into().map_err(|_| SearchError::Corrupt)?);
        Ok((at as usize, u64::from_le_bytes(postings.try_into().map_err(|_| SearchError::Corrupt)?)))
    }
}

/// Terms one after another.
#[derive(Clone, Debug)]
pub(crate) struct Terms<'a> {
    dictionary: Dictionary<'a>,
    /// Number of the next term.
    at: usize,
    /// The last term, and where its entities lie.
    term: String,
    place: Place,
    rest: &'a [u8],
}

impl Terms<'_> {
    fn begin_block(&mut self) -> Result<(), SearchError> {
        if self.at >= self.dictionary.n {
            return Ok(());
        }
        let (at, postings) = self.dictionary.row(self.at / BLOCK)?;
        self.rest = self.dictionary.terms.get(at..).ok_or(SearchError::Corrupt)?;
        self.place = Place { at: postings, len: 0 };
        self.term.clear();
        Ok(())
    }

    /// The next term with the place of its entities.
    pub(crate) fn next_term(&mut self) -> Result<Option<(&str, Place)>, SearchError> {
        if self.at >= self.dictionary.n {
            return Ok(None);
        }
        let is_first = self.at.is_multiple_of(BLOCK);
        if is_first {
            self.begin_block()?;
        }
        let mut numbers = Numbers::new(self.rest);
        let shared = if is_first { 0 } else { numbers.next()? as usize };
        let len = numbers.next()? as usize;
        if shared > self.term.len() || shared + len > MAX_TERM {
            return Err(SearchError::Corrupt);
        }
        let (bytes, rest) = numbers.rest().split_at_checked(len).ok_or(SearchError::Corrupt)?;
        if self.term.is_char_boundary(shared) {
            self.term.truncate(shared);
            self.term.push_str(std::str::from_utf8(bytes).map_err(|_| SearchError::Corrupt)?);
        } else {
            // Two terms may share the first byte of a character: what is left is put together from bytes.
            let mut whole = self.term.as_bytes().get(..shared).ok_or(SearchError::Corrupt)?.to_vec();
            whole.extend_from_slice(bytes);
            self.term = String::from_utf8(whole).map_err(|_| SearchError::Corrupt)?;
        }
        let mut numbers = Numbers::new(rest);
        let postings_len = numbers.next()?;
        self.rest = numbers.rest();
        let before = self.place;
        let at = before.at.checked_add(u64::from(before.len)).ok_or(SearchError::Corrupt)?;
        self.place = Place { at, len: postings_len };
        self.at += 1;
        Ok(Some((&self.term, self.place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(terms: &[String]) -> (Vec<u8>, Vec<u8>) {
        let mut writer = Writer::default();
        terms.iter().zip(1..).for_each(|(term, len)| writer.add(term, len));
        writer.finish()
    }

    #[test]
    fn terms_are_found_with_their_places() {
        let mut terms: Vec<String> = (0..100).map(|at| format!("field{}\0ключ{at}", at % 3)).collect();
        terms.sort();
        let (blocks, bytes) = written(&terms);
        let dictionary = Dictionary::open(&blocks, &bytes, terms.len()).unwrap();
        let mut at = 0;
        for (term, len) in terms.iter().zip(1u32..) {
            assert_eq!(dictionary.get(term).unwrap(), Some(Place { at, len }), "{term}");
            at += u64::from(len);
        }
        for missing in ["", "field1", "field1\0ключ", "field9"] {
            assert_eq!(dictionary.get(missing).unwrap(), None);
        }
        let mut from = dictionary.from("field1").unwrap();
        assert_eq!(from.next_term().unwrap().unwrap().0, terms.iter().find(|term| term.starts_with("field1")).unwrap());
        assert!(Dictionary::open(&[], &[], 0).unwrap().get("a").unwrap().is_none());
    }

    #[test]
    fn altered_bytes_are_an_error_or_another_term() {
        let terms: Vec<String> = (10..60).map(|at| format!("names\0word{at}")).collect();
        let (blocks, bytes) = written(&terms);
        for at in 0..bytes.len() {
            for flip in [1, 0x80, 0xff] {
                let mut altered = bytes.clone();
                altered[at] ^= flip;
                let dictionary = Dictionary::open(&blocks, &altered, terms.len()).unwrap();
                let mut cursor = dictionary.block(0).unwrap();
                // It ends, whatever it says.
                while let Ok(Some(_)) = cursor.next_term() {}
            }
        }
    }
}
