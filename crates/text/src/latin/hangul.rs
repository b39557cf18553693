//! Korean syllables: Revised Romanization, the North Korean and the McCune–Reischauer system, and the popular spelling.
//!
//! Idea: a syllable of the block U+AC00 is an initial, a vowel and a final by arithmetic (The Unicode Standard, 3.12). A
//! person's name of two to four syllables is surname and given name. Sources: Revised Romanization of Korean, Ministry of
//! Culture and Tourism, notice 2000-8, with the sound changes for names of places and without them inside given names, as it
//! demands; romanisation of the DPRK of 1992 (k t p for ㄱ ㄷ ㅂ, o for ㅓ); McCune and Reischauer, 1939, without diacritics;
//! popular spellings (Young, Hyun, Sung) by syllable from our table. Cost: O(1) a syllable.
use std::sync::LazyLock;

use smallvec::SmallVec;

use super::{Hints, Part, Place, Spellings};
use crate::Text;
use crate::name::NameKind;
use crate::script::Script;
use crate::table;

struct Surname {
    written: &'static str,
    /// South, North, McCune–Reischauer, other.
    readings: [&'static str; 4],
}

static SURNAMES: LazyLock<Vec<Surname>> = LazyLock::new(|| {
    let rows = table::rows_below_header(include_str!("../../data/latin/hangul_surnames.tsv"));
    let mut surnames: Vec<Surname> = rows
        .filter_map(|row| {
            let mut cells = row.split('\t');
            let written = cells.next()?;
            Some(Surname { written, readings: [cells.next()?, cells.next()?, cells.next()?, cells.next()?] })
        })
        .collect();
    surnames.sort_by_key(|surname| surname.written);
    surnames
});

fn surname(written: &str) -> Option<&'static Surname> {
    let at = SURNAMES.binary_search_by(|known| known.written.cmp(written)).ok()?;
    SURNAMES.get(at)
}

/// Words of firms, cut off the end or the start of an unspaced word.
const FIRM_WORDS: [&str; 12] = [
    "주식회사",
    "유한회사",
    "합자회사",
    "합명회사",
    "유한책임회사",
    "총회사",
    "회사",
    "은행",
    "무역",
    "그룹",
    "공사",
    "대학교",
];

/// Cuts a stretch of Korean syllables that begins at byte `start` of its word; `whole` says that it is the whole word.
pub(crate) fn parts(text: &str, start: usize, whole: bool, hints: Hints, out: &mut Vec<Part>) {
    let part =
        |from: usize, to: usize, place| Part { start: start + from, end: start + to, script: Script::Hangul, place };
    let n_syllables = text.chars().count();
    if whole && hints.kind == NameKind::Person && hints.n_words > 1 {
        let place = if hints.is_first && surname(text).is_some() { Place::Surname } else { Place::Given };
        return out.push(part(0, text.len(), place));
    }
    let end = |n: usize| text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(n);
    let known = |n: usize| end(n).filter(|end| text.get(..*end).and_then(surname).is_some());
    let is_person = match hints.kind {
        NameKind::Person => (2..=5).contains(&n_syllables),
        NameKind::Unknown => n_syllables == 3 && hints.n_words == 1,
        NameKind::Organization | NameKind::Object => false,
    };
    if whole && is_person {
        let two = if n_syllables > 2 { known(2) } else { None };
        if let Some(at) = two.or_else(|| known(1)) {
            out.push(part(0, at, Place::Surname));
            return out.push(part(at, text.len(), Place::Given));
        }
    }
    if hints.kind != NameKind::Person {
        for word in FIRM_WORDS {
            if let Some(at) = text.strip_suffix(word).map(str::len).filter(|at| *at > 0) {
                parts(text.get(..at).unwrap_or_default(), start, false, hints, out);
                return out.push(part(at, text.len(), Place::Word));
            }
            if let Some(rest) = text.strip_prefix(word).filter(|rest| !rest.is_empty()) {
                out.push(part(0, word.len(), Place::Word));
                return parts(rest, start + word.len(), false, hints, out);
            }
        }
    }
    out.push(part(0, text.len(), if whole { Place::Word } else { Place::Given }));
}

/// The readings of a stretch: Revised Romanization (of a surname: as in the South), North, McCune–Reischauer, popular.
pub(crate) fn readings(text: &str, place: Place, out: &mut Spellings) {
    if let Some(surname) = surname(text).filter(|_| place == Place::Surname) {
        return out.extend(surname.readings.map(Text::from));
    }
    let syllables: SmallVec<[Syllable; 8]> = text.chars().map(Syllable::new).collect();
    let (mut plain, mut north, mut mccune, mut popular) =
        (Text::default(), Text::default(), Text::default(), Text::default());
    for (at, syllable) in syllables.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| syllables.get(before));
        syllable.revised(&mut plain);
        syllable.north(&mut north);
        syllable.mccune(before, &mut mccune);
        syllable.popular(&mut popular);
    }
    let mut assimilated = Text::default();
    assimilate(&syllables, &mut assimilated);
    if place == Place::Word {
        out.extend([assimilated, north, mccune, plain]);
    } else {
        out.extend([plain, north, mccune, popular, assimilated]);
    }
}

/// Initial, vowel and final by number, or another character as it is.
#[derive(Clone, Copy)]
enum Syllable {
    Block { initial: usize, vowel: usize, last: usize },
    Other(char),
}

const INITIALS: [&str; 19] =
    ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
const INITIALS_NORTH: [&str; 19] =
    ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "j", "jj", "ch", "kh", "th", "ph", "h"];
