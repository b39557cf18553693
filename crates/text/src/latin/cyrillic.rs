//! Cyrillic: which language a name is in, and the tables of its systems.
//!
//! Idea: the letters that only some languages have tell which one; a name without them is read as Russian, then also as
//! Ukrainian or Bulgarian where those would spell it otherwise. Sources stand in the tables. Cost: one table look-up a letter.
use std::sync::LazyLock;

use super::Spellings;
use super::rules::Table;
use crate::Text;

/// A language written in Cyrillic that has a table of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Told by ы э ё ъ or by nothing else.
    Russian,
    /// No letter tells; Russian first, then others.
    Unsaid,
    /// і ї є ґ without ў ы э; ськ цьк, which Russian writes without soft sign.
    Ukrainian,
    /// ў, or і with ы, э or ё.
    Belarusian,
    /// ђ ћ љ њ џ ј.
    Serbian,
    /// ѓ ќ ѕ.
    Macedonian,
    /// ъ before a consonant or at the end.
    Bulgarian,
    /// ә ғ қ ң ө ұ ү һ ҳ ҷ: Kazakh and its neighbours.
    Kazakh,
}

struct Tables {
    russian: Table,
    ukrainian: Table,
    belarusian: Table,
    serbian: Table,
    bulgarian: Table,
    kazakh: Table,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    russian: Table::parse(include_str!("../../data/latin/cyrillic_ru.tsv")),
    ukrainian: Table::parse(include_str!("../../data/latin/cyrillic_uk.tsv")),
    belarusian: Table::parse(include_str!("../../data/latin/cyrillic_be.tsv")),
    serbian: Table::parse(include_str!("../../data/latin/cyrillic_sr.tsv")),
    bulgarian: Table::parse(include_str!("../../data/latin/cyrillic_bg.tsv")),
    kazakh: Table::parse(include_str!("../../data/latin/cyrillic_kk.tsv")),
});

/// The language that the letters of a folded name tell.
pub fn language_of(name: &str) -> Language {
    let has = |letters: &str| name.chars().any(|c| letters.contains(c));
    if has("қғұәңөүҳҷһ") {
        Language::Kazakh
    } else if has("ў") || (has("і") && has("ыэё")) {
        Language::Belarusian
    } else if has("іїєґ") || name.contains("ськ") || name.contains("цьк") {
        Language::Ukrainian
    } else if has("ѓќѕ") {
        Language::Macedonian
    } else if has("ђћљњџј") {
        Language::Serbian
    } else if has("ыэё") {
        Language::Russian
    } else if name.contains('ъ') {
        let mut after_sign = name.chars().skip_while(|c| *c != 'ъ').skip(1);
        if after_sign.next().is_some_and(|c| "еюя".contains(c)) { Language::Russian } else { Language::Bulgarian }
    } else {
        Language::Unsaid
    }
}

/// The readings of a folded word, best first.
pub(crate) fn readings(word: &[char], language: Language, out: &mut Spellings) {
    let tables = &*TABLES;
    match language {
        Language::Russian => tables.russian.readings(word, out),
        Language::Unsaid => {
            tables.russian.readings(word, out);
            let mut other = Text::default();
            if word.contains(&'щ') {
                tables.bulgarian.spell(0, word, &mut other);
            } else {
                tables.ukrainian.spell(1, word, &mut other);
            }
            out.push(other);
        }
        Language::Ukrainian => tables.ukrainian.readings(word, out),
        Language::Belarusian => tables.belarusian.readings(word, out),
        Language::Serbian | Language::Macedonian => {
            let at = out.len();
            tables.serbian.readings(word, out);
            if language == Language::Macedonian && out.len() > at + 1 {
                out[at..].rotate_right(1); // the last system is the Macedonian one
            }
        }
        Language::Bulgarian => tables.bulgarian.readings(word, out),
        Language::Kazakh => tables.kazakh.readings(word, out),
    }
}
