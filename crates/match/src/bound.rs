//! The most that a form of the query can score, given what of it can be met.
//!
//! `W` is the weight of the form, `A` what can be met of it at most (weight times likeness, the best of each part), `β` what an unmatched
//! part of the query costs at least. The alignment scores at most `A / (A + β(W − A))`; where it is known which parts have nothing like
//! them on the other side, at most `A / (A + β(L − A) + C)` with the weight `L` of the query's parts that have, and the cost `C` of those
//! that have not, on either side. Times the ceiling of the information met, plus the most that fields can add; see `docs/recall.md`.
//! Invariant: never below the score; `tests/it/recall.rs` holds it by what the index loses.

use crate::align::{INITIAL_BITS, Part};
use crate::fields;
use crate::memo::is_indexed;
use crate::query::{Form, Query};
use crate::score::{WHOLE_FLOOR, ceiling};
use crate::weigh::{Class, Costs, distinguishes, least_part};
use interdict_snapshot::Glance;
use interdict_text::Role;

/// Rounding must never lose a candidate: sums of a few `f32` differ by far less.
pub(crate) const SLACK: f32 = 1e-4;

/// Share of a form's weight from which all of it may be met as exactly as a whole name asks.
const NEARLY_ALL: f32 = 0.96;

/// Parts of a query's form that may be known to be left over.
const N_LIGHTEST: usize = 8;

/// What the bound needs of a form in a class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    /// Weight of the form.
    whole: f32,
    /// Weight of the tokens that lead to no names: counted as met by every name.
    free: f32,
    /// Information in the parts that can tell any.
    bits: f32,
    pub(crate) class: Class,
    /// Weights of the parts that distinguish, the lightest first.
    lightest: [f32; N_LIGHTEST],
    n_distinguishing: usize,
    /// The most that the fields add.
    most: f32,
    free_words: FreeWords,
    /// The least share of its cost that lacking a part of the form costs.
    spare: f32,
}

/// What words of a name may be like the tokens of a form that lead to no names.
#[derive(Clone, Copy, Debug, Default)]
struct FreeWords {
    /// Letters of initials, as bits of their numbers modulo 32.
    initials: u32,
    /// Which letters the others have, as bits.
    letters: [u32; N_FREE],
    /// How many others; of more than there is room for any word may be like one.
    n: usize,
}

/// Tokens of a form that lead to no names and are told apart, initials aside.
const N_FREE: usize = 6;

impl Bound {
    /// `all_tell` where particles may be met as parts of what is written together, so that they tell something too.
    pub(crate) fn of(query: &Query, form: &Form, class: Class, all_tell: bool) -> Bound {
        let parts = query.parts_of(form, class);
        // Of parts beyond these nothing is known to be left over.
        let mut lightest = [f32::MAX; N_LIGHTEST];
        let mut n_distinguishing = 0;
        for part in parts.iter().filter(|part| distinguishes(part.role)) {
            n_distinguishing += 1;
            keep_first(&mut lightest, part.weight, |one, other| one < other);
        }
        lightest.iter_mut().skip(n_distinguishing).for_each(|weight| *weight = 0.0);
        let mut free_words = FreeWords::default();
        for token in query.tokens_of(form).filter(|token| !is_indexed(token.role)) {
            if token.role == Role::Initial {
                free_words.initials |= token.text.bytes().next().map_or(0, initial_bit);
                continue;
            }
            if let Some(slot) = free_words.letters.get_mut(free_words.n) {
                *slot = token.letters;
            }
            free_words.n += 1;
        }
        Bound {
            whole: parts.iter().map(|part| part.weight).sum(),
            free: parts.iter().filter(|part| !is_indexed(part.role)).map(|part| part.weight).sum(),
            bits: parts.iter().filter(|part| all_tell || distinguishes(part.role)).map(bits_of).sum(),
            class,
            lightest,
            n_distinguishing,
            most: fields::most(query),
            free_words,
            spare: parts.iter().map(|part| part.spare).fold(1.0, f32::min),
        }
    }

    /// The most that the fields add.
    pub(crate) fn most(&self) -> f32 {
        self.most
    }

