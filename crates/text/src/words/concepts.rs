//! Words and phrases of firms and institutions in other languages, with what they are in English.
//!
//! Idea: lists print `Научно-производственное предприятие`, `НПП`, `Scientific-Production Enterprise` and `国际贸易` for what an
//! English list calls *research production enterprise* and *international trade*. A phrase is looked up in its own script;
//! in scripts without spaces the longest phrase that begins at each character is taken.
//! Words of a phrase meet by their stems, so that a table has one form of each.
//! Invariant: an English side is of words `[a-z0-9]+`; the longest phrase wins; the earlier line of the table where two have the
//! same phrase. A change of the table asks for a new `TABLES_VERSION`.
//! Cost: a hash look-up for each length of phrase at each word, or each character of an unspaced script.
//! Source: the tables under `data/words/concepts`, one a family of scripts; the head of `cyrillic.tsv` tells more.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use super::key::{for_load, key};
use super::stem::{stem, without_proclitic};
use crate::Text;
use crate::map::Map;
use crate::table;

struct Concepts {
    /// Phrases by the stems of their words, with single spaces between them.
    spaced: Map<String, &'static str>,
    /// The first words of them, with those of one word.
    firsts: HashSet<String, hashbrown::DefaultHashBuilder>,
    /// Most words in a phrase.
    most_words: usize,
    unspaced: Map<String, &'static str>,
    /// Most characters in a phrase of an unspaced script.
    most_chars: usize,
}

static CONCEPTS: LazyLock<Concepts> = LazyLock::new(|| {
    let mut concepts = Concepts {
        spaced: Map::default(),
        firsts: HashSet::default(),
        most_words: 1,
        unspaced: Map::default(),
        most_chars: 2,
    };
    for (english, _language, phrases) in lines() {
        for phrase in phrases.split(';') {
            let phrase = for_load(phrase).replace('-', " ");
            if phrase.chars().next().is_some_and(is_unspaced) {
                let phrase = key(&one_form(&phrase.replace(' ', ""))).to_owned();
                concepts.most_chars = concepts.most_chars.max(phrase.chars().count());
                concepts.unspaced.entry(phrase).or_insert(english);
            } else {
                let words: Vec<String> = phrase.split_whitespace().map(|word| stem(&key(word)).to_owned()).collect();
                concepts.most_words = concepts.most_words.max(words.len());
                concepts.firsts.extend(words.first().cloned());
                concepts.spaced.entry(words.join(" ")).or_insert(english);
            }
        }
    }
    concepts
});

const TABLES: [&str; 6] = [
    include_str!("../../data/words/concepts/cyrillic.tsv"),
    include_str!("../../data/words/concepts/cyrillic_places.tsv"),
    include_str!("../../data/words/concepts/han_kana.tsv"),
    include_str!("../../data/words/concepts/hangul.tsv"),
    include_str!("../../data/words/concepts/arabic.tsv"),
    include_str!("../../data/words/concepts/latin.tsv"),
];

/// What else English prints for what the tables say of Chinese and Japanese words.
static ALSO: LazyLock<Map<&'static str, &'static str>> = LazyLock::new(|| {
    let rows = table::rows(include_str!("../../data/words/also.tsv"));
    rows.filter_map(|row| row.split_once('\t')).collect()
});

/// The other English of a phrase of an unspaced script, where there is one.
pub fn also(english: &str) -> Option<&'static str> {
    ALSO.get(english).copied()
}

/// Forms of Chinese characters with the one that stands for all of them; each takes as many bytes as the other.
static VARIANTS: LazyLock<Map<char, char>> = LazyLock::new(|| {
    let rows = table::rows(include_str!("../../data/words/han_variants.tsv"));
    let pairs = rows.filter_map(|row| row.split_once('\t')).flat_map(|(one, variants)| {
        let one = one.chars().next().unwrap_or_default();
        variants.chars().map(move |variant| (variant, one))
    });
    pairs.collect()
});

/// A text with each Chinese character in one of its forms (`輸出`, `输出`; `総`, `總`, `总`).
fn one_form(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|c| VARIANTS.contains_key(&c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| VARIANTS.get(&c).copied().unwrap_or(c)).collect())
}

