//! One file from HTTP to the disk, whole or not at all.
//!
//! Idea: [`Fetcher::fetch`] asks for a file only if it changed, follows redirects, takes up a broken download where it stopped,
//! tries again what may pass, and holds what came against every length and digest that was declared.
//! Invariant: the file at the destination is whole; until it is, the bytes lie in a `.part` file beside it, which is kept only
//! where a strong entity tag lets it be taken up again. Nothing larger than the limit is ever written.
//! Cost: constant memory. Source: RFC 9110 (conditions, ranges, `Retry-After`), RFC 3230 and RFC 9530 (digests).
#![forbid(unsafe_code)]

mod attempt;
mod backoff;
mod credential;
mod digest;
pub mod error;
mod fetcher;
mod options;
mod part;

pub use credential::Credential;
pub use error::FetchError;
pub use fetcher::{Downloaded, Fetcher, Outcome, Progress, Request, Validators, file_path, join, without_secrets};
pub use options::{FetchOptions, ProxyChoice, Secret};
