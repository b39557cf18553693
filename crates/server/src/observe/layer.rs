//! Around every request: its record before, its shape, its headers and what is told of it after.
//!
//! Invariant: an answer that rests on screening leaves only after its line stands in the screening log, where there is one; if the line
//! cannot be written, the answer is a 503.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::json;

use super::otlp::{Exporter, Kind, Span};
use super::record::{Gathered, RECORD, Record};
use super::trace::Trace;
use crate::access::roles::Class;
use crate::app::App;
use crate::headers;
use crate::screening_log::Account;
use crate::shape::Interface;
use crate::view::View;
use crate::yente::Refusal;

/// Names a request in the answer and in the log.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The snapshot that an answer rests on.
const SNAPSHOT: HeaderName = HeaderName::from_static("x-interdict-snapshot");

/// The lists of that snapshot with their versions.
const LISTS: HeaderName = HeaderName::from_static("x-interdict-lists");

/// The lists of that snapshot that are not whole or not fresh, as `us_ofac_sdn=stale, un_sc=missing`.
const DEGRADED: HeaderName = HeaderName::from_static("x-interdict-degraded");

/// A caller's id for a request is taken up to this length: it stands on every line of the log.
const MAX_REQUEST_ID: usize = 128;

/// Routes that are asked every few seconds by machines: their lines are for debugging.
const QUIET: &[&str] = &["/healthz", "/readyz", "/metrics", "/ping"];

/// Watches a request.
pub(crate) async fn watch(State(app): State<App>, request: Request, next: Next) -> Response {
    let observe = &app.engine.observe;
    let trace = Trace::of(request.headers(), observe.exporter.as_ref().map_or(0.0, Exporter::share));
    let in_full = observe.screening_log.is_some();
    let record = Arc::new(Record::new(request_id(request.headers()), trace, in_full));
    let pattern = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let (route, class) = (pattern.unwrap_or("(none)").to_owned(), Class::of(pattern));
    let method = name_of(request.method());
    let interface = Interface::of(request.uri().path());
    let target = request.uri().path_and_query().filter(|_| in_full).map(ToString::to_string);
    let response = RECORD.scope(Arc::clone(&record), next.run(request)).await;
    let mut response = interface.shaped(response);
    let gathered = record.take();
    if let (Some(log), false) = (&observe.screening_log, gathered.screened.is_empty()) {
        let account = Account {
            record: &record,
            key: gathered.key.as_deref(),
            method,
            route: &route,
            target: target.as_deref(),
            body: gathered.body.as_deref(),
            status: Some(response.status().as_u16()),
            screened: &gathered.screened,
        };
        let written = match &gathered.view {
            Some(view) => log.write(account.line(view, log.text())).await,
            None => Ok(()),
        };
        if written.is_err() {
            let refusal = Refusal::unready(
                "screening-log-failing",
                "The screening log cannot be written, and no answer leaves without its line there.",
            );
            response = interface.refusal(refusal);
        }
    }
    let ended = Instant::now();
    let status = response.status().as_u16();
    let took = ended.saturating_duration_since(record.began);
    app.engine.metrics.answered(&route, method, status, took);
    let n_unread: usize = gathered.screened.iter().map(|screened| screened.n_unread).sum();
    let n_passed_over = gathered.n_passed_over + n_unread as u64;
    if n_passed_over > 0 {
        app.engine.metrics.passed_over(&route, n_passed_over);
    }
    if !gathered.shares.is_empty() {
        app.engine.pool.counts().answer.observe(took.saturating_sub(gathered.waited).as_secs_f64());
    }
    headers::add(&app, class, response.headers_mut());
    put(response.headers_mut(), &record, gathered.view.as_deref());
    tell(&record, &gathered, &route, method, status, took.as_secs_f64() * 1e3);
    if let (Some(exporter), true) = (&observe.exporter, record.trace.is_sampled) {
        exporter.send(spans(&record, &gathered, &route, method, status, ended));
    }
    response
}

