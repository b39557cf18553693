//! How alike two tokens are, and in what way.
//!
//! Invariant: what is alike at all (score above 0) shares a key of `interdict_snapshot::keys`, or is an initial, a particle, a
//! title or a legal form, which the candidate search counts as possibly met.
//! Cost: some ten nanoseconds for tokens that share nothing, some hundred for those within the edit budget.

use std::sync::LazyLock;

use interdict_model::Country;
use interdict_snapshot::keys::edit_budget;
use interdict_snapshot::{TokenSketch, TokenView, unpack_equivalent};
use interdict_text::syllables::Cultures;
use interdict_text::words::Closeness;
use interdict_text::{Role, Script, legal, phonetic, syllables};

use crate::edits::{Places, edit_cost, edit_likeness, is_vowel, scanned, scanned_letters};

/// In what way two tokens are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum How {
    /// Not at all.
    Different,
    /// The same letters, or the same word in its own script.
    Exact,
    /// The same once both are written in Latin letters.
    Transliterated,
    /// The same word, put into English from another language.
    Translated,
    /// Spellings of one name or word: Muhammad and Mohammed.
    Equivalent,
    /// A short or pet form: Aleksandr and Sasha.
    Diminutive,
    /// A few letters differ.
    Edited,
    /// The same consonants; vowels differ or are not written.
    Consonants,
    /// They sound alike.
    Phonetic,
    /// An initial and a name that begins with it.
    Initial,
    /// The same number.
    Number,
    /// Legal forms of one kind or of near kinds.
    LegalForm,
    /// Written apart on one side and together on the other.
    Joined,
    /// Read alike but written with other characters.
    Homophone,
    /// Alike but for a syllable, which in Korean and Chinese makes another name.
    Syllable,
    /// The letters of the word from last to first.
    Reversed,
    /// Two given names, the one of men and the other of women: Mario and Maria.
    Gender,
}

/// Likeness of two tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// 0 to 1.
    pub score: f32,
    /// In what way.
    pub how: How,
}

impl Likeness {
    /// Nothing alike.
    pub const NONE: Likeness = Likeness { score: 0.0, how: How::Different };

    fn new(score: f32, how: How) -> Likeness {
        Likeness { score, how }
    }

    /// The better of this and another; this one where they are equal.
    fn or(self, score: f32, how: How) -> Likeness {
        if score > self.score { Likeness { score, how } } else { self }
    }
}

/// Below this two words are not alike: chance likeness of short words lies there.
pub(crate) const MIN_SCORE: f32 = 0.6;

/// Whether two tokens can be alike at all, by what is known without their text: where not, [`likeness`] is 0. Symmetric.
pub(crate) fn may_be_alike(one: &TokenSketch, other: &TokenSketch) -> bool {
    if !(one.is_name && other.is_name) {
        return true;
    }
    let far = (one.letters & !other.letters).count_ones().max((other.letters & !one.letters).count_ones());
    let budget = edit_budget(one.text_len.min(other.text_len) as usize) as u32;
    let group = |packed: &u16| unpack_equivalent(*packed).map(|(group, _)| group);
    let same_group = || {
        let theirs = |ours: u16| other.equivalents.iter().filter_map(group).any(|theirs| ours == theirs);
        one.equivalents.iter().filter_map(group).any(theirs)
    };
    // Equal letters: equal words, words within the budget, a word read backwards.
    scanned_letters(one.letters, other.letters) && one.text_len.abs_diff(other.text_len) == 1
        || far <= budget && one.text_len.abs_diff(other.text_len) <= budget
        || one.letters == other.letters
        || one.skeleton != 0 && one.skeleton == other.skeleton
        || one.consonants != 0 && one.consonants == other.consonants && one.script.is_abjad() != other.script.is_abjad()
        || one.phonetic.iter().any(|key| *key != 0 && other.phonetic.contains(key))
        || one.has_native && other.has_native && one.script == other.script
        || one.cultures.share_syllables(other.cultures)
        || same_group()
}

