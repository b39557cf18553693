//! From a query to the rows of tokens that can still reach the threshold, the most promising first.
//!
//! Idea: for each word of the query, the keys yield the snapshot's tokens that are like it; their postings set, for each row of
//! tokens, the bit of the word's place. What bits are worth together is a sum over places, so that a row that cannot reach the threshold is
//! passed over: words are taken rarest first, and once the words still to come could not carry a row by themselves, only rows met
//! before go on; where these are few, the postings of a common word are not read at all. What is left gets its bound from the very
//! likeness of its tokens.
//! Invariant: candidates ⊇ rows of tokens by which an entity scores at or above the threshold; `tests/it/recall.rs` holds it against
//! every entity, `docs/recall.md` argues it.
//! Cost: O(Σ postings of similar tokens), less for what is passed over; no allocation once warm.

use std::ops::Range;

use interdict_model::Schema;
use interdict_snapshot::facts::MAX_TOKENS;
use interdict_snapshot::join::MAX_JOIN_GAP;
use interdict_snapshot::keys::edit_budget;
use interdict_snapshot::{Corrupt, FormOrd, Kind, Snapshot, TokenFacts, TokenId};
use interdict_text::Role;

use crate::align::{INITIAL_BITS, ONLY_INITIALS};
use crate::bound::{Bound, SLACK};
use crate::memo::{Memo, is_indexed};
use crate::query::{Form, Query};
use crate::score::ceiling;
use crate::similar::likeness;
use crate::weigh::Class;

/// A row of tokens that may reach the threshold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    /// The most that its bearers can score.
    pub(crate) upper: f32,
    pub(crate) form: FormOrd,
    /// Whether something may meet that is written together on one side only.
    pub(crate) joins: bool,
}

/// What candidates are to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Those that were gathered.
    Some,
    /// The threshold is so low that no row can be left out.
    All,
}

/// Bits of a row that was met: the places of the query's words, those from the last on together.
type Places = u16;
const N_PLACES: usize = 14;
/// Marks every row that was met.
const MET: Places = 1 << N_PLACES;
/// Marks a row in which something may meet written together.
const JOINED: Places = 1 << (N_PLACES + 1);

/// Postings that are read in the time that the likeness of one row is looked up.
const POSTINGS_A_ROW: usize = 16;

/// Working memory for gathering candidates.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    /// By row of tokens: the places met; all zero between queries.
    met: Vec<Places>,
    touched: Vec<u32>,
    keys: Vec<u32>,
    buckets: Vec<(u32, u32)>,
    /// Tokens that share a key with a word, perhaps several times, and those of them worth a look.
    found: Vec<TokenId>,
    looked_at: Vec<TokenId>,
    /// By token: the word that it was last looked at for.
    seen: Vec<u32>,
    word: u32,
    /// Tokens like the query's, word by word, with their likeness.
    similar: Vec<(TokenId, f32)>,
    columns: Vec<Column>,
    order: Vec<u16>,
    bounds: Vec<(usize, Class, Bound)>,
    /// The candidates found.
    pub(crate) candidates: Vec<Candidate>,
}

/// A word of the query.
#[derive(Clone, Debug, Default)]
struct Column {
    similar: Range<usize>,
    best: f32,
    n_postings: usize,
    places: Places,
}

/// What the places of one name of the query are worth: a row can reach the threshold if its places sum up to 1.
struct Worth {
    /// By place: for a likeness of 1.
    full: [f32; N_PLACES],
    /// Sums for the lower and the upper half of the places, at the best likeness that any token has.
    low: [f32; 256],
    high: [f32; 256],
}

impl Worth {
    fn of(&self, places: Places) -> f32 {
        self.low[usize::from(places & 0xff)] + self.high[usize::from((places & (MET - 1)) >> 8)]
    }
}

fn place(at: usize) -> usize {
    at.min(N_PLACES - 1)
}

