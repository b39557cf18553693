//! Alterations by ear and by system of transliteration.

use super::Kind;
use super::tables::{HEARD, TRANSLITERATED};
use crate::dice::Dice;

/// One or two sounds written as another that is like it.
pub(super) fn mishearing(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    replaced(name, HEARD, dice)
}

/// One or two sounds written as another system writes them.
pub(super) fn transliteration(name: &str, _: Kind, dice: &mut Dice) -> Option<String> {
    replaced(name, TRANSLITERATED, dice)
}

/// The name with one or two pairs of the table applied, capitals kept.
pub(crate) fn replaced(name: &str, table: &[(&str, &str)], dice: &mut Dice) -> Option<String> {
    let first = replaced_once(name, table, dice)?;
    if dice.percent(40) {
        return replaced_once(&first, table, dice).or(Some(first));
    }
    Some(first)
}

fn replaced_once(name: &str, table: &[(&str, &str)], dice: &mut Dice) -> Option<String> {
    // Same length in bytes, so that places agree.
    let small = name.to_ascii_lowercase();
    let mut able: Vec<(usize, &str, &str)> = Vec::new();
    for &(from, to) in table {
        able.extend(small.match_indices(from).map(|(at, _)| (at, from, to)));
    }
    let &(at, from, to) = dice.pick(&able)?;
    let (before, met, after) = (name.get(..at)?, name.get(at..at + from.len())?, name.get(at + from.len()..)?);
    let next_is_capital = after.chars().next().is_none_or(|letter| !letter.is_lowercase());
    let to = if met.chars().all(|letter| letter.is_ascii_uppercase()) && next_is_capital {
        to.to_ascii_uppercase()
    } else if met.starts_with(|letter: char| letter.is_ascii_uppercase()) {
        let mut letters = to.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
    } else {
        to.to_owned()
    };
    Some(format!("{before}{to}{after}"))
}
