//! Legal forms of companies in the languages of ISO 20275.

/// A kind of legal form; forms of one kind in different languages are equal (`LLC`, `GmbH`, `OOO`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LegalForm(pub u8);

/// A legal form found in a row of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// First word of the form.
    pub start: usize,
    /// Number of words.
    pub len: usize,
    /// Which form.
    pub form: LegalForm,
}

impl LegalForm {
    /// Canonical short name in Latin letters, `[a-z0-9]+`: `llc`, `jsc`, `plc` …
    pub fn name(self) -> &'static str {
        ""
    }
}

/// Finds all legal forms in a row of folded words (in their own script), without overlap, longest first.
pub fn find(_words: &[&str]) -> Vec<Found> {
    Vec::new()
}
