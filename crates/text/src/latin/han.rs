//! Chinese characters: surname and given name, words of firms, and their readings.
//!
//! Idea: a person's name of two to four characters is a surname and a given name, which Latin letters write as two words; the
//! surname has its own reading. A firm's name is cut at the words of a small dictionary; what stands between them is a name
//! of its own (`华为`) and stays one word up to three characters, then goes in twos, as most Chinese words have two.
//! Readings: Hanyu Pinyin (ISO 7098:2015) by the crate `pinyin`; the other readings of characters that have several; Wade–Giles
//! (H. A. Giles, A Chinese-English Dictionary, 1912; rules below, without apostrophes and diaeresis); Cantonese surnames, and given
//! names of known characters.
//! Korean names are read by `hanja`. Japanese names in Chinese characters cannot be read without a dictionary of names; they get Chinese readings.
//! Cost: a binary search a character and word length.
use std::borrow::Cow;
use std::sync::LazyLock;

use pinyin::{ToPinyin, ToPinyinMulti};

use super::{Hints, Part, Place, Spellings};
use crate::Text;
use crate::map::Map;
use crate::name::NameKind;
use crate::script::Script;
use crate::table;

struct Surname {
    written: &'static str,
    pinyin: &'static str,
    cantonese: &'static str,
}

static SURNAMES: LazyLock<Vec<Surname>> = LazyLock::new(|| {
    let rows = table::rows_below_header(include_str!("../../data/latin/han_surnames.tsv"));
    let mut surnames: Vec<Surname> = rows
        .filter_map(|row| {
            let mut cells = row.split('\t');
            Some(Surname { written: cells.next()?, pinyin: cells.next()?, cantonese: cells.next()? })
        })
        .collect();
    surnames.sort_by_key(|surname| surname.written);
    surnames
});

/// Word and, where the single characters would be read otherwise, its reading; sorted.
static WORDS: LazyLock<Vec<(&'static str, Option<&'static str>)>> = LazyLock::new(|| {
    let rows = table::rows_below_header(include_str!("../../data/latin/han_words.tsv"));
    let mut words: Vec<_> = rows
        .map(|row| match row.split_once('\t') {
            Some((word, reading)) => (word, Some(reading)),
            None => (row, None),
        })
        .collect();
    words.sort_unstable();
    words
});

/// Cantonese reading of characters that given names have.
static CANTONESE: LazyLock<Map<char, &'static str>> = LazyLock::new(|| {
    let rows = table::rows_below_header(include_str!("../../data/latin/han_cantonese.tsv"));
    let pairs = rows.filter_map(|row| row.split_once('\t'));
    pairs.filter_map(|(written, reading)| Some((written.chars().next()?, reading))).collect()
});

/// A given name in Cantonese, where all of its characters are known.
fn cantonese_given(text: &str) -> Option<Text> {
    text.chars().map(|c| CANTONESE.get(&c).copied()).collect()
}

/// Characters of the longest word in the dictionary.
const MAX_WORD_CHARS: usize = 6;

/// Characters of a stretch without known words that still make one token.
const MAX_UNKNOWN_CHARS: usize = 3;

fn surname(written: &str) -> Option<&'static Surname> {
    let at = SURNAMES.binary_search_by(|known| known.written.cmp(written)).ok()?;
    SURNAMES.get(at)
}

fn is_word(written: &str) -> bool {
    WORDS.binary_search_by(|(known, _)| (*known).cmp(written)).is_ok()
}

/// The reading of a dictionary word that is not the sum of its characters'.
fn word_reading(written: &str) -> Option<&'static str> {
    let at = WORDS.binary_search_by(|(known, _)| (*known).cmp(written)).ok()?;
    WORDS.get(at)?.1
}

/// Byte after the first `n` characters, `None` when there are fewer.
fn end_of(text: &str, n: usize) -> Option<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(n)
}

