//! Korean and Chinese given names, which differ by whole syllables.
//!
//! Idea: where a letter differs between two European names it is mostly a slip; where it differs between two syllables of Korean or
//! Chinese, both of which exist, it is mostly another syllable and another person: *Pong* and *Pyong*, *Xiaoming* and *Xiaoping*.
//! A name is taken for one of these cultures if it has one of its surnames first or last and nothing but its syllables beside it;
//! then parts are compared syllable by syllable, each in a class that gathers the romanisations of one sound.
//! Invariant: comparison is symmetric; a word that is no row of syllables is not compared here.
//! Cost: linear in the word; no allocation.
//! Source: syllables of Hanyu Pinyin and of Revised and McCune–Reischauer Romanization; common surnames by the statistics offices
//! of both countries. The lists are interdict's own selection.

/// By what a name's parts may be compared by syllables, as bits: the cultures that it can be of, or that it is a Korean firm's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cultures(pub u8);

impl Cultures {
    /// None of them.
    pub const NONE: Cultures = Cultures(0);
    /// Korean.
    pub const KOREAN: Cultures = Cultures(1);
    /// Chinese.
    pub const CHINESE: Cultures = Cultures(2);
    /// A word of a firm that says it is Korean.
    pub const KOREAN_FIRM: Cultures = Cultures(4);
    /// … in Korean script or Chinese characters: one of the two is, where words of firms are compared by syllables.
    pub const WRITTEN_KOREAN: Cultures = Cultures(8);
    /// A word of a firm that names its place in China.
    pub const CHINESE_FIRM: Cultures = Cultures(16);

    fn and(self, other: Cultures) -> Cultures {
        Cultures(self.0 & other.0)
    }

    /// Whether names of these and of those are compared syllable by syllable.
    pub fn share_syllables(self, other: Cultures) -> bool {
        self.0 & other.0 & (Cultures::KOREAN.0 | Cultures::CHINESE.0) != 0
    }

    fn has(self, culture: Cultures) -> bool {
        self.0 & culture.0 != 0
    }
}

const KOREAN_SURNAMES: &[&str] = &[
    "kim", "gim", "pak", "park", "bak", "ri", "li", "lee", "yi", "rhee", "choe", "choi", "chong", "jong", "jung",
    "jeong", "chung", "cheong", "kang", "gang", "cho", "jo", "yun", "yoon", "chang", "jang", "im", "lim", "rim", "han",
    "o", "oh", "so", "seo", "suh", "sin", "shin", "kwon", "gwon", "hwang", "an", "ahn", "song", "ryu", "yu", "yoo",
    "hong", "chon", "jon", "jeon", "ko", "go", "koh", "mun", "moon", "son", "sohn", "yang", "ryang", "pae", "bae",
    "paek", "baek", "paik", "ho", "heo", "huh", "nam", "sim", "shim", "no", "ro", "roh", "ha", "chu", "joo", "ju",
    "ku", "koo", "gu", "cha", "chin", "jin", "om", "eom", "won", "min", "kwak", "gwak", "ok", "ryom", "chae", "kye",
    "to", "tae", "hyon", "pyon", "byun", "maeng", "ma", "ki", "u", "woo",
];

const CHINESE_SURNAMES: &[&str] = &[
    "wang", "li", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun", "ma", "zhu", "hu", "guo",
    "he", "lin", "gao", "luo", "zheng", "liang", "xie", "song", "tang", "deng", "han", "feng", "cao", "peng", "zeng",
    "xiao", "tian", "dong", "pan", "yuan", "cai", "jiang", "yu", "du", "ye", "cheng", "wei", "su", "lu", "ding", "ren",
    "yao", "lv", "shen", "cui", "zhong", "tan", "fan", "wan", "qiu", "hou", "bai", "meng", "qin", "long", "dai", "gu",
    "hao", "shao", "qian", "duan", "lei", "xia", "zou", "shi", "xue", "yin", "xiong", "jin", "fu", "kong", "mao", "mo",
    "xi", "bo", "lai", "wen", "fang", "kang", "qiao", "gong", "yan",
];

/// Whether a word in Pinyin is one of the common surnames.
pub(crate) fn is_chinese_surname(word: &str) -> bool {
    CHINESE_SURNAMES.contains(&word)
}

