//! Which of the tokens that share a key with a word can be like it, seen at a glance.
//!
//! Idea: tokens share keys of their letters, of their consonants and of their sound with many that are not alike. Each kind of key has a
//! condition of its own without which it makes nothing alike; it is asked of the glance alone, whose rows lie close together.
//! Invariant: what is alike passes by at least one of the kinds of keys that it shares (`docs/recall.md`).
//! Cost: some ten nanoseconds a token that does not pass; no allocation.

use interdict_snapshot::keys::{KeyKind, edit_budget};
use interdict_snapshot::{Corrupt, Glance, Snapshot, TokenFacts, TokenId};

use crate::edits::{Places, edit_likeness, letters_may_be_alike, scanned};
use crate::similar::{MIN_SCORE, is_most, same_start, vowels_agree};

/// A word that many tokens are held against.
#[derive(Debug)]
pub(crate) struct Sieve<'a> {
    facts: &'a TokenFacts,
    places: Places,
    /// Edits that these letters allow at most.
    most: usize,
}

impl Sieve<'_> {
    pub(crate) fn of(facts: &TokenFacts) -> Sieve<'_> {
        Sieve { facts, places: Places::of(facts.text.as_bytes()), most: edit_budget(facts.text.len()) }
    }

    /// Whether a token that shares a key of its letters can be alike by them; these stand beside the key.
    pub(crate) fn letters_pass(&self, letters: u32) -> bool {
        letters_may_be_alike(self.facts.letters, letters, self.most)
    }

    /// Whether a token can be alike by the kind of key that it shares.
    pub(crate) fn passes(&self, token: TokenId, by: KeyKind, snapshot: &Snapshot) -> Result<bool, Corrupt> {
        // Of a long text nothing is known without a look into the strings.
        let Some(text) = snapshot.short_text(token)? else { return Ok(true) };
        Ok(self.text_passes(by, text, &snapshot.glance(token)?))
    }

    fn text_passes(&self, by: KeyKind, text: &[u8], glance: &Glance) -> bool {
        let ours = self.facts.text.as_bytes();
        match by {
            KeyKind::Letters => self.by_letters(ours, text),
            KeyKind::Consonants => {
                glance.abjad != self.facts.script.is_abjad()
                    || vowels_agree(ours.len(), text.len(), self.places.common(text), self.facts.skeleton_len)
            }
            KeyKind::Sound => {
                let is_foreign = glance.foreign || !self.facts.native.is_empty();
                same_start(ours, text) && (is_foreign || is_most(self.places.common(text), ours.len(), text.len()))
            }
            KeyKind::Other => true,
        }
    }

    /// Whether two words are within the edits that their lengths allow, misread, or read backwards.
    fn by_letters(&self, one: &[u8], other: &[u8]) -> bool {
        let budget = edit_budget(one.len().min(other.len()));
        // An edit takes one letter at most from what both have in common.
        let near = || one.len().max(other.len()) <= self.places.common(other) + budget;
        let edited = || edit_likeness(one, other, budget).is_some_and(|(_, score)| score >= MIN_SCORE);
        one.len().abs_diff(other.len()) <= budget && near() && edited()
            || scanned(one, other)
            || one.len() == other.len() && one.iter().rev().eq(other)
    }
}

#[cfg(test)]
mod tests {
    use interdict_text::Role;
    use interdict_text::name::{NameKind, analyze};
    use proptest::prelude::*;

    use super::*;
    use crate::similar::likeness;

    fn tokens(name: &str) -> Vec<TokenFacts> {
        let all = analyze(name, NameKind::Person);
        all.iter().flat_map(|reading| &reading.tokens).map(TokenFacts::of).collect()
    }

    fn glance(facts: &TokenFacts) -> Glance {
        Glance {
            letters: facts.letters,
            len: facts.text.len(),
            initial: facts.text.bytes().next().unwrap_or_default(),
            role: facts.role,
            patronymic: false,
            least_bits: facts.bits,
            generic: facts.generic,
            place: facts.place,
            abjad: facts.script.is_abjad(),
            foreign: !facts.native.is_empty(),
        }
    }

    /// Whether a token passes by any of the keys that the two share.
    fn is_found(ours: &TokenFacts, theirs: &TokenFacts) -> bool {
        let (mut asked, mut stored) = (Vec::new(), Vec::new());
        ours.asked_keys_into(&mut asked);
        theirs.stored_keys_into(&mut stored);
        let sieve = Sieve::of(ours);
        asked.iter().filter(|key| stored.iter().any(|other| other.hash == key.hash)).any(|key| {
            (key.kind != KeyKind::Letters || sieve.letters_pass(theirs.letters))
                && sieve.text_passes(key.kind, theirs.text.as_bytes(), &glance(theirs))
        })
    }

    const WORDS: [&str; 24] = [
        "Mohammed",
        "Gaddafi",
        "Alexander",
        "Sergei",
        "Nasser",
        "Qasir",
        "Chizari",
        "Aleksandrovich",
        "Kolvan",
        "Hammadi",
        "Yusuf",
        "Shchukin",
        "محمد",
        "القذافي",
        "عبدالله",
        "Сергей",
        "Кузнецов",
        "김정은",
        "Pyotr",
        "Al",
        "Thanh",
        "Zarbeni",
        "Leila",
        "Elias",
    ];

    proptest! {
        #[test]
        fn what_is_alike_passes_by_a_key(
            one in prop::sample::select(&WORDS[..]), other in prop::sample::select(&WORDS[..]),
            edits in prop::collection::vec((0usize..12, prop::sample::select(vec!["a", "e", "y", "h", "k", "q", "s", ""])), 0..4)
        ) {
            for from in [one, other] {
                let mut letters: Vec<String> = from.chars().map(String::from).collect();
                for (at, letter) in &edits {
                    let at = at % letters.len();
                    letters[at] = (*letter).to_owned();
                }
                // Particles, titles and legal forms are found by themselves only: what is like them is counted as met by every name.
                let is_name = |facts: &TokenFacts| facts.role == Role::Name;
                for ours in tokens(one).into_iter().filter(is_name) {
                    for theirs in tokens(&letters.concat()).into_iter().filter(is_name) {
                        if likeness(&ours.view(), &theirs.view()).score > 0.0 {
                            prop_assert!(is_found(&ours, &theirs), "{} {}", ours.text, theirs.text);
                            prop_assert!(is_found(&theirs, &ours), "{} {}", theirs.text, ours.text);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_only_sounds_alike_does_not_pass() {
        let (ours, theirs) = (&tokens("Nasser")[0], &tokens("Najjar")[0]);
        let sieve = Sieve::of(ours);
        assert!(!sieve.text_passes(KeyKind::Letters, theirs.text.as_bytes(), &glance(theirs)));
        assert!(!sieve.text_passes(KeyKind::Sound, theirs.text.as_bytes(), &glance(theirs)));
        assert!(sieve.text_passes(KeyKind::Sound, b"naser", &glance(&tokens("Naser")[0])));
    }
}
