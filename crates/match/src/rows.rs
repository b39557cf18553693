//! Rows of tokens that meet enough of one name of the query, the most promising first.
//!
//! Idea: what leads to rows (`sources`) adds what it is worth to each; words whose postings are too many for the rows met so far, and
//! which cannot carry a row by themselves, are not read but counted as met. Rows lie in groups of the same kinds of bearers and number of
//! parts: none is read that is not asked for, and where postings are many, names are met group by group, the one that can score
//! most first, as long as it could still be wanted. Rows are put in order by the most that their worth, their parts and how
//! many of them met allow.
//! Invariant: a row by which an entity reaches the threshold is among them, and `upper` is never below its score.
//! Cost: O(Σ postings of similar tokens), less for what is passed over; no allocation once warm.

use std::ops::Range;

use interdict_snapshot::{Corrupt, Snapshot};
use zerocopy::little_endian::U32;

use crate::bits::Bits;
use crate::bound::SLACK;
use crate::memo::Memo;
use crate::sources::{Found, MOST, Name, ONE, Of, RowJoins, Source, Sources, WORTH_BITS};
use crate::words::Words;

/// Postings that are read in the time that the likeness of one row is looked up. Few in debug builds, as also [`MANY_POSTINGS`], so that
/// tests with some dozen names go the ways of a million.
const POSTINGS_A_ROW: usize = if cfg!(debug_assertions) { 1 } else { 64 };

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
/// Levels of worth, from 1 to all that there is.
const N_LEVELS: usize = 48;
/// Numbers of parts more than the query has that are told apart.
const N_EXTRA: usize = 3;
/// Numbers of parts, and of parts that meet anything, that are told apart; more are taken for so many of the former, for all of the latter.
const N_COUNTED: usize = (1 << PARTS_BITS) - 1;
/// Bits of a number of parts: what a worth leaves of a [`Meeting`].
const PARTS_BITS: u32 = u16::BITS - WORTH_BITS;
/// Postings of a name's words from which names are met length by length.
const MANY_POSTINGS: usize = if cfg!(debug_assertions) { 4 } else { 4096 };
/// Postings of a name's words for each token that has any, from which likewise: with fewer a token, finding where a length begins among
/// them takes longer than reading them.
const MANY_A_TOKEN: usize = if cfg!(debug_assertions) { 2 } else { 256 };
/// Rows of neighbouring groups up to which they are met together.
const FEW_ROWS: usize = if cfg!(debug_assertions) { 2 } else { 4096 };
/// Tokens whose first postings are read together, so that memory is waited for once for all of them.
const TOGETHER: usize = 32;

/// What a row meets: in the upper bits what it is worth, in parts of [`ONE`], never less than it is, up to [`MOST`]; in the lower how many
/// of its parts meet anything, up to [`N_COUNTED`]. So small because every row has one: the fewer bytes, the nearer they are.
#[derive(Clone, Copy, Debug, Default)]
struct Meeting(u16);

impl Meeting {
    fn of(worth: u16, n_parts: u16) -> Meeting {
        Meeting(worth.min(MOST) << PARTS_BITS | n_parts.min(N_COUNTED as u16))
    }

    fn worth(self) -> u16 {
        self.0 >> PARTS_BITS
    }

    fn n_parts(self) -> u16 {
        self.0 & N_COUNTED as u16
    }

    fn add(&mut self, more: Meeting) {
        *self = Meeting::of(self.worth() + more.worth(), self.n_parts() + more.n_parts());
    }
}

/// Names of some groups.
#[derive(Clone, Debug)]
struct Stretch {
    rows: Range<u32>,
    /// The most that they can score.
    upper: f32,
}

impl Stretch {
    /// Whether a further group is met with it: where either way little is read.
    fn takes(&self, rows: &Range<u32>, is_little: bool) -> bool {
        let (n_own, n_more) = (self.rows.len(), rows.len());
        let n_between = rows.start.saturating_sub(self.rows.end) as usize;
        if is_little { n_between <= n_own + n_more } else { n_between == 0 && n_own + n_more <= FEW_ROWS }
    }
}

/// The rows met by one name, with working memory.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) sources: Sources,
    /// By row of tokens; all nothing between names.
    meetings: Vec<Meeting>,
    /// The rows that met anything.
    met: Bits,
    touched: Vec<u32>,
    /// Rows in which something may meet written together, with the first of the joins that it is.
    joined: Vec<(u32, u32)>,
    with_joins: Bits,
    /// What is still to be met, the most promising last.
    stretches: Vec<Stretch>,
    /// The most that the names at hand can score by their lengths.
    upper: f32,
    /// By group of names where it ends, and how many parts they have.
    groups: Vec<(u32, u8)>,
    /// Sources from this one on are words whose postings were not read, or are written together.
    n_read: usize,
    /// Steps by level of worth, number of parts, of parts met, and whether something is written together.
    table: Vec<u8>,
    unordered: Vec<Row>,
    /// Rows, the most promising first.
    pub(crate) ordered: Vec<Row>,
    threshold: f32,
}

