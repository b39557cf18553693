//! The best hits of one query, each with its entity and, where asked for, its reasons.

use std::sync::Arc;

use interdict_match::{Explanation, Options, Query, Screener, Worker, explain_with};
use interdict_snapshot::{Corrupt, EntityOrd};

use crate::observe::screened;
use crate::view::{Shown, View};

/// A hit.
#[derive(Debug)]
pub(crate) struct Hit {
    /// Its row.
    pub(crate) ord: EntityOrd,
    /// Its entity.
    pub(crate) shown: Arc<Shown>,
    /// Its score.
    pub(crate) score: f32,
    /// What the score rests on.
    pub(crate) why: Explanation,
}

/// Screens a query: the best hits, best first, ties by id.
pub(crate) fn of(view: &View, query: &Query, options: &Options, worker: &mut Worker) -> Result<Vec<Hit>, Corrupt> {
    let Worker { scratch, answer, .. } = worker;
    Screener::new(&view.snapshot).screen_into(query, options, scratch, answer)?;
    screened::note(query, options.threshold, Some(answer));
    let mut hits = Vec::with_capacity(answer.matches.len());
    for found in &answer.matches {
        let shown = view.shown(found.entity)?;
        let why = explain_with(query, &view.snapshot, found, &shown.entity, scratch)?;
        hits.push(Hit { ord: found.entity, shown, score: found.scored.score, why });
    }
    Ok(hits)
}
