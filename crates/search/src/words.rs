//! Words of a text, as the index and its queries see them: in lower case and in Latin letters without marks.

/// A text in lower case and ASCII letters: `Müller` is `muller`, `Иванов` is `ivanov`.
pub fn fold(text: &str) -> String {
    let ascii = if text.is_ascii() { text.to_owned() } else { any_ascii::any_ascii(text) };
    ascii.to_ascii_lowercase()
}

/// The words of a folded text, in order.
pub(crate) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// A whole value as one term: folded, its white space squeezed.
pub(crate) fn whole(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len());
    for word in folded.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_cut_at_all_that_is_no_letter() {
        assert_eq!(
            words(&fold("Müller-Lüdenscheidt, O'Neil №7")).collect::<Vec<_>>(),
            ["muller", "ludenscheidt", "o", "neil", "no7"]
        );
        assert_eq!(fold("Иванов"), "ivanov");
        assert_eq!(whole("  A  b\tC "), "a b c");
    }
}
