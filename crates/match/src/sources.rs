//! What of one name of the query leads to rows of tokens: its words, and what is written together.
//!
//! Idea: meeting a part of a reading is worth its weight over the weight that must be met of that reading for the threshold, so that what
//! is worth less than 1 together cannot reach it. A token is worth the most that any word of the name is by its likeness.
//! Sources are taken rarest first, and open rows as long as they and those after them may be worth 1 together.
//! Invariant: the first source that meets a row which can reach the threshold opens it, by the first of its items that meet it.
//! Cost: O(sources × parts of all readings); no allocation once warm.

use std::ops::Range;

use interdict_snapshot::keys::{exact_key, initial_key};
use interdict_snapshot::{Corrupt, JoinOrd, PostingsPlace, Snapshot, TokenId};
use interdict_text::Role;
use zerocopy::little_endian::U32;

use crate::align::ONLY_INITIALS;
use crate::bits::Bits;
use crate::bound::{Bound, SLACK};
use crate::joined::{self, Ours, Written};
use crate::memo::{Memo, is_indexed};
use crate::query::{Form, Query, has_place};
use crate::weigh::{Class, distinguishes};
use crate::words::Words;

/// One name of a query, asked of the parties of a snapshot that are compared in one way.
pub(crate) struct Name<'a> {
    pub(crate) query: &'a Query,
    pub(crate) snapshot: &'a Snapshot,
    /// The query's forms that are its readings.
    pub(crate) forms: Range<usize>,
    pub(crate) threshold: f32,
    pub(crate) class: Class,
    /// The kinds of bearers whose names are compared so, as bits.
    pub(crate) kinds: u8,
}

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Rows that were met.
    Some,
    /// The threshold is so low that no row can be left out.
    All,
}

/// A reading of the name.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// Which of the query's forms.
    pub(crate) form: usize,
    pub(crate) bound: Bound,
    /// The weight that must be met.
    pub(crate) least: f32,
    /// Its parts that lead to rows; none where every row that meets anything may reach the threshold.
    parts: Range<usize>,
}

/// A part of a reading.
#[derive(Clone, Copy, Debug)]
struct Worth {
    column: u16,
    place: usize,
    /// With a likeness of 1.
    full: f32,
    /// The best likeness of what comes after the source at hand.
    later: f32,
}

/// What of the snapshot meets written together with something of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Theirs {
    Word(TokenId),
    Join(JoinOrd),
}

impl Theirs {
    /// The rows that have it.
    pub(crate) fn rows(self, snapshot: &Snapshot) -> Result<&[U32], Corrupt> {
        match self {
            Theirs::Word(token) => snapshot.postings(token),
            Theirs::Join(join) => snapshot.forms_joined(join),
        }
    }
}

/// Something written together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Join {
    theirs: Theirs,
    /// Which of the query's forms.
    form: usize,
    /// Places in the form, as bits.
    places: u64,
    /// Parts of the snapshot's names that it is at most.
    n_parts: u8,
}

/// What leads to rows.
#[derive(Clone, Debug)]
pub(crate) enum Of {
    /// A word of the query, by its tokens that no source before it has.
    Word { column: u16, tokens: Range<usize> },
    /// Something written together, by all that meets the same of the snapshot.
    Join { theirs: Theirs, joins: Range<usize>, n_parts: u16, worth: u16 },
}

/// A source of rows.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) of: Of,
    pub(crate) n_postings: usize,
    /// Whether it and what comes after it can carry a row. Where it cannot, nothing after it can.
    pub(crate) carries: bool,
    /// So many of its tokens, the first, open rows; all or none for what is written together.
    pub(crate) n_opening: usize,
}

/// What may meet written together in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RowJoins {
    /// The places of the reading's parts, as bits.
    pub(crate) places: u64,
    /// How many parts of the row at most.
    pub(crate) n_parts: usize,
}

/// The worth from which a row can reach the threshold.
pub(crate) const ONE: f32 = 512.0;
/// Bits of a worth.
pub(crate) const WORTH_BITS: u32 = 12;
/// Where counting ends.
pub(crate) const MOST: u16 = (1 << WORTH_BITS) - 1;

/// Worth in whole parts, rounded up.
fn whole_parts(worth: f32) -> u16 {
    (worth * ONE).ceil().clamp(1.0, f32::from(MOST)) as u16
}