impl Gather {
    /// Gathers the rows by which an entity can score at or above `threshold`, and perhaps some that cannot; sets in `memo` what
    /// is alike. `classes` are the ways of comparing that the query's schema allows.
    pub(crate) fn run(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        threshold: f32,
        classes: &[Class],
        memo: &mut Memo,
    ) -> Result<Found, Corrupt> {
        self.candidates.clear();
        self.similar.clear();
        self.columns.clear();
        if self.met.len() != snapshot.n_forms() as usize {
            self.met.clear();
            self.met.resize(snapshot.n_forms() as usize, 0);
        }
        if self.seen.len() != snapshot.n_tokens() as usize || self.word > u32::MAX - query.tokens.len() as u32 - 1 {
            self.seen.clear();
            self.seen.resize(snapshot.n_tokens() as usize, 0);
            self.word = 0;
        }
        for column in 0..query.tokens.len() {
            self.find_similar(query, snapshot, column, memo)?;
        }
        let mut from = 0;
        while let Some(first) = query.forms.get(from) {
            let n = query.forms[from..].iter().take_while(|form| form.name == first.name).count();
            if self.name(query, snapshot, from..from + n, threshold, classes, memo)? == Found::All {
                return Ok(Found::All);
            }
            from += n;
        }
        Ok(Found::Some)
    }

    /// The snapshot's tokens that are like a word of the query.
    fn find_similar(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        column: usize,
        memo: &mut Memo,
    ) -> Result<(), Corrupt> {
        let facts = &query.tokens[column];
        let start = self.similar.len();
        let (mut best, mut n_postings) = (0.0f32, 0);
        // Of initials only the same initial is looked for, as a name that has nothing else in common scores below all thresholds.
        if is_indexed(facts.role) || facts.role == Role::Initial {
            let view = facts.view();
            self.collect(facts, snapshot)?;
            for token in &self.looked_at {
                let theirs = snapshot.token(*token)?;
                if facts.role == Role::Initial && theirs.role != Role::Initial {
                    continue;
                }
                let likeness = likeness(&view, &theirs);
                if likeness.score > 0.0 {
                    best = best.max(likeness.score);
                    n_postings += snapshot.postings(*token)?.len();
                    self.similar.push((*token, likeness.score));
                    memo.set(query, snapshot, (*token, &theirs), column, likeness)?;
                }
            }
        }
        self.columns.push(Column { similar: start..self.similar.len(), best, n_postings, places: 0 });
        Ok(())
    }

    /// Collects the tokens that share a key with a word; of those that share a key of its letters alone only such as have nearly the
    /// same.
    fn collect(&mut self, facts: &TokenFacts, snapshot: &Snapshot) -> Result<(), Corrupt> {
        let Gather { keys, buckets, found, looked_at, seen, word, .. } = self;
        keys.clear();
        buckets.clear();
        found.clear();
        looked_at.clear();
        *word += 1;
        let n_letters = facts.asked_keys_into(keys);
        for key in &*keys {
            buckets.push(snapshot.bucket(*key)?);
        }
        let mut n_by_letters = 0;
        for (at, (key, bucket)) in keys.iter().zip(&*buckets).enumerate() {
            if at == n_letters {
                n_by_letters = found.len();
            }
            found.extend(snapshot.tokens_in_bucket(*key, *bucket)?);
        }
        if keys.len() == n_letters {
            n_by_letters = found.len();
        }
        for (at, token) in found.iter().enumerate() {
            if at < n_by_letters {
                let (letters, len) = snapshot.token_letters(*token)?;
                let budget = edit_budget(len.min(facts.text.len()));
                let far = (letters & !facts.letters).count_ones().max((facts.letters & !letters).count_ones());
                if far as usize > budget || len.abs_diff(facts.text.len()) > budget {
                    continue;
                }
            }
            match seen.get_mut(token.0 as usize) {
                Some(seen) if *seen != *word => *seen = *word,
                _ => continue,
            }
            looked_at.push(*token);
        }
        Ok(())
    }

    /// Adds the candidates of one name, given the query's forms that it has.
    fn name(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        forms: Range<usize>,
        threshold: f32,
        classes: &[Class],
        memo: &Memo,
    ) -> Result<Found, Corrupt> {
        let Some((worth, all_met)) = self.weigh(query, forms.clone(), threshold, classes) else {
            return Ok(Found::All);
        };
        self.meet_joins(query, snapshot, forms.clone())?;
        self.meet_words(snapshot, &worth, all_met)?;
        let assumed = self.assumed();
        for at in 0..self.touched.len() {
            let form = self.touched[at];
            let met = std::mem::take(&mut self.met[form as usize]) | assumed;
            if all_met || met & JOINED != 0 || worth.of(met) >= 1.0 {
                self.judge(query, snapshot, FormOrd(form), met, threshold, memo)?;
            }
        }
        self.touched.clear();
        Ok(Found::Some)
    }

