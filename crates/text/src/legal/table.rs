//! The table of legal forms, compiled into a trie of words.
//!
//! Idea: every form is a row of slots (alternatives, optional words, abbreviations joined or in single letters); all rows
//! that the slots allow become paths of one trie over word numbers.
//! Invariant: an earlier line of the table wins over a later one for the same path and position.
//! Cost: about ten thousand nodes, built once; one hash look-up a word and one an edge afterwards.

use std::sync::LazyLock;

use icu_normalizer::ComposingNormalizerBorrowed;
use smallvec::SmallVec;

use crate::map::Map;
use crate::table::rows;
use crate::words::key::{for_load, key};

/// One kind of legal form, as the head of the table declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Short name, `[a-z0-9]+`.
    pub name: &'static str,
    /// Family of near kinds.
    pub family: &'static str,
    /// What it is, in a phrase.
    pub meaning: &'static str,
}

/// Which kind a row of words is, by its position in the name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    pub(super) start: Option<u8>,
    pub(super) end: Option<u8>,
    pub(super) any: Option<u8>,
    /// A bit for each language that has the form, in the order of the table.
    languages: u64,
    /// An everyday form of at most three letters.
    short: bool,
}

impl Places {
    /// Whether the form can stand beside another one, `None` being the edge of the name. A short everyday form is one only
    /// beside a form of its own language or an English one: `milandr ek ooo` is no German merchant (`e. K.`).
    pub(super) fn suits(self, beside: Option<Places>) -> bool {
        let Some(other) = beside.filter(|_| self.short && self.any.is_none()) else { return true };
        self.languages & other.languages != 0 || (self.languages | other.languages) & ENGLISH != 0
    }
}

/// English stands first in the table.
const ENGLISH: u64 = 1;

/// A form that can be written without spaces before or after it.
pub(super) struct Affix {
    pub(super) text: String,
    pub(super) places: Places,
}

pub(super) struct Table {
    pub(super) kinds: Vec<Kind>,
    languages: Vec<&'static str>,
    words: Map<Box<str>, u32>,
    edges: Map<(u32, u32), u32>,
    nodes: Vec<Places>,
    /// Words in the longest form.
    pub(super) longest: usize,
    /// Longest first, then by text.
    pub(super) affixes: Vec<Affix>,
    /// Forms long enough to be known with letters wrong, by length in letters, ascending.
    pub(super) long: Vec<LongForm>,
    /// Which of them begin, or end, with which letters; ascending.
    pub(super) long_by_end: Map<(bool, [char; 3]), Vec<u32>>,
}

/// The first three letters of a row, and the last three: a garbled form is whole at one end at least.
pub(super) fn ends(letters: &[char]) -> impl Iterator<Item = (bool, [char; 3])> {
    let first = letters.first_chunk::<3>().map(|chunk| (false, *chunk));
    let last = letters.last_chunk::<3>().map(|chunk| (true, *chunk));
    [first, last].into_iter().flatten()
}

/// A form written as one word, for comparing it with words that are nearly it.
pub(super) struct LongForm {
    /// Its letters without the spaces.
    pub(super) letters: Vec<char>,
    /// Which letters it has, hashed into 32 bits.
    pub(super) mask: u32,
    /// Number of its words.
    pub(super) n_words: usize,
    pub(super) kind: u8,
    pub(super) places: Places,
}

/// Letters from which a form is told from a name although some are wrong; `limited` and `company` are so common that they
/// are looked for as well.
const LONG: usize = 9;
const SHORTER_LONG: [&str; 2] = ["limited", "company"];

/// The letters of a word, hashed into 32 bits.
pub(super) fn mask(letters: &[char]) -> u32 {
    letters.iter().fold(0, |bits, c| bits | 1 << (*c as u32 & 31))
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::compile(include_str!("../../data/legal/forms.tsv")));

pub(super) fn get() -> &'static Table {
    &TABLE
}

/// All kinds, in the order of their numbers.
pub fn kinds() -> &'static [Kind] {
    &get().kinds
}

/// Languages (ISO 639-1) that have a form in the table, ascending.
pub fn languages() -> &'static [&'static str] {
    &get().languages
}

/// Numbers of the words of a name; most names have no more than stand here without an allocation.
pub(super) type WordIds = SmallVec<[Option<u32>; 12]>;

/// One place in a form: rows of words of which one stands there.
struct Slot {
    alternatives: Vec<Vec<String>>,
    optional: bool,
}