impl Rows {
    /// Makes ready for a name in one way of comparing; the sources have taken it up.
    pub(crate) fn start(&mut self, name: &Name<'_>, words: &Words, memo: &Memo) -> Result<Found, Corrupt> {
        self.ordered.clear();
        self.stretches.clear();
        self.threshold = name.threshold;
        let n_forms = name.snapshot.n_forms() as usize;
        if self.meetings.len() != n_forms {
            self.meetings.clear();
            self.meetings.resize(n_forms, Meeting::default());
        }
        self.met.fit(n_forms);
        self.with_joins.fit(n_forms);
        let found = self.sources.find(name, words, memo)?;
        if found == Found::Some {
            self.stretch(name.snapshot, name.kinds, words);
        }
        Ok(found)
    }

    /// Meets the names of the next lengths; false where none is left that can reach `least`.
    pub(crate) fn meet_next(&mut self, snapshot: &Snapshot, words: &Words, least: f32) -> Result<bool, Corrupt> {
        let Some(stretch) = self.stretches.pop().filter(|stretch| stretch.upper >= least) else { return Ok(false) };
        self.upper = stretch.upper;
        self.meet(snapshot, &stretch.rows)?;
        self.put_in_order(snapshot, words);
        Ok(true)
    }

    /// The most that a row can score.
    pub(crate) fn upper(&self, row: Row) -> f32 {
        let step = f32::from(row.step) / N_STEPS as f32;
        (self.threshold + (1.0 - self.threshold) * step + SLACK).min(self.upper)
    }

    /// What may meet written together in a row, for one of the query's forms.
    pub(crate) fn joined_in(&self, row: Row, form: usize) -> RowJoins {
        let from = self.joined.partition_point(|(other, _)| *other < row.form);
        let own = self.joined[from..].iter().take_while(|(other, _)| *other == row.form);
        self.sources.joined(form, own.map(|(_, joins)| *joins))
    }

    /// The groups of names that are asked for, in the order of the most that they can score; small neighbours together, and all of them
    /// where there is little to meet.
    fn stretch(&mut self, snapshot: &Snapshot, kinds: u8, words: &Words) {
        let sources = &self.sources;
        if sources.all.is_empty() {
            return;
        }
        // Parts of ours that may be met by parts of theirs which do not count among those that distinguish.
        let n_odd = if sources.any { usize::MAX } else { sources.n_odd(words) };
        let n_odd = n_odd.saturating_add(sources.n_initials + sources.n_joined_ours);
        let longest = sources.n_parts + N_EXTRA;
        let n_postings: usize = sources.all.iter().map(|source| source.n_postings).sum();
        let is_little = n_postings <= MANY_POSTINGS.max(sources.tokens.len() * MANY_A_TOKEN);
        for group in snapshot.form_groups().filter(|group| group.kinds & kinds != 0) {
            let length = group.n_parts.min(longest);
            let theirs = length.saturating_sub(sources.n_parts + sources.n_joined_theirs);
            let upper = sources.readings.iter().map(|reading| {
                // A name so short leaves parts of the query's over.
                let ours = reading.bound.n_distinguishing().saturating_sub(n_odd.saturating_add(length));
                reading.bound.upper_by_parts(f32::MAX, theirs, if length < longest { ours } else { 0 })
            });
            let upper = upper.fold(0.0, f32::max);
            if upper < self.threshold {
                continue;
            }
            match self.stretches.last_mut() {
                Some(last) if last.takes(&group.forms, is_little) => {
                    last.rows.end = group.forms.end;
                    last.upper = last.upper.max(upper);
                }
                _ => self.stretches.push(Stretch { rows: group.forms, upper }),
            }
        }
        self.stretches
            .sort_by(|one, other| one.upper.total_cmp(&other.upper).then(other.rows.start.cmp(&one.rows.start)));
    }