/// Syllables of a whole name, beyond which a row of syllables is something else.
const MAX_SYLLABLES: usize = 3;

/// The cultures that a name of these parts, in Latin letters and in order, may be of.
pub fn cultures_of(parts: &[&str]) -> Cultures {
    let mut found = Cultures::NONE;
    for (culture, surnames) in [(Cultures::KOREAN, KOREAN_SURNAMES), (Cultures::CHINESE, CHINESE_SURNAMES)] {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return found };
        if parts.len() < 2 || !(surnames.contains(first) || surnames.contains(last)) {
            continue;
        }
        let counts = parts.iter().map(|part| syllables(part, culture).map(|row| row.len));
        let total = counts.sum::<Option<usize>>();
        if total.is_some_and(|total| (2..=MAX_SYLLABLES).contains(&total)) {
            found.0 |= culture.0;
        }
    }
    found
}

/// Likeness of two parts of names of a culture that both may be of, 0 to 1: the mean over their syllables, of which equal ones count
/// 1, ones that romanisations confuse 0.85, and others 0.3. 0 where one has more of
/// them; of the words of firms the least alike counts; `None` where they are not rows of syllables.
pub fn likeness(one: &str, other: &str, ours: Cultures, theirs: Cultures) -> Option<f32> {
    let common = ours.and(theirs);
    let korean = common.has(Cultures::KOREAN_FIRM) && Cultures(ours.0 | theirs.0).has(Cultures::WRITTEN_KOREAN);
    let firms = if korean { Cultures::KOREAN.0 } else { 0 }
        | if common.has(Cultures::CHINESE_FIRM) { Cultures::CHINESE.0 } else { 0 };
    let of = |culture: Cultures| {
        if !(common.has(culture) || Cultures(firms).has(culture)) {
            return None;
        }
        let (one, other) = (syllables(one, culture)?, syllables(other, culture)?);
        // A single syllable of a firm's name may be an acronym.
        if !common.has(culture) && culture == Cultures::CHINESE && one.len.min(other.len) < 2 {
            return None;
        }
        if one.len != other.len {
            return Some(0.0);
        }
        let pairs = || one.row.iter().zip(&other.row).take(one.len).map(|(one, other)| one.likeness(*other));
        if common.has(culture) {
            return Some(pairs().sum::<f32>() / one.len as f32);
        }
        Some(pairs().fold(1.0, f32::min))
    };
    match (of(Cultures::KOREAN), of(Cultures::CHINESE)) {
        (Some(korean), Some(chinese)) => Some(korean.max(chinese)),
        (korean, chinese) => korean.or(chinese),
    }
}

/// The sounds of a word in each of the cultures that it may be of, Korean and Chinese, 0 where it is no row of syllables: the same for
/// all spellings of the same syllables (`jong`, `chong`; `kun`, `geun`), and for those that romanisations confuse.
pub fn sounds(word: &str, cultures: Cultures) -> [u64; 2] {
    [Cultures::KOREAN, Cultures::CHINESE].map(|culture| {
        let row = if cultures.has(culture) { syllables(word, culture) } else { None };
        row.map_or(0, |row| row.row.iter().take(row.len).fold(0, |all, syllable| all << 15 | syllable.sound()))
    })
}

/// Likeness of two parts that sound the same in a culture that both may be of, as [`likeness`]; `None` where they do not.
pub fn same_sound(one: &str, other: &str, ours: Cultures, theirs: Cultures) -> Option<f32> {
    let (ours_sound, theirs_sound) = (sounds(one, ours), sounds(other, theirs));
    let same = ours_sound.iter().zip(&theirs_sound).any(|(one, other)| *one != 0 && one == other);
    if same { likeness(one, other, ours, theirs) } else { None }
}

/// What a syllable that is another one counts: little, but more than nothing, as it may be a slip after all.
const OTHER: f32 = 0.3;
/// What a syllable counts that romanisations or dialects confuse with this one.
const NEAR: f32 = 0.85;

/// A syllable in classes of sound; `near` classes are coarser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Syllable {
    initial: u8,
    vowel: u8,
    last: u8,
    near: (u8, u8, u8),
}

