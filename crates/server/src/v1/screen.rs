//! `/v1/screen`: one party by parameters, many by a body.
//!
//! Idea: queries are read and checked whole before any is screened, so that a request is answered whole or refused whole; they are screened in
//! shares on the threads that screen, from one view.

use std::sync::Arc;

use axum::Json as Body;
use axum::extract::{RawQuery, State};
use interdict_batch::Row;
use interdict_batch::answer::{self, Form, snapshot_json};
use interdict_match::Worker;
use interdict_snapshot::Corrupt;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::asked::{How, Plan, THRESHOLD};
use super::party::{Asked, Given, read_body};
use super::problem::{FieldError, Problem};
use crate::app::App;
use crate::observe::screened;
use crate::shares::in_shares;
use crate::view::View;

/// Parties to screen, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScreenRequest {
    /// The parties, at most the service's `max_batch` (100 unless set).
    pub queries: Vec<Asked>,
    /// How to screen them.
    #[serde(default)]
    pub how: How,
}

/// The answers, in the order of the queries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScreenResponse {
    /// One for each query.
    pub results: Vec<ScreenResult>,
    /// What answered.
    pub snapshot: SnapshotInfo,
}

/// The answer to one query.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScreenResult {
    /// The id of the query.
    pub id: String,
    /// Hits at or above the threshold, best first, ties by id; absent where there is an `error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<Vec<Hit>>,
    /// Whether there are more hits than the limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<bool>,
    /// Why the query could not be screened, if so: it is no "no hit".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<RowError>,
    /// Values that could not be used, of streams and jobs: the query was screened without them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<Vec<String>>,
    /// What answered; where several queries are answered it stands once beside the results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotInfo>,
    /// Present where the starter list answered, which clears nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starter: Option<bool>,
}

/// Why a query could not be screened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowError {
    /// Which query, or which line of a stream or file; from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// A listed party that the query may be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hit {
    /// Its id; `GET /v1/entities/{id}` has all of it.
    pub id: String,
    /// What to call it.
    pub caption: String,
    /// Its schema.
    pub schema: String,
    /// The lists that it stands on.
    pub datasets: Vec<String>,
    /// 0 to 1.
    pub score: f32,
    /// Whether the score reaches the policy's threshold.
    #[serde(rename = "match")]
    pub is_match: bool,
    /// The document, wallet or the like that an identifier stands on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// Why: which part met which, what weighed how much, what spoke against it, which list and version.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub explanation: Option<Json>,
}

/// The snapshot that answered, with its lists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SnapshotInfo {
    /// Its id: the hash of its content.
    pub id: String,
    /// Its lists.
    pub lists: Vec<ListInfo>,
}

/// A list in the version that answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListInfo {
    /// Its id.
    pub id: String,
    /// Its version: the publisher's, or a hash of its files.
    pub version: String,
    /// Why it is stale, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<String>,
    /// Why it could not be consulted, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// What of it could not be read, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<String>,
}