/// How alike two tokens are. Symmetric.
pub fn likeness(one: &TokenView<'_>, other: &TokenView<'_>) -> Likeness {
    match (one.role, other.role) {
        (Role::Number(one), Role::Number(other)) => {
            if one == other {
                Likeness::new(1.0, How::Number)
            } else {
                Likeness::NONE
            }
        }
        (Role::Legal(one), Role::Legal(other)) => {
            let score = legal::similarity(one, other);
            if score > 0.6 { Likeness::new(score, How::LegalForm) } else { Likeness::NONE }
        }
        (Role::Name, Role::Name) => names(one, other),
        (Role::Initial, Role::Name) | (Role::Name, Role::Initial) => initial(one, other),
        // A word can be a particle or a title in one name and a part of the other.
        _ if one.text == other.text => Likeness::new(1.0, How::Exact),
        (Role::Particle, Role::Particle) if articles(one.text, other.text) => Likeness::new(0.9, How::Equivalent),
        _ => Likeness::NONE,
    }
}

/// Forms of one particle: the Arabic article before sun letters, and *son of*.
fn articles(one: &str, other: &str) -> bool {
    const GROUPS: [&[&str]; 3] = [
        &["al", "el", "ul", "il", "as", "es", "ash", "esh", "ad", "ed", "ar", "er", "at", "et", "an", "en", "az", "ez"],
        &["bin", "ben", "ibn", "b"],
        &["bint", "binti", "bente"],
    ];
    GROUPS.iter().any(|group| group.contains(&one) && group.contains(&other))
}

/// An initial and a name that begins with it.
pub(crate) const INITIAL: f32 = 0.8;

fn initial(one: &TokenView<'_>, other: &TokenView<'_>) -> Likeness {
    if one.text.as_bytes().first() == other.text.as_bytes().first() {
        Likeness::new(INITIAL, How::Initial)
    } else {
        Likeness::NONE
    }
}

fn names(one: &TokenView<'_>, other: &TokenView<'_>) -> Likeness {
    if one.script == other.script && !one.native.is_empty() && !other.native.is_empty() {
        if one.native == other.native {
            return Likeness::new(1.0, How::Exact);
        }
        if matches!(one.script, Script::Han | Script::Hangul) {
            return ideographs(one, other);
        }
    }
    if one.text == other.text {
        if one.translated != other.translated {
            return Likeness::new(TRANSLATED, How::Translated);
        }
        let both_latin = one.native.is_empty() && other.native.is_empty();
        return Likeness::new(1.0, if both_latin { How::Exact } else { How::Transliterated });
    }
    let mut best = equivalent(one, other);
    let budget = edit_budget(one.text.len().min(other.text.len()));
    let mut two_words = 0.0;
    // An edit takes at most one letter from each word's set.
    let far = (one.letters & !other.letters).count_ones().max((other.letters & !one.letters).count_ones());
    if budget > 0
        && far as usize <= budget
        && let Some((cost, score)) = edit_likeness(one.text.as_bytes(), other.text.as_bytes(), budget)
    {
        best = best.or(score, How::Edited);
        two_words = if cost >= HARD_EDIT { TWO_WORDS * both_known(one, other) } else { 0.0 };
    }
    if best.score < SCANNED
        && scanned_letters(one.letters, other.letters)
        && scanned(one.text.as_bytes(), other.text.as_bytes())
    {
        best = best.or(SCANNED, How::Edited);
    }
    if one.skeleton != 0 && one.skeleton == other.skeleton {
        best = best.or(consonants(one, other), How::Consonants);
    }
    if one.consonants != 0 && one.consonants == other.consonants && one.script.is_abjad() != other.script.is_abjad() {
        let (written, vowelled) = if one.script.is_abjad() { (one, other) } else { (other, one) };
        best = best.or(unvowelled(written.text, vowelled.text), How::Consonants);
    }
    let shared = |key: &u32| *key != 0 && other.phonetic.contains(key);
    if best.score < 0.75
        && one.phonetic.iter().any(shared)
        && same_start(one.text.as_bytes(), other.text.as_bytes())
        && mostly_same(one, other)
    {
        let lengths = one.text.len().abs_diff(other.text.len());
        best = best.or(if lengths <= 2 { 0.75 } else { 0.65 }, How::Phonetic);
    }
    if best.score < MIN_SCORE && one.cultures.share_syllables(other.cultures) {
        let same = syllables::same_sound(one.text, other.text, one.cultures, other.cultures);
        best = best.or(same.map_or(0.0, |likeness| likeness.min(0.95)), How::Equivalent);
    }
    if best.score < MIN_SCORE && one.text.len() >= MIN_REVERSED && one.letters == other.letters {
        let reversed = one.text.len() == other.text.len() && one.text.bytes().rev().eq(other.text.bytes());
        best = best.or(if reversed { REVERSED } else { 0.0 }, How::Reversed);
    }
    if best.score < MIN_SCORE {
        return Likeness::NONE;
    }
    if !matches!(best.how, How::Equivalent | How::Diminutive | How::Translated) {
        if best.how == How::Phonetic {
            two_words = TWO_WORDS * both_known(one, other);
        }
        best.score -= two_words.max(other_vowels(one, other));
        if two_countries(one.text, other.text) {
            return Likeness::NONE;
        }
        if other_gender(one, other) {
            return Likeness::new(OTHER_GENDER, How::Gender);
        }
    }
    by_syllables(one, other, best)
}

