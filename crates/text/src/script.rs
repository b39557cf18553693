//! Which script a character, a word or a name is written in.
//!
//! Idea: the property Script of the Unicode Character Database (UAX #24) by way of `icu_properties`, reduced to the scripts
//! that the transliteration knows; the commonest blocks are told by range alone.
//! Invariant: the numbers of [`Script`] are fixed, as snapshots store them. Cost: O(1) a character.
use icu_properties::CodePointMapData;
use icu_properties::props::Script as UnicodeScript;

/// The scripts that names on lists are written in; all others are `Other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Script {
    /// Digits, marks, punctuation: goes with any script.
    Common = 0,
    /// Latin letters.
    Latin = 1,
    /// Cyrillic letters.
    Cyrillic = 2,
    /// Greek letters.
    Greek = 3,
    /// Arabic letters, also those of Persian and Urdu.
    Arabic = 4,
    /// Hebrew letters.
    Hebrew = 5,
    /// Chinese characters.
    Han = 6,
    /// Korean syllables and jamo.
    Hangul = 7,
    /// Hiragana and katakana.
    Kana = 8,
    /// Georgian letters.
    Georgian = 9,
    /// Armenian letters.
    Armenian = 10,
    /// Thai letters.
    Thai = 11,
    /// Devanagari letters.
    Devanagari = 12,
    /// Bengali letters.
    Bengali = 13,
    /// Tamil letters.
    Tamil = 14,
    /// Burmese letters.
    Burmese = 15,
    /// Khmer letters.
    Khmer = 16,
    /// Any other script that the fallback table can spell in Latin letters.
    Other = 17,
}

/// Number of scripts; one more than the greatest number of [`Script`].
pub const N_SCRIPTS: usize = 18;

impl Script {
    /// All scripts, in the order of their numbers.
    pub const ALL: [Script; N_SCRIPTS] = [
        Script::Common,
        Script::Latin,
        Script::Cyrillic,
        Script::Greek,
        Script::Arabic,
        Script::Hebrew,
        Script::Han,
        Script::Hangul,
        Script::Kana,
        Script::Georgian,
        Script::Armenian,
        Script::Thai,
        Script::Devanagari,
        Script::Bengali,
        Script::Tamil,
        Script::Burmese,
        Script::Khmer,
        Script::Other,
    ];

    /// The fixed number of the script, as snapshots store it.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The script of a stored number, `None` for a number that no script has.
    pub fn from_number(number: u8) -> Option<Script> {
        Script::ALL.get(usize::from(number)).copied()
    }

    /// Whether letters of this script stand for single sounds, so that one word of it may hold letters of another such
    /// script (by mistake or to evade) and is still one word.
    pub fn is_alphabet(self) -> bool {
        matches!(self, Script::Latin | Script::Cyrillic | Script::Greek | Script::Georgian | Script::Armenian)
    }

    /// Whether the script writes consonants and long vowels only.
    pub fn is_abjad(self) -> bool {
        matches!(self, Script::Arabic | Script::Hebrew)
    }
}

/// The script of a character; digits, punctuation and marks of all scripts' use are [`Script::Common`].
pub fn script_of(c: char) -> Script {
    match c {
        'a'..='z' | 'A'..='Z' => Script::Latin,
        '\0'..='\u{7f}' => Script::Common,
        '\u{c0}'..='\u{24f}' if c != '\u{d7}' && c != '\u{f7}' => Script::Latin,
        '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}' => Script::Cyrillic,
        '\u{4e00}'..='\u{9fff}' => Script::Han,
        '\u{ac00}'..='\u{d7a3}' => Script::Hangul,
        '\u{30fc}' | '\u{ff70}' => Script::Kana, // the sign of length has script Common, as both kana use it
        _ => of_property(CodePointMapData::<UnicodeScript>::new().get(c)),
    }
}

fn of_property(script: UnicodeScript) -> Script {
    match script {
        UnicodeScript::Common | UnicodeScript::Inherited | UnicodeScript::Unknown => Script::Common,
        UnicodeScript::Latin => Script::Latin,
        UnicodeScript::Cyrillic => Script::Cyrillic,
        UnicodeScript::Greek => Script::Greek,
        UnicodeScript::Arabic => Script::Arabic,
        UnicodeScript::Hebrew => Script::Hebrew,
        UnicodeScript::Han => Script::Han,
        UnicodeScript::Hangul => Script::Hangul,
        UnicodeScript::Hiragana | UnicodeScript::Katakana => Script::Kana,
        UnicodeScript::Georgian => Script::Georgian,
        UnicodeScript::Armenian => Script::Armenian,
        UnicodeScript::Thai => Script::Thai,
        UnicodeScript::Devanagari => Script::Devanagari,
        UnicodeScript::Bengali => Script::Bengali,
        UnicodeScript::Tamil => Script::Tamil,
        UnicodeScript::Myanmar => Script::Burmese,
        UnicodeScript::Khmer => Script::Khmer,
        _ => Script::Other,
    }
}

/// The script that most letters of `text` have; of scripts with equally many the one met first; [`Script::Common`] when
/// there is no letter.
pub fn dominant(text: &str) -> Script {
    if text.is_ascii() {
        let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
        return if has_letter { Script::Latin } else { Script::Common };
    }
    let mut counts = [0_u32; N_SCRIPTS];
    let mut best = Script::Common;
    for c in text.chars() {
        let script = script_of(c);
        if script != Script::Common {
            counts[script as usize] += 1;
        }
    }
    for c in text.chars() {
        let script = script_of(c);
        if counts[script as usize] > counts[best as usize] {
            best = script;
        }
    }
    best
}

/// A stretch of one script inside a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First byte of the stretch.
    pub start: usize,
    /// Byte after the stretch.
    pub end: usize,
    /// Its script; [`Script::Common`] only when the whole word has no letter.
    pub script: Script,
}

/// Cuts a word where its script changes. Digits and marks go with what stands before them, at the start with what follows.
pub fn runs(word: &str, out: &mut Vec<Run>) {
    let first = out.len();
    for (at, c) in word.char_indices() {
        let script = script_of(c);
        let end = at + c.len_utf8();
        match out.get_mut(first..).and_then(<[Run]>::last_mut) {
            Some(run) if script == Script::Common || script == run.script => run.end = end,
            Some(run) if run.script == Script::Common => {
                run.end = end;
                run.script = script;
            }
            _ => out.push(Run { start: at, end, script }),
        }
    }
}
