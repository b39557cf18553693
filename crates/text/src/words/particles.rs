//! Particles and articles: `al`, `bin`, `von`, `de`, `the`, `of`, `and`, and their originals.
//!
//! Source: `data/words/particles.tsv`.

use std::sync::LazyLock;

use super::key::{for_load, key};
use crate::map::Map;
use crate::name::NameKind;
use crate::table;

/// In which names a word is a particle.
#[derive(Clone, Copy, Debug, Default)]
struct Uses {
    person: bool,
    org: bool,
    /// The Arabic article assimilated to the sun letters that follow its `a`.
    sun: bool,
}

static PARTICLES: LazyLock<Map<String, Uses>> = LazyLock::new(|| {
    let mut particles: Map<String, Uses> = Map::default();
    for line in table::rows(include_str!("../../data/words/particles.tsv")) {
        let Some((class, words)) = line.split_once('\t') else { continue };
        for word in words.split_whitespace() {
            let uses = particles.entry(key(&for_load(word)).to_owned()).or_default();
            match class {
                "person" => uses.person = true,
                "org" => uses.org = true,
                "both" => (uses.person, uses.org) = (true, true),
                "sun" => (uses.person, uses.org, uses.sun) = (true, true, true),
                _ => unreachable!("particles.tsv has the unknown class {class}"),
            }
        }
    }
    particles
});

fn uses(word: &str, kind: NameKind) -> Option<Uses> {
    PARTICLES.get(&*key(word)).copied().filter(|uses| match kind {
        NameKind::Person => uses.person,
        NameKind::Organization | NameKind::Object => uses.org,
        NameKind::Unknown => uses.person || uses.org,
    })
}

/// Whether a folded word is a particle or article.
///
/// Knows the word alone, so that the Korean name An counts as the article `an`; [`is_particle_in`] tells them apart.
pub fn is_particle(word: &str, kind: NameKind) -> bool {
    uses(word, kind).is_some()
}

/// Whether the word at `at` is a particle or article, by its neighbours as well: no particle ends a name, `bin`, `ben` and
/// `do` begin none, and an assimilated article stands before its own letter only (`ash shami`, but `an myong hun`).
pub fn is_particle_in(words: &[&str], at: usize, kind: NameKind) -> bool {
    let (Some(&word), Some(&next)) = (words.get(at), words.get(at + 1)) else { return false };
    if kind != NameKind::Person && NUMBER_SIGNS.contains(&word) && super::number(next).is_some() {
        return true;
    }
    let Some(uses) = uses(word, kind) else { return false };
    // English `at`, and `an` before a vowel, stay particles of organisations.
    let english = kind == NameKind::Organization && matches!(word, "at" | "an") && at > 0;
    if uses.sun && !english {
        return word.strip_prefix('a').is_some_and(|letters| next.starts_with(letters));
    }
    // Ben Affleck, Do Van Minh; a preposition at the head of a firm's name is what tells it from others: Con Traffic, Pro Traffic.
    let (of_firm, of_person) = (kind != NameKind::Person, kind != NameKind::Organization);
    let begins_a_name = of_firm && PREPOSITIONS.contains(&word) || of_person && BEGINNERS.contains(&word);
    !(at == 0 && begins_a_name)
}

/// Particles of persons that are given or family names where they stand first.
const BEGINNERS: [&str; 6] = ["ben", "do", "le", "la", "van", "das"];

/// Prepositions and conjunctions that no name of a firm begins with, unless it is named so.
const PREPOSITIONS: [&str; 20] = [
    "con", "pro", "per", "por", "para", "pour", "sur", "sous", "en", "on", "to", "by", "with", "from", "for", "in",
    "at", "of", "and", "und",
];

/// What says *number* before one, as folded: `Plant No. 5` is Plant 5.
const NUMBER_SIGNS: [&str; 22] = [
    "no",
    "nr",
    "num",
    "numb",
    "number",
    "numero",
    "número",
    "numéro",
    "nummer",
    "numara",
    "numarasi",
    "numer",
    "nomer",
    "nombor",
    "номер",
    "رقم",
    "شماره",
    "번호",
    "nº",
    "n°",
    "№",
    "n",
];