    /// What the places are worth; `None` where no row can be left out. Also tells whether every row that meets anything is a candidate.
    fn weigh(
        &mut self,
        query: &Query,
        forms: Range<usize>,
        threshold: f32,
        classes: &[Class],
    ) -> Option<(Worth, bool)> {
        let mut worth = Worth { full: [0.0; N_PLACES], low: [0.0; 256], high: [0.0; 256] };
        let mut best = [0.0f32; N_PLACES];
        let mut all_met = false;
        self.bounds.clear();
        for column in &mut self.columns {
            column.places = 0;
        }
        for at in forms {
            let form = &query.forms[at];
            for (place, column) in places(form) {
                let column = &mut self.columns[usize::from(column)];
                column.places |= 1 << place;
                best[place] = best[place].max(column.best);
            }
            for class in classes {
                let bound = Bound::of(query, form, *class);
                self.bounds.push((at, *class, bound));
                let parts = &form.parts[*class as usize];
                let bits: f32 = parts.iter().map(|part| part.bits.max(INITIAL_BITS)).sum();
                let least = bound.least(bits, threshold);
                if least <= 0.0 {
                    // Initials carry the form over the bound, but by themselves they score next to nothing.
                    if threshold - bound.most() - SLACK <= ONLY_INITIALS * ceiling(bits) {
                        return None;
                    }
                    all_met = true;
                    continue;
                }
                let mut own = [0.0f32; N_PLACES];
                for (at, part) in parts.iter().enumerate().filter(|(_, part)| is_indexed(part.role)) {
                    own[place(at)] += part.weight / least;
                }
                worth.full.iter_mut().zip(own).for_each(|(worth, own)| *worth = worth.max(own));
            }
        }
        let at_best = |place: usize| worth.full.get(place).map_or(0.0, |full| full * best[place]);
        for set in 1..256usize {
            let (rest, first) = (set & (set - 1), set.trailing_zeros() as usize);
            worth.low[set] = worth.low[rest] + at_best(first);
            worth.high[set] = worth.high[rest] + at_best(8 + first);
        }
        // Rounding must not lose what is worth just enough.
        worth.low.iter_mut().for_each(|sum| *sum += SLACK);
        Some((worth, all_met))
    }

