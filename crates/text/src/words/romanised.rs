//! Russian, Ukrainian and Belarusian words of firms that are written in Latin letters: `Nauchno-Issledovatelskiy Institut Tochnykh Priborov`.
//!
//! Idea: lists and payments write such words as they sound where an English list translates them. A Latin word is put back into Cyrillic,
//! by whatever system it was romanised, and looked up by its stem among the phrases of the Cyrillic tables; what systems write in several
//! ways or leave out (soft and hard signs, `ы` and `и`, `э` and `е`) is made one on both sides.
//! Invariant: a name is taken for romanised only by a word of seven letters or more that these languages have and English lacks;
//! short words alone (`Mir`, `Dom`) prove nothing.
//! Cost: a look-up a word of a firm's name that is long enough; no allocation for names that are not romanised.

use std::collections::HashSet;
use std::sync::LazyLock;

use smallvec::SmallVec;

use super::concepts::{CYRILLIC, phrases_of};
use super::key::{for_load, key};
use super::stem::stem;
use crate::map::Map;

/// Letters of a word from which it says that a name is romanised.
const MIN_SIGN: usize = 7;
/// Letters of the shortest word that is put back into Cyrillic, and of the longest.
const MIN_WORD: usize = 3;
const MAX_WORD: usize = 40;

struct Romanised {
    /// Phrases by the stems of their words, with single spaces between them.
    phrases: Map<String, &'static str>,
    /// The stems of all their words.
    stems: HashSet<String, hashbrown::DefaultHashBuilder>,
    /// All words that they are in English.
    english: HashSet<&'static str, hashbrown::DefaultHashBuilder>,
    /// Most words in a phrase.
    most_words: usize,
}

static ROMANISED: LazyLock<Romanised> = LazyLock::new(|| {
    let mut romanised =
        Romanised { phrases: Map::default(), stems: HashSet::default(), english: HashSet::default(), most_words: 1 };
    for (english, phrase) in CYRILLIC.iter().flat_map(|table| phrases_of(table)) {
        romanised.english.extend(english.split(' '));
        let phrase = for_load(phrase).replace('-', " ");
        if !phrase.chars().next().is_some_and(|c| matches!(c, 'а'..='ё' | 'є'..='ґ')) {
            continue;
        }
        let words: Vec<String> = phrase
            .split_whitespace()
            .map(|word| {
                let mut one_way = Cyrillic::new();
                stem(&key(word)).chars().for_each(|c| put(&mut one_way, c));
                text(&one_way).to_owned()
            })
            .collect();
        // An acronym sounds like too many words.
        if words.iter().all(|word| word.chars().count() < MIN_WORD) {
            continue;
        }
        romanised.most_words = romanised.most_words.max(words.len());
        romanised.stems.extend(words.iter().cloned());
        romanised.phrases.entry(words.join(" ")).or_insert(english);
    }
    romanised
});

/// A word in Cyrillic, as bytes, two a letter.
type Cyrillic = SmallVec<[u8; 96]>;

fn text(word: &Cyrillic) -> &str {
    std::str::from_utf8(word).unwrap_or_default()
}

