//! Unicode folding: normal form, case, invisible characters, look-alikes of other scripts.
//!
//! Idea: two spellings that a reader takes for the same become the same string, still in their own script. NFKC and full
//! case folding by ICU4X (UAX #15, UCD `CaseFolding`), both Turkish i to `i`; invisible characters go; marks that do not
//! compose with their letter go; Arabic and Hebrew points go; digits of all scripts become ASCII; letters of a foreign script
//! inside a word become those of its own ([`lookalike`]). What separates words becomes one space. Of punctuation only the
//! comma, the dot and the slash stay, each right after a word, as [`crate::name`] reads inversion and abbreviations from them.
//! Invariant: folding twice changes nothing; no two spaces touch, none stands at an end.
//! Cost: linear; Latin and Cyrillic without oddities take a path that does not enter ICU4X.
pub mod lookalike;

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, Script as UnicodeScript};
use icu_properties::{CodePointMapData, CodePointSetData};

use crate::script::{Script, script_of};

/// How far look-alike letters are carried into another script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookalikes {
    /// Within words of several scripts, and words that consist of look-alikes only into the script of the rest of the name.
    Name,
    /// Within words of several scripts only.
    Word,
}

/// Bound on the rounds of [`fold_into`] until nothing changes. Two do for all text seen; a hostile row of marks may need more.
const MAX_ROUNDS: usize = 6;

/// The folded form of `input`.
pub fn fold(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    fold_into(input, &mut out);
    out
}

/// Appends the folded form of `input` to `out`.
pub fn fold_into(input: &str, out: &mut String) {
    fold_with(input, Lookalikes::Name, out);
}

/// Appends the folded form of `input` to `out`. True when a whole word was carried into another script because all its
/// letters have look-alikes there: the one step that may go wrong (`МАРС Group`), so that a caller can offer both.
pub fn fold_with(input: &str, lookalikes: Lookalikes, out: &mut String) -> bool {
    FoldScratch::default().fold(input, lookalikes, out)
}

/// Working memory of folding.
#[derive(Debug, Default)]
pub(crate) struct FoldScratch {
    again: String,
}

impl FoldScratch {
    /// As [`fold_with`].
    pub(crate) fn fold(&mut self, input: &str, lookalikes: Lookalikes, out: &mut String) -> bool {
        let start = out.len();
        if fold_simple(input, out) {
            return false;
        }
        out.truncate(start);
        let carried = fold_round(input, lookalikes, out);
        for _ in 1..MAX_ROUNDS {
            let folded = out.get(start..).unwrap_or_default();
            self.again.clear();
            fold_round(folded, lookalikes, &mut self.again);
            if self.again == folded {
                break;
            }
            out.truncate(start);
            out.push_str(&self.again);
        }
        carried
    }
}

/// Folds text of ASCII and plain Latin, or of ASCII without letters and plain Cyrillic. False when something in it needs
/// the long way; `out` then holds a useless part.
fn fold_simple(input: &str, out: &mut String) -> bool {
    let mut writer = Writer::new(out);
    let (mut latin, mut cyrillic) = (false, false);
    let (mut letters, mut digits) = (0_u32, 0_u32);
    let mut chars = input.chars().peekable();
    while let Some(c) = chars.next() {
        let is_word = match c {
            'a'..='z' => {
                latin = true;
                letters += 1;
                writer.letter(c);
                true
            }
            'A'..='Z' => {
                latin = true;
                letters += 1;
                writer.letter(c.to_ascii_lowercase());
                true
            }
            '0'..='9' => {
                digits += 1;
                writer.letter(c);
                true
            }
            'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' | 'і' | 'І' | 'ї' | 'Ї' | 'є' | 'Є' | 'ґ' | 'Ґ' | 'ў' | 'Ў' =>
            {
                cyrillic = true;
                letters += 1;
                writer.letter(lower(c));
                true
            }
            'ß' => {
                latin = true;
                letters += 2;
                writer.letter('s');
                writer.letter('s');
                true
            }
            '\u{c0}'..='\u{17e}' if !matches!(c, '×' | '÷' | 'İ' | 'ı' | 'Ĳ' | 'ĳ' | 'Ŀ' | 'ŀ' | 'ŉ' | 'ĸ') =>
            {
                latin = true;
                letters += 1;
                writer.letter(lower(c));
                true
            }
            '\'' | '`' | '’' => true,
            '@' | '$' | '+' => return false,
            ' '..='~' => {
                writer.punctuation(c);
                false
            }
            '–' | '—' | '“' | '”' | '«' | '»' | '\t' | '\n' | '\u{a0}' => {
                writer.punctuation(' ');
                false
            }
            _ => return false,
        };
        let at_end = chars.peek().is_none();
        if !is_word || at_end {
            if letters >= lookalike::MIN_LETTERS_AROUND_DIGITS && digits > 0 {
                return false; // a digit may stand for a letter here
            }
            (letters, digits) = (0, 0);
        }
    }
    !(latin && cyrillic)
}

