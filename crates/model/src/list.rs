//! The name of a list.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The id of a list, such as `us_ofac_sdn`: lower-case letters, digits, `_` and `-`, 1 to 64 of them. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ListId(Arc<str>);

/// The text is no list id.
#[derive(Debug, thiserror::Error)]
#[error("{text:?} is not a list id; expected 1 to 64 of a-z, 0-9, `_`, `-`, such as `us_ofac_sdn`")]
pub struct ListIdError {
    /// What was given.
    pub text: String,
}

impl ListId {
    /// The id, if the text is one.
    pub fn new(text: &str) -> Result<ListId, ListIdError> {
        let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
        if text.is_empty() || text.len() > 64 || !text.bytes().all(valid) {
            return Err(ListIdError { text: text.to_owned() });
        }
        Ok(ListId(text.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ListId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Pads, so that lists stand in columns.
        out.pad(&self.0)
    }
}

impl TryFrom<String> for ListId {
    type Error = ListIdError;
    fn try_from(text: String) -> Result<ListId, ListIdError> {
        ListId::new(&text)
    }
}

impl From<ListId> for String {
    fn from(id: ListId) -> String {
        id.0.to_string()
    }
}