/// The sources of one name, with working memory.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// The rarest first.
    pub(crate) all: Vec<Source>,
    pub(crate) readings: Vec<Reading>,
    /// Whether every row that meets anything may reach the threshold.
    pub(crate) any: bool,
    /// Most parts of a reading.
    pub(crate) n_parts: usize,
    /// Initials of the reading that has most of them: each may meet any part that begins with it.
    pub(crate) n_initials: usize,
    /// Parts that a row may have more and cost nothing, as they meet written together.
    pub(crate) n_joined_theirs: usize,
    /// Parts of a reading that may meet written together: `dela` meets `de la`, in which nothing distinguishes.
    pub(crate) n_joined_ours: usize,
    /// Words of names that are written like particles, titles, legal forms of the query, and so are met by them.
    pub(crate) twins: Vec<TokenId>,
    /// Tokens of the words, by the rows that have them, with what they are worth.
    pub(crate) tokens: Vec<(PostingsPlace, u16)>,
    /// The most that a row can be worth.
    pub(crate) most_worth: f32,
    worths: Vec<Worth>,
    /// By word: the most that it is worth.
    by_word: Vec<f32>,
    joins: Vec<Join>,
    /// Tokens that are among `tokens`.
    listed: Bits,
    written: Written,
}

impl Sources {
    /// Takes up a name, in whatever way it is compared then.
    pub(crate) fn take_up(&mut self, name: &Name<'_>) -> Result<(), Corrupt> {
        self.n_parts = name.forms().iter().map(Form::n_tokens).max().unwrap_or(0);
        self.find_joins(name)?;
        self.find_twins(name)
    }

    /// Finds the sources of the name taken up, in the way that it is compared.
    pub(crate) fn find(&mut self, name: &Name<'_>, words: &Words, memo: &Memo) -> Result<Found, Corrupt> {
        self.all.clear();
        if self.weigh(name) == Found::All {
            return Ok(Found::All);
        }
        self.add_joins(name.snapshot)?;
        self.add_words(words);
        self.all.sort_by_key(|source| source.n_postings);
        self.open(words);
        self.list(name.snapshot, words, memo);
        Ok(Found::Some)
    }

    /// What may meet written together in a row, for one of the query's forms, by the first of its joins of each kind.
    pub(crate) fn joined(&self, form: usize, first_joins: impl Iterator<Item = u32>) -> RowJoins {
        let mut joined = RowJoins::default();
        for first in first_joins {
            let rest = self.joins.get(first as usize..).unwrap_or_default();
            let Some(first) = rest.first() else { continue };
            joined.n_parts += usize::from(first.n_parts);
            for join in rest.iter().take_while(|join| join.theirs == first.theirs).filter(|join| join.form == form) {
                joined.places |= join.places;
            }
        }
        joined
    }

    /// Parts of a reading at most that a row may meet by parts of its own which do not distinguish.
    pub(crate) fn n_odd(&self, words: &Words) -> usize {
        let odd = |part: &&Worth| words.all[usize::from(part.column)].sum.odd;
        let of_reading = |reading: &Reading| self.worths[reading.parts.clone()].iter().filter(odd).count();
        self.readings.iter().map(of_reading).max().unwrap_or(0)
    }

    /// What the words from a source on are worth together, where all of them are met, and how many parts of a row they may meet.
    pub(crate) fn assumed(&self, from: usize, words: &Words) -> (f32, usize) {
        let left_out = |column: u16| {
            let mut rest = self.all.get(from..).unwrap_or_default().iter();
            rest.any(|source| matches!(source.of, Of::Word { column: other, .. } if other == column))
        };
        let (mut most, mut n_most) = (0.0f32, 0);
        for reading in &self.readings {
            let (mut worth, mut n) = (0.0, 0);
            for part in self.worths[reading.parts.clone()].iter().filter(|part| left_out(part.column)) {
                worth += part.full * words.all[usize::from(part.column)].best;
                n += 1;
            }
            (most, n_most) = (most.max(worth), n_most.max(n));
        }
        (most, n_most)
    }

    /// What parts are worth.
    fn weigh(&mut self, name: &Name<'_>) -> Found {
        let Name { query, threshold, class, .. } = *name;
        let Sources { readings, worths, by_word, joins, any, most_worth, .. } = self;
        readings.clear();
        worths.clear();
        by_word.clear();
        by_word.resize(query.tokens.len(), 0.0);
        (*any, *most_worth) = (false, 1.0);
        for at in name.forms.clone() {
            let form = &query.forms[at];
            let parts = query.parts_of(form, class);
            let tells = |place: usize| {
                let joined = |join: &Join| join.form == at && has_place(join.places, place);
                !distinguishes(parts[place].role) && joins.iter().any(joined)
            };
            let bound = Bound::of(query, form, class, (0..parts.len()).any(tells));
            let least = bound.least(threshold);
            let start = worths.len();
            if least > 0.0 {
                let indexed = parts.iter().zip(query.columns_of(form)).enumerate();
                for (place, (part, column)) in indexed.filter(|(_, (part, _))| is_indexed(part.role)) {
                    let full = part.weight / least;
                    let most = &mut by_word[usize::from(*column)];
                    *most = most.max(full);
                    worths.push(Worth { column: *column, place, full, later: 0.0 });
                }
            } else {
                // Initials carry the reading over the bound, but by themselves they score next to nothing.
                if threshold - bound.most() - SLACK <= ONLY_INITIALS * bound.ceiling() {
                    return Found::All;
                }
                *any = true;
            }
            let parts = start..worths.len();
            *most_worth = most_worth.max(worths[parts.clone()].iter().map(|part| part.full).sum());
            readings.push(Reading { form: at, bound, least: least.max(0.0), parts });
        }
        Found::Some
    }

