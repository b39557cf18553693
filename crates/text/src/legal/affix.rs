//! Legal forms inside a word of a script without spaces: `株式会社トヨタ`, `삼성전자주식회사`, `บริษัทปตทจำกัด`.
//!
//! Idea: the forms of these scripts are affixes; the longest that fits at the end or the start of the word is found.
//! Invariant: something of the word is always left. Cost: one comparison for each of some two hundred affixes.

use super::{LegalForm, table};

/// The longest legal form at the end or the start of an unspaced word in Han, kana, Hangul, Thai or Khmer letters, and
/// the bytes that it takes, `start..end`; one of the two is an end of the word. `None` where there is no form or nothing
/// would be left. Call again on what is left: `บริษัท…จำกัด` has a form on either side.
pub fn strip_affix(word: &str) -> Option<(LegalForm, usize, usize)> {
    let unspaced = |c: Option<char>| c.is_some_and(|c| c >= '\u{e00}');
    if !unspaced(word.chars().next()) && !unspaced(word.chars().next_back()) {
        return None;
    }
    let affixes = &table::get().affixes;
    if affixes.iter().any(|affix| affix.text == word) {
        // The form alone: `株式会社` is not `会社` with a name before it.
        return None;
    }
    affixes.iter().filter(|affix| affix.text.len() < word.len()).find_map(|affix| {
        let len = affix.text.len();
        if let Some(kind) = affix.places.end
            && word.ends_with(&affix.text)
        {
            return Some((LegalForm(kind), word.len() - len, word.len()));
        }
        let kind = affix.places.start.filter(|_| word.starts_with(&affix.text))?;
        Some((LegalForm(kind), 0, len))
    })
}