    /// Adds what is met is worth to rows in a range.
    fn meet(&mut self, snapshot: &Snapshot, range: &Range<u32>) -> Result<(), Corrupt> {
        let Rows { sources, meetings, met, touched, joined, with_joins, n_read, .. } = self;
        joined.clear();
        with_joins.clear();
        *n_read = sources.all.len();
        for (at, Source { of, n_postings, carries, n_opening }) in sources.all.iter().enumerate() {
            match of {
                Of::Word { .. } if *n_read < at => {}
                Of::Word { .. } if !carries && touched.len() * POSTINGS_A_ROW < *n_postings => *n_read = at,
                Of::Word { tokens, .. } => {
                    let mut n_left = *n_opening;
                    for tokens in sources.tokens[tokens.clone()].chunks(TOGETHER) {
                        let firsts = tokens.iter().try_fold(0, |all, (place, _)| {
                            Ok(all ^ snapshot.postings_at(*place)?.first().map_or(0, |form| form.get()))
                        });
                        std::hint::black_box(firsts?);
                        for (place, worth) in tokens {
                            let rows = within(snapshot.postings_at(*place)?, range);
                            let meeting = Meeting::of(*worth, 1);
                            add(rows, meeting, n_left > 0, (meetings, met, touched));
                            n_left = n_left.saturating_sub(1);
                        }
                    }
                }
                Of::Join { theirs, joins, n_parts, worth } => {
                    let rows = within(theirs.rows(snapshot)?, range);
                    let meeting = Meeting::of(*worth, *n_parts);
                    add(rows, meeting, *n_opening > 0, (meetings, met, touched));
                    for form in rows.iter().map(|form| form.get()).filter(|form| met.has(*form)) {
                        with_joins.add(form);
                        joined.push((form, joins.start as u32));
                    }
                }
            }
        }
        for twin in &sources.twins {
            let rows = within(snapshot.postings(*twin)?, range);
            add(rows, Meeting::of(0, 1), false, (meetings, met, touched));
        }
        met.clear();
        joined.sort_unstable();
        Ok(())
    }

    /// Puts the rows that are worth enough in the order of the most that they can score.
    fn put_in_order(&mut self, snapshot: &Snapshot, words: &Words) {
        let sources = &self.sources;
        let (assumed, n_assumed) = sources.assumed(self.n_read, words);
        let n_assumed = n_assumed + sources.n_initials;
        let all = sources.most_worth;
        let least =
            if sources.any { 0 } else { ((1.0 - SLACK - assumed) * ONE).floor().clamp(0.0, f32::from(MOST)) as u16 };
        let level_of =
            |worth: f32| ((worth - 1.0) / (all - 1.0).max(0.01) * N_LEVELS as f32).ceil().clamp(0.0, N_LEVELS as f32);
        self.groups.clear();
        self.groups.extend(snapshot.form_groups().map(|group| (group.forms.end, group.n_parts.min(N_COUNTED) as u8)));
        self.table.clear();
        self.table.resize((N_LEVELS + 1) * (N_COUNTED + 1) * (N_COUNTED + 1) * 2, u8::MAX);
        let mut counts = [0u32; N_STEPS + 1];
        self.unordered.clear();
        let mut touched = std::mem::take(&mut self.touched);
        for form in touched.drain(..) {
            let met = std::mem::take(&mut self.meetings[form as usize]);
            if met.worth() < least {
                continue;
            }
            // Where counting ended, it may be anything.
            let own = if met.worth() == MOST { f32::MAX } else { f32::from(met.worth()) / ONE + assumed };
            let joins = self.with_joins.has(form);
            let group = self.groups.partition_point(|(end, _)| *end <= form);
            let length = self.groups.get(group).map_or(0, |(_, n_parts)| usize::from(*n_parts));
            let n_met = (usize::from(met.n_parts()) + n_assumed).min(N_COUNTED);
            let level = if sources.any { N_LEVELS as f32 } else { level_of(own) };
            let at = ((level as usize * (N_COUNTED + 1) + length) * (N_COUNTED + 1) + n_met) * 2 + usize::from(joins);
            let known = &mut self.table[at];
            if *known == u8::MAX {
                let most = 1.0 + level / N_LEVELS as f32 * (all - 1.0).max(0.01);
                let upper = sources.readings.iter().map(|reading| {
                    let bound = &reading.bound;
                    let met = if sources.any { f32::MAX } else { most * reading.least };
                    // Every link takes a part of either side, but for what is written together.
                    let (theirs, ours) = match (joins, n_met) {
                        (_, N_COUNTED) => (0, 0),
                        (true, _) => (length.saturating_sub(n_met), 0),
                        (false, _) => (
                            length.saturating_sub(n_met.min(sources.n_parts)),
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

/// Adds to what rows meet; rows that met nothing before only where this may open them.
fn add(rows: &[U32], more: Meeting, opens: bool, (meetings, met, touched): (&mut [Meeting], &mut Bits, &mut Vec<u32>)) {
    let rows = rows.iter().map(|form| form.get());
    if !opens {
        for form in rows.filter(|form| met.has(*form)) {
            if let Some(slot) = meetings.get_mut(form as usize) {
                slot.add(more);
            }
        }
        return;
    }
    touched.reserve(rows.len());
    for form in rows {
        let Some(slot) = meetings.get_mut(form as usize) else { continue };
        // The bits are near; what is decided by them does not wait for the slot, which may be far.
        if met.add(form) {
            touched.push(form);
        }
        slot.add(more);
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