    /// Finds what meets written together on one side only, or together on both.
    fn find_joins(&mut self, name: &Name<'_>) -> Result<(), Corrupt> {
        let Name { query, snapshot, .. } = *name;
        let forms = || name.forms.clone();
        let Sources { joins, written, n_joined_theirs, n_joined_ours, .. } = self;
        joins.clear();
        (*n_joined_theirs, *n_joined_ours) = (0, 0);
        for column in 0..query.tokens.len() as u16 {
            let stands = |form: usize| query.columns_of(&query.forms[form]).contains(&column);
            if !forms().any(stands) {
                continue;
            }
            let ours = Ours::word(query, column);
            for theirs in snapshot.joins_with_key(query.join_keys[usize::from(column)])? {
                if !joined::meets(&ours, snapshot, &theirs, written)? {
                    continue;
                }
                for form in forms() {
                    let places = query.columns_of(&query.forms[form]).iter().enumerate().take(64);
                    let places =
                        places.filter(|(_, token)| **token == column).fold(0, |places, (at, _)| places | 1 << at);
                    if places != 0 {
                        let (theirs, n_parts) = (Theirs::Join(theirs.ord), theirs.n_tokens as u8);
                        joins.push(Join { theirs, form, places, n_parts });
                    }
                }
            }
        }
        for form in forms() {
            for join in query.joins_of(&query.forms[form]) {
                let (ours, places) = (Ours::join(join), join.places);
                for theirs in snapshot.joins_with_key(join.facts.key)? {
                    if (theirs.whole || join.whole) && joined::meets(&ours, snapshot, &theirs, written)? {
                        let (theirs, n_parts) = (Theirs::Join(theirs.ord), theirs.n_tokens as u8);
                        joins.push(Join { theirs, form, places, n_parts });
                    }
                }
                for theirs in snapshot.tokens_with_key(join.facts.key)? {
                    if joined::meets_word(&ours, snapshot, theirs, written)? {
                        joins.push(Join { theirs: Theirs::Word(theirs), form, places, n_parts: 1 });
                    }
                }
            }
        }
        joins.sort_unstable();
        joins.dedup();
        // In one row each part of a reading is met once at most: by the longest that meets it.
        for form in forms() {
            let (mut theirs, mut ours) = ([0usize; 64], 0u64);
            for join in joins.iter().filter(|join| join.form == form) {
                let slot = &mut theirs[join.places.trailing_zeros() as usize % 64];
                // A word that comes twice may meet twice.
                let n_more = usize::from(join.n_parts).saturating_sub(1) * join.places.count_ones() as usize;
                *slot = (*slot).max(n_more);
                ours |= join.places;
            }
            *n_joined_theirs = (*n_joined_theirs).max(theirs.iter().sum());
            *n_joined_ours = (*n_joined_ours).max(ours.count_ones() as usize);
        }
        Ok(())
    }

    /// Finds words of names that are written like the query's particles, titles and legal forms.
    fn find_twins(&mut self, name: &Name<'_>) -> Result<(), Corrupt> {
        let Name { query, snapshot, .. } = *name;
        self.twins.clear();
        self.n_initials = 0;
        for form in name.forms() {
            let tokens = query.tokens_of(form);
            let mut n_initials = 0;
            for token in tokens.filter(|token| !is_indexed(token.role)) {
                if token.role == Role::Initial {
                    n_initials += 1;
                    continue;
                }
                // Initials are found by their letter, all else by its text.
                let by_text = snapshot.tokens_with_key(exact_key(&token.text))?;
                let by_letter = snapshot.tokens_with_key(initial_key(&token.text))?;
                for twin in by_text.chain(by_letter.filter(|_| token.text.len() == 1)) {
                    let theirs = snapshot.glance(twin)?;
                    if distinguishes(theirs.role) && theirs.letters == token.letters && theirs.len == token.text.len() {
                        self.twins.push(twin);
                    }
                }
            }
            self.n_initials = self.n_initials.max(n_initials);
        }
        self.twins.sort_unstable();
        self.twins.dedup();
        Ok(())
    }

