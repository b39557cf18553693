//! Rows of tokens that meet enough of one name of the query, the most promising first.
//!
//! Idea: a token is worth, to the rows that its postings name, the most that any place of the query's name is by its likeness; what is
//! worth 1 and more together can reach the threshold. What leads to rows is taken rarest first; once what is still to come could
//! not carry a row by itself only rows met before go on, and where these are few the postings of a common word are not read at
//! all. Rows are then put in order by the most that their worth and their number of parts allow. Rows ascend by that number:
//! where postings are many, those of short names are read first, and longer ones only if the best of them could still be wanted.
//! Invariant: a row by which an entity reaches the threshold is among them, and `upper` is never below its score.
//! Cost: O(Σ postings of similar tokens), less for what is passed over; no allocation once warm.

use std::ops::Range;

use interdict_snapshot::keys::{exact_key, initial_key};
use interdict_snapshot::{Corrupt, JoinOrd, Snapshot, TokenId};
use interdict_text::Role;
use zerocopy::little_endian::U32;

use crate::align::ONLY_INITIALS;
use crate::bits::Bits;
use crate::bound::{Bound, SLACK};
use crate::joined::{self, Ours, Written};
use crate::memo::{Memo, is_indexed};
use crate::query::{Form, Query};
use crate::weigh::{Class, distinguishes};
use crate::words::Words;

/// Places of the query's words in a name, those from the last on together, as bits.
type Places = u16;
const N_PLACES: usize = 14;

/// The bit of a place.
fn place_bit(at: usize) -> Places {
    1 << at.min(N_PLACES - 1)
}

/// The worth from which a row can reach the threshold.
const ONE: f32 = 4096.0;

/// Where counting ends.
const MOST: u16 = u16::MAX;

/// Worth in whole parts, rounded up.
fn parts_of(worth: f32) -> u16 {
    (worth * ONE).ceil().clamp(1.0, f32::from(MOST)) as u16
}

/// Postings that are read in the time that the likeness of one row is looked up.
const POSTINGS_A_ROW: usize = 64;

/// A row of tokens that was met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) form: u32,
    /// Whether something may meet in it that is written together on one side only.
    pub(crate) joins: bool,
    /// The most that it can score, in steps.
    step: u8,
}

/// Steps of the most that a row can score, from the threshold to 1.
const N_STEPS: usize = 128;
/// In place of a step: the threshold is out of reach.
const TOO_LITTLE: u8 = 254;
/// Levels of worth, from [`ONE`] to all that there is.
const N_LEVELS: usize = 48;
/// Numbers of parts more than the query has that are told apart.
const N_EXTRA: usize = 6;
/// Numbers of parts, and of parts that meet anything, that are told apart; more are taken for so many of the former, for all of the latter.
const N_COUNTED: usize = 15;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Rows that were met.
    Some,
    /// The threshold is so low that no row can be left out.
    All,
}

/// What a row meets.
#[derive(Clone, Copy, Debug, Default)]
struct Meeting {
    /// What it is worth, in parts of [`ONE`]; never less than it is.
    worth: u16,
    /// How many of its parts meet anything.
    n_parts: u16,
}

/// What may meet written together in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Joined {
    /// The places of the query's parts, as bits.
    pub(crate) places: u64,
    /// How many parts of the row at most.
    pub(crate) n_parts: usize,
}

/// What the places of one name of the query are worth.
#[derive(Clone, Copy, Debug, Default)]
struct Worth {
    /// By place: for a likeness of 1.
    full: [f32; N_PLACES],
    /// Whether every row that meets anything may reach the threshold.
    any: bool,
}

impl Worth {
    /// Of the place among these that is worth most.
    fn most(&self, places: Places) -> f32 {
        (0..N_PLACES).filter(|place| places & (1 << place) != 0).map(|place| self.full[place]).fold(0.0, f32::max)
    }

    /// Of all of these places.
    fn all(&self, places: Places) -> f32 {
        (0..N_PLACES).filter(|place| places & (1 << place) != 0).map(|place| self.full[place]).sum()
    }
}