/// What is left where a given name is that of the other gender.
const OTHER_GENDER: f32 = 0.3;

/// What two well-known words lose that have the same consonants and, somewhere, vowels that no spelling takes for one another:
/// `Jamal`, `Jamil`. Spellings of one name (`Ahmad`, `Ahmed`; `Mahmud`, `Mahmoud`) have vowels of a kind in common everywhere.
fn other_vowels(one: &TokenView<'_>, other: &TokenView<'_>) -> f32 {
    if one.skeleton == 0 || one.skeleton != other.skeleton {
        return 0.0;
    }
    let known = both_known(one, other);
    if known > 0.0 && vowels_contradict(one.text, other.text) { OTHER_VOWELS * known } else { 0.0 }
}

/// Whether between the same two consonants of two words, the ends aside, the vowels are of kinds that exclude each other.
fn vowels_contradict(one: &str, other: &str) -> bool {
    let (ours, theirs) = (Gaps::of(one), Gaps::of(other));
    let inner = 1..ours.n.min(MAX_GAPS);
    ours.n == theirs.n
        && inner.into_iter().any(|at| {
            let (ours, theirs) = (ours.kinds[at] & VOWELS, theirs.kinds[at] & VOWELS);
            ours != 0 && theirs != 0 && ours & theirs == 0
        })
}

/// What other vowels take from two words that are both known for certain.
const OTHER_VOWELS: f32 = 0.45;

/// Bits of a word that the table of rarity has; one that it lacks has more, or as many as its letters allow.
const ATTESTED_BITS: f32 = 13.0;

/// Bits of a word that a dozen of the listed parties bear.
const COMMON_BITS: f32 = 10.9;

/// Whether a word is borne by some party of the published lists.
fn is_attested(token: &TokenView<'_>) -> bool {
    token.bits < ATTESTED_BITS.min(MAX_BITS_A_LETTER * token.text.len() as f32 - 0.01)
}

/// Bits that a letter tells at most (`interdict_text::rarity`).
const MAX_BITS_A_LETTER: f32 = 3.0;

/// Whether two words are a given name of men and its form for women: `Mario`, `Maria`; `Karim`, `Karima`; `Michel`, `Michelle`; `Stefan`,
/// `Stefania`. Family names that women bear with an ending (`Ivanova`, `Nabiullina`) are not, nor what only a slip of the pen would make so.
fn other_gender(one: &TokenView<'_>, other: &TokenView<'_>) -> bool {
    let (short, long) = if one.text.len() <= other.text.len() { (one, other) } else { (other, one) };
    let known = (is_attested(short), is_attested(long));
    let (short_text, long_text) = (short.text.as_bytes(), long.text.as_bytes());
    let same = short_text.iter().zip(long_text).take_while(|(one, other)| one == other).count();
    let (stem, endings) = (&short_text[..same], (&short_text[same..], &long_text[same..]));
    match endings {
        // Ukrainian and Belarusian spellings of one family name: `Lukashenko`, `Lukashenka`.
        (b"o", b"a") | (b"a", b"o") => same >= 4 && (known.0 || known.1) && !stem.ends_with(b"nk"),
        (b"o", b"e") | (b"e", b"o" | b"ia") => same >= 4 && known.0 && known.1,
        ([], of_women) => {
            let of_men = stem.last().copied().unwrap_or_default();
            let doubled = of_women == [of_men, b'e'] && matches!(of_men, b'l' | b'n' | b't');
            let family = [&b"ov"[..], b"ev", b"in", b"yn", b"sk"].iter().any(|ending| stem.ends_with(ending));
            // Of three letters an ending is the half of a word: both must be names.
            (same >= 4 || same == 3 && known.1)
                && known.0
                && short.bits < COMMON_BITS
                && !is_vowel(of_men)
                && (doubled || !family && matches!(of_women, b"a" | b"e" | b"ia"))
        }
        _ => false,
    }
}

