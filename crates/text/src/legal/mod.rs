//! Legal forms of companies in the languages of ISO 20275.
//!
//! Idea: one table (`data/legal/forms.tsv`) says for some fifty languages which rows of words are a legal form, of which
//! kind, and where in a name they may stand. `GmbH`, `OOO` and `Limited Liability Company` are one kind, so that they
//! compare equal. Unambiguous forms count anywhere; short or everyday words (`as`, `sa`, `company`) only at the edge of a
//! name or beside another form.
//! Invariant: what [`find`] returns is ascending and free of overlap, and never the whole name: a name of forms alone
//! keeps at least one word.
//! Cost: the table is compiled into a trie of words on first use (some milliseconds); `find` is then linear in the number
//! of words, times the square of the longest form in the worst case.
//! Source: ISO 20275 code list (ELF) 1.4.1, GLEIF, and national company law; the head of the table tells more.

mod affix;
mod garbled;
mod table;

pub use affix::strip_affix;
pub use table::{kinds, languages};

use smallvec::{SmallVec, smallvec};

use crate::name::Row;
use table::{Places, Table, WordIds};

/// A kind of legal form; forms of one kind in different languages are equal (`LLC`, `GmbH`, `OOO`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LegalForm(pub u8);

/// A legal form found in a row of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// First word of the form.
    pub start: usize,
    /// Number of words.
    pub len: usize,
    /// Which form.
    pub form: LegalForm,
}

impl LegalForm {
    /// Canonical short name in Latin letters, `[a-z0-9]+`: `llc`, `jsc`, `plc` … Empty for a number that is no kind.
    pub fn name(self) -> &'static str {
        table::get().kinds.get(usize::from(self.0)).map_or("", |kind| kind.name)
    }
}

/// The forms of a name, of which few have more than stand here without an allocation.
pub type Forms = SmallVec<[Found; 4]>;

/// How near two kinds are, in `[0, 1]`: 1.0 for the same kind, 0.8 within a family, 0.5 otherwise.
///
/// A family gathers kinds that translations and lists use for each other: companies with capital (`llc`, `jsc`, `corp`:
/// `股份有限公司` is printed both as `Co., Ltd.` and as `Corporation`), partnerships, member organisations, endowments,
/// public bodies, parts of a firm, unions of firms. `company`, which states no kind, is near to partnerships and sole
/// traders too. The figures are interdict's own judgement: a differing form alone should not part two equal names.
pub fn similarity(a: LegalForm, b: LegalForm) -> f32 {
    if a == b {
        return 1.0;
    }
    let table = table::get();
    let (Some(left), Some(right)) = (table.kinds.get(usize::from(a.0)), table.kinds.get(usize::from(b.0))) else {
        return 0.5;
    };
    let vague = |one: &table::Kind, other: &table::Kind| {
        one.name == "company" && matches!(other.family, "partners" | "person" | "public" | "union")
    };
    if left.family == right.family || vague(left, right) || vague(right, left) { 0.8 } else { 0.5 }
}

/// Whether of two kinds one does business for its owners and the other does not: a company and a charity, an association and a
/// partnership. Public bodies, unions and parts of a firm contradict neither, as they are turned into companies.
pub fn contradict(a: LegalForm, b: LegalForm) -> bool {
    let table = table::get();
    let family = |form: LegalForm| table.kinds.get(usize::from(form.0)).map_or("", |kind| kind.family);
    let business = |family: &str| matches!(family, "capital" | "partners" | "person");
    let civic = |family: &str| matches!(family, "members" | "endowed");
    let (a, b) = (family(a), family(b));
    business(a) && civic(b) || civic(a) && business(b)
}

/// Finds all legal forms in a row of folded words (in their own script), without overlap, ascending.
///
/// At the end, then at the start of the name the longest form is taken, again and again; between them unambiguous forms
/// are taken, longest first, and with them the everyday ones beside them. At the start a two-letter form gives way to an
/// Arabic article before its sun letter (`as sahab`), and one of two or three to a conjunction (`at and t`).
/// Beside another form such a short form counts only where the two share a language or one of them is English. Last, a long
/// form that stands at an edge with letters wrong, cut off or with its words run together is taken (`garbled`).
pub fn find(words: &[&str]) -> Forms {
    garbled::mend(words, find_exact(words))
}

