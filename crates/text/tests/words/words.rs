//! Titles, particles, numbers and equivalent forms.

use interdict_text::NameKind;
use interdict_text::words::{
    Closeness, MAX_GROUPS, equivalents, is_generic, is_particle, is_particle_in, is_title, number, number_at, title_len,
};
use proptest::prelude::*;
use serde::Deserialize;

/// All cases of one class: what is judged differs, so each class has its own table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    /// Word, kinds of names (letters of `pouo`, see `kind_of`) in which it is a title.
    #[serde(default)]
    titles: Vec<(String, String)>,
    /// Words, index, kind, number of words of the title there.
    #[serde(default)]
    title_rows: Vec<(String, usize, char, usize)>,
    /// Word, kinds of names in which it is a particle.
    #[serde(default)]
    particles: Vec<(String, String)>,
    /// Words, index, kind, whether that word is a particle there.
    #[serde(default)]
    particle_rows: Vec<(String, usize, char, bool)>,
    /// Word and its number; -1 where it is none.
    #[serde(default)]
    numbers: Vec<(String, i64)>,
    /// Words, number at their start, words that it takes.
    #[serde(default)]
    number_rows: Vec<(String, i64, usize)>,
    /// Two tokens and what they are to each other: `spelling`, `diminutive`, `none`.
    #[serde(default)]
    equivalents: Vec<(String, String, String)>,
    /// Token and whether it tells little.
    #[serde(default)]
    generic: Vec<(String, bool)>,
}

fn cases(class: &str) -> Cases {
    let files = super::case_files("words");
    let (_, text) = files.iter().find(|(name, _)| name == class).unwrap_or_else(|| panic!("no cases of {class}"));
    toml::from_str(text).unwrap_or_else(|error| panic!("{class}: {error}"))
}

const KINDS: [(char, NameKind); 4] =
    [('p', NameKind::Person), ('o', NameKind::Organization), ('x', NameKind::Object), ('u', NameKind::Unknown)];

fn kind_of(letter: char) -> NameKind {
    KINDS.iter().find(|(known, _)| *known == letter).unwrap_or_else(|| panic!("no kind {letter}")).1
}

/// Letters of the kinds in which `holds`.
fn kinds_where(holds: impl Fn(NameKind) -> bool) -> String {
    KINDS.iter().filter(|(_, kind)| holds(*kind)).map(|(letter, _)| *letter).collect()
}

#[test]
fn titles() {
    let cases = cases("titles");
    assert!(cases.titles.len() + cases.title_rows.len() >= super::MIN_CASES);
    let mut failures = Vec::new();
    for (word, expected) in &cases.titles {
        let got = kinds_where(|kind| is_title(word, kind));
        if got != *expected {
            failures.push(format!("{word}: expected [{expected}], found [{got}]"));
        }
    }
    for (row, at, kind, expected) in &cases.title_rows {
        let words: Vec<&str> = row.split_whitespace().collect();
        let got = title_len(&words, *at, kind_of(*kind));
        if got != *expected {
            failures.push(format!("{row} at {at} ({kind}): expected {expected}, found {got}"));
        }
    }
    super::check_all(&failures);
}

#[test]
fn particles() {
    let cases = cases("particles");
    assert!(cases.particles.len() + cases.particle_rows.len() >= super::MIN_CASES);
    let mut failures = Vec::new();
    for (word, expected) in &cases.particles {
        let got = kinds_where(|kind| is_particle(word, kind));
        if got != *expected {
            failures.push(format!("{word}: expected [{expected}], found [{got}]"));
        }
    }
    for (row, at, kind, expected) in &cases.particle_rows {
        let words: Vec<&str> = row.split_whitespace().collect();
        let got = is_particle_in(&words, *at, kind_of(*kind));
        if got != *expected {
            failures.push(format!("{row} at {at} ({kind}): expected {expected}, found {got}"));
        }
    }
    super::check_all(&failures);
}

#[test]
fn numbers() {
    let cases = cases("numbers");
    assert!(cases.numbers.len() + cases.number_rows.len() >= super::MIN_CASES);
    let mut failures = Vec::new();
    for (word, expected) in &cases.numbers {
        let got = number(word).map_or(-1, i64::from);
        if got != *expected {
            failures.push(format!("{word}: expected {expected}, found {got}"));
        }
    }
    for (row, expected, len) in &cases.number_rows {
        let words: Vec<&str> = row.split_whitespace().collect();
        let got = number_at(&words, 0).map_or((-1, 0), |(value, len)| (i64::from(value), len));
        if got != (*expected, *len) {
            failures.push(format!("{row}: expected {expected} of {len} words, found {got:?}"));
        }
    }
    super::check_all(&failures);
}

/// What two tokens are to each other by the groups that they share: the closest counts.
fn relation(a: &str, b: &str) -> &'static str {
    let shared = equivalents(a).iter().flat_map(|left| {
        equivalents(b).iter().filter(move |right| left.0 == right.0).map(move |right| (left.1, right.1))
    });
    let mut relation = "none";
    for pair in shared {
        if pair == (Closeness::Spelling, Closeness::Spelling) {
            return "spelling";
        }
        relation = "diminutive";
    }
    relation
}

#[test]
fn equivalent_forms() {
    let cases = cases("equivalents");
    assert!(cases.equivalents.len() >= super::MIN_CASES && cases.generic.len() >= super::MIN_CASES);
    let mut failures = Vec::new();
    for (a, b, expected) in &cases.equivalents {
        let got = relation(a, b);
        if got != expected {
            failures.push(format!("{a} and {b}: expected {expected}, found {got}"));
        }
    }
    for (token, expected) in &cases.generic {
        if is_generic(token) != *expected {
            failures.push(format!("{token}: expected generic = {expected}"));
        }
    }
    super::check_all(&failures);
}

proptest! {
    #[test]
    fn no_word_is_too_odd(row in prop::collection::vec("\\PC{0,12}|[ivx]{1,8}|[0-9٠-٩]{1,12}|第?[一二三十百千]{1,6}", 0..6), at in 0_usize..8) {
        let words: Vec<&str> = row.iter().map(String::as_str).collect();
        for kind in [NameKind::Person, NameKind::Organization, NameKind::Object, NameKind::Unknown] {
            let len = title_len(&words, at, kind);
            prop_assert!(len == 0 || at + len <= words.len());
            if is_particle_in(&words, at, kind) {
                prop_assert!(is_particle(words[at], kind));
            }
        }
        if let Some((value, len)) = number_at(&words, at) {
            prop_assert!(at + len <= words.len() && value < 1_000_000_000);
        }
        for word in &words {
            let groups = equivalents(word);
            prop_assert!(groups.len() <= MAX_GROUPS && groups.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }

    #[test]
    fn a_number_is_what_its_digits_say(value in 0_u32..1_000_000_000, zero in prop::sample::select(vec!['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{e50}'])) {
        let text: String = value.to_string().chars().filter_map(|c| char::from_u32(zero as u32 + c.to_digit(10)?)).collect();
        prop_assert_eq!(number(&text), Some(value));
    }
}
