//! How files are asked for: patience, limits, and the way through a firm's network.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A text that `Debug` hides.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("(hidden)")
    }
}

/// Which proxy is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// What `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say.
    #[default]
    Environment,
    /// None, whatever the environment says.
    Direct,
    /// This one for every address.
    Url(String),
}

/// How files are asked for.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// Longest time to reach the server.
    pub connect_timeout: Duration,
    /// Longest silence: until the answer begins, and between two pieces of it.
    pub read_timeout: Duration,
    /// Longest time of one attempt, however steadily it drips.
    pub total_timeout: Duration,
    /// Further attempts after the first, where a fault may pass.
    pub retries: u32,
    /// Pause before the second attempt; doubles with each further one.
    pub backoff: Duration,
    /// Longest pause between attempts, also where the server asks for more.
    pub longest_pause: Duration,
    /// The proxy.
    pub proxy: ProxyChoice,
    /// Certificates (PEM) that are trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// What the client calls itself.
    pub user_agent: String,
    /// Sent as `Authorization: Bearer …` to the server first asked, never to one that it redirects to.
    pub bearer: Option<Secret>,
}

impl Default for FetchOptions {
    fn default() -> FetchOptions {
        FetchOptions {
            connect_timeout: Duration::from_secs(20),
            read_timeout: Duration::from_mins(1),
            total_timeout: Duration::from_mins(15),
            retries: 4,
            backoff: Duration::from_secs(1),
            longest_pause: Duration::from_mins(2),
            proxy: ProxyChoice::Environment,
            ca_file: None,
            user_agent: concat!("interdict/", env!("CARGO_PKG_VERSION")).to_owned(),
            bearer: None,
        }
    }
}
