//! How the service answers, with yente's defaults.

use std::sync::Arc;
use std::time::Duration;

use crate::access::Access;
use crate::headers::Origin;
use crate::tls::Tls;
pub use crate::yente::Algorithms;

/// A secret that is compared and never shown.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A secret.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one place that shows or hashes it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether a text is the secret; takes the same time wherever they differ.
    pub fn is(&self, given: &str) -> bool {
        let differ = self.0.bytes().zip(given.bytes()).fold(0, |differ, (ours, theirs)| differ | (ours ^ theirs));
        self.0.len() == given.len() && differ == 0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("(hidden)")
    }
}

/// How much of the service one client may hold, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// Connections at a time. The usual limit of open files is 1024.
    pub n_connections: usize,
    /// Headers of a request.
    pub n_headers: usize,
    /// For the TLS handshake, and for the head of a request; over HTTP/1.1 also for the pause before it.
    pub head: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// For a request from its head to its answer; an update that is waited for is let run.
    pub request: Duration,
    /// For a write that the client does not take.
    pub write: Duration,
    /// For a pause of an HTTP/2 connection, and of a stream or an upload.
    pub idle: Duration,
    /// How long the service, told to stop, goes on as before and says at `/readyz` that it is not ready: for proxies to hear of it.
    pub notice: Duration,
    /// For requests that run when the service stops, after that notice.
    pub drain: Duration,
}

impl Default for HttpLimits {
    fn default() -> HttpLimits {
        HttpLimits {
            n_connections: 900,
            n_headers: 100,
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            request: Duration::from_mins(1),
            write: Duration::from_secs(30),
            idle: Duration::from_mins(2),
            notice: Duration::ZERO,
            drain: Duration::from_secs(30),
        }
    }
}

/// How the service answers.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Queries that one `/match` may have.
    pub max_batch: usize,
    /// Results of a query where `limit` does not say.
    pub match_page: i64,
    /// Most results of a query.
    pub max_matches: i64,
    /// What `/updatez` asks for; without one it refuses all.
    pub update_token: Option<Secret>,
    /// Largest body in bytes.
    pub max_body: usize,
    /// Longest path and query in bytes.
    pub max_url: usize,
    /// What the service is called.
    pub title: String,
    /// Which of yente's algorithms are usual, best and hidden.
    pub algorithms: Algorithms,
    /// Who may ask.
    pub access: Access,
    /// How much of the service one client may hold.
    pub http: HttpLimits,
    /// TLS; without it the service speaks in the clear.
    pub tls: Option<Arc<Tls>>,
    /// Pages that may ask; none, and browsers let no page read an answer.
    pub cors_origins: Vec<Origin>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            max_batch: 100,
            match_page: 5,
            max_matches: 500,
            update_token: None,
            max_body: 16 << 20,
            max_url: 60_000,
            title: "interdict".to_owned(),
            algorithms: Algorithms::default(),
            access: Access::open(),
            http: HttpLimits::default(),
            tls: None,
            cors_origins: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_is_known_and_not_shown() {
        let secret = Secret::new("abc");
        assert!(secret.is("abc") && !secret.is("abd") && !secret.is("ab") && !secret.is(""));
        assert_eq!(format!("{secret:?}"), "(hidden)");
    }
}
