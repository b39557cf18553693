//! Where queries are screened: few of them in place, many on threads of their own.
//!
//! Idea: a query takes some 0.1 ms, about what handing it to another thread and back costs where the cores are busy, so that a
//! request of one or a few is answered by tokio's thread that read it. What takes longer (batches, streams, jobs, snapshots of
//! millions) goes to threads that do nothing else, one [`Worker`] each, so that it delays no other connection.
//! Invariant: what was admitted is answered; a task whose caller is gone is dropped unasked; a task that panics costs its own answer
//! and a new worker, nothing else.
//! Cost: a hand-over to another thread and back, some 10 µs.

mod admission;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use interdict_match::Worker;
use tokio::sync::oneshot;

pub use self::admission::{Admission, Limits, Overload};
use self::admission::{LONG, Load, Mean, SHORT};
use crate::observe::metrics::Screening;
use crate::observe::screened;

/// A task could not be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the task ended without an answer")]
pub struct Lost;

type Work = Box<dyn FnOnce(&mut Worker) + Send>;

struct Task {
    n_queries: u64,
    handed_over: Instant,
    work: Work,
}

struct Shared {
    n_threads: usize,
    mean: Arc<Mean>,
    /// What is or will be done in place.
    in_place: Arc<Load>,
    /// What was handed over.
    handed_over: Arc<Load>,
    queue: Mutex<VecDeque<Task>>,
    wake: Condvar,
    closing: AtomicBool,
    counts: Screening,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Shared")
            .field("in_place", &self.in_place)
            .field("handed_over", &self.handed_over)
            .finish_non_exhaustive()
    }
}

/// The threads that screen.
#[derive(Debug)]
pub struct Pool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

/// What takes no longer than this is done where it is asked, as handing it over would cost more than it delays.
const IN_PLACE: Duration = Duration::from_millis(1);

thread_local! {
    /// What a thread that answers in place keeps from query to query.
    static IN_PLACE_WORKER: RefCell<Worker> = RefCell::new(Worker::new());
}

impl Pool {
    /// Starts the threads.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(limits: Limits) -> std::io::Result<Pool> {
        let mean = Mean::new();
        let shared = Arc::new(Shared {
            n_threads: limits.n_threads.max(1),
            in_place: Load::new(limits, SHORT, &mean),
            handed_over: Load::new(limits, LONG, &mean),
            mean,
            queue: Mutex::new(VecDeque::new()),
            wake: Condvar::new(),
            closing: AtomicBool::new(false),
            counts: Screening::default(),
        });
        let threads = (0..shared.n_threads)
            .map(|at| {
                let shared = Arc::clone(&shared);
                std::thread::Builder::new().name(format!("screen-{at}")).spawn(move || shared.work())
            })
            .collect::<Result<_, _>>()?;
        Ok(Pool { shared, threads })
    }

    /// Leave to have so many queries answered by other threads, or word to come again.
    ///
    /// # Errors
    /// What waits already would take longer than a request may wait.
    pub fn admit(&self, n_queries: usize) -> Result<Admission, Overload> {
        self.counted(self.shared.handed_over.admit(n_queries))
    }

    /// Leave to have so many queries answered by [`Pool::in_place`]; none where that would take so long that others should do it.
    ///
    /// # Errors
    /// As [`Pool::admit`].
    pub(crate) fn admit_in_place(&self, n_queries: usize) -> Result<Option<Admission>, Overload> {
        if self.shared.mean.time_of(n_queries as u64) > IN_PLACE {
            return Ok(None);
        }
        self.counted(self.shared.in_place.admit(n_queries)).map(Some)
    }

    /// Whether a query would be admitted in place; costs less than reading the request that asks.
    ///
    /// # Errors
    /// As [`Pool::admit`].
    pub(crate) fn look(&self) -> Result<(), Overload> {
        self.counted(self.shared.in_place.look())
    }

    fn counted<T>(&self, outcome: Result<T, Overload>) -> Result<T, Overload> {
        outcome.inspect_err(|_| {
            self.shared.counts.refused.inc();
        })
    }

    /// Carries out what was admitted on this thread. Where others wait, the requests that have come meanwhile are looked at
    /// first, so that what waits is counted and more of it is refused than can be answered in time.
    ///
    /// # Errors
    /// The task panicked.
    pub(crate) async fn in_place<T>(
        &self,
        mut admission: Admission,
        task: impl FnOnce(&mut Worker) -> T,
    ) -> Result<T, Lost> {
        let came = Instant::now();
        let load = &self.shared.in_place;
        if load.n_waiting() > admission.n_left() {
            tokio::task::yield_now().await;
        }
        let n_queries = admission.take_all();
        IN_PLACE_WORKER.with_borrow_mut(|worker| self.shared.carry_out(load, n_queries, came, worker, task)).ok_or(Lost)
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
        let n_queries = admission.take(n_queries);
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
        self.shared.in_place.n_waiting() + self.shared.handed_over.n_waiting()
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
        while let Some(Task { n_queries, handed_over, work }) = self.next() {
            self.carry_out(&self.handed_over, n_queries, handed_over, &mut worker, work);
        }
    }

    /// Carries out one task and counts it; none where it panicked.
    fn carry_out<T>(
        &self,
        load: &Load,
        n_queries: u64,
        came: Instant,
        worker: &mut Worker,
        task: impl FnOnce(&mut Worker) -> T,
    ) -> Option<T> {
        let start = Instant::now();
        self.counts.queue.observe(start.saturating_duration_since(came).as_secs_f64());
        let done = catch_unwind(AssertUnwindSafe(|| task(worker)));
        if done.is_err() {
            tracing::error!("a screening task panicked; its request is answered by an error");
            *worker = Worker::new();
        }
        let took = start.elapsed();
        load.done(n_queries, took);
        self.counts.work.observe(took.as_secs_f64());
        screened::take_tally().add_to(&self.counts);
        done.ok()
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
    use std::future::Future as _;
    use std::task::{Context, Waker};

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
    async fn what_is_done_in_place_counts_until_it_is_done() {
        let pool = pool(Duration::from_secs(1));
        let admit = || pool.admit_in_place(1).unwrap().unwrap();
        let [other, first, second, last] = [admit(), admit(), admit(), admit()];
        assert_eq!(pool.in_place(first, |_| pool.n_waiting()).await, Ok(4));
        // One that is given up while it waits is counted out.
        let mut waits = Box::pin(pool.in_place(second, |_| 1));
        assert!(waits.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(pool.n_waiting(), 3);
        drop((waits, other));
        let lost = pool.in_place(last, |_| -> u8 { panic!("on purpose") }).await;
        assert_eq!((lost, pool.n_waiting()), (Err(Lost), 0));
    }

    #[tokio::test]
    async fn a_batch_refuses_no_single_query_and_many_of_these_are_refused_at_the_door() {
        let pool = pool(Duration::ZERO);
        let _batch = pool.admit(9).unwrap();
        let _one = pool.admit_in_place(1).unwrap();
        assert!(pool.look().is_err() && pool.admit_in_place(1).is_ok(), "one may wait a few times its own time");
        let _more: Vec<_> = (0..4).map(|_| pool.admit_in_place(1)).collect();
        assert!(pool.admit_in_place(1).is_err());
        assert!(pool.admit_in_place(1000).unwrap().is_none(), "too long to be done in place");
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