impl Table {
    fn compile(text: &'static str) -> Table {
        let mut table = Table {
            kinds: Vec::new(),
            languages: Vec::new(),
            words: Map::default(),
            edges: Map::default(),
            nodes: vec![Places::default()],
            longest: 0,
            affixes: Vec::new(),
            long: Vec::new(),
            long_by_end: Map::default(),
        };
        for line in rows(text) {
            let fields: Vec<&'static str> = line.split('\t').collect();
            match fields[..] {
                ["@kind", name, family, meaning] => table.kinds.push(Kind { name, family, meaning }),
                [kind, language, position, forms, _source] => table.add_line(kind, language, position, forms),
                _ => {
                    unreachable!("forms.tsv has four fields in a kind, five in a form; a test reads every line: {line}")
                }
            }
        }
        table.languages.sort_unstable();
        table.long.sort_by(|one, other| {
            (one.letters.len(), &one.letters, one.n_words).cmp(&(other.letters.len(), &other.letters, other.n_words))
        });
        table.long.dedup_by(|later, earlier| later.letters == earlier.letters && later.n_words == earlier.n_words);
        for (at, form) in table.long.iter().enumerate() {
            for end in ends(&form.letters) {
                table.long_by_end.entry(end).or_default().push(at as u32);
            }
        }
        table.affixes.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then_with(|| a.text.cmp(&b.text)));
        table
    }

    fn add_line(&mut self, kind: &str, language: &'static str, position: &str, forms: &str) {
        let Some(kind) = self.kinds.iter().position(|known| known.name == kind) else {
            unreachable!("forms.tsv names the undeclared kind {kind}")
        };
        let kind = Some(kind as u8);
        let at = self.languages.iter().position(|known| *known == language).unwrap_or_else(|| {
            self.languages.push(language);
            self.languages.len() - 1
        });
        let none = Places { languages: 1 << (at % 64), ..Places::default() };
        let places = match position {
            "any" => Places { start: kind, end: kind, any: kind, ..none },
            "edge" => Places { start: kind, end: kind, ..none },
            "start" => Places { start: kind, ..none },
            "end" => Places { end: kind, ..none },
            _ => unreachable!("forms.tsv has the unknown position {position}"),
        };
        let umlauts = matches!(language, "de" | "sv" | "da" | "no" | "fi" | "hu");
        for form in forms.split(';') {
            let slots = slots(form, umlauts);
            self.add_affix(form, places);
            self.add_paths(&slots, 0, &mut Vec::new(), 0, places);
        }
    }

    /// Adds all paths that `slots` allow below `node`, to which the words of `path` with `letters` letters lead.
    fn add_paths(&mut self, slots: &[Slot], node: u32, path: &mut Vec<String>, letters: usize, places: Places) {
        let Some((slot, rest)) = slots.split_first() else {
            if !path.is_empty() {
                self.longest = self.longest.max(path.len());
                self.fill(node, letters, places);
                self.add_long(path, places);
            }
            return;
        };
        if slot.optional {
            self.add_paths(rest, node, path, letters, places);
        }
        for words in &slot.alternatives {
            let mut at = node;
            let mut n_letters = letters;
            for word in words {
                at = self.child(at, word);
                // An unspaced script says in two characters what takes a word elsewhere.
                n_letters += word.chars().map(|c| if c < '\u{e00}' { 1 } else { 2 }).sum::<usize>();
            }
            let depth = path.len();
            path.extend(words.iter().cloned());
            self.add_paths(rest, at, path, n_letters, places);
            path.truncate(depth);
        }
    }

    /// Notes a form of an alphabet that is long enough to be known with letters wrong.
    fn add_long(&mut self, path: &[String], places: Places) {
        let letters: Vec<char> = path.iter().flat_map(|word| word.chars()).collect();
        let spaced = letters.iter().all(|c| *c < '\u{e00}');
        let known = path.len() == 1 && path.iter().any(|word| SHORTER_LONG.contains(&word.as_str()));
        if let Some(kind) = places.end.or(places.start)
            && spaced
            && (letters.len() >= LONG || known)
        {
            self.long.push(LongForm { mask: mask(&letters), n_words: path.len(), kind, places, letters });
        }
    }

    fn child(&mut self, node: u32, word: &str) -> u32 {
        let n_words = self.words.len() as u32;
        let word = *self.words.entry(word.into()).or_insert(n_words);
        let n_nodes = self.nodes.len() as u32;
        let child = *self.edges.entry((node, word)).or_insert(n_nodes);
        if child == n_nodes {
            self.nodes.push(Places::default());
        }
        child
    }

    /// Two letters are never certain, whatever the line says.
    fn fill(&mut self, node: u32, letters: usize, places: Places) {
        if let Some(known) = self.nodes.get_mut(node as usize) {
            known.start = known.start.or(places.start);
            known.end = known.end.or(places.end);
            known.languages |= places.languages;
            known.short = letters <= 3;
            if letters > 2 {
                known.any = known.any.or(places.any);
            }
        }
    }

    /// Notes a form of a script without spaces: Han, kana and Hangul from two characters, Thai and Khmer from three.
    fn add_affix(&mut self, form: &str, places: Places) {
        let text = ComposingNormalizerBorrowed::new_nfkc().normalize(&for_load(form)).replace(['.', ' '], "");
        let unspaced = |c: char| matches!(c, '\u{e00}'..='\u{e7f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
        let enough = if text.chars().any(|c| c < '\u{3000}') { 3 } else { 2 };
        let known = self.affixes.iter().any(|affix| affix.text == text);
        if text.chars().all(unspaced) && text.chars().count() >= enough && !known {
            self.affixes.push(Affix { text, places });
        }
    }

    pub(super) fn word_id(&self, word: &str) -> Option<u32> {
        self.words.get(&*key(word)).copied()
    }

    /// Numbers of the words of a row, none for one that no form has.
    pub(super) fn word_ids(&self, words: &[&str]) -> WordIds {
        words.iter().map(|word| self.word_id(word)).collect()
    }

    pub(super) fn lookup(&self, ids: &[Option<u32>]) -> Option<Places> {
        let mut node = 0;
        for id in ids {
            node = *self.edges.get(&(node, (*id)?))?;
        }
        let places = self.nodes.get(node as usize)?;
        (places.start.is_some() || places.end.is_some()).then_some(*places)
    }
}

