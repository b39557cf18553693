//! What every answer tells a browser: take it for what it says to be, run nothing, show it in no frame, tell nobody where it came from,
//! keep nothing of persons.
//!
//! Sources: OWASP Secure Headers Project; Fetch standard (nosniff); RFC 9111, 5.2.2 (caches); RFC 6797 (strict transport, which may
//! be said over TLS alone). A route that knows better keeps its own word.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::access::roles::Class;
use crate::app::App;

/// On every answer.
const ALWAYS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// A year, over TLS.
const STRICT_TRANSPORT: &str = "max-age=31536000";

/// How long a browser remembers what an origin may ask.
const PREFLIGHT_AGE: Duration = Duration::from_mins(10);

/// Adds the headers to an answer of a class of routes.
pub(crate) fn add(app: &App, class: Class, headers: &mut HeaderMap) {
    // A page made for the frames of others says so in its policy.
    if headers
        .get(header::CONTENT_SECURITY_POLICY)
        .is_none_or(|policy| !policy.to_str().unwrap_or_default().contains("frame-ancestors *"))
    {
        headers.entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    }
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.settings.tls.is_some() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT_TRANSPORT));
    }
    if class.has_personal_data() {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if !app.settings.access.is_open() {
        // A shared cache must not hand what was told to one caller to others who show no key.
        let kept = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
        let kept = kept.filter(|value| value.contains("public")).map(|value| value.replace("public", "private"));
        if let Some(Ok(private)) = kept.map(|value| HeaderValue::from_str(&value)) {
            headers.insert(header::CACHE_CONTROL, private);
        }
    }
}

/// The origin of pages that may ask the service, as browsers write it: `https://desk.example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(HeaderValue);

/// A text is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is no origin; expected one such as `https://desk.example.org`, in lower case and without a path")]
pub struct NoOrigin {
    /// The text.
    pub given: String,
}

impl Origin {
    /// Reads an origin. `*` and `null` are none: they would let any page ask.
    pub fn parse(text: &str) -> Result<Origin, NoOrigin> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
        let value = HeaderValue::from_str(text).ok().filter(|_| !host.is_empty() && host.bytes().all(fits));
        value.map(Origin).ok_or_else(|| NoOrigin { given: text.to_owned() })
    }
}

/// Lets pages of these origins ask and read the answers; keys are sent by the page, never by the browser on its own.
pub(crate) fn cors(origins: &[Origin]) -> CorsLayer {
    let named = |name: &'static str| HeaderName::from_static(name);
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins.iter().map(|origin| origin.0.clone())))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, named("x-api-key"), named("traceparent")])
        .expose_headers([
            header::RETRY_AFTER,
            named("x-batch-size"),
            named("traceparent"),
            named("x-interdict-snapshot"),
            named("x-interdict-lists"),
            named("x-interdict-degraded"),
        ])
        .max_age(PREFLIGHT_AGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_exact() {
        for good in ["https://desk.example.org", "http://localhost:5173", "http://[::1]:8000"] {
            assert!(Origin::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["*", "null", "", "desk.example.org", "https://", "https://a.org/", "https://*.a.org", "https://A.org"]
        {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
    }
}
