//! One connection: HTTP/1.1 or HTTP/2, as its first bytes or TLS say, with bounds for all that a client can be slow at.
//!
//! Idea: hyper bounds the head of an HTTP/1.1 request, which is the wait for the next one on a kept connection too; what it leaves
//! open is bounded here: the first bytes, answers that are not read ([`Io`]), HTTP/2 connections on which nothing is asked. A head that
//! began and did not end in time is told so by 408 (RFC 9110, 15.5.9); a connection that said nothing is closed without a word.
//! What hyper refuses by itself, before a route, it refuses without a word; the word is said in its place ([`words`]).
//! Invariant: a connection ends by itself within the bounds of [`HttpLimits`], whatever the client does.

mod io;
mod words;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use io::Io;
pub(crate) use words::{end, said};
use words::{refused, too_slow};

use crate::door::Door;
use crate::settings::HttpLimits;

/// Largest head of a request in bytes: the longest address that is taken, and as much again for headers.
const MAX_HEAD: usize = 128 << 10;

/// Requests at a time on one HTTP/2 connection. RFC 9113, 6.5.2 recommends no fewer than 100.
const MAX_STREAMS: u32 = 100;

/// What a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// What its first bytes say.
    Unsaid,
    /// As agreed in the TLS handshake.
    Http1,
    /// As agreed in the TLS handshake.
    Http2,
}

/// Who is at the other end, as far as the connection tells; handed to every request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer {
    /// SHA-256 of the certificate that the client showed and that was found good.
    pub(crate) certificate: Option<String>,
}

/// What a connection is served with.
#[derive(Clone, Debug)]
pub(crate) struct Serving {
    pub(crate) router: Router,
    pub(crate) door: Arc<Door>,
    pub(crate) limits: HttpLimits,
    /// Becomes true when the service is told to stop.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Serving {
    /// Serves a connection to its end.
    pub(crate) async fn run<S>(mut self, stream: S, protocol: Protocol, peer: Peer)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let mut io = Io::new(stream, self.limits.write);
        let is_http2 = match protocol {
            Protocol::Http1 => false,
            Protocol::Http2 => true,
            Protocol::Unsaid => {
                let first = tokio::select! {
                    first = timeout(self.limits.head, io.has_preface()) => first,
                    () = stopped(&mut self.stopping) => return,
                };
                match first {
                    Ok(Ok(is_http2)) => is_http2,
                    Ok(Err(_)) => return,
                    Err(_) if io.is_silent() => return,
                    Err(_) => return end(io, Some(&too_slow())).await,
                }
            }
        };
        // Boxed, so that a connection has room for the one that it speaks, and none while it says nothing.
        if is_http2 { Box::pin(self.http2(io, peer)).await } else { Box::pin(self.http1(io, peer)).await }
    }

    async fn http1<S>(mut self, io: Io<S>, peer: Peer)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let router = TowerToHyperService::new(self.router);
        let door = self.door;
        let service = service_fn(move |request| answer(&door, &router, request, &peer));
        let mut connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            .max_headers(self.limits.n_headers)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(io), service);
        let mut is_stopping = false;
        let ended = loop {
            tokio::select! {
                ended = poll_fn(|context| connection.poll_without_shutdown(context)) => break ended,
                () = stopped(&mut self.stopping), if !is_stopping => {
                    is_stopping = true;
                    Pin::new(&mut connection).graceful_shutdown();
                }
            }
        };
        let parts = connection.into_parts();
        let was_slow = ended.is_err_and(|error| error.is_timeout()) && !parts.read_buf.is_empty();
        let io = parts.io.into_inner();
        let words = match io.refused() {
            Some(status) => Some(refused(status, self.limits.n_headers)),
            None => was_slow.then(too_slow),
        };
        end(io, words.as_deref()).await;
    }

    async fn http2<S>(mut self, io: Io<S>, peer: Peer)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let activity = Arc::new(Activity::begun());
        let router = TowerToHyperService::new(self.router);
        let (counting, door) = (Arc::clone(&activity), self.door);
        let service = service_fn(move |request| {
            let asked = counting.ask();
            let answering = answer(&door, &router, request, &peer);
            async move {
                let response = answering.await;
                drop(asked);
                response
            }
        });
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(MAX_HEAD as u32)
            .serve_connection(TokioIo::new(io), service);
        let mut connection = std::pin::pin!(connection);
        let mut is_ending = false;
        let mut look_at = Instant::now() + self.limits.idle;
        loop {
            tokio::select! {
                // A client that breaks the protocol or goes away ends its own connection, which nobody else needs to know.
                _ = connection.as_mut() => return,
                () = stopped(&mut self.stopping), if !is_ending => {
                    is_ending = true;
                    connection.as_mut().graceful_shutdown();
                    look_at = Instant::now() + self.limits.idle;
                }
                () = sleep_until(look_at) => match activity.idle_since() {
                    Some(since) if since.elapsed() >= self.limits.idle => {
                        if is_ending {
                            return;
                        }
                        is_ending = true;
                        connection.as_mut().graceful_shutdown();
                        look_at = Instant::now() + self.limits.idle;
                    }
                    Some(since) => look_at = since + self.limits.idle,
                    None => look_at = Instant::now() + self.limits.idle,
                },
            }
        }
    }
}

type Answering = Pin<Box<dyn Future<Output = Result<Response, std::convert::Infallible>> + Send>>;

/// Answers one request, telling the routes who is at the other end; or refuses it at the door.
fn answer(door: &Door, router: &TowerToHyperService<Router>, mut request: Request<Incoming>, peer: &Peer) -> Answering {
    if let Some(refusal) = door.refusal(&request) {
        return Box::pin(std::future::ready(Ok(refusal)));
    }
    request.extensions_mut().insert(peer.clone());
    Box::pin(router.call(request.map(Body::new)))
}

/// Done when the service is told to stop, or is gone.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    drop(stopping.wait_for(|stopping| *stopping).await);
}

/// What is asked on a connection.
#[derive(Debug)]
struct Activity(Mutex<(usize, Instant)>);

/// A request that runs.
struct Asked(Arc<Activity>);

impl Activity {
    fn begun() -> Activity {
        Activity(Mutex::new((0, Instant::now())))
    }

    fn ask(self: &Arc<Activity>) -> Asked {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 += 1;
        Asked(Arc::clone(self))
    }

    /// Since when nothing is asked, if nothing is.
    fn idle_since(&self) -> Option<Instant> {
        let (n_running, since) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (n_running == 0).then_some(since)
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let mut state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = (state.0.saturating_sub(1), Instant::now());
    }
}
