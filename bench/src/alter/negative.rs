//! Names that are near a listed one and another's: what must not be found.
//!
//! Idea: parts of two real names put together, or the one part changed that tells one bearer from another.
//! Source: kinds as in the judged near misses (`negative/*` of the bench), tables our own.

use super::Kind;
use super::words::is_telling;
use crate::dice::Dice;

/// A class of near misses, from a name and another name of the same kind.
pub(crate) struct Near {
    pub(crate) name: &'static str,
    pub(crate) make: fn(&str, &str, Kind, &mut Dice) -> Option<String>,
    /// Whether the order of the words is all that tells it from the name.
    pub(crate) is_order: bool,
}

/// All of them.
pub(crate) const NEAR: &[Near] = &[
    Near { name: "recombined", make: recombined, is_order: false },
    Near { name: "other_first_word", make: other_first_word, is_order: false },
    Near { name: "other_given_name", make: other_given_name, is_order: false },
    Near { name: "other_number", make: other_number, is_order: false },
    Near { name: "father_and_son", make: father_and_son, is_order: true },
];

fn words(name: &str) -> Vec<&str> {
    name.split_whitespace().collect()
}

/// The first half of one and the second of the other.
fn recombined(name: &str, other: &str, kind: Kind, _: &mut Dice) -> Option<String> {
    let (one, other) = (words(name), words(other));
    if one.len() < 2 || other.len() < 2 {
        return None;
    }
    let first = &one[..one.len().div_ceil(2)];
    let second = &other[other.len().div_ceil(2)..];
    // A firm with another's legal form is the firm still.
    let tells = |half: &[&str]| kind == Kind::Person || half.iter().any(|word| is_telling(word));
    if !tells(first) || !tells(second) || !tells(&one[first.len()..]) {
        return None;
    }
    Some([first, second].concat().join(" "))
}

/// A firm or thing with the first word of another.
fn other_first_word(name: &str, other: &str, kind: Kind, _: &mut Dice) -> Option<String> {
    let (one, other) = (words(name), words(other));
    let tell =
        is_telling(one.first()?) && is_telling(other.first()?) && one.iter().skip(1).any(|word| is_telling(word));
    if kind == Kind::Person || !tell || other.first()?.eq_ignore_ascii_case(one.first()?) {
        return None;
    }
    Some([&other[..1], &one[1..]].concat().join(" "))
}

/// A person with the given name of another before the same family name; where a comma stands, the family name is first.
fn other_given_name(name: &str, other: &str, kind: Kind, _: &mut Dice) -> Option<String> {
    let (one, other) = (words(name), words(other));
    if kind != Kind::Person || one.len() != 2 || name.contains(',') || other.len() < 2 {
        return None;
    }
    let given = *other.first().filter(|word| !word.ends_with(',') && word.chars().count() > 2)?;
    (!given.eq_ignore_ascii_case(one[0])).then(|| format!("{given} {}", one[1]))
}

/// Another number, where one stands as a word: `Unit 61`, `27th Centre`.
fn other_number(name: &str, _: &str, kind: Kind, dice: &mut Dice) -> Option<String> {
    let words = words(name);
    let digits = |word: &str| word.bytes().take_while(u8::is_ascii_digit).count();
    let is_ordinal = |rest: &str| ["", "st", "nd", "rd", "th"].contains(&rest.to_lowercase().as_str());
    let at = words.iter().position(|word| (1..6).contains(&digits(word)) && is_ordinal(&word[digits(word)..]))?;
    if kind == Kind::Person || words.len() < 2 {
        return None;
    }
    let (number, rest) = words[at].split_at(digits(words[at]));
    let other = format!("{}{rest}", number.parse::<u32>().ok()? + 1 + dice.below(7) as u32);
    Some([&words[..at], &[other.as_str()], &words[at + 1..]].concat().join(" "))
}

/// Father and son change places, where each has a name of one word and the family's stands behind: `bin Laden` is no father.
fn father_and_son(name: &str, _: &str, kind: Kind, _: &mut Dice) -> Option<String> {
    let words = words(name);
    let says = |word: &&str| ["bin", "ibn", "ben", "bint", "ould"].contains(&word.to_lowercase().as_str());
    let at = words.iter().position(says)?;
    let (son, father, rest) = (words.get(at.checked_sub(1)?)?, words.get(at + 1)?, words.get(at + 2..)?);
    if kind != Kind::Person || at != 1 || rest.is_empty() || son.eq_ignore_ascii_case(father) {
        return None;
    }
    let mut out = vec![*father, words[at], *son];
    out.extend(rest);
    Some(out.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_others() {
        let by = |class: &str, name: &str, other: &str, kind| {
            let near = NEAR.iter().find(|near| near.name == class).unwrap();
            (near.make)(name, other, kind, &mut Dice::of(1, 1))
        };
        let person = Kind::Person;
        assert_eq!(by("recombined", "Juan Perez Gomez", "Li Wei", person).as_deref(), Some("Juan Perez Wei"));
        assert_eq!(by("other_given_name", "Juan Perez", "Otto Meyer", person).as_deref(), Some("Otto Perez"));
        assert_eq!(by("father_and_son", "Ali bin Omar Hadi", "", person).as_deref(), Some("Omar bin Ali Hadi"));
        assert_eq!(by("other_number", "Unit 61", "", Kind::Organization).map(|name| name != "Unit 61"), Some(true));
        let firm = by("other_first_word", "Golden Horne Ltd", "Silver Star", Kind::Organization);
        assert_eq!(firm.as_deref(), Some("Silver Horne Ltd"));
    }
}