/// What of the snapshot meets written together with something of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Theirs {
    Word(TokenId),
    Join(JoinOrd),
}

impl Theirs {
    fn rows(self, snapshot: &Snapshot) -> Result<&[U32], Corrupt> {
        match self {
            Theirs::Word(token) => snapshot.postings(token),
            Theirs::Join(join) => snapshot.forms_joined(join),
        }
    }
}

/// What leads to rows.
#[derive(Clone, Copy, Debug)]
enum Of {
    /// A word of the query, by its tokens that no source before it has.
    Word { items: (u32, u32) },
    /// Something written together.
    Join { items: (u32, u32) },
}

/// Something of the query that leads to rows.
#[derive(Clone, Copy, Debug)]
struct Source {
    places: Places,
    /// The best likeness.
    best: f32,
    n_postings: usize,
    of: Of,
    /// So many of its items, the first, open rows: with what comes after it they may carry one.
    n_opening: u32,
}

/// Postings of a name's words from which those of short names are read first.
const MANY_POSTINGS: usize = 4096;

/// The rows met by one name, with working memory.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// By row of tokens; all nothing between names.
    meetings: Vec<Meeting>,
    /// The rows that met anything.
    met: Bits,
    touched: Vec<u32>,
    /// Rows in which something may meet written together, its places in the query, and how many parts of the row it is.
    joined: Vec<(u32, u64, u8)>,
    with_joins: Bits,
    /// By word: its places in the name at hand.
    places: Vec<Places>,
    worth: Worth,
    /// The rarest first.
    sources: Vec<Source>,
    /// Words whose postings were not read, the last of the sources: the first of them.
    n_read: usize,
    /// Tokens of the words, with what they are worth.
    tokens: Vec<(TokenId, u16)>,
    /// What is written together: its places in the query, what meets it, and how many parts that is.
    joins: Vec<(u64, Theirs, u8)>,
    /// Words of names that are written like particles, titles, legal forms of the query.
    twins: Vec<TokenId>,
    /// Tokens that are among `tokens`.
    listed: Bits,
    /// The query's forms at hand, in each class, with their bounds and the weight that must be met.
    pub(crate) bounds: Vec<(usize, Class, Bound, f32)>,
    /// Most parts of the query's forms at hand.
    n_parts: usize,
    /// Parts that a name may have more than the query's and cost nothing, as they meet written together.
    n_joined: usize,
    /// Parts more than the query has of the names that are met next.
    n_more: usize,
    /// Initials of the query's form that has most of them: each may meet any part that begins with it.
    n_initials: usize,
    /// Steps by level of worth, number of parts, of parts met, and whether something is written together.
    table: Vec<u8>,
    unordered: Vec<Row>,
    /// Rows, the most promising first.
    pub(crate) ordered: Vec<Row>,
    threshold: f32,
    written: Written,
}

impl Rows {
    /// Takes up one name of the query, which has the query's forms given.
    pub(crate) fn start(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        forms: Range<usize>,
        threshold: f32,
        classes: &[Class],
        (words, memo): (&Words, &Memo),
    ) -> Result<Found, Corrupt> {
        self.ordered.clear();
        self.sources.clear();
        self.n_more = 0;
        self.threshold = threshold;
        let n_forms = snapshot.n_forms() as usize;
        if self.meetings.len() != n_forms {
            self.meetings.clear();
            self.meetings.resize(n_forms, Meeting::default());
        }
        self.met.fit(n_forms);
        self.with_joins.fit(n_forms);
        self.listed.fit(snapshot.n_tokens() as usize);
        self.n_parts = query.forms[forms.clone()].iter().map(|form| form.tokens.len()).max().unwrap_or(0);
        self.find_joins(query, snapshot, forms.clone())?;
        self.find_twins(query, snapshot, forms.clone())?;
        let Some(worth) = self.weigh(query, forms, classes) else { return Ok(Found::All) };
        self.worth = worth;
        self.find_words(words, memo);
        Ok(Found::Some)
    }