/// Provinces and cities of China, as one word of English: what the tables write with and without the word for city or province.
static PLACES: LazyLock<HashSet<&'static str, hashbrown::DefaultHashBuilder>> = LazyLock::new(|| {
    let mut places = HashSet::default();
    for (english, _, phrases) in lines().filter(|(english, language, _)| *language == "zh" && !english.contains(' ')) {
        let is_so_called = |phrase: &str| {
            phrase.strip_suffix(['市', '省']).is_some_and(|bare| phrases.split(';').any(|other| other == bare))
        };
        if phrases.split(';').any(is_so_called) {
            places.insert(english);
        }
    }
    places
});

/// Whether a word is the name of a province or city of China, where firms stand first in registers.
pub fn is_place(word: &str) -> bool {
    PLACES.contains(word)
}

/// The tables of phrases in Cyrillic.
pub(super) const CYRILLIC: [&str; 2] = [TABLES[0], TABLES[1]];

/// English words and phrase, for each phrase of a table.
pub(super) fn phrases_of(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let line = |line: &'static str| {
        line.split_once('\t').and_then(|(english, rest)| Some((english, rest.split_once('\t')?.1)))
    };
    let lines = table::rows(table).filter_map(line);
    lines.flat_map(|(english, phrases)| phrases.split(';').map(move |phrase| (english, phrase)))
}

/// English words, language and phrases of each line.
fn lines() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLES.iter().flat_map(|text| table::rows(text)).map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
        [english, language, phrases] => (english, language, phrases),
        _ => unreachable!("the tables have three fields in a line; a test reads every one: {line}"),
    })
}

/// Han, kana, Hangul, Thai, Khmer and Burmese are written without spaces between words, or with few.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// The longest phrase that begins at a word: what it is in English, and its number of words. English itself has none.
pub fn phrase_at(words: &[&str], at: usize) -> Option<(&'static str, usize)> {
    let concepts = &*CONCEPTS;
    let mut joined = Text::default();
    let mut best = None;
    for (len, word) in words.get(at..)?.iter().take(concepts.most_words).enumerate() {
        if len > 0 {
            joined.push(' ');
        }
        let keyed = key(word);
        let word = stem(&keyed);
        let attached = || without_proclitic(word).map(stem).filter(|word| concepts.spaced.contains_key(*word));
        let word = if concepts.spaced.contains_key(word) { word } else { attached().unwrap_or(word) };
        if len == 0 && !concepts.firsts.contains(word) {
            return None;
        }
        joined.push_str(word);
        if let Some(english) = concepts.spaced.get(joined.as_str()) {
            best = Some((*english, len + 1));
        }
    }
    best
}

