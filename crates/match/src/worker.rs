//! What one thread keeps from query to query.
//!
//! Idea: memory that is used again, and what is like the words that it met; a thread that keeps a worker takes a party apart and screens
//! it without asking for memory, but for what [`Query::retake`] names.

use interdict_model::Entity;
use interdict_snapshot::Corrupt;

use crate::query::{Query, QueryScratch};
use crate::screen::{Answer, Options, Scratch, Screener};

/// A query, its answer, and the working memory of both; one a thread.
#[derive(Debug)]
pub struct Worker {
    /// The last query.
    pub query: Query,
    /// Working memory of taking queries apart.
    pub query_scratch: QueryScratch,
    /// Working memory of screening.
    pub scratch: Scratch,
    /// The last answer.
    pub answer: Answer,
}

impl Worker {
    /// A worker that has met nothing yet.
    pub fn new() -> Worker {
        Worker {
            query: Query::empty(),
            query_scratch: QueryScratch::default(),
            scratch: Scratch::new(),
            answer: Answer::default(),
        }
    }

    /// Takes a party apart and screens it; the answer is that of [`Screener::screen`].
    pub fn screen(&mut self, screener: Screener<'_>, party: &Entity, options: &Options) -> Result<&Answer, Corrupt> {
        self.query.retake(party, &mut self.query_scratch);
        screener.screen_into(&self.query, options, &mut self.scratch, &mut self.answer)?;
        Ok(&self.answer)
    }
}

impl Default for Worker {
    fn default() -> Worker {
        Worker::new()
    }
}
