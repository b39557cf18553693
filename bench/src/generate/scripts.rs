//! Cyrillic names: their Latin spellings, patronymics, feminine forms; and syllables put together.
//!
//! Source: the systems are those of passports (ICAO Doc 9303), of BGN/PCGN 1947, and a common German-French mixture; patronymics
//! by the rules of Russian and Ukrainian school grammar.

use super::names::Part;

pub(super) fn is_cyrillic(text: &str) -> bool {
    text.chars().next().is_some_and(|letter| ('\u{400}'..='\u{52F}').contains(&letter))
}

/// By letter: passports, BGN/PCGN, and a mixture.
#[rustfmt::skip]
const LATIN: &[(char, [&str; 3])] = &[
    ('а', ["a", "a", "a"]), ('б', ["b", "b", "b"]), ('в', ["v", "v", "w"]), ('г', ["g", "g", "g"]), ('ґ', ["g", "g", "g"]),
    ('д', ["d", "d", "d"]), ('е', ["e", "ye", "e"]), ('ё', ["e", "yo", "jo"]), ('є', ["ie", "ye", "je"]), ('ж', ["zh", "zh", "j"]),
    ('з', ["z", "z", "z"]), ('и', ["i", "i", "i"]), ('і', ["i", "i", "i"]), ('ї', ["i", "yi", "ji"]), ('й', ["i", "y", "j"]),
    ('к', ["k", "k", "k"]), ('л', ["l", "l", "l"]), ('м', ["m", "m", "m"]), ('н', ["n", "n", "n"]), ('о', ["o", "o", "o"]),
    ('п', ["p", "p", "p"]), ('р', ["r", "r", "r"]), ('с', ["s", "s", "s"]), ('т', ["t", "t", "t"]), ('у', ["u", "u", "ou"]),
    ('ф', ["f", "f", "f"]), ('х', ["kh", "kh", "ch"]), ('ц', ["ts", "ts", "z"]), ('ч', ["ch", "ch", "tsch"]),
    ('ш', ["sh", "sh", "sch"]), ('щ', ["shch", "shch", "schtsch"]), ('ъ', ["", "", ""]), ('ы', ["y", "y", "y"]), ('ь', ["", "", ""]),
    ('э', ["e", "e", "e"]), ('ю', ["iu", "yu", "ju"]), ('я', ["ia", "ya", "ja"]),
];

/// The spellings of the three systems, BGN/PCGN first, without doubles.
pub(super) fn latin_of_cyrillic(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for system in [1, 0, 2] {
        let mut latin = String::new();
        let mut before = None;
        for letter in text.chars() {
            let small = letter.to_lowercase().next().unwrap_or(letter);
            let Some((_, systems)) = LATIN.iter().find(|(known, _)| *known == small) else {
                latin.push(letter);
                continue;
            };
            // BGN/PCGN writes ye at the beginning and after vowels only.
            let plain_e = system == 1 && small == 'е' && before.is_some_and(|before| !"аеёиоуыэюяйьъ".contains(before));
            let written = if plain_e { "e" } else { systems[system] };
            if letter == small {
                latin.push_str(written);
            } else {
                latin.extend(capital(written));
            }
            before = Some(small);
        }
        if !out.contains(&latin) {
            out.push(latin);
        }
    }
    out
}

fn capital(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut letters = text.chars();
    let first = letters.next().and_then(|first| first.to_uppercase().next());
    first.into_iter().chain(letters)
}

fn cyrillic(native: String) -> Part {
    Part { latin: latin_of_cyrillic(&native), native }
}

/// Whose son or daughter.
pub(super) fn patronymic(father: &Part, woman: bool) -> Part {
    let name = &father.native;
    let mut stem = name.clone();
    let last = stem.pop();
    cyrillic(match (last, woman) {
        (Some('й' | 'ь'), false) => format!("{stem}евич"),
        (Some('й' | 'ь'), true) => format!("{stem}евна"),
        (Some('а' | 'я'), false) => format!("{stem}ич"),
        (Some('а' | 'я'), true) => format!("{stem}ична"),
        (Some('о'), false) => format!("{stem}ович"),
        (Some('о'), true) => format!("{stem}івна"),
        (_, false) => format!("{name}ович"),
        (_, true) => format!("{name}овна"),
    })
}

/// The family name of a woman.
pub(super) fn feminine(family: &Part) -> Part {
    let name = &family.native;
    if let Some(stem) = name.strip_suffix("ий") {
        return cyrillic(format!("{stem}ая"));
    }
    let takes_a = ["ов", "ев", "ёв", "ин", "ын"].iter().any(|ending| name.ends_with(ending));
    if takes_a { cyrillic(format!("{name}а")) } else { family.clone() }
}

/// Two syllables as one given name: together, apart, and with a hyphen.
pub(super) fn joined(first: &Part, second: &Part) -> Part {
    let (one, other) = (first.spelt(0), second.spelt(0));
    let small = other.to_lowercase();
    let mut latin = vec![format!("{one}{small}"), format!("{one} {other}"), format!("{one}-{small}")];
    let elsewhere = format!("{}{}", first.spelt(1), second.spelt(1).to_lowercase());
    if !latin.contains(&elsewhere) {
        latin.push(elsewhere);
    }
    Part { latin, native: format!("{}{}", first.native, second.native) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cyrillic_names_are_spelt_by_three_systems() {
        assert_eq!(latin_of_cyrillic("Щербаков"), ["Shcherbakov", "Schtscherbakow"]);
        assert_eq!(latin_of_cyrillic("Юрий"), ["Yuriy", "Iurii", "Jurij"]);
        let name = |text: &str| cyrillic(text.to_owned());
        assert_eq!(patronymic(&name("Сергей"), false).native, "Сергеевич");
        assert_eq!(patronymic(&name("Иван"), true).native, "Ивановна");
        assert_eq!(feminine(&name("Островский")).native, "Островская");
    }
}