    /// Meets the next names, a little longer than those before; false where none is left that can reach `least`.
    pub(crate) fn meet_next(&mut self, snapshot: &Snapshot, least: f32) -> Result<bool, Corrupt> {
        let n_more = self.n_more.saturating_sub(self.n_joined);
        let bounds = self.bounds.iter().map(|(_, _, bound, _)| bound.upper_of_longer(n_more));
        if self.n_more > N_EXTRA || self.sources.is_empty() || bounds.fold(0.0, f32::max) < least {
            return Ok(false);
        }
        let n_postings: usize = self.sources.iter().map(|source| source.n_postings).sum();
        let lengths = snapshot.form_lengths();
        let longer_than = |n: usize| lengths.get(n).map_or(snapshot.n_forms(), |first| first.get());
        let from = if self.n_more == 0 { 0 } else { longer_than(self.n_parts + self.n_more - 1) };
        let to = if n_postings <= MANY_POSTINGS || self.n_more == N_EXTRA {
            self.n_more = N_EXTRA;
            snapshot.n_forms()
        } else {
            longer_than(self.n_parts + self.n_more)
        };
        self.n_more += 1;
        self.meet(snapshot, from..to)?;
        self.put_in_order(snapshot);
        Ok(true)
    }

    /// The most that a row can score.
    pub(crate) fn upper(&self, row: Row) -> f32 {
        let step = f32::from(row.step) / N_STEPS as f32;
        self.threshold + (1.0 - self.threshold) * step + SLACK
    }

    /// What may meet written together in a row.
    pub(crate) fn joined_in(&self, row: Row) -> Joined {
        let from = self.joined.partition_point(|(form, ..)| *form < row.form);
        let own = self.joined[from..].iter().take_while(|(form, ..)| *form == row.form);
        own.fold(Joined::default(), |joined, (_, places, n_parts)| Joined {
            places: joined.places | places,
            n_parts: joined.n_parts + usize::from(*n_parts),
        })
    }

    /// What the places are worth; `None` where no row can be left out.
    fn weigh(&mut self, query: &Query, forms: Range<usize>, classes: &[Class]) -> Option<Worth> {
        let mut worth = Worth::default();
        self.bounds.clear();
        self.places.clear();
        self.places.resize(query.tokens.len(), 0);
        for at in forms {
            let form = &query.forms[at];
            for (place, column) in form.tokens.iter().enumerate() {
                if is_indexed(query.tokens[usize::from(*column)].role) {
                    self.places[usize::from(*column)] |= place_bit(place);
                }
            }
            for class in classes {
                let joined = |at: usize| self.joins.iter().any(|(places, ..)| at < 64 && places & (1 << at) != 0);
                let all_tell = (0..form.tokens.len()).any(|at| !distinguishes(form.parts[0][at].role) && joined(at));
                let bound = Bound::of(query, form, *class, all_tell);
                let parts = &form.parts[*class as usize];
                let least = bound.least(self.threshold);
                self.bounds.push((at, *class, bound, least.max(0.0)));
                if least <= 0.0 {
                    // Initials carry the form over the bound, but by themselves they score next to nothing.
                    if self.threshold - bound.most() - SLACK <= ONLY_INITIALS * bound.ceiling() {
                        return None;
                    }
                    worth.any = true;
                    continue;
                }
                let mut own = [0.0f32; N_PLACES];
                for (at, part) in parts.iter().enumerate().filter(|(_, part)| is_indexed(part.role)) {
                    own[place_bit(at).trailing_zeros() as usize] += part.weight / least;
                }
                worth.full.iter_mut().zip(own).for_each(|(worth, own)| *worth = worth.max(own));
            }
        }
        Some(worth)
    }

