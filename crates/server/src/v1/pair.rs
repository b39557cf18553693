//! `/v1/explain` and `/v1/compare`: why a pair has its score, hit or not.

use std::sync::Arc;

use axum::Json as Body;
use axum::extract::State;
use interdict_batch::answer::snapshot_json;
use interdict_batch::number::{number, shortest};
use interdict_match::{Explanation, Worker, alone, explain_pair};
use interdict_model::{Entity, Schema};
use interdict_snapshot::EntityOrd;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::asked::THRESHOLD;
use super::entities::find;
use super::party::{Asked, Given, read_body};
use super::problem::Problem;
use super::screen::SnapshotInfo;
use crate::app::App;
use crate::shares;

/// A party and a listed entity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExplainRequest {
    /// The party.
    pub query: Asked,
    /// Id of the listed entity, or one that was merged into it.
    pub entity: String,
}

/// Two parties.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompareRequest {
    /// The party that is asked about.
    pub query: Asked,
    /// The party that it may be.
    pub candidate: Asked,
}

/// The score of a pair, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PairAnswer {
    /// The caller's id.
    pub id: String,
    /// 0 to 1; of a schema that the query does not ask 0.
    pub score: f32,
    /// Whether the score reaches the policy's threshold.
    #[serde(rename = "match")]
    pub is_match: bool,
    /// Every part of the score, for and against.
    #[schema(value_type = Object)]
    pub explanation: Json,
    /// The same in sentences, one a line.
    pub lines: Vec<String>,
    /// The listed entity's id and what to call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub entity: Option<Json>,
    /// What answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotInfo>,
}

/// Why a party has its score against a listed entity; also why it is no hit.
#[utoipa::path(post, path = "/v1/explain", tag = "screening", request_body = ExplainRequest,
    responses((status = 200, body = PairAnswer), (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn explain(State(app): State<App>, Given(bytes): Given) -> Result<Body<Json>, Problem> {
    let request: ExplainRequest = read_body(&bytes)?;
    let view = app.view()?;
    let ord = find(&view, &request.entity)?;
    let row = request.query.row("/query", 1).map_err(Problem::unusable)?;
    let shown = view.shown(ord)?;
    let entity = json!({"id": shown.entity.id, "caption": crate::view::caption(&shown.entity)});
    let snapshot = snapshot_json(view.snapshot.id(), view.meta());
    let id = row.id.clone();
    let task = move |worker: &mut Worker| {
        let Worker { query, query_scratch, scratch, .. } = worker;
        if let Ok(party) = &row.party {
            party.take_apart(query, query_scratch);
        }
        explain_pair(query, &view.snapshot, ord, scratch)
    };
    let why = shares::alone(&app.engine.pool, task).await?;
    let mut answer = pair_json(&id, &why);
    if let Some(members) = answer.as_object_mut() {
        members.insert("entity".to_owned(), entity);
        members.insert("snapshot".to_owned(), snapshot);
    }
    Ok(Body(answer))
}

/// The score that one party has against another, as it would have in any list.
#[utoipa::path(post, path = "/v1/compare", tag = "screening", request_body = CompareRequest,
    responses((status = 200, body = PairAnswer), (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn compare(State(app): State<App>, Given(bytes): Given) -> Result<Body<Json>, Problem> {
    let request: CompareRequest = read_body(&bytes)?;
    let query = request.query.party("query", "/query");
    let candidate = request.candidate.party("candidate", "/candidate");
    let (query, candidate) = match (query, candidate) {
        (Ok(query), Ok(candidate)) => (query, candidate),
        (query, candidate) => {
            let faults = [query.err(), candidate.err()];
            return Err(Problem::unusable(faults.into_iter().flatten().flatten().collect()));
        }
    };
    let id = request.query.id.unwrap_or_else(|| "query-1".to_owned());
    let parties = Arc::new((query, candidate.entity));
    let task = move |worker: &mut Worker| {
        let (party, candidate) = &*parties;
        let Worker { query, query_scratch, scratch, .. } = worker;
        party.take_apart(query, query_scratch);
        let mut best: Option<Explanation> = None;
        for candidate in readings(candidate, query.schema) {
            let why = alone(&candidate).map_err(|error| error.to_string()).and_then(|snapshot| {
                explain_pair(query, &snapshot, EntityOrd(0), scratch).map_err(|error| error.to_string())
            });
            match why {
                Err(said) => return Ok(Err(said)),
                Ok(why) if best.as_ref().is_none_or(|best| why.score > best.score) => best = Some(why),
                Ok(_) => {}
            }
        }
        Ok(best.ok_or_else(|| "there is nothing to compare".to_owned()))
    };
    let why = shares::alone(&app.engine.pool, task).await?.map_err(Problem::internal)?;
    Ok(Body(pair_json(&id, &why)))
}

/// What a party may be of which nobody said it: a list has only parties of some schema, so it is compared as what the other one is, or, where
/// that is not said either, as each kind of party that names are compared by; the best counts.
fn readings(candidate: &Entity, asked: Schema) -> Vec<Entity> {
    if candidate.schema != Schema::thing() {
        return vec![candidate.clone()];
    }
    let kinds = if asked == Schema::thing() {
        vec![Schema::person(), Schema::legal_entity(), Schema::vessel()]
    } else {
        vec![asked]
    };
    let reading = |kind| {
        let mut candidate = candidate.clone();
        candidate.set_schema(kind);
        candidate
    };
    kinds.into_iter().map(reading).collect()
}

fn pair_json(id: &str, why: &Explanation) -> Json {
    json!({"id": id, "score": number(why.score), "match": why.score >= THRESHOLD, "explanation": shortest(why), "lines": why.lines()})
}
