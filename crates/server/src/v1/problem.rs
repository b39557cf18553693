//! Refusals of `/v1`: problem details.
//!
//! Source: RFC 9457. `type` is a URN of ours (`urn:interdict:problem:…`), the same for the same fault; `errors` lists what is wrong place by
//! place, each with a JSON pointer (RFC 6901) into the body or the name of a parameter.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interdict_snapshot::Corrupt;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::pool::{Lost, Overload};
use crate::yente::Refusal;

/// What was wrong and what to do about it (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Which fault, as a URN: the same for the same fault.
    #[serde(rename = "type")]
    pub kind: String,
    /// The fault in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong this time, and what to do.
    pub detail: String,
    /// What is wrong, place by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds to wait before trying again, as in `Retry-After`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// What is wrong in one place of a request.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// Where: a JSON pointer into the body (`/queries/0/properties/birthDate`), or `?name` for a parameter.
    pub field: String,
    /// What is wrong there.
    pub detail: String,
}

impl FieldError {
    /// What is wrong with a field.
    pub(crate) fn new(field: impl Into<String>, detail: impl Into<String>) -> FieldError {
        FieldError { field: field.into(), detail: detail.into() }
    }
}

/// A name as part of a JSON pointer (RFC 6901, section 3).
pub(crate) fn pointer_part(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A place as yente names it, as a field of ours.
fn field_of(place: &[Json]) -> String {
    let text = |part: &Json| part.as_str().map_or_else(|| part.to_string(), str::to_owned);
    match place {
        [first, name] if first == "query" => format!("?{}", text(name)),
        place => place.iter().fold(String::new(), |path, part| path + "/" + &pointer_part(&text(part))),
    }
}

impl Problem {
    /// A problem of a kind, `slug`.
    pub(crate) fn new(status: StatusCode, slug: &str, detail: impl Into<String>) -> Problem {
        let mut title = slug.replace('-', " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Problem {
            kind: format!("urn:interdict:problem:{slug}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// 400: the request is not of its form.
    pub(crate) fn malformed(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "malformed-request", detail)
    }

    /// 422: the form is right, what it says cannot be used.
    pub(crate) fn unusable(errors: Vec<FieldError>) -> Problem {
        let first = errors.first().map_or_else(String::new, |error| format!("{}: {}", error.field, error.detail));
        let detail = match errors.len() {
            0 | 1 => first,
            n => format!("{first} (and {} more, see errors)", n - 1),
        };
        Problem { errors, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unusable-value", detail) }
    }

    /// 404.
    pub(crate) fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// 409: it cannot be done as things stand.
    pub(crate) fn conflict(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::CONFLICT, "conflict", detail)
    }

    /// 503: it cannot be answered now.
    pub(crate) fn unavailable(slug: &str, detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, slug, detail)
    }

    /// 500: a fault of the service, of which no more is told than that.
    pub(crate) fn internal(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error", detail)
    }
}

impl From<Overload> for Problem {
    fn from(overload: Overload) -> Problem {
        let retry_after = Some(overload.retry_after_s);
        Problem { retry_after, ..Problem::unavailable("overload", overload.to_string()) }
    }
}

impl From<Lost> for Problem {
    fn from(lost: Lost) -> Problem {
        Problem::internal(lost.to_string())
    }
}

impl From<Corrupt> for Problem {
    fn from(corrupt: Corrupt) -> Problem {
        // What is damaged is the operator's to know.
        tracing::error!(%corrupt, "the snapshot that serves is damaged");
        Problem::internal("the snapshot that serves is damaged")
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        match refusal {
            Refusal::Overload(overload) => overload.into(),
            Refusal::Said(status, said) => Problem::new(status, crate::shape::slug(status), said),
            Refusal::Unready(kind, said) => Problem::unavailable(kind, said),
            Refusal::Invalid(faults) | Refusal::Malformed(_, faults) => Problem::unusable(
                faults.into_iter().map(|fault| FieldError::new(field_of(&fault.place), fault.message)).collect(),
            ),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
