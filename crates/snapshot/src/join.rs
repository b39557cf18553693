//! Neighbouring parts of a name written together: `al qaida` → `alqaida`, `Q a s e m` → `qasem`.
//!
//! Idea: a name may be written apart on one side and together on the other. A join is the text of two neighbours, or of all parts of
//! a name of three or more; titles and legal forms never join. It meets a word, or another join, only if both have the same join
//! key: the consonants of the whole, so that vowels and double letters may differ and nothing else need be looked up.
//! Invariant: equal texts have equal keys.
//! Cost: one row of nine bytes a join; no dictionary entry.

use interdict_text::syllables::Cultures;
use interdict_text::{Role, Script, Text, phonetic};

use crate::keys::hash;
use crate::token::TokenFacts;

/// Longest join, in letters.
pub const MAX_JOIN: usize = 40;

/// Letters by which the lengths of a join and of what it meets may differ: as many vowels as a script may leave out.
pub const MAX_JOIN_GAP: usize = 6;

/// Consonants from which the vowels between them may differ; shorter joins meet only letter for letter, as too many words share so few.
const MIN_CONSONANTS: usize = 4;

/// The key that a join shares with what it can meet.
pub fn join_key(text: &str) -> u32 {
    join_key_with(text, &mut String::new())
}

/// As [`join_key`], with a buffer of the caller's.
pub fn join_key_with(text: &str, consonants: &mut String) -> u32 {
    consonants.clear();
    phonetic::unvowelled_into(text, consonants);
    if consonants.len() < MIN_CONSONANTS { hash(b'J', text.bytes()) } else { hash(b'j', consonants.bytes()) }
}

/// Whether a part can be written together with its neighbours.
pub fn joins(role: Role) -> bool {
    !matches!(role, Role::Title | Role::Legal(_))
}

/// A join with all that comparing it needs.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinFacts {
    /// Latin text.
    pub text: Text,
    /// The words in their own script where all are of the same one that is not Latin, else empty.
    pub native: Text,
    /// Script of the first word.
    pub script: Script,
    /// Cultures that all parts may be of.
    pub cultures: Cultures,
    /// Its key.
    pub key: u32,
    /// Bits of the letters it has.
    pub letters: u32,
}

impl JoinFacts {
    /// The join of a row of tokens; `None` where one of them does not join, or where it would be too long.
    pub fn of<'a>(
        parts: &(impl Iterator<Item = &'a TokenFacts> + Clone),
        scratch: &mut JoinScratch,
    ) -> Option<JoinFacts> {
        let parts = || parts.clone();
        let len: usize = parts().map(|part| part.text.len()).sum();
        if parts().nth(1).is_none() || len > MAX_JOIN || !parts().all(|part| joins(part.role)) {
            return None;
        }
        let text = scratch.together(parts().map(|part| part.text.as_str()));
        let script = parts().next()?.script;
        let same = parts().all(|part| part.script == script && !part.native.is_empty());
        let native = if same { scratch.together(parts().map(|part| part.native.as_str())) } else { Text::default() };
        let cultures = Cultures(parts().fold(u8::MAX, |common, part| common & part.cultures.0));
        let letters = parts().fold(0, |letters, part| letters | part.letters);
        Some(JoinFacts { key: join_key_with(&text, &mut scratch.consonants), letters, text, native, script, cultures })
    }
}

/// Working memory of joins.
#[derive(Debug, Default)]
pub struct JoinScratch {
    /// Consonants of a word.
    pub consonants: String,
    /// Long texts to be written over.
    spare: Vec<Text>,
}

impl JoinScratch {
    /// Takes back the memory of a join that is no longer needed.
    pub fn take_back(&mut self, join: JoinFacts) {
        self.spare.extend([join.text, join.native].into_iter().filter(Text::is_heap_allocated));
    }

    fn together<'a>(&mut self, parts: impl Iterator<Item = &'a str> + Clone) -> Text {
        let len: usize = parts.clone().map(str::len).sum();
        let is_long = len > size_of::<Text>();
        let mut text = if is_long { self.spare.pop().unwrap_or_default() } else { Text::default() };
        text.clear();
        parts.for_each(|part| text.push_str(part));
        text
    }
}

/// The joins of a name, as places of its parts: each two neighbours, then, where there are three parts or more, all that join.
/// `len_of` and `joins_at` tell of the part at a place.
pub fn join_spans(n: usize, joins_at: impl Fn(usize) -> bool) -> impl Iterator<Item = (usize, usize, bool)> {
    let n_joining = (0..n).filter(|at| joins_at(*at)).count();
    let whole = (n > 2 && n_joining > 2).then_some((0, n, true));
    let pairs = (1..n).map(|at| (at - 1, at + 1, false));
    pairs.filter(move |(from, _, _)| joins_at(*from) && joins_at(*from + 1)).chain(whole)
}
