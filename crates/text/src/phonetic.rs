//! Keys that words of like sound share.
//!
//! Idea: two keys beside each other. The *consonant skeleton* is what remains of a word when what alphabets without vowels
//! leave out, and what romanisations disagree on, is taken away: `muhammad`, `mohamed` and `mhmd` are all `mmd`. The *sound
//! codes* follow the classes of Daitch and Mokotoff (Avotaynu, 1985), made for Slavic and Yiddish surnames in foreign
//! spelling, with up to four codes where a spelling is ambiguous; here as our own table, hashed to 32 bits.
//! Invariant: both depend on the token alone; the hash is FNV-1a, so keys are the same on every machine.
//! Cost: linear, no allocation beyond the caller's buffers.

/// Consonant skeleton of a Latin token, appended to `out`.
///
/// Vowels go, and h, w and y but for the first letter; a word that begins with a vowel keeps `a` for it. Of the rest
/// kh→x gh→g sh→s zh→s th→t dh→d ph→f q→k j→g v→w p→b z→s, and c by its neighbours to k, s or c (as in church). Doubled
/// letters count once. Before a, e, i a w is a v (`kowalski`), elsewhere a vowel (`dawud`).
pub fn skeleton_into(token: &str, out: &mut String) {
    out.extend(consonants(token, skeleton_consonant));
}