    /// Sets the places of what is written together on one side only.
    fn meet_joins(&mut self, query: &Query, snapshot: &Snapshot, forms: Range<usize>) -> Result<(), Corrupt> {
        for (at, token) in query.tokens.iter().enumerate() {
            let places = self.columns[at].places;
            if places == 0 && !query.forms[forms.clone()].iter().any(|form| form.tokens.contains(&(at as u16))) {
                continue;
            }
            for (form, len, _) in snapshot.forms_with_join(query.join_keys[at])? {
                if len.abs_diff(token.text.len()) <= MAX_JOIN_GAP {
                    meet(&mut self.met, &mut self.touched, form.0, places | JOINED, true);
                }
            }
        }
        for form in &query.forms[forms] {
            for join in &form.joins {
                let set = (0..form.tokens.len()).filter(|at| join.places & (1 << at) != 0);
                let places = set.fold(JOINED, |places, at| places | 1 << place(at));
                for (form, len, whole) in snapshot.forms_with_join(join.facts.key)? {
                    if (whole || join.whole) && len.abs_diff(join.facts.text.len()) <= MAX_JOIN_GAP {
                        meet(&mut self.met, &mut self.touched, form.0, places, true);
                    }
                }
                for token in snapshot.tokens_with_key(join.facts.key)? {
                    if snapshot.token_letters(token)?.1.abs_diff(join.facts.text.len()) <= MAX_JOIN_GAP {
                        for form in snapshot.postings(token)? {
                            meet(&mut self.met, &mut self.touched, form.get(), places, true);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Sets the places of the words met, rarest first. Words whose postings are not worth reading keep a place in `order`.
    fn meet_words(&mut self, snapshot: &Snapshot, worth: &Worth, all_met: bool) -> Result<(), Corrupt> {
        let Gather { met, touched, similar, columns, order, .. } = self;
        order.clear();
        order.extend((0..columns.len() as u16).filter(|at| {
            let column = &columns[usize::from(*at)];
            !column.similar.is_empty() && (column.places != 0 || all_met)
        }));
        order.sort_unstable_by_key(|at| (columns[usize::from(*at)].n_postings, *at));
        let mut left_out = 0;
        for at in 0..order.len() {
            let column = &columns[usize::from(order[at])];
            let later = order[at + 1..].iter().fold(0, |places, at| places | columns[usize::from(*at)].places);
            let rest = worth.of(later);
            let own = column.places & !later;
            let full: f32 = (0..N_PLACES).filter(|place| own & (1 << place) != 0).map(|place| worth.full[place]).sum();
            let is_new = |likeness: f32| all_met || rest + full * likeness >= 1.0;
            if !is_new(column.best) && touched.len() * POSTINGS_A_ROW < column.n_postings {
                order[left_out] = order[at];
                left_out += 1;
                continue;
            }
            for (token, likeness) in &similar[column.similar.clone()] {
                let new = is_new(*likeness);
                for form in snapshot.postings(*token)? {
                    meet(met, touched, form.get(), column.places, new);
                }
            }
        }
        order.truncate(left_out);
        Ok(())
    }

    /// Places of the words whose postings were not read.
    fn assumed(&self) -> Places {
        self.order.iter().fold(0, |places, at| places | self.columns[usize::from(*at)].places)
    }

    /// Adds a row if it can reach the threshold by the likeness of its tokens.
    fn judge(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        form: FormOrd,
        met: Places,
        threshold: f32,
        memo: &Memo,
    ) -> Result<(), Corrupt> {
        let (tokens, kinds) = snapshot.form(form)?;
        let joins = met & JOINED != 0;
        let mut rows = [0usize; MAX_TOKENS];
        let mut n = 0;
        if !joins {
            for token in tokens.iter().take(MAX_TOKENS) {
                if let Some(row) = memo.known(TokenId(token.get()))? {
                    rows[n] = row;
                    n += 1;
                }
            }
        }
        let rows = &rows[..n];
        let person = query.schema == Schema::person();
        let mut upper = 0.0f32;
        for (at, class, bound) in &self.bounds {
            let borne =
                Kind::ALL.iter().any(|kind| kinds & (1 << *kind as u8) != 0 && Class::of_kind(person, *kind) == *class);
            if !borne {
                continue;
            }
            let form = &query.forms[*at];
            let parts = &form.parts[*class as usize];
            let (mut weight, mut bits) = (0.0f32, 0.0f32);
            for (at, (part, column)) in parts.iter().zip(&form.tokens).enumerate() {
                if !is_indexed(part.role) {
                    continue;
                }
                let likeness = if joins {
                    if met & (1 << place(at)) != 0 { 1.0 } else { 0.0 }
                } else {
                    rows.iter().map(|row| memo.likeness(*row, usize::from(*column)).score).fold(0.0, f32::max)
                };
                if likeness > 0.0 {
                    weight += part.weight * likeness;
                    bits += (part.bits * likeness).max(INITIAL_BITS);
                }
            }
            upper = upper.max(bound.upper(weight, bits));
        }
        if upper >= threshold {
            self.candidates.push(Candidate { upper, form, joins });
        }
        Ok(())
    }
}

/// Places of a form's words with their columns.
fn places(form: &Form) -> impl Iterator<Item = (usize, u16)> + '_ {
    let parts = form.parts[Class::Person as usize].iter();
    let words = form.tokens.iter().zip(parts).enumerate().filter(|(_, (_, part))| is_indexed(part.role));
    words.map(|(at, (column, _))| (place(at), *column))
}

/// Sets places of a row; a row not met before only if `new`.
fn meet(met: &mut [Places], touched: &mut Vec<u32>, form: u32, places: Places, new: bool) {
    if let Some(slot) = met.get_mut(form as usize) {
        if *slot == 0 {
            if !new {
                return;
            }
            touched.push(form);
        }
        *slot |= places | MET;
    }
}
