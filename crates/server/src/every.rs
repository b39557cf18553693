//! What is done once a period, by whoever comes by first after it ended.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A period that begins anew whenever its end is seen.
#[derive(Debug)]
pub(crate) struct Every {
    period: Duration,
    first: Instant,
    /// When the period began that runs, in nanoseconds after `first`.
    pub(crate) since_ns: AtomicU64,
}

impl Every {
    /// The first period begins now.
    pub(crate) fn new(period: Duration) -> Every {
        Every { period, first: Instant::now(), since_ns: AtomicU64::new(0) }
    }

    /// How long the period was that ended, in nanoseconds, for the one who sees its end first; none for all others and while it runs.
    pub(crate) fn ended(&self) -> Option<u64> {
        let now = u64::try_from(self.first.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let since = self.since_ns.load(Ordering::Relaxed);
        let length = now.saturating_sub(since);
        let is_over = u128::from(length) >= self.period.as_nanos();
        (is_over && self.since_ns.compare_exchange(since, now, Ordering::Relaxed, Ordering::Relaxed).is_ok())
            .then_some(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sees_the_end_of_a_period() {
        let every = Every::new(Duration::from_hours(1));
        assert_eq!(every.ended(), None);
        let every = Every::new(Duration::from_millis(1));
        std::thread::sleep(Duration::from_millis(2));
        assert!(every.ended().is_some_and(|length| length >= 1_000_000));
        every.since_ns.store(u64::MAX, Ordering::Relaxed);
        assert_eq!(every.ended(), None, "none that began later than now has ended");
    }
}