/// Countries by their names of one word.
struct Countries {
    /// In lower case, ascending.
    by_name: Vec<(String, Country)>,
    /// Whether a country has these outlines: some two hundred of sixteen thousand, so that most words are ruled out at once.
    outlines: Vec<bool>,
}

/// Lengths of words that outlines tell apart.
const OUTLINED: usize = 16;

static COUNTRIES: LazyLock<Countries> = LazyLock::new(|| {
    let all = (0..).map_while(Country::from_index);
    let mut by_name: Vec<_> = all.map(|country| (country.name().to_lowercase(), country)).collect();
    by_name.retain(|(name, _)| name.bytes().all(|letter| letter.is_ascii_lowercase()));
    by_name.sort_unstable();
    let mut outlines = vec![false; 32 * 32 * OUTLINED];
    for (name, _) in &by_name {
        outlines[Countries::outline(name)] = true;
    }
    Countries { by_name, outlines }
});

impl Countries {
    fn get(&self, word: &str) -> Option<Country> {
        if !self.outlines[Countries::outline(word)] {
            return None;
        }
        let at = self.by_name.binary_search_by(|(name, _)| name.as_str().cmp(word)).ok()?;
        self.by_name.get(at).map(|(_, country)| *country)
    }

    /// First and last letter and length of a word.
    fn outline(word: &str) -> usize {
        let letter = |letter: Option<&u8>| usize::from(letter.copied().unwrap_or_default()) % 32;
        let (first, last) = (letter(word.as_bytes().first()), letter(word.as_bytes().last()));
        (first * 32 + last) * OUTLINED + word.len() % OUTLINED
    }
}

/// Whether two words are the names of two countries: `Austria`, `Australia`.
fn two_countries(one: &str, other: &str) -> bool {
    COUNTRIES.get(one).is_some_and(|one| COUNTRIES.get(other).is_some_and(|other| one != other))
}

/// What two words lose that are near in letters and both known.
const TWO_WORDS: f32 = 0.25;
/// Cost from which an edit is more than a vowel or a double letter.
const HARD_EDIT: f32 = 1.0;

/// How well known both of two words are, 0 to 1.
fn both_known(one: &TokenView<'_>, other: &TokenView<'_>) -> f32 {
    let known = |token: &TokenView<'_>| {
        let most = MAX_BITS_A_LETTER * token.text.len() as f32 - 0.01;
        if token.bits < most { ((KNOWN_BITS - token.bits) / 3.0).clamp(0.0, 1.0) } else { 0.0 }
    };
    known(one).min(known(other))
}

/// Bits from which a word is not known at all: one that four of the listed parties bear.
const KNOWN_BITS: f32 = 12.2;

/// The likeness of parts of Korean or Chinese names, where letters or sounds made them alike, by their syllables; of sounds only where
/// they prove something.
fn by_syllables(one: &TokenView<'_>, other: &TokenView<'_>, best: Likeness) -> Likeness {
    if matches!(best.how, How::Equivalent | How::Diminutive) {
        return best;
    }
    match syllables::likeness(one.text, other.text, one.cultures, other.cultures) {
        Some(likeness) if likeness > 0.9 => best.or(likeness.min(0.95), How::Equivalent),
        // Another number of syllables: a slip of the pen may add or lose a vowel, likeness of sound proves nothing.
        Some(0.0) if best.how == How::Edited => best,
        Some(0.0) => Likeness::NONE,
        Some(likeness) => Likeness::new(likeness, How::Syllable),
        None if proves_nothing(one, other, best) => Likeness::NONE,
        None => best,
    }
}

/// Letters of the shorter word from which the codes of sound tell its beginning only.
const LONG_SOUND: usize = 11;

/// Whether a likeness of sound says nothing: between consonants of which one side writes no vowels, or of two long words, whose codes
/// tell the beginning only.
fn proves_nothing(one: &TokenView<'_>, other: &TokenView<'_>, best: Likeness) -> bool {
    best.how == How::Phonetic
        && (one.text.len().min(other.text.len()) >= LONG_SOUND || one.script.is_abjad() != other.script.is_abjad())
}