/// Lower case of a letter of which lower case is one character.
fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn fold_round(input: &str, lookalikes: Lookalikes, out: &mut String) -> bool {
    let visible = remove_invisible(input);
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    let normal = nfkc.normalize(&visible);
    let (own, carried) = lookalike::unify(&normal, lookalikes);
    let cased = CaseMapper::new().fold_string(&own);
    let normal = nfkc.normalize(&cased);
    write_words(&normal, out);
    carried
}

/// What no reader sees goes, before the normal form so that it cannot keep letter and mark apart; the many apostrophes
/// become one; Turkish i becomes `i` before case folding turns it into two characters.
fn remove_invisible(input: &str) -> Cow<'_, str> {
    let categories = CodePointMapData::<GeneralCategory>::new();
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let seen = |c: char| match c {
        ' '..='~' => Some(c),
        'İ' | 'ı' => Some('i'),
        'ĸ' => Some('k'), // Greenlandic, and in lists where a Cyrillic к was meant
        '№' => Some(' '),
        _ if c.is_whitespace() => Some(' '),
        _ if is_apostrophe(c) => Some('\''),
        _ if ignorable.contains(c) => None,
        _ if matches!(categories.get(c), GeneralCategory::Format | GeneralCategory::Control) => None,
        _ => Some(c),
    };
    let Some((same, _)) = input.char_indices().find(|(_, c)| seen(*c) != Some(*c)) else {
        return Cow::Borrowed(input);
    };
    let (same, rest) = input.split_at(same);
    let mut out = String::with_capacity(input.len());
    out.push_str(same);
    out.extend(rest.chars().filter_map(seen));
    Cow::Owned(out)
}

/// Characters that serve as apostrophe, or as the sign for ayn and hamza in scholarly transliteration, and the prime that
/// stands for the Cyrillic soft sign.
fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '\u{b4}'
            | '\u{2b0}'..='\u{2ff}'
            | '\u{2018}'..='\u{201b}'
            | '\u{2032}'..='\u{2037}'
            | '\u{55a}'
            | '\u{5f3}'
            | '\u{5f4}'
            | '\u{a78b}'
            | '\u{a78c}'
            | '\u{ff07}'
    )
}

fn write_words(text: &str, out: &mut String) {
    let categories = CodePointMapData::<GeneralCategory>::new();
    let mut writer = Writer::new(out);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        match c {
            'a'..='z' | '0'..='9' => writer.letter(c),
            '·' if before == 'l' && after == 'l' => {} // Catalan
            '"' if script_of(before) == Script::Hebrew && script_of(after) == Script::Hebrew => {} // gershayim
            '+' => {
                let joins = before.is_alphanumeric() == after.is_alphanumeric();
                if joins || !before.is_alphanumeric() { writer.word("and") } else { writer.word("plus") }
            }
            ' '..='~' => writer.punctuation(c),
            '،' | '、' | '﹐' => writer.punctuation(','),
            '。' => writer.punctuation('.'),
            _ if is_apostrophe(c) => {}
            _ => match categories.get(c) {
                GeneralCategory::DecimalNumber => writer.letter(decimal(c)),
                GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark => {
                    if keeps_mark(c) {
                        writer.mark(c);
                    }
                }
                GeneralCategory::UppercaseLetter
                | GeneralCategory::LowercaseLetter
                | GeneralCategory::TitlecaseLetter
                | GeneralCategory::ModifierLetter
                | GeneralCategory::OtherLetter
                | GeneralCategory::LetterNumber => {
                    if let Some(letter) = unify_letter(c) {
                        writer.letter(letter);
                    }
                }
                _ => writer.punctuation(' '),
            },
        }
        before = c;
    }
}

