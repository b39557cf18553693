//! The same work on many items over some threads, results in the order of the items.
//!
//! Idea: threads take the next item from a counter, so that slow items do not leave a thread idle.
//! Invariant: the results do not depend on the number of threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, anyhow};

/// What `work` makes of each of the items `0..n`; each thread has a state of its own, as a matcher's scratch.
pub(crate) fn map<S, T: Send>(
    n: usize,
    n_threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let one = || -> Result<Vec<(usize, T)>> {
        let (mut state, mut done) = (state(), Vec::new());
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= n {
                return Ok(done);
            }
            done.push((at, work(&mut state, at)?));
        }
    };
    let mut all = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..n_threads.max(1)).map(|_| scope.spawn(one)).collect();
        let mut all = Vec::with_capacity(n);
        for thread in threads {
            all.extend(thread.join().map_err(|_| anyhow!("a thread of the harness panicked"))??);
        }
        anyhow::Ok(all)
    })?;
    all.sort_unstable_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, made)| made).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let squares = super::map(100, 3, || 0usize, |_, at| Ok(at * at)).unwrap();
        assert_eq!(squares, (0..100).map(|at| at * at).collect::<Vec<_>>());
        assert!(super::map(9, 2, || (), |(), at| if at == 5 { anyhow::bail!("no") } else { Ok(()) }).is_err());
    }
}
