//! Khmer, by sound.
//!
//! Idea: consonants are of two series, and a vowel sign sounds after the series of its onset; a consonant without a vowel sign
//! behind it closes the syllable before. Source: the spelling usual for names, near to the Geographic Department's system of
//! 1996 (UNGEGN) without diacritics; the second reading has the habits of French time (e for ae, i for ei). Cost: linear.
use super::Spellings;
use crate::Text;

/// Latin onset, Latin coda, and whether the consonant is of the second series.
fn consonant(c: char) -> Option<(&'static str, &'static str, bool)> {
    Some(match c {
        'ក' => ("k", "k", false),
        'ខ' => ("kh", "k", false),
        'គ' => ("k", "k", true),
        'ឃ' => ("kh", "k", true),
        'ង' => ("ng", "ng", true),
        'ច' => ("ch", "ch", false),
        'ឆ' => ("chh", "ch", false),
        'ជ' => ("ch", "ch", true),
        'ឈ' => ("chh", "ch", true),
        'ញ' => ("nh", "nh", true),
        'ដ' => ("d", "t", false),
        'ឌ' => ("d", "t", true),
        'ឋ' | 'ថ' => ("th", "t", false),
        'ឍ' | 'ធ' => ("th", "t", true),
        'ណ' => ("n", "n", false),
        'ត' => ("t", "t", false),
        'ទ' => ("t", "t", true),
        'ន' => ("n", "n", true),
        'ប' => ("b", "p", false),
        'ផ' => ("ph", "p", false),
        'ព' => ("p", "p", true),
        'ភ' => ("ph", "p", true),
        'ម' => ("m", "m", true),
        'យ' => ("y", "y", true),
        'រ' => ("r", "r", true),
        'ល' => ("l", "l", true),
        'វ' => ("v", "v", true),
        'ឝ' | 'ឞ' | 'ស' => ("s", "s", false),
        'ហ' => ("h", "h", false),
        'ឡ' => ("l", "l", false),
        'អ' => ("", "", false),
        _ => return None,
    })
}

/// Sonorants under or over a stop do not decide the series.
fn is_weak(c: char) -> bool {
    matches!(c, 'ង' | 'ញ' | 'ន' | 'ម' | 'យ' | 'រ' | 'ល' | 'វ')
}

const COENG: char = '\u{17d2}';

fn is_vowel_sign(c: char) -> bool {
    ('\u{17b6}'..='\u{17c8}').contains(&c)
}

/// The readings of a folded word.
pub(crate) fn readings(word: &[char], out: &mut Spellings) {
    for habit in [false, true] {
        let mut reader = Reader { word, at: 0, habit, out: Text::default(), after_vowel: false };
        while reader.at < word.len() {
            reader.step();
        }
        out.push(reader.out);
    }
}

struct Reader<'a> {
    word: &'a [char],
    at: usize,
    habit: bool,
    out: Text,
    /// Whether a vowel was written last, so that a consonant may close the syllable.
    after_vowel: bool,
}

