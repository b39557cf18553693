//! Trace context: every answer carries a `traceparent` and `tracestate`, the caller's trace id kept.
//!
//! Source: W3C Trace Context, level 1; as yente writes them.

use axum::http::{HeaderMap, HeaderValue};

/// Where a request stands in its trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    /// The trace: 32 hexadecimal digits.
    pub(crate) id: String,
    /// The caller's span.
    pub(crate) parent: Option<String>,
    /// The span of this request: 16 hexadecimal digits.
    pub(crate) span: String,
    /// Whether its spans are sent: as the caller decided, else by `share` of the traces that begin here.
    pub(crate) is_sampled: bool,
    state: Option<String>,
}

impl Trace {
    /// Continues the caller's trace, else begins one. `share` of those that begin here are sampled, 0 to 1.
    pub(crate) fn of(headers: &HeaderMap, share: f64) -> Trace {
        let span = crate::ids::hex(8);
        let state = headers.get("tracestate").and_then(|state| state.to_str().ok()).map(str::to_owned);
        let state = state.filter(|state| !state.trim().is_empty());
        if let Some((trace, parent, flags)) = parent(headers) {
            let is_sampled = share > 0.0 && u8::from_str_radix(flags, 16).is_ok_and(|flags| flags & 1 == 1);
            return Trace { id: trace.to_owned(), parent: Some(parent.to_owned()), span, is_sampled, state };
        }
        let id = crate::ids::hex(16);
        let drawn = id.get(..8).and_then(|head| u32::from_str_radix(head, 16).ok()).unwrap_or(u32::MAX);
        let is_sampled = f64::from(drawn) < share * f64::from(u32::MAX);
        Trace { id, parent: None, span, is_sampled, state }
    }

    /// Puts it on the answer.
    pub(crate) fn put(&self, headers: &mut HeaderMap) {
        let states = match &self.state {
            Some(state) => format!("yente={},{state}", self.span),
            None => format!("yente={}", self.span),
        };
        let flags = u8::from(self.is_sampled);
        for (name, value) in
            [("traceparent", format!("00-{}-{}-{flags:02x}", self.id, self.span)), ("tracestate", states)]
        {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

/// Trace, span and flags of a `traceparent` of version 00 that is well formed.
fn parent(headers: &HeaderMap) -> Option<(&str, &str, &str)> {
    let given = headers.get("traceparent")?.to_str().ok()?;
    let mut parts = given.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, len: usize| {
        text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let is_some = |text: &str| text.bytes().any(|byte| byte != b'0');
    let good =
        version == "00" && is_hex(trace, 32) && is_some(trace) && is_hex(span, 16) && is_some(span) && is_hex(flags, 2);
    (good && parts.next().is_none()).then_some((trace, span, flags))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_begins_a_trace_decides_whether_it_is_sampled() {
        let with = |given: Option<&str>, share: f64| {
            let mut headers = HeaderMap::new();
            headers.extend(given.map(|given| {
                (axum::http::HeaderName::from_static("traceparent"), HeaderValue::from_str(given).unwrap())
            }));
            Trace::of(&headers, share)
        };
        let begun = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0";
        assert!(with(Some(&format!("{begun}1")), 0.1).is_sampled);
        assert!(!with(Some(&format!("{begun}0")), 1.0).is_sampled);
        assert!(!with(Some(&format!("{begun}1")), 0.0).is_sampled, "nowhere to send to");
        assert!(with(None, 1.0).is_sampled && !with(None, 0.0).is_sampled);
        let mut answer = HeaderMap::new();
        let trace = with(Some(&format!("{begun}1")), 1.0);
        trace.put(&mut answer);
        assert_eq!(answer["traceparent"], format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{}-01", trace.span));
        assert_eq!(trace.parent.as_deref(), Some("00f067aa0ba902b7"));
    }

    #[test]
    fn a_well_formed_trace_is_kept() {
        let of = |given: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("traceparent", HeaderValue::from_str(given).unwrap());
            parent(&headers).map(|(trace, _, _)| trace.to_owned())
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
