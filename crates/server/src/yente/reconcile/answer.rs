//! Candidates of queries.

use std::sync::Arc;

use interdict_batch::number::number;
use interdict_match::{Query, Worker};
use interdict_model::{Entity, Schema};
use interdict_snapshot::Corrupt;
use serde_json::{Value as Json, json};

use super::queries::Question;
use super::{App, Refusal, View, schemata};
use crate::filter::Filter;
use crate::hits;
use crate::shares::{Asking, in_shares};
use crate::view::caption;
use crate::wire::{served_by, with_warnings};
use crate::yente::clean::{Party, party};
use crate::yente::explanations;
use crate::yente::matching::LEAST_CUTOFF;

/// Score from which a candidate is a match. Source: yente's default threshold.
const MATCH_FROM: f32 = 0.7;

/// Answers all queries: each key with its candidates, best first. yente lists whatever its index brings up, from a score of 0 on; here
/// what scores below [`LEAST_CUTOFF`] is noise and left out.
pub(super) async fn all(
    app: &App,
    view: &Arc<View>,
    filter: Filter,
    questions: Vec<Question>,
    notes: &[String],
) -> Result<Vec<(String, Json)>, Refusal> {
    let mut asked = Vec::with_capacity(questions.len());
    for Question { key, schema, example, limit, warnings: own } in questions {
        let Party { entity, warnings: of_party, .. } = party(&key, &example)?;
        let warnings = notes.iter().cloned().chain(own).chain(of_party).collect();
        asked.push(Asked { key, entity, schema, limit, warnings });
    }
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let served = served_by(view, Some(&filter));
    let view = Arc::clone(view);
    let answer = move |asked: Asked, worker: &mut Worker| {
        let Asked { key, entity, schema, limit, mut warnings } = asked;
        let query = Query::of(&entity).asking(schema);
        if query.is_empty() {
            warnings.push("the query has neither a name nor an identifier, so that nobody was looked for".to_owned());
        }
        if query.n_left_out > 0 {
            warnings.push(format!("{} names were left out, as there are too many", query.n_left_out));
        }
        let json = json!({"result": candidates(&view, &query, limit, &filter, worker)?, "interdict": served});
        Ok((key, with_warnings(json, &warnings)))
    };
    in_shares(&app.engine.pool, asked, answer).await
}

/// A query whose values are cleaned.
struct Asked {
    key: String,
    entity: Entity,
    /// The type that is asked.
    schema: Schema,
    limit: usize,
    warnings: Vec<String>,
}

impl Asking for Asked {
    fn n_values(&self) -> usize {
        self.entity.n_values()
    }
}

fn candidates(
    view: &View,
    query: &Query,
    limit: usize,
    filter: &Filter,
    worker: &mut Worker,
) -> Result<Vec<Json>, Corrupt> {
    let hits = hits::of(view, query, &filter.options(LEAST_CUTOFF, limit), worker)?;
    let candidate = |hit: &hits::Hit| {
        let entity = &hit.shown.entity;
        let reasons = explanations::of(&hit.why);
        let features = reasons.as_object().into_iter().flatten();
        let features: Vec<Json> = features.map(|(name, why)| json!({"id": name, "value": why["score"]})).collect();
        json!({
            "id": entity.id,
            "name": caption(entity),
            "description": entity.schema.label(),
            "type": [schemata::json_of(entity.schema)],
            "score": number(hit.score),
            "match": hit.score >= MATCH_FROM,
            "features": features,
        })
    };
    Ok(hits.iter().map(candidate).collect())
}