#[expect(clippy::match_same_arms, reason = "the order of the patterns decides, so arms cannot be joined")]
fn skeleton_consonant(rest: &[u8], token: &[u8]) -> (usize, u8) {
    let at_start = rest.len() == token.len();
    match *rest {
        [b's', b'c', b'h', ..] => (3, b's'),
        [b't', b's', b'c', b'h', ..] => (4, b'c'),
        [b't', b'c', b'h', ..] => (3, b'c'),
        [b'd', b'z', b'h', ..] => (3, b'g'),
        [b'd', b'j', ..] => (2, b'g'),
        [b'd', b'g', b'e' | b'i', ..] => (2, b'g'), // bridge, Dodgin: as the Cyrillic дж is read
        [b'c', b'h' | b'z', ..] => (2, b'c'),
        [b'c', b'k', ..] => (2, b'k'),
        [b'c', b'e' | b'i' | b'y', ..] => (1, b's'),
        [b'c'] if token.ends_with(b"ic") => (1, b'c'), // South Slavic -ić
        [b'q' | b'k' | b'x', b'h', ..] => (2, b'x'),
        [b'c' | b'q' | b'k', ..] => (1, b'k'),
        [b'g', b'h', ..] => (2, b'g'),
        [b's' | b'z', b'h', ..] => (2, b's'),
        [b't', b'h', ..] => (2, b't'),
        [b'd', b'h', ..] => (2, b'd'),
        [b'p', b'h', ..] => (2, b'f'),
        [b'x', ..] if at_start => (1, b's'),
        [b'x', ..] => (1, KS),
        [b'j', ..] => (1, b'g'),
        [b'z', ..] => (1, b's'),
        [b'p', ..] => (1, b'b'),
        [b'v', ..] => (1, b'w'),
        [b'w', b'a' | b'e' | b'i', ..] => (1, b'w'),
        [b'w', ..] if at_start => (1, b'w'),
        [b'h', ..] if at_start => (1, b'h'),
        [b'y', b'e', ..] if at_start => (2, b'a'),
        [b'y', ..] if at_start => (1, b'y'),
        [b'i', b'a' | b'o' | b'u', ..] if at_start => (1, b'y'),
        [b'a' | b'e' | b'i' | b'o' | b'u', ..] if at_start => (1, b'a'),
        [b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' | b'w', ..] => (1, 0),
        [other, ..] => (1, other),
        [] => (0, 0),
    }
}

/// Consonants of a Latin token as a script without vowels may have written them, appended to `out`: of such a word and of the same
/// word with its vowels the row is the same.
///
/// Looser than the skeleton: w, v, y and h go too but for the first letter, as they may be vowels; k, q, kh and gh are one class,
/// j and g another, as Persian, Turkish and French spellings take them for each other.
pub fn unvowelled_into(token: &str, out: &mut String) {
    out.extend(unvowelled(token));
}

/// As [`unvowelled_into`], one after the other.
pub fn unvowelled(token: &str) -> impl Iterator<Item = char> {
    consonants(token, unvowelled_consonant)
}

#[expect(clippy::match_same_arms, reason = "the order of the patterns decides, so arms cannot be joined")]
fn unvowelled_consonant(rest: &[u8], token: &[u8]) -> (usize, u8) {
    let at_start = rest.len() == token.len();
    match *rest {
        [b't', b'c' | b's', b'h', ..] => (3, b's'),
        [b'd', b'j', ..] => (2, b'g'),
        [b's' | b'z' | b'c', b'h', ..] => (2, b's'),
        [b'k' | b'g', b'h', ..] => (2, b'k'),
        [b't', b'h', ..] => (2, b't'),
        [b'd', b'h', ..] => (2, b'd'),
        [b'p', b'h', ..] => (2, b'f'),
        [b'c', b'e' | b'i', ..] => (1, b's'),
        [b'c' | b'k' | b'q' | b'x', ..] => (1, b'k'),
        [b'j' | b'g', ..] => (1, b'g'),
        [b's' | b'z', ..] => (1, b's'),
        [b'p' | b'b', ..] => (1, b'b'),
        [b'a' | b'e' | b'i' | b'o' | b'u' | b'y', ..] if at_start => (1, b'a'),
        [b'w' | b'v', ..] if at_start => (1, b'w'),
        [b'h', ..] if at_start => (1, b'h'),
        [b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' | b'w' | b'v', ..] => (1, 0),
        [other, ..] => (1, other),
        [] => (0, 0),
    }
}

/// Code of an x within a word, which is two consonants.
const KS: u8 = 1;

/// The consonants of a token as `consonant_at` classes them: it gets what is left of the token, never nothing, and all of it, and says
/// how many bytes the next sound takes and its code, 0 for none. A consonant that repeats the one before it at once counts once.
fn consonants(token: &str, consonant_at: impl Fn(&[u8], &[u8]) -> (usize, u8)) -> impl Iterator<Item = char> {
    let mut rest = token.as_bytes();
    // The last consonant given, and whether nothing was dropped since; what an x still has to give.
    let mut last = 0_u8;
    let mut second = None;
    std::iter::from_fn(move || {
        if let Some(code) = second.take() {
            last = code;
            return Some(char::from(code));
        }
        while !rest.is_empty() {
            let (len, code) = consonant_at(rest, token.as_bytes());
            rest = rest.get(len..).unwrap_or_default();
            let code = if code == KS {
                second = Some(b's');
                b'k'
            } else {
                code
            };
            let again = std::mem::replace(&mut last, code) == code;
            if code != 0 && !again && code.is_ascii() {
                return Some(char::from(code));
            }
            if let Some(code) = second.take() {
                last = code;
                return Some(char::from(code));
            }
        }
        None
    })
}

/// Most keys of one token.
pub const MAX_KEYS: usize = 4;

/// Length of a sound code.
const CODE_LEN: usize = 6;

/// Phonetic keys of a Latin token as stable 32-bit hashes, appended to `out`: at most four, ascending, without doubles.
pub fn keys_into(token: &str, out: &mut Vec<u32>) {
    let from = out.len();
    let mut codes = [Code::default(); MAX_KEYS];
    let mut n_codes = 1;
    let mut rest = token.as_bytes();
    let mut at_start = true;
    while !rest.is_empty() {
        let Spelling { len, sound, or } = spelling(rest);
        let before_vowel = rest.get(len).is_some_and(|next| is_vowel(*next));
        let case = |sound: &Sound| {
            if at_start {
                sound.start
            } else if before_vowel {
                sound.before_vowel
            } else {
                sound.other
            }
        };
        let first = case(&sound);
        let second = or.as_ref().map(case).filter(|second| *second != first);
        let n_before = n_codes;
        for at in 0..n_before {
            if let Some(second) = second
                && n_codes < MAX_KEYS
            {
                codes[n_codes] = codes[at];
                codes[n_codes].add(second);
                n_codes += 1;
            }
            codes[at].add(first);
        }
        rest = rest.get(len..).unwrap_or_default();
        at_start = false;
    }
    for code in &codes[..n_codes] {
        if code.len > 0 {
            out.push(code.hash());
        }
    }
    out[from..].sort_unstable();
    let mut kept = from;
    for at in from..out.len() {
        if at == from || out[at] != out[kept - 1] {
            out[kept] = out[at];
            kept += 1;
        }
    }
    out.truncate(kept);
}

/// A code in the making.
#[derive(Clone, Copy, Default)]
struct Code {
    digits: [u8; CODE_LEN],
    len: usize,
    last: u8,
}

impl Code {
    /// Adds the digits of a sound; a digit that repeats the one before at once counts once, a silent sound lies between.
    fn add(&mut self, digits: &str) {
        let mut before = self.last;
        for digit in digits.bytes() {
            if digit != before && self.len < CODE_LEN {
                self.digits[self.len] = digit;
                self.len += 1;
            }
            before = digit;
        }
        self.last = if digits.is_empty() { 0 } else { before };
    }

    /// FNV-1a, 32 bits.
    fn hash(&self) -> u32 {
        let digits = self.digits.iter().take(self.len);
        digits.fold(0x811c_9dc5, |hash, digit| (hash ^ u32::from(*digit)).wrapping_mul(0x0100_0193))
    }
}

/// Digits of a spelling at the start of a word, before a vowel, and elsewhere.
struct Sound {
    start: &'static str,
    before_vowel: &'static str,
    other: &'static str,
}

const fn all(digits: &'static str) -> Sound {
    Sound { start: digits, before_vowel: digits, other: digits }
}

const fn by_place(start: &'static str, before_vowel: &'static str, other: &'static str) -> Sound {
    Sound { start, before_vowel, other }
}

/// A spelling at the start of what is left of a token.
struct Spelling {
    /// Bytes it takes.
    len: usize,
    /// How it sounds.
    sound: Sound,
    /// How else it may sound.
    or: Option<Sound>,
}

const fn one(len: usize, sound: Sound) -> Spelling {
    Spelling { len, sound, or: None }
}

const fn two(len: usize, sound: Sound, or: Sound) -> Spelling {
    Spelling { len, sound, or: Some(or) }
}

const STOP: Sound = all("3");
const SIBILANT: Sound = all("4");
const GUTTURAL: Sound = all("5");
const NASAL: Sound = all("6");
const LABIAL: Sound = all("7");
const YOD: Sound = by_place("1", "", "");

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// The spelling that `rest` begins with, longest first.
#[expect(clippy::match_same_arms, reason = "the order of the patterns decides, so arms cannot be joined")]
fn spelling(rest: &[u8]) -> Spelling {
    match *rest {
        [b'a', b'u', ..] => one(2, by_place("0", "7", "")),
        [b'e', b'u', ..] => one(2, by_place("1", "1", "")),
        [b'a' | b'e' | b'o' | b'u', b'i' | b'j' | b'y', ..] => one(2, by_place("0", "1", "")),
        [b'i' | b'y', b'e', ..] => two(2, YOD, by_place("0", "", "")),
        [b'i', b'a' | b'o' | b'u', ..] => one(2, YOD),
        [b'a' | b'e' | b'i' | b'o' | b'u', ..] => one(1, by_place("0", "", "")),
        [b'y', ..] => one(1, YOD),
        [b'j', ..] => two(1, YOD, SIBILANT),
        [b'c', b'h', b's', ..] => one(3, by_place("5", "54", "54")),
        [b'c', b'h', ..] => two(2, GUTTURAL, SIBILANT),
        [b'c', b'k', ..] => two(2, GUTTURAL, all("45")),
        [b'c', b's' | b'z', ..] => one(2, SIBILANT),
        [b'c', ..] => two(1, GUTTURAL, SIBILANT),
        [b'd', b'z' | b's', b'h', ..] => one(3, SIBILANT),
        [b'd', b'z' | b's' | b'j', ..] => one(2, SIBILANT),
        [b'd' | b't', b't' | b'h', ..] if !rest.starts_with(b"tt") => one(2, STOP),
        [b't', b's' | b't', b'c', b'h', ..] => one(4, SIBILANT),
        [b't', b'c', b'h', ..] | [b't', b's', b'h' | b'z', ..] | [b't', b'z', b's', ..] => one(3, SIBILANT),
        [b't', b't', b's' | b'z', ..] => one(3, SIBILANT),
        [b't', b's' | b'z' | b'c', ..] => one(2, SIBILANT),
        [b'd' | b't', ..] => one(1, STOP),
        [b's', b'h', b'c', b'h', ..] => one(4, by_place("2", "4", "4")),
        [b's', b'c', b'h', b't' | b'd', ..] => one(4, by_place("2", "43", "43")),
        [b's', b'h', b't', ..] => one(3, by_place("2", "43", "43")),
        [b's', b'c', b'h', ..] => one(3, SIBILANT),
        [b's', b't', b's' | b'z', ..] => one(3, by_place("2", "4", "4")),
        [b's' | b'z', b't' | b'd', ..] => one(2, by_place("2", "43", "43")),
        [b's' | b'z', b'h' | b'z' | b's', ..] => one(2, SIBILANT),
        [b's' | b'z', ..] => one(1, SIBILANT),
        [b'r', b'z' | b's', ..] => two(2, all("94"), SIBILANT),
        [b'r', ..] => one(1, all("9")),
        [b'k', b's', ..] => one(2, by_place("5", "54", "54")),
        [b'x', ..] => one(1, by_place("5", "54", "54")),
        [b'k' | b'g', b'h', ..] => one(2, GUTTURAL),
        [b'k' | b'g' | b'q', ..] => one(1, GUTTURAL),
        [b'h', ..] => one(1, by_place("5", "5", "")),
        [b'm', b'n', ..] | [b'n', b'm', ..] => one(2, all("66")),
        [b'm' | b'n', ..] => one(1, NASAL),
        [b'p', b'f' | b'h', ..] => one(2, LABIAL),
        [b'b' | b'f' | b'p' | b'v' | b'w', ..] => one(1, LABIAL),
        [b'l', ..] => one(1, all("8")),
        [digit @ b'0'..=b'9', ..] => one(1, all(DIGITS[usize::from(digit - b'0')])),
        _ => one(1, all("")),
    }
}

/// Digits of the token stay apart from the digits of codes.
const DIGITS: [&str; 10] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
