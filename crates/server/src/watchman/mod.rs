//! Watchman's HTTP interface, so that its clients change an address and nothing else.
//!
//! Source: Moov Watchman's v2 API (v0.5x), as its documentation and its behaviour tell it: names and shapes are its own, scores are ours.
//! Departures: an error has the status that fits it, where Watchman always says 400; what Watchman drops in silence (a date that is none,
//! a parameter of another type) is refused by name; `minMatch` below the least that tells anything is lifted, which `warnings` says; `lists`
//! tells the lists that an answer rests on and their versions; `POST /v2/data/refresh` asks for the token that `/updatez` asks for; a date
//! that is only a year or a month is `null` in the shape, which has nothing but days, and stands in `sourceData` as it was published.

mod facts;
mod kind;
mod listinfo;
mod params;
mod query;
mod record;
mod refresh;
mod refusal;
mod related;
mod search;
mod senzing;
mod sources;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::app::App;
use crate::yente;

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/v2/search", get(search::get).post(search::post).fallback(refusal::not_allowed))
        .route("/v2/listinfo", get(listinfo::get).fallback(refusal::not_allowed))
        .route("/v2/data/refresh", get(refresh::get).post(refresh::post).fallback(refusal::not_allowed))
        .route("/ping", get(ping).fallback(refusal::not_allowed))
}

/// `GET /ping`.
async fn ping() -> &'static str {
    "PONG"
}

/// A refusal of what stands before the routes, in this interface's shape.
pub(crate) fn refused(refusal: yente::Refusal) -> Response {
    refusal::Refusal::from(refusal).into_response()
}
