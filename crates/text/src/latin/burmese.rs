//! Burmese, by sound, one token a syllable.
//!
//! Idea: a syllable is an onset with medials, and a rhyme of vowel signs and a killed final; names are written in Latin letters
//! syllable by syllable (Aung San Suu Kyi). Source: the spelling usual for names, near to BGN/PCGN 1970; tones are not written.
//! The second reading has the voicing that follows a vowel or nasal inside a word (`ရန်ကုန်` Yangon) and the other habits
//! (ay, oe, uu). Cost: linear.
use compact_str::format_compact;

use super::{Part, Place, Spellings};
use crate::Text;
use crate::script::Script;

/// Asat, which kills the vowel of its consonant; virama, which puts the next consonant beneath.
const ASAT: char = '\u{103a}';
const VIRAMA: char = '\u{1039}';

fn onset(c: char) -> Option<&'static str> {
    Some(match c {
        'က' => "k",
        'ခ' => "kh",
        'ဂ' | 'ဃ' => "g",
        'င' => "ng",
        'စ' | 'ဆ' => "s",
        'ဇ' | 'ဈ' => "z",
        'ည' | 'ဉ' => "ny",
        'တ' | 'ဋ' => "t",
        'ထ' | 'ဌ' => "ht",
        'ဒ' | 'ဓ' | 'ဍ' | 'ဎ' => "d",
        'န' | 'ဏ' => "n",
        'ပ' => "p",
        'ဖ' => "ph",
        'ဗ' | 'ဘ' => "b",
        'မ' => "m",
        'ယ' | 'ရ' => "y",
        'လ' | 'ဠ' => "l",
        'ဝ' => "w",
        'သ' => "th",
        'ဿ' => "ss",
        'ဟ' => "h",
        'အ' => "",
        _ => return None,
    })
}

/// Independent vowels, which are whole syllables.
fn vowel_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ဣ' | 'ဤ' => "i",
        'ဥ' | 'ဦ' => "u",
        'ဧ' => "e",
        'ဩ' | 'ဪ' => "aw",
        _ => return None,
    })
}

/// Whether the letter at `at` is a consonant that closes the syllable before it.
fn is_final(letters: &[char], at: usize) -> bool {
    letters.get(at).is_some_and(|c| onset(*c).is_some())
        && match letters.get(at + 1) {
            Some(&ASAT | &VIRAMA) => true,
            Some('\u{1037}') => letters.get(at + 2) == Some(&ASAT),
            _ => false,
        }
}

/// Cuts a stretch at its syllables. All but the first have [`Place::Given`], so that they can be voiced.
pub(crate) fn parts(text: &str, start: usize, out: &mut Vec<Part>) {
    let letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    let mut from = 0;
    let mut begins = Vec::new();
    for (number, c) in letters.iter().enumerate() {
        let is_syllable = vowel_letter(*c).is_some() || onset(*c).is_some() && !is_final(&letters, number);
        if number == 0 || is_syllable {
            begins.push(at);
        }
        at += c.len_utf8();
    }
    begins.push(text.len());
    for end in begins.into_iter().skip(1) {
        let place = if from == 0 { Place::Word } else { Place::Given };
        out.push(Part { start: start + from, end: start + end, script: Script::Burmese, place });
        from = end;
    }
}

/// The readings of one syllable: plain, voiced with ay, and both in the other habits.
pub(crate) fn readings(letters: &[char], place: Place, out: &mut Spellings) {
    let plain = syllable(letters);
    let mut other = plain.clone();
    if place == Place::Given {
        for (voiceless, voiced) in
            [("kh", "g"), ("ky", "gy"), ("k", "g"), ("t", "d"), ("ph", "b"), ("p", "b"), ("s", "z")]
        {
            let keeps = voiceless == "t" && other.starts_with("th") || voiceless == "s" && other.starts_with("sh");
            if let Some(rest) = other.strip_prefix(voiceless).filter(|_| !keeps) {
                other = format_compact!("{voiced}{rest}");
                break;
            }
        }
    }
    let ay = |text: &str| text.strip_suffix('e').map_or_else(|| text.into(), |rest| format_compact!("{rest}ay"));
    let voiced = ay(&other);
    let habits = [habit(&plain), habit(&other)];
    out.extend([plain, voiced]);
    out.extend(habits);
}