impl Syllable {
    /// Its coarser class of sound, never 0.
    fn sound(self) -> u64 {
        let (initial, vowel, last) = self.near;
        1 << 14 | u64::from(initial) << 9 | u64::from(vowel) << 4 | u64::from(last)
    }

    fn likeness(self, other: Syllable) -> f32 {
        if (self.initial, self.vowel, self.last) == (other.initial, other.vowel, other.last) {
            1.0
        } else if self.near == other.near {
            NEAR
        } else {
            OTHER
        }
    }
}

/// The syllables of a word.
struct Row {
    row: [Syllable; MAX_SYLLABLES],
    len: usize,
}

/// A sound: its spelling, its class, its coarser class.
type Sound = (&'static str, u8, u8);

const KOREAN_INITIALS: &[Sound] = &[
    ("kk", 1, 1),
    ("k", 1, 1),
    ("g", 1, 1),
    ("tt", 2, 2),
    ("t", 2, 2),
    ("d", 2, 2),
    ("pp", 3, 3),
    ("p", 3, 3),
    ("b", 3, 3),
    ("ch", 4, 4),
    ("jj", 4, 4),
    ("j", 4, 4),
    ("ss", 5, 5),
    ("sh", 5, 5),
    ("s", 5, 5),
    ("h", 6, 6),
    ("m", 7, 7),
    ("n", 8, 8),
    ("r", 9, 9),
    ("l", 9, 9),
    ("", 10, 10),
];

const KOREAN_VOWELS: &[Sound] = &[
    ("yeo", 1, 1),
    ("you", 1, 1),
    ("yae", 2, 2),
    ("yo", 1, 1),
    ("ya", 3, 3),
    ("ye", 2, 2),
    ("yoo", 4, 1),
    ("yu", 4, 1),
    ("wae", 5, 5),
    ("wa", 6, 6),
    ("wo", 7, 7),
    ("weo", 7, 7),
    ("we", 5, 5),
    ("wi", 8, 8),
    ("oe", 5, 5),
    ("oi", 5, 5),
    ("eo", 9, 9),
    ("woo", 10, 9),
    ("oo", 10, 9),
    ("ou", 10, 9),
    ("o", 9, 9),
    ("eu", 11, 9),
    ("eui", 12, 15),
    ("ui", 12, 15),
    ("ae", 13, 13),
    ("ai", 13, 13),
    ("ee", 15, 15),
    ("e", 13, 13),
    // A y written as an i, a vowel written twice.
    ("io", 1, 1),
    ("ia", 3, 3),
    ("iu", 4, 1),
    ("uu", 10, 9),
    ("aa", 14, 14),
    ("ii", 15, 15),
    ("i", 15, 15),
    ("u", 10, 9),
    ("a", 14, 14),
];

const KOREAN_LASTS: &[Sound] = &[
    ("ng", 1, 1),
    ("n", 2, 2),
    ("m", 3, 3),
    ("k", 4, 4),
    ("g", 4, 4),
    ("ck", 4, 4),
    // As in *Park*.
    ("rk", 4, 4),
    ("p", 5, 5),
    ("b", 5, 5),
    ("l", 6, 6),
    ("r", 6, 6),
    ("t", 7, 7),
    ("h", 8, 8),
    ("", 8, 8),
];

const CHINESE_INITIALS: &[Sound] = &[
    ("zh", 1, 1),
    ("ch", 2, 2),
    ("sh", 3, 3),
    ("z", 4, 1),
    ("c", 5, 2),
    ("s", 6, 3),
    ("b", 7, 7),
    ("p", 8, 8),
    ("m", 9, 9),
    ("f", 10, 10),
    ("d", 11, 11),
    ("t", 12, 12),
    ("n", 13, 13),
    ("l", 14, 13),
    ("g", 15, 15),
    ("k", 16, 16),
    ("h", 17, 17),
    ("j", 18, 18),
    ("q", 19, 19),
    ("x", 20, 20),
    ("r", 21, 21),
    ("y", 22, 22),
    ("w", 23, 23),
    ("", 24, 24),
];

const CHINESE_VOWELS: &[Sound] = &[
    ("iao", 1, 1),
    ("uai", 2, 2),
    ("ia", 3, 3),
    ("ie", 4, 4),
    ("iu", 5, 5),
    ("io", 6, 6),
    ("ua", 7, 7),
    ("uo", 8, 8),
    ("ue", 9, 9),
    ("ui", 10, 10),
    ("ai", 11, 11),
    ("ei", 12, 12),
    ("ao", 13, 13),
    ("ou", 14, 14),
    ("a", 15, 15),
    ("o", 16, 16),
    ("e", 17, 17),
    ("i", 18, 18),
    ("u", 19, 19),
    ("v", 20, 19),
];

const CHINESE_LASTS: &[Sound] = &[("ng", 1, 1), ("n", 2, 1), ("r", 3, 3), ("", 4, 4)];

/// Cuts a word into syllables of a culture, at most [`MAX_SYLLABLES`]; none where it is no row of them.
fn syllables(word: &str, culture: Cultures) -> Option<Row> {
    let sounds = if culture == Cultures::KOREAN {
        [KOREAN_INITIALS, KOREAN_VOWELS, KOREAN_LASTS]
    } else {
        [CHINESE_INITIALS, CHINESE_VOWELS, CHINESE_LASTS]
    };
    let mut row = Row { row: [Syllable::default(); MAX_SYLLABLES], len: 0 };
    cut(word.as_bytes(), sounds, &mut row).then_some(row)
}

/// Finds the first way to cut what is left, longer sounds first; a consonant between vowels begins a syllable rather than ends one.
fn cut(rest: &[u8], sounds: [&[Sound]; 3], row: &mut Row) -> bool {
    if rest.is_empty() {
        return row.len > 0;
    }
    if row.len == MAX_SYLLABLES {
        return false;
    }
    let [initials, vowels, lasts] = sounds;
    let begins = |text: &[u8], sound: &Sound| text.starts_with(sound.0.as_bytes());
    for initial in initials.iter().filter(|sound| begins(rest, sound)) {
        let after_initial = &rest[initial.0.len()..];
        for vowel in vowels.iter().filter(|sound| begins(after_initial, sound)) {
            let after_vowel = &after_initial[vowel.0.len()..];
            for last in lasts.iter().filter(|sound| begins(after_vowel, sound)) {
                if initials.len() == CHINESE_INITIALS.len() && !is_pinyin(initial.0, vowel.0, last.0) {
                    continue;
                }
                let after = &after_vowel[last.0.len()..];
                let steals = !last.0.is_empty() && last.0 != "ng" && after.first().is_some_and(|next| is_vowel(*next));
                if steals {
                    continue;
                }
                row.row[row.len] =
                    Syllable { initial: initial.1, vowel: vowel.1, last: last.1, near: (initial.2, vowel.2, last.2) };
                row.len += 1;
                if cut(after, sounds, row) {
                    return true;
                }
                row.len -= 1;
            }
        }
    }
    false
}

/// The syllables of Hanyu Pinyin: a final with the initials that it stands after; `-` for none. Source: the table of GB/T 16159, without
/// those that only exclamations have.
const PINYIN: [(&str, &str); 34] = [
    ("a", "- b p m f d t n l g k h zh ch sh z c s y w"),
    ("o", "b p m f w y"),
    ("e", "- m d t n l g k h zh ch sh r z c s y"),
    ("ai", "- b p m d t n l g k h zh ch sh z c s w"),
    ("ei", "b p m f d n l g h w sh z zh"),
    ("ao", "- b p m d t n l g k h zh ch sh r z c s y"),
    ("ou", "- p m f d t n l g k h zh ch sh r z c s y"),
    ("an", "- b p m f d t n l g k h zh ch sh r z c s y w"),
    ("en", "- b p m f d n g h k zh ch sh r z c s w"),
    ("ang", "- b p m f d t n l g k h zh ch sh r z c s y w"),
    ("eng", "b p m f d t n l g k h zh ch sh r z c s w"),
    ("ong", "d t n l g k h zh ch r z c s y"),
    ("er", "-"),
    ("i", "b p m d t n l j q x zh ch sh r z c s y"),
    ("ia", "j q x l"),
    ("ie", "b p m d t n l j q x"),
    ("iao", "b p m d t n l j q x"),
    ("iu", "m d n l j q x"),
    ("ian", "b p m d t n l j q x"),
    ("in", "b p m n l j q x y"),
    ("iang", "n l j q x"),
    ("ing", "b p m d t n l j q x y"),
    ("iong", "j q x"),
    ("u", "b p m f d t n l g k h zh ch sh r z c s j q x y w"),
    ("ua", "g k h zh sh ch"),
    ("uo", "d t n l g k h zh ch sh r z c s"),
    ("uai", "g k h zh ch sh"),
    ("ui", "d t g k h zh ch sh r z c s"),
    ("uan", "d t n l g k h zh ch sh r z c s j q x y"),
    ("un", "d t n l g k h zh ch sh r z c s j q x y"),
    ("uang", "g k h zh ch sh"),
    ("ue", "n l j q x y"),
    ("v", "n l"),
    ("ve", "n l"),
];

/// Whether a syllable of these sounds is one of Pinyin.
fn is_pinyin(initial: &str, vowel: &str, last: &str) -> bool {
    let is_final = |text: &str| text.strip_prefix(vowel) == Some(last);
    let initial = if initial.is_empty() { "-" } else { initial };
    let of_final = PINYIN.iter().find(|(text, _)| is_final(text));
    of_final.is_some_and(|(_, initials)| initials.split(' ').any(|known| known == initial))
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'v')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_of_a_culture_by_surname_and_syllables() {
        assert_eq!(cultures_of(&["kim", "pong", "ryul"]), Cultures::KOREAN);
        assert_eq!(cultures_of(&["zhang", "xiaoming"]), Cultures::CHINESE);
        assert!(
            cultures_of(&["li", "yong"]).has(Cultures::KOREAN) && cultures_of(&["li", "yong"]).has(Cultures::CHINESE)
        );
        for name in [&["kim", "kardashian"][..], &["vladimir", "putin"], &["han", "christian", "andersen"], &["kim"]] {
            assert_eq!(cultures_of(name), Cultures::NONE, "{name:?}");
        }
    }

    #[test]
    fn spellings_of_the_same_syllables_have_the_same_sound() {
        let same = |one, other, culture| same_sound(one, other, culture, culture);
        assert_eq!(same("jong", "chong", Cultures::KOREAN), Some(1.0));
        assert_eq!(same("kun", "geun", Cultures::KOREAN), Some(NEAR));
        assert_eq!(same("jongun", "chongun", Cultures::KOREAN), Some(1.0));
        assert_eq!(same("jong", "jang", Cultures::KOREAN), None);
        assert_eq!(same("zhang", "zang", Cultures::CHINESE), Some(NEAR));
        assert_eq!(same("jong", "jongun", Cultures::KOREAN), None);
        assert_eq!(same_sound("jong", "chong", Cultures::KOREAN, Cultures::CHINESE), None);
    }

    #[test]
    fn another_syllable_is_another_name_and_another_spelling_is_not() {
        let korean = |one, other| likeness(one, other, Cultures::KOREAN, Cultures::KOREAN);
        assert_eq!(korean("pong", "pyong"), Some(OTHER));
        assert_eq!(korean("chol", "cheol"), Some(1.0));
        assert_eq!(korean("chol", "chul"), Some(NEAR));
        assert_eq!(korean("jong", "chong"), Some(1.0));
        assert_eq!(korean("jong", "jongun"), Some(0.0));
        let chinese = |one, other| likeness(one, other, Cultures::CHINESE, Cultures::CHINESE);
        assert_eq!(chinese("xiaoming", "xiaoming"), Some(1.0));
        assert!(chinese("xiaoming", "xiaoping").is_some_and(|likeness| likeness < 0.7));
        assert!(chinese("xiaomin", "xiaoming").is_some_and(|likeness| likeness > 0.9));
        assert_eq!(chinese("xiaomign", "xiaoming"), None);
        let firm = |one, other| likeness(one, other, Cultures::CHINESE_FIRM, Cultures::CHINESE_FIRM);
        assert_eq!(firm("xinyilu", "xinhualu"), Some(OTHER));
        assert_eq!(firm("huawei", "huawie"), None, "no syllable of Pinyin, and so a slip of the pen");
        assert_eq!(firm("wei", "wai"), None, "one syllable may be an acronym");
    }
}
