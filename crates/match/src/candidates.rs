//! From a query to the entities that can still reach the threshold.
//!
//! Idea: for each token of the query, the keys yield the snapshot's tokens that are like it, and their postings the names that
//! hold them; each name gathers the weight that it can meet at most. A name stays if what it gathered can reach the threshold
//! by the bound that `align` states, given the most that the query's other fields can add. Identifiers lead to their holders
//! directly.
//! Invariant: candidates ⊇ { e : score(query, e) ≥ threshold }; `tests/it/recall.rs` holds it against every entity.
//! Cost: O(Σ postings of similar tokens). Tokens are taken rarest first, and once what is left of the query could not carry a
//! name over the bound by itself, names not yet met are passed over.

use std::collections::HashMap;
use std::rc::Rc;

use interdict_snapshot::{Corrupt, EntityOrd, NameOrd, Snapshot, TokenFacts, TokenId, TokenIdentity};
use interdict_text::Role;

use crate::fields;
use crate::query::{Form, Query};
use crate::score::ceiling;
use crate::similar::{likeness, may_be_alike};
use crate::weigh::Class;

/// Rounding must never lose a candidate: sums of a few `f32` differ by far less.
const SLACK: f32 = 1e-4;

/// The snapshot's tokens that are like a word, with their likeness.
type Similar = Rc<[(TokenId, f32)]>;

/// Words that are remembered from query to query; all are forgotten at once where there are more. Some ten megabytes at most.
const MAX_KNOWN: usize = 8192;

/// Working memory for gathering candidates.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    /// By name: the round that it was met in, and the weight it can meet at most by class.
    met: Vec<(u32, [f32; 3])>,
    touched: Vec<u32>,
    round: u32,
    keys: Vec<u32>,
    similar: Vec<TokenId>,
    /// By token of the query: the snapshot's tokens that are like it with their likeness, found once a query.
    found: Vec<Option<Similar>>,
    /// What was found for words of earlier queries of the same snapshot: customers share their common names, which have the most
    /// that is like them.
    known: HashMap<TokenIdentity<String>, Similar>,
    /// Id of the snapshot that `known` speaks of.
    known_of: String,
    entities: Vec<EntityOrd>,
}

/// What candidates are to be found.
pub(crate) enum Found<'a> {
    /// These, ascending.
    Some(&'a [EntityOrd]),
    /// The threshold is so low that no entity can be left out.
    All,
}

