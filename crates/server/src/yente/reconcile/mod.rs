//! The reconciliation API, as OpenRefine speaks it: rows of a table against the lists.
//!
//! Source: Reconciliation Service API 0.1 and 0.2 (W3C Community Group), with its published JSON schemas; names, order of members and the
//! scale of scores (0 to 1) are yente's.
//! Departures from yente: queries by GET and a single `query` are answered as well, as both versions of the protocol have them; the page
//! of `view` and `preview` is our own; `property_settings` is spelt as the protocol spells it; candidates have `features`; an answer that
//! passed something over says so in `warnings`, and `interdict` tells the lists that it rests on. JSONP is not spoken: pages of the
//! origins that were set may read the answers ([`headers`](crate::headers)).

mod answer;
mod base;
mod extend;
mod form;
mod manifest;
mod preview;
mod queries;
mod schemata;
mod suggest;

use axum::Json as Body;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value as Json};

use super::params::Params;
use super::refusal::Refusal;
use super::scope::Asked;
use crate::app::{App, Whole};
use crate::view::View;

/// The routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/reconcile/{dataset}", get(by_get).post(by_post))
        .route("/reconcile/{dataset}/extend/property", get(extend::propose))
        .route("/reconcile/{dataset}/preview", get(preview::get))
        .route("/reconcile/{dataset}/suggest/entity", get(suggest::entity))
        .route("/reconcile/{dataset}/suggest/property", get(suggest::property))
        .route("/reconcile/{dataset}/suggest/type", get(suggest::schema))
}

/// `GET /reconcile/{dataset}`: the manifest, or what is asked in the address.
async fn by_get(
    State(app): State<App>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let asked = form::read(query.as_deref().unwrap_or_default().as_bytes())?;
    let Some(asked) = asked else {
        let base = base::of(&uri, &headers)?;
        let view = app.view()?;
        let entry = known(&view, &dataset)?;
        return Ok(Body(manifest::of(&view, &app.settings, &dataset, &entry, &base, query.as_deref())).into_response());
    };
    answer(&app, &dataset, query.as_deref(), asked).await
}

/// `POST /reconcile/{dataset}`: what is asked in a form.
async fn by_post(
    State(app): State<App>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Whole(bytes): Whole,
) -> Result<Response, Refusal> {
    form::is_one(&headers)?;
    let asked = form::read(&bytes)?.ok_or_else(|| Refusal::bad("No queries provided."))?;
    answer(&app, &dataset, query.as_deref(), asked).await
}

async fn answer(app: &App, dataset: &str, query: Option<&str>, asked: form::Asked) -> Result<Response, Refusal> {
    let mut params = Params::of(query);
    let scope = Asked::of(&mut params);
    params.finish()?;
    let (_, note) = app.settings.algorithms.named(params.text("algorithm"))?;
    let view = app.view()?;
    let (questions, is_one) = match asked {
        form::Asked::Extend(text) => {
            known(&view, dataset)?;
            let task = extend::Wanted::read(&text, &app.settings)?;
            let rows = app.searches.carry_out(move |_| task.answer(&view)).await?;
            return Ok(Body(rows).into_response());
        }
        form::Asked::Queries(text) => (queries::batch(&text, &app.settings)?, false),
        form::Asked::Query(text) => (vec![queries::one(&text, &app.settings)?], true),
    };
    let filter = scope.filter(&view, dataset)?;
    let answers = answer::all(app, &view, filter, questions, note.as_deref()).await?;
    let n_answers = answers.len();
    let mut response = if is_one {
        Body(answers.into_iter().map(|(_, answer)| answer).next().unwrap_or_default()).into_response()
    } else {
        Body(answers.into_iter().collect::<Map<String, Json>>()).into_response()
    };
    response.headers_mut().insert("x-batch-size", HeaderValue::from(n_answers));
    Ok(response)
}

/// The title of a dataset that can be asked.
fn known(view: &View, dataset: &str) -> Result<String, Refusal> {
    view.catalogue.leaves(dataset).ok_or_else(|| Refusal::unknown("No such dataset."))?;
    let title = view.catalogue.entry(dataset).and_then(|entry| entry.title.clone());
    Ok(title.unwrap_or_else(|| dataset.to_owned()))
}
