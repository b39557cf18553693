//! The reconciliation API, as OpenRefine speaks it: rows of a table against the lists.
//!
//! Source: Reconciliation Service API 0.1 and 0.2 (W3C Community Group), with its published JSON schemas; names, order of members and the
//! scale of scores (0 to 1) are yente's.
//! Departures from yente: queries by GET and a single `query` are answered as well, as both versions of the protocol have them; the page
//! of `view` and `preview` is our own; settings of properties stand under the protocol's name beside yente's; candidates have `features`; an answer that
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

use std::sync::Arc;

use axum::Json as Body;
use axum::Router;
use axum::extract::{Extension, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value as Json;

use super::only;
use super::params::Params;
use super::refusal::Refusal;
use super::scope::Asked;
use crate::access::Caller;
use crate::access::roles::Class;
use crate::address::Path;
use crate::app::{App, Whole};
use crate::view::View;

/// The routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/reconcile/{dataset}", only("GET, POST", get(by_get).post(by_post)))
        .route("/reconcile/{dataset}/extend/property", only("GET", get(extend::propose)))
        .route("/reconcile/{dataset}/preview", only("GET", get(preview::get)))
        .route("/reconcile/{dataset}/suggest/entity", only("GET", get(suggest::entity)))
        .route("/reconcile/{dataset}/suggest/property", only("GET", get(suggest::property)))
        .route("/reconcile/{dataset}/suggest/type", only("GET", get(suggest::schema)))
}

/// `GET /reconcile/{dataset}`: the manifest, or what is asked in the address.
async fn by_get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let request = Request::of(&app, &caller, &dataset, query.as_deref())?;
    if let Some(asked) = form::of_address(query.as_deref().unwrap_or_default())? {
        return request.answer(asked).await;
    }
    let base = base::of(&uri, &headers)?;
    let Request { view, title, .. } = &request;
    Ok(Body(manifest::of(view, &app.settings, &dataset, title, &base, query.as_deref())).into_response())
}

/// `POST /reconcile/{dataset}`: what is asked in a form.
async fn by_post(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Whole(bytes): Whole,
) -> Result<Response, Refusal> {
    let request = Request::of(&app, &caller, &dataset, query.as_deref())?;
    let asked = form::of_body(&headers, bytes).await?.ok_or_else(|| Refusal::bad("No queries provided."))?;
    request.answer(asked).await
}

/// What the address of a request says, checked before the rest is read: its parameters, its dataset, its algorithm.
struct Request<'r> {
    app: &'r App,
    caller: &'r Caller,
    dataset: &'r str,
    view: Arc<View>,
    /// The title of the dataset.
    title: String,
    filters: Asked,
    /// What is to be said of the algorithm.
    note: Option<String>,
}

impl Request<'_> {
    fn of<'r>(app: &'r App, caller: &'r Caller, dataset: &'r str, query: Option<&str>) -> Result<Request<'r>, Refusal> {
        let mut params = Params::of(query);
        let filters = Asked::of(&mut params);
        params.finish()?;
        let view = app.view()?;
        let title = known(&view, dataset)?;
        let (_, note) = app.settings.algorithms.named(params.text("algorithm"))?;
        Ok(Request { app, caller, dataset, view, title, filters, note })
    }

    async fn answer(self, asked: form::Asked) -> Result<Response, Refusal> {
        let Request { app, view, .. } = &self;
        let (questions, is_one) = match asked {
            form::Asked::Extend(text) => return self.extend(&text).await,
            form::Asked::Queries(text) => (queries::batch(&text, &app.settings)?, false),
            form::Asked::Query(text) => (vec![queries::one(&text, &app.settings)?], true),
        };
        let scope = self.filters.scope(view, self.dataset)?;
        let notes: Vec<String> = self.note.iter().chain(&scope.warnings).cloned().collect();
        let answers = answer::all(app, view, scope.filter.clone(), questions, &notes).await?;
        let n_answers = answers.len();
        let body = if is_one {
            answers.into_iter().map(|(_, answer)| answer).next().unwrap_or_default()
        } else {
            Json::Object(answers.into_iter().collect())
        };
        Ok(in_batch(n_answers, body))
    }

    /// Properties of entities, which is to look into the lists, and not to ask whether somebody is on them.
    async fn extend(self, text: &str) -> Result<Response, Refusal> {
        self.caller.asks(Class::Read)?;
        let wanted = extend::Wanted::read(text, &self.app.settings)?;
        let n_ids = wanted.n_ids();
        let view = Arc::clone(&self.view);
        let rows = self.app.searches.carry_out(move |_| wanted.answer(&view)).await?;
        Ok(in_batch(n_ids, rows))
    }
}

fn in_batch(n_answers: usize, body: Json) -> Response {
    ([("x-batch-size", HeaderValue::from(n_answers))], Body(body)).into_response()
}

/// The title of a dataset that can be asked.
fn known(view: &View, dataset: &str) -> Result<String, Refusal> {
    view.catalogue.leaves(dataset).ok_or_else(|| Refusal::unknown("No such dataset."))?;
    let title = view.catalogue.entry(dataset).and_then(|entry| entry.title.clone());
    Ok(title.unwrap_or_else(|| dataset.to_owned()))
}
