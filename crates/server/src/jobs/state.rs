//! What is known of a job.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::v1::How;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Its file is not whole yet.
    Uploading,
    /// It waits for its turn.
    Queued,
    /// It is screened.
    Running,
    /// Its answers can be downloaded.
    Done,
    /// It could not be carried out; `reason` says why.
    Failed,
    /// It was cancelled.
    Cancelled,
}

impl JobState {
    /// Whether nothing more will come of it.
    pub fn has_ended(self) -> bool {
        matches!(self, JobState::Done | JobState::Failed | JobState::Cancelled)
    }
}

/// A job.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub state: JobState,
    /// How its rows are screened.
    pub how: How,
    /// Schema of rows that do not say theirs.
    pub schema: String,
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// When it was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Bytes of its file that are here.
    pub bytes_received: u64,
    /// How far it is.
    pub progress: Progress,
    /// What was understood of the file's header, and what was ignored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Who may see it: the key that made it, where keys are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// How far a job is. `rows = screened + errors` at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// Bytes of the file that were read.
    pub bytes_read: u64,
    /// Rows that were read.
    pub rows: u64,
    /// Rows that were screened.
    pub screened: u64,
    /// Rows that could not be screened; each has an answer that says why.
    pub errors: u64,
    /// Rows with hits.
    pub with_hits: u64,
    /// Hits.
    pub hits: u64,
}
