//! The client, and the loop of attempts around one file.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::{Certificate, Proxy, Url};
use serde::{Deserialize, Serialize};

use crate::attempt::{Attempt, Attempted};
use crate::credential::Credential;
use crate::error::{FetchError, innermost, shown};
use crate::options::{FetchOptions, ProxyChoice};
use crate::part::Part;
use crate::{backoff, digest};

/// What a server gave to recognise a version of a file by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`, as it stood there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// `Last-Modified`, as it stood there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether there is anything to ask with.
    pub fn is_some(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }
}

/// A file to fetch.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its address, http or https.
    pub url: String,
    /// Where it is to lie; its folder must be there.
    pub destination: PathBuf,
    /// Of the version that the caller has; it is fetched only if it changed.
    pub validators: Validators,
    /// SHA-256 in hexadecimal that it must have.
    pub expected_sha256: Option<String>,
    /// Most bytes that it may have.
    pub max_bytes: u64,
    /// What is said of who asks.
    pub credential: Option<Credential>,
}

/// What happens while a file is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The answer begins.
    Started {
        /// Bytes that were there from before.
        resumed: u64,
        /// Bytes of the whole, where declared.
        total: Option<u64>,
    },
    /// More has come.
    Received {
        /// How much.
        bytes: u64,
    },
    /// An attempt failed, another one follows.
    Retrying {
        /// The pause before it.
        pause: Duration,
        /// Why the last one failed.
        reason: String,
    },
}

/// How a fetch ended well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server has no other version than the caller; nothing was written.
    Unchanged,
    /// The file lies at its destination.
    Changed(Downloaded),
}

/// A file that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// To ask with next time.
    pub validators: Validators,
    /// The address that it came from in the end.
    pub final_url: String,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// The name that `Content-Disposition` gives it.
    pub file_name: Option<String>,
}

/// What the header of a whole answer said.
pub(crate) struct Answer {
    pub(crate) declared_digest: Option<String>,
    pub(crate) validators: Validators,
    pub(crate) content_type: Option<String>,
    pub(crate) file_name: Option<String>,
    pub(crate) final_url: String,
}

/// Fetches files. Cheap to share between threads.
#[derive(Clone, Debug)]
pub struct Fetcher {
    client: Client,
    options: FetchOptions,
}

