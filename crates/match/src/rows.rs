//! Rows of tokens that meet enough of one name of the query, the most promising first.
//!
//! Idea: each word adds, to the rows that its tokens' postings name, what meeting it so well is worth: 1 and more together can reach the
//! threshold. Words are taken rarest first; once the words still to come could not carry a row by themselves only rows met before
//! go on, and where these are few the postings of a common word are not read at all. Rows are then put in order by the most that
//! their worth and their number of parts allow. Rows ascend by that number: where postings are many, those of short names are
//! read first, and longer ones only if the best of them could still be wanted. What is written together is told apart, exactly.
//! Invariant: a row by which an entity reaches the threshold is among them, and `upper` is never below its score.
//! Cost: O(Σ postings of similar tokens), less for what is passed over; no allocation once warm.

use std::ops::Range;

use interdict_snapshot::{Corrupt, Snapshot};
use zerocopy::little_endian::U32;

use crate::align::ONLY_INITIALS;
use crate::bits::Bits;
use crate::bound::{Bound, SLACK};
use crate::joined::{self, Ours, Written};
use crate::memo::is_indexed;
use crate::query::{Form, Query};
use crate::weigh::Class;
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
const MOST: u16 = u16::MAX - 1;
/// Stands in place of the worth of a row that is looked at because something may meet written together.
const JOINED: u16 = u16::MAX;

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
    /// The most that it can score, in steps.
    step: u8,
}

/// Steps of the most that a row can score, from the threshold to 1.
const N_STEPS: usize = 128;
/// Levels of worth, from [`ONE`] to all that there is.
const N_LEVELS: usize = 48;
/// Numbers of parts more than the query has that are told apart.
const N_EXTRA: usize = 6;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Rows that were met.
    Some,
    /// The threshold is so low that no row can be left out.
    All,
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
    /// Of meeting something so like a word that stands at these places.
    fn of(&self, places: Places, likeness: f32) -> f32 {
        let at = (0..N_PLACES).filter(|place| places & (1 << place) != 0);
        at.map(|place| self.full[place]).sum::<f32>() * likeness
    }
}

/// Postings of a name's words from which those of short names are read first.
const MANY_POSTINGS: usize = 4096;

