//! Latin letters with diacritics, and the Latin letters beyond A to Z.
//!
//! First reading: the base letter, as passports and most lists write it. Second reading: the digraphs that a language puts in
//! the place of its letter when it must do without (German ä ae, Scandinavian å aa and ø oe, Croatian đ dj) or that English
//! puts for its sound (š sh, č ch, ž zh, ş sh). Source of the replacements: ICAO Doc 9303-3, 8th edition 2021, section 6 A
//! (Latin characters), which allows both; of the sounds: the orthographies themselves.
use any_ascii::any_ascii_char;
use icu_normalizer::DecomposingNormalizerBorrowed;

use super::Spellings;
use super::rules::push_ascii;
use crate::Text;

/// The readings of a Latin word in folded form: one, or two when a letter has a digraph.
pub(crate) fn readings(word: &str, out: &mut Spellings) {
    let mut plain = Text::default();
    let mut second = Text::default();
    for (at, c) in word.char_indices() {
        let from = plain.len();
        push_plain(c, &mut plain);
        match digraph(c) {
            Some(digraph) => {
                if second.is_empty() && at > 0 {
                    second.push_str(&plain[..from]);
                }
                second.push_str(digraph);
            }
            None if !second.is_empty() => second.push_str(&plain[from..]),
            None => {}
        }
    }
    let differs = !second.is_empty() && second != plain;
    out.push(plain);
    if differs {
        out.push(second);
    }
}

fn push_plain(c: char, out: &mut Text) {
    let special = match c {
        'a'..='z' | '0'..='9' => return out.push(c),
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŋ' => "ng",
        'å' | 'ə' | 'ǝ' => "a",
        _ => "",
    };
    if !special.is_empty() {
        return out.push_str(special);
    }
    let mut buffer = [0; 4];
    let letter = c.encode_utf8(&mut buffer);
    let parts = DecomposingNormalizerBorrowed::new_nfd().normalize(letter);
    match parts.chars().next() {
        Some(base) if base.is_ascii() => push_ascii(base.encode_utf8(&mut [0; 4]), out),
        Some(base) => push_ascii(any_ascii_char(base), out),
        None => {}
    }
}

fn digraph(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' => "ae",
        'ö' | 'ø' | 'ő' => "oe",
        'ü' | 'ű' => "ue",
        'å' => "aa",
        'đ' => "dj",
        'ð' => "dh",
        'š' | 'ş' | 'ș' => "sh",
        'č' | 'ć' => "ch",
        'ž' => "zh",
        'ţ' | 'ț' => "ts",
        'ñ' => "ny",
        'ə' => "e",
        _ => return None,
    })
}