/// The other way to write the same vowel.
fn habit(plain: &str) -> Text {
    if let Some(rest) = plain.strip_suffix("un") {
        return format_compact!("{rest}oon");
    }
    match plain.as_bytes() {
        [.., b'e'] => format_compact!("{}ay", plain.trim_end_matches('e')),
        [.., b'o'] => format_compact!("{plain}e"),
        [_, .., b'u'] => format_compact!("{plain}u"),
        [.., b'a'] => format_compact!("{plain}r"),
        _ => plain.into(),
    }
}

fn syllable(letters: &[char]) -> Text {
    let mut out = Text::default();
    let [first, rest @ ..] = letters else { return out };
    if let Some(vowel) = vowel_letter(*first) {
        out.push_str(vowel);
        return out;
    }
    let Some(initial) = onset(*first) else {
        for c in letters {
            super::rules::push_ascii(any_ascii::any_ascii_char(*c), &mut out);
        }
        return out;
    };
    let has = |sign: char| rest.contains(&sign);
    let palatal = has('\u{103b}') || has('\u{103c}');
    match (initial, has('\u{103e}'), palatal) {
        ("y", true, _) => out.push_str("sh"),
        (_, true, _) => {
            out.push('h');
            out.push_str(initial);
        }
        _ => out.push_str(initial),
    }
    if palatal && initial != "y" {
        out.push('y');
    }
    let round = has('\u{103d}');
    let creaky = has('\u{1037}');
    let killed = rest
        .iter()
        .position(|c| matches!(*c, ASAT | VIRAMA))
        .and_then(|at| rest.get(..at)?.iter().rev().find(|c| onset(**c).is_some()).copied());
    let rhyme = rhyme(rest, killed, round, creaky);
    if round && !rhyme.1 {
        out.push('w');
    }
    out.push_str(rhyme.0);
    out
}

/// The rhyme, and whether it already holds the medial w.
fn rhyme(signs: &[char], last: Option<char>, round: bool, creaky: bool) -> (&'static str, bool) {
    let has = |sign: char| signs.contains(&sign);
    let (i, u, e, a) = (has('\u{102d}'), has('\u{102f}'), has('\u{1031}'), has('\u{102c}') || has('\u{102b}'));
    match last {
        Some('က') if e && a => ("auk", false),
        Some('င') if e && a => ("aung", false),
        Some('က') if i && u => ("aik", false),
        Some('င') if i && u => ("aing", false),
        Some('ယ') if i && u => ("o", false),
        Some('တ' | 'ပ') if i => ("eik", false),
        Some('န' | 'မ') if i => ("ein", false),
        Some('တ' | 'ပ') if u => ("ok", false),
        Some('န' | 'မ') if u => ("on", false),
        Some('န' | 'မ') if round && creaky => ("unt", true),
        Some('န' | 'မ') if round => ("un", true),
        Some('တ' | 'ပ') if round => ("ut", true),
        Some('က') => ("et", false),
        Some('င' | 'ဉ') if creaky => ("int", false),
        Some('င' | 'ဉ') => ("in", false),
        Some('စ') => ("it", false),
        Some('တ' | 'ပ' | 'ဋ') => ("at", false),
        Some('န' | 'မ') if creaky => ("ant", false),
        Some('န' | 'မ' | 'ဏ') => ("an", false),
        Some('ည') => ("i", false),
        Some('ယ') => ("e", false),
        _ if has('\u{1036}') && u => ("on", false),
        _ if has('\u{1036}') => ("an", false),
        _ if i && u => ("o", false),
        _ if e && a => ("aw", false),
        _ if e || has('\u{1032}') => ("e", false),
        _ if i || has('\u{102e}') => ("i", false),
        _ if u || has('\u{1030}') => ("u", false),
        _ => ("a", false),
    }
}
