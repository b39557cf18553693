//! All routes, with the limits that hold for each.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use tower_http::compression::CompressionLayer;

use crate::app::App;
use crate::observe;
use crate::v1::{self, Problem};
use crate::watchman;
use crate::yente;
use crate::yente::Refusal;

/// The routes of the service.
pub fn router(app: App) -> Router {
    let whole = yente::routes()
        .merge(watchman::routes())
        .merge(v1::routes())
        .layer(middleware::from_fn_with_state(app.clone(), within_limits))
        .layer(CompressionLayer::new().gzip(true));
    // Bodies that flow have no limit but their own, and are not held back to be compressed.
    let flowing = v1::flowing().layer(middleware::from_fn_with_state(app.clone(), short_address));
    let watched = middleware::from_fn_with_state(app.clone(), observe::layer::watch);
    whole.merge(flowing).layer(DefaultBodyLimit::disable()).layer(watched).with_state(app)
}

/// Refuses addresses that are too long.
async fn short_address(State(app): State<App>, request: Request, next: Next) -> Response {
    match address_refused(&app, &request) {
        Some(refusal) => refused(&request, refusal),
        None => next.run(request).await,
    }
}

fn address_refused(app: &App, request: &Request) -> Option<Refusal> {
    let len = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    (len > app.settings.max_url).then(|| Refusal::Said(StatusCode::URI_TOO_LONG, "Request URI too long".to_owned()))
}

/// A refusal in the shape of the route.
fn refused(request: &Request, refusal: Refusal) -> Response {
    if request.uri().path().starts_with("/v1") {
        Problem::from(refusal).into_response()
    } else {
        refusal.into_response()
    }
}

/// Refuses addresses that are too long and bodies that say to be too large, before they are read; others are cut off at the limit.
async fn within_limits(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(refusal) = address_refused(&app, &request) {
        return refused(&request, refusal);
    }
    let max_body = app.settings.max_body;
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|len| len.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|len| len > max_body as u64) {
        return refused(&request, too_large(max_body));
    }
    next.run(request.map(|body| Body::new(Limited::new(body, max_body)))).await
}

/// The refusal of a body that is too large.
pub(crate) fn too_large(max_body: usize) -> Refusal {
    Refusal::Said(StatusCode::PAYLOAD_TOO_LARGE, format!("Request body too large (limit: {max_body} bytes)"))
}