/// Appends a letter in the one form that romanisation leaves of it.
fn put(out: &mut Cyrillic, c: char) {
    let c = match c {
        'ь' | 'ъ' => return,
        'ы' | 'і' | 'й' | 'ї' => 'и',
        'э' | 'ё' | 'є' => 'е',
        'ґ' => 'г',
        'ў' => 'у',
        other => other,
    };
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// How many Latin letters a word begins with that are one sound, and the sound in Cyrillic; `after_vowel` a y is a consonant.
fn sound(word: &[u8], after_vowel: bool) -> Option<(usize, &'static str)> {
    Some(match word {
        [b's', b'h', b'c', b'h', ..] => (4, "щ"),
        [b's', b'c', b'h', ..] => (3, "щ"),
        [b'z', b'h', ..] => (2, "ж"),
        [b'k', b'h', ..] => (2, "х"),
        [b't', b's' | b'z', ..] => (2, "ц"),
        [b'c', b'h', ..] => (2, "ч"),
        [b's', b'h', ..] => (2, "ш"),
        [b'y' | b'i' | b'j', b'u', ..] => (2, "ю"),
        [b'y' | b'i' | b'j', b'a', ..] => (2, "я"),
        [b'y' | b'j', b'o' | b'e', ..] | [b'i', b'e', ..] => (2, "е"),
        [b'x', ..] => (1, "кс"),
        [b'a', ..] => (1, "а"),
        [b'b', ..] => (1, "б"),
        [b'v' | b'w', ..] => (1, "в"),
        [b'g', ..] => (1, "г"),
        [b'd', ..] => (1, "д"),
        [b'e', ..] => (1, "е"),
        [b'z', ..] => (1, "з"),
        [b'i' | b'j', ..] => (1, "и"),
        [b'y', ..] if after_vowel => (1, "и"),
        [b'y', ..] => (1, "ы"),
        [b'k' | b'q', ..] => (1, "к"),
        [b'l', ..] => (1, "л"),
        [b'm', ..] => (1, "м"),
        [b'n', ..] => (1, "н"),
        [b'o', ..] => (1, "о"),
        [b'p', ..] => (1, "п"),
        [b'r', ..] => (1, "р"),
        [b's', ..] => (1, "с"),
        [b't', ..] => (1, "т"),
        [b'u', ..] => (1, "у"),
        [b'f', ..] => (1, "ф"),
        [b'h', ..] => (1, "х"),
        [b'c', ..] => (1, "ц"),
        _ => return None,
    })
}

/// The stem of a Latin word in Cyrillic, in one form; nothing for what cannot be one.
fn stem_of(word: &str) -> Option<Cyrillic> {
    if !(MIN_WORD..=MAX_WORD).contains(&word.len()) || !word.bytes().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut whole = Cyrillic::new();
    let (mut rest, mut after_vowel) = (word.as_bytes(), false);
    while !rest.is_empty() {
        let (n, cyrillic) = sound(rest, after_vowel)?;
        whole.extend_from_slice(cyrillic.as_bytes());
        let (taken, left) = rest.split_at(n);
        after_vowel = matches!(taken.last(), Some(b'a' | b'e' | b'i' | b'o' | b'u' | b'y'));
        rest = left;
    }
    let mut one_way = Cyrillic::new();
    stem(text(&whole)).chars().for_each(|c| put(&mut one_way, c));
    Some(one_way)
}

/// Whether one of these words of a name, in small letters, says that it is romanised. Words that begin as they do in English may be of
/// any language: `institut`, `material`.
pub(crate) fn is_romanised(words: &[&str]) -> bool {
    words.iter().any(|word| {
        let is_sign = |stem: &str| {
            let english = ROMANISED.phrases.get(stem);
            ROMANISED.stems.contains(stem)
                && english.is_none_or(|english| english.get(..SAME_START) != word.get(..SAME_START))
        };
        word.len() >= MIN_SIGN
            && !ROMANISED.english.contains(word)
            && stem_of(word).is_some_and(|stem| is_sign(text(&stem)))
    })
}

/// Letters by whose likeness a word may be of any language.
const SAME_START: usize = 5;

/// The longest phrase that begins at a word: what it is in English, and its number of words.
pub(crate) fn phrase_at(words: &[&str], at: usize) -> Option<(&'static str, usize)> {
    let mut joined = String::new();
    let mut best = None;
    for (len, word) in words.get(at..)?.iter().take(ROMANISED.most_words).enumerate() {
        let Some(stem) = stem_of(word) else { break };
        if len > 0 {
            joined.push(' ');
        }
        joined.push_str(text(&stem));
        if let Some(english) = ROMANISED.phrases.get(joined.as_str()) {
            best = Some((*english, len + 1));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(name: &str) -> Vec<&str> {
        let words: Vec<&str> = name.split(' ').collect();
        let (mut out, mut at) = (Vec::new(), 0);
        while at < words.len() {
            let (english, len) = phrase_at(&words, at).unwrap_or((words[at], 1));
            out.push(english);
            at += len;
        }
        out
    }

    #[test]
    fn romanised_words_are_put_into_english() {
        for (name, expected) in [
            ("nauchno issledovatelskiy institut", "research institute"),
            ("nauchno issledovatelsky institut", "research institute"),
            ("nauchno issledovatelskii institut", "research institute"),
            ("mashinostroitelny zavod arsenal", "machine building plant arsenal"),
            ("konstruktorskoye byuro mashinostroyeniya", "machine building design bureau"),
            ("nauchno proizvodstvennoe predpriyatie radar", "research production enterprise radar"),
            ("naukovo vyrobnyche pidpryiemstvo", "research production enterprise"),
        ] {
            assert_eq!(english(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn a_name_is_romanised_by_a_long_word_that_english_lacks() {
        assert!(is_romanised(&["mashinostroitelny", "zavod", "arsenal"]));
        for words in [&["mir", "trading"][..], &["industrial", "material", "company"], &["dom", "most"], &["harbin"]] {
            assert!(!is_romanised(words), "{words:?}");
        }
    }
}
