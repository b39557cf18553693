//! The index, read from its bytes as they lie.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::build::{HEADER, ROW};
use crate::dictionary::{Dictionary, Place};
use crate::postings::walk;
use crate::set::EntitySet;
use crate::terms::{is_of_words, keeps_case};
use crate::words::whole;

/// A search cannot be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The bytes are not those of an index.
    #[error("the search index is damaged")]
    Corrupt,
    /// Nobody waits for the answer any more.
    #[error("the search was given up")]
    Stopped,
}

/// An index over bytes; cheap to make and to copy.
#[derive(Clone, Copy, Debug)]
pub struct Index<'a> {
    pub(crate) n_entities: u32,
    /// Mean number of words of names, and of all words.
    pub(crate) mean_names: f32,
    pub(crate) mean_words: f32,
    rows: &'a [u8],
    pub(crate) dictionary: Dictionary<'a>,
    postings: &'a [u8],
    /// Set when nobody waits for the answer any more.
    stopped: Option<&'a AtomicBool>,
}

/// How long an entity is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Words of its names.
    pub(crate) names: u32,
    /// Words of all its values.
    pub(crate) words: u32,
    /// Values.
    pub(crate) values: u32,
}

impl<'a> Index<'a> {
    /// Reads the bytes that a [`crate::Builder`] made. O(1).
    ///
    /// # Errors
    /// They are not such bytes.
    pub fn open(bytes: &'a [u8]) -> Result<Index<'a>, SearchError> {
        let (header, mut rest) = bytes.split_at_checked(HEADER).ok_or(SearchError::Corrupt)?;
        let n_entities = u32_at(header, 0)?;
        let n_terms = u32_at(header, 4)? as usize;
        let mut take = |len: u64| {
            let len = usize::try_from(len).map_err(|_| SearchError::Corrupt)?;
            let (part, after) = rest.split_at_checked(len).ok_or(SearchError::Corrupt)?;
            rest = after;
            Ok::<_, SearchError>(part)
        };
        let rows = take(u64::from(n_entities) * ROW as u64)?;
        let blocks = take(u64_at(header, 24)?)?;
        let terms = take(u64_at(header, 32)?)?;
        let postings = take(u64_at(header, 40)?)?;
        if !rest.is_empty() {
            return Err(SearchError::Corrupt);
        }
        let mean = |sum: u64| if n_entities == 0 { 1.0 } else { (sum as f32 / n_entities as f32).max(1.0) };
        Ok(Index {
            n_entities,
            mean_names: mean(u64_at(header, 8)?),
            mean_words: mean(u64_at(header, 16)?),
            rows,
            dictionary: Dictionary::open(blocks, terms, n_terms)?,
            postings,
            stopped: None,
        })
    }

    /// The same, giving up with [`SearchError::Stopped`] soon after this is set: at the next term or list of entities.
    #[must_use]
    pub fn until(self, stopped: &'a AtomicBool) -> Index<'a> {
        Index { stopped: Some(stopped), ..self }
    }

    fn go_on(&self) -> Result<(), SearchError> {
        match self.stopped {
            Some(stopped) if stopped.load(Ordering::Relaxed) => Err(SearchError::Stopped),
            _ => Ok(()),
        }
    }

    /// Number of entities.
    pub fn n_entities(&self) -> u32 {
        self.n_entities
    }

    pub(crate) fn size(&self, entity: u32) -> Result<Size, SearchError> {
        let at = entity as usize * ROW;
        let row = self.rows.get(at..at + ROW).ok_or(SearchError::Corrupt)?;
        Ok(Size { names: u32_at(row, 0)?, words: u32_at(row, 4)?, values: u32_at(row, 8)? })
    }

    /// Walks the entities of a term of a field, ascending.
    pub(crate) fn walk(&self, place: Place, field: &str, each: impl FnMut(u32, &[u32])) -> Result<(), SearchError> {
        self.go_on()?;
        let at = usize::try_from(place.at).map_err(|_| SearchError::Corrupt)?;
        let end = at.checked_add(place.len as usize).ok_or(SearchError::Corrupt)?;
        let bytes = self.postings.get(at..end).ok_or(SearchError::Corrupt)?;
        walk(bytes, self.n_entities, is_of_words(field), each)
    }

    /// Where the entities of a whole value of a field lie.
    pub(crate) fn value(&self, field: &str, value: &str) -> Result<Option<Place>, SearchError> {
        self.dictionary.get(&format!("{field}\0{}", comparable(field, value)))
    }

    /// The entities that have any of some values of a field: `topics`, `datasets`, `properties.birthDate`.
    pub fn entities_with<T: AsRef<str>>(&self, field: &str, values: &[T]) -> Result<EntitySet, SearchError> {
        let mut set = EntitySet::none(self.n_entities);
        // A value that is named a thousand times costs its entities once.
        let mut walked = BTreeSet::new();
        for value in values {
            if let Some(place) = self.value(field, value.as_ref())?
                && walked.insert(place.at)
            {
                self.walk(place, field, |entity, _| set.insert(entity))?;
            }
        }
        Ok(set)
    }

    /// The entities that have a value of a field that is greater, letter by letter.
    pub fn entities_after(&self, field: &str, value: &str) -> Result<EntitySet, SearchError> {
        let mut set = EntitySet::none(self.n_entities);
        let after = comparable(field, value);
        self.each_term(field, &after, |term, place| {
            if term > after.as_str() {
                self.walk(place, field, |entity, _| set.insert(entity))?;
            }
            Ok(true)
        })?;
        Ok(set)
    }

    /// The entities that have a value of a field that begins with a text.
    pub fn entities_below(&self, field: &str, prefix: &str) -> Result<EntitySet, SearchError> {
        let mut set = EntitySet::none(self.n_entities);
        self.each_term(field, prefix, |term, place| {
            let is_below = term.starts_with(prefix);
            if is_below {
                self.walk(place, field, |entity, _| set.insert(entity))?;
            }
            Ok(is_below)
        })?;
        Ok(set)
    }

    /// The first entity that has a value of a field.
    pub fn first_with(&self, field: &str, value: &str) -> Result<Option<u32>, SearchError> {
        let mut first = None;
        if let Some(place) = self.value(field, value)? {
            self.walk(place, field, |entity, _| first = first.or(Some(entity)))?;
        }
        Ok(first)
    }

    /// Tells the terms of a field from a text on, ascending, until told to stop.
    pub(crate) fn each_term(
        &self,
        field: &str,
        from: &str,
        mut each: impl FnMut(&str, Place) -> Result<bool, SearchError>,
    ) -> Result<(), SearchError> {
        let prefix = format!("{field}\0");
        let mut terms = self.dictionary.from(&format!("{prefix}{from}"))?;
        while let Some((term, place)) = terms.next_term()? {
            self.go_on()?;
            let Some(term) = term.strip_prefix(&prefix) else { break };
            if !each(term, place)? {
                break;
            }
        }
        Ok(())
    }
}

/// A value as the index has it.
pub(crate) fn comparable(field: &str, value: &str) -> String {
    if keeps_case(field) { value.to_owned() } else { whole(value) }
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, SearchError> {
    let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    bytes.map(u32::from_le_bytes).ok_or(SearchError::Corrupt)
}

fn u64_at(bytes: &[u8], at: usize) -> Result<u64, SearchError> {
    let bytes = bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
    bytes.map(u64::from_le_bytes).ok_or(SearchError::Corrupt)
}
