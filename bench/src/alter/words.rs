//! Alterations of whole words: order, legal forms, abbreviations, parts left away, surroundings.

use super::Kind;
use super::tables::{ABBREVIATED, ABBREVIATED_GIVEN, ARTICLES, FILIATIONS, GENERIC, LEGAL, PATRONYMICS, TEXTS};
use crate::dice::Dice;

fn words(name: &str) -> Vec<&str> {
    name.split_whitespace().collect()
}

/// A word without case and punctuation.
fn bare(word: &str) -> String {
    word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Words backwards, the last first with a comma, or turned round by some.
pub(super) fn reordered(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut words = words(name);
    let last = *words.last()?;
    if words.len() < 2 {
        return None;
    }
    match dice.below(3) {
        0 => words.reverse(),
        1 => return Some(format!("{last}, {}", words[..words.len() - 1].join(" "))),
        _ => {
            let by = 1 + dice.below(words.len() - 1);
            words.rotate_left(by);
        }
    }
    Some(words.join(" "))
}

/// The words before a legal form at the end, the form as written, and its row; likewise, with `true`, at the beginning.
type Legal<'a> = (Vec<&'a str>, String, usize, bool);

fn legal(name: &str) -> Option<Legal<'_>> {
    let words = words(name);
    // The longest form first, that `limited liability company` is not taken for a company.
    for n in (1..=3.min(words.len().saturating_sub(1))).rev() {
        for at_start in [false, true] {
            let cut = if at_start { n } else { words.len() - n };
            let (before, after) = words.split_at(cut);
            let (form, rest) = if at_start { (before, after) } else { (after, before) };
            let read = form.iter().map(|word| bare(word)).collect::<Vec<_>>().join(" ");
            if let Some(row) = LEGAL.iter().position(|(known, ..)| *known == read) {
                return Some((rest.to_vec(), form.join(" "), row, at_start));
            }
        }
    }
    None
}

fn with_form(rest: &[&str], form: &str, at_start: bool) -> String {
    let rest = rest.join(" ");
    if at_start { format!("{form} {rest}") } else { format!("{rest} {form}") }
}

/// The legal form written together with its neighbour.
pub(super) fn legal_glued(name: &str, _: Kind, _: &mut Dice) -> Option<String> {
    let (rest, form, _, at_start) = legal(name)?;
    let rest = rest.join(" ");
    Some(if at_start { format!("{form}{rest}") } else { format!("{rest}{form}") })
}

/// The legal form written another way, or, once in four, left away.
pub(super) fn legal_changed(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let (rest, _, row, at_start) = legal(name)?;
    if dice.percent(25) {
        return Some(rest.join(" "));
    }
    Some(with_form(&rest, dice.pick(LEGAL[row].1)?, at_start))
}

/// The legal form of another country.
pub(super) fn legal_translated(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let (rest, _, row, at_start) = legal(name)?;
    Some(with_form(&rest, dice.pick(LEGAL[row].2)?, at_start))
}

/// Whether a word tells a firm from others: no legal form, no trade, no particle.
pub(super) fn is_telling(word: &str) -> bool {
    let bare = bare(word);
    let is = |known: &str| known.split(' ').any(|part| part == bare);
    let generic = GENERIC.contains(&bare.as_str()) || LEGAL.iter().any(|(form, ..)| is(form));
    bare.chars().count() >= 4 && !generic && !ABBREVIATED.iter().any(|(long, _)| *long == bare)
}

/// One word abbreviated, or, once in three, all that can be.
pub(super) fn abbreviated(name: &str, kind: Kind, dice: &mut Dice) -> Option<String> {
    let mut words: Vec<String> = words(name).into_iter().map(str::to_owned).collect();
    if words.len() < 2 {
        return None;
    }
    let table = if kind == Kind::Person { ABBREVIATED_GIVEN } else { ABBREVIATED };
    let short = |word: &str| table.iter().find(|(long, _)| *long == bare(word)).map(|(_, short)| *short);
    let mut able: Vec<usize> = (0..words.len()).filter(|at| short(&words[*at]).is_some()).collect();
    if able.is_empty() {
        return None;
    }
    dice.shuffle(&mut able);
    let n = if dice.percent(33) { able.len() } else { 1 };
    for at in able.into_iter().take(n) {
        let dot = if dice.percent(40) { "." } else { "" };
        words[at] = format!("{}{dot}", short(&words[at])?);
    }
    Some(words.join(" "))
}

/// Given names as initials: the first, or, once in three, all but the last word.
pub(super) fn initials(name: &str, kind: Kind, dice: &mut Dice) -> Option<String> {
    let mut words: Vec<String> = words(name).into_iter().map(str::to_owned).collect();
    if words.len() < 2 || kind != Kind::Person {
        return None;
    }
    let n = if dice.percent(33) { words.len() - 1 } else { 1 };
    for word in words.iter_mut().take(n) {
        let first = word.chars().find(|letter| letter.is_alphabetic())?;
        *word = if dice.percent(70) { format!("{first}.") } else { first.to_string() };
    }
    Some(words.join(" "))
}

/// A word that is neither the first nor the last left away.
pub(super) fn middle_dropped(name: &str, kind: Kind, dice: &mut Dice) -> Option<String> {
    let mut words = words(name);
    if words.len() < 3 || kind != Kind::Person {
        return None;
    }
    let at = 1 + dice.below(words.len() - 2);
    words.remove(at);
    Some(words.join(" "))
}

