//! Many queries at a time on the threads that screen.
//!
//! Idea: queries go over in shares of [`SHARE`], so that a long batch delays no other request by more than a share; a request that is
//! no more than a share, and says no more than [`IN_PLACE_VALUES`], is answered in place. Answers come back in the order of the queries.

use std::time::Instant;

use interdict_batch::Row;
use interdict_match::Worker;
use interdict_model::Entity;
use interdict_snapshot::Corrupt;

use crate::observe::record::{self, Share};
use crate::observe::screened::gather;
use crate::pool::{Lost, Pool};
use crate::yente::Refusal;

/// Queries that one thread answers before it looks at what else waits.
const SHARE: usize = 8;

/// Values of all queries of a request up to which it is answered in place: a query of a thousand names takes as long as a batch.
const IN_PLACE_VALUES: usize = 100;

/// What is asked, as far as it says how long the answer takes.
pub(crate) trait Asking {
    /// Names, dates and all else that it says.
    fn n_values(&self) -> usize;
}

impl Asking for () {
    fn n_values(&self) -> usize {
        1
    }
}

/// A party with what it is called in its request.
impl Asking for (String, Option<String>, Entity) {
    fn n_values(&self) -> usize {
        self.2.n_values()
    }
}

impl Asking for Row {
    fn n_values(&self) -> usize {
        self.party.as_ref().map_or(0, |party| party.entity.n_values())
    }
}

/// Items in shares of so many, the last of what is left.
pub(crate) fn cut<T>(items: Vec<T>, n: usize) -> impl Iterator<Item = Vec<T>> {
    let mut items = items.into_iter();
    std::iter::from_fn(move || Some(items.by_ref().take(n).collect::<Vec<T>>()).filter(|share| !share.is_empty()))
}

/// Answers one query.
///
/// # Errors
/// As [`in_shares`].
pub(crate) async fn alone<A: Send + 'static>(
    pool: &Pool,
    answer: impl Fn(&mut Worker) -> Result<A, Corrupt> + Clone + Send + 'static,
) -> Result<A, Refusal> {
    let answers = in_shares(pool, vec![()], move |(), worker| answer(worker)).await?;
    Ok(answers.into_iter().next().ok_or(Lost)?)
}

/// Answers all queries.
///
/// # Errors
/// Too much waits already, a task was lost, or the snapshot is damaged.
pub(crate) async fn in_shares<Q, A>(
    pool: &Pool,
    queries: Vec<Q>,
    answer: impl Fn(Q, &mut Worker) -> Result<A, Corrupt> + Clone + Send + 'static,
) -> Result<Vec<A>, Refusal>
where
    Q: Asking + Send + 'static,
    A: Send + 'static,
{
    let record = record::current();
    let in_full = record.as_ref().is_some_and(|record| record.in_full);
    let handed_over = Instant::now();
    let mut done = Vec::new();
    let task = |share: Vec<Q>| {
        let answer = answer.clone();
        move |worker: &mut Worker| {
            let (begun, n_queries) = (Instant::now(), share.len());
            let (answers, screened) = gather(in_full, || {
                share.into_iter().map(|query| answer(query, worker)).collect::<Result<Vec<A>, Corrupt>>()
            });
            (answers, screened, Share { handed_over, begun, ended: Instant::now(), n_queries })
        }
    };
    let is_small = queries.len() <= SHARE && queries.iter().map(Q::n_values).sum::<usize>() <= IN_PLACE_VALUES;
    let in_place = if is_small { pool.admit_in_place(queries.len())? } else { None };
    if let Some(admission) = in_place {
        done.push(pool.in_place(admission, task(queries)).await?);
    } else {
        let mut admission = pool.admit(queries.len())?;
        let mut waiting = Vec::new();
        for share in cut(queries, SHARE) {
            waiting.push(pool.submit(&mut admission, share.len(), task(share)));
        }
        for share in waiting {
            done.push(share.await.map_err(|_| Lost)?);
        }
    }
    let mut answers = Vec::new();
    for (answered, screened, share) in done {
        if let Some(record) = &record {
            record.change(|gathered| {
                gathered.screened.extend(screened);
                gathered.shares.push(share);
            });
        }
        answers.extend(answered?);
    }
    if let Some(record) = &record {
        record.change(|gathered| gathered.waited += handed_over.elapsed());
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::pool::Limits;

    struct Question(usize);

    impl Asking for Question {
        fn n_values(&self) -> usize {
            self.0
        }
    }

    /// Whether a thread of its own answered each request.
    async fn handed_over(values: &[usize]) -> bool {
        let pool = Pool::start(Limits { n_threads: 1, max_wait: Duration::from_secs(1), max_queries: 100 }).unwrap();
        let here = std::thread::current().id();
        let questions = values.iter().map(|n| Question(*n)).collect();
        let threads = in_shares(&pool, questions, |_, _| Ok(std::thread::current().id())).await.unwrap();
        assert_eq!(threads.len(), values.len());
        threads.iter().all(|thread| *thread != here)
    }

    #[tokio::test]
    async fn few_short_queries_are_answered_in_place() {
        assert!(!handed_over(&[1]).await && !handed_over(&[3; SHARE]).await);
        assert!(handed_over(&[1; SHARE + 1]).await, "many");
        assert!(handed_over(&[IN_PLACE_VALUES, 1]).await, "they say much");
    }
}