/// A stretch of an unspaced word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch<'a> {
    /// A phrase, in English.
    Known(&'static str),
    /// What no phrase covers.
    Other(&'a str),
}

/// An unspaced word cut into the phrases that it holds and what stands between them; empty where it holds none.
pub fn stretches(word: &str) -> Vec<Stretch<'_>> {
    let concepts = &*CONCEPTS;
    if !word.chars().any(is_unspaced) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let (mut at, mut open, mut known) = (0, 0, false);
    let looked_up = one_form(word);
    while let Some(rest) = looked_up.get(at..).filter(|rest| !rest.is_empty()) {
        let ends = rest.char_indices().map(|(from, c)| from + c.len_utf8()).take(concepts.most_chars);
        let before = looked_up.get(..at).and_then(|before| before.chars().next_back());
        let apart = |end: usize| stands_apart(before, rest, end);
        let phrase = |end: usize| concepts.unspaced.get(&*key(rest.get(..end)?));
        let found = ends.filter_map(|end| phrase(end).filter(|_| apart(end)).map(|english| (end, english))).last();
        if let Some((len, english)) = found {
            out.extend(word.get(open..at).filter(|text| !text.is_empty()).map(Stretch::Other));
            out.push(Stretch::Known(english));
            known = true;
            at += len;
            open = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    out.extend(word.get(open..).filter(|text| !text.is_empty()).map(Stretch::Other));
    if known { out } else { Vec::new() }
}

/// Characters up to which a word in katakana is looked for by itself alone: a short one is a part of too many others (`インド` of
/// `ウィンドウ`), a long one is written onto the next (`エレクトロニクスジャパン`).
const MAX_KANA_APART: usize = 4;

/// Whether the first `end` bytes of a text may be a phrase there: all may, but for short katakana with more of it on either side.
fn stands_apart(before: Option<char>, text: &str, end: usize) -> bool {
    let is_katakana = |c: char| matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}');
    let (phrase, after) = text.split_at_checked(end).unwrap_or((text, ""));
    let touches = || before.is_some_and(is_katakana) || after.chars().next().is_some_and(is_katakana);
    !phrase.chars().all(is_katakana) || phrase.chars().nth(MAX_KANA_APART).is_some() || !touches()
}

/// The name of a Chinese firm without the city or province of its register that stands before it (`深圳市顺吉电子科技`), where a
/// name of its own is left: English names have the place or not. Only a place that says what it is (市, 省) is taken for one.
pub fn after_place(name: &str) -> Option<&str> {
    let start = name.char_indices().nth(MAX_PLACE).map_or(name, |(end, _)| &name[..end]);
    let looked_up = one_form(start);
    let ends = looked_up.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut places = ends.filter(|end| looked_up[..*end].ends_with(['市', '省']));
    let end = places.rfind(|end| CONCEPTS.unspaced.contains_key(&looked_up[..*end]))?;
    let rest = name.get(end..)?;
    let own = |stretch: &Stretch<'_>| matches!(stretch, Stretch::Other(text) if !NOT_OWN.contains(text));
    stretches(rest).iter().any(own).then_some(rest)
}

/// Characters of the longest place that is looked for.
const MAX_PLACE: usize = 6;

/// Of legal forms, what is no word of [`stretches`].
const NOT_OWN: [&str; 5] = ["有限", "股份有限", "有限责任", "有限責任", "责任"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_well_formed() {
        let mut failures = Vec::new();
        for (english, language, phrases) in lines() {
            let plain =
                |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            if !english.split(' ').all(plain) {
                failures.push(format!("{english:?} is not words of [a-z0-9]"));
            }
            if language.len() != 2 {
                failures.push(format!("{english}: {language:?} is no language of two letters"));
            }
            for phrase in phrases.split(';') {
                let short = phrase.chars().next().is_some_and(is_unspaced) && phrase.chars().count() < 2;
                if phrase.trim() != phrase || phrase.is_empty() || short {
                    failures.push(format!("{english}: {phrase:?} is no phrase"));
                }
            }
        }
        assert!(failures.is_empty(), "{failures:#?}");
    }

    #[test]
    fn the_other_english_is_of_a_phrase_and_differs() {
        let plain =
            |text: &str| text.split(' ').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()));
        assert!(ALSO.iter().all(|(one, other)| plain(one) && plain(other) && one != other));
    }

    #[test]
    fn the_longest_phrase_wins() {
        assert_eq!(
            phrase_at(&["научно", "производственное", "предприятие", "кант"], 0),
            Some(("research production enterprise", 3))
        );
        assert_eq!(phrase_at(&["завод", "кант"], 0), Some(("plant", 1)));
        assert_eq!(phrase_at(&["кант"], 0), None);
    }

    #[test]
    fn a_variant_is_no_longer_than_what_stands_for_it() {
        let changed = VARIANTS.iter().find(|(variant, one)| variant.len_utf8() != one.len_utf8() || variant == one);
        assert_eq!(changed, None);
        assert!(VARIANTS.values().all(|one| !VARIANTS.contains_key(one)), "one form stands for all of them");
    }

    #[test]
    fn phrases_meet_in_all_forms_of_their_characters() {
        for name in ["总公司", "總公司", "総公司"] {
            assert_eq!(stretches(name), [Stretch::Known("general corporation")], "{name}");
        }
    }

    #[test]
    fn short_katakana_stand_apart() {
        assert_eq!(stretches("インド洋"), [Stretch::Known("india"), Stretch::Other("洋")]);
        assert_eq!(stretches("ウィンドウ"), []);
    }

    #[test]
    fn places_are_told_from_what_is_named_after_a_city_or_market() {
        for place in ["zhejiang", "shenzhen", "shanghai"] {
            assert!(is_place(place), "{place}");
        }
        for word in ["supermarket", "government", "municipal", "golden", "dahua"] {
            assert!(!is_place(word), "{word}");
        }
    }

    #[test]
    fn the_place_of_the_register_may_be_left_out() {
        assert_eq!(after_place("深圳市顺吉电子科技有限公司"), Some("顺吉电子科技有限公司"));
        assert_eq!(after_place("北京市公安局"), None);
        assert_eq!(after_place("上海新力机械"), None);
    }

    #[test]
    fn an_unspaced_word_is_cut_at_its_phrases() {
        let known = Stretch::Known;
        let cut = stretches("山东新壹路国际贸易");
        assert_eq!(cut, [known("shandong"), Stretch::Other("新壹路"), known("international trade")]);
        assert_eq!(stretches("新壹路"), []);
        assert_eq!(stretches("plain"), []);
    }
}