/// The patronymic left away: a word with its ending, or *son of* with the name behind it.
pub(super) fn patronymic_dropped(name: &str, kind: Kind, _: &mut Dice) -> Option<String> {
    let mut words = words(name);
    if words.len() < 3 || kind != Kind::Person {
        return None;
    }
    if let Some(at) = words.iter().position(|word| FILIATIONS.contains(&bare(word).as_str())) {
        words.drain(at..(at + 2).min(words.len()));
    } else {
        let at = words.iter().rposition(|word| PATRONYMICS.iter().any(|ending| bare(word).ends_with(ending)))?;
        words.remove(at);
    }
    // `Usama bin Laden` without his father is nobody.
    (words.len() > 1).then(|| words.join(" "))
}

/// An Arabic article changed, glued, cut off or left away.
pub(super) fn article(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let words = words(name);
    let mut out = Vec::new();
    let (mut at, mut met) = (0, false);
    while let Some(word) = words.get(at) {
        at += 1;
        let hyphened = word.split_once('-').filter(|(article, _)| ARTICLES.contains(&bare(article).as_str()));
        let apart = words.get(at).filter(|_| matches!(bare(word).as_str(), "al" | "el" | "ul"));
        let rest = match (hyphened, apart) {
            (Some((_, rest)), _) => rest,
            (None, Some(rest)) => {
                at += 1;
                rest
            }
            (None, None) => {
                match word.strip_prefix("ال") {
                    Some(rest) if rest.chars().count() > 2 => {
                        met = true;
                        out.push(rest.to_owned());
                    }
                    _ => out.push((*word).to_owned()),
                }
                continue;
            }
        };
        met = true;
        let way = dice.below(6);
        out.push(match way {
            0 => format!("El-{rest}"),
            1 => format!("al {rest}"),
            2 => format!("Al{}", rest.to_lowercase()),
            3 => format!("ul-{rest}"),
            4 => format!("el {rest}"),
            _ => rest.to_owned(),
        });
    }
    met.then(|| out.join(" "))
}

/// Within a longer text.
pub(super) fn hidden(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    Some(dice.pick(TEXTS)?.replace("{}", name))
}

/// The whole name, or one word of it, twice.
pub(super) fn repeated(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let words = words(name);
    if words.is_empty() {
        return None;
    }
    if dice.percent(50) {
        return Some(format!("{name} {name}"));
    }
    let at = dice.below(words.len());
    let twice = |(place, word): (usize, &&str)| {
        if place == at { format!("{word} {word}") } else { (*word).to_owned() }
    };
    Some(words.iter().enumerate().map(twice).collect::<Vec<_>>().join(" "))
}

/// Two neighbours written together, and that word once more behind itself or at the end.
pub(super) fn joined_and_repeated(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut words: Vec<String> = words(name).into_iter().map(str::to_owned).collect();
    if words.len() < 2 {
        return None;
    }
    let at = dice.below(words.len() - 1);
    let joined = words[at..at + 2].concat();
    words.splice(at..at + 2, [joined.clone()]);
    let again = if dice.percent(50) { at + 1 } else { words.len() };
    words.insert(again, joined);
    Some(words.join(" "))
}

/// Letters of a word that may be a particle, an article, a title or a legal form.
const MAX_SHORT: usize = 3;

/// The short words in some order, written together with each other and glued to another word or put between others.
pub(super) fn short_words_moved(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let is_short = |word: &&str| word.chars().count() <= MAX_SHORT;
    let (mut short, long): (Vec<&str>, Vec<&str>) = words(name).into_iter().partition(is_short);
    if short.is_empty() || long.is_empty() {
        return None;
    }
    dice.shuffle(&mut short);
    let mut words: Vec<String> = long.into_iter().map(str::to_owned).collect();
    let at = dice.below(words.len());
    match dice.below(3) {
        0 => words.insert(at, short.concat()),
        1 => words[at].insert_str(0, &short.concat()),
        _ => words[at].push_str(&short.concat()),
    }
    Some(words.join(" "))
}

/// Marks between and around words.
#[expect(clippy::unnecessary_wraps, reason = "one signature for all classes")]
pub(super) fn punctuation(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut out = String::new();
    for word in words(name) {
        match dice.below(8) {
            0 => out.extend([word, ", "]),
            1 => out.extend([word, ". "]),
            2 => out.extend(["(", word, ") "]),
            3 => out.extend(["\"", word, "\" "]),
            4 => out.extend([word, "_"]),
            5 => out.extend([word, " - "]),
            6 => out.extend(["*", word, "* "]),
            _ => out.extend([word, " "]),
        }
    }
    Some(out)
}

/// Hyphens become blanks or nothing; a blank becomes a hyphen where there is none.
pub(super) fn hyphenation(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    if name.contains('-') {
        return Some(name.replace('-', if dice.percent(50) { " " } else { "" }));
    }
    let words = words(name);
    if words.len() < 2 {
        return None;
    }
    let at = 1 + dice.below(words.len() - 1);
    Some(format!("{}-{}", words[..at].join(" "), words[at..].join(" ")))
}
