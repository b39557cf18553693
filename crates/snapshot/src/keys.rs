//! Keys that similar tokens share: what the candidate index is looked up by.
//!
//! Idea: two tokens that the matcher finds similar share at least one key. Tokens within the edit budget share a deletion
//! neighbour of their first seven letters; tokens of like sound share a skeleton or a phonetic key; equivalent forms share
//! their group; an initial shares its letter with every token that begins with it.
//! Invariant: `similar(a, b) > 0` implies that the keys of `a` as a query meet the stored keys of `b`; a property test in the
//! matcher holds it.
//! Cost: a token of seven letters or more has 29 deletion keys and up to ten others.
//! Source: deletion neighbourhoods after Mor and Fraenkel, "A hash code method for detecting and correcting spelling errors"
//! (1982); figures in `docs/adr/0001-deletion-keys.md`.

use interdict_text::words::Closeness;

/// Letters of a token that deletion keys are made of.
pub const PREFIX: usize = 7;

/// Edits that two tokens may differ by, judged by the length of the shorter one: none up to two letters, one up to five, else
/// two.
pub fn edit_budget(shorter_len: usize) -> usize {
    match shorter_len {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// Stable 32-bit hash (FNV-1a with a final mix) of a kind of key and its bytes.
pub(crate) fn hash(kind: u8, bytes: impl Iterator<Item = u8>) -> u32 {
    let mut state = (0x811c_9dc5 ^ u32::from(kind)).wrapping_mul(0x0100_0193);
    for byte in bytes {
        state = (state ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    state ^= state >> 15;
    state = state.wrapping_mul(0x2c1b_3c6d);
    state ^ (state >> 13)
}

/// Stable hash of the consonant skeleton of a token, 0 for one of fewer than two letters, which says too little.
pub fn skeleton_hash(skeleton: &str) -> u32 {
    if skeleton.len() < 2 { 0 } else { hash(b's', skeleton.bytes()).max(1) }
}

/// Stable hash of the consonants that a script without vowels writes, 0 for fewer than two.
pub fn consonants_hash(consonants: &str) -> u32 {
    if consonants.len() < 2 { 0 } else { hash(b'u', consonants.bytes()).max(1) }
}

/// Key of a word with these consonants that is `written` with its vowels or without; none for 0. A word asks for those written the
/// other way only.
pub fn consonants_key(consonants: u32, written: Vowels) -> Option<u32> {
    let kind = if written == Vowels::LeftOut { b'v' } else { b'u' };
    (consonants != 0).then(|| hash(kind, consonants.to_le_bytes().into_iter()))
}

/// Whether a script writes short vowels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vowels {
    /// Arabic, Hebrew.
    LeftOut,
    /// All others.
    Written,
}

/// Stable hash of a word of an address.
pub fn address_hash(word: &str) -> u32 {
    hash(b'a', word.bytes())
}

/// What two tokens have in common that share a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// Their first letters but for those deleted: what is alike only by these has nearly the same letters.
    Letters,
    /// Their consonants: what is alike only by these has the same skeleton.
    Consonants,
    /// A phonetic key.
    Sound,
    /// What makes alike by itself, or is rare.
    Other,
}

/// A key that a token is stored under or asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// What it is looked up by; kinds do not share hashes but by chance.
    pub hash: u32,
    /// What it was made of.
    pub kind: KeyKind,
}

impl Key {
    pub(crate) fn letters(hash: u32) -> Key {
        Key { hash, kind: KeyKind::Letters }
    }

    pub(crate) fn other(hash: u32) -> Key {
        Key { hash, kind: KeyKind::Other }
    }
}

/// What the keys of a token are made of.
#[derive(Clone, Copy, Debug)]
pub struct KeySource<'a> {
    /// Latin text.
    pub text: &'a str,
    /// The word in its own script, empty for Latin.
    pub native: &'a str,
    /// Hash of the skeleton, 0 for none.
    pub skeleton: u32,
    /// Phonetic keys, 0 for none.
    pub phonetic: [u32; 4],
    /// Groups of equivalent forms.
    pub equivalents: &'a [(u16, Closeness)],
    /// Whether it is an initial.
    pub initial: bool,
    /// The number that it writes.
    pub number: Option<u32>,
}

