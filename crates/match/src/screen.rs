//! Screening: a query against all entities of a snapshot.

use std::sync::Arc;

use interdict_model::Schema;
use interdict_snapshot::{Corrupt, EntityOrd, FormOrd, NameGrade, NameOrd, Snapshot, TokenId};

use crate::align::{AlignScratch, Part};
use crate::asked::Asked;
use crate::best::Best;
use crate::candidates::{Candidate, Gather};
use crate::fields::{self, FieldScore};
use crate::joined::JoinScratch;
use crate::memo::{Memo, Source};
use crate::query::Query;
use crate::score::{FormScores, Scored, combine, load_form, score_form};
use crate::sources::{Found, Name};
use crate::weigh::Class;

/// What a caller wants of an answer.
#[derive(Clone, Debug)]
pub struct Options {
    /// Matches below this score are left out; 0 to 1.
    pub threshold: f32,
    /// Most matches to return.
    pub limit: usize,
    /// Lists to screen against, as bits of their numbers in the snapshot; all bits for all lists.
    pub lists: u64,
    /// Screen against these entities only, as bits of their rows in words of 64; all where none.
    pub only: Option<Arc<[u64]>>,
    /// Score every entity, without the candidate index.
    pub exhaustive: bool,
}

impl Options {
    /// Whether an entity is among those to screen against.
    fn allows(&self, entity: EntityOrd) -> bool {
        let Some(only) = &self.only else { return true };
        only.get(entity.0 as usize / 64).is_some_and(|word| word & (1 << (entity.0 % 64)) != 0)
    }
}

impl Default for Options {
    fn default() -> Options {
        Options { threshold: 0.7, limit: 10, lists: u64::MAX, only: None, exhaustive: false }
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
    pub(crate) joins: JoinScratch,
    pub(crate) tokens: Vec<TokenId>,
    pub(crate) rows: Vec<usize>,
    pub(crate) entity_parts: Vec<Part>,
    gather: Gather,
    asked: Asked,
    holders: Vec<EntityOrd>,
    scored: Vec<EntityOrd>,
    best: Best,
}

impl Scratch {
    /// Working memory, empty until the first query.
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// Makes ready for a query; called before the first score of each.
    pub(crate) fn start(&mut self, snapshot: &Snapshot, query: &Query, source: Source) {
        self.memo.start(snapshot, query.tokens.len(), source);
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
    ///
    /// With the index, candidates are scored in the order of the most that they can score, until nothing that is left can come
    /// among the best `limit`, or be the one beyond by which the answer is known to be truncated.
    pub fn screen(&self, query: &Query, options: &Options, scratch: &mut Scratch) -> Result<Answer, Corrupt> {
        let mut answer = Answer::default();
        self.screen_into(query, options, scratch, &mut answer)?;
        Ok(answer)
    }

    /// As [`Screener::screen`], into an answer of the caller's, whose memory is used again: once it and the scratch are warm, a query
    /// allocates nothing.
    pub fn screen_into(
        &self,
        query: &Query,
        options: &Options,
        scratch: &mut Scratch,
        answer: &mut Answer,
    ) -> Result<(), Corrupt> {
        *answer = Answer { matches: std::mem::take(&mut answer.matches), ..Answer::default() };
        answer.matches.clear();
        scratch.asked.start(query.schema);
        scratch.best.start(options.limit.saturating_add(1));
        scratch.scored.clear();
        let mut source = if options.exhaustive { Source::Compared } else { Source::Indexed };
        scratch.start(self.snapshot, query, source);
        if !options.exhaustive && self.score_best(query, options, scratch)? == Found::All {
            source = Source::Compared;
            scratch.start(self.snapshot, query, source);
            scratch.best.start(options.limit.saturating_add(1));
            scratch.scored.clear();
        }
        if source == Source::Compared {
            for form in (0..self.snapshot.n_forms()).map(FormOrd) {
                let candidate = Candidate { upper: f32::INFINITY, form, joins: true };
                self.score(query, candidate, None, options, scratch)?;
            }
        }
        self.score_holders(query, options, scratch)?;
        answer.n_scored = if source == Source::Compared {
            self.n_asked(query, options, &scratch.asked)?
        } else {
            scratch.scored.sort_unstable();
            scratch.scored.dedup();
            scratch.scored.len()
        };
        scratch.best.settle();
        answer.truncated = scratch.best.matches.len() > options.limit;
        answer.matches.extend(scratch.best.matches.iter().take(options.limit));
        Ok(())
    }

    /// Scores the candidates of each name of the query, the most promising first, until none that is left can be among the best.
    fn score_best(self, query: &Query, options: &Options, scratch: &mut Scratch) -> Result<Found, Corrupt> {
        // An error drops it, with what it has met so far.
        let mut gather = std::mem::take(&mut scratch.gather);
        gather.start(query, self.snapshot, &mut scratch.memo)?;
        let mut found = Found::Some;
        let mut from = 0;
        'names: while let Some(first) = query.forms.get(from) {
            let n = query.forms[from..].iter().take_while(|form| form.name == first.name).count();
            for at in 0..scratch.asked.classes.len() {
                let (class, kinds) = scratch.asked.classes[at];
                let name = Name {
                    query,
                    snapshot: self.snapshot,
                    forms: from..from + n,
                    threshold: options.threshold,
                    class,
                    kinds,
                };
                found = gather.name(&name, at == 0, &scratch.memo)?;
                if found == Found::All {
                    break 'names;
                }
                let mut least = scratch.best.least().max(options.threshold);
                while let Some(candidate) = gather.next(query, self.snapshot, least, &scratch.memo)? {
                    self.score(query, candidate, Some(class), options, scratch)?;
                    least = scratch.best.least().max(options.threshold);
                }
            }
            from += n;
        }
        scratch.gather = gather;
        Ok(found)
    }

