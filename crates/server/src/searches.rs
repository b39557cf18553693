//! Where searches and other long readings are carried out: on threads that may block, few at a time.
//!
//! Idea: a search may take a hundred times what a screening takes, so that many at a time would take every core from screening, and what
//! waits would take memory. As many run as there are cores; what comes beyond waits for `MAX_WAIT` and is refused then. A reading
//! whose answer nobody waits for any more (the client left, the time of the request is over) is told to stop, and holds its place until it has.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use interdict_search::SearchError;
use tokio::sync::Semaphore;

use crate::pool::{Lost, Overload};
use crate::view::searched;
use crate::yente::Refusal;

/// How long a search may wait for its turn.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// The places of searches that run.
#[derive(Clone, Debug)]
pub struct Searches {
    places: Arc<Semaphore>,
    max_wait: Duration,
}

/// Set when what it is in is dropped.
struct SetWhenDropped(Arc<AtomicBool>);

impl Drop for SetWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Searches {
    /// As many at a time as there are cores.
    pub(crate) fn new() -> Searches {
        Searches::at_a_time(std::thread::available_parallelism().map_or(1, usize::from), MAX_WAIT)
    }

    fn at_a_time(n: usize, max_wait: Duration) -> Searches {
        Searches { places: Arc::new(Semaphore::new(n)), max_wait }
    }

    /// Carries out a reading, which ends soon after what it is given is set.
    ///
    /// # Errors
    /// Too many run already, or what the reading says.
    pub(crate) async fn carry_out<T: Send + 'static>(
        &self,
        read: impl FnOnce(&AtomicBool) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = tokio::time::timeout(self.max_wait, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(Overload { retry_after_s: 1 }.into()) };
        let stopped = Arc::new(AtomicBool::new(false));
        let _stop = SetWhenDropped(Arc::clone(&stopped));
        let task = tokio::task::spawn_blocking(move || {
            let read = read(&stopped);
            drop(place);
            read
        });
        task.await.map_err(|_| Lost)?
    }
}

/// What a search that may be told to stop found.
pub(crate) fn found<T>(result: Result<T, SearchError>) -> Result<T, Refusal> {
    match result {
        // Said to nobody, as nobody waits for it.
        Err(SearchError::Stopped) => Err(Refusal::unready("given-up", "The search was given up.")),
        result => Ok(searched(result)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_comes_beyond_the_places_is_refused_in_the_end() {
        let searches = Searches::at_a_time(1, Duration::ZERO);
        let held = Arc::clone(&searches.places).acquire_owned().await.unwrap();
        let refused = searches.carry_out(|_| Ok(1)).await;
        assert_eq!(refused, Err(Refusal::Overload(Overload { retry_after_s: 1 })));
        drop(held);
        assert_eq!(searches.carry_out(|_| Ok(2)).await, Ok(2));
    }

    #[tokio::test]
    async fn a_search_whose_client_left_ends_and_gives_its_place_back() {
        let searches = Searches::at_a_time(1, MAX_WAIT);
        let (began, begins) = tokio::sync::oneshot::channel();
        let endless = searches.carry_out(|stopped| {
            began.send(()).unwrap();
            while !stopped.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            Ok(())
        });
        tokio::select! {
            _ = endless => panic!("it ends only when told to"),
            _ = begins => {}
        }
        // The place is free again once the search has ended.
        drop(Arc::clone(&searches.places).acquire_owned().await.unwrap());
    }
}
