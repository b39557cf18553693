//! Slips of the pen in words too short or too common for likeness of letters: `KOLVAN LLLC`, `OOOO ZARBINO`, `ZARBINO COPANY`, `YUU`.
//!
//! Idea: words of one to three letters are alike only where they are equal, and a legal form with a letter wrong is a word that tells.
//! A word that no list has is read as what it is without a letter struck twice, where that is a listed word, a form or a particle; in
//! a firm's name also as the long form that it is one slip away from, and at the end of it as a short one: at the head acronyms tell firms apart.
//! Invariant: a word borne on the lists stays. Cost: a look-up for a word that has a double letter or is near a form.

use compact_str::format_compact;

use super::super::{NameKind, place_of};
use super::Buffers;
use crate::{Text, legal, rarity, words};

/// Forms long enough to be told anywhere in a firm's name with a letter wrong.
const LONG: [&str; 5] = ["company", "limited", "corporation", "incorporated", "foundation"];

/// Forms that end most names of firms.
const SHORT: [&str; 13] =
    ["llc", "ltd", "jsc", "ooo", "pao", "zao", "oao", "inc", "plc", "srl", "corp", "gmbh", "pjsc"];

/// Words that are a form with their neighbours.
const PARTS: [&str; 5] = ["pte", "pvt", "sdn", "bhd", "co"];

/// Letters of a word that a letter struck twice is taken off of; likeness of letters sees to longer ones.
const MAX_STRUCK: usize = 5;

/// The name with such slips mended; `None` where there are none.
pub(super) fn mended(name: &str, kind: NameKind, buffers: &mut Buffers) -> Option<String> {
    let mut out = String::new();
    let folded = &mut buffers.one;
    let mut done = 0;
    let mut chunks = name.split_whitespace().peekable();
    let mut is_first = true;
    while let Some(chunk) = chunks.next() {
        let place = Place { is_first, is_last: chunks.peek().is_none() };
        is_first = false;
        let bare = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        if !bare.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            continue;
        }
        bare.clone_into(folded);
        folded.make_ascii_lowercase();
        let Some(word) = mend(folded, place, kind) else { continue };
        let start = place_of(bare, name);
        out.push_str(name.get(done..start).unwrap_or_default());
        out.push_str(&word);
        done = start + bare.len();
    }
    (done > 0).then(|| {
        out.push_str(name.get(done..).unwrap_or_default());
        out
    })
}

/// Where a word stands.
#[derive(Clone, Copy)]
struct Place {
    is_first: bool,
    is_last: bool,
}

fn mend(word: &str, place: Place, kind: NameKind) -> Option<Text> {
    let unlisted = || !rarity::is_listed(word) && !is_form(word);
    let firm = matches!(kind, NameKind::Organization | NameKind::Unknown);
    let struck = word.as_bytes().windows(2).position(|pair| pair[0] == pair[1]);
    if let Some(at) = struck.filter(|_| word.len() >= 3 && word.len() <= MAX_STRUCK) {
        let once = format_compact!("{}{}", &word[..at], &word[at + 1..]);
        let known = rarity::is_listed(&once) || firm && is_form(&once) || words::is_particle(&once, kind);
        if known && unlisted() {
            return Some(once);
        }
    }
    if !firm {
        return None;
    }
    let near = |form: &&&str| one_slip(word.as_bytes(), form.as_bytes());
    let form = if word.len() >= 5 {
        LONG.iter().find(near)
    } else if word.len() >= 3 && place.is_last && !place.is_first {
        SHORT.iter().find(near)
    } else {
        None
    };
    form.filter(|_| unlisted()).map(|form| Text::from(*form))
}

/// Whether a word is a legal form of three letters or more that is no other word.
fn is_form(word: &str) -> bool {
    PARTS.contains(&word) || legal::certain_suffix(&["", word]).is_some()
}

/// Whether two words differ by one letter changed, lost or added, or by two neighbours that changed places.
fn one_slip(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.len() - short.len() > 1 || one == other {
        return false;
    }
    let head = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let tail =
        short[head..].iter().rev().zip(long[head..].iter().rev()).take_while(|(one, other)| one == other).count();
    match (&short[head..short.len() - tail], &long[head..long.len() - tail]) {
        ([] | [_], [_]) => true,
        ([one, next], other) => other == [*next, *one],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_and_forms_are_mended() {
        let firm = |name| mended(name, NameKind::Organization, &mut Buffers::default());
        for (name, wanted) in [
            ("KOLVAN LLLC", "KOLVAN llc"),
            ("OOOO ZARBINO", "ooo ZARBINO"),
            ("ZARBINO COPANY", "ZARBINO company"),
            ("ZARBINO LIITED", "ZARBINO limited"),
            ("Zarbino LLTD.", "Zarbino ltd."),
            ("ZARBINO AAND KOLVAN", "ZARBINO and KOLVAN"),
            ("ZARBINO PQO", "ZARBINO pao"),
        ] {
            assert_eq!(firm(name).as_deref(), Some(wanted), "{name}");
        }
        for name in ["KOLVAN LLC", "OOO ZARBINO", "PQO ZARBINO", "Company of Kolvan", "Zarbino Ltda"] {
            assert_eq!(firm(name), None, "{name}");
        }
        assert_eq!(mended("Biin Xu", NameKind::Person, &mut Buffers::default()).as_deref(), Some("bin Xu"));
    }
}