    fn add_joins(&mut self, snapshot: &Snapshot) -> Result<(), Corrupt> {
        let Sources { joins, all, readings, worths, .. } = self;
        let mut start = 0;
        for same in joins.chunk_by(|one, other| one.theirs == other.theirs) {
            let own = start..start + same.len();
            start = own.end;
            let Some(first) = same.first() else { continue };
            let worth = |join: &Join| {
                let own = readings.iter().filter(|reading| reading.form == join.form);
                let sum = |parts: &[Worth]| -> f32 {
                    parts.iter().filter(|part| part.is_in(join.places)).map(|part| part.full).sum()
                };
                own.map(|reading| sum(&worths[reading.parts.clone()])).fold(0.0, f32::max)
            };
            let worth = whole_parts(same.iter().map(worth).fold(0.0, f32::max));
            let theirs = first.theirs;
            let of = Of::Join { theirs, joins: own, n_parts: u16::from(first.n_parts), worth };
            all.push(Source { of, n_postings: theirs.rows(snapshot)?.len(), carries: false, n_opening: 0 });
        }
        Ok(())
    }

    fn add_words(&mut self, words: &Words) {
        for (column, (word, most)) in (0u16..).zip(words.all.iter().zip(&self.by_word)) {
            if word.best > 0.0 && (*most > 0.0 || self.any) {
                let of = Of::Word { column, tokens: 0..0 };
                self.all.push(Source { of, n_postings: word.sum.n_postings, carries: false, n_opening: 0 });
            }
        }
    }

    /// Finds what of the sources opens rows, from the last to the first.
    fn open(&mut self, words: &Words) {
        let Sources { all, readings, worths, joins, any, .. } = self;
        for source in all.iter_mut().rev() {
            match &source.of {
                Of::Join { joins: own, .. } => {
                    let own = &joins[own.clone()];
                    let met = |reading: &Reading, part: &Worth| {
                        own.iter().any(|join| join.form == reading.form && part.is_in(join.places))
                    };
                    // By what comes later alone, or with what is met here: all of it together is more than any of it.
                    let carries = |reading: &Reading| {
                        let parts = worths[reading.parts.clone()].iter();
                        let most = parts.map(|part| if met(reading, part) { part.full } else { part.worth_later() });
                        most.sum::<f32>() >= 1.0 - SLACK
                    };
                    source.n_opening = usize::from(*any || readings.iter().any(carries));
                    source.carries = source.n_opening > 0;
                    for join in own {
                        for reading in readings.iter().filter(|reading| reading.form == join.form) {
                            let parts = worths[reading.parts.clone()].iter_mut();
                            parts.filter(|part| part.is_in(join.places)).for_each(|part| part.later = 1.0);
                        }
                    }
                }
                Of::Word { column, .. } => {
                    let word = &words.all[usize::from(*column)];
                    // A row that is met here may be carried by what comes later alone.
                    let carries = |likeness: f32| {
                        readings.iter().any(|reading| {
                            let parts = worths[reading.parts.clone()].iter();
                            let most = parts.map(|part| {
                                let own = if part.column == *column { part.full * likeness } else { 0.0 };
                                part.worth_later().max(own)
                            });
                            most.sum::<f32>() >= 1.0 - SLACK
                        })
                    };
                    let like = words.like(word);
                    source.n_opening = like.partition_point(|like| *any || carries(like.likeness.score));
                    source.carries = source.n_opening > 0;
                    for part in worths.iter_mut().filter(|part| part.column == *column) {
                        part.later = part.later.max(word.best);
                    }
                }
            }
        }
    }

    /// Lists the tokens of words with what they are worth; each once, for the first word that it is like.
    fn list(&mut self, snapshot: &Snapshot, words: &Words, memo: &Memo) {
        let Sources { all, tokens, listed, by_word, .. } = self;
        let worth_of = |token: TokenId| {
            let Some(row) = memo.known(token) else { return 0.0 };
            let worth = |(column, full): (usize, &f32)| full * memo.likeness(row, column).score;
            by_word.iter().enumerate().map(worth).fold(0.0, f32::max)
        };
        tokens.clear();
        listed.fit(snapshot.n_tokens() as usize);
        listed.clear();
        for source in all {
            let Of::Word { column, tokens: own } = &mut source.of else { continue };
            let start = tokens.len();
            let n_opening = std::mem::take(&mut source.n_opening);
            for (at, like) in words.like(&words.all[usize::from(*column)]).iter().enumerate() {
                if listed.add(like.token.0) {
                    tokens.push((like.rows, whole_parts(worth_of(like.token))));
                    source.n_opening += usize::from(at < n_opening);
                }
            }
            *own = start..tokens.len();
        }
    }
}

impl Name<'_> {
    fn forms(&self) -> &[Form] {
        &self.query.forms[self.forms.clone()]
    }
}

impl Worth {
    fn is_in(&self, places: u64) -> bool {
        has_place(places, self.place)
    }

    fn worth_later(&self) -> f32 {
        self.full * self.later
    }
}