impl Reader<'_> {
    fn step(&mut self) {
        let Some(&first) = self.word.get(self.at) else { return };
        self.at += 1;
        let Some((onset, coda, mut second)) = consonant(first) else {
            let vowel = independent(first);
            match vowel {
                Some(vowel) => self.out.push_str(vowel),
                None if is_vowel_sign(first) || first == COENG => {}
                None => super::rules::push_ascii(any_ascii::any_ascii_char(first), &mut self.out),
            }
            self.after_vowel = vowel.is_some();
            return;
        };
        // A letter under the mark of silence.
        if self.word.get(self.at) == Some(&'\u{17cd}') {
            self.at += 1;
            return;
        }
        let after_vowel = std::mem::replace(&mut self.after_vowel, false);
        let short = self.word.get(self.at) == Some(&'\u{17cb}');
        if after_vowel && (short || self.closes()) {
            self.at += usize::from(short);
            self.out.push_str(coda);
            return;
        }
        if after_vowel && self.word.get(self.at) == Some(&COENG) {
            // The upper letter closes the syllable, the lower one opens the next; at the end of a word it is silent.
            let lower = self.word.get(self.at + 1).copied();
            let splits = lower.and_then(consonant).is_some();
            if splits && !matches!(lower, Some('រ' | 'យ')) {
                self.out.push_str(coda);
                self.at += 1;
                if self.word.get(self.at + 1).is_none() {
                    self.at += 1;
                } else if first == 'ណ' && lower == Some('ត') {
                    self.at += 1;
                    self.nucleus("d", second);
                }
                return;
            }
        }
        let mut text = Text::from(onset);
        let mut weak = is_weak(first);
        loop {
            match self.word.get(self.at) {
                Some(&COENG) => {
                    let lower = self.word.get(self.at + 1).copied();
                    self.at += 2;
                    let Some((onset, _, series)) = lower.and_then(consonant) else { continue };
                    let lower_weak = lower.is_some_and(is_weak);
                    if weak || !lower_weak {
                        (second, weak) = (series, lower_weak);
                    }
                    text.push_str(onset);
                }
                Some('\u{17c9}') => {
                    second = false;
                    if first == 'ប' {
                        text = Text::from("p");
                    }
                    self.at += 1;
                }
                Some('\u{17ca}') => {
                    second = true;
                    self.at += 1;
                }
                _ => break,
            }
        }
        self.nucleus(&text, second);
    }

    /// Whether the consonant just read closes its syllable: nothing of the next one hangs on it.
    fn closes(&self) -> bool {
        match self.word.get(self.at) {
            None => true,
            Some(&next) => {
                !is_vowel_sign(next) && !matches!(next, COENG | '\u{17c9}' | '\u{17ca}' | '\u{17d0}') && {
                    // Before a consonant that itself carries nothing, the next one closes and this one opens, but for the last.
                    !self.opens()
                }
            }
        }
    }

    /// Whether the letter just read begins a syllable with a hidden vowel that the next letter closes.
    fn opens(&self) -> bool {
        let next = self.word.get(self.at).copied();
        let after = self.word.get(self.at + 1..).unwrap_or_default();
        let after = matches!(after, [] | ['\u{17cb}', ..] | [COENG, _]);
        after && next.is_some_and(|c| consonant(c).is_some())
    }

    fn nucleus(&mut self, onset: &str, second: bool) {
        self.out.push_str(onset);
        let signs = (self.word.get(self.at).copied(), self.word.get(self.at + 1).copied());
        let (vowel, taken) = vowel(signs, second, self.habit);
        self.at += taken;
        self.out.push_str(vowel);
        self.after_vowel = !vowel.is_empty() && !vowel.ends_with(['m', 'h']);
    }
}

/// Vowel signs in the first and the second series, with the number of characters.
fn vowel(signs: (Option<char>, Option<char>), second: bool, habit: bool) -> (&'static str, usize) {
    let by = |first: &'static str, other: &'static str| if second { other } else { first };
    match signs {
        (Some('ា'), Some('ំ')) => (by("am", "oam"), 2),
        (Some('ុ'), Some('ំ')) => (by("om", "um"), 2),
        (Some('េ'), Some('ះ')) => ("eh", 2),
        (Some('ោ'), Some('ះ')) => (by("aoh", "uoh"), 2),
        (Some('ុ'), Some('ះ')) => (by("oh", "uh"), 2),
        (Some('័'), Some('យ')) => (by("ai", "ey"), 2),
        (Some('ា'), _) => (by("a", "ea"), 1),
        (Some('ិ'), _) => (by(if habit { "i" } else { "e" }, "i"), 1),
        (Some('ី'), _) => (by(if habit { "i" } else { "ei" }, "i"), 1),
        (Some('ឹ'), _) => (by("oe", "ue"), 1),
        (Some('ឺ'), _) => ("eu", 1),
        (Some('ុ'), _) => (by("o", "u"), 1),
        (Some('ូ'), _) => (by(if habit { "o" } else { "ou" }, "u"), 1),
        (Some('ួ'), _) => ("uo", 1),
        (Some('ើ'), _) => (by("aeu", "eu"), 1),
        (Some('ឿ'), _) => ("oea", 1),
        (Some('ៀ'), _) => ("ie", 1),
        (Some('េ'), _) => ("e", 1),
        (Some('ែ'), _) => (by(if habit { "e" } else { "ae" }, "e"), 1),
        (Some('ៃ'), _) => (by("ai", "ey"), 1),
        (Some('ោ'), _) => (by("ao", "o"), 1),
        (Some('ៅ'), _) => (by("au", "ov"), 1),
        (Some('ំ'), _) => (by("am", "om"), 1),
        (Some('ះ'), _) => (by("ah", "eah"), 1),
        (Some('ៈ' | '័'), _) => (by("a", "oa"), 1),
        _ => (by("a", "o"), 0),
    }
}

fn independent(c: char) -> Option<&'static str> {
    Some(match c {
        'ឥ' => "e",
        'ឦ' => "ei",
        'ឧ' => "o",
        'ឪ' | 'ឩ' => "ou",
        'ឫ' => "rue",
        'ឬ' => "rueu",
        'ឭ' | 'ឮ' => "lue",
        'ឯ' => "ae",
        'ឰ' => "ai",
        'ឱ' | 'ឲ' => "ao",
        'ឳ' => "au",
        _ => return None,
    })
}
