//! The issuer of bearer tokens: its keys, fetched from an address and kept fresh.
//!
//! Idea: the keys are fetched beside the requests, at once, then every ten minutes, and when a token names a key that is not known, so
//! that an issuer may change its keys at any time. A request never waits for the issuer: a token of a key that just came is refused once.
//! Invariant: an answer that is no set of keys leaves the last good one; before the first one no token is taken.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use reqwest::{Certificate, Url};
use tokio::sync::Notify;

use super::token::{BadToken, Claimed, KeySet, KeySetError, TokenRules, verify};

/// How often keys are fetched that serve well.
const FETCH_EVERY: Duration = Duration::from_mins(10);

/// The shortest pause between two attempts, whatever callers show: issuers limit how often they are asked.
const SHORTEST_PAUSE: Duration = Duration::from_secs(10);

/// The longest that an issuer may take.
const FETCH_WITHIN: Duration = Duration::from_secs(10);

/// Largest set of keys in bytes.
const MAX_SET: u64 = 1 << 20;

/// Where tokens come from and what they must say.
#[derive(Clone, Debug)]
pub struct IssuerOptions {
    /// What a token must say.
    pub rules: TokenRules,
    /// Where the issuer's keys are (`jwks_uri` of its configuration): https, or http on this machine.
    pub jwks_url: String,
    /// Certificates (PEM) to trust beside the system's.
    pub ca_file: Option<PathBuf>,
}

/// An issuer cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerError {
    /// The address is none, or would be asked in the clear.
    #[error("{0:?} is no address of keys; expected https, or http on this machine")]
    Address(String),
    /// A rule that any token would keep.
    #[error("issuer, audience and the claim of roles must be said")]
    Unsaid,
    /// The certificates cannot be read.
    #[error("{file}: no certificates can be read", file = file.display())]
    CaFile {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The keys could not be fetched.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    #[error("the issuer answered {0}")]
    Status(u16),
    #[error("its answer could not be read")]
    Read(#[source] std::io::Error),
    #[error("its answer has more than {MAX_SET} bytes")]
    Large,
    #[error("its answer cannot be used: {0}")]
    Set(#[from] KeySetError),
}

/// An issuer and its keys.
#[derive(Debug)]
pub struct Issuer {
    rules: TokenRules,
    url: Url,
    ca_pem: Option<Vec<u8>>,
    keys: ArcSwap<KeySet>,
    /// Told when a token names a key that is not known.
    unknown: Notify,
}

impl Issuer {
    /// An issuer whose keys are yet to be fetched.
    ///
    /// # Errors
    /// The options cannot be meant.
    pub fn new(options: IssuerOptions) -> Result<Issuer, IssuerError> {
        let rules = options.rules;
        if [&rules.issuer, &rules.audience, &rules.role_claim].iter().any(|rule| rule.is_empty()) {
            return Err(IssuerError::Unsaid);
        }
        let url = Url::parse(&options.jwks_url).ok().filter(is_safe);
        let url = url.ok_or_else(|| IssuerError::Address(options.jwks_url.clone()))?;
        let read = |file: PathBuf| std::fs::read(&file).map_err(|source| IssuerError::CaFile { file, source });
        let ca_pem = options.ca_file.map(read).transpose()?;
        Ok(Issuer { rules, url, ca_pem, keys: ArcSwap::default(), unknown: Notify::new() })
    }

    /// Who a token speaks of now.
    pub(crate) fn verify(&self, token: &str) -> Result<Claimed, BadToken> {
        let claimed = verify(token, &self.keys.load(), &self.rules, Timestamp::now().as_second());
        if claimed == Err(BadToken::UnknownKey) {
            self.unknown.notify_one();
        }
        claimed
    }

    /// Keeps the keys fresh; never ends.
    pub(crate) async fn follow(self: Arc<Issuer>) {
        loop {
            let fetching = Arc::clone(&self);
            let fetched = tokio::task::spawn_blocking(move || fetching.fetch()).await;
            let is_good = match fetched {
                Ok(Ok(keys)) => {
                    self.keys.store(Arc::new(keys));
                    true
                }
                Ok(Err(error)) => {
                    tracing::error!(%error, "the keys of the issuer were not taken; the last good ones go on");
                    false
                }
                // It panicked, which the log has.
                Err(_) => false,
            };
            tokio::time::sleep(SHORTEST_PAUSE).await;
            if is_good {
                // A token of an unknown key, or time, ends the pause.
                drop(tokio::time::timeout(FETCH_EVERY, self.unknown.notified()).await);
            }
        }
    }

    /// Blocks, on a thread that may.
    fn fetch(&self) -> Result<KeySet, FetchError> {
        // The one provider of this program; that it may be set already is no error.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut client = reqwest::blocking::Client::builder()
            .timeout(FETCH_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("interdict/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = &self.ca_pem {
            client = client.tls_certs_merge(Certificate::from_pem_bundle(pem)?);
        }
        let answer = client.build()?.get(self.url.clone()).send()?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(FetchError::Status(answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        let mut limited = std::io::Read::take(answer, MAX_SET + 1);
        std::io::Read::read_to_end(&mut limited, &mut bytes).map_err(FetchError::Read)?;
        if bytes.len() as u64 > MAX_SET {
            return Err(FetchError::Large);
        }
        Ok(KeySet::parse(&bytes)?)
    }
}

/// Whether nobody on the way could answer in the issuer's place.
fn is_safe(url: &Url) -> bool {
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer(url: &str, audience: &str) -> Result<Issuer, IssuerError> {
        let rules = TokenRules { issuer: "a".to_owned(), audience: audience.to_owned(), role_claim: "r".to_owned() };
        Issuer::new(IssuerOptions { rules, jwks_url: url.to_owned(), ca_file: None })
    }

    #[test]
    fn keys_come_by_a_way_that_nobody_can_alter() {
        assert!(issuer("https://id.example.org/keys", "b").is_ok());
        assert!(issuer("http://127.0.0.1:8080/keys", "b").is_ok());
        for url in ["http://id.example.org/keys", "file:///etc/keys", "id.example.org", "http://127.0.0.1.example.org/"]
        {
            assert!(matches!(issuer(url, "b"), Err(IssuerError::Address(_))), "{url}");
        }
        assert!(matches!(issuer("https://id.example.org/keys", ""), Err(IssuerError::Unsaid)));
    }
}