/// The caller's id for the request where it is one that a log can hold, else a new one.
pub(crate) fn request_id(headers: &HeaderMap) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=@".contains(&byte);
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let given = given.filter(|id| (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(is_plain));
    given.map_or_else(|| crate::ids::hex(16), str::to_owned)
}

/// A method by its name; those that no route takes are one.
fn name_of(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "HEAD" => "HEAD",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// What every answer says in its head.
fn put(headers: &mut HeaderMap, record: &Record, view: Option<&View>) {
    record.trace.put(headers);
    headers.extend(HeaderValue::from_str(&record.id).ok().map(|id| (REQUEST_ID, id)));
    let Some(view) = view else { return };
    if let Ok(id) = HeaderValue::from_str(view.snapshot.id()) {
        headers.entry(SNAPSHOT).or_insert(id);
    }
    if let Ok(lists) = HeaderValue::from_str(view.lists_said()) {
        headers.insert(LISTS, lists);
    }
    let lists = view.meta().lists.iter().filter_map(|list| Some(format!("{}={}", list.id, crate::wire::fault(list)?)));
    let degraded = lists.collect::<Vec<_>>().join(", ");
    if let (Ok(degraded), false) = (HeaderValue::from_str(&degraded), degraded.is_empty()) {
        headers.insert(DEGRADED, degraded);
    }
}

/// One line of the log.
fn tell(record: &Record, gathered: &Gathered, route: &str, method: &str, status: u16, duration_ms: f64) {
    let n_queries = gathered.screened.len();
    let n_hits: usize = gathered.screened.iter().map(|screened| screened.n_hits).sum();
    let n_scored: usize = gathered.screened.iter().map(|screened| screened.n_scored).sum();
    let key = gathered.key.as_deref();
    let (id, trace) = (record.id.as_str(), record.trace.id.as_str());
    if QUIET.contains(&route) && status < 400 {
        tracing::debug!(target: "interdict::access", request_id = id, method, route, status, duration_ms, "request");
    } else {
        tracing::info!(
            target: "interdict::access", request_id = id, trace_id = trace, key, method, route, status, duration_ms, n_queries, n_hits,
            n_scored, "request"
        );
    }
}

/// The spans of a request: itself, and for each share of its queries the wait and the screening.
fn spans(record: &Record, gathered: &Gathered, route: &str, method: &str, status: u16, ended: Instant) -> Vec<Span> {
    let trace = &record.trace;
    let span = |name: String, kind, from: Instant, to: Instant| Span {
        trace: trace.id.clone(),
        id: crate::ids::hex(8),
        parent: Some(trace.span.clone()),
        name,
        kind,
        start_ns: record.wall_ns(from),
        end_ns: record.wall_ns(to),
        attributes: Vec::new(),
        is_error: false,
    };
    let mut spans = vec![Span {
        id: trace.span.clone(),
        parent: trace.parent.clone(),
        // Names and attributes as the semantic conventions of OpenTelemetry for HTTP servers have them.
        attributes: vec![
            ("http.request.method", json!(method)),
            ("http.route", json!(route)),
            ("http.response.status_code", json!(status)),
            ("interdict.request_id", json!(record.id)),
            ("interdict.queries", json!(gathered.screened.len())),
        ],
        is_error: status >= 500,
        ..span(format!("{method} {route}"), Kind::Server, record.began, ended)
    }];
    for share in &gathered.shares {
        spans.push(span("queue".to_owned(), Kind::Internal, share.handed_over, share.begun));
        spans.push(Span {
            attributes: vec![("interdict.queries", json!(share.n_queries))],
            ..span("screening".to_owned(), Kind::Internal, share.begun, share.ended)
        });
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_a_log_can_hold_is_kept() {
        let of = |given: &[u8]| {
            let headers = HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_bytes(given).unwrap())]);
            request_id(&headers)
        };
        assert_eq!(of(b"order-7/b_1:2"), "order-7/b_1:2");
        for bad in [&b""[..], b"a b", b"a\"b", "Пётр".as_bytes(), &[b'a'; 129]] {
            assert!(of(bad).len() == 32 && of(bad) != of(bad), "{bad:?}");
        }
    }
}
