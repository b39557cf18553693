//! Refusals in the shape of the interface that was asked.
//!
//! Idea: what stands before all routes (who is it, is it too much, is it too long) refuses in one shape, yente's `{"detail": …}`; on the way out it is
//! put into problem details under `/v1` and into Watchman's `{"error": …}` under `/v2`. What a route refused itself has its shape already:
//! a [`Refusal`] goes with its answer, so that nothing has to be read back.

use crate::v1::Problem;
use crate::yente::Refusal;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Whose shape an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interface {
    Yentes,
    Watchmans,
    Ours,
}

impl Interface {
    /// The interface of a path.
    pub(crate) fn of(path: &str) -> Interface {
        if path.starts_with("/v1") {
            Interface::Ours
        } else if path.starts_with("/v2") || path == "/ping" {
            Interface::Watchmans
        } else {
            Interface::Yentes
        }
    }

    /// A refusal in its shape.
    pub(crate) fn refusal(self, refusal: Refusal) -> Response {
        self.shaped(refusal.into_response())
    }

    /// An answer, in its shape where it is a refusal in yente's.
    pub(crate) fn shaped(self, mut response: Response) -> Response {
        let Some(refusal) = response.extensions_mut().remove::<Refusal>() else { return response };
        let status = response.status();
        let shaped = match self {
            Interface::Yentes => return response,
            Interface::Watchmans => crate::watchman::refused(refusal),
            Interface::Ours => Problem::new(status, slug(status), refusal.said()).into_response(),
        };
        let (mut parts, _) = response.into_parts();
        let (shaped, body) = shaped.into_parts();
        // It may have been packed already.
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::CONTENT_ENCODING);
        parts.headers.extend(shaped.headers);
        Response::from_parts(parts, body)
    }
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
