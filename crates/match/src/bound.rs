//! The most that a form of the query can score, given what of it can be met.
//!
//! `W` is the weight of the form, `A` what can be met of it at most (weight times likeness, the best of each part), `β` what an unmatched
//! part of the query costs at least. The alignment scores at most `A / (A + β(W − A))`, see `docs/recall.md`; times the ceiling of the
//! information met, plus the most that fields can add.
//! Invariant: never below the score; `tests/it/recall.rs` holds it by what the index loses.

use crate::memo::is_indexed;
use crate::query::{Form, Query};
use crate::score::{WHOLE_FLOOR, ceiling};
use crate::weigh::Class;
use crate::{align, fields};

/// Rounding must never lose a candidate: sums of a few `f32` differ by far less.
pub(crate) const SLACK: f32 = 1e-4;

/// Share of a form's weight from which all of it may be met as exactly as a whole name asks.
const NEARLY_ALL: f32 = 0.96;

/// What the bound needs of a form in a class.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bound {
    /// Weight of the form.
    whole: f32,
    /// Weight of the tokens that lead to no names: counted as met by every name.
    free: f32,
    /// Their information.
    free_bits: f32,
    /// What an unmatched part costs.
    beta: f32,
    /// The most that the fields add.
    most: f32,
}

impl Bound {
    pub(crate) fn of(query: &Query, form: &Form, class: Class) -> Bound {
        let parts = &form.parts[class as usize];
        let (mut free, mut free_bits) = (0.0, 0.0);
        for part in parts.iter().filter(|part| !is_indexed(part.role)) {
            free += part.weight;
            free_bits += part.bits.max(align::INITIAL_BITS);
        }
        Bound {
            whole: parts.iter().map(|part| part.weight).sum(),
            free,
            free_bits,
            beta: class.costs().query_extra,
            most: fields::most(query),
        }
    }

    /// The most that the fields add.
    pub(crate) fn most(&self) -> f32 {
        self.most
    }

    /// The least weight of indexed tokens that must be met to reach a threshold; 0 or less where every name may.
    pub(crate) fn least(&self, form_bits: f32, threshold: f32) -> f32 {
        // Nothing scores above the ceiling but equal whole names, which meet all of the weight anyway.
        let wanted = ((threshold - self.most - SLACK) / ceiling(form_bits + self.free_bits)).min(0.97);
        let share = wanted * self.beta / (1.0 - wanted * (1.0 - self.beta));
        if share <= 0.0 { 0.0 } else { share * self.whole - self.free - SLACK }
    }

    /// The most that can be scored where indexed tokens of weight `met` and information `bits` are met.
    pub(crate) fn upper(&self, met: f32, bits: f32) -> f32 {
        let met = (met + self.free).min(self.whole);
        if met <= 0.0 {
            return self.most;
        }
        let score = met / (met + self.beta * (self.whole - met)) * ceiling(bits + self.free_bits);
        let score = if met >= NEARLY_ALL * self.whole { score.max(WHOLE_FLOOR) } else { score };
        (score + self.most + SLACK).min(1.0)
    }
}
