//! The entities of a term as bytes.
//!
//! ```text
//! n entities · per entity: how far from the one before · of words: n places, per place how far from the one before
//! ```
//! All are numbers of seven bits a byte, lowest first, the top bit saying that more follows (LEB128).

use crate::index::SearchError;

/// Appends a number.
pub(crate) fn put(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// How many bytes a number takes.
pub(crate) fn len(number: u32) -> usize {
    (32 - (number | 1).leading_zeros() as usize).div_ceil(7)
}

/// Reads numbers one after another.
#[derive(Clone, Debug)]
pub(crate) struct Numbers<'a> {
    bytes: &'a [u8],
}

impl<'a> Numbers<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Numbers<'a> {
        Numbers { bytes }
    }

    /// What was not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) fn next(&mut self) -> Result<u32, SearchError> {
        let mut number = 0u32;
        for (at, byte) in self.bytes.iter().enumerate().take(5) {
            let part = u32::from(byte & 0x7f);
            number |= part.checked_shl(7 * at as u32).ok_or(SearchError::Corrupt)?;
            if byte & 0x80 == 0 {
                self.bytes = &self.bytes[at + 1..];
                return Ok(number);
            }
        }
        Err(SearchError::Corrupt)
    }
}

/// Walks the entities of a term, ascending. `each` is told the entity and the places of the word, read into one buffer.
pub(crate) fn walk(
    bytes: &[u8],
    n_entities: u32,
    of_words: bool,
    mut each: impl FnMut(u32, &[u32]),
) -> Result<(), SearchError> {
    let mut numbers = Numbers::new(bytes);
    let n = numbers.next()?;
    let mut entity = 0u32;
    let mut places = Vec::new();
    for at in 0..n {
        let step = numbers.next()?;
        entity = if at == 0 { step } else { entity.checked_add(step).ok_or(SearchError::Corrupt)? };
        if entity >= n_entities || (at > 0 && step == 0) {
            return Err(SearchError::Corrupt);
        }
        places.clear();
        if of_words {
            let mut place = 0u32;
            for _ in 0..numbers.next()? {
                place = place.checked_add(numbers.next()?).ok_or(SearchError::Corrupt)?;
                places.push(place);
            }
        }
        each(entity, &places);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u32::MAX] {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            assert_eq!(bytes.len(), len(number), "{number}");
            assert_eq!(Numbers::new(&bytes).next().unwrap(), number);
        }
        assert!(Numbers::new(&[0x80, 0x80]).next().is_err());
        assert!(Numbers::new(&[0xff; 8]).next().is_err());
    }
}
