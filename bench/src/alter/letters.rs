//! Alterations of single letters: typing, scanning, look-alikes, characters that nobody sees.

use super::Kind;
use super::tables::{HOMOGLYPHS, KEYBOARD, LEET, OCR, VOWELS};
use crate::dice::Dice;

/// Places of letters that stand in words of at least `least` letters.
fn places(letters: &[char], least: usize) -> Vec<usize> {
    let mut places = Vec::new();
    let mut start = 0;
    for at in 0..=letters.len() {
        if letters.get(at).is_some_and(|letter| letter.is_alphabetic()) {
            continue;
        }
        if at - start >= least {
            places.extend(start..at);
        }
        start = at + 1;
    }
    places
}

fn text(letters: &[char]) -> String {
    letters.iter().collect()
}

/// The letter in the case of another.
fn like(letter: char, model: char) -> char {
    if model.is_uppercase() { letter.to_uppercase().next().unwrap_or(letter) } else { letter }
}

fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// Two letters in five become a look-alike of another script, one at least.
pub(super) fn homoglyph(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    let other = |letter: char| {
        HOMOGLYPHS.iter().find_map(|&(latin, other)| match letter {
            _ if letter == latin => Some(other),
            _ if letter == other => Some(latin),
            _ => None,
        })
    };
    let able: Vec<usize> = (0..letters.len()).filter(|at| other(letters[*at]).is_some()).collect();
    let sure = *dice.pick(&able)?;
    let altered = letters.iter().enumerate().map(|(at, &letter)| match other(letter) {
        Some(other) if at == sure || dice.percent(40) => other,
        _ => letter,
    });
    Some(altered.collect())
}

/// Up to three characters without width or sign.
pub(super) fn zero_width(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    for _ in 0..=dice.below(3) {
        let places = places(&letters, 2);
        let at = *dice.pick(&places)?;
        let mark = *dice.pick(&['\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{FEFF}', '\u{AD}'])?;
        letters.insert(at + 1, mark);
    }
    Some(text(&letters))
}

/// One or two combining marks on Latin or Cyrillic letters.
pub(super) fn combining(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    for _ in 0..=dice.below(2) {
        let able = |at: &usize| matches!(letters[*at], 'a'..='z' | 'A'..='Z' | 'А'..='я');
        let places: Vec<usize> = places(&letters, 2).into_iter().filter(able).collect();
        let at = *dice.pick(&places)?;
        let mark = *dice.pick(&['\u{301}', '\u{308}', '\u{327}', '\u{323}', '\u{304}'])?;
        letters.insert(at + 1, mark);
    }
    Some(text(&letters))
}

/// A blank within a word, or, once in five, between all its letters.
pub(super) fn spaced(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = (0..words.len()).filter(|at| words[*at].chars().count() >= 4).collect();
    let word = &mut words[*dice.pick(&long)?];
    let letters: Vec<char> = word.chars().collect();
    if dice.percent(20) {
        *word = letters.iter().map(char::to_string).collect::<Vec<_>>().join(" ");
    } else {
        let cut = 2 + dice.below(letters.len() - 3);
        *word = format!("{} {}", text(&letters[..cut]), text(&letters[cut..]));
    }
    Some(words.join(" "))
}

/// One blank removed, or, once in three, all.
pub(super) fn joined(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let words: Vec<&str> = name.split(' ').collect();
    if words.len() < 2 {
        return None;
    }
    if dice.percent(33) {
        return Some(words.concat());
    }
    let gone = dice.below(words.len() - 1);
    let piece = |(at, word): (usize, &&str)| if at == gone { (*word).to_owned() } else { format!("{word} ") };
    Some(words.iter().enumerate().map(piece).collect())
}

/// One to three letters as digits.
pub(super) fn leetspeak(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let digit = |letter: char| LEET.iter().find(|(from, _)| *from == lower(letter)).map(|(_, to)| *to);
    let mut able: Vec<usize> = (0..letters.len()).filter(|at| digit(letters[*at]).is_some()).collect();
    dice.shuffle(&mut able);
    for at in able.into_iter().take(1 + dice.below(3)) {
        letters[at] = digit(letters[at])?;
    }
    Some(text(&letters))
}

