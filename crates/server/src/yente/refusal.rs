//! Refusals in yente's shape: `{"detail": …}`, and for what is wrong with parameters and bodies a list of faults with status 422.
//!
//! Source: yente's errors and those of the frameworks that it is made with (FastAPI, pydantic 2), as observed on the wire.

use axum::Json as Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interdict_snapshot::Corrupt;
use serde_json::{Value as Json, json};

use crate::pool::{Lost, Overload};

/// What is wrong with one parameter or one place of a body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    /// The kind, as pydantic names it: `missing`, `int_parsing` …
    pub(crate) kind: &'static str,
    /// Where: `["query", "limit"]`, `["body", "queries", "a", "schema"]`.
    pub(crate) place: Vec<Json>,
    /// What was expected, for people.
    pub(crate) message: String,
    /// What was given.
    pub(crate) input: Json,
    /// Figures of the rule that was broken.
    pub(crate) context: Option<Json>,
}

impl Fault {
    pub(crate) fn new(kind: &'static str, place: Vec<Json>, message: impl Into<String>, input: Json) -> Fault {
        Fault { kind, place, message: message.into(), input, context: None }
    }

    #[must_use]
    pub(crate) fn with(mut self, context: Json) -> Fault {
        self.context = Some(context);
        self
    }

    fn json(&self) -> Json {
        let mut json = json!({"type": self.kind, "loc": self.place, "msg": self.message, "input": self.input});
        if let (Some(members), Some(context)) = (json.as_object_mut(), &self.context) {
            members.insert("ctx".to_owned(), context.clone());
        }
        json
    }
}

/// An answer that is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// A status with a sentence.
    Said(StatusCode, String),
    /// Parameters or body are not of their form.
    Invalid(Vec<Fault>),
    /// Something within a parameter is not of its form: 400 with what it was to be, and the list of faults.
    Malformed(&'static str, Vec<Fault>),
    /// It cannot be answered now: why in one word, the same for the same reason, and in a sentence.
    Unready(&'static str, String),
    /// Too much is asked at a time.
    Overload(Overload),
}

impl Refusal {
    /// 400: what is asked cannot be asked.
    pub(crate) fn bad(said: impl Into<String>) -> Refusal {
        Refusal::Said(StatusCode::BAD_REQUEST, said.into())
    }

    /// 404.
    pub(crate) fn unknown(said: &str) -> Refusal {
        Refusal::Said(StatusCode::NOT_FOUND, said.to_owned())
    }

    /// 503: what is asked cannot be answered now. `kind` says why in one word, which other interfaces tell beside the sentence.
    pub(crate) fn unready(kind: &'static str, said: impl Into<String>) -> Refusal {
        Refusal::Unready(kind, said.into())
    }
}

impl From<Overload> for Refusal {
    fn from(overload: Overload) -> Refusal {
        Refusal::Overload(overload)
    }
}

impl From<Lost> for Refusal {
    fn from(lost: Lost) -> Refusal {
        Refusal::Said(StatusCode::INTERNAL_SERVER_ERROR, lost.to_string())
    }
}

impl From<Corrupt> for Refusal {
    fn from(corrupt: Corrupt) -> Refusal {
        // What is damaged is the operator's to know.
        tracing::error!(%corrupt, "the snapshot that serves is damaged");
        Refusal::Said(StatusCode::INTERNAL_SERVER_ERROR, "the snapshot that serves is damaged".to_owned())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.response();
        // For whom another interface was asked, who puts it into the shape of that one.
        response.extensions_mut().insert(self);
        response
    }
}

impl Refusal {
    /// What is said, a list of faults as JSON.
    pub(crate) fn said(&self) -> String {
        match self {
            Refusal::Said(_, said) | Refusal::Unready(_, said) => said.clone(),
            Refusal::Invalid(faults) | Refusal::Malformed(_, faults) => {
                faults.iter().map(Fault::json).collect::<Json>().to_string()
            }
            Refusal::Overload(overload) => overload.to_string(),
        }
    }

    fn response(&self) -> Response {
        match self {
            Refusal::Said(status, said) => (*status, Body(json!({"detail": said}))).into_response(),
            Refusal::Unready(_, said) => {
                (StatusCode::SERVICE_UNAVAILABLE, Body(json!({"detail": said}))).into_response()
            }
            Refusal::Invalid(faults) => {
                let faults: Vec<Json> = faults.iter().map(Fault::json).collect();
                (StatusCode::UNPROCESSABLE_ENTITY, Body(json!({"detail": faults}))).into_response()
            }
            Refusal::Malformed(what, faults) => {
                let faults: Vec<Json> = faults.iter().map(Fault::json).collect();
                (StatusCode::BAD_REQUEST, Body(json!({"detail": what, "errors": faults}))).into_response()
            }
            Refusal::Overload(overload) => {
                let mut response =
                    (StatusCode::SERVICE_UNAVAILABLE, Body(json!({"detail": overload.to_string()}))).into_response();
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(overload.retry_after_s));
                response
            }
        }
    }
}
