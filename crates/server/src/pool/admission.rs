//! How much waits, and who may still wait with it.
//!
//! Idea: work is counted in queries. How long what waits will take is known from the mean time of a query; a request that would wait
//! longer than [`Limits::max_wait`] is refused at once, which costs little, instead of being answered too late, which costs all that
//! come after it.
//! Invariant: what was counted in is counted out, whether it was answered, lost or given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How much may wait.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Threads that screen.
    pub n_threads: usize,
    /// The longest that a request may expect to wait before it is begun.
    pub max_wait: Duration,
    /// Queries that may wait whatever they are expected to take: a bound of memory.
    pub max_queries: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
        Limits { n_threads, max_wait: Duration::from_millis(5), max_queries: 20_000 }
    }
}

/// How many times its own time a request may wait beyond [`Limits::max_wait`].
const WAIT_OF_OWN: u32 = 4;

/// A query's time before the first was answered: that of one against the real lists.
const FIRST_MEAN_NS: u64 = 100_000;

/// A new time counts so much in the mean: one part of this.
const MEAN_OF: u64 = 64;

/// Too much waits already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the service is asked for more than it can answer; try again in {retry_after_s} s")]
pub struct Overload {
    /// When to try again, in whole seconds.
    pub retry_after_s: u64,
}

/// Leave to have so many queries answered; what was not used is given back when it is dropped.
#[derive(Debug)]
pub struct Admission {
    load: Arc<Load>,
    n_left: u64,
}

impl Admission {
    /// Takes leave for so many queries, or for all that is left; who takes it counts them out by [`Load::done`].
    pub(super) fn take(&mut self, n_queries: usize) -> u64 {
        let n_queries = (n_queries as u64).min(self.n_left);
        self.n_left -= n_queries;
        n_queries
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.load.n_waiting.fetch_sub(self.n_left, Ordering::Relaxed);
    }
}

/// What waits.
#[derive(Debug)]
pub(super) struct Load {
    limits: Limits,
    /// Queries admitted and not yet answered.
    n_waiting: AtomicU64,
    /// Moving mean of the time that a query takes, in nanoseconds.
    mean_ns: AtomicU64,
}

impl Load {
    pub(super) fn new(limits: Limits) -> Load {
        Load { limits, n_waiting: AtomicU64::new(0), mean_ns: AtomicU64::new(FIRST_MEAN_NS) }
    }

    /// Queries admitted and not yet answered.
    pub(super) fn n_waiting(&self) -> u64 {
        self.n_waiting.load(Ordering::Relaxed)
    }

    /// What so many queries are expected to take on one thread.
    pub(super) fn time_of(&self, n_queries: u64) -> Duration {
        Duration::from_nanos(n_queries.saturating_mul(self.mean_ns.load(Ordering::Relaxed)))
    }

    /// Leave to have so many queries answered, or word to come again.
    pub(super) fn admit(self: &Arc<Load>, n_queries: usize) -> Result<Admission, Overload> {
        let n_queries = n_queries.max(1) as u64;
        let n_threads = u32::try_from(self.limits.n_threads).unwrap_or(u32::MAX).max(1);
        let n_waiting = self.n_waiting.fetch_add(n_queries, Ordering::Relaxed);
        let admission = Admission { load: Arc::clone(self), n_left: n_queries };
        let wait = self.time_of(n_waiting) / n_threads;
        // A batch that itself takes long may wait longer: a few times what it takes.
        let may_wait = self.limits.max_wait.saturating_add(self.time_of(n_queries) / n_threads * WAIT_OF_OWN);
        // A service that is idle takes any request that the limits of its body let through.
        if n_waiting > 0 && (wait > may_wait || n_waiting + n_queries > self.limits.max_queries.max(n_queries)) {
            return Err(Overload { retry_after_s: wait.as_secs().max(1) });
        }
        Ok(admission)
    }

    /// So many queries that were taken out of an admission are done, in so much time.
    pub(super) fn done(&self, n_queries: u64, took: Duration) {
        self.n_waiting.fetch_sub(n_queries, Ordering::Relaxed);
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        if let Some(took) = nanos.checked_div(n_queries) {
            let mean = self.mean_ns.load(Ordering::Relaxed);
            // Two threads may write at a time; either mean will do.
            self.mean_ns.store(mean - mean / MEAN_OF + took / MEAN_OF, Ordering::Relaxed);
        }
    }
}
