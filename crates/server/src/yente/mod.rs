//! yente's HTTP interface, so that its clients change an address and nothing else.
//!
//! Source: yente 5.5 as observed on the wire; what differs is told in `docs/migrate-from-yente.md`.

mod algorithms;
mod catalog;
pub(crate) mod clean;
pub(crate) mod entities;
pub(crate) mod example;
pub(crate) mod explanations;
pub(crate) mod matching;
pub(crate) mod ops;
mod order;
mod params;
mod phones;
mod reconcile;
mod refusal;
pub(crate) mod scope;
mod search;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

pub use algorithms::Algorithms;
pub(crate) use refusal::Refusal;
pub(crate) use scope::leaves_asked;

use crate::app::App;
use crate::v1::openapi;

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/match/{dataset}", only("POST", post(matching::post)))
        .route("/search/{dataset}", only("GET", get(search::get)))
        .route("/entities/{id}", only("GET", get(entities::get)))
        .route("/entities/{id}/adjacent", only("GET", get(entities::adjacent)))
        .route("/entities/{id}/adjacent/{property}", only("GET", get(entities::adjacent_by)))
        .route("/catalog", only("GET", get(catalog::get)))
        .route("/manifest", only("GET", get(catalog::get)))
        .route("/algorithms", only("GET", get(ops::algorithms)))
        .route("/healthz", only("GET", get(ops::healthz)))
        .route("/readyz", only("GET", get(ops::readyz)))
        .route("/updatez", only("POST", post(ops::updatez)))
        .route("/metrics", only("GET", get(crate::observe::page::get)))
        .route("/", only("GET", get(openapi::page)))
        .route("/openapi.json", only("GET", get(openapi::json)))
        .route("/favicon.ico", only("GET", get(ops::icon)))
        .merge(reconcile::routes())
        .fallback(unknown)
}

async fn unknown() -> Refusal {
    Refusal::unknown("Not Found")
}

/// A route that refuses all methods but these, HEAD among them: the framework that yente is made with answers no HEAD where it answers GET.
fn only(methods: &'static str, route: MethodRouter<App>) -> MethodRouter<App> {
    let refused = move || async move { not_allowed(methods) };
    route.head(refused).fallback(refused)
}

fn not_allowed(methods: &'static str) -> Response {
    let refusal = Refusal::Said(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed".to_owned());
    ([(header::ALLOW, methods)], refusal).into_response()
}
