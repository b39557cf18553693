//! All routes, with the limits that hold for each.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, NotForContentType, Predicate as _, SizeAbove};

use crate::access::layer::ask;
use crate::access::roles::Class;
use crate::app::App;
use crate::flowing::paced;
use crate::headers;
use crate::observe;
use crate::pairs;
use crate::shape::Interface;
use crate::v1;
use crate::watchman;
use crate::yente;
use crate::yente::Refusal;

/// The routes of the service.
///
/// Cost: axum copies what is below a layer for every request, so that there are few layers, each doing several things: some 2 µs each.
pub fn router(app: App) -> Router {
    let origins = app.settings.cors_origins.clone();
    let whole = yente::routes()
        .merge(watchman::routes())
        .merge(v1::routes())
        .layer(middleware::from_fn_with_state(app.clone(), within_limits))
        .layer(packed());
    // Bodies that flow have no limit but their own, and are not held back to be compressed.
    let flowing = v1::flowing().layer(middleware::from_fn_with_state(app.clone(), without_pauses));
    let watched = middleware::from_fn_with_state(app.clone(), observe::layer::watch);
    let routes = whole.merge(flowing).layer(DefaultBodyLimit::disable()).layer(watched).with_state(app);
    if origins.is_empty() { routes } else { routes.layer(headers::cors(&origins)) }
}

/// Answers of fewer bytes are sent as they are: they fit into one packet anyway. yente's bound, too.
const LEAST_PACKED: u16 = 500;

/// Packs answers for who takes them packed; quickly rather than small, as the time of a request is worth more than its bytes.
fn packed() -> CompressionLayer<And<SizeAbove, NotForContentType>> {
    let worth_it = SizeAbove::new(LEAST_PACKED).and(NotForContentType::IMAGES);
    CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest).compress_when(worth_it)
}

/// Refuses addresses that cannot be, and ends bodies that pause for too long.
async fn without_pauses(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(refusal) = address_refused(&app, &request) {
        return refusal.into_response();
    }
    let idle = app.settings.http.idle;
    ask(app, request.map(|body| paced(body, idle)), next).await
}

/// Addresses that are too long, or whose path is no text. The latter name nothing that there is, which yente tells by a 404.
fn address_refused(app: &App, request: &Request) -> Option<Refusal> {
    let uri = request.uri();
    let len = uri.path_and_query().map_or(0, |address| address.as_str().len());
    if len > app.settings.max_url {
        return Some(Refusal::Said(StatusCode::URI_TOO_LONG, "Request URI too long".to_owned()));
    }
    let is_text = pairs::decoded(uri.path().as_bytes(), false).is_some();
    let is_ours = Interface::of(uri.path()) == Interface::Ours;
    let status = if is_ours { StatusCode::BAD_REQUEST } else { StatusCode::NOT_FOUND };
    let said = "The path of the address is not UTF-8; percent-encode the UTF-8 form of names and ids.";
    (!is_text).then(|| Refusal::Said(status, said.to_owned()))
}

/// Refuses addresses that are too long and bodies that say to be too large, before they are read; others are cut off at the limit. An
/// answer that takes too long is given up, and what it asked of the threads that screen is dropped unless it was begun.
async fn within_limits(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(refusal) = address_refused(&app, &request) {
        return refusal.into_response();
    }
    let max_body = app.settings.max_body;
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|len| len.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|len| len > max_body as u64) {
        return too_large(max_body).into_response();
    }
    let class = Class::of(request.extensions().get::<MatchedPath>().map(MatchedPath::as_str));
    let limit = app.settings.http.request;
    let answer = ask(app, request.map(|body| Body::new(Limited::new(body, max_body))), next);
    if class == Class::Update {
        // Who waits for an update waits for minutes.
        return answer.await;
    }
    match tokio::time::timeout(limit, answer).await {
        Ok(answer) => answer,
        Err(_) => Refusal::unready("too-slow", format!("No answer was found within {} s.", limit.as_secs_f64()))
            .into_response(),
    }
}

/// The refusal of a body that is too large.
pub(crate) fn too_large(max_body: usize) -> Refusal {
    Refusal::Said(StatusCode::PAYLOAD_TOO_LARGE, format!("Request body too large (limit: {max_body} bytes)"))
}