/// Reads the notation of the table: `a|b`, `a?`, `a.b.`, `x/y`, `&`.
fn slots(form: &str, umlauts: bool) -> Vec<Slot> {
    for_load(form)
        .replace('-', " ")
        .split_whitespace()
        .map(|token| {
            if token == "&" {
                return Slot { alternatives: vec![vec!["and".to_owned()]], optional: true };
            }
            let (token, optional) = token.strip_suffix('?').map_or((token, false), |token| (token, true));
            let mut alternatives = Vec::new();
            for word in token.split('|') {
                let parts: Vec<String> = word
                    .split(['.', '/', '॰'])
                    .filter(|part| !part.is_empty())
                    .map(|part| key(part).to_owned())
                    .collect();
                alternatives.push(vec![parts.concat()]);
                if parts.len() > 1 {
                    alternatives.push(parts);
                } else if umlauts && let Some(spelt) = spell_umlauts(word) {
                    alternatives.push(vec![key(&spelt).to_owned()]);
                }
            }
            Slot { alternatives, optional }
        })
        .collect()
}

/// German and Nordic letters in two letters each, where the word has any.
fn spell_umlauts(word: &str) -> Option<String> {
    let spelt = word.replace('ä', "ae").replace(['ö', 'ø'], "oe").replace('ü', "ue").replace('å', "aa");
    (spelt != word).then_some(spelt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_well_formed() {
        let mut n_forms = 0;
        let mut failures = Vec::new();
        for line in rows(include_str!("../../data/legal/forms.tsv")) {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["@kind", name, family, meaning] => {
                    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
                    if !plain || family.is_empty() || meaning.is_empty() {
                        failures.push(line);
                    }
                }
                [kind, language, position, forms, source] => {
                    n_forms += forms.split(';').count();
                    let known = kinds().iter().any(|k| k.name == kind);
                    let full = forms.split(';').all(|form| !slots(form, false).is_empty());
                    if !known
                        || language.len() != 2
                        || !["any", "edge", "start", "end"].contains(&position)
                        || !["elf", "law", "use"].contains(&source)
                        || !full
                    {
                        failures.push(line);
                    }
                }
                _ => failures.push(line),
            }
        }
        assert!(failures.is_empty(), "{failures:#?}");
        assert!(n_forms > 2_000, "{n_forms} forms");
        assert!((20..=64).contains(&kinds().len()));
        assert!(languages().len() <= 64, "a bit for each language");
        let first = include_str!("../../data/legal/forms.tsv").lines().find(|line| !line.starts_with(['#', '@']));
        assert_eq!(first.and_then(|line| line.split('\t').nth(1)), Some("en"));
    }

    #[test]
    fn abbreviations_are_read_joined_and_in_single_letters() {
        let rows: Vec<Vec<String>> =
            slots("sp. z o.o.", false).into_iter().flat_map(|slot| slot.alternatives).collect();
        assert_eq!(rows, [vec!["sp"], vec!["z"], vec!["oo"], vec!["o", "o"]]);
    }
}