/// Screens many parties.
#[utoipa::path(post, path = "/v1/screen", tag = "screening", request_body = ScreenRequest,
    responses((status = 200, body = ScreenResponse), (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn many(State(app): State<App>, Given(bytes): Given) -> Result<Body<Json>, Problem> {
    let request: ScreenRequest = read_body(&bytes)?;
    let most = app.settings.max_batch;
    if request.queries.is_empty() || request.queries.len() > most {
        let said = format!(
            "expected 1 to {most} queries, found {}; /v1/screen/stream and /v1/jobs take any number",
            request.queries.len()
        );
        return Err(Problem::unusable(vec![FieldError::new("/queries", said)]));
    }
    let view = app.view()?;
    let plan = request.how.plan(&view, "/how/")?;
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for (at, query) in request.queries.iter().enumerate() {
        match query.row(&format!("/queries/{at}"), at + 1) {
            Ok(row) => rows.push(row),
            Err(faults) => errors.extend(faults),
        }
    }
    if !errors.is_empty() {
        return Err(Problem::unusable(errors));
    }
    let results = screen(&app, &view, &plan, rows).await?;
    Ok(Body(json!({"results": results, "snapshot": snapshot_json(view.snapshot.id(), view.meta())})))
}

/// Screens one party. Every parameter but those below is a FollowTheMoney property (`birthDate`, `country`, `imoNumber` …), and may be
/// repeated.
#[utoipa::path(get, path = "/v1/screen", tag = "screening",
    params(("name" = Option<Vec<String>>, Query, description = "Names"), ("schema" = Option<String>, Query, description = "What it is"),
        ("id" = Option<String>, Query, description = "The caller's id"), How),
    responses((status = 200, body = ScreenResult), (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn one(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Body<Json>, Problem> {
    let (how, others) = How::of_address(query.as_deref())?;
    let mut asked = Asked::default();
    for (name, value) in others {
        match name.as_str() {
            "id" => asked.id = Some(value),
            "schema" => asked.schema = Some(value),
            _ => match asked.properties.entry(name).or_insert_with(|| json!([])) {
                Json::Array(values) => values.push(json!(value)),
                other => *other = json!([value]),
            },
        }
    }
    let view = app.view()?;
    let plan = how.plan(&view, "?")?;
    let row = asked.row("", 1).map_err(|faults| {
        let of_parameter = |fault: FieldError| FieldError {
            field: fault.field.replace("/properties/", "?").replace('/', "?"),
            ..fault
        };
        Problem::unusable(faults.into_iter().map(of_parameter).collect())
    })?;
    let mut results = screen(&app, &view, &plan, vec![row]).await?;
    let Some(Json::Object(mut result)) = results.pop() else {
        return Err(Problem::internal("the answer was lost"));
    };
    if let Some(reason) = result.get("error").and_then(|error| error.get("reason")).and_then(Json::as_str) {
        return Err(Problem::unusable(vec![FieldError::new("?name", reason)]));
    }
    result.insert("snapshot".to_owned(), snapshot_json(view.snapshot.id(), view.meta()));
    Ok(Body(Json::Object(result)))
}

/// Screens rows; their answers as JSON, in order. A row that could not be screened has `error` in its answer.
pub(crate) async fn screen(app: &App, view: &Arc<View>, plan: &Plan, rows: Vec<Row>) -> Result<Vec<Json>, Problem> {
    let (view, plan) = (Arc::clone(view), plan.clone());
    let answer = move |row: Row, worker: &mut Worker| answered(&view, &plan, &row, None, worker);
    Ok(in_shares(&app.engine.pool, rows, answer).await?)
}

/// The answer to one row.
fn answered(
    view: &View,
    plan: &Plan,
    row: &Row,
    snapshot: Option<&Json>,
    worker: &mut Worker,
) -> Result<Json, Corrupt> {
    let options = plan.filter.options(plan.threshold, plan.limit);
    let screened = answer::screen(row, &view.snapshot, &options, plan.explain, worker);
    if row.party.is_ok() {
        // A query that asks for nobody leaves the answer of the one before.
        screened::note(&worker.query, plan.threshold, (!worker.query.is_empty()).then_some(&worker.answer));
    }
    let form = Form { snapshot: &view.snapshot, policy_threshold: THRESHOLD, explained: plan.explain };
    form.json(&screened, snapshot)
}

/// The policies by which hits are matches.
#[utoipa::path(get, path = "/v1/policies", tag = "lists", responses((status = 200, body = Policies)))]
pub(crate) async fn policies() -> Body<Policies> {
    let default =
        Policy { name: "default".to_owned(), threshold: THRESHOLD, least_threshold: super::asked::LEAST_THRESHOLD };
    Body(Policies { policies: vec![default] })
}

/// All policies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Policies {
    /// The policies.
    pub policies: Vec<Policy>,
}

/// A policy: from which score on a hit is a match.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Policy {
    /// Its name.
    pub name: String,
    /// Score from which a hit is a match (`match` in answers), and from which hits are listed where a request does not say.
    pub threshold: f32,
    /// The least threshold that a request may ask for.
    pub least_threshold: f32,
}

/// What the rows of a stream or a job are answered by, one view from the first to the last.
pub(crate) struct Basis {
    pub(crate) view: Arc<View>,
    plan: Plan,
    /// The snapshot as every answer names it.
    snapshot: Json,
}

impl Basis {
    pub(crate) fn new(view: Arc<View>, plan: Plan) -> Basis {
        Basis { snapshot: snapshot_json(view.snapshot.id(), view.meta()), view, plan }
    }

    /// The answer to one row.
    pub(crate) fn answer(&self, row: &Row, worker: &mut Worker) -> Result<Json, Corrupt> {
        answered(&self.view, &self.plan, row, Some(&self.snapshot), worker)
    }
}

/// Members of an answer that a stream or a job writes: one line.
pub(crate) fn line(json: &Json) -> String {
    let mut line = json.to_string();
    line.push('\n');
    line
}
