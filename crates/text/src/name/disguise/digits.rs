//! Digits and signs written for letters, wherever in a word: `4hm4d`, `K0RYO 5HIPPING`, `5.A.`.
//!
//! Idea: folding spells a digit between letters of a longer word; here every digit of a word that has letters too is spelt, at its
//! ends and in short words as well. What is a name of its own (`B2B`, `200G`) keeps its reading beside.
//! Invariant: numbers and words of letters alone stay. Cost: linear; no allocation where no word mixes.

/// The name with digits spelt as letters, a 1 as `one`; `None` where no word mixes letters and digits.
pub(super) fn spelt(name: &str, one: char) -> Option<String> {
    let is_mark = |c: char| c.is_ascii_digit() || matches!(c, '@' | '$' | '!' | '|' | '€');
    if !name.contains(is_mark) || !name.is_ascii() && !name.contains(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut spelt = String::with_capacity(name.len());
    let mut any = false;
    for word in name.split_inclusive([' ', '-', ',', '(', ')', '/']) {
        let letters = word.chars().filter(char::is_ascii_alphabetic).count();
        let digits = word.chars().filter(|c| is_mark(*c)).count();
        let ordinal = || {
            let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            ["st", "nd", "rd", "th"].iter().any(|end| {
                let count = bare.len().checked_sub(end.len());
                count.is_some_and(|at| bare.is_char_boundary(at) && bare[at..].eq_ignore_ascii_case(end))
                    && bare.trim_end_matches(|c: char| c.is_ascii_alphabetic()).bytes().all(|c| c.is_ascii_digit())
            })
        };
        if digits == 0 || letters * 3 < digits || is_number(word) || ordinal() {
            spelt.push_str(word);
            continue;
        }
        any = true;
        spelt.extend(word.chars().map(|c| match c {
            '0' => 'o',
            '1' | '!' | '|' => one,
            '2' => 'z',
            '3' | '€' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '6' | '9' => 'g',
            '7' => 't',
            '8' => 'b',
            other => other,
        }));
    }
    // The other way to spell a 1 says nothing new where there is none.
    (any && (one == 'i' || name.contains(['1', '!', '|']))).then_some(spelt)
}

/// Whether so many digits stand together that they are a number: `A320`, `YV2421`, `Falcon900`.
fn is_number(word: &str) -> bool {
    let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let runs = || bare.split(|c: char| !c.is_ascii_digit()).map(str::len);
    runs().any(|len| len > 3) || runs().next_back().is_some_and(|len| len > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_letters_and_digits_are_spelt_and_numbers_stay() {
        let spelt = |name| spelt(name, 'i');
        assert_eq!(spelt("4hm4d K4D3M").as_deref(), Some("ahmad KaDeM"));
        assert_eq!(spelt("Orbital 5.A. 17").as_deref(), Some("Orbital s.A. 17"));
        assert_eq!(spelt("Jeur1 L1M0N").as_deref(), Some("Jeuri LiMoN"));
        assert_eq!(super::spelt("Va1ente", 'l').as_deref(), Some("Valente"));
        for name in ["Unit 61", "27th Centre", "RA-85555", "Ocean Pearl", "3rd Front", "Boeing 747", "A320 12345"] {
            assert_eq!(spelt(name), None, "{name}");
        }
    }
}
