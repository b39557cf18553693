//! The part of a word that its case, gender, number and article leave alone.
//!
//! Idea: `Московский завод`, `Московского завода` and `Московские заводы` are to meet one entry of a table. Endings of
//! Cyrillic words are cut off once, on both sides of a look-up; so is the Arabic article with what grows together with it.
//! Invariant: what is left of a word has three letters at least; words of other scripts come back as they were.
//! Cost: one pass over the endings; no allocation. Not done: cutting derivations (`строительный` to `строй`), which would
//! join a trade with what it makes.
//! Source: the declensions of Russian, Ukrainian and Belarusian as their grammars give them.

/// Endings of nouns and adjectives, the longest first. [`super::key::key`] drops marks, so that `й` stands here as `и`, `ї`
/// as `і`, `ё` as `е`.
const ENDINGS: [&str; 51] = [
    "ого", "его", "ому", "ему", "ыми", "ими", "ями", "ами", "ага", "иям", "иях", "ією", "ая", "яя", "ое", "ее", "ые",
    "ие", "ыи", "ии", "ои", "еи", "ых", "их", "ым", "им", "ую", "юю", "ом", "ем", "ам", "ям", "ах", "ях", "ов", "ев",
    "ія", "іі", "ію", "оі", "іи", "ою", "ею", "ью", "ья", "ье", "ию", "ия", "ае", "аи", "ів",
];

/// Endings of one letter, tried last.
const VOWELS: [char; 11] = ['а', 'я', 'о', 'е', 'ы', 'и', 'у', 'ю', 'ь', 'і', 'є'];

/// The Arabic article, alone and after *and*, *for* and *by*.
const ARTICLES: [&str; 4] = ["وال", "بال", "لل", "ال"];

/// The stem of a word that [`super::key::key`] has been applied to.
pub(super) fn stem(word: &str) -> &str {
    match word.chars().next() {
        Some('\u{400}'..='\u{52f}') => without_ending(word),
        Some('\u{621}'..='\u{6d3}') => without_article(word),
        _ => word,
    }
}

fn without_ending(word: &str) -> &str {
    let long_enough = |rest: &&str| rest.chars().count() >= 3;
    ENDINGS
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(long_enough))
        .or_else(|| word.strip_suffix(VOWELS).filter(long_enough))
        .unwrap_or(word)
}

/// Without the article, and an adjective without the ending of its feminine: `الصناعية` is `صناعي`.
fn without_article(word: &str) -> &str {
    let long_enough = |rest: &&str| rest.chars().count() >= 3;
    let bare = ARTICLES.iter().find_map(|article| word.strip_prefix(article).filter(long_enough)).unwrap_or(word);
    bare.strip_suffix('ه').filter(|rest| rest.ends_with('ي') && long_enough(rest)).unwrap_or(bare)
}

/// An Arabic word without *and*, *for* or *by* before it, if it begins with one of them.
pub(super) fn without_proclitic(word: &str) -> Option<&str> {
    word.strip_prefix(['و', 'ل', 'ب']).filter(|rest| rest.chars().count() >= 3)
}

#[cfg(test)]
mod tests {
    use super::super::key::key;
    use super::*;

    #[test]
    fn cases_and_genders_of_a_word_share_their_stem() {
        for forms in [
            &["московский", "московская", "московское", "московские", "московского", "московской", "московских"][..],
            &["завод", "завода", "заводу", "заводом", "заводы", "заводов"],
            &["предприятие", "предприятия", "предприятий", "предприятию"],
            &["технология", "технологии", "технологий", "технології", "технологія"],
            &["державний", "державна", "державне", "державного", "державної", "державних"],
            &["вытворчае", "вытворчая", "вытворчага", "вытворчай"],
            &["связь", "связи", "связью"],
        ] {
            let stems: Vec<String> = forms.iter().map(|form| stem(&key(form)).to_owned()).collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{forms:?} have {stems:?}");
        }
    }

    #[test]
    fn short_words_and_other_scripts_stay() {
        for word in ["кб", "нии", "бюро", "plant", "الله", "والي"] {
            let keyed = key(word).to_owned();
            let left = stem(&keyed);
            assert!(left == keyed || left.chars().count() >= 3, "{word} became {left}");
        }
        assert_eq!(stem("plant"), "plant");
        assert_eq!(stem("نفط"), stem("للنفط"));
        assert_eq!(stem("الله"), "الله");
        assert_eq!(stem(&key("الصناعية")), stem(&key("صناعي")));
        assert_eq!(without_proclitic("وخدمات"), Some("خدمات"));
    }
}