    /// Finds what meets written together on one side only, or together on both.
    fn find_joins(&mut self, query: &Query, snapshot: &Snapshot, forms: Range<usize>) -> Result<(), Corrupt> {
        let Rows { joins, written, .. } = self;
        joins.clear();
        self.n_joined = 0;
        for column in 0..query.tokens.len() as u16 {
            let stands = |form: &Form| form.tokens.iter().position(|token| *token == column);
            let at = query.forms[forms.clone()].iter().filter_map(stands);
            let places = at.fold(0u64, |places, at| if at < 64 { places | 1 << at } else { places });
            if places == 0 {
                continue;
            }
            let ours = Ours::word(query, column);
            let mut n_more = 0;
            for theirs in snapshot.joins_with_key(query.join_keys[usize::from(column)])? {
                if joined::meets(&ours, snapshot, &theirs, written)? {
                    n_more = n_more.max(theirs.n_tokens.saturating_sub(1));
                    joins.push((places, Theirs::Join(theirs.ord), theirs.n_tokens as u8));
                }
            }
            self.n_joined += n_more;
        }
        for join in query.forms[forms].iter().flat_map(|form| &form.joins) {
            let ours = Ours::join(join);
            let mut n_more = 0;
            for theirs in snapshot.joins_with_key(join.facts.key)? {
                if (theirs.whole || join.whole) && joined::meets(&ours, snapshot, &theirs, written)? {
                    n_more = n_more.max(theirs.n_tokens.saturating_sub(1));
                    joins.push((join.places, Theirs::Join(theirs.ord), theirs.n_tokens as u8));
                }
            }
            self.n_joined += n_more;
            for theirs in snapshot.tokens_with_key(join.facts.key)? {
                if joined::meets_word(&ours, snapshot, theirs, written)? {
                    joins.push((join.places, Theirs::Word(theirs), 1));
                }
            }
        }
        joins.sort_unstable();
        joins.dedup();
        let mut end = 0u32;
        for same in joins.chunk_by(|one, other| one.0 == other.0) {
            let items = (end, end + same.len() as u32);
            end = items.1;
            let places = same.first().map_or(0, |(places, ..)| *places);
            let places = (0..64).filter(|at| places & (1 << at) != 0).fold(0, |places, at| places | place_bit(at));
            let n_postings =
                same.iter().map(|(_, theirs, _)| Ok(theirs.rows(snapshot)?.len())).sum::<Result<_, _>>()?;
            self.sources.push(Source { places, best: 1.0, n_postings, of: Of::Join { items }, n_opening: 0 });
        }
        Ok(())
    }

