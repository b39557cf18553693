//! Spans, sent to a collector by OTLP over HTTP in its JSON form.
//!
//! Idea: requests hand their spans to one thread, which sends them in batches; a collector that is slow or gone costs spans, which are
//! counted, and never a request. The protocol's JSON form is written here: the crates of OpenTelemetry would bring protocol buffers and a
//! gRPC library for three kinds of span.
//! Source: OTLP 1.x (`opentelemetry-proto`, `trace/v1`), JSON mapping: ids are hexadecimal, 64-bit numbers are texts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use serde_json::{Value as Json, json};

/// Requests whose spans may wait to be sent.
const MOST_WAITING: usize = 4096;

/// Spans that are sent at a time, at most some more.
const BATCH: usize = 512;

/// The longest that a span waits for others.
const GATHER: Duration = Duration::from_secs(1);

/// The longest that a collector may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where spans go.
#[derive(Clone)]
pub struct Options {
    /// The whole address, which ends in `/v1/traces` by custom.
    pub url: String,
    /// Headers to send along; their values are secret.
    pub headers: Vec<(String, String)>,
    /// The share of traces that begin here to be sent, 0 to 1; traces that a caller began follow the caller.
    pub share: f64,
    /// What the service is called.
    pub service: String,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Options").field("url", &self.url).field("share", &self.share).finish_non_exhaustive()
    }
}

/// Spans cannot be sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// An address or a header is none.
    #[error("spans cannot be sent to {url}: {reason}")]
    Options {
        /// The address.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// The system gives no thread.
    #[error("the thread that sends spans cannot be started")]
    Thread(#[source] std::io::Error),
}

/// Whose side of a call a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Work within.
    Internal = 1,
    /// The answer to a call from outside.
    Server = 2,
}

/// One span.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) trace: String,
    /// Its id.
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) start_ns: u64,
    pub(crate) end_ns: u64,
    /// Texts and whole numbers.
    pub(crate) attributes: Vec<(&'static str, Json)>,
    pub(crate) is_error: bool,
}

/// Sends spans.
#[derive(Debug)]
pub struct Exporter {
    share: f64,
    sender: Option<SyncSender<Vec<Span>>>,
    thread: Option<JoinHandle<()>>,
    n_lost: Arc<AtomicU64>,
}