    /// Scores a row of tokens, and by it those who bear it; of these only the ones compared in some way, where one is named.
    fn score(
        self,
        query: &Query,
        candidate: Candidate,
        only: Option<Class>,
        options: &Options,
        scratch: &mut Scratch,
    ) -> Result<(), Corrupt> {
        let (tokens, kinds) = self.snapshot.form(candidate.form)?;
        let mut scores: [FormScores; 3] = [[(0.0, 0); 2]; 3];
        for at in 0..scratch.asked.classes.len() {
            let (class, own) = scratch.asked.classes[at];
            if own & kinds == 0 || only.is_some_and(|only| only != class) {
                continue;
            }
            let tokens = tokens.iter().map(|token| TokenId(token.get()));
            load_form(query, self.snapshot, tokens, class, scratch)?;
            scores[class as usize] = score_form(query, self.snapshot, class, candidate.joins, scratch)?;
        }
        if scores.iter().flatten().all(|(score, _)| *score <= 0.0) {
            return Ok(());
        }
        let has_fields = query.has_fields();
        // Where names alone are compared, bearers beyond those to keep have the same score and later ids.
        let mut n_same = [[0usize; 2]; 3];
        for name in self.snapshot.bearers(candidate.form)? {
            let name = NameOrd(name.get());
            let (entity, _, grade) = self.snapshot.bearer(name)?;
            let Some(class) = self.asked(query, entity, options, &scratch.asked)? else { continue };
            let weak = usize::from(grade == NameGrade::Weak);
            let (own, form) = scores[class as usize][weak];
            if own <= 0.0 {
                continue;
            }
            let n_same = &mut n_same[class as usize][weak];
            if !has_fields && *n_same >= scratch.best.keep {
                continue;
            }
            *n_same += 1;
            scratch.scored.push(entity);
            let score = if has_fields {
                self.with_fields(query, entity, class, own)?
            } else {
                combine(own, &FieldScore::default())
            };
            // An equal identifier lifts a score over any bound of names, another of the query's names over that of this one: holders
            // are scored apart, and each name has its own candidates.
            debug_assert!(
                score <= candidate.upper || !query.identifiers.is_empty() || query.names.len() > 1,
                "{score} is above its bound {}",
                candidate.upper
            );
            if score >= options.threshold && score > 0.0 {
                scratch.best.push(Match { entity, scored: Scored { score, name: own, best: Some((form, name)) } });
            }
        }
        Ok(())
    }