    /// Finds words of names that are written like the query's particles, titles and legal forms, and so are met by them.
    fn find_twins(&mut self, query: &Query, snapshot: &Snapshot, forms: Range<usize>) -> Result<(), Corrupt> {
        self.twins.clear();
        self.n_initials = 0;
        for form in &query.forms[forms] {
            let tokens = form.tokens.iter().map(|column| &query.tokens[usize::from(*column)]);
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

    /// Puts words and joins in the order in which they are taken, and finds which of them open rows.
    fn find_words(&mut self, words: &Words, memo: &Memo) {
        let Rows { sources, places, worth, tokens, listed, .. } = self;
        for (at, (word, places)) in (0u32..).zip(words.all.iter().zip(&*places)) {
            if word.best > 0.0 && (*places != 0 || worth.any) {
                let of = Of::Word { items: (at, at) };
                let (best, n_postings) = (word.best, word.n_postings);
                sources.push(Source { places: *places, best, n_postings, of, n_opening: 0 });
            }
        }
        sources.sort_by_key(|source| source.n_postings);
        // What a token is worth at the place where it is worth most.
        let full = |column: usize| worth.most(places[column]);
        let worth_of = |token: TokenId| {
            let Some(row) = memo.known(token) else { return 0.0 };
            (0..places.len()).map(|column| full(column) * memo.likeness(row, column).score).fold(0.0, f32::max)
        };
        tokens.clear();
        listed.clear();
        // What the sources still to come are worth, place by place.
        let mut later = [0.0f32; N_PLACES];
        for at in (0..sources.len()).rev() {
            let Source { places: own, best, of, .. } = sources[at];
            let carries = |likeness: f32| {
                let best =
                    |place: usize| if own & (1 << place) != 0 { later[place].max(likeness) } else { later[place] };
                let most: f32 = (0..N_PLACES).map(|place| worth.full[place] * best(place)).sum();
                worth.any || most >= 1.0 - SLACK
            };
            sources[at].n_opening = match of {
                Of::Join { items } => {
                    if carries(1.0) {
                        items.1 - items.0
                    } else {
                        0
                    }
                }
                Of::Word { items } => {
                    let like = words.like(&words.all[items.0 as usize]);
                    like.partition_point(|(_, likeness)| carries(likeness.score)) as u32
                }
            };
            for place in (0..N_PLACES).filter(|place| own & (1 << place) != 0) {
                later[place] = later[place].max(best);
            }
        }
        // A token is read once, by the first word that it is like.
        for source in sources {
            let Of::Word { items } = source.of else { continue };
            let start = tokens.len() as u32;
            let n_opening = source.n_opening;
            source.n_opening = 0;
            for (at, (token, _)) in (0u32..).zip(words.like(&words.all[items.0 as usize])) {
                if listed.add(token.0) {
                    tokens.push((*token, parts_of(worth_of(*token))));
                    source.n_opening += u32::from(at < n_opening);
                }
            }
            source.of = Of::Word { items: (start, tokens.len() as u32) };
        }
    }

    /// Adds what is met is worth to rows in a range. Words from some source on, whose postings were not read, are left to be assumed.
    fn meet(&mut self, snapshot: &Snapshot, range: Range<u32>) -> Result<(), Corrupt> {
        self.joined.clear();
        self.with_joins.clear();
        self.n_read = self.sources.len();
        for at in 0..self.sources.len() {
            let Source { places, n_postings, of, n_opening, .. } = self.sources[at];
            match of {
                Of::Word { .. } if self.n_read < at => {}
                Of::Word { .. } if n_opening == 0 && self.touched.len() * POSTINGS_A_ROW < n_postings => {
                    self.n_read = at;
                }
                Of::Word { items } => {
                    for at in items.0..items.1 {
                        let (token, worth) = self.tokens[at as usize];
                        let rows = within(snapshot.postings(token)?, &range);
                        self.add(rows, (worth, 1), at - items.0 < n_opening);
                    }
                }
                Of::Join { items } => {
                    let worth = parts_of(self.worth.all(places));
                    for at in items.0..items.1 {
                        let (places, theirs, n_parts) = self.joins[at as usize];
                        let rows = within(theirs.rows(snapshot)?, &range);
                        self.add(rows, (worth, u16::from(n_parts)), n_opening > 0);
                        for form in rows.iter().map(|form| form.get()).filter(|form| self.met.has(*form)) {
                            self.with_joins.add(form);
                            self.joined.push((form, places, n_parts));
                        }
                    }
                }
            }
        }
        for at in 0..self.twins.len() {
            let rows = within(snapshot.postings(self.twins[at])?, &range);
            self.add(rows, (0, 1), false);
        }
        self.met.clear();
        self.joined.sort_unstable();
        Ok(())
    }

    /// Adds to what rows are worth; rows that met nothing before only where this may open them.
    fn add(&mut self, rows: &[U32], (worth, n_parts): (u16, u16), opens: bool) {
        let Rows { meetings, met, touched, .. } = self;
        for form in rows.iter().map(|form| form.get()) {
            if met.has(form) {
                if let Some(slot) = meetings.get_mut(form as usize) {
                    slot.worth = slot.worth.saturating_add(worth);
                    slot.n_parts = slot.n_parts.saturating_add(n_parts);
                }
            } else if opens && met.add(form) {
                if let Some(slot) = meetings.get_mut(form as usize) {
                    touched.push(form);
                    *slot = Meeting { worth, n_parts };
                }
            }
        }
    }

    /// Puts the rows that are worth enough in the order of the most that they can score.
    fn put_in_order(&mut self, snapshot: &Snapshot) {
        let worth = &self.worth;
        let (mut assumed, mut n_assumed) = ([0.0f32; N_PLACES], self.n_initials);
        let left_out = self.sources.get(self.n_read..).unwrap_or_default();
        for source in left_out.iter().filter(|source| matches!(source.of, Of::Word { .. })) {
            for place in (0..N_PLACES).filter(|place| source.places & (1 << place) != 0) {
                n_assumed += usize::from(assumed[place] == 0.0);
                assumed[place] = assumed[place].max(source.best);
            }
            // The last place stands for all that follow.
            n_assumed = if source.places & (1 << (N_PLACES - 1)) != 0 { N_COUNTED } else { n_assumed };
        }
        let assumed: f32 = assumed.iter().zip(&worth.full).map(|(best, full)| best * full).sum();
        let all: f32 = worth.full.iter().sum::<f32>().max(1.0);
        let level_of =
            |worth: f32| ((worth - 1.0) / (all - 1.0).max(0.01) * N_LEVELS as f32).ceil().clamp(0.0, N_LEVELS as f32);
        let lengths = snapshot.form_lengths();
        self.table.clear();
        self.table.resize((N_LEVELS + 1) * (N_COUNTED + 1) * (N_COUNTED + 1) * 2, u8::MAX);
        let mut counts = [0u32; N_STEPS + 1];
        self.unordered.clear();
        let mut touched = std::mem::take(&mut self.touched);
        for form in touched.drain(..) {
            let met = std::mem::take(&mut self.meetings[form as usize]);
            // Where counting ended, it may be anything.
            let own = if met.worth == MOST { f32::MAX } else { f32::from(met.worth) / ONE + assumed };
            if !worth.any && own < 1.0 - SLACK {
                continue;
            }
            let joins = self.with_joins.has(form);
            let length = lengths.partition_point(|first| first.get() <= form).min(N_COUNTED);
            let n_met = (usize::from(met.n_parts) + n_assumed).min(N_COUNTED);
            let level = if worth.any { N_LEVELS as f32 } else { level_of(own) };
            let at = ((level as usize * (N_COUNTED + 1) + length) * (N_COUNTED + 1) + n_met) * 2 + usize::from(joins);
            let known = &mut self.table[at];
            if *known == u8::MAX {
                let most = 1.0 + level / N_LEVELS as f32 * (all - 1.0).max(0.01);
                let upper = self.bounds.iter().map(|(_, _, bound, least)| {
                    let met = if worth.any { f32::MAX } else { most * least };
                    // Every link takes a part of either side, but for what is written together.
                    let (theirs, ours) = match (joins, n_met) {
                        (_, N_COUNTED) => (0, 0),
                        (true, _) => (length.saturating_sub(n_met), 0),
                        (false, _) => (
                            length.saturating_sub(n_met.min(self.n_parts)),
                            bound.n_distinguishing().saturating_sub(n_met),
                        ),
                    };
                    bound.upper_by_parts(met, theirs, ours)
                });
                let upper = upper.fold(0.0, f32::max);
                let step = (upper - self.threshold) / (1.0 - self.threshold) * N_STEPS as f32;
                *known = if upper < self.threshold { TOO_LITTLE } else { step.ceil().clamp(0.0, N_STEPS as f32) as u8 };
            }
            let step = *known;
            if step == TOO_LITTLE {
                continue;
            }
            counts[usize::from(step)] += 1;
            self.unordered.push(Row { form, joins, step });
        }
        self.touched = touched;
        // Where the rows of each step begin, the highest step first.
        let mut start = 0;
        for count in counts.iter_mut().rev() {
            (*count, start) = (start, start + *count);
        }
        self.ordered.clear();
        self.ordered.resize(self.unordered.len(), Row { form: 0, joins: false, step: 0 });
        for row in &self.unordered {
            let at = &mut counts[usize::from(row.step)];
            self.ordered[*at as usize] = *row;
            *at += 1;
        }
    }
}

/// The postings in a range.
fn within<'a>(postings: &'a [U32], rows: &Range<u32>) -> &'a [U32] {
    let start = if rows.start == 0 { 0 } else { postings.partition_point(|form| form.get() < rows.start) };
    let rest = &postings[start..];
    match rest.last() {
        Some(last) if last.get() >= rows.end => &rest[..rest.partition_point(|form| form.get() < rows.end)],
        _ => rest,
    }
}
