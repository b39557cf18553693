//! A name as the index and the matcher see it: readings made of tokens with roles.
use crate::Script;
use crate::legal::LegalForm;

/// What bears the name; decides which words can be legal forms, titles or particles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A natural person: titles, particles, initials; no legal forms.
    Person,
    /// A company, institution or group: legal forms, generic words.
    Organization,
    /// A ship, aircraft, wallet or other thing: prefixes such as `M/V`.
    Object,
    /// Not said (a `Thing` or `LegalEntity` query): both titles and legal forms are recognised.
    Unknown,
}

/// What a token does in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A part that distinguishes its bearer.
    Name,
    /// A single letter that stands for a name part (`J.`).
    Initial,
    /// A particle or article: `al`, `bin`, `von`, `de`, `the`, `of`, `and`.
    Particle,
    /// A title, honorific, rank or suffix: `Dr`, `Sheikh`, `Jr`.
    Title,
    /// A legal form, one token however many words it had.
    Legal(LegalForm),
    /// A number, however it was written (`7`, `VII`, `seventh`, `٧`).
    Number(u32),
}

/// One part of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Latin letters and digits only, `[a-z0-9]+`, never empty. For a legal form its canonical name (`llc`), for a number
    /// its decimal digits.
    pub text: String,
    /// The word as folded in its own script when that is not Latin, else empty.
    pub native: String,
    /// Script in which the word was written.
    pub script: Script,
    /// What the token does.
    pub role: Role,
}

/// One way to read a name in Latin letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// In the order of the name.
    pub tokens: Vec<Token>,
}

/// All readings of `name`, the most probable first, at most [`MAX_READINGS`], no two with equal tokens; empty when nothing
/// in it can be read.
pub fn analyze(_name: &str, _kind: NameKind) -> Vec<Reading> {
    Vec::new()
}

/// Upper bound on the readings of one name: each is indexed, so this bounds the index.
pub const MAX_READINGS: usize = 6;
