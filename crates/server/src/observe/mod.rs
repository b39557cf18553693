//! What the service tells of itself: metrics, one line a request, traces, and the account of what was screened.
//!
//! Idea: a `Record` goes with each request and gathers what happens to it; when the answer stands, `layer` turns it into
//! metrics, a line of the log, spans, and a line of the screening log. Handlers tell it nothing but what it cannot see from outside.
//! Invariant: no name of a party reaches a metric, a span or the log above debug; labels have values of a bounded set.

pub(crate) mod layer;
pub mod metrics;
pub mod otlp;
pub(crate) mod page;
pub(crate) mod process;
pub(crate) mod record;
pub(crate) mod screened;
pub(crate) mod trace;

use interdict_model::ListId;

use crate::screening_log::ScreeningLog;

/// When a list's publisher was last asked, where that is known.
pub type CheckedAt = Box<dyn Fn(&ListId) -> Option<jiff::Timestamp> + Send + Sync>;

/// What is told beyond metrics and the log, where it is wanted.
#[derive(Default)]
pub struct Observe {
    /// The account of what was screened.
    pub screening_log: Option<ScreeningLog>,
    /// Where spans go.
    pub exporter: Option<otlp::Exporter>,
    /// How old lists are.
    pub checked_at: Option<CheckedAt>,
}

impl std::fmt::Debug for Observe {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Observe").field("screening_log", &self.screening_log).finish_non_exhaustive()
    }
}
