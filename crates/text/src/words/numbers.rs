//! Numbers in names: digits of any script, Roman and Han numerals, ordinals, number words.
//!
//! Idea: `Factory No. 7`, `Zavod VII`, `第七工厂` and `Seventh Plant` shall compare equal, and `Plant 7` differ from
//! `Plant 8`. What is more often a name than a number (`XI`, `VI`, `Thani`) is none.
//! Source: `data/words/numbers.tsv`; digit blocks of Unicode's decimal numbers (general category Nd).

use std::sync::LazyLock;

use super::key::{for_load, key};
use crate::map::Map;
use crate::table;

static WORDS: LazyLock<Map<String, u32>> = LazyLock::new(|| {
    let mut words = Map::default();
    for line in table::rows(include_str!("../../data/words/numbers.tsv")) {
        let Some((_language, pairs)) = line.split_once('\t') else { continue };
        for pair in pairs.split_whitespace() {
            let Some((value, forms)) = pair.split_once(':') else { unreachable!("numbers.tsv: {pair}") };
            let Ok(value) = value.parse::<u32>() else { unreachable!("numbers.tsv: {pair}") };
            for form in forms.split(',') {
                words.entry(key(&for_load(form)).to_owned()).or_insert(value);
            }
        }
    }
    words
});

/// Zeros of the decimal digits that names on lists are written in; each is followed by its nine other digits.
const ZEROS: [char; 16] = [
    '0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}',
    '\u{e50}', '\u{ed0}', '\u{1040}', '\u{17e0}', '\u{ff10}',
];

/// Digits of a number are read up to this many, which an `u32` holds; a longer row is an identifier, not a number.
const MAX_DIGITS: usize = 9;

/// The number that a folded word writes: digits of any script, Roman numerals (II to XXXIX, never I, V, X, L, C, D or M
/// alone, nor VI and XI, which are names), Han numerals, ordinals and number words. Digits with an ordinal ending
/// (`1st`, `3rd`, `3й`, `第3`, `제3`) count, other mixtures (`m3`, `b2b`) do not.
pub fn number(word: &str) -> Option<u32> {
    digits(word)
        .or_else(|| roman(word))
        .or_else(|| WORDS.get(&*key(word)).copied())
        .or_else(
            || if word.is_ascii() && !word.starts_with(|c: char| c.is_ascii_digit()) { None } else { ordinal(word) },
        )
        .or_else(|| if word.is_ascii() { None } else { han(word) })
}

/// The number that begins at `at`, and how many words it takes: as [`number`], but also a tens word with a unit
/// (`twenty first`, `twenty 1`, 21), a hundred (`two hundred`), an ordinal ending apart (`3 й`, `21 st`), and `第 3`.
pub fn number_at(words: &[&str], at: usize) -> Option<(u32, usize)> {
    let &word = words.get(at)?;
    let next = words.get(at + 1).copied();
    if matches!(word, "第" | "제")
        && let Some(value) = next.and_then(number)
    {
        return Some((value, 2));
    }
    let value = number(word).or_else(|| signed(word))?;
    let Some(next) = next else { return Some((value, 1)) };
    if digits(word).is_some() {
        return Some((value, 1 + usize::from(is_ordinal_ending(next))));
    }
    match number(next) {
        Some(unit @ 1..=9) if (20..100).contains(&value) && value % 10 == 0 => Some((value + unit, 2)),
        Some(100) if (1..=9).contains(&value) && digits(next).is_none() => Some((value * 100, 2)),
        _ => Some((value, 1)),
    }
}

/// A number that its sign is written onto: `No5`, `Nr12`.
fn signed(word: &str) -> Option<u32> {
    ["no", "nr", "num"].iter().find_map(|sign| digits(word.strip_prefix(sign)?))
}

/// The number that a single Roman letter writes: `I`, `V`, `X`. Only at the end of a name of something else than a person it may be one.
pub(crate) fn roman_letter(word: &str) -> Option<u32> {
    match word {
        "i" => Some(1),
        "v" => Some(5),
        "x" => Some(10),
        _ => None,
    }
}

fn digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    ZEROS.iter().map(|&zero| (c as u32).wrapping_sub(zero as u32)).find(|&value| value < 10)
}

fn digits(word: &str) -> Option<u32> {
    if word.chars().next().is_none_or(|first| digit(first).is_none())
        || word.chars().take(MAX_DIGITS + 1).count() > MAX_DIGITS
    {
        return None;
    }
    word.chars().try_fold(0_u32, |value, c| value.checked_mul(10)?.checked_add(digit(c)?))
}

fn is_ordinal_ending(word: &str) -> bool {
    matches!(
        word,
        "st" | "nd"
            | "rd"
            | "th"
            | "er"
            | "re"
            | "e"
            | "eme"
            | "ème"
            | "nde"
            | "й"
            | "я"
            | "е"
            | "го"
            | "ый"
            | "ая"
            | "ой"
            | "ий"
            | "ое"
            | "ша"
            | "й-й"
            | "号"
            | "號"
            | "호"
    )
}

/// Digits with an ordinal ending, or after the ordinal signs of Chinese and Korean.
fn ordinal(word: &str) -> Option<u32> {
    if let Some(rest) = word.strip_prefix(['第', '제']) {
        return digits(rest.trim_end_matches(['号', '號', '호'])).or_else(|| han(rest));
    }
    let end = word.char_indices().find(|&(_, c)| digit(c).is_none())?.0;
    if end == 0 || !is_ordinal_ending(word.get(end..)?) {
        return None;
    }
    digits(word.get(..end)?)
}

/// Roman numerals in their canonical spelling, II to XXXIX.
fn roman(word: &str) -> Option<u32> {
    if !(2..=7).contains(&word.len())
        || !word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'))
        || matches!(word, "vi" | "xi")
    {
        return None;
    }
    let tens = word.bytes().take_while(|&b| b == b'x').count();
    // The tens of `ix` are none; four tens would be XL.
    let unit = match word.get(tens..)? {
        "" => 0,
        "i" => 1,
        "ii" => 2,
        "iii" => 3,
        "iv" => 4,
        "v" => 5,
        "vi" => 6,
        "vii" => 7,
        "viii" => 8,
        "ix" => 9,
        _ => return None,
    };
    (tens <= 3).then_some(tens as u32 * 10 + unit)
}

/// Han numerals up to 9,999: `七`, `十二`, `二十一`, `三百`, `二〇二四` digit by digit; `第` may stand before, `号` after.
fn han(word: &str) -> Option<u32> {
    let word = word.strip_prefix('第').unwrap_or(word);
    let word = word.strip_suffix(['号', '號']).unwrap_or(word);
    let n_chars = word.chars().take(8).count();
    if !(1..=7).contains(&n_chars) || matches!(word, "百" | "千") {
        return None;
    }
    let value_of = |c: char| match c {
        '〇' | '零' => Some(0),
        '一' => Some(1),
        '二' | '两' | '兩' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    };
    if n_chars > 1 && word.chars().all(|c| value_of(c).is_some()) {
        return word.chars().try_fold(0_u32, |value, c| Some(value * 10 + value_of(c)?));
    }
    let (mut total, mut pending, mut last_unit) = (0, None, 10_000);
    for c in word.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            _ => {
                let value = value_of(c)?;
                if pending.is_some_and(|pending| pending != 0) {
                    return None;
                }
                pending = Some(value);
                continue;
            }
        };
        if unit >= last_unit {
            return None;
        }
        last_unit = unit;
        total += pending.take().unwrap_or(1) * unit;
    }
    Some(total + pending.unwrap_or(0))
}