/// The rows met by one name, with working memory.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// By row of tokens: what was met is worth, in parts of [`ONE`], never less than it is; all nothing between names.
    worth_met: Vec<u16>,
    /// The rows that met anything.
    met: Bits,
    touched: Vec<u32>,
    /// Rows in which something may meet written together, with the places of all of it.
    pub(crate) joined: Vec<(u32, u64)>,
    /// By word: its places in the name at hand.
    places: Vec<Places>,
    worth: Worth,
    /// Words in the order in which they are taken.
    order: Vec<u16>,
    left_out: Vec<u16>,
    /// The query's forms at hand, in each class, with their bounds and the weight that must be met.
    pub(crate) bounds: Vec<(usize, Class, Bound, f32)>,
    /// Most parts of the query's forms at hand.
    n_parts: usize,
    /// Parts more than the query has of the names that are met next.
    n_more: usize,
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
        words: &Words,
    ) -> Result<Found, Corrupt> {
        self.ordered.clear();
        self.joined.clear();
        self.order.clear();
        self.n_more = 0;
        self.threshold = threshold;
        let n_forms = snapshot.n_forms() as usize;
        if self.worth_met.len() != n_forms {
            self.worth_met.clear();
            self.worth_met.resize(n_forms, 0);
        }
        self.met.fit(n_forms);
        let Some(worth) = self.weigh(query, forms.clone(), classes) else { return Ok(Found::All) };
        self.worth = worth;
        self.n_parts = query.forms[forms.clone()].iter().map(|form| form.tokens.len()).max().unwrap_or(0);
        self.order.extend((0..words.all.len() as u16).filter(|at| {
            let at = usize::from(*at);
            words.all[at].best > 0.0 && (self.places[at] != 0 || self.worth.any)
        }));
        self.order.sort_unstable_by_key(|at| (words.all[usize::from(*at)].n_postings, *at));
        self.find_joins(query, snapshot, forms)?;
        Ok(Found::Some)
    }

    /// Meets the next names, a little longer than those before; false where none is left that can reach `least`.
    pub(crate) fn meet_next(&mut self, snapshot: &Snapshot, words: &Words, least: f32) -> Result<bool, Corrupt> {
        let bounds = self.bounds.iter().map(|(_, _, bound, _)| bound.upper_of_longer(self.n_more));
        if self.n_more > N_EXTRA || bounds.fold(0.0, f32::max) < least {
            return Ok(false);
        }
        let n_postings: usize = self.order.iter().map(|at| words.all[usize::from(*at)].n_postings).sum();
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
        // Rows that are looked at anyway are not met here.
        self.mark_joined(JOINED);
        self.meet_words(snapshot, words, from..to)?;
        self.put_in_order(snapshot, words);
        self.mark_joined(0);
        self.met.clear();
        Ok(true)
    }

    fn mark_joined(&mut self, mark: u16) {
        for (form, _) in &self.joined {
            if let Some(slot) = self.worth_met.get_mut(*form as usize) {
                self.met.add(*form);
                *slot = mark;
            }
        }
    }

    /// The most that a row can score.
    pub(crate) fn upper(&self, row: Row) -> f32 {
        let step = f32::from(row.step) / N_STEPS as f32;
        self.threshold + (1.0 - self.threshold) * step + SLACK
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
                let bound = Bound::of(query, form, *class);
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

    /// Finds the rows in which something meets that is written together on one side only.
    fn find_joins(&mut self, query: &Query, snapshot: &Snapshot, forms: Range<usize>) -> Result<(), Corrupt> {
        let Rows { joined, written, .. } = self;
        let mut found = |forms: &[U32], places: u64| joined.extend(forms.iter().map(|form| (form.get(), places)));
        for column in 0..query.tokens.len() as u16 {
            let stands = |form: &Form| form.tokens.iter().position(|token| *token == column);
            let at = query.forms[forms.clone()].iter().filter_map(stands);
            let set = at.fold(0u64, |places, at| if at < 64 { places | 1 << at } else { places });
            if set == 0 {
                continue;
            }
            let ours = Ours::word(query, column);
            for theirs in snapshot.joins_with_key(query.join_keys[usize::from(column)])? {
                if joined::meets(&ours, snapshot, &theirs, written)? {
                    found(snapshot.forms_joined(&theirs)?, set);
                }
            }
        }
        for join in query.forms[forms].iter().flat_map(|form| &form.joins) {
            let ours = Ours::join(join);
            for theirs in snapshot.joins_with_key(join.facts.key)? {
                if (theirs.whole || join.whole) && joined::meets(&ours, snapshot, &theirs, written)? {
                    found(snapshot.forms_joined(&theirs)?, join.places);
                }
            }
            for theirs in snapshot.tokens_with_key(join.facts.key)? {
                if joined::meets_word(&ours, snapshot, theirs, written)? {
                    found(snapshot.postings(theirs)?, join.places);
                }
            }
        }
        joined.sort_unstable();
        joined.dedup_by(|later, first| {
            let same = later.0 == first.0;
            first.1 |= if same { later.1 } else { 0 };
            same
        });
        Ok(())
    }

    /// Adds what the words met are worth, rarest first, to rows in a range. Words whose postings were not read are left in `left_out`.
    fn meet_words(&mut self, snapshot: &Snapshot, words: &Words, rows: Range<u32>) -> Result<(), Corrupt> {
        let Rows { worth_met, met, touched, places, order, left_out, worth, .. } = self;
        left_out.clear();
        let word = |at: u16| (&words.all[usize::from(at)], places[usize::from(at)]);
        for at in 0..order.len() {
            // What the words still to come are worth, place by place.
            let mut later = [0.0f32; N_PLACES];
            for (word, places) in order[at + 1..].iter().map(|at| word(*at)) {
                for place in (0..N_PLACES).filter(|place| places & (1 << place) != 0) {
                    later[place] = later[place].max(word.best);
                }
            }
            let (own, places) = word(order[at]);
            let is_new = |likeness: f32| {
                let best =
                    |place: usize| if places & (1 << place) != 0 { later[place].max(likeness) } else { later[place] };
                let most: f32 = (0..N_PLACES).map(|place| worth.full[place] * best(place)).sum();
                worth.any || most >= 1.0 - SLACK
            };
            if !is_new(own.best) && touched.len() * POSTINGS_A_ROW < own.n_postings {
                left_out.push(order[at]);
                continue;
            }
            for (token, likeness) in words.like(own) {
                let new = is_new(likeness.score);
                let more = parts_of(worth.of(places, likeness.score));
                for form in within(snapshot.postings(*token)?, &rows) {
                    let form = form.get();
                    if met.has(form) {
                        if let Some(slot) = worth_met.get_mut(form as usize).filter(|slot| **slot != JOINED) {
                            *slot = slot.saturating_add(more).min(MOST);
                        }
                    } else if new && let Some(slot) = worth_met.get_mut(form as usize) {
                        met.add(form);
                        touched.push(form);
                        *slot = more;
                    }
                }
            }
        }
        Ok(())
    }

    /// Puts the rows that are worth enough in the order of the most that they can score.
    fn put_in_order(&mut self, snapshot: &Snapshot, words: &Words) {
        let mut table = [[u8::MAX; N_EXTRA + 1]; N_LEVELS + 1];
        let worth = &self.worth;
        let left_out = self.left_out.iter().map(|at| usize::from(*at));
        let sum = left_out.map(|at| worth.of(self.places[at], words.all[at].best)).sum();
        let sum = f32::from(parts_of(sum)) / ONE;
        let all: f32 = worth.full.iter().sum::<f32>().max(1.0);
        let level_of =
            |worth: f32| ((worth - 1.0) / (all - 1.0).max(0.01) * N_LEVELS as f32).ceil().clamp(0.0, N_LEVELS as f32);
        let lengths = snapshot.form_lengths();
        let mut counts = [0u32; N_STEPS + 1];
        self.unordered.clear();
        let mut touched = std::mem::take(&mut self.touched);
        for form in touched.drain(..) {
            let met = std::mem::take(&mut self.worth_met[form as usize]);
            // Where counting ended, it may be anything.
            let own = if met == MOST { f32::MAX } else { f32::from(met) / ONE + sum };
            if !worth.any && own < 1.0 - SLACK {
                continue;
            }
            let length = lengths.partition_point(|first| first.get() <= form);
            let extra = length.saturating_sub(self.n_parts).min(N_EXTRA);
            let level = if worth.any { N_LEVELS as f32 } else { level_of(own) };
            let known = &mut table[level as usize][extra];
            if *known == u8::MAX {
                let most = 1.0 + level / N_LEVELS as f32 * (all - 1.0).max(0.01);
                let upper = self.bounds.iter().map(|(_, _, bound, least)| {
                    if worth.any { bound.upper_of_longer(extra) } else { bound.upper_beyond(most * least, extra) }
                });
                let upper = upper.fold(0.0, f32::max);
                let step = (upper - self.threshold) / (1.0 - self.threshold) * N_STEPS as f32;
                *known = step.ceil().clamp(0.0, N_STEPS as f32) as u8;
            }
            let step = *known;
            counts[usize::from(step)] += 1;
            self.unordered.push(Row { form, step });
        }
        self.touched = touched;
        // Where the rows of each step begin, the highest step first.
        let mut start = 0;
        for count in counts.iter_mut().rev() {
            (*count, start) = (start, start + *count);
        }
        self.ordered.clear();
        self.ordered.resize(self.unordered.len(), Row { form: 0, step: 0 });
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
