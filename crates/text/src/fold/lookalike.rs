//! Letters of one script put in the place of letters that look the same in another, and digits put for letters.
//!
//! Idea: a word is in one script. Letters that have no twin elsewhere decide which; the others follow. A word of twins only
//! (`СОСО`) follows the rest of the name. Which letters look alike is a fact of shape; our table holds the pairs of Latin
//! with Cyrillic, Greek and Armenian that Unicode Technical Standard #39 (Unicode Security Mechanisms, 17.0, confusables)
//! also names and that stand in ordinary alphabets. Invariant: whether a letter has a twin does not depend on its case.
//! Cost: linear; text of one script and without digits inside words is returned as it is.
use std::borrow::Cow;
use std::sync::LazyLock;

use super::Lookalikes;
use crate::script::{Script, script_of};

/// A digit stands for a letter only in words with at least this many letters: `m3`, `b2b`, `h1n1` are names of their own.
pub const MIN_LETTERS_AROUND_DIGITS: u32 = 3;

/// Cyrillic letters and the Latin ones they look like.
const CYRILLIC: (&str, &str) =
    ("АВЕКМНОРСТУХІЈЅҮԚԜѴҺԀӀЁЇавекмнорстухіјѕүԛԝѵһԁӏёї", "ABEKMHOPCTYXIJSYQWVHDIËÏabekmhopctyxijsyqwvhdlëï");

/// Latin letters and the Cyrillic ones they look like.
const TO_CYRILLIC: (&str, &str) = ("ABEKMHOPCTYXIJËÏabekmhopctyxijëï", "АВЕКМНОРСТУХІЈЁЇавекмнорстухіјёї");

/// Greek letters and the Latin ones they look like.
const GREEK: (&str, &str) = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεζηικμνορτυχ", "ABEZHIKMNOPTYXabeznikuvoptux");

/// Latin letters and the Greek ones they look like.
const TO_GREEK: (&str, &str) = ("ABEZHIKMNOPTYXUVabezhikmnoptyxuv", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΥΝαβεζηικμηορτυχυν");

/// Armenian letters and the Latin ones they look like.
const ARMENIAN: (&str, &str) = ("ՕՍՈՀԼՑԶօսոհլցզ", "OUNHLGQounhlgq");

/// The scripts that have twins among each other.
const TWINNED: [Script; 4] = [Script::Latin, Script::Cyrillic, Script::Greek, Script::Armenian];

fn find((from, to): (&str, &str), c: char) -> Option<char> {
    from.chars().zip(to.chars()).find(|(from, _)| *from == c).map(|(_, to)| to)
}

/// The letter of script `to` that `c` looks like.
fn twin(c: char, to: Script) -> Option<char> {
    let latin = match script_of(c) {
        Script::Latin => Some(c),
        Script::Cyrillic => find(CYRILLIC, c),
        Script::Greek => find(GREEK, c),
        Script::Armenian => find(ARMENIAN, c),
        _ => None,
    }?;
    match to {
        Script::Latin => Some(latin),
        Script::Cyrillic => find(TO_CYRILLIC, latin),
        Script::Greek => find(TO_GREEK, latin),
        _ => None,
    }
}

/// Which letters of ASCII have a twin, as bits.
static ASCII_TWINS: LazyLock<u128> = LazyLock::new(|| {
    let twins = [TO_CYRILLIC, TO_GREEK].into_iter().flat_map(|(latin, _)| latin.chars()).filter(char::is_ascii);
    twins.fold(0, |bits, c| bits | 1 << c as u32)
});

/// Whether a letter has a twin in another script that words are carried into.
fn has_twin(c: char, script: Script) -> bool {
    match script {
        Script::Latin if c.is_ascii() => *ASCII_TWINS >> c as u32 & 1 == 1,
        Script::Latin => find(TO_CYRILLIC, c).is_some() || find(TO_GREEK, c).is_some(),
        _ => twin(c, Script::Latin).is_some(),
    }
}

/// How many letters of each of [`TWINNED`] a stretch of text has, and how many of them have no twin elsewhere.
#[derive(Clone, Copy, Default)]
struct Census {
    letters: [u32; 4],
    own: [u32; 4],
}

impl Census {
    fn of(text: &str) -> Census {
        let mut census = Census::default();
        for c in text.chars() {
            let script = script_of(c);
            if let Some(at) = TWINNED.iter().position(|twinned| *twinned == script) {
                census.letters[at] += 1;
                census.own[at] += u32::from(!has_twin(c, script));
            }
        }
        census
    }

    fn n_scripts(&self) -> usize {
        self.letters.iter().filter(|count| **count > 0).count()
    }

    /// The script that most letters without twin, else most letters have; Latin before the others when even.
    fn winner(counts: &[u32; 4]) -> Option<Script> {
        let most = *counts.iter().max()?;
        let at = counts.iter().position(|count| *count == most)?;
        (most > 0).then_some(TWINNED[at])
    }
}

/// Carries letters of a foreign script in each word into the word's own, and digits inside words into letters. True when a
/// whole word of look-alikes followed the rest of the name.
pub(super) fn unify(text: &str, lookalikes: Lookalikes) -> (Cow<'_, str>, bool) {
    let census = Census::of(text);
    let mixed = census.n_scripts() > 1;
    if !mixed && !text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@' || byte == b'$') {
        return (Cow::Borrowed(text), false);
    }
    let evidence = evidence(text);
    let rest = Census::winner(&evidence);
    let mut out = String::with_capacity(text.len());
    let mut carried = false;
    let mut rest_of_text = text;
    while let Some(c) = rest_of_text.chars().next() {
        let is_word = in_word(c);
        let end = rest_of_text.find(|c| in_word(c) != is_word).unwrap_or(rest_of_text.len());
        let (part, after) = rest_of_text.split_at(end);
        rest_of_text = after;
        if !is_word {
            out.push_str(part);
            continue;
        }
        let word = Census::of(part);
        let script = match (word.n_scripts(), Census::winner(&word.own)) {
            (1, None) => {
                let own = Census::winner(&word.letters);
                let alone = own.and_then(|own| TWINNED.iter().position(|twinned| *twinned == own));
                let foreign = alone.is_some_and(|at| evidence[at] == 0);
                let to = rest.filter(|_| foreign && lookalikes == Lookalikes::Name);
                let whole = to.filter(|to| part.chars().all(|c| !c.is_alphabetic() || twin(c, *to).is_some()));
                carried |= whole.is_some() && whole != own;
                whole
            }
            (0, _) | (1, Some(_)) => None,
            (_, Some(own)) => Some(own),
            (_, None) => rest.or_else(|| Census::winner(&word.letters)),
        };
        let from = out.len();
        match script {
            Some(to) => out.extend(part.chars().map(|c| {
                let script = script_of(c);
                if script == to || !TWINNED.contains(&script) { c } else { twin(c, to).unwrap_or(c) }
            })),
            None => out.push_str(part),
        }
        spell_digits(&mut out, from);
    }
    (Cow::Owned(out), carried)
}

