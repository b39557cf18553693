//! Small closed classes of words: titles, particles, numbers, equivalent forms.

pub(crate) mod key;

use crate::name::NameKind;

/// Whether a folded word is a title, honorific, rank or suffix in a name of this kind.
pub fn is_title(_word: &str, _kind: NameKind) -> bool {
    false
}

/// Whether a folded word is a particle or article.
pub fn is_particle(_word: &str, _kind: NameKind) -> bool {
    false
}

/// The number that a folded word writes: digits of any script, Roman numerals (II upwards, never I, V, X, L, C, D or M
/// alone), ordinals and number words.
pub fn number(_word: &str) -> Option<u32> {
    None
}

/// How close two forms of one group are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Closeness {
    /// Spellings of one name or word: Muhammad and Mohammed, 'technology' and 'tekhnologiya'.
    Spelling,
    /// Short or pet forms: Aleksandr and Sasha, William and Bill.
    Diminutive,
}

/// Groups of equivalent forms that a Latin token belongs to: group number and closeness, ascending, at most four.
pub fn equivalents(_token: &str) -> &'static [(u16, Closeness)] {
    &[]
}

/// Whether a Latin token is a corporate or institutional word that carries little distinction.
pub fn is_generic(_token: &str) -> bool {
    false
}