/// Cuts a stretch of Chinese characters that begins at byte `start` of its word. `whole` says that the stretch is the whole
/// word, `first` that the word is the name's first.
pub(crate) fn parts(text: &str, start: usize, whole: bool, hints: Hints, out: &mut Vec<Part>) {
    let part =
        |from: usize, to: usize, place| Part { start: start + from, end: start + to, script: Script::Han, place };
    let n_chars = text.chars().count();
    if whole && hints.kind == NameKind::Person && hints.n_words > 1 {
        let place = if hints.is_first && surname(text).is_some() { Place::Surname } else { Place::Given };
        return out.push(part(0, text.len(), place));
    }
    if let Some(end) = surname_end(text, n_chars).filter(|_| whole && is_person(text, n_chars, hints)) {
        out.push(part(0, end, Place::Surname));
        return out.push(part(end, text.len(), Place::Given));
    }
    if hints.kind == NameKind::Person {
        return out.push(part(0, text.len(), Place::Given));
    }
    let mut at = 0;
    let mut unknown = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let known = (1..=MAX_WORD_CHARS).rev().find_map(|n| end_of(rest, n).filter(|end| is_word(&rest[..*end])));
        if let Some(len) = known {
            unknown_parts(text, unknown, at, |from, to| out.push(part(from, to, Place::Word)));
            out.push(part(at, at + len, Place::Word));
            at += len;
            unknown = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    unknown_parts(text, unknown, text.len(), |from, to| out.push(part(from, to, Place::Word)));
}

fn unknown_parts(text: &str, from: usize, to: usize, mut push: impl FnMut(usize, usize)) {
    let stretch = text.get(from..to).unwrap_or_default();
    let n_chars = stretch.chars().count();
    let step = if n_chars <= MAX_UNKNOWN_CHARS { MAX_UNKNOWN_CHARS } else { 2 };
    let mut at = 0;
    while at < stretch.len() {
        let len = stretch.get(at..).and_then(|rest| end_of(rest, step)).unwrap_or(stretch.len() - at);
        push(from + at, from + at + len);
        at += len;
    }
}

/// Whether an unspaced stretch is a person's name: always for persons, for a bearer that is not said when it has a person's
/// length, a surname, and no word of firms.
fn is_person(text: &str, n_chars: usize, hints: Hints) -> bool {
    let fits = (2..=4).contains(&n_chars);
    match hints.kind {
        NameKind::Person => fits,
        NameKind::Unknown => {
            let has_word = || {
                text.char_indices().any(|(at, _)| {
                    let rest = text.get(at..).unwrap_or_default();
                    (2..=MAX_WORD_CHARS).any(|n| end_of(rest, n).is_some_and(|end| is_word(&rest[..end])))
                })
            };
            fits && n_chars < 4 && hints.n_words == 1 && !has_word()
        }
        NameKind::Organization | NameKind::Object => false,
    }
}

/// Byte after the surname: two characters if they are a surname of two and a given name remains, else one that is known. A
/// name of two to three characters whose first is no known surname is cut there all the same.
fn surname_end(text: &str, n_chars: usize) -> Option<usize> {
    let one = end_of(text, 1)?;
    let two = end_of(text, 2)?;
    if n_chars > 2 && text.get(..two).and_then(surname).is_some() {
        return Some(two);
    }
    (n_chars > 1 && (surname(&text[..one]).is_some() || n_chars < 4)).then_some(one)
}

/// The readings of a stretch: pinyin; other pinyin readings; Wade–Giles and Cantonese for persons; those of a Korean name, where it
/// is one, before the Chinese ones of a firm and behind those of a person.
pub(crate) fn readings(text: &str, place: Place, korean: bool, out: &mut Spellings) {
    if korean && place == Place::Word {
        super::hanja::readings(text, place, out);
    }
    let known = if place == Place::Surname { surname(text) } else { None };
    let mut main = Text::default();
    match (known, word_reading(text)) {
        (Some(surname), _) => main.push_str(surname.pinyin),
        (None, Some(reading)) if place == Place::Word => main.push_str(reading),
        _ => text.chars().for_each(|c| match c.to_pinyin() {
            Some(syllable) => super::rules::push_ascii(&umlaut(syllable.plain()), &mut main),
            None => super::rules::push_ascii(any_ascii::any_ascii_char(c), &mut main),
        }),
    }
    let mut giles = Text::default();
    match known {
        Some(surname) if text.chars().nth(1).is_none() => wade_giles(&umlaut(surname.pinyin), &mut giles),
        _ => text.chars().filter_map(|c| c.to_pinyin()).for_each(|one| wade_giles(&umlaut(one.plain()), &mut giles)),
    }
    let other = other_reading(text, known.map(|surname| surname.pinyin));
    let is_word = place == Place::Word;
    out.push(main.clone());
    // The places of the systems are fixed, so that surname and given name take the same one.
    out.push(if is_word { main.clone() } else { giles });
    let cantonese = known.map_or_else(|| main.clone(), |surname| surname.cantonese.into());
    // A surname as in Hong Kong stands beside a given name in pinyin (`Lee Xiaolong`), too.
    out.push(cantonese.clone());
    out.push(other.unwrap_or_else(|| main.clone()));
    let given = if place == Place::Given { cantonese_given(text) } else { None };
    out.push(given.unwrap_or(cantonese));
    if korean && place != Place::Word {
        super::hanja::readings(text, place, out);
    }
    out.extend(passport(text));
}

/// The reading with the second pronunciation of the first character that has one.
fn other_reading(text: &str, surname: Option<&'static str>) -> Option<Text> {
    let mut other = Text::default();
    let mut changed = false;
    for c in text.chars() {
        let first = c.to_pinyin().map(pinyin::Pinyin::plain)?;
        let taken = surname.unwrap_or(first);
        let multi = c.to_pinyin_multi();
        let second =
            multi.and_then(|multi| multi.into_iter().map(pinyin::Pinyin::plain).find(|reading| *reading != taken));
        match second {
            Some(second) if !changed => {
                changed = true;
                super::rules::push_ascii(&umlaut(second), &mut other);
            }
            _ => super::rules::push_ascii(&umlaut(first), &mut other),
        }
    }
    changed.then_some(other)
}

/// `ü` is written `u`.
fn umlaut(syllable: &str) -> Cow<'_, str> {
    with_umlaut(syllable, "u")
}

