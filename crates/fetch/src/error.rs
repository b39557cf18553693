//! What can go wrong with a download, and whether it may pass.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

/// A file was not fetched. Addresses are shown without user, password and query, as those may be secrets.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The address cannot be used.
    #[error("{given:?} is not an address; expected http:// or https://")]
    Address {
        /// What was given.
        given: String,
    },
    /// The certificates that are to be trusted cannot be used.
    #[error("{path}: no certificate in PEM form can be read: {reason}", path = path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The options make no client.
    #[error("no HTTP client can be made of the proxy, certificates, user agent and token given: {reason}")]
    Options {
        /// Why.
        reason: String,
    },
    /// The server cannot be reached, or the connection broke.
    #[error("{url}: the connection failed: {reason}")]
    Connection {
        /// The address.
        url: String,
        /// The innermost cause.
        reason: String,
    },
    /// The server was silent, or too slow, for longer than allowed.
    #[error("{url}: no whole answer within {waited:?}")]
    Timeout {
        /// The address.
        url: String,
        /// How long was waited.
        waited: Duration,
    },
    /// The body ended before its declared length.
    #[error("{url}: the file is cut: {got} of {declared} bytes came")]
    Truncated {
        /// The address.
        url: String,
        /// Bytes that came.
        got: u64,
        /// Bytes that were declared.
        declared: u64,
    },
    /// The server answered with an error.
    #[error("{url}: the server answered {status}")]
    Status {
        /// The address.
        url: String,
        /// The status code.
        status: u16,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The server answers a range with another one.
    #[error("{url}: asked for the rest from byte {asked}, the server sent {got:?}")]
    Range {
        /// The address.
        url: String,
        /// First byte asked for.
        asked: u64,
        /// `Content-Range` of the answer.
        got: String,
    },
    /// Redirects do not end.
    #[error("{url}: more than {limit} redirects")]
    Redirects {
        /// The address first asked.
        url: String,
        /// The limit.
        limit: usize,
    },
    /// A redirect leads nowhere, or from https to http.
    #[error("{url}: redirects to {location:?}, which is not followed")]
    Redirect {
        /// The address.
        url: String,
        /// Where it leads.
        location: String,
    },
    /// The file is larger than allowed.
    #[error("{url}: larger than {limit} bytes; this is not the file")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit.
        limit: u64,
    },
    /// The bytes are not those that the server or the caller declared.
    #[error("{url}: SHA-256 is {found}, {declared} was declared")]
    Digest {
        /// The address.
        url: String,
        /// As declared.
        declared: String,
        /// Of the bytes that came.
        found: String,
    },
    /// A file cannot be written.
    #[error("{path}: cannot be written", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl FetchError {
    /// Whether another attempt may succeed.
    pub fn is_transient(&self) -> bool {
        match self {
            FetchError::Connection { .. }
            | FetchError::Timeout { .. }
            | FetchError::Truncated { .. }
            | FetchError::Range { .. } => true,
            FetchError::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            _ => false,
        }
    }
}

/// An address without user, password and query.
pub(crate) fn shown(url: &Url) -> String {
    format!(
        "{}://{}{}{}",
        url.scheme(),
        url.host_str().unwrap_or_default(),
        url.port().map(|port| format!(":{port}")).unwrap_or_default(),
        url.path()
    )
}

/// The innermost cause, which alone says what happened.
pub(crate) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