const INITIALS_MCCUNE: [&str; 19] =
    ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "ch", "tch", "ch", "k", "t", "p", "h"];
const VOWELS: [&str; 21] = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
];
/// ŏ, yŏ and ŭ without the breve.
const VOWELS_MCCUNE: [&str; 21] = [
    "a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u", "ui",
    "i",
];
const FINALS: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
];
/// What a final becomes before a vowel: the last of its letters moves over (numbers of [`INITIALS`]), the rest stays.
const CARRIED: [(&str, &str); 28] = [
    ("", ""),
    ("", "g"),
    ("", "kk"),
    ("k", "s"),
    ("", "n"),
    ("n", "j"),
    ("", "n"),
    ("", "d"),
    ("", "r"),
    ("l", "g"),
    ("l", "m"),
    ("l", "b"),
    ("l", "s"),
    ("l", "t"),
    ("l", "p"),
    ("", "r"),
    ("", "m"),
    ("", "b"),
    ("p", "s"),
    ("", "s"),
    ("", "ss"),
    ("ng", ""),
    ("", "j"),
    ("", "ch"),
    ("", "k"),
    ("", "t"),
    ("", "p"),
    ("", ""),
];

impl Syllable {
    fn new(c: char) -> Syllable {
        let Some(number) = (c as usize).checked_sub(0xac00).filter(|number| *number < 11_172) else {
            return Syllable::Other(c);
        };
        Syllable::Block { initial: number / 588, vowel: number % 588 / 28, last: number % 28 }
    }

    fn spell(self, initials: &[&str; 19], vowels: &[&str; 21], out: &mut Text) {
        match self {
            Syllable::Block { initial, vowel, last } => {
                out.push_str(initials[initial]);
                out.push_str(vowels[vowel]);
                out.push_str(FINALS[last]);
            }
            Syllable::Other(c) => super::rules::push_ascii(any_ascii::any_ascii_char(c), out),
        }
    }

    fn revised(self, out: &mut Text) {
        self.spell(&INITIALS, &VOWELS, out);
    }

    fn north(self, out: &mut Text) {
        self.spell(&INITIALS_NORTH, &VOWELS_MCCUNE, out);
    }

    /// ㄱ ㄷ ㅂ ㅈ are voiced after a vowel or a voiced consonant.
    fn mccune(self, before: Option<&Syllable>, out: &mut Text) {
        let voiced = matches!(before, Some(Syllable::Block { last: 0 | 4 | 8 | 16 | 21, .. }));
        match self {
            Syllable::Block { initial: initial @ (0 | 3 | 7 | 12), .. } if voiced => {
                let mut initials = INITIALS_MCCUNE;
                initials[initial] = INITIALS[initial];
                self.spell(&initials, &VOWELS_MCCUNE, out);
            }
            _ => self.spell(&INITIALS_MCCUNE, &VOWELS_MCCUNE, out),
        }
    }

    /// As South Koreans spell their given names when they do not follow the state's system.
    fn popular(self, out: &mut Text) {
        let Syllable::Block { initial, vowel, last } = self else { return self.revised(out) };
        let initial = if initial == 9 && matches!(vowel, 20) { "sh" } else { INITIALS[initial] };
        let initial = if initial == "g" { "k" } else { initial };
        let vowel = match (vowel, last) {
            (4, 0) => "eo",
            (4, _) => "u",
            (6, 4) if initial.is_empty() => "yeo",
            (6, 21) if initial.is_empty() => "you",
            (6, _) => "yu",
            (13, 0 | 4) => "oo",
            (17, _) => "you",
            (other, _) => VOWELS[other],
        };
        let vowel = if initial.is_empty() && vowel == "oo" { "woo" } else { vowel };
        out.push_str(initial);
        out.push_str(vowel);
        out.push_str(FINALS[last]);
    }
}

/// Revised Romanization with the sound changes between syllables that it writes.
fn assimilate(syllables: &[Syllable], out: &mut Text) {
    // What the syllable before hands over in place of this one's initial.
    let mut carried: Option<&'static str> = None;
    for (at, syllable) in syllables.iter().enumerate() {
        let Syllable::Block { initial, vowel, last } = *syllable else {
            syllable.revised(out);
            carried = None;
            continue;
        };
        out.push_str(carried.take().unwrap_or(INITIALS[initial]));
        out.push_str(VOWELS[vowel]);
        let next = match syllables.get(at + 1) {
            Some(Syllable::Block { initial, .. }) => Some(*initial),
            _ => None,
        };
        let (last, next) = join(last, next);
        out.push_str(last);
        carried = next;
    }
}

/// Final of a syllable and initial of the next, after their changes.
fn join(last: usize, next: Option<usize>) -> (&'static str, Option<&'static str>) {
    let Some(next) = next else { return (FINALS[last], None) };
    let plain = FINALS[last];
    match (plain, INITIALS[next]) {
        (_, "") if last > 0 => (CARRIED[last].0, Some(CARRIED[last].1)),
        ("k", "n" | "m") => ("ng", None),
        ("k", "r") => ("ng", Some("n")),
        ("t", "n" | "m") => ("n", None),
        ("t", "r") => ("n", Some("n")),
        ("p", "n" | "m") => ("m", None),
        ("p", "r") => ("m", Some("n")),
        ("n", "r") | ("l", "n" | "r") => ("l", Some("l")),
        ("m" | "ng", "r") => (plain, Some("n")),
        _ => (plain, None),
    }
}
