//! Transliteration to Latin letters: from a word in any script to its spellings in `[a-z0-9]`, the most usual first.
//!
//! Idea: no transliteration is right for all, so each script has an ordered row of systems, and reading *k* of a name takes
//! system *k* for all its words. What one script writes without a space, but Latin letters as two words (surname and given
//! name in Han and Hangul, the Arabic article, the syllables of Burmese), is cut in the own script first ([`parts`]).
//! Invariant: readings are `[a-z0-9]*`; a word that no table knows goes through `any_ascii`. Tables: `data/latin/*.tsv`, each
//! with its source. Cost: linear in the word for each system.
mod abjad;
mod burmese;
pub mod cyrillic;
mod diacritics;
mod han;
mod hangul;
mod hanja;
mod indic;
mod khmer;
mod rules;
mod tables;
mod thai;
pub(crate) mod wade_giles;

use smallvec::SmallVec;

use crate::Text;
use crate::name::NameKind;
use crate::script::{self, Run, Script};

/// The readings of a word, by system; most scripts have no more than stand here without an allocation.
pub type Spellings = SmallVec<[Text; 6]>;

/// What the whole name tells about how to read each of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hints {
    /// What bears the name.
    pub kind: NameKind,
    /// Language of its Cyrillic words.
    pub cyrillic: cyrillic::Language,
    /// Whether Arabic letters are those of Persian or Urdu.
    pub persian: bool,
    /// Whether Chinese characters write a Korean name.
    pub korean: bool,
    /// Number of words in the name.
    pub n_words: usize,
    /// Whether the word at hand is the first.
    pub is_first: bool,
}

impl Hints {
    /// Looks through a name as written and as folded.
    pub fn new(name: &str, folded: &str, kind: NameKind) -> Hints {
        let plain = folded.is_ascii();
        let cyrillic = if plain { cyrillic::Language::Unsaid } else { cyrillic::language_of(folded) };
        let persian = !plain && abjad::is_persian(name);
        let korean = !plain && hanja::is_korean(folded, kind);
        Hints { kind, cyrillic, persian, korean, n_words: 1, is_first: true }
    }
}

/// What part of a person's name a word is, where the script tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Not told.
    Word,
    /// A surname that stands first.
    Surname,
    /// What follows such a surname.
    Given,
}

/// A stretch of a word that becomes one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// First byte within the word.
    pub start: usize,
    /// Byte after the stretch.
    pub end: usize,
    /// Its script. A word that mixes alphabets is one part of script [`Script::Other`].
    pub script: Script,
    /// What part of a person's name it is.
    pub place: Place,
}

/// Cuts a folded word into the parts that become tokens.
pub fn parts(word: &str, hints: Hints, runs: &mut Vec<Run>, out: &mut Vec<Part>) {
    if word.is_ascii() {
        return out.push(Part { start: 0, end: word.len(), script: script::dominant(word), place: Place::Word });
    }
    runs.clear();
    script::runs(word, runs);
    if runs.len() > 1 && runs.iter().all(|run| run.script.is_alphabet()) {
        return out.push(Part { start: 0, end: word.len(), script: Script::Other, place: Place::Word });
    }
    let whole = runs.len() == 1;
    let mut cuts: SmallVec<[usize; 4]> = SmallVec::new();
    for run in runs.iter() {
        let text = word.get(run.start..run.end).unwrap_or_default();
        match run.script {
            Script::Han => han::parts(text, run.start, whole, hints, out),
            Script::Hangul => hangul::parts(text, run.start, whole, hints, out),
            Script::Burmese => burmese::parts(text, run.start, out),
            script => {
                cuts.clear();
                match script {
                    Script::Arabic => abjad::arabic_cuts(text, hints.persian, hints.kind, &mut cuts),
                    Script::Hebrew => cuts.extend(abjad::hebrew_article(text)),
                    _ => {}
                }
                let mut from = 0;
                for to in cuts.iter().copied().chain([text.len()]) {
                    out.push(Part { start: run.start + from, end: run.start + to, script, place: Place::Word });
                    from = to;
                }
            }
        }
    }
}

/// Appends the readings of a part, best first; `chars` is scratch.
pub fn readings(text: &str, script: Script, place: Place, hints: Hints, chars: &mut Vec<char>, out: &mut Spellings) {
    if text.is_ascii() {
        return out.push(text.into());
    }
    chars.clear();
    chars.extend(text.chars());
    match script {
        Script::Latin => diacritics::readings(text, out),
        Script::Cyrillic => cyrillic::readings(chars, hints.cyrillic, out),
        Script::Greek => tables::greek(chars, out),
        Script::Georgian => tables::georgian(chars, out),
        Script::Armenian => tables::armenian(chars, out),
        Script::Kana => tables::kana(chars, out),
        Script::Arabic => abjad::arabic(text, chars, hints.persian, out),
        Script::Hebrew => abjad::hebrew(text, chars, out),
        Script::Han => han::readings(text, place, hints.korean, out),
        Script::Hangul => hangul::readings(text, place, out),
        Script::Devanagari | Script::Bengali | Script::Tamil => indic::readings(text, script, out),
        Script::Thai => thai::readings(chars, out),
        Script::Burmese => burmese::readings(chars, place, out),
        Script::Khmer => khmer::readings(chars, out),
        Script::Other => mixed(text, hints, out),
        Script::Common => fallback(text, out),
    }
}

/// A word of several alphabets: each stretch by its own, put together again.
fn mixed(text: &str, hints: Hints, out: &mut Spellings) {
    let mut runs = Vec::new();
    script::runs(text, &mut runs);
    if runs.len() < 2 {
        return fallback(text, out);
    }
    let mut chars = Vec::new();
    let mut whole = Text::default();
    for run in &runs {
        let mut stretch = Spellings::new();
        let part = text.get(run.start..run.end).unwrap_or_default();
        readings(part, run.script, Place::Word, hints, &mut chars, &mut stretch);
        whole.push_str(stretch.first().map_or("", Text::as_str));
    }
    out.push(whole);
}

/// The spelling of `any_ascii` (a table for all of Unicode, ISC).
fn fallback(text: &str, out: &mut Spellings) {
    let mut spelled = Text::default();
    text.chars().for_each(|c| rules::push_ascii(any_ascii::any_ascii_char(c), &mut spelled));
    out.push(spelled);
}
