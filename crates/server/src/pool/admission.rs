//! How much waits, and who may still wait with it.
//!
//! Idea: work is counted in queries. How long what waits will take is known from the mean time of a query; a request that would wait
//! too long is refused at once, which costs little, instead of being answered too late, which costs all that come after it. A burst
//! may wait for [`Limits::max_wait`], as it is soon worked off. Where threads were busy and requests refused all the same, more is
//! asked than can be answered, and a long queue would give nobody anything but delay: then a part of that ([`SHORT`]).
//! Source: good and bad queues, RFC 8289, 3.
//! Invariant: what was counted in is counted out, whether it was answered, lost or given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::every::Every;

/// How much may wait.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Threads that screen.
    pub n_threads: usize,
    /// The longest that a request may expect to wait before it is begun, in a burst.
    pub max_wait: Duration,
    /// Queries that may wait whatever they are expected to take: a bound of memory.
    pub max_queries: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
        Limits { n_threads, max_wait: Duration::from_millis(10), max_queries: 20_000 }
    }
}

/// How many times its own time a request may wait beyond [`Limits::max_wait`].
const WAIT_OF_OWN: u32 = 4;

/// How often it is judged whether more is asked than can be answered.
const WINDOW: Duration = Duration::from_millis(50);

/// What may wait in a place, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// How many times [`Limits::max_wait`] may be waited.
    times: u32,
    /// Under pressure one part of that: this.
    pressed_part: u32,
}

/// Single requests: people and payments wait for them.
pub(super) const SHORT: Patience = Patience { times: 1, pressed_part: 8 };

/// Batches: whoever sends them wants all of them answered rather than each soon, and seldom tries again. Other services queue them, too.
pub(super) const LONG: Patience = Patience { times: 50, pressed_part: 1 };

/// Threads are busy where they screen for more than one part of the time: this. Connections, refusals and other programs take the rest,
/// of which refusals the more, the longer the pressure lasts: then it is the second part.
const BUSY_PARTS: (u128, u128) = (4, 16);

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
    /// Queries that leave is left for.
    pub(super) fn n_left(&self) -> u64 {
        self.n_left
    }

    /// As [`Admission::take`], all of it.
    pub(super) fn take_all(&mut self) -> u64 {
        std::mem::take(&mut self.n_left)
    }

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

/// Moving mean of the time that a query takes, in nanoseconds.
#[derive(Debug)]
pub(super) struct Mean(AtomicU64);

impl Mean {
    pub(super) fn new() -> Arc<Mean> {
        Arc::new(Mean(AtomicU64::new(FIRST_MEAN_NS)))
    }

    /// What so many queries are expected to take on one thread.
    pub(super) fn time_of(&self, n_queries: u64) -> Duration {
        Duration::from_nanos(n_queries.saturating_mul(self.0.load(Ordering::Relaxed)))
    }

    fn took(&self, n_queries: u64, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        if let Some(took) = nanos.checked_div(n_queries) {
            let mean = self.0.load(Ordering::Relaxed);
            // Two threads may write at a time; either mean will do.
            self.0.store(mean - mean / MEAN_OF + took / MEAN_OF, Ordering::Relaxed);
        }
    }
}

/// What waits in one place.
#[derive(Debug)]
pub(super) struct Load {
    limits: Limits,
    patience: Patience,
    mean: Arc<Mean>,
    /// Queries admitted and not yet answered.
    n_waiting: AtomicU64,
    pressure: Pressure,
}

/// Whether more is asked than can be answered, judged by what the last [`WINDOW`] saw.
#[derive(Debug)]
struct Pressure {
    window: Every,
    /// Time that threads screened in it, queries that were done, and whether a request was refused.
    busy_ns: AtomicU64,
    n_done: AtomicU64,
    has_refused: AtomicBool,
    is_on: AtomicBool,
    /// The time from one query done to the next, by all threads, when last more was asked than could be answered; 0 before.
    pace_ns: AtomicU64,
}

impl Pressure {
    fn new() -> Pressure {
        let [busy_ns, n_done, pace_ns] = [const { AtomicU64::new(0) }; 3];
        let [has_refused, is_on] = [const { AtomicBool::new(false) }; 2];
        Pressure { window: Every::new(WINDOW), busy_ns, n_done, has_refused, is_on, pace_ns }
    }

    /// Whether it is on, and the time from one query done to the next when it last was. The first to ask after a window judges it.
    fn judge(&self, n_threads: u32) -> (bool, Duration) {
        if let Some(length) = self.window.ended() {
            let (busy, n_done) = (self.busy_ns.swap(0, Ordering::Relaxed), self.n_done.swap(0, Ordering::Relaxed));
            let part = if self.is_on.load(Ordering::Relaxed) { BUSY_PARTS.1 } else { BUSY_PARTS.0 };
            let was_busy = u128::from(busy) * part > u128::from(length) * u128::from(n_threads);
            let is_on = self.has_refused.swap(false, Ordering::Relaxed) && was_busy;
            // What a pressed window told is forgotten in a second or two: the threads have their time again.
            let pace = self.pace_ns.load(Ordering::Relaxed);
            self.pace_ns.store(if is_on { length / n_done.max(1) } else { pace - pace / 8 }, Ordering::Relaxed);
            self.is_on.store(is_on, Ordering::Relaxed);
        }
        (self.is_on.load(Ordering::Relaxed), Duration::from_nanos(self.pace_ns.load(Ordering::Relaxed)))
    }

