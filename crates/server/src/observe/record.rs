//! What goes with a request and gathers what happens to it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::body::Bytes;
use axum::http::HeaderMap;

use super::screened::Screened;
use super::trace::Trace;
use crate::view::View;

tokio::task_local! {
    /// The record of the request that this task answers.
    pub(crate) static RECORD: Arc<Record>;
}

/// The record of the request that is answered here, where one is.
pub(crate) fn current() -> Option<Arc<Record>> {
    RECORD.try_with(Arc::clone).ok()
}

/// Whom the request comes from, by the name of the key that was shown.
pub(crate) fn note_key(id: &str) {
    if let Some(record) = current() {
        record.change(|gathered| gathered.key = Some(id.to_owned()));
    }
}

/// Queries or values were passed over as they could not be read.
pub(crate) fn note_passed_over(n: usize) {
    if let (Some(record), true) = (current(), n > 0) {
        record.change(|gathered| gathered.n_passed_over += n as u64);
    }
}

/// A part of a request's queries on one of the threads that screen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    pub(crate) handed_over: Instant,
    pub(crate) begun: Instant,
    pub(crate) ended: Instant,
    pub(crate) n_queries: usize,
}

/// What was gathered.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) key: Option<String>,
    /// The view that it was answered from.
    pub(crate) view: Option<Arc<View>>,
    /// Its body, where an account is wanted.
    pub(crate) body: Option<Bytes>,
    pub(crate) screened: Vec<Screened>,
    pub(crate) shares: Vec<Share>,
    /// Time spent waiting for the threads that screen.
    pub(crate) waited: Duration,
    pub(crate) n_passed_over: u64,
}

/// What goes with a request.
#[derive(Debug)]
pub(crate) struct Record {
    /// Its id, as the answer has it.
    pub(crate) id: String,
    pub(crate) trace: Trace,
    /// Whether queries and hits are kept for an account.
    pub(crate) in_full: bool,
    pub(crate) began: Instant,
    pub(crate) began_at: SystemTime,
    gathered: Mutex<Gathered>,
}

impl Record {
    pub(crate) fn new(id: String, trace: Trace, in_full: bool) -> Record {
        let (began, began_at) = (Instant::now(), SystemTime::now());
        Record { id, trace, in_full, began, began_at, gathered: Mutex::default() }
    }

    /// The record of a job, in place of a request's: its id is the job's.
    pub(crate) fn of_job(id: &str) -> Record {
        Record::new(id.to_owned(), Trace::of(&HeaderMap::new(), 0.0), true)
    }

    /// Whom the request comes from, as far as that is known.
    pub(crate) fn key(&self) -> Option<String> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner).key.clone()
    }

    /// Adds to what was gathered.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Gathered)) {
        change(&mut self.gathered.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// All that was gathered, once.
    pub(crate) fn take(&self) -> Gathered {
        std::mem::take(&mut *self.gathered.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A moment of this request on the wall's clock, in nanoseconds since 1970.
    pub(crate) fn wall_ns(&self, moment: Instant) -> u64 {
        let at = self.began_at + moment.saturating_duration_since(self.began);
        at.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
    }
}