/// The words of a folded name, without the dots, commas and slashes that folding leaves.
pub(crate) fn bare_words(folded: &str) -> Row<'_> {
    folded.split([' ', ',', '.', '/']).filter(|word| !word.is_empty()).collect()
}

/// Whether an unambiguous legal form stands in a folded name: no person bears it.
pub fn is_of_firm(folded: &str) -> bool {
    let words = bare_words(folded);
    let table = table::get();
    let ids = table.word_ids(&words);
    (0..words.len()).any(|from| {
        let longest = words.len().min(from + table.longest);
        (from + 1..=longest).any(|to| {
            let places = ids.get(from..to).and_then(|row| table.lookup(row));
            places.is_some_and(|places| places.any.is_some())
        })
    })
}

/// The unambiguous form of three letters or more that ends a row of words: what may stand even behind the name of a person
/// (`Ivan Petrov LLC`).
pub fn certain_suffix(words: &[&str]) -> Option<Found> {
    let table = table::get();
    let ids = table.word_ids(words);
    (1..words.len()).find_map(|start| {
        let kind = table.lookup(ids.get(start..)?)?.any?;
        Some(Found { start, len: words.len() - start, form: LegalForm(kind) })
    })
}

/// The forms that are written as the table has them.
fn find_exact(words: &[&str]) -> Forms {
    let table = table::get();
    let ids = table.word_ids(words);
    if ids.iter().all(Option::is_none) {
        return Forms::new();
    }
    let mut row = Search { table, words, ids, taken: SmallVec::new() };
    let end = row.peel_end();
    let start = row.peel_start(end);
    row.take_inside(start, end);
    row.spare_a_name();
    row.taken.sort_unstable_by_key(|taken| taken.start);
    row.taken.iter().map(|taken| Found { start: taken.start, len: taken.len, form: LegalForm(taken.kind) }).collect()
}

/// A form at the start that one of these follows is half of a pair: `at and t`, `sa e salvo`.
const CONJUNCTIONS: [&str; 14] = ["and", "und", "et", "y", "e", "en", "og", "och", "ve", "i", "и", "і", "та", "و"];

/// A form that was taken, and whether it would count anywhere in a name.
#[derive(Clone, Copy)]
struct Taken {
    start: usize,
    len: usize,
    kind: u8,
    certain: bool,
}

/// A name at work.
struct Search<'a> {
    table: &'static Table,
    words: &'a [&'a str],
    ids: WordIds,
    taken: SmallVec<[Taken; 4]>,
}