/// Whether two words, one of five letters or more, begin with letters that spellings of one sound begin with: `Gaddafi`, `Qadhafi`, `Kadafi`.
pub(crate) fn same_start(one: &[u8], other: &[u8]) -> bool {
    let sound = |word: &[u8]| match word.first().copied().unwrap_or_default() {
        b'g' | b'k' | b'q' | b'c' => b'k',
        b'v' | b'w' => b'v',
        b's' | b'z' => b's',
        b'i' | b'y' | b'e' => b'i',
        b'o' | b'u' => b'o',
        other => other,
    };
    one.len().max(other.len()) >= MIN_SOUND && sound(one) == sound(other)
}

/// Letters of the longer word from which words are alike by their sound.
const MIN_SOUND: usize = 5;

/// A word and its translation: as good as equal, a little behind the word itself.
const TRANSLATED: f32 = 0.98;
/// Letters from which a word read backwards is taken for the word and not for chance.
const MIN_REVERSED: usize = 5;
/// What a word read backwards is worth.
const REVERSED: f32 = 0.9;

/// Likeness of a word of a script that leaves out short vowels and a word with all of them: all consonants must be the same, and
/// the vowels that are written must stand in their places. 0 where they are not the same word; the longer the surer.
pub(crate) fn unvowelled(written: &str, vowelled: &str) -> f32 {
    let consonants = phonetic::unvowelled(written).count();
    if consonants < 2 || !phonetic::unvowelled(written).eq(phonetic::unvowelled(vowelled)) {
        return 0.0;
    }
    let base: f32 = match consonants {
        2 => 0.8,
        3 => 0.87,
        _ => 0.91,
    };
    base - misplaced(written, vowelled)
}

/// What the vowels tell against a word of a script that writes only the long ones being the `vowelled` word, whose consonants are the
/// same. Between the same two consonants a written vowel has one of its kind on the other side; a vowel that ends a word is long, and
/// an h that is pronounced is a letter, so that both are written.
fn misplaced(written: &str, vowelled: &str) -> f32 {
    let (ours, theirs) = (Gaps::of(written), Gaps::of(vowelled));
    if ours.n != theirs.n {
        return UNALIGNED;
    }
    let mut against = 0.0;
    for at in 0..=ours.n.min(MAX_GAPS - 1) {
        let (written, vowels) = (ours.kinds[at], theirs.kinds[at]);
        if written & VOWELS != 0 && written & vowels == 0 {
            against += if vowels & VOWELS == 0 { ABSENT } else { ANOTHER };
        }
        let last = at == ours.n;
        if last && written & VOWELS == 0 && vowels & (I | U) != 0 && vowels & ASPIRATE == 0 {
            against += UNWRITTEN_END;
        }
        // At the end an h after the vowel is only the ending of a feminine.
        let pronounced = if last { ASPIRATED } else { ASPIRATE };
        if (written ^ vowels) & pronounced != 0 {
            against += UNWRITTEN_H;
        }
    }
    against
}

/// Kinds of vowels, and of what else can stand between two consonants.
const A: u8 = 0b0001;
const I: u8 = 0b0010;
const U: u8 = 0b0100;
const VOWELS: u8 = A | I | U;
/// An h, and one before a vowel.
const ASPIRATE: u8 = 0b1000;
const ASPIRATED: u8 = 0b1_0000;

/// A written vowel in whose place the other word has none, or one of another kind; an end of a word in a vowel, and an h, that would
/// have been written; consonants that do not pair.
const ABSENT: f32 = 0.1;
const ANOTHER: f32 = 0.07;
const UNWRITTEN_END: f32 = 0.07;
const UNWRITTEN_H: f32 = 0.1;
const UNALIGNED: f32 = 0.05;

/// Gaps between consonants that are looked at.
const MAX_GAPS: usize = 16;

/// What stands before, between and after the consonants of a word, as bits of kinds.
struct Gaps {
    kinds: [u8; MAX_GAPS],
    /// Number of consonants.
    n: usize,
}

impl Gaps {
    fn of(word: &str) -> Gaps {
        let mut gaps = Gaps { kinds: [0; MAX_GAPS], n: 0 };
        let mut before = 0u8;
        for letter in word.bytes() {
            let kind = match letter {
                b'a' => A,
                b'e' => A | I,
                b'i' | b'y' => I,
                b'o' => A | U,
                b'u' | b'w' | b'v' => U,
                // In kh, sh and the like it only says which consonant is meant.
                b'h' if matches!(before, b'k' | b'g' | b's' | b'z' | b'c' | b't' | b'd' | b'p') => 0,
                b'h' => ASPIRATE,
                _ => {
                    // A doubled consonant is one.
                    gaps.n += usize::from(before != letter);
                    0
                }
            };
            if let Some(kinds) = gaps.kinds.get_mut(gaps.n) {
                let after_h = before == b'h' && kind & VOWELS != 0 && *kinds & ASPIRATE != 0;
                *kinds |= kind | if after_h { ASPIRATED } else { 0 };
            }
            before = letter;
        }
        gaps
    }
}