impl Fetcher {
    /// A fetcher with these options.
    ///
    /// # Errors
    /// Where the proxy, the certificates or the user agent cannot be used.
    pub fn new(options: FetchOptions) -> Result<Fetcher, FetchError> {
        // The one provider of this program; that it may be set already is no error.
        drop(rustls::crypto::ring::default_provider().install_default());
        let fail = |error: reqwest::Error| FetchError::Options { reason: innermost(&error) };
        let mut builder = Client::builder()
            .connect_timeout(options.connect_timeout)
            // In the blocking client this is the longest silence, not the longest time of all.
            .timeout(options.read_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .user_agent(&options.user_agent);
        builder = match &options.proxy {
            ProxyChoice::Environment => builder,
            ProxyChoice::Direct => builder.no_proxy(),
            ProxyChoice::Url(url) => builder.proxy(Proxy::all(url).map_err(fail)?),
        };
        if let Some(path) = &options.ca_file {
            let pem = std::fs::read(path)
                .map_err(|error| FetchError::CaFile { path: path.clone(), reason: error.to_string() })?;
            let certificates = Certificate::from_pem_bundle(&pem)
                .map_err(|error| FetchError::CaFile { path: path.clone(), reason: error.to_string() })?;
            if certificates.is_empty() {
                return Err(FetchError::CaFile { path: path.clone(), reason: "there is none in it".to_owned() });
            }
            builder = builder.tls_certs_merge(certificates);
        }
        Ok(Fetcher { client: builder.build().map_err(fail)?, options })
    }

    /// Fetches a file, in as many attempts as the options allow.
    ///
    /// # Errors
    /// The fault of the last attempt. A part that can be taken up by a later call stays beside the destination.
    pub fn fetch(&self, request: &Request, progress: &mut dyn FnMut(Progress)) -> Result<Outcome, FetchError> {
        let address = || FetchError::Address { given: request.url.clone() };
        let url = Url::parse(&request.url).map_err(|_| address())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(address());
        }
        let mut part = Part::open(&request.destination, &request.url)?;
        let attempt = Attempt { client: &self.client, options: &self.options, request, url: &url };
        let mut n_failed = 0;
        let answer = loop {
            match attempt.run(&mut part, progress) {
                Ok(Attempted::Unchanged) => {
                    part.discard();
                    return Ok(Outcome::Unchanged);
                }
                Ok(Attempted::Whole(answer)) => break answer,
                Err(error) if error.is_transient() && n_failed < self.options.retries => {
                    let asked = if let FetchError::Status { retry_after, .. } = &error { *retry_after } else { None };
                    let pause = backoff::pause(&self.options, &request.url, n_failed, asked);
                    progress(Progress::Retrying { pause, reason: error.to_string() });
                    std::thread::sleep(pause);
                    n_failed += 1;
                }
                Err(error) if error.is_transient() => {
                    part.leave();
                    return Err(error);
                }
                Err(error) => {
                    part.discard();
                    return Err(error);
                }
            }
        };
        let (bytes, found) = (part.length, digest::finish(part.hash.clone()));
        let sha256 = digest::hex(&found);
        for declared in answer.declared_digest.iter().chain(&request.expected_sha256) {
            if !digest::agrees(declared, &found) {
                part.discard();
                return Err(FetchError::Digest { url: shown(&url), declared: declared.clone(), found: sha256 });
            }
        }
        part.finish(&request.destination)?;
        Ok(Outcome::Changed(Downloaded {
            path: request.destination.clone(),
            bytes,
            sha256,
            validators: answer.validators,
            final_url: answer.final_url,
            content_type: answer.content_type,
            file_name: answer.file_name,
        }))
    }
}

/// The address that a link on a page at `base` leads to, if it is one of http or https; a page of https leads to https alone.
pub fn join(base: &str, link: &str) -> Option<String> {
    let base = Url::parse(base).ok()?;
    let url = base.join(link).ok()?;
    may_lead(&base, &url).then(|| url.to_string())
}

/// An address without user, password and query, which may be secrets; a text that is no address as it stands.
pub fn without_secrets(address: &str) -> String {
    Url::parse(address).map_or_else(|_| address.to_owned(), |url| shown(&url))
}

/// The path that a `file://` address of this machine stands for.
pub fn file_path(address: &str) -> Option<PathBuf> {
    Url::parse(address).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok()
}

/// Whether a redirect or a link may be followed: nothing goes from https to where others can read and change it.
pub(crate) fn may_lead(from: &Url, to: &Url) -> bool {
    matches!(to.scheme(), "http" | "https") && !(from.scheme() == "https" && to.scheme() == "http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_are_paths_and_secrets_are_left_out() {
        assert_eq!(without_secrets("https://u:p@a.example:81/x?key=1#y"), "https://a.example:81/x");
        #[cfg(unix)]
        assert_eq!(file_path("file:///a%20b/c.json").as_deref(), Some(std::path::Path::new("/a b/c.json")));
        for none in ["file://other.example/c.json", "https://a.example/c.json", "/a/b"] {
            assert_eq!(file_path(none), None, "{none}");
        }
    }

    #[test]
    fn a_link_never_leads_from_https_to_http() {
        assert_eq!(join("https://a.example/x/", "y.csv").as_deref(), Some("https://a.example/x/y.csv"));
        assert_eq!(join("https://a.example/", "http://a.example/y.csv"), None);
        assert_eq!(join("http://a.example/", "https://b.example/").as_deref(), Some("https://b.example/"));
        assert!(join("http://a.example/", "http://b.example/").is_some());
        assert_eq!(join("http://a.example/", "file:///etc/passwd"), None);
    }
}
