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
mod params;
mod phones;
mod reconcile;
mod refusal;
pub(crate) mod scope;
mod search;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub use algorithms::Algorithms;
pub(crate) use refusal::Refusal;
pub(crate) use scope::leaves_asked;

use crate::app::App;

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/match/{dataset}", post(matching::post))
        .route("/search/{dataset}", get(search::get))
        .route("/entities/{id}", get(entities::get))
        .route("/entities/{id}/adjacent", get(entities::adjacent))
        .route("/entities/{id}/adjacent/{property}", get(entities::adjacent_by))
        .route("/catalog", get(catalog::get))
        .route("/manifest", get(catalog::get))
        .route("/algorithms", get(ops::algorithms))
        .route("/healthz", get(ops::healthz))
        .route("/readyz", get(ops::readyz))
        .route("/updatez", post(ops::updatez))
        .route("/metrics", get(crate::observe::page::get))
        .merge(reconcile::routes())
        .method_not_allowed_fallback(not_allowed)
        .fallback(unknown)
        .layer(middleware::from_fn(no_head))
}

async fn unknown() -> Refusal {
    Refusal::unknown("Not Found")
}

async fn not_allowed() -> Refusal {
    Refusal::Said(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed".to_owned())
}

/// The framework that yente is made with answers no HEAD where it answers GET.
async fn no_head(request: Request, next: Next) -> Response {
    if request.method() != Method::HEAD {
        return next.run(request).await;
    }
    let mut response = not_allowed().await.into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
    response
}
