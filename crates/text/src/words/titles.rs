//! Titles, honorifics, ranks and suffixes; `the` before organisations; prefixes of ships.
//!
//! Idea: a class a word, since many titles are names or everyday words too: `Sayyid` and `Amir` are titles only as the
//! first word, `General` only where a person is meant, `SS` only where a ship is.
//! Source: `data/words/titles.tsv`.

use std::sync::LazyLock;

use super::key::{for_load, key};
use crate::map::Map;
use crate::name::NameKind;
use crate::table;

/// Where a word or row of words is a title; see the head of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Person,
    Rank,
    First,
    Org,
    Ship,
    Ships,
}

/// A form of address of one or several words. `words` are keys.
struct Entry {
    words: Vec<String>,
    class: Class,
}

struct Titles {
    /// Single words.
    single: Map<String, Vec<Class>>,
    /// Titles of several words under their first word, the longest first.
    several: Map<String, Vec<Entry>>,
}

static TITLES: LazyLock<Titles> = LazyLock::new(|| {
    let mut titles = Titles { single: Map::default(), several: Map::default() };
    for line in table::rows(include_str!("../../data/words/titles.tsv")) {
        let Some((class, words)) = line.split_once('\t') else { continue };
        let class = match class {
            "person" => Class::Person,
            "rank" => Class::Rank,
            "first" => Class::First,
            "org" => Class::Org,
            "ship" => Class::Ship,
            "ships" => Class::Ships,
            _ => unreachable!("titles.tsv has the unknown class {class}"),
        };
        for title in words.split_whitespace() {
            let title = for_load(title);
            let parts: Vec<String> = title.split(['_', '-', '/']).map(|part| key(part).to_owned()).collect();
            match &parts[..] {
                [word] => titles.single.entry(word.clone()).or_default().push(class),
                [first, ..] => {
                    titles.several.entry(first.clone()).or_default().push(Entry { words: parts.clone(), class });
                }
                [] => {}
            }
        }
    }
    #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
    for entries in titles.several.values_mut() {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.words.len()));
    }
    titles
});

impl Class {
    fn fits(self, kind: NameKind, first: bool) -> bool {
        match self {
            Class::Person => matches!(kind, NameKind::Person | NameKind::Unknown),
            Class::Rank => kind == NameKind::Person,
            Class::First => first && matches!(kind, NameKind::Person | NameKind::Unknown),
            Class::Org => matches!(kind, NameKind::Organization | NameKind::Object | NameKind::Unknown),
            Class::Ship => matches!(kind, NameKind::Object | NameKind::Unknown),
            Class::Ships => kind == NameKind::Object,
        }
    }
}

/// Whether a folded word is a title, honorific, rank or suffix in a name of this kind.
///
/// Knows the word alone: titles that are given names as well (`sayyid`, `amir`, `malik`, `imam`) are none here;
/// [`title_len`] takes them as the first word of a name. Ranks that are words of firms (`general`, `major`) are titles of
/// persons only, not where the kind is unknown; likewise short prefixes of ships (`ss`, `mt`).
pub fn is_title(word: &str, kind: NameKind) -> bool {
    TITLES.single.get(&*key(word)).is_some_and(|classes| classes.iter().any(|class| class.fits(kind, false)))
}

/// Number of words of the title that stands at `at` in a name of this kind; 0 where there is none.
///
/// Knows more than [`is_title`]: titles of several words (`m v`, `vice admiral`, `hojjat ol eslam`), and titles that are
/// names elsewhere, at the start of a name of at least three words (`sayyid hasan nasrallah`, but `sayyid qutb`). `at` is
/// an index into `words`.
pub fn title_len(words: &[&str], at: usize, kind: NameKind) -> usize {
    let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) else { return 0 };
    let first = key(rest[0]);
    let leads = at == 0 && words.len() >= 3;
    if let Some(entries) = TITLES.several.get(&*first) {
        let fits = |entry: &&Entry| {
            entry.class.fits(kind, leads)
                && entry.words.len() < words.len()
                && entry.words.len() <= rest.len()
                && entry.words.iter().zip(rest).all(|(part, word)| **part == *key(word))
        };
        if let Some(entry) = entries.iter().find(fits) {
            return entry.words.len();
        }
    }
    let single = TITLES.single.get(&*first);
    usize::from(single.is_some_and(|classes| classes.iter().any(|class| class.fits(kind, leads))))
}