/// Likeness of words whose consonants are the same. Where a script does not write vowels, the consonants are all there is, and
/// the more of them the better; elsewhere the vowels that are written must not be wholly different.
fn consonants(one: &TokenView<'_>, other: &TokenView<'_>) -> f32 {
    let n = one.skeleton_len;
    if one.script.is_abjad() != other.script.is_abjad() {
        let (written, vowelled) = if one.script.is_abjad() { (one, other) } else { (other, one) };
        let base = match n {
            0..=2 => 0.74,
            3 => 0.84,
            _ => 0.9,
        };
        return base - misplaced(written.text, vowelled.text);
    }
    let same = Places::of(one.text.as_bytes()).common(other.text.as_bytes());
    if !vowels_agree(one.text.len(), other.text.len(), same, n) {
        return 0.0;
    }
    if n <= 2 { 0.74 } else { 0.84 }
}

/// Whether words of these lengths whose `n` consonants are the same have enough vowels the same, `same` letters in all.
pub(crate) fn vowels_agree(one: usize, other: usize, same: usize, n: u8) -> bool {
    is_most(same, one, other) && (same + 1 >= one.min(other) || n > 2)
}

/// Whether so many letters are three of five or more of the longer word.
pub(crate) fn is_most(same: usize, one: usize, other: usize) -> bool {
    same * 5 >= one.max(other) * 3
}

/// Whether three letters of five are the same, in the same order: words that sound alike are written more or less alike too
/// (`Nasser` and `Najjar`, `Qasir` and `Chizari` are not). Words of other scripts are held to less, as their reading varies.
fn mostly_same(one: &TokenView<'_>, other: &TokenView<'_>) -> bool {
    if !one.native.is_empty() || !other.native.is_empty() {
        return true;
    }
    let same = Places::of(one.text.as_bytes()).common(other.text.as_bytes());
    is_most(same, one.text.len(), other.text.len())
}

/// What a word is worth that a scanner read so.
const SCANNED: f32 = 0.88;

/// Words of Chinese characters or Korean syllables, which differ by whole characters.
fn ideographs(one: &TokenView<'_>, other: &TokenView<'_>) -> Likeness {
    if one.text == other.text {
        return Likeness::new(0.65, How::Homophone);
    }
    // Words that differ by a character are other words: 北京 and 南京, 김정은 and 김종은.
    Likeness::NONE
}

/// Likeness of a word written apart and one written together, whose consonants are the same: 1 where the letters are, else by edits;
/// 0 beyond the budget.
pub(crate) fn written_together(one: &str, other: &str, cultures: (Cultures, Cultures)) -> f32 {
    if one == other {
        return 1.0;
    }
    let longer = one.len().max(other.len());
    let budget = edit_budget(one.len().min(other.len()));
    let Some(cost) = edit_cost(one.as_bytes(), other.as_bytes(), budget) else { return 0.0 };
    let score = 1.0 - cost / longer as f32;
    match syllables::likeness(one, other, cultures.0, cultures.1) {
        Some(likeness) if likeness > 0.9 => score.max(likeness.min(0.95)),
        Some(likeness) if likeness > 0.0 => likeness,
        _ => score,
    }
}

fn equivalent(one: &TokenView<'_>, other: &TokenView<'_>) -> Likeness {
    let mut best = Likeness::NONE;
    for ours in one.equivalents.iter().filter_map(|packed| unpack_equivalent(*packed)) {
        for theirs in other.equivalents.iter().filter_map(|packed| unpack_equivalent(*packed)) {
            if ours.0 == theirs.0 {
                let spelling = ours.1 == Closeness::Spelling && theirs.1 == Closeness::Spelling;
                let found =
                    if spelling { Likeness::new(0.95, How::Equivalent) } else { Likeness::new(0.8, How::Diminutive) };
                if found.score > best.score {
                    best = found;
                }
            }
        }
    }
    best
}
