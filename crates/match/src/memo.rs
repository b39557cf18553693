//! Likeness of a query's tokens and the snapshot's, kept for the time of one query.
//!
//! Idea: a token of the snapshot stands in many names; what it has in common with the query is computed once. The candidate search
//! fills the rows of all tokens that share a key with one of the query; for a token that it did not meet, likeness to the query's
//! words and numbers is nothing by the law of keys, and only initials, particles, titles and legal forms are compared. Without the
//! index every pair is compared.
//! Invariant: a row holds the same figures in either mode; `tests/it/recall.rs` holds it.
//! Cost: a slot of eight bytes a token of the snapshot; forgetting a query is O(1).

use interdict_snapshot::{Corrupt, Snapshot, TokenId, TokenView};
use interdict_text::Role;

use crate::align::Part;
use crate::query::Query;
use crate::similar::{Likeness, likeness, may_be_alike};
use crate::weigh::{Class, weight};

/// Where the likeness of words and numbers comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Source {
    /// Every pair is compared as it is met.
    #[default]
    Compared,
    /// The candidate search has set those that are alike; all others are not.
    Indexed,
}

/// What joining a token to its neighbours needs to know at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letters {
    pub(crate) len: usize,
    /// Which letters there are, as bits.
    pub(crate) set: u32,
    /// Whether its script leaves vowels out.
    pub(crate) abjad: bool,
}

/// What a token is in a name.
#[derive(Clone, Copy, Debug)]
struct Facts {
    parts: [Part; 3],
    letters: Letters,
    /// Whether it says whose son or daughter somebody is.
    filiation: bool,
}

/// The rows of one query.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// By token: the query that filled its row, and the row.
    slots: Vec<(u32, u32)>,
    /// Row by row, a column for each token of the query.
    likeness: Vec<Likeness>,
    /// By row, what the token is in a name; filled when a name that has it is scored.
    facts: Vec<Option<Facts>>,
    query: u32,
    n_columns: usize,
    source: Source,
}

impl Memo {
    /// Forgets the last query; O(1) but for the first use.
    pub(crate) fn start(&mut self, snapshot: &Snapshot, n_columns: usize, source: Source) {
        let n_tokens = snapshot.n_tokens() as usize;
        if self.slots.len() != n_tokens || self.query == u32::MAX {
            self.slots.clear();
            self.slots.resize(n_tokens, (0, 0));
            self.query = 0;
        }
        self.query += 1;
        self.n_columns = n_columns;
        self.source = source;
        self.likeness.clear();
        self.facts.clear();
    }

    /// Row of a token with all that scoring asks of it, filled if need be.
    pub(crate) fn row(&mut self, query: &Query, snapshot: &Snapshot, token: TokenId) -> Result<usize, Corrupt> {
        let row = match self.known(token)? {
            Some(row) if self.facts[row].is_some() => return Ok(row),
            row => row,
        };
        let view = snapshot.token(token)?;
        let row = match row {
            Some(row) => row,
            None => self.add(query, snapshot, token, &view)?,
        };
        let part =
            |class| Part { role: view.role, weight: weight(&view, class), bits: view.bits, generic: view.generic };
        self.facts[row] = Some(Facts {
            parts: Class::ALL.map(part),
            letters: Letters { len: view.text.len(), set: view.letters, abjad: view.script.is_abjad() },
            filiation: is_filiation(view.role, view.text),
        });
        Ok(row)
    }

    /// Row of a token that has one.
    pub(crate) fn known(&self, token: TokenId) -> Result<Option<usize>, Corrupt> {
        let slot = self.slots.get(token.0 as usize).ok_or(Corrupt { section: "tokens", row: u64::from(token.0) })?;
        Ok((slot.0 == self.query).then_some(slot.1 as usize))
    }

    /// Sets what the candidate search found.
    pub(crate) fn set(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        (token, view): (TokenId, &TokenView<'_>),
        column: usize,
        likeness: Likeness,
    ) -> Result<(), Corrupt> {
        let row = match self.known(token)? {
            Some(row) => row,
            None => self.add(query, snapshot, token, view)?,
        };
        self.likeness[row * self.n_columns + column] = likeness;
        Ok(())
    }

    fn add(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        token: TokenId,
        view: &TokenView<'_>,
    ) -> Result<usize, Corrupt> {
        let row = self.facts.len();
        let slot = self.slots.get_mut(token.0 as usize);
        *slot.ok_or(Corrupt { section: "tokens", row: u64::from(token.0) })? = (self.query, row as u32);
        match self.source {
            Source::Compared => {
                let sketch = snapshot.token_sketch(token)?;
                self.likeness.extend(query.tokens.iter().zip(&query.sketches).map(|(ours, sketched)| {
                    if may_be_alike(sketched, &sketch) { likeness(&ours.view(), view) } else { Likeness::NONE }
                }));
            }
            Source::Indexed => self.likeness.extend(
                query
                    .tokens
                    .iter()
                    .map(|ours| if is_indexed(ours.role) { Likeness::NONE } else { likeness(&ours.view(), view) }),
            ),
        }
        self.facts.push(None);
        Ok(row)
    }

    /// Likeness of a row's token and the query's token of that column.
    pub(crate) fn likeness(&self, row: usize, column: usize) -> Likeness {
        self.likeness[row * self.n_columns + column]
    }

    /// What the token of a row is in names of a class.
    pub(crate) fn part(&self, row: usize, class: Class) -> Part {
        self.facts_of(row).parts[class as usize]
    }

    /// Length and letters of the token of a row.
    pub(crate) fn letters(&self, row: usize) -> Letters {
        self.facts_of(row).letters
    }

    /// Whether the token of a row says whose son or daughter somebody is.
    pub(crate) fn is_filiation(&self, row: usize) -> bool {
        self.facts_of(row).filiation
    }

    fn facts_of(&self, row: usize) -> &Facts {
        self.facts[row].as_ref().expect("`row` fills the facts of the rows that it gives")
    }
}

/// Whether the candidate search finds what is like a token of that role; what is like the others is counted as met by every name.
pub(crate) fn is_indexed(role: Role) -> bool {
    matches!(role, Role::Name | Role::Number(_))
}

/// Whether a token is *son of* or *daughter of*.
pub(crate) fn is_filiation(role: Role, text: &str) -> bool {
    role == Role::Particle && matches!(text, "bin" | "ben" | "ibn" | "bint" | "binti" | "b" | "oglu" | "ogly")
}
