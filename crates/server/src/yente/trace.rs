//! Trace context: every answer carries a `traceparent` and `tracestate`, the caller's trace id kept.
//!
//! Source: W3C Trace Context, level 1; as yente writes them.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// Answers with the trace of the request.
pub(crate) async fn carry(request: Request, next: Next) -> Response {
    let trace = trace_id(request.headers()).map_or_else(|| crate::ids::hex(16), str::to_owned);
    let state = request.headers().get("tracestate").and_then(|state| state.to_str().ok()).map(str::to_owned);
    let span = crate::ids::hex(8);
    let mut response = next.run(request).await;
    let states = match state.filter(|state| !state.trim().is_empty()) {
        Some(state) => format!("yente={span},{state}"),
        None => format!("yente={span}"),
    };
    let headers = response.headers_mut();
    for (name, value) in [("traceparent", format!("00-{trace}-{span}-00")), ("tracestate", states)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}

/// The trace id of a `traceparent` of version 00 that is well formed.
fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let given = headers.get("traceparent")?.to_str().ok()?;
    let mut parts = given.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, len: usize| {
        text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let is_some = |text: &str| text.bytes().any(|byte| byte != b'0');
    let good =
        version == "00" && is_hex(trace, 32) && is_some(trace) && is_hex(span, 16) && is_some(span) && is_hex(flags, 2);
    (good && parts.next().is_none()).then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_well_formed_trace_is_kept() {
        let of = |given: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("traceparent", HeaderValue::from_str(given).unwrap());
            trace_id(&headers).map(str::to_owned)
        };
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(of(&format!("00-{trace}-00f067aa0ba902b7-01")).as_deref(), Some(trace));
        let zeros = "0".repeat(32);
        for bad in [
            "",
            "00",
            &format!("01-{trace}-00f067aa0ba902b7-01"),
            &format!("00-{zeros}-00f067aa0ba902b7-01"),
            &format!("00-{trace}-xyz-01"),
        ] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}
