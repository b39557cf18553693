//! Thai, by sound: Royal Thai General System of Transcription.
//!
//! Idea: Thai writes some vowels before their consonant, most after or above it, some not at all, and does not mark where a
//! syllable ends; so a word is read syllable by syllable: onset, vowel, coda, where the next consonant is the coda unless a
//! vowel belongs to it. Source: RTGS, Royal Institute of Thailand, 1999; tones are not written. Words whose spelling hides
//! syllables (Sanskrit loans) come out short of a vowel. Cost: linear.
use super::Spellings;
use crate::Text;

/// Consonant as onset and as coda.
fn consonant(c: char) -> Option<(&'static str, &'static str)> {
    Some(match c {
        'ก' => ("k", "k"),
        'ข' | 'ฃ' | 'ค' | 'ฅ' | 'ฆ' => ("kh", "k"),
        'ง' => ("ng", "ng"),
        'จ' | 'ฉ' | 'ช' | 'ฌ' => ("ch", "t"),
        'ซ' | 'ศ' | 'ษ' | 'ส' => ("s", "t"),
        'ญ' => ("y", "n"),
        'ฎ' | 'ด' => ("d", "t"),
        'ฏ' | 'ต' => ("t", "t"),
        'ฐ' | 'ฑ' | 'ฒ' | 'ถ' | 'ท' | 'ธ' => ("th", "t"),
        'ณ' | 'น' => ("n", "n"),
        'บ' => ("b", "p"),
        'ป' => ("p", "p"),
        'ผ' | 'พ' | 'ภ' => ("ph", "p"),
        'ฝ' | 'ฟ' => ("f", "p"),
        'ม' => ("m", "m"),
        'ย' => ("y", "i"),
        'ร' => ("r", "n"),
        'ล' | 'ฬ' => ("l", "n"),
        'ว' => ("w", "o"),
        'ห' | 'ฮ' => ("h", ""),
        'อ' => ("", ""),
        _ => return None,
    })
}

fn is_consonant(c: Option<&char>) -> bool {
    c.is_some_and(|c| consonant(*c).is_some())
}

fn is_lead(c: char) -> bool {
    matches!(c, 'เ' | 'แ' | 'โ' | 'ใ' | 'ไ')
}

/// Vowel signs that stand after or above their consonant.
fn is_sign(c: Option<&char>) -> bool {
    matches!(c, Some('ะ' | 'ั' | 'า' | 'ิ' | 'ี' | 'ึ' | 'ื' | 'ุ' | 'ู' | '็' | 'ํ'))
}

/// The reading of a folded word, and one that takes two consonants between vowels as coda and onset of the same letter
/// (`พัทยา` phatthaya).
pub(crate) fn readings(word: &[char], out: &mut Spellings) {
    let letters = spoken(word);
    for doubles in [false, true] {
        let mut reader = Reader { letters: &letters, at: 0, doubles, out: Text::default() };
        while reader.at < letters.len() {
            reader.syllable();
        }
        out.push(reader.out);
    }
}

/// Without tone marks, and without letters under the mark of silence.
fn spoken(word: &[char]) -> Vec<char> {
    let mut letters: Vec<char> = Vec::with_capacity(word.len());
    for &c in word {
        match c {
            '\u{e48}'..='\u{e4b}' | 'ฺ' | '\u{e4d}' if c != '\u{e4d}' => {}
            '์' => {
                if matches!(letters.last(), Some('ิ' | 'ุ')) {
                    letters.pop();
                }
                letters.pop();
                // A second consonant before it has no sound either when the syllable is already closed (`สุรินทร์` Surin).
                if let [.., vowel, coda, silent] = letters[..]
                    && is_sign(Some(&vowel))
                    && is_consonant(Some(&coda))
                    && is_consonant(Some(&silent))
                {
                    letters.pop();
                }
            }
            'ๆ' | 'ฯ' => {}
            _ => letters.push(c),
        }
    }
    letters
}

