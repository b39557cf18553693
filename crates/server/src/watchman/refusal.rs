//! Refusals in Watchman's shape: `{"error": "…"}`.

use axum::Json as Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interdict_snapshot::Corrupt;
use serde_json::json;

use crate::pool::{Lost, Overload};
use crate::yente::Refusal as Yentes;

/// An answer that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) said: String,
    /// When to try again, in seconds.
    pub(super) retry_after_s: Option<u64>,
}

impl Refusal {
    /// A status with a sentence.
    pub(super) fn new(status: StatusCode, said: impl Into<String>) -> Refusal {
        Refusal { status, said: said.into(), retry_after_s: None }
    }

    /// 400: what is wrong with one parameter, and what to do.
    pub(super) fn of(parameter: &str, said: impl std::fmt::Display) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, format!("`{parameter}`: {said}"))
    }
}

/// What the parts that both interfaces use say, in this one's shape.
impl From<Yentes> for Refusal {
    fn from(refusal: Yentes) -> Refusal {
        match refusal {
            Yentes::Said(status, said) => Refusal::new(status, said),
            Yentes::Unready(_, said) => Refusal::new(StatusCode::SERVICE_UNAVAILABLE, said),
            Yentes::Invalid(faults) | Yentes::Malformed(_, faults) => {
                let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
                Refusal::new(StatusCode::BAD_REQUEST, said.join("; "))
            }
            Yentes::Overload(overload) => Refusal {
                status: StatusCode::SERVICE_UNAVAILABLE,
                said: overload.to_string(),
                retry_after_s: Some(overload.retry_after_s),
            },
        }
    }
}

impl From<Corrupt> for Refusal {
    fn from(corrupt: Corrupt) -> Refusal {
        Yentes::from(corrupt).into()
    }
}

impl From<Lost> for Refusal {
    fn from(lost: Lost) -> Refusal {
        Yentes::from(lost).into()
    }
}

impl From<Overload> for Refusal {
    fn from(overload: Overload) -> Refusal {
        Yentes::from(overload).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Body(json!({"error": self.said}))).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The answer to a method that a route does not have.
pub(super) async fn not_allowed() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method not allowed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_parts_refuse_keeps_its_status() {
        let overload = Refusal::from(Overload { retry_after_s: 3 });
        assert_eq!((overload.status, overload.retry_after_s), (StatusCode::SERVICE_UNAVAILABLE, Some(3)));
        assert_eq!(overload.into_response().headers()[header::RETRY_AFTER], "3");
        assert_eq!(Refusal::from(Lost).status, StatusCode::INTERNAL_SERVER_ERROR);
        let corrupt = Refusal::from(Corrupt { section: "bodies", row: 7 });
        assert_eq!(corrupt.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!corrupt.said.contains("bodies"), "what is damaged is the operator's to know");
        assert_eq!(Refusal::from(Yentes::unknown("No such dataset.")).status, StatusCode::NOT_FOUND);
    }
}
