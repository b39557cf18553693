//! Words whose letters stand apart: `P u t i n`, `P.u.t.i.n`, `V*l*a*d*i*m*i*r`.
//!
//! Idea: four letters or more in a row, each alone and all parted by the same signs, are a word; where the signs change, the next word
//! begins, so that `V.l.a.d P.u.t.i.n` is two words. Fewer may be initials.
//! Invariant: letters keep their order, nothing else changes. Cost: linear; no allocation where fewer letters stand alone.

/// Letters in a row from which they are a word.
const MIN_LETTERS: usize = 4;

/// The name with such words written together; `None` where there are none.
pub(super) fn together(name: &str) -> Option<String> {
    if singles(name) < MIN_LETTERS {
        return None;
    }
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    let mut any = false;
    while !rest.is_empty() {
        let (n_letters, len) = run(rest);
        if n_letters >= MIN_LETTERS && !out.chars().next_back().is_some_and(char::is_alphanumeric) {
            out.extend(rest[..len].chars().filter(|c| c.is_alphabetic()));
            any = true;
            rest = &rest[len..];
            continue;
        }
        // Up to where the next word begins.
        let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let gap = rest[word..].find(char::is_alphanumeric).map_or(rest.len(), |gap| word + gap);
        out.push_str(&rest[..gap]);
        rest = &rest[gap..];
    }
    any.then_some(out)
}

/// How many letters stand alone.
fn singles(name: &str) -> usize {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| is_letter(word)).count()
}

fn is_letter(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

/// How many letters stand alone from the beginning of a text on, parted by the same signs, and the bytes up to the end of the last.
fn run(text: &str) -> (usize, usize) {
    let (mut n, mut end) = (0, 0);
    let mut sign: Option<&str> = None;
    let mut rest = text;
    loop {
        let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        if !is_letter(&rest[..word]) {
            return (n, end);
        }
        (n, end) = (n + 1, text.len() - rest.len() + word);
        let after = &rest[word..];
        let gap = after.find(char::is_alphanumeric).unwrap_or(after.len());
        let parts = &after[..gap];
        if gap == 0 || *sign.get_or_insert(parts) != parts {
            return (n, end);
        }
        rest = &after[gap..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_stand_apart_are_words() {
        for (name, wanted) in [
            ("P u t i n Vladimir", "Putin Vladimir"),
            ("P.u.t.i.n, Vladimir", "Putin, Vladimir"),
            ("V.l.a.d.i.m.i.r P.u.t.i.n", "Vladimir Putin"),
            ("Omar M O H A M M E D al-Hassan", "Omar MOHAMMED al-Hassan"),
            ("П у т и н", "Путин"),
            ("Abu K_a_r_i_m Ltd.", "Abu Karim Ltd."),
        ] {
            assert_eq!(together(name).as_deref(), Some(wanted), "{name}");
        }
        for name in ["J. R. R. Tolkien", "Golden Horn", "S. de R.L. de C.V.", "", "1 2 3 4 5"] {
            assert_eq!(together(name), None, "{name}");
        }
    }
}
