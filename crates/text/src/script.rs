//! Which script a character, a word or a name is written in.

/// The scripts that names on lists are written in; all others are `Other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Script {
    /// Digits, marks, punctuation: goes with any script.
    Common = 0,
    /// Latin letters.
    Latin = 1,
    /// Cyrillic letters.
    Cyrillic = 2,
    /// Greek letters.
    Greek = 3,
    /// Arabic letters, also those of Persian and Urdu.
    Arabic = 4,
    /// Hebrew letters.
    Hebrew = 5,
    /// Chinese characters.
    Han = 6,
    /// Korean syllables and jamo.
    Hangul = 7,
    /// Hiragana and katakana.
    Kana = 8,
    /// Georgian letters.
    Georgian = 9,
    /// Armenian letters.
    Armenian = 10,
    /// Thai letters.
    Thai = 11,
    /// Devanagari letters.
    Devanagari = 12,
    /// Bengali letters.
    Bengali = 13,
    /// Tamil letters.
    Tamil = 14,
    /// Burmese letters.
    Burmese = 15,
    /// Khmer letters.
    Khmer = 16,
    /// Any other script that the fallback table can spell in Latin letters.
    Other = 17,
}