impl Exporter {
    /// Starts the thread that sends.
    ///
    /// # Errors
    /// The address or a header is none, or there is no thread.
    pub fn start(options: Options) -> Result<Exporter, ExportError> {
        // The one provider of this program; that it may be set already is no error.
        drop(rustls::crypto::ring::default_provider().install_default());
        let fail = |reason: String| ExportError::Options { url: options.url.clone(), reason };
        let url = reqwest::Url::parse(&options.url).map_err(|error| fail(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(fail("expected http:// or https://".to_owned()));
        }
        let mut headers = reqwest::header::HeaderMap::new();
        for (name, value) in &options.headers {
            let name =
                name.parse::<reqwest::header::HeaderName>().map_err(|_| fail(format!("{name:?} names no header")))?;
            let mut value = value
                .parse::<reqwest::header::HeaderValue>()
                .map_err(|_| fail(format!("the value of header `{name}` is none")))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let client = Client::builder().timeout(TIMEOUT).default_headers(headers).build();
        let client = client.map_err(|error| fail(error.to_string()))?;
        let (sender, receiver) = sync_channel(MOST_WAITING);
        let n_lost = Arc::new(AtomicU64::new(0));
        let sending = Sending { client, url, service: options.service, n_lost: Arc::clone(&n_lost), warned: None };
        let thread = std::thread::Builder::new().name("spans".to_owned()).spawn(move || sending.run(&receiver));
        Ok(Exporter {
            share: options.share,
            sender: Some(sender),
            thread: Some(thread.map_err(ExportError::Thread)?),
            n_lost,
        })
    }

    /// The share of traces that begin here to be sent.
    pub(crate) fn share(&self) -> f64 {
        self.share
    }

    /// Hands over the spans of a request.
    pub(crate) fn send(&self, spans: Vec<Span>) {
        let n = spans.len() as u64;
        if self.sender.as_ref().is_none_or(|sender| sender.try_send(spans).is_err()) {
            self.n_lost.fetch_add(n, Ordering::Relaxed);
        }
    }

    /// Spans that could not be sent.
    pub(crate) fn n_lost(&self) -> u64 {
        self.n_lost.load(Ordering::Relaxed)
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        drop(self.sender.take());
        // What waits is sent before the service ends; a collector that hangs holds it up for `TIMEOUT` at most.
        drop(self.thread.take().map(JoinHandle::join));
    }
}

struct Sending {
    client: Client,
    url: reqwest::Url,
    service: String,
    n_lost: Arc<AtomicU64>,
    warned: Option<Instant>,
}

impl Sending {
    fn run(mut self, receiver: &Receiver<Vec<Span>>) {
        while let Ok(mut spans) = receiver.recv() {
            let until = Instant::now() + GATHER;
            let mut is_last = false;
            while spans.len() < BATCH {
                match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
                    Ok(more) => spans.extend(more),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => {
                        is_last = true;
                        break;
                    }
                }
            }
            let sent = self.send(&spans);
            if let Err(reason) = sent {
                self.n_lost.fetch_add(spans.len() as u64, Ordering::Relaxed);
                // Said once a minute: a collector may be gone for hours.
                if self.warned.is_none_or(|at| at.elapsed() > Duration::from_mins(1)) {
                    tracing::warn!(reason, n_spans = spans.len(), "spans could not be sent");
                    self.warned = Some(Instant::now());
                }
                if is_last {
                    // The collector is gone and so is the service: nothing that waits would arrive.
                    return;
                }
            }
        }
    }

    fn send(&self, spans: &[Span]) -> Result<(), String> {
        let body = body(&self.service, spans).to_string();
        let request = self.client.post(self.url.clone()).header("content-type", "application/json").body(body);
        let response = request.send().map_err(|error| error.without_url().to_string())?;
        if response.status().is_success() { Ok(()) } else { Err(format!("status {}", response.status().as_u16())) }
    }
}

/// An `ExportTraceServiceRequest`.
fn body(service: &str, spans: &[Span]) -> Json {
    let resource = [("service.name", json!(service)), ("service.version", json!(crate::wire::VERSION))];
    json!({"resourceSpans": [{
        "resource": {"attributes": attributes(&resource)},
        "scopeSpans": [{
            "scope": {"name": "interdict", "version": crate::wire::VERSION},
            "spans": spans.iter().map(span_json).collect::<Vec<_>>(),
        }],
    }]})
}

fn span_json(span: &Span) -> Json {
    let mut json = json!({
        "traceId": span.trace,
        "spanId": span.id,
        "name": span.name,
        "kind": span.kind as u8,
        "startTimeUnixNano": span.start_ns.to_string(),
        "endTimeUnixNano": span.end_ns.to_string(),
        "attributes": attributes(&span.attributes),
        // STATUS_CODE_ERROR and STATUS_CODE_UNSET.
        "status": {"code": if span.is_error { 2 } else { 0 }},
    });
    if let (Some(members), Some(parent)) = (json.as_object_mut(), &span.parent) {
        members.insert("parentSpanId".to_owned(), json!(parent));
    }
    json
}

fn attributes(attributes: &[(&'static str, Json)]) -> Vec<Json> {
    let value = |value: &Json| match value {
        Json::Number(number) => json!({"intValue": number.to_string()}),
        Json::String(text) => json!({"stringValue": text}),
        other => json!({"stringValue": other.to_string()}),
    };
    attributes.iter().map(|(key, given)| json!({"key": key, "value": value(given)})).collect()
}
