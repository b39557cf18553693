//! `POST /match/{dataset}`: examples against the lists.
//!
//! Idea: the body is read and cleaned on tokio's thread; the queries are screened in shares, and the answer is written by the thread that
//! screens, as text, from what is kept of entities that were shown before.
//! Departures from yente: a score that reaches the threshold is always listed, also where it is equal to the cutoff (yente drops it);
//! a cutoff below [`LEAST_CUTOFF`] counts as that; further members `interdict` and `warnings` stand in the answer.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use interdict_batch::number::number;
use interdict_match::{Query, Screener, Worker, explain_with};
use interdict_model::{Entity, Schema};
use interdict_snapshot::Corrupt;
use serde_json::{Map, Value as Json, json};

use super::clean::{Party, party};
use super::params::Params;
use super::refusal::Refusal;
use super::scope::Asked;
use super::{algorithms, example, explanations};
use crate::address::Path;
use crate::app::{App, Whole};
use crate::observe::screened;
use crate::shares::in_shares;
use crate::view::{Scope, View};

/// Scores below this are noise: whatever shares a syllable with the query. The law of the index is held from 0.5 on; what lies between
/// is found by the same bounds.
pub(crate) const LEAST_CUTOFF: f32 = 0.3;

/// Matches that are counted in `total` beyond those listed: as many as yente scores candidates.
const COUNTED_A_RESULT: usize = 10;
const LEAST_COUNTED: usize = 20;
const MOST_COUNTED: usize = 9999;

/// How each query of a request is asked.
#[derive(Clone, Debug)]
struct Plan {
    scope: Arc<Scope>,
    /// Score from which a result is a match.
    threshold: f32,
    /// Score above which a result is listed.
    cutoff: f32,
    /// Results to list.
    limit: usize,
    weights: Vec<(String, f64)>,
}

/// Answers the route.
pub(crate) async fn post(
    State(app): State<App>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
    headers: axum::http::HeaderMap,
    Whole(bytes): Whole,
) -> Result<Response, Refusal> {
    let settings = &app.settings;
    let mut params = Params::of(query.as_deref());
    let limit = params.int("limit", settings.match_page, settings.max_matches);
    let threshold = params.float("threshold", 0.7);
    let cutoff = params.float("cutoff", 0.7);
    let asked = Asked::of(&mut params);
    let mut faults = Vec::new();
    let body = if is_text(&headers) {
        faults.push(example::not_an_object(&bytes));
        example::MatchBody::default()
    } else {
        example::read(&bytes, &mut faults)
    };
    for fault in faults {
        params.fault(fault);
    }
    params.finish()?;
    let view = app.view()?;
    let scope = asked.scope(&view, &dataset)?;
    let (algorithm, note) = settings.algorithms.named(params.text("algorithm"))?;
    let mut warnings: Vec<String> = note.into_iter().chain(scope.warnings.iter().cloned()).collect();
    algorithms::check(&body, algorithm, &mut warnings)?;
    if body.queries.len() > settings.max_batch {
        return Err(Refusal::bad(format!("Too many queries in one batch (limit: {})", settings.max_batch)));
    }
    if body.queries.is_empty() {
        return Err(Refusal::bad("No queries provided."));
    }
    let cutoff = (cutoff.min(threshold) as f32).max(LEAST_CUTOFF);
    let listed = usize::try_from(limit.max(0)).unwrap_or_default();
    // A limit below nothing drops from the end, as a slice of Python does.
    let dropped = usize::try_from(-limit.min(0)).unwrap_or_default();
    let plan = Arc::new(Plan { scope, threshold: threshold as f32, cutoff, limit: listed, weights: body.weights });
    let mut parties = Vec::with_capacity(body.queries.len());
    for (key, example) in &body.queries {
        let Party { mut entity, warnings: own, .. } = party(&format!("queries.{key}"), example)?;
        algorithms::leave_out(&mut entity, &plan.weights);
        warnings.extend(own.into_iter().map(|said| format!("{key}: {said}")));
        parties.push((key.clone(), example.id.clone(), entity));
    }
    let n_answers = parties.len();
    let responses = screen(&app, &view, &plan, parties, dropped).await?;
    let mut out =
        String::with_capacity(responses.iter().map(|(_, answer)| answer.text.len() + 64).sum::<usize>() + 512);
    out.push_str("{\"responses\":{");
    for (at, (key, Answered { text: answer, looked_for, n_left_out })) in responses.iter().enumerate() {
        if !looked_for {
            warnings.push(format!("{key}: there is neither a name nor an identifier, so that nobody was looked for"));
        }
        if *n_left_out > 0 {
            warnings.push(format!("{key}: {n_left_out} of its names were not looked for, as they are too many"));
        }
        if at > 0 {
            out.push(',');
        }
        out.push_str(&json!(key).to_string());
        out.push(':');
        out.push_str(answer);
    }
    out.push_str("},\"limit\":");
    out.push_str(&limit.to_string());
    out.push_str(",\"interdict\":");
    out.push_str(&plan.scope.served);
    if !warnings.is_empty() {
        out.push_str(",\"warnings\":");
        out.push_str(&json!(warnings).to_string());
    }
    out.push('}');
    let mut response = ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], out).into_response();
    response.headers_mut().insert("x-batch-size", HeaderValue::from(n_answers));
    Ok(response)
}

