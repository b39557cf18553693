//! The score of a pair: the best of its names, then the fields.
//!
//! `score = min(1, max(floor, alignment · ceiling(bits) · grade + points) + both)`, where `floor` is what an equal identifier earns and `both` what it
//! adds to a name that agrees as well; agreeing fields add less of their points near 1. The ceiling rises with the information in the
//! parts that met: an exact common name is less sure than an exact rare one. Whole names that are equal with nothing against
//! them never score below 0.75 (0.7 for a personal name of one part); see `docs/matching.md`.

use interdict_model::{Entity, ListId};
use interdict_snapshot::facts::MAX_TOKENS;
use interdict_snapshot::{
    BuildError, Builder, Corrupt, EntityOrd, ListMeta, NameGrade, NameOrd, Snapshot, SnapshotError, TokenId,
};

use crate::align::{Alignment, Link, Pair};
use crate::fields::FieldScore;
use crate::joined;
use crate::query::{Form, Query};
use crate::screen::{Scratch, Screener};
use crate::similar::Likeness;
use crate::weigh::{Class, HEAD, head};

/// A scored pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// 0 to 1.
    pub score: f32,
    /// Score of the name that met best, before the fields.
    pub(crate) name: f32,
    /// The query's form and the entity's name that met best.
    pub(crate) best: Option<(usize, NameOrd)>,
}

/// Equal whole names with nothing against them.
pub(crate) const WHOLE_FLOOR: f32 = 0.75;
/// Likewise for a personal name of one part, or a weak alias.
const SINGLE_FLOOR: f32 = 0.7;
/// What a weak alias is worth where it is not equal as a whole.
const WEAK_FACTOR: f32 = 0.95;
/// What agreement of an identifier adds to a name that agrees too.
const BOTH_AGREE: f32 = 0.05;

/// Distance to 1 below which agreement of fields adds less than its points, so that no score but the surest comes near 1. More
/// than all points together, so that a better name never scores less.
const FULL_ROOM: f32 = 0.15;

const CEILING_BASE: f32 = 0.79;
const CEILING_RISE: f32 = 0.16;
const CEILING_BITS: f32 = 36.0;

/// The best score that a name can have whose matching parts carry so much information.
pub(crate) fn ceiling(bits: f32) -> f32 {
    CEILING_BASE + CEILING_RISE * (bits.min(CEILING_BITS) / CEILING_BITS)
}

/// Score of a name before the fields.
pub(crate) fn name_score(alignment: &Alignment, grade: NameGrade, class: Class) -> f32 {
    let score = alignment.score * ceiling(alignment.bits);
    let weak = grade == NameGrade::Weak;
    if alignment.whole {
        let single = class == Class::Person && alignment.n_met < 2;
        score.max(if single || weak { SINGLE_FLOOR } else { WHOLE_FLOOR })
    } else if weak {
        score * WEAK_FACTOR
    } else {
        score
    }
}

/// The share of their points that agreeing fields add to a name.
pub(crate) fn room(name: f32) -> f32 {
    ((1.0 - name) / FULL_ROOM).clamp(0.0, 1.0)
}

/// Name and fields together.
pub(crate) fn combine(name: f32, fields: &FieldScore) -> f32 {
    let points = fields.added * room(name) - fields.taken;
    let base = if name > 0.0 { (name + points).max(0.0) } else { 0.0 };
    let score = if fields.floor > 0.0 {
        let both = if name > 0.5 { BOTH_AGREE } else { 0.0 };
        base.max(fields.floor) + both
    } else {
        base
    };
    score.clamp(0.0, 1.0)
}

/// The best that a form of the query scores against a row of tokens, as a name in full standing and as a weak alias, each with the
/// query's form.
pub(crate) type FormScores = [(f32, usize); 2];

/// Scores all forms of the query against a row of tokens that is loaded. Of equal scores the query's first form counts.
pub(crate) fn score_form(
    query: &Query,
    snapshot: &Snapshot,
    class: Class,
    joins: bool,
    scratch: &mut Scratch,
) -> Result<FormScores, Corrupt> {
    let mut best: FormScores = [(0.0, 0); 2];
    for (at, form) in query.forms.iter().enumerate() {
        let alignment = align_form(query, snapshot, form, class, joins, scratch)?;
        for (best, grade) in best.iter_mut().zip([NameGrade::Primary, NameGrade::Weak]) {
            let score = name_score(&alignment, grade, class);
            if score > best.0 {
                *best = (score, at);
            }
        }
    }
    Ok(best)
}

