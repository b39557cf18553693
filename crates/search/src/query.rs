//! What a query says, as a tree.

use crate::parse::{self, SyntaxError};
use crate::simple;

/// How a query is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// The query language of Lucene; what it would refuse is refused.
    Full {
        /// Whether `word~` may differ by some letters; else it means the very word.
        fuzzy: bool,
    },
    /// What people type into a search box: never refused.
    Simple,
}

/// A query.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub(crate) root: Node,
}

impl Query {
    /// Reads a query; a blank one asks for everything.
    ///
    /// # Errors
    /// It is not of the full syntax.
    pub fn parse(text: &str, syntax: Syntax) -> Result<Query, SyntaxError> {
        let root = match syntax {
            _ if text.trim().is_empty() => Node::All,
            Syntax::Full { fuzzy } => parse::parse(text, fuzzy)?,
            Syntax::Simple => simple::parse(text),
        };
        Ok(Query { root })
    }

    /// Everything.
    pub fn all() -> Query {
        Query { root: Node::All }
    }
}

/// Words of a query, those within quotes included: each costs its entities. Nobody types so many; a list of ids has some dozens.
pub(crate) const MAX_WORDS: usize = 256;

/// Asks of a query that look at all terms of a field, or at many: each costs what hundreds of words do.
pub(crate) const MAX_WALKS: usize = 16;

/// A part of a query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// Everything.
    All,
    /// Nothing: a text without words.
    Nothing,
    /// All of these.
    And(Vec<Node>),
    /// Any of these.
    Or(Vec<Node>),
    /// All but this.
    Not(Box<Node>),
    /// What a field must hold; no field asks names and all words.
    Is(Option<String>, Ask),
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ask {
    /// A word or value.
    Word(String),
    /// A word or value, or one that differs by so many letters; 0 to 2.
    Fuzzy(String, u8),
    /// Words one after another, with so many others between them at most.
    Phrase(String, u32),
    /// A word with `*` for any letters and `?` for one.
    Wild(String),
    /// Values between two bounds, each with whether it counts itself.
    Range(Option<(String, bool)>, Option<(String, bool)>),
    /// Any value.
    Exists,
}

impl Ask {
    /// Words that are looked up; any sign but a letter or digit ends one.
    pub(crate) fn n_words(&self) -> usize {
        match self {
            Ask::Word(text) | Ask::Phrase(text, _) | Ask::Fuzzy(text, _) => {
                let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
                words.count().max(1)
            }
            Ask::Wild(_) | Ask::Range(..) | Ask::Exists => 1,
        }
    }

    /// Whether terms of a field are walked rather than looked up.
    pub(crate) fn walks(&self) -> bool {
        match self {
            Ask::Word(_) | Ask::Phrase(..) | Ask::Fuzzy(_, 0) => false,
            Ask::Fuzzy(..) | Ask::Wild(_) | Ask::Range(..) | Ask::Exists => true,
        }
    }
}
