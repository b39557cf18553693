//! Likeness of a query's tokens and the snapshot's, kept for the time of one query.
//!
//! Idea: a token of the snapshot stands in many names; what it has in common with the query is computed once. The candidate search
//! fills the rows of all tokens that share a key with one of the query; for a token that it did not meet, likeness to the query's
//! words and numbers is nothing by the law of keys, and only initials, particles, titles and legal forms are compared. Without the
//! index every pair is compared.
//! Invariant: a row holds the same figures in either mode; `tests/it/recall.rs` holds it.
//! Cost: a slot of four bytes and a bit a token of the snapshot; forgetting a query is O(its rows).

use interdict_snapshot::{Corrupt, Snapshot, TokenId};
use interdict_text::Role;

use crate::align::Part;
use crate::bits::Bits;
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

/// A row whose facts were not asked.
const NOWHERE: u32 = u32::MAX;

/// The rows of one query.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// The tokens that have a row.
    known: Bits,
    /// By token: its row, where it has one.
    slots: Vec<u32>,
    /// Row by row, a column for each token of the query.
    likeness: Vec<Likeness>,
    /// By row, where it stands in `facts` what the token is in a name; nowhere before a name that has it is scored.
    facts_at: Vec<u32>,
    facts: Vec<Facts>,
    n_columns: usize,
    source: Source,
}

impl Memo {
    /// Forgets the last query; O(its rows) but for the first use.
    pub(crate) fn start(&mut self, snapshot: &Snapshot, n_columns: usize, source: Source) {
        let n_tokens = snapshot.n_tokens() as usize;
        self.known.fit(n_tokens);
        self.known.clear();
        if self.slots.len() != n_tokens {
            self.slots.clear();
            self.slots.resize(n_tokens, 0);
        }
        self.n_columns = n_columns;
        self.source = source;
        self.likeness.clear();
        self.facts_at.clear();
        self.facts.clear();
    }

    /// Row of a token with all that scoring asks of it, filled if need be.
    pub(crate) fn row(&mut self, query: &Query, snapshot: &Snapshot, token: TokenId) -> Result<usize, Corrupt> {
        let row = match self.known(token) {
            Some(row) if self.facts_at[row] != NOWHERE => return Ok(row),
            row => row,
        };
        let view = snapshot.token(token)?;
        let row = match row {
            Some(row) => row,
            None => self.add(token)?,
        };
        let sketch = match self.source {
            Source::Compared => Some(snapshot.token_sketch(token)?),
            Source::Indexed => None,
        };
        let own = &mut self.likeness[row * self.n_columns..][..self.n_columns];
        for (slot, (ours, sketched)) in own.iter_mut().zip(query.tokens.iter().zip(&query.sketches)) {
            // What is indexed the candidate search has set.
            let open = sketch.as_ref().map_or(!is_indexed(ours.role), |sketch| may_be_alike(sketched, sketch));
            if open {
                *slot = likeness(&ours.view(), &view);
            }
        }
        let part = |class| Part {
            role: view.role,
            weight: weight(&view, class),
            bits: view.bits,
            generic: view.generic,
            place: view.place,
            spare: 1.0,
        };
        self.facts_at[row] = self.facts.len() as u32;
        self.facts.push(Facts {
            parts: Class::ALL.map(part),
            letters: Letters { len: view.text.len(), set: view.letters, abjad: view.script.is_abjad() },
            filiation: is_filiation(view.role, view.text),
        });
        Ok(row)
    }

    /// Row of a token that has one.
    pub(crate) fn known(&self, token: TokenId) -> Option<usize> {
        if self.known.has(token.0) { Some(self.slots[token.0 as usize] as usize) } else { None }
    }

    /// Sets what the candidate search found.
    pub(crate) fn set(&mut self, token: TokenId, column: usize, likeness: Likeness) -> Result<(), Corrupt> {
        let row = match self.known(token) {
            Some(row) => row,
            None => self.add(token)?,
        };
        self.likeness[row * self.n_columns + column] = likeness;
        Ok(())
    }

    /// A row in which nothing is alike.
    fn add(&mut self, token: TokenId) -> Result<usize, Corrupt> {
        let row = self.facts_at.len();
        let slot = self.slots.get_mut(token.0 as usize);
        *slot.ok_or(Corrupt { section: "tokens", row: u64::from(token.0) })? = row as u32;
        self.known.add(token.0);
        self.likeness.resize((row + 1) * self.n_columns, Likeness::NONE);
        self.facts_at.push(NOWHERE);
        Ok(row)
    }

    /// Likeness of a row's token and the query's token of that column; of one that is not indexed only once [`Memo::row`] was asked.
    pub(crate) fn likeness(&self, row: usize, column: usize) -> Likeness {
        self.likeness[row * self.n_columns + column]
    }

    /// Likeness of a row's token and all tokens of the query, as [`Memo::likeness`].
    pub(crate) fn of_row(&self, row: usize) -> &[Likeness] {
        &self.likeness[row * self.n_columns..][..self.n_columns]
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
        self.facts.get(self.facts_at[row] as usize).expect("`row` fills the facts of the rows that it gives")
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