/// Fills the scratch with the rows and parts of a row of tokens.
pub(crate) fn load_form(
    query: &Query,
    snapshot: &Snapshot,
    tokens: impl Iterator<Item = TokenId>,
    class: Class,
    scratch: &mut Scratch,
) -> Result<(), Corrupt> {
    scratch.tokens.clear();
    scratch.rows.clear();
    scratch.entity_parts.clear();
    for token in tokens.take(MAX_TOKENS) {
        let row = scratch.memo.row(query, snapshot, token)?;
        scratch.tokens.push(token);
        scratch.rows.push(row);
        scratch.entity_parts.push(scratch.memo.part(row, class));
    }
    let head = head(class, &scratch.entity_parts);
    if let Some(part) = head.and_then(|at| scratch.entity_parts.get_mut(at)) {
        part.weight *= HEAD;
    }
    Ok(())
}

/// Aligns a form of the query with the row of tokens that the scratch holds; the links taken are left in `scratch.align`. Without
/// `joins` nothing meets written together, as the candidate search knows of most rows.
pub(crate) fn align_form(
    query: &Query,
    snapshot: &Snapshot,
    form: &Form,
    class: Class,
    joins: bool,
    scratch: &mut Scratch,
) -> Result<Alignment, Corrupt> {
    scratch.joins.found.clear();
    if joins {
        let name = (&scratch.tokens[..], &scratch.entity_parts[..], &scratch.rows[..]);
        joined::find(query, form, snapshot, name, &scratch.memo, &mut scratch.joins)?;
    }
    let (memo, rows, columns) = (&scratch.memo, &scratch.rows, query.columns_of(form));
    let pair = Pair {
        query: query.parts_of(form, class),
        entity: &scratch.entity_parts,
        likeness: |ours: usize, theirs: usize| match (columns.get(ours), rows.get(theirs)) {
            (Some(column), Some(row)) => memo.likeness(*row, usize::from(*column)),
            _ => Likeness::NONE,
        },
        joined: &scratch.joins.found,
        class,
        filiation: form.filiation || rows.iter().any(|row| memo.is_filiation(*row)),
    };
    Ok(pair.align(&mut scratch.align))
}

/// The links of the last alignment, best first.
pub(crate) fn links(scratch: &Scratch) -> &[Link] {
    &scratch.align.taken
}

/// Two entities cannot be compared.
#[derive(Debug, thiserror::Error)]
#[error("the candidate cannot be made into a snapshot of its own")]
#[non_exhaustive]
pub enum CompareError {
    /// It cannot be built.
    Build(#[from] BuildError),
    /// It cannot be opened.
    Open(#[from] SnapshotError),
    /// It cannot be read.
    Corrupt(#[from] Corrupt),
}

/// A snapshot of one entity, in which it has the score that it would have in any other.
pub fn alone(candidate: &Entity) -> Result<Snapshot, CompareError> {
    let mut candidate = candidate.clone();
    let list = ListId::new("compare").expect("a constant that is a list id");
    candidate.datasets = [list.clone()].into();
    let mut builder = Builder::new();
    builder.list(ListMeta { id: list, version: String::new(), title: None, partial: None, stale: None, missing: None });
    builder.entity(candidate);
    Ok(Snapshot::from_bytes(builder.build()?.bytes)?)
}

/// The score of a query entity against a candidate entity: the very score that the candidate has in any snapshot.
pub fn compare(query: &Entity, candidate: &Entity) -> Result<f32, CompareError> {
    if !query.schema.asks(candidate.schema) {
        return Ok(0.0);
    }
    let snapshot = alone(candidate)?;
    let found = Screener::new(&snapshot).pair(&Query::of(query), EntityOrd(0), &mut Scratch::new())?;
    Ok(found.scored.score)
}