/// The key of a word that is met only by the very same word: a title, a particle, a legal form.
pub fn exact_key(text: &str) -> u32 {
    hash(b'd', text.bytes().take(PREFIX))
}

/// Appends the keys of a token but those of its letters, perhaps with doubles. Initials have one key, numbers two.
pub fn keys_into(source: &KeySource<'_>, out: &mut Vec<Key>) {
    if let Some(number) = source.number {
        out.push(Key::other(hash(b'n', number.to_le_bytes().into_iter())));
        // `7 11` written together is a word, not a number.
        out.push(Key::other(exact_key(source.text)));
        return;
    }
    if source.initial {
        out.push(Key::other(initial_key(source.text)));
        return;
    }
    if source.skeleton != 0 {
        out.push(Key { hash: source.skeleton, kind: KeyKind::Consonants });
    }
    let sounds = source.phonetic.iter().filter(|key| **key != 0);
    out.extend(sounds.map(|key| Key { hash: hash(b'p', key.to_le_bytes().into_iter()), kind: KeyKind::Sound }));
    if !source.native.is_empty() {
        out.push(Key::other(hash(b'w', source.native.bytes())));
    }
    out.extend(source.equivalents.iter().map(|(group, _)| Key::other(hash(b'e', group.to_le_bytes().into_iter()))));
}

/// Key of a word's syllables, by their sounds (`interdict_text::syllables::sounds`) in the culture of that number.
pub(crate) fn syllables_key(sounds: u64, culture: u8) -> u32 {
    hash(culture, sounds.to_le_bytes().into_iter())
}

/// Key of the initials that a full token can stand for, and of an initial itself.
pub fn initial_key(text: &str) -> u32 {
    hash(b'i', text.bytes().take(1))
}

/// Key of the word that a token is read backwards.
pub fn reversed_key(text: &str) -> u32 {
    hash(b'd', text.bytes().rev().take(PREFIX))
}

/// Hashes of the token's first letters with up to its edit budget of them deleted.
pub(crate) fn deletions_into(text: &str, out: &mut Vec<Key>) {
    let budget = edit_budget(text.len());
    let prefix = &text.as_bytes()[..text.len().min(PREFIX)];
    let without = |one: usize, two: usize| {
        let left = prefix.iter().enumerate().filter(move |(at, _)| *at != one && *at != two);
        Key::letters(hash(b'd', left.map(|(_, byte)| *byte)))
    };
    out.push(without(usize::MAX, usize::MAX));
    if budget >= 1 {
        for one in 0..prefix.len() {
            out.push(without(one, usize::MAX));
            if budget >= 2 {
                out.extend((one + 1..prefix.len()).map(|two| without(one, two)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn deletions(text: &str) -> Vec<Key> {
        let mut keys = Vec::new();
        deletions_into(text, &mut keys);
        keys
    }

    fn edit(text: &str, at: usize, how: u8, letter: char) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        let at = at % letters.len().max(1);
        match how % 4 {
            0 => letters[at] = letter,
            1 => letters.insert(at, letter),
            2 => drop(letters.remove(at)),
            _ if at + 1 < letters.len() => letters.swap(at, at + 1),
            _ => {}
        }
        letters.into_iter().collect()
    }

    proptest! {
        #[test]
        fn tokens_within_the_budget_share_a_deletion_key(
            text in "[a-e]{4,14}", one in 0usize..16, how_one: u8, two in 0usize..16, how_two: u8, letter in "[a-e]"
        ) {
            let letter = letter.chars().next().unwrap();
            let once = edit(&text, one, how_one, letter);
            let twice = edit(&once, two, how_two, letter);
            for (other, edits) in [(&once, 1), (&twice, 2)] {
                if edit_budget(text.len().min(other.len())) >= edits {
                    let (ours, theirs) = (deletions(&text), deletions(other));
                    prop_assert!(ours.iter().any(|key| theirs.contains(key)), "{} {}", text, other);
                }
            }
        }
    }
}