struct Reader<'a> {
    letters: &'a [char],
    at: usize,
    doubles: bool,
    out: Text,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<&char> {
        self.letters.get(self.at + ahead)
    }

    fn syllable(&mut self) {
        let lead = self.peek(0).copied().filter(|c| is_lead(*c));
        if lead.is_some() {
            self.at += 1;
        }
        let Some(&first) = self.peek(0) else { return };
        let Some((onset, _)) = consonant(first) else {
            super::rules::push_ascii(any_ascii::any_ascii_char(first), &mut self.out);
            self.at += 1;
            return;
        };
        self.at += 1;
        self.onset(first, onset, lead.is_some());
        let (vowel, open) = match lead {
            Some(lead) => self.led_vowel(lead),
            None => self.vowel(),
        };
        self.out.push_str(vowel);
        if open {
            self.coda();
        }
    }

    /// Writes the onset, with r, l or w as its second part, or with a silent h before a sonorant.
    fn onset(&mut self, first: char, onset: &str, led: bool) {
        let second = self.peek(0).copied();
        let vowel_follows =
            led && !is_consonant(self.peek(1)) || is_sign(self.peek(1)) || led && is_consonant(self.peek(1));
        match second {
            Some(sonorant @ ('ง' | 'ญ' | 'น' | 'ม' | 'ย' | 'ร' | 'ล' | 'ว')) if first == 'ห' && self.joins(led) =>
            {
                self.at += 1;
                self.out.push_str(consonant(sonorant).map_or("", |(onset, _)| onset));
            }
            Some(liquid @ ('ร' | 'ล' | 'ว'))
                if matches!(first, 'ก' | 'ข' | 'ค' | 'ต' | 'ป' | 'ผ' | 'พ') && vowel_follows && self.joins(led) =>
            {
                self.at += 1;
                self.out.push_str(onset);
                self.out.push_str(consonant(liquid).map_or("", |(onset, _)| onset));
            }
            _ => self.out.push_str(onset),
        }
    }

    /// Whether the next consonant belongs to the onset: a vowel or a coda must follow it.
    fn joins(&self, led: bool) -> bool {
        match self.peek(1) {
            None => led && self.peek(0) != Some(&'ว'),
            Some('ว') => true,
            Some(next) if is_sign(Some(next)) => !(self.peek(0) == Some(&'ว') && *next == 'ะ' && led),
            Some(next) if is_lead(*next) => false,
            Some('อ') => true,
            Some(_) => !is_sign(self.peek(2)),
        }
    }

    fn led_vowel(&mut self, lead: char) -> (&'static str, bool) {
        let skip = |reader: &mut Self, n: usize| reader.at += n;
        match lead {
            'ไ' | 'ใ' => {
                if self.peek(0) == Some(&'ย') && !is_sign(self.peek(1)) {
                    skip(self, 1);
                }
                ("ai", false)
            }
            'โ' | 'แ' => {
                let short = self.peek(0) == Some(&'ะ');
                skip(self, usize::from(short || self.peek(0) == Some(&'็')));
                (if lead == 'โ' { "o" } else { "ae" }, !short)
            }
            _ => match (self.peek(0), self.peek(1)) {
                (Some('ี'), Some('ย')) => {
                    skip(self, 2);
                    ("ia", true)
                }
                (Some('ื'), Some('อ')) => {
                    skip(self, 2);
                    ("uea", true)
                }
                (Some('า'), Some('ะ')) => {
                    skip(self, 2);
                    ("o", false)
                }
                (Some('า'), _) => {
                    skip(self, 1);
                    ("ao", false)
                }
                (Some('อ' | 'ิ'), _) => {
                    skip(self, 1);
                    ("oe", true)
                }
                (Some('ย'), next) if !is_sign(next) => {
                    skip(self, 1);
                    ("oei", false)
                }
                (Some('ะ'), _) => {
                    skip(self, 1);
                    ("e", false)
                }
                (Some('็'), _) => {
                    skip(self, 1);
                    ("e", true)
                }
                _ => ("e", true),
            },
        }
    }

    /// The vowel after an onset, and whether a coda may follow.
    fn vowel(&mut self) -> (&'static str, bool) {
        let (vowel, taken, open) = match (self.peek(0), self.peek(1)) {
            (Some('ั'), Some('ว')) => ("ua", 2, true),
            (Some('ั'), Some('ย')) if !is_sign(self.peek(2)) => ("ai", 2, false),
            (Some('ะ'), _) => ("a", 1, false),
            (Some('ั' | '็' | 'า'), _) => ("a", 1, true),
            (Some('ํ'), Some('า')) => ("am", 2, false),
            (Some('ิ' | 'ี'), _) => ("i", 1, true),
            (Some('ื'), Some('อ')) => ("ue", 2, false),
            (Some('ึ' | 'ื'), _) => ("ue", 1, true),
            (Some('ุ' | 'ู'), _) => ("u", 1, true),
            (Some('อ'), next) if !is_sign(next) => ("o", 1, true),
            (Some('ร'), Some('ร')) => {
                let coda = is_consonant(self.peek(2)) && !is_sign(self.peek(3));
                (if coda { "a" } else { "an" }, 2, coda)
            }
            (Some('ว'), next) if is_consonant(next) && !is_sign(self.peek(2)) => ("ua", 1, true),
            (Some(next), after) if consonant(*next).is_some() && !is_sign(after) && after != Some(&'อ') => {
                // The hidden vowel is o before a coda; else a, when the next consonant begins a syllable itself.
                ("o", 0, true)
            }
            (None, _) => ("", 0, false),
            _ => ("a", 0, false),
        };
        self.at += taken;
        (vowel, open)
    }

    fn coda(&mut self) {
        let Some(&c) = self.peek(0) else { return };
        let Some((onset, coda)) = consonant(c) else { return };
        if is_sign(self.peek(1)) || c == 'อ' || c == 'ห' {
            return;
        }
        let cluster = matches!(self.peek(1), Some('ร' | 'ล'))
            && is_sign(self.peek(2))
            && matches!(c, 'ก' | 'ค' | 'ป' | 'พ' | 'ต');
        if cluster {
            return;
        }
        self.at += 1;
        let coda = match (c, self.out.as_bytes().last()) {
            ('ว', Some(b'i')) => "u",
            ('ย', Some(b'i')) => "",
            _ => coda,
        };
        self.out.push_str(coda);
        let stop = matches!(coda, "t" | "k" | "p");
        if self.doubles && stop && self.peek(0).is_some_and(|next| matches!(next, 'ย' | 'น' | 'ม' | 'ร' | 'ล' | 'ว'))
        {
            self.out.push_str(onset);
            self.out.push('a');
        }
    }
}
