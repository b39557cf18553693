//! Groups of equivalent forms: spellings of one name or word in many languages, and short forms.
//!
//! Idea: `Mohammed` and `Muhammad`, `Dmytro` and `Dmitri`, `bank` and `banka` are too far apart for a comparison of
//! letters, or so near that the wrong ones are near as well; a table says which are the same. Two tokens are equivalent
//! where they share a group: two spellings are the same name; a spelling and a diminutive, or two diminutives, may be.
//! Invariant: a token belongs to at most [`MAX_GROUPS`] groups; the numbers follow the order of the table, so that a
//! change of the table asks for a new `TABLES_VERSION`. Equivalence is not transitive over groups.
//! Cost: one hash look-up a token. Source: `data/words/equivalents.tsv`.

use std::sync::LazyLock;

use crate::map::Map;
use crate::table;

/// How close two forms of one group are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Closeness {
    /// Spellings of one name or word: Muhammad and Mohammed, 'technology' and 'tekhnologiya'.
    Spelling,
    /// Short or pet forms: Aleksandr and Sasha, William and Bill.
    Diminutive,
}

/// No token is in more groups; a test holds the table to it.
pub const MAX_GROUPS: usize = 4;

#[derive(Default)]
struct Forms {
    groups: Vec<(u16, Closeness)>,
    generic: bool,
}

static FORMS: LazyLock<Map<&'static str, Forms>> = LazyLock::new(|| {
    let mut forms: Map<&'static str, Forms> = Map::default();
    for (group, fields) in rows().enumerate() {
        let [flag, spellings, diminutives] = fields;
        let closenesses = [(spellings, Closeness::Spelling), (diminutives, Closeness::Diminutive)];
        for (words, closeness) in closenesses {
            for word in words.split_whitespace() {
                let form = forms.entry(word).or_default();
                form.generic |= flag == "generic";
                if form.groups.len() < MAX_GROUPS && form.groups.last().is_none_or(|last| last.0 != group as u16) {
                    form.groups.push((group as u16, closeness));
                }
            }
        }
    }
    forms
});

/// Flag, spellings and diminutives of each group, in the order of the table.
fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    table::rows(include_str!("../../data/words/equivalents.tsv")).map(|line| {
        let mut fields = line.split('\t');
        [(); 3].map(|()| fields.next().unwrap_or(""))
    })
}

/// What the table says of a token, or of a generic word behind the *d'* or *l'* that folding writes onto its vowel: `dinvestissement`.
fn forms(token: &str) -> Option<&'static Forms> {
    FORMS.get(token).or_else(|| {
        let rest = token.strip_prefix(['d', 'l']).filter(|rest| rest.len() >= MIN_ELIDED)?;
        let begins = rest.starts_with(['a', 'e', 'i', 'o', 'u', 'h']);
        FORMS.get(rest).filter(|forms| begins && forms.generic)
    })
}

/// Letters of a word from which an article may have grown onto it.
const MIN_ELIDED: usize = 7;

/// Groups of equivalent forms that a Latin token belongs to: group number and closeness, ascending, at most four.
pub fn equivalents(token: &str) -> &'static [(u16, Closeness)] {
    forms(token).map_or(&[], |forms| &forms.groups)
}

/// Whether a Latin token is a word of firms and institutions that tells little about who bears it: `trading`,
/// `international`, `group`, in any of its languages.
pub fn is_generic(token: &str) -> bool {
    forms(token).is_some_and(|forms| forms.generic)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn an_article_may_have_grown_onto_a_generic_word() {
        assert_eq!(equivalents("dinvestissement"), equivalents("investment"));
        assert!(is_generic("dingenierie") && !is_generic("dinvest") && equivalents("dabdullah").is_empty());
    }

    #[test]
    fn the_table_is_well_formed() {
        let mut failures = Vec::new();
        let (mut n_names, mut n_words) = (0, 0);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for row in rows() {
            let [flag, spellings, diminutives] = row;
            match flag {
                "name" => n_names += 1,
                "word" | "generic" => n_words += 1,
                _ => failures.push(format!("unknown flag: {row:?}")),
            }
            let mut words: Vec<&str> = spellings.split_whitespace().chain(diminutives.split_whitespace()).collect();
            if !words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())) {
                failures.push(format!("not [a-z0-9]+: {row:?}"));
            }
            for word in &words {
                *counts.entry(word).or_default() += 1;
            }
            words.sort_unstable();
            if words.windows(2).any(|pair| pair[0] == pair[1]) {
                failures.push(format!("a form twice in one group: {row:?}"));
            }
        }
        let mut crowded: Vec<&str> = counts.iter().filter(|(_, n)| **n > MAX_GROUPS).map(|(word, _)| *word).collect();
        crowded.sort_unstable();
        assert!(failures.is_empty() && crowded.is_empty(), "{failures:#?} in too many groups: {crowded:?}");
        assert!(n_names >= 250 && n_words >= 80, "{n_names} groups of names, {n_words} of words");
        assert!(u16::try_from(rows().count()).is_ok());
    }
}
