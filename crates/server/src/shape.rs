//! Refusals in the shape of the interface that was asked.
//!
//! Idea: what stands before all routes (who is it, is it too much, is it too long) refuses in one shape, yente's `{"detail": …}`; on the way out it is
//! put into problem details under `/v1` and into Watchman's `{"error": …}` under `/v2`. What a route refused itself has its shape already.

use axum::Json as Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};

use crate::v1::Problem;

/// Longest refusal that is put into another shape, in bytes.
const MAX_REFUSAL: usize = 64 << 10;

/// The middleware.
pub(crate) async fn of_interface(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (ours, watchmans) = (path.starts_with("/v1"), path.starts_with("/v2") || path == "/ping");
    let response = next.run(request).await;
    let status = response.status();
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if !(ours || watchmans) || !(status.is_client_error() || status.is_server_error()) || !is_json {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, MAX_REFUSAL).await.unwrap_or_default();
    let detail = match serde_json::from_slice::<Json>(&bytes) {
        Ok(Json::Object(mut members)) => members.remove("detail"),
        _ => None,
    };
    let Some(detail) = detail else { return Response::from_parts(parts, bytes.into()) };
    let said = detail.as_str().map_or_else(|| detail.to_string(), str::to_owned);
    let shaped = if ours {
        Problem::new(status, slug(status), said).into_response()
    } else {
        Body(json!({"error": said})).into_response()
    };
    let (shaped, body) = shaped.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(shaped.headers);
    Response::from_parts(parts, body)
}

/// Which fault a status tells, as [`Problem`] names it.
pub(crate) fn slug(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "who-are-you",
        StatusCode::FORBIDDEN => "not-allowed",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
        StatusCode::REQUEST_TIMEOUT => "too-slow",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::URI_TOO_LONG => "address-too-long",
        StatusCode::TOO_MANY_REQUESTS => "too-many-requests",
        StatusCode::SERVICE_UNAVAILABLE => "not-available",
        status if status.is_server_error() => "internal-error",
        _ => "malformed-request",
    }
}
