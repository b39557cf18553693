//! Chinese names in Wade–Giles, put into Pinyin: `Mao Tse-tung`, `Hsu Chih-chiang`.
//!
//! Idea: a name is taken for one in Wade–Giles if all of its parts are syllables of that system, some of them none of Pinyin, and its first
//! or last part is a Chinese surname. Its apostrophes tell `ch'` from `ch`; where a writer left them out, either is meant, and the
//! name is read both ways.
//! Invariant: at most [`MAX_NAMES`] names, each of a surname and a given name written together.
//! Cost: a look at the ends of each part; allocations only for names that are read so.
//! Source: the table of Wade–Giles and Hanyu Pinyin syllables that libraries convert by (Library of Congress, Pinyin Conversion Project,
//! 1998), as rules of initials and finals.

use smallvec::SmallVec;

use crate::syllables;

/// Most names that one is read as.
pub(crate) const MAX_NAMES: usize = 6;

/// Syllables of a given name.
const MAX_GIVEN: usize = 2;

/// Letters of the longest syllable: `ch'uang`, `hsiung`.
const LONGEST: usize = 7;

/// An initial with what it is in Pinyin without an apostrophe and with one.
type Initial = (&'static str, &'static str, &'static str);

/// What `ch` is hangs on the vowel besides.
const INITIALS: [Initial; 19] = [
    ("tz", "z", "c"),
    ("ts", "z", "c"),
    ("sz", "s", "s"),
    ("ss", "s", "s"),
    ("sh", "sh", "sh"),
    ("p", "b", "p"),
    ("t", "d", "t"),
    ("k", "g", "k"),
    ("m", "m", "m"),
    ("f", "f", "f"),
    ("n", "n", "n"),
    ("l", "l", "l"),
    ("h", "h", "h"),
    ("j", "r", "r"),
    ("s", "s", "s"),
    ("w", "w", "w"),
    ("y", "y", "y"),
    ("ch", "zh", "ch"),
    ("hs", "x", "x"),
];

/// Finals with what they are in Pinyin.
const FINALS: [(&str, &str); 36] = [
    ("a", "a"),
    ("ai", "ai"),
    ("an", "an"),
    ("ang", "ang"),
    ("ao", "ao"),
    ("e", "e"),
    ("eh", "e"),
    ("ei", "ei"),
    ("en", "en"),
    ("eng", "eng"),
    ("i", "i"),
    ("ih", "i"),
    ("ia", "ia"),
    ("iang", "iang"),
    ("iao", "iao"),
    ("ieh", "ie"),
    ("ien", "ian"),
    ("in", "in"),
    ("ing", "ing"),
    ("iu", "iu"),
    ("iung", "iong"),
    ("o", "o"),
    ("ou", "ou"),
    ("u", "u"),
    ("ua", "ua"),
    ("uai", "uai"),
    ("uan", "uan"),
    ("uang", "uang"),
    ("uei", "ui"),
    ("ueh", "ue"),
    ("ui", "ui"),
    ("un", "un"),
    ("ung", "ong"),
    ("uo", "uo"),
    ("io", "ue"),
    ("erh", "er"),
];

/// What a syllable may be in Pinyin.
type Syllables = SmallVec<[String; 4]>;

/// The names in Pinyin that a name in Wade–Giles may be; none where it is not in that system.
pub(crate) fn in_pinyin(name: &str) -> Vec<String> {
    let mut parts: SmallVec<[&str; 4]> = SmallVec::new();
    for part in name.split([' ', '-', ',']).filter(|part| !part.is_empty()) {
        if parts.len() > MAX_GIVEN || part.chars().count() > LONGEST {
            return Vec::new();
        }
        parts.push(part);
    }
    if parts.len() < 2 {
        return Vec::new();
    }
    // Without a syllable that only Wade–Giles has it may be in Pinyin as it is, or Korean.
    if !parts.iter().any(|part| is_only_wade_giles(part)) {
        return Vec::new();
    }
    let marked = name.contains(APOSTROPHES);
    let Some(read) = parts.iter().map(|part| in_pinyin_of(part, marked)).collect::<Option<SmallVec<[Syllables; 4]>>>()
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let n = read.len();
    for (surname, given) in [(&read[0], &read[1..]), (&read[n - 1], &read[..n - 1])] {
        for surname in surname.iter().filter(|surname| syllables::is_chinese_surname(surname)) {
            for first in &given[0] {
                match given.get(1) {
                    None => found.push(format!("{surname} {first}")),
                    Some(second) => found.extend(second.iter().map(|second| format!("{surname} {first}{second}"))),
                }
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found.truncate(MAX_NAMES);
    found
}

/// What writers put for the breath after a consonant.
const APOSTROPHES: [char; 5] = ['\'', '’', '‘', 'ʻ', '`'];

/// Whether a syllable is written so in Wade–Giles and never in Pinyin.
fn is_only_wade_giles(part: &str) -> bool {
    let lower = |byte: Option<&u8>| byte.map_or(0, u8::to_ascii_lowercase);
    let bytes = part.as_bytes();
    let begins =
        matches!((lower(bytes.first()), lower(bytes.get(1))), (b'h' | b't' | b's', b's') | (b't' | b's', b'z'));
    let mut ends = bytes.iter().rev();
    let ends = [lower(ends.next()), lower(ends.next()), lower(ends.next())];
    let ends = matches!(
        ends,
        [b'h', b'i' | b'e', _] | [b'h', b'r', b'e'] | [b'n', b'e', b'i'] | [b'g', b'n', b'u'] | [b'i', b'e', b'u']
    );
    begins || ends || !part.is_ascii() && part.contains(APOSTROPHES) || bytes.contains(&b'\'') || bytes.contains(&b'`')
}

/// What a syllable may be in Pinyin, the plain consonant first; `None` where it is none of Wade–Giles. `marked` says that the writer
/// tells consonants apart by apostrophes.
fn in_pinyin_of(part: &str, marked: bool) -> Option<Syllables> {
    let mut part = part.to_lowercase().replace('ü', "u").replace('ê', "e");
    let breath = part.contains(APOSTROPHES);
    part.retain(|c| !APOSTROPHES.contains(&c));
    let whole = match part.as_str() {
        "i" => Some("yi"),
        "yen" => Some("yan"),
        "erh" => Some("er"),
        "ssu" | "szu" => Some("si"),
        "jo" => Some("ruo"),
        "yu" => Some("yu"),
        _ => None,
    };
    if let Some(whole) = whole {
        let mut read = Syllables::from_iter([whole.to_owned()]);
        if part == "yu" {
            read.push("you".to_owned());
        }
        return Some(read);
    }
    let initials = INITIALS.iter().filter(|(written, ..)| part.starts_with(written));
    let longest = initials.max_by_key(|(written, ..)| written.len());
    let (written, plain, breathed) = longest.copied().unwrap_or_default();
    let ending = &part[written.len()..];
    let (_, last) = FINALS.iter().find(|(known, _)| *known == ending)?;
    let mut read = Syllables::new();
    let ways = match (breath, marked, plain == breathed) {
        (true, ..) => [None, Some(breathed)],
        (false, true, _) | (_, _, true) => [Some(plain), None],
        (false, false, false) => [Some(plain), Some(breathed)],
    };
    for initial in ways.into_iter().flatten() {
        if written == "ch" {
            let soft = if initial == "zh" { "j" } else { "q" };
            // Before i it is the soft consonant, but for `ih`; before u it may be either, as the dots of ü are seldom written.
            if ending.starts_with('i') && ending != "ih" {
                read.push(format!("{soft}{last}"));
                continue;
            }
            read.push(joined(initial, last));
            if matches!(ending, "u" | "uan" | "ueh" | "un") {
                read.push(format!("{soft}{last}"));
            }
        } else if matches!(written, "tz" | "sz" | "ss") && ending == "u" {
            read.push(format!("{initial}i"));
        } else {
            read.push(joined(initial, last));
        }
    }
    Some(read)
}

/// A syllable as Pinyin spells it.
fn joined(initial: &str, last: &str) -> String {
    let last = match (initial, last) {
        ("d" | "t" | "n" | "l" | "z" | "c" | "s" | "zh" | "ch" | "r", "o") => "uo",
        ("g" | "k" | "h", "o") => "e",
        ("y", "ong") => "ong",
        _ => last,
    };
    format!("{initial}{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_wade_giles_are_read_in_pinyin() {
        for (name, pinyin) in [
            ("Mao Tse-tung", "mao zedong"),
            ("MAO, Tse-tung", "mao zedong"),
            ("Tse-tung Mao", "mao zedong"),
            ("Teng Hsiao-p'ing", "deng xiaoping"),
            ("Hsu Chih-chiang", "xu zhiqiang"),
            ("Chou En-lai", "zhou enlai"),
            ("Chiang Chieh-shih", "jiang jieshi"),
            ("Lin Yu-t‘ang", "lin yutang"),
            ("Kuo Mo-jo", "guo moruo"),
            ("Tseng Kuo-fan", "zeng guofan"),
            ("Yeh Chien-ying", "ye jianying"),
            ("Hua Kuo-feng", "hua guofeng"),
            ("Sung Ch'ing-ling", "song qingling"),
            ("Chu Teh", "zhu de"),
            ("Hsü Jên-p'ing", "xu renping"),
        ] {
            let found = in_pinyin(name);
            let is_in_system = !["Chou En-lai", "Hua Kuo-feng", "Kuo Mo-jo"].contains(&name);
            assert_eq!(found.iter().any(|found| found == pinyin), is_in_system, "{name}: {found:?}");
        }
    }

    #[test]
    fn other_names_are_left_alone() {
        for name in [
            "Zhang Xiaoming",
            "Kim Jong-un",
            "Chung Il-kwon",
            "Nguyen Van Hung",
            "John Smith",
            "Li Na",
            "Tsai",
            "",
            "Ts",
        ] {
            assert!(in_pinyin(name).is_empty(), "{name}: {:?}", in_pinyin(name));
        }
    }
}