    /// The least weight of indexed tokens that must be met to reach a threshold; 0 or less where every name may.
    pub(crate) fn least(&self, threshold: f32) -> f32 {
        // Nothing scores above the ceiling but equal whole names, which meet all of the weight anyway.
        let wanted = ((threshold - self.most - SLACK) / ceiling(self.bits)).min(0.97);
        // What an unmatched part of the query costs at least.
        let beta = self.spare * self.class.costs().query_extra;
        let share = wanted * beta / (1.0 - wanted * (1.0 - beta));
        if share <= 0.0 { 0.0 } else { share * self.whole - self.free - SLACK }
    }

    /// The most that can be scored where indexed tokens of weight `met` are met, by a name of which so many distinguishing parts at least
    /// are left over, and which leaves so many of the query's.
    pub(crate) fn upper_by_parts(&self, met: f32, n_theirs: usize, n_ours: usize) -> f32 {
        let left = self.lightest.iter().take(n_ours).sum::<f32>();
        self.upper_of(&Met {
            weight: met,
            entity_weight: met,
            linked: self.whole - self.free - left,
            free: self.free,
            bits: self.bits,
            query_left: left,
            entity_left: least_part(self.class) * n_theirs as f32,
        })
    }

    /// Parts of the query's form that distinguish.
    pub(crate) fn n_distinguishing(&self) -> usize {
        self.n_distinguishing
    }

    /// The most that can be scored where `met` is known part by part.
    pub(crate) fn upper_of(&self, met: &Met) -> f32 {
        let linked = met.linked + met.free;
        let weight = (met.weight.min(met.entity_weight) + met.free).min(linked);
        let (ours, theirs) = (met.query_left, met.entity_left);
        let both = ours.min(theirs);
        let Costs { query_extra, entity_extra, contradiction } = self.class.costs();
        let query_extra = self.spare * query_extra;
        let left = contradiction * 2.0 * both + query_extra * (ours - both) + entity_extra * (theirs - both);
        let whole = met.query_left <= 0.0 && met.entity_left <= 0.0;
        self.score(weight, query_extra * (linked - weight) + left, met.bits, whole)
    }

    /// The score; `whole` where no part need be left over on either side.
    fn score(&self, met: f32, cost: f32, bits: f32, whole: bool) -> f32 {
        if met <= 0.0 {
            return self.most;
        }
        let score = met / (met + cost) * ceiling(bits);
        let score = if whole && met >= NEARLY_ALL * self.whole { score.max(WHOLE_FLOOR) } else { score };
        (score + self.most + SLACK).min(1.0)
    }

    /// The most that all parts can tell.
    pub(crate) fn ceiling(&self) -> f32 {
        ceiling(self.bits)
    }

    /// Whether a word of the entity's name may be like a part of the query's form that leads to no names.
    pub(crate) fn may_be_free(&self, glance: &Glance) -> bool {
        let FreeWords { initials, letters, n } = &self.free_words;
        initials & initial_bit(glance.initial) != 0
            || *n > N_FREE
            || letters.iter().take(*n).any(|own| *own == glance.letters)
    }

    /// Whether the form has initials.
    pub(crate) fn has_initials(&self) -> bool {
        self.free_words.initials != 0
    }
}

/// A letter as a bit; two may share one.
fn initial_bit(letter: u8) -> u32 {
    1 << (letter % 32)
}

/// Puts a weight among those that come first in some order, in their order; the last of them goes.
pub(crate) fn keep_first(slots: &mut [f32], mut weight: f32, before: impl Fn(f32, f32) -> bool) {
    for slot in slots {
        if before(weight, *slot) {
            std::mem::swap(slot, &mut weight);
        }
    }
}

/// The most that a part tells: met by an initial it tells as much as any other.
pub(crate) fn bits_of(part: &Part) -> f32 {
    part.bits.max(INITIAL_BITS)
}

/// What of a form and a name can meet.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Met {
    /// Σ weight · likeness over the query's indexed parts, each with the best of the name's.
    pub(crate) weight: f32,
    /// Likewise over the name's parts, each with the best of the query's: no part is met twice.
    pub(crate) entity_weight: f32,
    /// Weight of the query's indexed parts that have something like them.
    pub(crate) linked: f32,
    /// Weight of the query's parts that lead to no names and may be met: counted as wholly met.
    pub(crate) free: f32,
    /// Information in all that may be met.
    pub(crate) bits: f32,
    /// Weight of the query's distinguishing parts that have nothing like them.
    pub(crate) query_left: f32,
    /// The least weight of the name's distinguishing parts that have nothing like them.
    pub(crate) entity_left: f32,
}
