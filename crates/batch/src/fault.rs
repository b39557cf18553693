//! Why a file of parties cannot be read on.

/// A file that cannot be used, or not from some place on.
#[derive(Debug, thiserror::Error)]
#[error("{said}")]
pub struct BadInput {
    /// What is wrong, with file and line.
    pub said: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Why it could not be read.
    #[source]
    pub source: Option<std::io::Error>,
}

impl BadInput {
    pub(crate) fn new(said: impl Into<String>) -> BadInput {
        BadInput { said: said.into(), hint: None, source: None }
    }

    pub(crate) fn hinted(said: impl Into<String>, hint: impl Into<String>) -> BadInput {
        BadInput { said: said.into(), hint: Some(hint.into()), source: None }
    }

    pub(crate) fn unreadable(said: impl Into<String>, source: std::io::Error) -> BadInput {
        BadInput { said: said.into(), hint: None, source: Some(source) }
    }
}
