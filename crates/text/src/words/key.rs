//! The form in which words of a closed class are looked up.
//!
//! Idea: tables and names differ in marks, not in letters: diacritics of Latin, Greek and Cyrillic, Arabic letter
//! variants, vowel signs. The key drops these marks on both sides, so that `société`, `societe` and an unfolded table
//! entry meet.
//! Invariant: `key(key(w)) == key(w)`. Cost: nothing for ASCII, plain Cyrillic and plain Arabic; one decomposition otherwise.
//! Source: Unicode canonical decomposition; Arabic and Persian letter variants as in Unicode's Arabic block.

use std::borrow::Cow;
use std::ops::Deref;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::Text;

/// The form of a word in which it is looked up.
pub(crate) enum Key<'a> {
    /// The word itself.
    Same(&'a str),
    /// The word without its marks.
    Unmarked(Text),
}

impl Deref for Key<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Key::Same(word) => word,
            Key::Unmarked(word) => word,
        }
    }
}

/// The look-up key of a folded word.
pub(crate) fn key(word: &str) -> Key<'_> {
    if word.chars().all(is_plain) {
        return Key::Same(word);
    }
    if !word.chars().any(|c| c < '\u{e00}' || matches!(c, '\u{1e00}'..'\u{2000}')) {
        // Unspaced scripts carry no marks that names leave out; the tables are composed already.
        return match ComposingNormalizerBorrowed::new_nfkc().normalize(word) {
            Cow::Borrowed(word) => Key::Same(word),
            Cow::Owned(word) => Key::Unmarked(word.into()),
        };
    }
    let mut out = Text::default();
    for c in DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(word.chars()) {
        match c {
            // Combining marks; Hebrew points; Arabic vowel signs, hamza marks, superscript alef, tatweel; joiners.
            '\u{300}'..='\u{36f}'
            | '\u{591}'..='\u{5c7}'
            | '\u{610}'..='\u{61a}'
            | '\u{640}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{200b}'..='\u{200f}' => {}
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            'ə' => out.push('e'),
            'ς' => out.push('σ'),
            'ی' | 'ى' => out.push('ي'),
            'ک' => out.push('ك'),
            'ة' | 'ە' | 'ہ' => out.push('ه'),
            'ٱ' => out.push('ا'),
            'և' => out.push_str("եւ"),
            _ => out.push(c),
        }
    }
    Key::Unmarked(out)
}

/// Whether a letter is its own key: ASCII, and the letters of Cyrillic and Arabic that neither decompose nor have variants.
fn is_plain(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{7f}' | 'а'..='и' | 'к'..='я' | 'ا' | 'ب' | 'ت'..='غ' | 'ف'..='و' | 'ي'
    )
}

/// A table entry as folding would leave it: lower case, without apostrophes, quotes and a lone hamza; dots and hyphens stay, as they
/// mean something in the tables.
pub(crate) fn for_load(entry: &str) -> String {
    entry.to_lowercase().replace(['\'', '"', '’', 'ʼ', '״', '׳', '\u{200c}', '\u{200b}', 'ء', 'ـ'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_vanish_and_a_key_keeps_itself() {
        for (word, expected) in [
            ("société", "societe"),
            ("şirketi", "sirketi"),
            ("spółka", "spolka"),
            ("εταιρεία", "εταιρεια"),
            ("შპს", "შპს"),
            ("مسئولية", "مسيوليه"),
            ("شرکت", "شركت"),
            ("публічне", "публічне"),
            ("měst", "mest"),
            ("주식회사", "주식회사"),
        ] {
            assert_eq!(&*key(word), expected);
            assert_eq!(&*key(expected), expected);
        }
    }
}
