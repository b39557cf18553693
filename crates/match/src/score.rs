//! The score of a pair: the best of its names, then the fields.
//!
//! `score = min(1, max(floor, alignment · ceiling(bits) · grade + points))`. The ceiling rises with the information in the
//! parts that met: an exact common name is less sure than an exact rare one. Whole names that are equal with nothing against
//! them never score below 0.75 (0.7 for a personal name of one part); see `docs/matching.md`.

use interdict_model::{Entity, ListId};
use interdict_snapshot::facts::MAX_TOKENS;
use interdict_snapshot::{
    BuildError, Builder, Corrupt, EntityOrd, ListMeta, NameGrade, NameOrd, Snapshot, SnapshotError, TokenId, TokenView,
};
use interdict_text::Role;

use crate::align::{Alignment, Link, Pair, Part, Side};
use crate::fields::{self, FieldScore};
use crate::query::{Form, Query};
use crate::screen::Scratch;
use crate::similar::{Likeness, likeness, may_be_alike};
use crate::weigh::{Class, HEAD, head, weight};

/// A scored pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// 0 to 1.
    pub score: f32,
    /// The query's form and the entity's name that met best.
    pub(crate) best: Option<(usize, NameOrd)>,
}

/// Equal whole names with nothing against them.
const WHOLE_FLOOR: f32 = 0.75;
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

/// Name and fields together.
pub(crate) fn combine(name: f32, fields: &FieldScore) -> f32 {
    let room = ((1.0 - name) / FULL_ROOM).clamp(0.0, 1.0);
    let points = fields.added * room - fields.taken;
    let base = if name > 0.0 { (name + points).max(0.0) } else { 0.0 };
    let score = if fields.floor > 0.0 {
        let both = if name > 0.5 { BOTH_AGREE } else { 0.0 };
        base.max(fields.floor) + both
    } else {
        base
    };
    score.clamp(0.0, 1.0)
}

/// Likeness of a query's tokens and the snapshot's, computed once a query for each token that is met.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// By token: the query that filled its row, and the row.
    rows: Vec<(u32, u32)>,
    /// Row by row, a column for each token of the query.
    likeness: Vec<Likeness>,
    parts: Vec<[Part; 3]>,
    /// By row: whether the token says whose son or daughter somebody is.
    filiation: Vec<bool>,
    query: u32,
    n_columns: usize,
}

impl Memo {
    /// Forgets the last query; O(1) but for the first use.
    pub(crate) fn start(&mut self, snapshot: &Snapshot, n_columns: usize) {
        let n_tokens = snapshot.n_tokens() as usize;
        if self.rows.len() != n_tokens || self.query == u32::MAX {
            self.rows.clear();
            self.rows.resize(n_tokens, (0, 0));
            self.query = 0;
        }
        self.query += 1;
        self.n_columns = n_columns;
        self.likeness.clear();
        self.parts.clear();
        self.filiation.clear();
    }

    /// Row of a token, filled if need be.
    fn row(&mut self, query: &Query, snapshot: &Snapshot, token: TokenId) -> Result<usize, Corrupt> {
        let corrupt = Corrupt { section: "tokens", row: u64::from(token.0) };
        let slot = self.rows.get_mut(token.0 as usize).ok_or(corrupt)?;
        if slot.0 == self.query {
            return Ok(slot.1 as usize);
        }
        let row = self.parts.len();
        *slot = (self.query, row as u32);
        let view = snapshot.token(token)?;
        let sketch = snapshot.token_sketch(token)?;
        self.likeness.extend(query.tokens.iter().zip(&query.sketches).map(|(ours, sketched)| {
            if may_be_alike(sketched, &sketch) { likeness(&ours.view(), &view) } else { Likeness::NONE }
        }));
        let part =
            |class| Part { role: view.role, weight: weight(&view, class), bits: view.bits, generic: view.generic };
        self.filiation.push(is_filiation(&view));
        self.parts.push([part(Class::Person), part(Class::Organization), part(Class::Object)]);
        Ok(row)
    }
}

/// Whether a token is *son of* or *daughter of*.
fn is_filiation(token: &TokenView<'_>) -> bool {
    token.role == Role::Particle
        && matches!(token.text, "bin" | "ben" | "ibn" | "bint" | "binti" | "b" | "oglu" | "ogly")
}

