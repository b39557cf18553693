//! Words that are made as East Slavic patronymics are.

/// Letters from which a word can be a patronymic: `Ilich`.
const MIN_LETTERS: usize = 5;

/// Endings of patronymics of men and of women, in any transliteration.
const ENDINGS: [&str; 17] = [
    "ovich", "evich", "ovych", "evych", "yovych", "iovych", "ovitch", "evitch", "owicz", "avich", "ilich", "ovna",
    "evna", "ivna", "yivna", "ichna", "awna",
];

/// Whether a word in Latin letters is made as patronymics are: `viktorovich`, `viktorivna`, `ilyinichna`. Some family names of the
/// Balkans and of Belarus are too.
pub fn is_patronymic(word: &str) -> bool {
    word.len() >= MIN_LETTERS && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patronymics_are_told_by_their_ends() {
        for word in ["viktorovich", "viktorivna", "ilyinichna", "ilich", "janukowicz"] {
            assert!(is_patronymic(word), "{word}");
        }
        for word in ["ovna", "viktor", "mitchell", "ivanova"] {
            assert!(!is_patronymic(word), "{word}");
        }
    }
}