/// Whether the body says to be something that FastAPI does not take for JSON; a body that says nothing is taken.
fn is_text(headers: &axum::http::HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    !kind.is_empty() && !(kind.starts_with("application/") && (kind.ends_with("/json") || kind.ends_with("+json")))
}

/// Screens all parties of a request; each key with its answer as JSON.
async fn screen(
    app: &App,
    view: &Arc<View>,
    plan: &Arc<Plan>,
    parties: Vec<(String, Option<String>, Entity)>,
    dropped: usize,
) -> Result<Vec<(String, Answered)>, Refusal> {
    let (view, plan) = (Arc::clone(view), Arc::clone(plan));
    let answer = move |(key, id, party): (String, Option<String>, Entity), worker: &mut Worker| {
        answer(&view, &plan, &party, id.as_deref(), dropped, worker).map(|answer| (key, answer))
    };
    in_shares(&app.engine.pool, parties, answer).await
}

/// One party's answer.
struct Answered {
    /// As JSON.
    text: String,
    /// Whether the party says anything by which somebody could be found.
    looked_for: bool,
    /// Names of the party that were not looked for.
    n_left_out: usize,
}

/// One party's answer.
fn answer(
    view: &View,
    plan: &Plan,
    party: &Entity,
    id: Option<&str>,
    dropped: usize,
    worker: &mut Worker,
) -> Result<Answered, Corrupt> {
    let snapshot = &view.snapshot;
    let counted = (plan.limit * COUNTED_A_RESULT).clamp(LEAST_COUNTED, MOST_COUNTED);
    let options = plan.scope.filter.options(plan.cutoff, counted);
    worker.screen(Screener::new(snapshot), party, &options)?;
    let Worker { query, scratch, answer, .. } = worker;
    screened::note(query, plan.threshold, Some(answer));
    let is_match = |score: f32| score >= plan.threshold;
    let listed = |score: f32| is_match(score) || score > plan.cutoff;
    let mut out = String::from("{\"status\":200,\"results\":[");
    let n_listed = answer.matches.iter().filter(|hit| listed(hit.scored.score)).count();
    let n_shown = n_listed.saturating_sub(dropped).min(if dropped > 0 { n_listed } else { plan.limit });
    for (at, hit) in answer.matches.iter().filter(|hit| listed(hit.scored.score)).take(n_shown).enumerate() {
        if at > 0 {
            out.push(',');
        }
        let shown = view.shown(hit.entity)?;
        let why = explain_with(query, snapshot, hit, &shown.entity, scratch)?;
        out.push('{');
        out.push_str(&shown.members);
        out.push_str(",\"score\":");
        out.push_str(&number(hit.scored.score).to_string());
        out.push_str(",\"explanations\":");
        out.push_str(&explanations::of(&why).to_string());
        out.push_str(",\"match\":");
        out.push_str(if is_match(hit.scored.score) { "true}" } else { "false}" });
    }
    let total = answer.matches.iter().filter(|hit| is_match(hit.scored.score)).count();
    out.push_str("],\"total\":");
    out.push_str(&json!({"value": total, "relation": "eq"}).to_string());
    out.push_str(",\"query\":");
    out.push_str(&echo(query, party, id).to_string());
    out.push('}');
    Ok(Answered { text: out, looked_for: !query.is_empty(), n_left_out: query.n_left_out })
}

/// The query as it was asked: its cleaned values.
fn echo(query: &Query, party: &Entity, id: Option<&str>) -> Json {
    let mut properties = Map::new();
    for (property, values) in party.properties() {
        let texts: Vec<&str> = values.iter().map(|value| &*value.text).collect();
        properties.insert(property.name().to_owned(), json!(texts));
    }
    let schema: Schema = query.schema;
    json!({"id": id, "schema": schema.name(), "properties": properties})
}