/// Marks of abugidas are letters; those that any script may carry, and the points of Arabic and Hebrew, are not.
fn keeps_mark(c: char) -> bool {
    !matches!(
        CodePointMapData::<UnicodeScript>::new().get(c),
        UnicodeScript::Inherited
            | UnicodeScript::Common
            | UnicodeScript::Arabic
            | UnicodeScript::Hebrew
            | UnicodeScript::Cyrillic
            | UnicodeScript::Greek
            | UnicodeScript::Latin
            | UnicodeScript::Syriac
    )
}

/// One letter for the variants that writers exchange: Arabic alef and yeh with and without hamza, Persian and Urdu kaf, yeh
/// and heh, Greek vowels with tonos (left out in capitals). `None` for the hamza alone and the tatweel.
fn unify_letter(c: char) -> Option<char> {
    Some(match c {
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' => 'ا',
        'ى' | 'ی' | 'ئ' | 'ۍ' | 'ې' | 'ۑ' => 'ي',
        'ؤ' | 'ۇ' | 'ۆ' | 'ۈ' => 'و',
        'ک' | 'ڪ' | 'ګ' => 'ك',
        'ہ' | 'ۂ' | 'ە' | 'ۀ' | 'ھ' => 'ه',
        'ں' => 'ن',
        'ۃ' => 'ة',
        'ء' | 'ـ' => return None,
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' => 'ι',
        'ό' => 'ο',
        'ύ' => 'υ',
        'ώ' => 'ω',
        'ΐ' => 'ϊ',
        'ΰ' => 'ϋ',
        _ => c,
    })
}

/// ASCII digit for a decimal digit of any script: such digits stand in tens, the zero first (UCD, stability policy for `Nd`).
fn decimal(c: char) -> char {
    /// Zeros of the decimal digits that NFKC does not already turn into ASCII.
    const ZEROS: [u32; 37] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
        0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
        0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0, 0x11066,
    ];
    let code = c as u32;
    let value = ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|value| *value < 10));
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

/// Writes words with single spaces between them and punctuation only right after a word.
struct Writer<'a> {
    out: &'a mut String,
    start: usize,
    space: bool,
    /// Whether the last character written belongs to a word.
    in_word: bool,
}

impl<'a> Writer<'a> {
    fn new(out: &'a mut String) -> Writer<'a> {
        let start = out.len();
        Writer { out, start, space: false, in_word: false }
    }

    fn letter(&mut self, c: char) {
        if self.space && self.out.len() > self.start {
            self.out.push(' ');
        }
        self.out.push(c);
        self.space = false;
        self.in_word = true;
    }

    /// A mark without a letter before it is dropped.
    fn mark(&mut self, c: char) {
        if self.in_word && !self.space {
            self.out.push(c);
        }
    }

    fn word(&mut self, word: &str) {
        self.space = true;
        word.chars().for_each(|c| self.letter(c));
        self.space = true;
    }

    fn punctuation(&mut self, c: char) {
        match c {
            '\'' | '`' => {}
            '&' => self.word("and"),
            '.' | '/' if self.in_word && !self.space => {
                self.out.push(c);
                self.in_word = false;
            }
            ',' if self.out.len() > self.start && !self.out.ends_with(',') => {
                self.out.push(',');
                self.in_word = false;
                self.space = true;
            }
            _ => self.space = true,
        }
    }
}