    /// Scores those who hold an identifier of the query by all of their names, which may have nothing in common with the query's.
    fn score_holders(self, query: &Query, options: &Options, scratch: &mut Scratch) -> Result<(), Corrupt> {
        let mut holders = std::mem::take(&mut scratch.holders);
        holders.clear();
        for identifier in &query.identifiers {
            self.snapshot.entities_with_identifier(&identifier.key, &mut holders)?;
        }
        holders.sort_unstable();
        holders.dedup();
        for entity in &holders {
            let Some(class) = self.asked(query, *entity, options, &scratch.asked)? else { continue };
            let best = self.best_name(query, *entity, class, scratch)?;
            let score = self.with_fields(query, *entity, class, best.0)?;
            if score >= options.threshold && score > 0.0 {
                scratch.best.push(Match { entity: *entity, scored: Scored { score, name: best.0, best: best.1 } });
            }
        }
        scratch.scored.extend_from_slice(&holders);
        scratch.holders = holders;
        Ok(())
    }

    /// The best of all names of an entity, with the query's form; 0 and none where none has anything in common with it.
    fn best_name(
        self,
        query: &Query,
        entity: EntityOrd,
        class: Class,
        scratch: &mut Scratch,
    ) -> Result<(f32, Option<(usize, NameOrd)>), Corrupt> {
        let mut best = (0.0f32, None);
        for name in self.snapshot.names_of(entity)?.map(NameOrd) {
            let view = self.snapshot.name(name)?;
            load_form(query, self.snapshot, view.tokens(), class, scratch)?;
            let scores = score_form(query, self.snapshot, class, true, scratch)?;
            let (score, form) = scores[usize::from(view.grade == NameGrade::Weak)];
            if score > best.0 {
                best = (score, Some((form, name)));
            }
        }
        Ok(best)
    }

    /// Scores one entity, whatever its score and whether the query's schema asks it: what [`crate::explain_pair`] says *why not* of. Where no
    /// name has anything in common with the query the first ones stand for all.
    pub fn pair(self, query: &Query, entity: EntityOrd, scratch: &mut Scratch) -> Result<Match, Corrupt> {
        let class = Class::of_kind(query.schema == Schema::person(), self.snapshot.kind(entity)?);
        scratch.start(self.snapshot, query, Source::Compared);
        let (name, best) = self.best_name(query, entity, class, scratch)?;
        let first = self.snapshot.names_of(entity)?.map(NameOrd).next();
        let best = best.or_else(|| first.filter(|_| !query.forms.is_empty()).map(|first| (0, first)));
        let score = self.with_fields(query, entity, class, name)?;
        Ok(Match { entity, scored: Scored { score, name, best } })
    }

    /// Number of entities that the query asks.
    fn n_asked(self, query: &Query, options: &Options, asked: &Asked) -> Result<usize, Corrupt> {
        let mut n = 0;
        for entity in (0..self.snapshot.n_entities()).map(EntityOrd) {
            n += usize::from(self.asked(query, entity, options, asked)?.is_some());
        }
        Ok(n)
    }

    /// How names of an entity are compared; `None` where the query does not ask it.
    fn asked(
        self,
        query: &Query,
        entity: EntityOrd,
        options: &Options,
        asked: &Asked,
    ) -> Result<Option<Class>, Corrupt> {
        let schema = self.snapshot.schema(entity)?;
        let is_asked = asked.schemata.get(usize::from(schema.index())) == Some(&true)
            && options.allows(entity)
            && self.snapshot.datasets(entity)? & options.lists != 0;
        let class = Class::of_kind(query.schema == Schema::person(), self.snapshot.kind(entity)?);
        Ok(is_asked.then_some(class))
    }

    fn with_fields(self, query: &Query, entity: EntityOrd, class: Class, name: f32) -> Result<f32, Corrupt> {
        let party = self.snapshot.party(entity)?;
        let fields = fields::compare(query, self.snapshot, &party, class, |_, _, _| {})?;
        Ok(combine(name, &fields))
    }
}
