//! Screening: a query against all entities of a snapshot.

use interdict_snapshot::{Corrupt, EntityOrd, Snapshot};

use crate::align::{AlignScratch, Part};
use crate::candidates::{Found, Gather};
use crate::query::Query;
use crate::score::{Memo, Scored, score_entity};

/// What a caller wants of an answer.
#[derive(Clone, Debug)]
pub struct Options {
    /// Matches below this score are left out; 0 to 1.
    pub threshold: f32,
    /// Most matches to return.
    pub limit: usize,
    /// Lists to screen against, as bits of their numbers in the snapshot; all bits for all lists.
    pub lists: u64,
    /// Score every entity, without the candidate index.
    pub exhaustive: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { threshold: 0.7, limit: 10, lists: u64::MAX, exhaustive: false }
    }
}

/// A scored candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// The entity.
    pub entity: EntityOrd,
    /// Its score and what it rests on.
    pub scored: Scored,
}

/// What screening yields.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Best first; ties by id.
    pub matches: Vec<Match>,
    /// Whether more matches reach the threshold than the limit lets through.
    pub truncated: bool,
    /// Number of entities that were scored in full.
    pub n_scored: usize,
}

/// Working memory of one thread, reused from query to query.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) memo: Memo,
    pub(crate) align: AlignScratch,
    pub(crate) gather: Gather,
    pub(crate) entity_rows: Vec<usize>,
    pub(crate) entity_join_rows: Vec<usize>,
    pub(crate) entity_joins: Vec<bool>,
    pub(crate) entity_parts: Vec<Part>,
    pub(crate) query_parts: Vec<Part>,
    candidates: Vec<EntityOrd>,
}

impl Scratch {
    /// Working memory, empty until the first query.
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// Makes ready for a query; called before the first score of each.
    pub(crate) fn start(&mut self, snapshot: &Snapshot, query: &Query) {
        self.memo.start(snapshot, query.tokens.len());
    }
}

/// A snapshot ready to answer queries; shared by any number of threads, each with a [`Scratch`] of its own.
#[derive(Clone, Copy, Debug)]
pub struct Screener<'snap> {
    snapshot: &'snap Snapshot,
}

impl<'snap> Screener<'snap> {
    /// A screener over a snapshot.
    pub fn new(snapshot: &'snap Snapshot) -> Screener<'snap> {
        Screener { snapshot }
    }

    /// The snapshot.
    pub fn snapshot(&self) -> &'snap Snapshot {
        self.snapshot
    }

    /// The best matches of a query, best first, ties by id: the same with the candidate index as without it.
    pub fn screen(&self, query: &Query, options: &Options, scratch: &mut Scratch) -> Result<Answer, Corrupt> {
        scratch.start(self.snapshot, query);
        let mut candidates = std::mem::take(&mut scratch.candidates);
        candidates.clear();
        let all = |candidates: &mut Vec<EntityOrd>| candidates.extend((0..self.snapshot.n_entities()).map(EntityOrd));
        if options.exhaustive {
            all(&mut candidates);
        } else {
            match scratch.gather.candidates(query, self.snapshot, options.threshold)? {
                Found::Some(found) => candidates.extend_from_slice(found),
                Found::All => all(&mut candidates),
            }
        }
        let mut answer = Answer::default();
        for entity in candidates.drain(..) {
            if !query.schema.asks(self.snapshot.schema(entity)?) || self.snapshot.datasets(entity)? & options.lists == 0
            {
                continue;
            }
            answer.n_scored += 1;
            let scored = score_entity(query, self.snapshot, entity, scratch)?;
            if scored.score >= options.threshold && scored.score > 0.0 {
                answer.matches.push(Match { entity, scored });
            }
        }
        scratch.candidates = candidates;
        // Entities are numbered in the order of their ids.
        answer
            .matches
            .sort_by(|one, other| other.scored.score.total_cmp(&one.scored.score).then(one.entity.cmp(&other.entity)));
        answer.truncated = answer.matches.len() > options.limit;
        answer.matches.truncate(options.limit);
        Ok(answer)
    }
}