/// A letter twice.
pub(super) fn doubled(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let at = *dice.pick(&places(&letters, 2))?;
    let all_capitals = letters.get(at + 1).is_none_or(|next| !next.is_lowercase());
    letters.insert(at + 1, if all_capitals { letters[at] } else { lower(letters[at]) });
    Some(text(&letters))
}

/// A letter of a word of four or more left away.
pub(super) fn dropped(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let at = *dice.pick(&places(&letters, 4))?;
    letters.remove(at);
    Some(text(&letters))
}

/// Two neighbours in a word of four or more change places.
pub(super) fn swapped(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let places = places(&letters, 4);
    let able: Vec<usize> = places
        .iter()
        .copied()
        .filter(|at| places.contains(&(at + 1)) && lower(letters[*at]) != lower(letters[at + 1]))
        .collect();
    let at = *dice.pick(&able)?;
    let (one, other) = (letters[at], letters[at + 1]);
    (letters[at], letters[at + 1]) = (like(lower(other), one), like(lower(one), other));
    Some(text(&letters))
}

/// A group of letters read as another by a scanner.
pub(super) fn ocr(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut able: Vec<(usize, &str, &str)> = Vec::new();
    for &(from, to) in OCR {
        able.extend(name.match_indices(from).map(|(at, _)| (at, from, to)));
    }
    let &(at, from, to) = dice.pick(&able)?;
    Some(format!("{}{to}{}", name.get(..at)?, name.get(at + from.len()..)?))
}

/// A letter hit beside its key.
pub(super) fn keyboard(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let near = |letter: char| KEYBOARD.iter().find(|(key, _)| *key == lower(letter)).map(|(_, near)| *near);
    let able: Vec<usize> = places(&letters, 3).into_iter().filter(|at| near(letters[*at]).is_some()).collect();
    let at = *dice.pick(&able)?;
    let around: Vec<char> = near(letters[at])?.chars().collect();
    letters[at] = like(*dice.pick(&around)?, letters[at]);
    Some(text(&letters))
}

/// One or two vowels become others.
pub(super) fn vowels(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let family = |letter: char| VOWELS.iter().find(|family| family.contains(&lower(letter)));
    let mut able: Vec<usize> = places(&letters, 3).into_iter().filter(|at| family(letters[*at]).is_some()).collect();
    dice.shuffle(&mut able);
    for at in able.into_iter().take(1 + dice.below(2)) {
        letters[at] = like(*dice.pick(family(letters[at])?)?, letters[at]);
    }
    Some(text(&letters))
}

/// One word of five letters or more read backwards, or, once in four, the whole name.
pub(super) fn reversed(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    if dice.percent(25) {
        return Some(name.chars().rev().collect());
    }
    let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = (0..words.len()).filter(|at| words[*at].chars().count() >= 5).collect();
    let word = &mut words[*dice.pick(&long)?];
    *word = word.chars().rev().collect();
    Some(words.join(" "))
}

/// Capitals; what is in capitals already becomes small.
#[expect(clippy::unnecessary_wraps, reason = "one signature for all classes")]
pub(super) fn all_caps(name: &str, _: Kind, _: &mut Dice) -> Option<String> {
    let capitals = name.to_uppercase();
    Some(if capitals == name { name.to_lowercase() } else { capitals })
}

fn typo(name: &str, kind: Kind, dice: &mut Dice) -> Option<String> {
    let kinds = [doubled, dropped, swapped, keyboard, dropped, keyboard];
    dice.pick(&kinds)?(name, kind, dice)
}

/// A scanner's mistake, then a typist's.
pub(super) fn ocr_and_typo(name: &str, kind: Kind, dice: &mut Dice) -> Option<String> {
    typo(&ocr(name, kind, dice)?, kind, dice)
}

/// Two mistakes of a typist.
pub(super) fn two_typos(name: &str, kind: Kind, dice: &mut Dice) -> Option<String> {
    typo(&typo(name, kind, dice)?, kind, dice)
}