/// A syllable with its `ü` written in another way, if it has one.
fn with_umlaut<'a>(syllable: &'a str, written: &str) -> Cow<'a, str> {
    if syllable.contains('ü') { Cow::Owned(syllable.replace('ü', written)) } else { Cow::Borrowed(syllable) }
}

/// A name with `lü` or `nü` as Chinese passports write it: `lyu`, `nyu` (rule of the Ministry of Public Security, 2012).
fn passport(text: &str) -> Option<Text> {
    let mut out = Text::default();
    let mut any = false;
    for c in text.chars() {
        let syllable = c.to_pinyin()?.plain();
        any |= syllable.contains('ü');
        super::rules::push_ascii(&with_umlaut(syllable, "yu"), &mut out);
    }
    any.then_some(out)
}

/// Appends the Wade–Giles form of a pinyin syllable, without apostrophes, hyphens and diaeresis.
fn wade_giles(pinyin: &str, out: &mut Text) {
    const INITIALS: [(&str, &str); 23] = [
        ("zh", "ch"),
        ("ch", "ch"),
        ("sh", "sh"),
        ("b", "p"),
        ("p", "p"),
        ("m", "m"),
        ("f", "f"),
        ("d", "t"),
        ("t", "t"),
        ("n", "n"),
        ("l", "l"),
        ("g", "k"),
        ("k", "k"),
        ("h", "h"),
        ("j", "ch"),
        ("q", "ch"),
        ("x", "hs"),
        ("r", "j"),
        ("z", "ts"),
        ("c", "ts"),
        ("s", "s"),
        ("y", "y"),
        ("w", "w"),
    ];
    let whole = match pinyin {
        "zhi" | "chi" => Some("chih"),
        "shi" => Some("shih"),
        "ri" => Some("jih"),
        "zi" | "ci" => Some("tzu"),
        "si" => Some("szu"),
        "er" => Some("erh"),
        "ge" | "ke" => Some("ko"),
        "he" => Some("ho"),
        "e" => Some("o"),
        "yan" => Some("yen"),
        "ye" => Some("yeh"),
        "you" => Some("yu"),
        "yong" => Some("yung"),
        "yi" => Some("i"),
        "gui" | "kui" => Some("kuei"),
        "ran" => Some("jan"),
        "rong" => Some("jung"),
        _ => None,
    };
    if let Some(whole) = whole {
        return out.push_str(whole);
    }
    let found = INITIALS.iter().find_map(|(from, to)| pinyin.strip_prefix(from).map(|rest| (*from, *to, rest)));
    let (initial, giles, rest) = found.unwrap_or(("", "", pinyin));
    out.push_str(giles);
    out.push_str(match rest {
        "ian" => "ien",
        "ie" => "ieh",
        "iong" => "iung",
        "iu" => "iu",
        "ong" => "ung",
        "uo" if matches!(initial, "g" | "k" | "h" | "sh") => "uo",
        "uo" => "o",
        "ue" => "ueh",
        "e" if !matches!(initial, "m" | "y" | "") => "e",
        other => other,
    });
}
