//! Our own interface, `/v1`: strict, typed, described by OpenAPI, refusing by problem details (RFC 9457).
//!
//! Idea: what yente's interface answers leniently this one refuses by name; a request is answered whole or refused whole. Streams and jobs answer
//! row by row, each bad row with why.

mod asked;
mod entities;
mod jobs;
mod lists;
pub mod openapi;
mod pair;
mod party;
mod problem;
mod screen;
mod stream;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

pub use asked::How;
pub(crate) use problem::Problem;
pub(crate) use screen::{Basis, line};

use crate::app::App;

/// The routes whose bodies are read whole.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/v1/screen", get(screen::one).post(screen::many))
        .route("/v1/explain", post(pair::explain))
        .route("/v1/compare", post(pair::compare))
        .route("/v1/entities/{id}", get(entities::get))
        .route("/v1/lists", get(lists::get))
        .route("/v1/policies", get(screen::policies))
        .route("/v1/jobs/{id}", get(jobs::get).delete(jobs::delete))
        .route("/v1/openapi.json", get(openapi::json))
        .route("/v1/docs", get(openapi::page))
        .route("/v1", get(openapi::page))
        .route("/v1/{*rest}", axum::routing::any(unknown))
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn(as_it_is))
}

/// The routes whose bodies are read as they come, of any length.
pub(crate) fn flowing() -> Router<App> {
    Router::new()
        .route("/v1/screen/stream", post(stream::post))
        .route("/v1/jobs", get(jobs::list).post(jobs::create))
        .route("/v1/jobs/{id}/input", axum::routing::patch(jobs::append).head(jobs::offset))
        .route("/v1/jobs/{id}/results", get(jobs::results))
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn(as_it_is))
}

async fn unknown() -> Problem {
    Problem::not_found("there is no such address; GET /v1/docs shows all")
}

async fn not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "this address does not take that method; GET /v1/docs shows all",
    )
}

/// Refuses a body that says to be packed (RFC 9110, 15.5.16): read as it is, it would be taken for what it is not.
async fn as_it_is(request: Request, next: Next) -> Response {
    let codings = request.headers().get_all(header::CONTENT_ENCODING).iter();
    let mut codings = codings.filter(|coding| !matches!(coding.as_bytes(), b"" | b"identity"));
    let Some(packed) = codings.next().map(|coding| String::from_utf8_lossy(coding.as_bytes()).into_owned()) else {
        return next.run(request).await;
    };
    let detail = format!("Content-Encoding: {packed:?} is not unpacked here; send the body as it is");
    let mut response = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "packed-body", detail).into_response();
    response.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    response
}
