//! Rows of tokens that meet enough of one name of the query, the most promising first.
//!
//! Idea: each word sets, in the rows that its tokens' postings name, the bit of its place, and adds what meeting it so well is worth: 1 and
//! more together can reach the threshold. Words are taken rarest first; once the words still to come could not carry a row by themselves
//! only rows met before go on, and where these are few the postings of a common word are not read at all. Rows are then put in order
//! by the most that their worth and their number of parts allow.
//! Invariant: a row by which an entity reaches the threshold is among them, and `upper` is never below its score.
//! Cost: O(Σ postings of similar tokens), less for what is passed over; no allocation once warm.

use std::ops::Range;

use interdict_snapshot::{Corrupt, Snapshot};
use zerocopy::little_endian::U32;

use crate::align::{INITIAL_BITS, ONLY_INITIALS};
use crate::bound::{Bound, SLACK};
use crate::joined::{self, Ours, Written};
use crate::memo::is_indexed;
use crate::query::{Form, Query};
use crate::score::ceiling;
use crate::weigh::Class;
use crate::words::Words;

/// Of a row that was met the places of the query's words, those from the last on together, as bits.
pub(crate) type Places = u16;
const N_PLACES: usize = 14;
/// Marks every row that was met.
const MET: Places = 1 << N_PLACES;
/// Marks a row in which something may meet written together.
pub(crate) const JOINED: Places = 1 << (N_PLACES + 1);

/// The bit of a place.
pub(crate) fn place_bit(at: usize) -> Places {
    1 << at.min(N_PLACES - 1)
}

/// What a row meets: its places, and the sum of what its words are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Meeting {
    places: Places,
    /// In parts of [`ONE`]; never less than the true sum.
    worth: u16,
}

/// The worth from which a row can reach the threshold.
const ONE: f32 = 4096.0;

/// Worth in whole parts, rounded up.
fn parts_of(worth: f32) -> u16 {
    (worth * ONE).ceil().clamp(0.0, f32::from(u16::MAX)) as u16
}

/// Postings that are read in the time that the likeness of one row is looked up.
const POSTINGS_A_ROW: usize = 64;

/// A row of tokens that was met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) form: u32,
    pub(crate) places: Places,
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

/// The rows met by one name, with working memory.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// By row of tokens: what was met; all nothing between names.
    met: Vec<Meeting>,
    touched: Vec<u32>,
    /// By word: its places in the name at hand.
    places: Vec<Places>,
    /// Words in the order in which they are taken.
    order: Vec<u16>,
    /// The query's forms at hand, in each class, with their bounds and the weight that must be met.
    pub(crate) bounds: Vec<(usize, Class, Bound, f32)>,
    unordered: Vec<Row>,
    /// Rows, the most promising first.
    pub(crate) ordered: Vec<Row>,
    threshold: f32,
    written: Written,
}

