//! `POST /v1/screen/stream`: JSON lines in, JSON lines out, for as long as the caller sends.
//!
//! Idea: lines are read, screened and answered in shares, and the next share is read only when the answers of the last one have been taken:
//! the connection itself is the back-pressure, and memory is bounded by one share. What a busy service would refuse waits here.
//! Invariant: each line that is not blank has one answer, in order; one view answers all of them. A body that breaks off or is not of its
//! form ends the stream by an answer with `error` and without `id`, never by silence.
//! Limits: a line has at most [`MAX_LINE`] bytes; a longer one is refused and the stream ends, as its end cannot be trusted.

use std::collections::VecDeque;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use interdict_batch::{Row, Rows};
use interdict_model::Schema;
use serde_json::json;

use super::asked::How;
use super::problem::Problem;
use super::screen::{Basis, ScreenResult, line};
use crate::app::App;
use crate::engine::Engine;
use crate::observe::screened::gather;
use crate::screening_log::Parts;

/// Longest line in bytes.
const MAX_LINE: usize = 1 << 20;
/// Lines that are answered at a time.
const SHARE: usize = 64;
/// How long a busy service lets a share wait before it is asked again.
const AGAIN: Duration = Duration::from_millis(20);

/// Screens JSON lines `{"id","schema","properties"}` as they come and answers each by a line. Settings stand in the address.
#[utoipa::path(post, path = "/v1/screen/stream", tag = "screening", params(How),
    request_body(content = String, content_type = "application/x-ndjson", description = "One party a line"),
    responses((status = 200, body = ScreenResult, content_type = "application/x-ndjson", description = "One answer a line"),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn post(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, Problem> {
    let how = How::of_address_alone(query.as_deref())?;
    let view = app.view()?;
    let plan = how.plan(&view, "?")?;
    let target = request.uri().path_and_query().map(ToString::to_string);
    let parts = Parts::of_request("POST", "/v1/screen/stream", target);
    let flow = Flow {
        engine: Arc::clone(&app.engine),
        basis: Arc::new(Basis::new(view, plan)),
        body: request.into_body().into_data_stream(),
        buffer: Vec::new(),
        lines: VecDeque::new(),
        n_lines: 0,
        ended: false,
        parts,
    };
    let answers = stream::unfold(flow, |mut flow| async {
        let text = flow.next_share().await?;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(text)), flow))
    });
    let kind = HeaderValue::from_static("application/x-ndjson");
    Ok(([(header::CONTENT_TYPE, kind)], Body::from_stream(answers)).into_response())
}

/// A stream in its course.
struct Flow {
    engine: Arc<Engine>,
    basis: Arc<Basis>,
    body: BodyDataStream,
    /// Bytes of a line that has not ended yet.
    buffer: Vec<u8>,
    /// Lines that wait, each with its number.
    lines: VecDeque<(u64, Vec<u8>)>,
    n_lines: u64,
    ended: bool,
    /// What the screening log is told of each share, where there is one.
    parts: Option<Parts>,
}

impl Flow {
    /// The answers to the next lines; `None` at the end.
    async fn next_share(&mut self) -> Option<String> {
        while self.lines.is_empty() && !self.ended {
            match self.body.next().await {
                Some(Ok(bytes)) => {
                    if let Err(fault) = self.take(&bytes) {
                        self.ended = true;
                        return Some(self.last_words(&fault));
                    }
                }
                Some(Err(error)) => {
                    self.ended = true;
                    return Some(self.last_words(&error.to_string()));
                }
                None => {
                    self.ended = true;
                    let rest = std::mem::take(&mut self.buffer);
                    self.push(rest);
                }
            }
        }
        let share: Vec<(u64, Vec<u8>)> = self.lines.drain(..self.lines.len().min(SHARE)).collect();
        if share.is_empty() {
            return None;
        }
        let first = share.first().map_or(0, |(number, _)| *number);
        match self.answer(share).await {
            Ok(text) => Some(text),
            Err(problem) => {
                self.ended = true;
                self.lines.clear();
                Some(line(&json!({"error": {"line": first, "reason": problem.detail}})))
            }
        }
    }

    /// Cuts what came into lines.
    fn take(&mut self, mut bytes: &[u8]) -> Result<(), String> {
        while let Some(at) = bytes.iter().position(|byte| *byte == b'\n') {
            let (text, rest) = bytes.split_at(at);
            bytes = rest.get(1..).unwrap_or_default();
            let mut whole = std::mem::take(&mut self.buffer);
            whole.extend_from_slice(text);
            if whole.len() > MAX_LINE {
                return Err(format!("the line is longer than {MAX_LINE} bytes"));
            }
            self.push(whole);
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() > MAX_LINE {
            return Err(format!("the line is longer than {MAX_LINE} bytes"));
        }
        Ok(())
    }

    fn push(&mut self, line: Vec<u8>) {
        let ends_here = line.is_empty() && self.ended;
        self.n_lines += u64::from(!ends_here);
        if !line.iter().all(u8::is_ascii_whitespace) {
            self.lines.push_back((self.n_lines, line));
        }
    }

    /// What is said before a stream ends early; lines that wait are not answered, which it says too.
    fn last_words(&mut self, reason: &str) -> String {
        let n_waiting = self.lines.len();
        self.lines.clear();
        let number = self.n_lines + 1;
        line(
            &json!({"error": {"line": number, "reason": format!("{reason}; {n_waiting} lines before it were not answered")}}),
        )
    }

    /// Takes itself mutably, as bodies cannot be shared between threads.
    async fn answer(&mut self, share: Vec<(u64, Vec<u8>)>) -> Result<String, Problem> {
        let pool = &self.engine.pool;
        let mut admission = loop {
            match pool.admit(share.len()) {
                Ok(admission) => break admission,
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        };
        let (basis, n) = (Arc::clone(&self.basis), share.len());
        let in_full = self.parts.is_some();
        let answered = pool.run(&mut admission, n, move |worker| {
            gather(in_full, || {
                let mut out = String::new();
                for (number, bytes) in share {
                    out.push_str(&line(&basis.answer(&row(number, &bytes), worker)?));
                }
                Ok::<_, interdict_snapshot::Corrupt>(out)
            })
        });
        let (text, screened) = answered.await?;
        if let (Some(log), Some(parts)) = (&self.engine.observe.screening_log, &self.parts) {
            let written = log.write_part(parts, &self.basis.view, &screened).await;
            written.map_err(|unwritten| Problem::unavailable("screening-log", unwritten.to_string()))?;
        }
        Ok(text?)
    }
}

/// A line as a row.
fn row(number: u64, bytes: &[u8]) -> Row {
    let unread =
        |reason: String| Row { id: format!("row-{number}"), line: number, party: Err(reason), ignored: Vec::new() };
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return unread("not a JSON object".to_owned());
    }
    let rows = Rows::open(Cursor::new(bytes), "line", Schema::thing());
    match rows.and_then(|mut rows| rows.next_row()) {
        // The reader counts from 1 in what it is given.
        Ok(Some(row)) if row.id == "row-1" => Row { id: format!("row-{number}"), line: number, ..row },
        Ok(Some(row)) => Row { line: number, ..row },
        Ok(None) => unread("nothing stands on the line".to_owned()),
        Err(error) => unread(error.said),
    }
}
