//! How much one key may ask: requests a second, requests at a time.
//!
//! Idea: what was asked is counted up by one a request and drains by the rate; who would go beyond the burst waits until enough has
//! drained. Counts belong to the id of a key and survive a new keys file, so that a reload gives nobody a fresh start.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// Requests a second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// In the long run.
    pub per_second: f64,
    /// At once after a pause.
    pub burst: u32,
}

impl Rate {
    /// Whether anything could be asked by it.
    pub fn is_usable(&self) -> bool {
        self.per_second.is_finite() && self.per_second > 0.0 && self.burst > 0
    }
}

/// How much one key may ask; nothing where there is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct KeyLimits {
    pub(crate) rate: Option<Rate>,
    /// Requests at a time.
    pub(crate) concurrent: Option<u32>,
}

/// A key asked for more than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooMuch {
    #[error("too many requests for this key; try again in {retry_after_s} s")]
    Rate { retry_after_s: u64 },
    #[error("too many requests of this key at a time (limit: {limit})")]
    Concurrent { limit: u32 },
}

impl TooMuch {
    /// When to try again, in whole seconds.
    pub(crate) fn retry_after_s(self) -> u64 {
        match self {
            TooMuch::Rate { retry_after_s } => retry_after_s,
            TooMuch::Concurrent { .. } => 1,
        }
    }
}

/// What one key asked lately.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    drained: Mutex<Drain>,
    n_running: AtomicU32,
}

#[derive(Debug, Default)]
struct Drain {
    asked: f64,
    at: Option<Instant>,
}

/// Leave for one request; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Running(Arc<Meter>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.n_running.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Meter {
    /// Leave for one request at a time that never runs back.
    ///
    /// # Errors
    /// The key asked for more than it may; what is refused is not counted.
    pub(crate) fn admit(self: &Arc<Meter>, limits: KeyLimits, now: Instant) -> Result<Running, TooMuch> {
        let n_running = self.n_running.fetch_add(1, Ordering::AcqRel);
        let running = Running(Arc::clone(self));
        if let Some(limit) = limits.concurrent.filter(|limit| n_running >= *limit) {
            return Err(TooMuch::Concurrent { limit });
        }
        if let Some(rate) = limits.rate {
            self.drain(rate, now)?;
        }
        Ok(running)
    }

    fn drain(&self, rate: Rate, now: Instant) -> Result<(), TooMuch> {
        let mut drain = self.drained.lock().unwrap_or_else(PoisonError::into_inner);
        let since = drain.at.map_or(0.0, |at| now.saturating_duration_since(at).as_secs_f64());
        drain.asked = (drain.asked - since * rate.per_second).max(0.0);
        drain.at = Some(now);
        let over = drain.asked + 1.0 - f64::from(rate.burst);
        if over > 0.0 {
            return Err(TooMuch::Rate { retry_after_s: (over / rate.per_second).ceil().max(1.0) as u64 });
        }
        drain.asked += 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_the_rate_holds() {
        let meter = Arc::new(Meter::default());
        let limits = KeyLimits { rate: Some(Rate { per_second: 0.5, burst: 3 }), concurrent: None };
        let start = Instant::now();
        let at = |seconds: u64| meter.admit(limits, start + Duration::from_secs(seconds)).map(drop);
        assert_eq!([at(0), at(0), at(0)], [Ok(()); 3]);
        assert_eq!(at(0), Err(TooMuch::Rate { retry_after_s: 2 }));
        assert_eq!((at(2), at(2)), (Ok(()), Err(TooMuch::Rate { retry_after_s: 2 })));
        assert_eq!([at(100), at(100), at(100)], [Ok(()); 3]);
        assert!(at(100).is_err());
    }

    #[test]
    fn no_more_run_at_a_time_than_may() {
        let meter = Arc::new(Meter::default());
        let limits = KeyLimits { rate: None, concurrent: Some(2) };
        let now = Instant::now();
        let first = meter.admit(limits, now).unwrap();
        let _second = meter.admit(limits, now).unwrap();
        assert_eq!(meter.admit(limits, now).unwrap_err(), TooMuch::Concurrent { limit: 2 });
        drop(first);
        assert!(meter.admit(limits, now).is_ok());
    }
}