/// Scores one entity against a query: all its names, then its fields. 0 where the query does not ask its schema.
pub(crate) fn score_entity(
    query: &Query,
    snapshot: &Snapshot,
    ord: EntityOrd,
    scratch: &mut Scratch,
) -> Result<Scored, Corrupt> {
    let schema = snapshot.schema(ord)?;
    if !query.schema.asks(schema) {
        return Ok(Scored { score: 0.0, best: None });
    }
    let class = Class::of(query.schema, schema);
    let mut best = (0.0f32, None);
    for name in snapshot.names_of(ord)?.map(NameOrd) {
        let view = snapshot.name(name)?;
        let (score, form) = score_name(query, snapshot, &view, class, scratch)?;
        if score > best.0 {
            best = (score, form.map(|form| (form, name)));
        }
    }
    let party = snapshot.party(ord)?;
    if best.0 == 0.0 && query.identifiers.is_empty() {
        return Ok(Scored { score: 0.0, best: None });
    }
    let fields = fields::compare(query, snapshot, &party, class, |_, _, _| {})?;
    Ok(Scored { score: combine(best.0, &fields), best: best.1 })
}

/// The best form of the query against one name.
fn score_name(
    query: &Query,
    snapshot: &Snapshot,
    view: &interdict_snapshot::NameView<'_>,
    class: Class,
    scratch: &mut Scratch,
) -> Result<(f32, Option<usize>), Corrupt> {
    let mut best = (0.0f32, None);
    load_name(query, snapshot, view, class, scratch)?;
    for (at, form) in query.forms.iter().enumerate() {
        let alignment = align_form(query, form, class, scratch);
        let score = name_score(&alignment, view.grade, class);
        if score > best.0 {
            best = (score, Some(at));
        }
    }
    Ok(best)
}

/// Fills the scratch with the rows and parts of a name's tokens and joins.
pub(crate) fn load_name(
    query: &Query,
    snapshot: &Snapshot,
    view: &interdict_snapshot::NameView<'_>,
    class: Class,
    scratch: &mut Scratch,
) -> Result<(), Corrupt> {
    scratch.entity_rows.clear();
    scratch.entity_join_rows.clear();
    scratch.entity_joins.clear();
    scratch.entity_parts.clear();
    for token in view.tokens().take(MAX_TOKENS) {
        let row = scratch.memo.row(query, snapshot, token)?;
        scratch.entity_rows.push(row);
        scratch.entity_parts.push(scratch.memo.parts[row][class as usize]);
    }
    let head = head(class, scratch.entity_parts.iter().map(|part| (part.role, part.generic)));
    if let Some(part) = head.and_then(|at| scratch.entity_parts.get_mut(at)) {
        part.weight *= HEAD;
    }
    for join in view.joins() {
        let row = join.map(|join| scratch.memo.row(query, snapshot, join)).transpose()?;
        scratch.entity_joins.push(row.is_some());
        scratch.entity_join_rows.push(row.unwrap_or(0));
    }
    Ok(())
}

/// Aligns a form with the name that the scratch holds; the links taken are left in `scratch.align`.
pub(crate) fn align_form(query: &Query, form: &Form, class: Class, scratch: &mut Scratch) -> Alignment {
    scratch.query_parts.clear();
    scratch.query_parts.extend(form.tokens.iter().zip(&form.weights[class as usize]).map(|(token, weight)| {
        let facts = &query.tokens[usize::from(*token)];
        Part { role: facts.role, weight: *weight, bits: facts.bits, generic: facts.generic }
    }));
    let (memo, rows, join_rows) = (&scratch.memo, &scratch.entity_rows, &scratch.entity_join_rows);
    let pair = Pair {
        form,
        query: &scratch.query_parts,
        entity: &scratch.entity_parts,
        entity_joins: &scratch.entity_joins,
        likeness: |ours: Side, theirs: Side| {
            let column = match ours {
                Side::Token(at) => form.tokens.get(at).copied(),
                Side::Join(at) => form.joins.get(at).copied().flatten(),
            };
            let row = match theirs {
                Side::Token(at) => rows.get(at),
                Side::Join(at) => join_rows.get(at),
            };
            match (column, row) {
                (Some(column), Some(row)) => memo.likeness[row * memo.n_columns + usize::from(column)],
                _ => Likeness::NONE,
            }
        },
        class,
        filiation: rows.iter().any(|row| memo.filiation.get(*row) == Some(&true))
            || form.tokens.iter().any(|token| is_filiation(&query.tokens[usize::from(*token)].view())),
    };
    pair.align(&mut scratch.align)
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
    let query = Query::of(query);
    let mut scratch = Scratch::new();
    scratch.start(&snapshot, &query);
    Ok(score_entity(&query, &snapshot, EntityOrd(0), &mut scratch)?.score)
}
