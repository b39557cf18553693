//! A whole name read backwards: `nassaH ramO`.
//!
//! Idea: a single telling word read backwards is met by its letters; a whole name is turned round where more of its words are borne on
//! the lists backwards than as they stand, else such words alone (`YNAPMOC`). Invariant: a listed word is never turned by itself.
//! Cost: two look-ups a word.

use super::super::place_of;
use super::Buffers;
use crate::rarity;

/// Letters from which a word is looked up, and from which one by itself is turned round.
const MIN_LETTERS: usize = 3;
const MIN_WORD: usize = 5;

/// The name, or the words of it that are written backwards, forwards; `None` where all stands so.
pub(super) fn forwards(name: &str, buffers: &mut Buffers) -> Option<String> {
    if !name.is_ascii() {
        return None;
    }
    let (mut here, mut back) = (0, 0);
    let mut turned: Option<String> = None;
    let mut done = 0;
    let Buffers { one: folded, other: reversed } = buffers;
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() >= MIN_LETTERS);
    for word in words {
        folded.clear();
        folded.push_str(word);
        folded.make_ascii_lowercase();
        reversed.clear();
        reversed.extend(folded.bytes().rev().map(char::from));
        if word.bytes().any(|byte| byte.is_ascii_digit()) || folded == reversed {
            continue;
        }
        if rarity::is_listed(folded) {
            here += 1;
        } else if rarity::is_listed(reversed) {
            back += 1;
            if word.len() >= MIN_WORD {
                let start = place_of(word, name);
                let turned = turned.get_or_insert_default();
                turned.push_str(name.get(done..start).unwrap_or_default());
                turned.push_str(reversed);
                done = start + word.len();
            }
        }
    }
    if back > here {
        return Some(name.chars().rev().collect());
    }
    turned.map(|turned| turned + name.get(done..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_listed_words_are_turned_round() {
        let forwards = |name| forwards(name, &mut Buffers::default());
        assert_eq!(forwards("nassaH damhA").as_deref(), Some("Ahmad Hassan"));
        assert_eq!(forwards("Omar Kolvan Zarbino YNAPMOC").as_deref(), Some("Omar Kolvan Zarbino company"));
        for name in ["Omar Hassan", "Otto", "Zarbino", "R4M4DHANI", "D1n1 RAM4DHANI"] {
            assert_eq!(forwards(name), None, "{name}");
        }
    }
}
