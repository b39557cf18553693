//! Work in parts on all cores, results in the order of the parts.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Calls `work` with each number below `n_parts`; what it returns comes in their order, so that the number of cores changes nothing.
pub(crate) fn in_parallel<T: Send>(n_parts: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from).min(n_parts);
    if n_threads <= 1 {
        return (0..n_parts).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(n_parts));
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                loop {
                    let part = next.fetch_add(1, Ordering::Relaxed);
                    if part >= n_parts {
                        break;
                    }
                    let result = work(part);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((part, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_unstable_by_key(|(part, _)| *part);
    done.into_iter().map(|(_, result)| result).collect()
}
