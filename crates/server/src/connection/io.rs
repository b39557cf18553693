//! The bytes of a connection: what was read ahead, writes that do not wait for ever, refusals that hyper writes by itself.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::words::bare_refusal;

/// What HTTP/2 connections begin with. RFC 9113, 3.4.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A stream with what was read of it ahead, on which no write waits for ever, and no refusal goes out without a word.
pub(super) struct Io<S> {
    stream: S,
    /// Read already, and to be read again.
    first: Vec<u8>,
    /// Runs while a write waits for the client.
    stalled: Option<Pin<Box<Sleep>>>,
    write_limit: Duration,
    /// The status of a refusal that hyper wrote without a word, which was kept back.
    refused: Option<u16>,
}

impl<S: AsyncRead + Unpin> Io<S> {
    /// Whether the first bytes are those of HTTP/2; reads no more than tells it.
    pub(super) async fn has_preface(&mut self) -> io::Result<bool> {
        loop {
            let n_known = self.first.len().min(PREFACE.len());
            if self.first.get(..n_known) != PREFACE.get(..n_known) {
                return Ok(false);
            }
            if n_known == PREFACE.len() {
                return Ok(true);
            }
            if self.stream.read_buf(&mut self.first).await? == 0 {
                return Ok(false);
            }
        }
    }
}

impl<S> Io<S> {
    pub(super) fn new(stream: S, write_limit: Duration) -> Io<S> {
        Io { stream, first: Vec::new(), stalled: None, write_limit, refused: None }
    }

    /// Whether nothing was read ahead.
    pub(super) fn is_silent(&self) -> bool {
        self.first.is_empty()
    }

    /// The status that hyper refused the last request with, before a route was asked.
    pub(super) fn refused(&self) -> Option<u16> {
        self.refused
    }

    /// Keeps back a refusal of hyper's: its words follow.
    fn keeps_back(&mut self, bytes: &[u8]) -> bool {
        let refused = bare_refusal(bytes);
        self.refused = refused.or(self.refused);
        refused.is_some()
    }

    /// An outcome of a write; one that waits longer than may be is an error.
    fn in_time<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let limit = self.write_limit;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        match stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Io<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let n_taken = self.first.len().min(buffer.remaining());
        let taken: Vec<u8> = self.first.drain(..n_taken).collect();
        buffer.put_slice(&taken);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Io<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.keeps_back(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.in_time(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // hyper writes a head that no body follows as one part.
        if let [bytes] = parts
            && self.keeps_back(bytes)
        {
            return Poll::Ready(Ok(bytes.len()));
        }
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.in_time(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.in_time(context, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(context);
        self.in_time(context, outcome)
    }
}
