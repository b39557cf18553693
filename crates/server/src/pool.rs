//! The threads that screen, and what keeps them from being asked for more than they can answer.
//!
//! Idea: tokio's threads read and write, these compute, one [`Worker`] each, so that a long query delays no other connection. Work
//! is counted in queries. How long what waits will take is known from the mean time of a query; a request that would wait longer
//! than [`Limits::max_wait`] is refused at once, which costs little, instead of being answered too late, which costs all that come
//! after it.
//! Invariant: what was admitted is answered; a task whose caller is gone is dropped unasked; a task that panics costs its own answer
//! and a new worker, nothing else.
//! Cost: a hand-over to another thread and back, some 10 µs.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use interdict_match::Worker;
use tokio::sync::oneshot;

use crate::observe::metrics::Screening;
use crate::observe::screened;

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
        Limits { n_threads, max_wait: Duration::from_millis(20), max_queries: 20_000 }
    }
}

/// How many times its own time a request may wait beyond [`Limits::max_wait`].
const WAIT_OF_OWN: u32 = 4;

/// Too much waits already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the service is asked for more than it can answer; try again in {retry_after_s} s")]
pub struct Overload {
    /// When to try again, in whole seconds.
    pub retry_after_s: u64,
}

/// A task could not be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the task ended without an answer")]
pub struct Lost;

/// Leave to have so many queries answered; what was not used is given back when it is dropped.
#[derive(Debug)]
pub struct Admission {
    shared: Arc<Shared>,
    n_left: u64,
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.shared.n_waiting.fetch_sub(self.n_left, Ordering::Relaxed);
    }
}

type Work = Box<dyn FnOnce(&mut Worker) + Send>;

struct Task {
    n_queries: u64,
    handed_over: Instant,
    work: Work,
}

struct Shared {
    limits: Limits,
    queue: Mutex<VecDeque<Task>>,
    wake: Condvar,
    closing: AtomicBool,
    /// Queries admitted and not yet answered.
    n_waiting: AtomicU64,
    /// Moving mean of the time that a query takes, in nanoseconds.
    mean_ns: AtomicU64,
    counts: Screening,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Shared").field("n_waiting", &self.n_waiting).finish_non_exhaustive()
    }
}

/// The threads that screen.
#[derive(Debug)]
pub struct Pool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

/// A query's time before the first was answered: that of one against the real lists.
const FIRST_MEAN_NS: u64 = 100_000;

/// A new time counts so much in the mean: one part of this.
const MEAN_OF: u64 = 64;

impl Pool {
    /// Starts the threads.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(limits: Limits) -> std::io::Result<Pool> {
        let shared = Arc::new(Shared {
            limits,
            queue: Mutex::new(VecDeque::new()),
            wake: Condvar::new(),
            closing: AtomicBool::new(false),
            n_waiting: AtomicU64::new(0),
            mean_ns: AtomicU64::new(FIRST_MEAN_NS),
            counts: Screening::default(),
        });
        let threads = (0..limits.n_threads.max(1))
            .map(|at| {
                let shared = Arc::clone(&shared);
                std::thread::Builder::new().name(format!("screen-{at}")).spawn(move || shared.work())
            })
            .collect::<Result<_, _>>()?;
        Ok(Pool { shared, threads })
    }

    /// Leave to have so many queries answered, or word to come again.
    ///
    /// # Errors
    /// What waits already would take longer than a request may wait.
    pub fn admit(&self, n_queries: usize) -> Result<Admission, Overload> {
        let n_queries = n_queries.max(1) as u64;
        let limits = self.shared.limits;
        let n_waiting = self.shared.n_waiting.fetch_add(n_queries, Ordering::Relaxed);
        let mean_ns = self.shared.mean_ns.load(Ordering::Relaxed);
        let time_of = |n: u64| Duration::from_nanos(n.saturating_mul(mean_ns) / limits.n_threads.max(1) as u64);
        let wait = time_of(n_waiting);
        // A batch that itself takes long may wait longer: a few times what it takes.
        let may_wait = limits.max_wait.saturating_add(time_of(n_queries) * WAIT_OF_OWN);
        let admission = Admission { shared: Arc::clone(&self.shared), n_left: n_queries };
        // A service that is idle takes any request that the limits of its body let through.
        if n_waiting > 0 && (wait > may_wait || n_waiting + n_queries > limits.max_queries.max(n_queries)) {
            self.shared.counts.refused.inc();
            return Err(Overload { retry_after_s: wait.as_secs().max(1) });
        }
        Ok(admission)
    }

    /// Carries out a part of what was admitted: as many of its queries on one of the threads.
    ///
    /// # Errors
    /// The task panicked, or the pool is closing.
    pub async fn run<T: Send + 'static>(
        &self,
        admission: &mut Admission,
        n_queries: usize,
        task: impl FnOnce(&mut Worker) -> T + Send + 'static,
    ) -> Result<T, Lost> {
        self.submit(admission, n_queries, task).await.map_err(|_| Lost)
    }

    /// As [`Pool::run`], without waiting for the answer.
    pub fn submit<T: Send + 'static>(
        &self,
        admission: &mut Admission,
        n_queries: usize,
        task: impl FnOnce(&mut Worker) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (send, answer) = oneshot::channel();
        let n_queries = (n_queries as u64).min(admission.n_left);
        admission.n_left -= n_queries;
        let work: Work = Box::new(move |worker| {
            if !send.is_closed() {
                // Nobody waits for the answer of a caller that has gone meanwhile.
                drop(send.send(task(worker)));
            }
        });
        let mut queue = self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.push_back(Task { n_queries, handed_over: Instant::now(), work });
        drop(queue);
        self.shared.wake.notify_one();
        answer
    }

    /// What the threads counted.
    pub(crate) fn counts(&self) -> &Screening {
        &self.shared.counts
    }

    /// Queries admitted and not yet answered.
    pub fn n_waiting(&self) -> u64 {
        self.shared.n_waiting.load(Ordering::Relaxed)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Release);
        self.shared.wake.notify_all();
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing more to say.
            drop(thread.join());
        }
    }
}