impl Rows {
    /// Meets one name of the query, which has the query's forms given.
    pub(crate) fn meet(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        forms: Range<usize>,
        threshold: f32,
        classes: &[Class],
        words: &Words,
    ) -> Result<Found, Corrupt> {
        self.ordered.clear();
        self.threshold = threshold;
        if self.met.len() != snapshot.n_forms() as usize {
            self.met.clear();
            self.met.resize(snapshot.n_forms() as usize, Meeting::default());
        }
        let Some(worth) = self.weigh(query, forms.clone(), classes) else { return Ok(Found::All) };
        self.meet_joins(query, snapshot, forms.clone())?;
        let left_out = self.meet_words(snapshot, &worth, words)?;
        self.put_in_order(query, snapshot, &worth, words, left_out);
        Ok(Found::Some)
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
                let bits: f32 = parts.iter().map(|part| part.bits.max(INITIAL_BITS)).sum();
                let least = bound.least(bits, self.threshold);
                self.bounds.push((at, *class, bound, least.max(0.0)));
                if least <= 0.0 {
                    // Initials carry the form over the bound, but by themselves they score next to nothing.
                    if self.threshold - bound.most() - SLACK <= ONLY_INITIALS * ceiling(bits) {
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

    /// Sets the places of what is written together on one side only.
    fn meet_joins(&mut self, query: &Query, snapshot: &Snapshot, forms: Range<usize>) -> Result<(), Corrupt> {
        let Rows { met, touched, places, written, .. } = self;
        let mut meet_all = |forms: &[U32], places: Places| {
            for form in forms {
                meet(met, touched, form.get(), (places | JOINED, 0), true);
            }
        };
        for (column, places) in (0u16..).zip(&*places) {
            let stands = |form: &Form| form.tokens.contains(&column);
            if *places == 0 && !query.forms[forms.clone()].iter().any(stands) {
                continue;
            }
            let ours = Ours::word(query, column);
            for theirs in snapshot.joins_with_key(query.join_keys[usize::from(column)])? {
                if joined::meets(&ours, snapshot, &theirs, written)? {
                    meet_all(snapshot.forms_joined(&theirs)?, *places);
                }
            }
        }
        for join in query.forms[forms].iter().flat_map(|form| &form.joins) {
            let places = (0..64).filter(|at| join.places & (1 << at) != 0).fold(0, |places, at| places | place_bit(at));
            let ours = Ours::join(join);
            for theirs in snapshot.joins_with_key(join.facts.key)? {
                if (theirs.whole || join.whole) && joined::meets(&ours, snapshot, &theirs, written)? {
                    meet_all(snapshot.forms_joined(&theirs)?, places);
                }
            }
            for theirs in snapshot.tokens_with_key(join.facts.key)? {
                if joined::meets_word(&ours, snapshot, theirs, written)? {
                    meet_all(snapshot.postings(theirs)?, places);
                }
            }
        }
        Ok(())
    }

    /// Sets the places of the words met, rarest first. Words whose postings were not read are the first of `order`; tells how many.
    fn meet_words(&mut self, snapshot: &Snapshot, worth: &Worth, words: &Words) -> Result<usize, Corrupt> {
        let Rows { met, touched, places, order, .. } = self;
        order.clear();
        order.extend(
            (0..words.all.len() as u16)
                .filter(|at| words.all[usize::from(*at)].best > 0.0 && (places[usize::from(*at)] != 0 || worth.any)),
        );
        let word = |at: u16| (&words.all[usize::from(at)], places[usize::from(at)]);
        order.sort_unstable_by_key(|at| (word(*at).0.n_postings, *at));
        let mut left_out = 0;
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
                order[left_out] = order[at];
                left_out += 1;
                continue;
            }
            for (token, likeness) in words.like(own) {
                let new = is_new(*likeness);
                let meeting = (places, parts_of(worth.of(places, *likeness)));
                for form in snapshot.postings(*token)? {
                    meet(met, touched, form.get(), meeting, new);
                }
            }
        }
        Ok(left_out)
    }

    /// Puts the rows that are worth enough in the order of the most that they can score.
    fn put_in_order(&mut self, query: &Query, snapshot: &Snapshot, worth: &Worth, words: &Words, left_out: usize) {
        let mut table = [[u8::MAX; N_EXTRA + 1]; N_LEVELS + 1];
        let (mut assumed, mut sum) = (0, 0.0);
        for at in &self.order[..left_out] {
            let places = self.places[usize::from(*at)];
            assumed |= places;
            sum += worth.of(places, words.all[usize::from(*at)].best);
        }
        let sum = f32::from(parts_of(sum)) / ONE;
        let counted_up = f32::from(u16::MAX) / ONE;
        let all: f32 = worth.full.iter().sum::<f32>().max(1.0);
        let level_of =
            |worth: f32| ((worth - 1.0) / (all - 1.0).max(0.01) * N_LEVELS as f32).ceil().clamp(0.0, N_LEVELS as f32);
        let lengths = snapshot.form_lengths();
        let fewest = self.bounds.iter().map(|(at, ..)| query.forms[*at].tokens.len()).max().unwrap_or(0);
        let mut counts = [0u32; N_STEPS + 1];
        self.unordered.clear();
        let mut touched = std::mem::take(&mut self.touched);
        for form in touched.drain(..) {
            let met = std::mem::take(&mut self.met[form as usize]);
            let own = f32::from(met.worth) / ONE + sum;
            // Where counting ended, it may be anything.
            let own = if own >= counted_up { f32::MAX } else { own };
            let joined = met.places & JOINED != 0;
            if !worth.any && !joined && own < 1.0 - SLACK {
                continue;
            }
            let step = if worth.any || joined {
                N_STEPS as u8
            } else {
                let length = lengths.partition_point(|first| first.get() <= form);
                let extra = length.saturating_sub(fewest).min(N_EXTRA);
                let level = level_of(own);
                let known = &mut table[level as usize][extra];
                if *known == u8::MAX {
                    let most = 1.0 + level / N_LEVELS as f32 * (all - 1.0).max(0.01);
                    let upper = self.bounds.iter().map(|(_, _, bound, least)| bound.upper_beyond(most * least, extra));
                    let upper = upper.fold(0.0, f32::max);
                    let step = (upper - self.threshold) / (1.0 - self.threshold) * N_STEPS as f32;
                    *known = step.ceil().clamp(0.0, N_STEPS as f32) as u8;
                }
                *known
            };
            counts[usize::from(step)] += 1;
            self.unordered.push(Row { form, places: met.places | assumed, step });
        }
        self.touched = touched;
        // Where the rows of each step begin, the highest step first.
        let mut start = 0;
        for count in counts.iter_mut().rev() {
            (*count, start) = (start, start + *count);
        }
        self.ordered.resize(self.unordered.len(), Row { form: 0, places: 0, step: 0 });
        for row in &self.unordered {
            let at = &mut counts[usize::from(row.step)];
            self.ordered[*at as usize] = *row;
            *at += 1;
        }
    }
}

/// Sets places of a row and adds what they are worth; a row not met before only if `new`.
fn meet(met: &mut [Meeting], touched: &mut Vec<u32>, form: u32, (places, worth): (Places, u16), new: bool) {
    if let Some(slot) = met.get_mut(form as usize) {
        if slot.places == 0 {
            if !new {
                return;
            }
            touched.push(form);
        }
        slot.places |= places | MET;
        slot.worth = slot.worth.saturating_add(worth);
    }
}