/// How many letters of each script tell that of the name: those without twin, but for the words that folding itself writes
/// for `&` and `+`.
fn evidence(text: &str) -> [u32; 4] {
    let mut evidence = [0; 4];
    let words = text.split(|c| !in_word(c));
    for word in words.filter(|word| !["and", "plus"].iter().any(|own| word.eq_ignore_ascii_case(own))) {
        let census = Census::of(word);
        for (total, of_word) in evidence.iter_mut().zip(census.own) {
            *total += of_word;
        }
    }
    evidence
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '@' | '$' | '\'' | '`') || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Puts letters for single digits that stand inside the word `out[from..]`, and for one at its start when another stands
/// inside: `5ber8ank`, `R0sneft`.
fn spell_digits(out: &mut String, from: usize) {
    let Some(word) = out.get(from..) else { return };
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digits = word.chars().filter(|c| is_digit(*c)).count();
    if digits == 0 || letters < MIN_LETTERS_AROUND_DIGITS as usize || digits * 2 > letters {
        return;
    }
    let chars: Vec<char> = word.chars().collect();
    let inside = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| chars.get(before)).copied();
        let after = chars.get(at + 1).copied();
        match (before, after) {
            (Some(before), Some(after)) if before.is_alphabetic() && after.is_alphabetic() => Some((before, after)),
            _ => None,
        }
    };
    let mut spelled = chars.clone();
    let mut any = false;
    for (at, c) in chars.iter().enumerate().filter(|(_, c)| is_digit(**c)) {
        if let Some(letter) = inside(at).and_then(|(before, after)| letter_for(*c, before, after)) {
            spelled[at] = letter;
            any = true;
        }
    }
    if any {
        if let ([first, second, ..], [spelled_first, ..]) = (&chars[..], &mut spelled[..])
            && is_digit(*first)
            && second.is_alphabetic()
        {
            *spelled_first = letter_for(*first, 'a', *second).unwrap_or(*first);
        }
        out.truncate(from);
        out.extend(spelled);
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '@' | '$')
}

/// The letter that a digit between two letters stands for: `1` is i between consonants, else l.
fn letter_for(digit: char, before: char, after: char) -> Option<char> {
    let is_vowel = |c: char| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    match script_of(before.max(after)) {
        Script::Latin => Some(match digit {
            '0' => 'o',
            '1' if !is_vowel(before) && !is_vowel(after) => 'i',
            '1' => 'l',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            '8' => 'b',
            _ => return None,
        }),
        Script::Cyrillic => Some(match digit {
            '0' => 'о',
            '3' => 'з',
            '4' => 'ч',
            '6' => 'б',
            '8' => 'в',
            '@' => 'а',
            _ => return None,
        }),
        _ => None,
    }
}
