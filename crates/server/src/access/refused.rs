//! Refusals of callers: who are you (401), not you (403), not so much (429).
//!
//! The body has the shape of the interface that was asked. The log is told the id of the key, the pattern of the route and the reason,
//! never the address that was asked, which may name a party.

use std::collections::BTreeSet;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::keys::Ended;
use super::limits::TooMuch;
use super::roles::Role;
use super::token::BadToken;
use crate::yente::Refusal;

/// Why a caller is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("a key or token is needed: `Authorization: ApiKey …`, `Authorization: Bearer …` or `X-Api-Key: …`")]
    Nothing,
    #[error("a certificate is needed")]
    NoCertificate,
    #[error("it is not clear which key is meant")]
    Unclear,
    #[error("this key or token is not known")]
    Unknown,
    #[error(transparent)]
    Ended(Ended),
    #[error(transparent)]
    Token(BadToken),
    #[error("the role {} may not ask this", .0.iter().map(|role| format!("`{}`", role.name())).collect::<Vec<_>>().join(" with "))]
    Role(Vec<Role>),
    #[error("this key may ask for these datasets only: {}", allowed.iter().map(String::as_str).collect::<Vec<_>>().join(", "))]
    Scope { allowed: BTreeSet<String> },
    #[error(transparent)]
    TooMuch(TooMuch),
}

impl Refused {
    fn status(&self) -> StatusCode {
        match self {
            Refused::Nothing | Refused::Unclear | Refused::Unknown | Refused::Ended(_) | Refused::Token(_) => {
                StatusCode::UNAUTHORIZED
            }
            // No header could bring it, so 401, which asks for one, would be no help.
            Refused::NoCertificate | Refused::Role(_) | Refused::Scope { .. } => StatusCode::FORBIDDEN,
            Refused::TooMuch(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Refusal {
        Refusal::Said(refused.status(), refused.to_string())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = Refusal::Said(status, self.to_string()).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            // RFC 6750, section 3: a request that showed nothing is told no error code.
            let bearer = match self {
                Refused::Nothing => r#"Bearer realm="interdict""#,
                _ => r#"Bearer realm="interdict", error="invalid_token""#,
            };
            headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static(bearer));
            headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"ApiKey realm="interdict""#));
        }
        if let Refused::TooMuch(too_much) = self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(too_much.retry_after_s()));
        }
        response
    }
}