impl Gather {
    /// The entities that can score at or above `threshold`, and perhaps some that cannot.
    pub(crate) fn candidates(
        &mut self,
        query: &Query,
        snapshot: &Snapshot,
        threshold: f32,
    ) -> Result<Found<'_>, Corrupt> {
        self.entities.clear();
        self.found.clear();
        self.found.resize(query.tokens.len(), None);
        if self.known_of != snapshot.id() {
            self.known.clear();
            snapshot.id().clone_into(&mut self.known_of);
        }
        for identifier in &query.identifiers {
            snapshot.entities_with_identifier(&identifier.key, &mut self.entities)?;
        }
        let n_names = snapshot.n_names() as usize;
        if self.met.len() != n_names || self.round > u32::MAX - query.forms.len() as u32 - 1 {
            self.met.clear();
            self.met.resize(n_names, (0, [0.0; 3]));
            self.round = 0;
        }
        for form in &query.forms {
            if !self.gather_form(query, form, snapshot, threshold)? {
                return Ok(Found::All);
            }
        }
        self.entities.sort_unstable();
        self.entities.dedup();
        Ok(Found::Some(&self.entities))
    }

    /// Adds the candidates of one form; `false` where nothing can be left out.
    fn gather_form(
        &mut self,
        query: &Query,
        form: &Form,
        snapshot: &Snapshot,
        threshold: f32,
    ) -> Result<bool, Corrupt> {
        let needs = Class::ALL.map(|class| Need::of(query, form, class, threshold));
        // A form that is carried over the bound by what leads to no names (`K. J.`) may meet any name.
        if needs.iter().any(|need| need.share <= 0.0 || need.free >= need.least) {
            return Ok(false);
        }
        self.round += 1;
        self.touched.clear();
        // Joins first: they are rare, and stand for several tokens at once.
        for (at, join) in form.joins.iter().enumerate() {
            if let Some(join) = join {
                let places = if at + 1 < form.tokens.len() { at..at + 2 } else { 0..form.tokens.len() };
                let weights = Class::ALL.map(|class| form.weights[class as usize][places.clone()].iter().sum());
                self.meet(query, *join, snapshot, weights, true)?;
            }
        }
        let mut order: Vec<(usize, u16, [f32; 3])> = Vec::with_capacity(form.tokens.len());
        let tokens = form.tokens.iter().enumerate();
        for (at, token) in tokens.filter(|(_, token)| indexed(&query.tokens[usize::from(**token)])) {
            let n_postings = self.n_postings(query, *token, snapshot)?;
            order.push((n_postings, *token, Class::ALL.map(|class| form.weights[class as usize][at])));
        }
        order.sort_unstable_by_key(|(n_postings, token, _)| (*n_postings, *token));
        for at in 0..order.len() {
            let mut rest = needs.map(|need| need.free);
            for (_, _, weights) in &order[at..] {
                for (rest, weight) in rest.iter_mut().zip(weights) {
                    *rest += weight;
                }
            }
            let new = rest.iter().zip(&needs).any(|(rest, need)| *rest >= need.least);
            let (_, token, weights) = order[at];
            self.meet(query, token, snapshot, weights, new)?;
        }
        for name in &self.touched {
            let Some((_, met)) = self.met.get(*name as usize) else { continue };
            if met.iter().zip(&needs).any(|(met, need)| met + need.free >= need.least) {
                let entity = snapshot.entity_of_name(NameOrd(*name))?;
                let class = Class::of(query.schema, snapshot.schema(entity)?);
                let need = &needs[class as usize];
                if met[class as usize] + need.free >= need.least {
                    self.entities.push(entity);
                }
            }
        }
        Ok(true)
    }

    /// Adds the weight of a token to all names that hold one like it; names not yet met only if `new`.
    fn meet(
        &mut self,
        query: &Query,
        token: u16,
        snapshot: &Snapshot,
        weights: [f32; 3],
        new: bool,
    ) -> Result<(), Corrupt> {
        self.find_similar(query, token, snapshot)?;
        let Some(Some(similar)) = self.found.get(usize::from(token)) else { return Ok(()) };
        for (theirs, score) in similar.iter() {
            for name in snapshot.postings(*theirs)? {
                let name = name.get();
                let Some((round, met)) = self.met.get_mut(name as usize) else { continue };
                if *round != self.round {
                    if !new {
                        continue;
                    }
                    (*round, *met) = (self.round, [0.0; 3]);
                    self.touched.push(name);
                }
                for (met, weight) in met.iter_mut().zip(weights) {
                    *met += weight * score;
                }
            }
        }
        Ok(())
    }

    fn n_postings(&mut self, query: &Query, token: u16, snapshot: &Snapshot) -> Result<usize, Corrupt> {
        self.find_similar(query, token, snapshot)?;
        let Some(Some(similar)) = self.found.get(usize::from(token)) else { return Ok(0) };
        let mut n = 0;
        for (theirs, _) in similar.iter() {
            n += snapshot.postings(*theirs)?.len();
        }
        Ok(n)
    }

    /// The snapshot's tokens that are like a token of the query.
    fn find_similar(&mut self, query: &Query, token: u16, snapshot: &Snapshot) -> Result<(), Corrupt> {
        let at = usize::from(token);
        if self.found.get(at).is_some_and(Option::is_some) {
            return Ok(());
        }
        let facts = &query.tokens[at];
        // Joins seldom come again.
        let word = (!facts.join).then(|| facts.identity().to_key());
        if let Some(known) = word.as_ref().and_then(|word| self.known.get(word)) {
            self.found[at] = Some(Rc::clone(known));
            return Ok(());
        }
        self.keys.clear();
        facts.asked_keys_into(&mut self.keys);
        self.keys.sort_unstable();
        self.keys.dedup();
        self.similar.clear();
        for key in &self.keys {
            snapshot.tokens_with_key(*key, &mut self.similar)?;
        }
        self.similar.sort_unstable();
        self.similar.dedup();
        let mut found = Vec::new();
        for theirs in &self.similar {
            if !may_be_alike(&query.sketches[at], &snapshot.token_sketch(*theirs)?) {
                continue;
            }
            let score = likeness(&facts.view(), &snapshot.token(*theirs)?).score;
            if score > 0.0 {
                found.push((*theirs, score));
            }
        }
        let found: Similar = found.into();
        if let Some(word) = word {
            if self.known.len() >= MAX_KNOWN {
                self.known.clear();
            }
            self.known.insert(word, Rc::clone(&found));
        }
        self.found[at] = Some(found);
        Ok(())
    }
}

/// Whether a token leads to names; all others are counted as possibly met by every name.
fn indexed(token: &TokenFacts) -> bool {
    matches!(token.role, Role::Name | Role::Number(_))
}

/// What a name must gather.
#[derive(Clone, Copy, Debug)]
struct Need {
    /// Least weight to be met.
    least: f32,
    /// Its share in the whole weight of the form; 0 or less where every name may reach the threshold.
    share: f32,
    /// Weight of the tokens that lead to no names.
    free: f32,
}

impl Need {
    /// By the bound of `align`: a name that meets weight `A` of `W` scores at most `A / (A + β(W − A))` times the ceiling, plus
    /// what the fields add; solved for `A`.
    fn of(query: &Query, form: &Form, class: Class, threshold: f32) -> Need {
        let weights = &form.weights[class as usize];
        let whole: f32 = weights.iter().sum();
        let outside =
            form.tokens.iter().zip(weights).filter(|(token, _)| !indexed(&query.tokens[usize::from(**token)]));
        let free: f32 = outside.map(|(_, weight)| *weight).sum();
        let bits: f32 = form.tokens.iter().map(|token| query.tokens[usize::from(*token)].bits).sum();
        // Nothing scores above the ceiling but equal whole names, which meet all of the weight anyway.
        let wanted = ((threshold - fields::most(query) - SLACK) / ceiling(bits)).min(0.97);
        let beta = class.costs().query_extra;
        let share = wanted * beta / (1.0 - wanted * (1.0 - beta));
        Need { least: share * whole - SLACK, share, free }
    }
}