impl Shared {
    /// Carries out tasks until the pool closes and none is left.
    fn work(&self) {
        let mut worker = Worker::new();
        screened::count_in(self.counts.clone());
        while let Some(task) = self.next() {
            let start = Instant::now();
            self.counts.queue.observe(start.saturating_duration_since(task.handed_over).as_secs_f64());
            if catch_unwind(AssertUnwindSafe(|| (task.work)(&mut worker))).is_err() {
                tracing::error!("a screening task panicked; its request is answered by an error");
                worker = Worker::new();
            }
            self.n_waiting.fetch_sub(task.n_queries, Ordering::Relaxed);
            let took = start.elapsed();
            self.counts.work.observe(took.as_secs_f64());
            let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
            if let Some(took) = nanos.checked_div(task.n_queries) {
                let mean = self.mean_ns.load(Ordering::Relaxed);
                // Two threads may write at a time; either mean will do.
                self.mean_ns.store(mean - mean / MEAN_OF + took / MEAN_OF, Ordering::Relaxed);
            }
        }
    }

    fn next(&self) -> Option<Task> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(task) = queue.pop_front() {
                return Some(task);
            }
            if self.closing.load(Ordering::Acquire) {
                return None;
            }
            // Closing is said between the check and the wait at times; the lock is not held for it, so the wait ends by itself.
            let (next, _) =
                self.wake.wait_timeout(queue, Duration::from_millis(100)).unwrap_or_else(PoisonError::into_inner);
            queue = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(max_wait: Duration) -> Pool {
        Pool::start(Limits { n_threads: 1, max_wait, max_queries: 10 }).unwrap()
    }

    #[tokio::test]
    async fn what_is_admitted_is_answered() {
        let pool = pool(Duration::from_secs(1));
        let mut admission = pool.admit(3).unwrap();
        let first = pool.submit(&mut admission, 1, |_| 1);
        let second = pool.submit(&mut admission, 2, |_| 2);
        assert_eq!((first.await, second.await), (Ok(1), Ok(2)));
        drop(admission);
        assert_eq!(pool.run(&mut pool.admit(1).unwrap(), 1, |_| 3).await, Ok(3));
    }

    #[tokio::test]
    async fn what_would_wait_too_long_is_refused_and_later_taken_again() {
        let pool = pool(Duration::ZERO);
        let admission = pool.admit(6).unwrap();
        // One may wait a few times its own time, and a batch of four behind six.
        assert!(pool.admit(4).is_ok());
        assert_eq!(pool.admit(1).unwrap_err(), Overload { retry_after_s: 1 });
        drop(admission);
        assert!(pool.admit(1).is_ok());
        assert_eq!(pool.n_waiting(), 0);
    }

    #[tokio::test]
    async fn no_more_waits_than_may() {
        let pool = pool(Duration::from_secs(1000));
        let _some = pool.admit(8).unwrap();
        assert!(pool.admit(3).is_err());
        assert!(pool.admit(2).is_ok());
    }

    #[tokio::test]
    async fn a_task_that_panics_costs_its_own_answer_alone() {
        let pool = pool(Duration::from_secs(1));
        let mut admission = pool.admit(2).unwrap();
        let lost = pool.run(&mut admission, 1, |_| -> u8 { panic!("on purpose") }).await;
        assert_eq!(lost, Err(Lost));
        assert_eq!(pool.run(&mut admission, 1, |_| 1).await, Ok(1));
    }
}
