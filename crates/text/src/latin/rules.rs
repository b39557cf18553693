//! Transliteration by table: the longest rule that fits wins, one column a system.
//!
//! Idea: a published system of transliteration is a table from letters to letters with a few conditions on neighbours; so it
//! stands under `data/latin/` as one and is read once. First row: the word `letters`, then the names of the systems. Further
//! rows: letters, then what each system writes; an empty cell repeats the first system's, `-` writes nothing, `*` says that the
//! system has no such rule. Before the letters `^` asks for the start of the word and `~` for a vowel before; behind them `$`
//! asks for its end and `(abc)` for one of these letters next, `$` among them meaning the end. A row `vowels` names the vowels.
//! Invariant: the tables are ours, a malformed row is a bug that the tests of each script would show; it is passed over.
//! Cost: a few comparisons a letter.
use any_ascii::any_ascii_char;

use super::Spellings;
use crate::Text;
use crate::table;

#[derive(Debug)]
struct Rule {
    source: Box<[char]>,
    at_start: bool,
    after_vowel: bool,
    at_end: bool,
    next: Box<[char]>,
    target: Box<str>,
}

impl Rule {
    fn parse(pattern: &str, target: &str) -> Option<Rule> {
        let at_start = pattern.starts_with('^');
        let after_vowel = pattern.starts_with('~');
        let pattern = pattern.trim_start_matches(['^', '~']);
        let (pattern, class) = match pattern.split_once('(') {
            Some((pattern, class)) => (pattern, class.trim_end_matches(')')),
            None => (pattern, ""),
        };
        let at_end = pattern.ends_with('$');
        let source: Box<[char]> = pattern.trim_end_matches('$').chars().collect();
        let target = if target == "-" { "" } else { target };
        let next = class.chars().collect();
        (!source.is_empty()).then(|| Rule { source, at_start, after_vowel, at_end, next, target: target.into() })
    }

    fn conditions(&self) -> usize {
        usize::from(self.at_start) + usize::from(self.after_vowel) + usize::from(self.at_end) + self.next.len().min(1)
    }

    fn fits(&self, word: &[char], at: usize, vowels: &[char]) -> bool {
        let end = at + self.source.len();
        word.get(at..end).is_some_and(|part| part == &*self.source)
            && (!self.at_start || at == 0)
            && (!self.at_end || end == word.len())
            && (!self.after_vowel || at.checked_sub(1).is_some_and(|before| vowels.contains(&word[before])))
            && (self.next.is_empty() || self.next.contains(word.get(end).unwrap_or(&'$')))
    }
}

/// One system: rules sorted by first letter, then longest and most special first; `starts` finds those of a letter.
#[derive(Debug)]
struct System {
    lowest: u32,
    /// Rules of letter `lowest + i` are `rules[starts[i]..starts[i + 1]]`.
    starts: Vec<u32>,
    rules: Vec<Rule>,
}

impl System {
    fn new(mut rules: Vec<Rule>) -> System {
        rules.sort_by_key(|rule| {
            let first = rule.source.first().copied().unwrap_or_default();
            (first, std::cmp::Reverse((rule.source.len(), rule.conditions())))
        });
        let code = |rule: &Rule| rule.source.first().map_or(0, |first| *first as u32);
        let (lowest, highest) = (rules.first().map_or(0, code), rules.last().map_or(0, code));
        let starts = (lowest..=highest + 1).map(|at| rules.partition_point(|rule| code(rule) < at) as u32).collect();
        System { lowest, starts, rules }
    }

    fn of(&self, first: char) -> &[Rule] {
        let Some(at) = (first as u32).checked_sub(self.lowest).map(|at| at as usize) else { return &[] };
        match self.starts.get(at..at + 2) {
            Some(&[start, end]) => self.rules.get(start as usize..end as usize).unwrap_or(&[]),
            _ => &[],
        }
    }
}

/// All systems of one table.
#[derive(Debug)]
pub(crate) struct Table {
    systems: Vec<System>,
    vowels: Vec<char>,
}

impl Table {
    /// Reads a table of the form that the module header describes.
    pub(crate) fn parse(text: &str) -> Table {
        let mut systems: Vec<Vec<Rule>> = Vec::new();
        let mut vowels = Vec::new();
        for line in table::rows(text) {
            let mut cells = line.split('\t');
            let pattern = cells.next().unwrap_or_default();
            match pattern {
                "letters" => systems = cells.map(|_| Vec::new()).collect(),
                "vowels" => vowels = cells.next().unwrap_or_default().chars().collect(),
                _ => {
                    let first = cells.next().unwrap_or_default();
                    for (number, rules) in systems.iter_mut().enumerate() {
                        let own = if number == 0 { first } else { cells.next().unwrap_or_default() };
                        let target = if own.is_empty() { first } else { own };
                        if target != "*" {
                            rules.extend(Rule::parse(pattern, target));
                        }
                    }
                }
            }
        }
        Table { systems: systems.into_iter().map(System::new).collect(), vowels }
    }

    /// Number of systems.
    pub(crate) fn len(&self) -> usize {
        self.systems.len()
    }

    /// Appends what a system writes for a word; letters without a rule go through `any_ascii`.
    pub(crate) fn spell(&self, system: usize, word: &[char], out: &mut Text) {
        let Some(system) = self.systems.get(system) else { return };
        let mut at = 0;
        while let Some(&c) = word.get(at) {
            if c.is_ascii_alphanumeric() {
                out.push(c);
                at += 1;
                continue;
            }
            if let Some(rule) = system.of(c).iter().find(|rule| rule.fits(word, at, &self.vowels)) {
                out.push_str(&rule.target);
                at += rule.source.len();
            } else {
                push_ascii(any_ascii_char(c), out);
                at += 1;
            }
        }
    }

    /// The readings of a word by all systems, in their order.
    pub(crate) fn readings(&self, word: &[char], out: &mut Spellings) {
        for system in 0..self.len() {
            let mut text = Text::default();
            self.spell(system, word, &mut text);
            out.push(text);
        }
    }
}

/// Appends the letters and digits of `text` in lower case and drops the rest.
pub(crate) fn push_ascii(text: &str, out: &mut Text) {
    out.extend(text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase() as char));
}