impl Search<'_> {
    fn places(&self, start: usize, end: usize) -> Option<Places> {
        self.table.lookup(self.ids.get(start..end)?)
    }

    fn take(&mut self, start: usize, end: usize, kind: u8, places: Places) {
        self.taken.push(Taken { start, len: end - start, kind, certain: places.any.is_some() });
    }

    /// The longest form that ends at `end` and begins at `floor` or later, with its kind as `side` tells it.
    fn ending_at(&self, end: usize, floor: usize, side: fn(Places) -> Option<u8>) -> Option<(usize, u8, Places)> {
        (floor.max(end.saturating_sub(self.table.longest))..end).find_map(|start| {
            let places = self.places(start, end)?;
            Some((start, side(places)?, places))
        })
    }

    /// The longest form that begins at `start` and ends at `ceiling` or earlier, with its kind as `side` tells it.
    fn starting_at(&self, start: usize, ceiling: usize, side: fn(Places) -> Option<u8>) -> Option<(usize, u8, Places)> {
        (start + 1..=ceiling.min(start + self.table.longest)).rev().find_map(|end| {
            let places = self.places(start, end)?;
            Some((end, side(places)?, places))
        })
    }

    /// Takes forms off the end; returns where the rest ends.
    fn peel_end(&mut self) -> usize {
        let mut end = self.words.len();
        let mut beside = None;
        while let Some((start, kind, places)) = self.ending_at(end, 0, |places| places.end) {
            if !places.suits(beside.replace(places)) {
                break;
            }
            self.take(start, end, kind, places);
            end = start;
        }
        end
    }

    /// Takes forms off the start of what lies before `end`; returns where the rest begins.
    fn peel_start(&mut self, end: usize) -> usize {
        let mut start = 0;
        let mut beside = None;
        while let Some((stop, kind, places)) = self.starting_at(start, end, |places| places.start) {
            if self.gives_way(start, stop, places) || !places.suits(beside.replace(places)) {
                break;
            }
            self.take(start, stop, kind, places);
            start = stop;
        }
        start
    }

    /// Whether a form at the start is rather an assimilated Arabic article, or joined to the name by a conjunction.
    fn gives_way(&self, start: usize, stop: usize, places: Places) -> bool {
        if places.any.is_some() {
            return false;
        }
        let Some(&next) = self.words.get(stop) else { return false };
        let article = match self.words.get(start) {
            Some(&word) if stop == start + 1 && word.len() == 2 => {
                word.strip_prefix('a').filter(|&l| "dnrstz".contains(l))
            }
            _ => None,
        };
        let short = stop == start + 1 && self.words.get(start).is_some_and(|word| word.chars().count() <= 3);
        (short && CONJUNCTIONS.contains(&next)) || article.is_some_and(|letter| next.starts_with(letter))
    }

    /// Takes unambiguous forms between `start` and `end`, and everyday ones beside them.
    fn take_inside(&mut self, start: usize, end: usize) {
        let mut candidates: SmallVec<[(usize, usize, u8, Places); 4]> = SmallVec::new();
        for from in start..end {
            for to in from + 1..=end.min(from + self.table.longest) {
                if self.ids.get(to - 1).copied().flatten().is_none() {
                    break;
                }
                if let Some(places) = self.places(from, to)
                    && let Some(kind) = places.any
                {
                    candidates.push((to - from, from, kind, places));
                }
            }
        }
        if candidates.is_empty() {
            return;
        }
        candidates.sort_unstable_by_key(|&(len, from, _, _)| (std::cmp::Reverse(len), from));
        let mut used: SmallVec<[bool; 32]> = smallvec![false; self.words.len()];
        for (len, from, kind, places) in candidates {
            if used[from..from + len].iter().any(|&taken| taken) {
                continue;
            }
            used[from..from + len].fill(true);
            self.take(from, from + len, kind, places);
            self.spread((from, from + len), places, (start, end), &mut used);
        }
    }

    /// Takes everyday forms that touch the form at `from..to`, outwards on both sides, inside `bounds`.
    fn spread(&mut self, (mut from, mut to): (usize, usize), of: Places, bounds: (usize, usize), used: &mut [bool]) {
        let either: fn(Places) -> Option<u8> = |places| places.end.or(places.start);
        while let Some((stop, kind, places)) = self.starting_at(to, bounds.1, either) {
            if used[to..stop].iter().any(|&taken| taken) || !places.suits(Some(of)) {
                break;
            }
            used[to..stop].fill(true);
            self.take(to, stop, kind, places);
            to = stop;
        }
        while let Some((start, kind, places)) = self.ending_at(from, bounds.0, either) {
            if used[start..from].iter().any(|&taken| taken) || !places.suits(Some(of)) {
                break;
            }
            used[start..from].fill(true);
            self.take(start, from, kind, places);
            from = start;
        }
    }

    /// A name is never wholly legal form: everyday forms are given back first, then all.
    fn spare_a_name(&mut self) {
        let covers_all = |taken: &[Taken], n_words: usize| taken.iter().map(|form| form.len).sum::<usize>() == n_words;
        if covers_all(&self.taken, self.words.len()) {
            self.taken.retain(|form| form.certain);
        }
        if covers_all(&self.taken, self.words.len()) {
            self.taken.clear();
        }
    }
}
