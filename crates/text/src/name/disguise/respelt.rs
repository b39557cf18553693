//! Russian and kindred names as German, French and Polish newspapers spell them: `Chodorkowski`, `Prigojine`, `Miedwiediew`.
//!
//! Idea: these languages transcribe Cyrillic by their own sounds. A name with a word that ends as a Slavic family name and has letters in it
//! that betray the language is read once more in the spelling that lists use. A name that only looks so (`Edwin`) gets a reading that meets
//! nobody.
//! Invariant: at most one text a language; letters beyond the rules stay as they are. Cost: a look at the ends of words; allocations only for names
//! that look so.
//! Source: Duden's transcription of Russian, that of French press agencies, and PWN's rules for Polish, from general knowledge.

use super::lower_into;

/// A language's way to write Cyrillic.
struct Spelling {
    /// Ends of family names in it.
    ends: &'static [&'static str],
    /// Letters of which such a word has one.
    betray: &'static [&'static str],
    /// Its letters and what lists write for them; the longer first.
    letters: &'static [(&'static str, &'static str)],
}

const SPELLINGS: [Spelling; 3] = [
    // German
    Spelling {
        ends: &[
            "ow", "ew", "jow", "owa", "ewa", "owski", "ewski", "inski", "owskij", "witsch", "tschuk", "tschenko", "in",
            "ina", "jew",
        ],
        betray: &["sch", "w", "j", "z", "ch"],
        letters: &[
            ("schtsch", "shch"),
            ("tsch", "ch"),
            ("sch", "sh"),
            ("ch", "kh"),
            ("w", "v"),
            ("j", "y"),
            ("z", "ts"),
        ],
    },
    // French
    Spelling {
        ends: &["ov", "ev", "off", "eff", "ova", "eva", "ine", "ina", "itch", "ski", "enko", "ou"],
        betray: &["ou", "tch", "j", "ch", "ï", "off", "eff", "ine"],
        letters: &[
            ("chtch", "shch"),
            ("tch", "ch"),
            ("ch", "sh"),
            ("dj", "j"),
            ("j", "zh"),
            ("ou", "u"),
            ("ï", "i"),
            ("é", "e"),
            ("gue", "ge"),
            ("gui", "gi"),
        ],
    },
    // Polish
    Spelling {
        ends: &["ow", "iew", "owa", "iewa", "owski", "iewski", "icz", "czuk", "in", "ina"],
        betray: &["sz", "cz", "ie", "ż", "ł", "w", "rz"],
        letters: &[
            ("szcz", "shch"),
            ("cz", "ch"),
            ("sz", "sh"),
            ("ch", "kh"),
            ("ż", "zh"),
            ("rz", "zh"),
            ("ie", "e"),
            ("ia", "ya"),
            ("ł", "l"),
            ("w", "v"),
            ("j", "y"),
            ("c", "ts"),
        ],
    },
];

/// Ends of names that French and others write longer than lists do.
const ENDS: [(&str, &str); 4] = [("ine", "in"), ("off", "ov"), ("eff", "ev"), ("itch", "ich")];

/// The name as lists would spell it, for each language that it may be written in.
pub(super) fn readings(name: &str, lower: &mut String) -> Vec<String> {
    lower_into(name, lower);
    let words = || lower.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= MIN_LETTERS);
    let of = |spelling: &Spelling| {
        let looks_so = |word: &str| {
            spelling.ends.iter().any(|end| word.ends_with(end))
                && spelling.betray.iter().any(|part| word.contains(part))
        };
        if !words().any(looks_so) {
            return None;
        }
        let respelt = respell(lower, spelling.letters);
        (respelt != *lower).then_some(respelt)
    };
    SPELLINGS.iter().filter_map(of).collect()
}

/// Letters of a word from which it may be such a family name.
const MIN_LETTERS: usize = 5;

fn respell(text: &str, letters: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for word in text.split_inclusive(|c: char| !c.is_alphabetic()) {
        let bare = word.trim_end_matches(|c: char| !c.is_alphabetic());
        let (stem, end) = ENDS
            .iter()
            .find_map(|(long, short)| Some((bare.strip_suffix(long).filter(|stem| stem.chars().count() > 2)?, *short)))
            .unwrap_or((bare, ""));
        let mut rest = stem;
        while let Some(first) = rest.chars().next() {
            if let Some((from, to)) = letters.iter().find(|(from, _)| rest.starts_with(from)) {
                out.push_str(to);
                rest = &rest[from.len()..];
            } else {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        out.push_str(end);
        out.push_str(&word[bare.len()..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn names_in_newspapers_are_read_as_lists_spell_them() {
        for (given, wanted) in [
            ("Michail Chodorkowski", "mikhail khodorkovski"),
            ("Jewgeni Prigoschin", "yevgeni prigoshin"),
            ("Boris Jelzin", "boris yeltsin"),
            ("Georgi Schukow", "georgi shukov"),
            ("Nikita Chruschtschow", "nikita khrushchov"),
            ("Evgueni Prigojine", "evgeni prigozhin"),
            ("Vladimir Poutine", "vladimir putin"),
            ("Gueorgui Joukov", "georgi zhukov"),
            ("Dmitrij Miedwiediew", "dmitriy medvedev"),
        ] {
            let found = readings(given, &mut String::new());
            assert!(found.iter().any(|reading| reading == wanted), "{given}: {found:?}");
        }
    }

    #[test]
    fn other_names_are_left_alone() {
        for name in ["Vladimir Putin", "Hans Fleischmann", "John Smith", "Ali Hassan", "Kim Jong Un", "Xi Jinping"] {
            assert!(readings(name, &mut String::new()).is_empty(), "{name}");
        }
    }
}