    fn done(&self, n_queries: u64, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.busy_ns.fetch_add(nanos, Ordering::Relaxed);
        self.n_done.fetch_add(n_queries, Ordering::Relaxed);
    }
}

impl Load {
    pub(super) fn new(limits: Limits, patience: Patience, mean: &Arc<Mean>) -> Arc<Load> {
        let (mean, n_waiting, pressure) = (Arc::clone(mean), AtomicU64::new(0), Pressure::new());
        Arc::new(Load { limits, patience, mean, n_waiting, pressure })
    }

    fn n_threads(&self) -> u32 {
        u32::try_from(self.limits.n_threads).unwrap_or(u32::MAX).max(1)
    }

    /// What that which waits is expected to take, and what it may.
    fn wait(&self, n_waiting: u64) -> (Duration, Duration) {
        let n_threads = self.n_threads();
        let (is_pressed, pace) = self.pressure.judge(n_threads);
        let by_pace = pace.saturating_mul(u32::try_from(n_waiting).unwrap_or(u32::MAX));
        let wait = by_pace.max(self.mean.time_of(n_waiting) / n_threads);
        let may_wait = self.limits.max_wait * self.patience.times;
        (wait, if is_pressed { may_wait / self.patience.pressed_part } else { may_wait })
    }

    fn refused(&self, wait: Duration) -> Overload {
        self.pressure.has_refused.store(true, Ordering::Relaxed);
        Overload { retry_after_s: wait.as_secs().max(1) }
    }

    /// Queries admitted and not yet answered.
    pub(super) fn n_waiting(&self) -> u64 {
        self.n_waiting.load(Ordering::Relaxed)
    }

    /// Whether one more query would be taken; asked at the door, before a request is read.
    pub(super) fn look(&self) -> Result<(), Overload> {
        let n_waiting = self.n_waiting();
        let (wait, may_wait) = self.wait(n_waiting);
        if n_waiting > 0 && wait > may_wait { Err(self.refused(wait)) } else { Ok(()) }
    }

    /// Leave to have so many queries answered, or word to come again.
    pub(super) fn admit(self: &Arc<Load>, n_queries: usize) -> Result<Admission, Overload> {
        let n_queries = n_queries.max(1) as u64;
        let n_waiting = self.n_waiting.fetch_add(n_queries, Ordering::Relaxed);
        let admission = Admission { load: Arc::clone(self), n_left: n_queries };
        let (wait, may_wait) = self.wait(n_waiting);
        // A batch that itself takes long may wait longer: a few times what it takes.
        let may_wait = may_wait.saturating_add(self.mean.time_of(n_queries) / self.n_threads() * WAIT_OF_OWN);
        // A service that is idle takes any request that the limits of its body let through.
        if n_waiting > 0 && (wait > may_wait || n_waiting + n_queries > self.limits.max_queries.max(n_queries)) {
            return Err(self.refused(wait));
        }
        Ok(admission)
    }

    /// So many queries that were taken out of an admission are done, in so much time.
    pub(super) fn done(&self, n_queries: u64, took: Duration) {
        self.n_waiting.fetch_sub(n_queries, Ordering::Relaxed);
        self.pressure.done(n_queries, took);
        self.mean.took(n_queries, took);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_may_wait_and_what_is_more_than_can_be_answered_may_not() {
        let limits = Limits { n_threads: 2, max_wait: Duration::from_millis(10), max_queries: 20_000 };
        let load = Load::new(limits, SHORT, &Mean::new());
        let admit = |n: usize| -> Vec<Admission> { (0..n).map(|_| load.admit(1).unwrap()).collect() };
        // Queries of 0.1 ms on two threads: 201 take more than 10 ms.
        let burst = admit(201);
        assert!(load.look().is_err());
        // The threads screened all the while, and a request was refused all the same.
        load.pressure.done(1_000_000, WINDOW * 1000);
        std::thread::sleep(WINDOW * 2);
        drop(burst);
        assert!(load.look().is_ok(), "nothing waits; the window is judged");
        // No window ends meanwhile, however slow the machine.
        load.pressure.window.since_ns.store(u64::MAX, Ordering::Relaxed);
        let pressed = admit(30);
        assert!(
            load.look().is_err() && load.admit(1).is_err(),
            "1.5 ms are more than an eighth of 10 ms and four times 0.05 ms"
        );
        // Refused again, but the threads had time to spare.
        load.pressure.window.since_ns.store(0, Ordering::Relaxed);
        assert!(load.look().is_ok());
        drop(pressed);
        admit(201);
    }
}
