//! The HTTP service: yente's interface and our own over one snapshot.
//!
//! Idea: an [`Engine`](engine::Engine) holds the view that serves and the threads that screen, and knows no HTTP; `yente` and `watchman`
//! translate their interfaces to the engine's. A request takes the view once, so that its answer is of one version.
//! Invariant: scoring happens on the pool's threads alone, tokio's read and write; what is asked and cannot be consulted is an error.
#![forbid(unsafe_code)]

pub mod access;
mod address;
pub mod app;
pub mod catalogue;
mod connection;
mod counts;
mod door;
pub mod engine;
mod every;
pub mod filter;
mod flowing;
pub mod headers;
mod hits;
mod html;
mod ids;
pub mod jobs;
pub mod observe;
mod pairs;
pub mod pool;
mod reasons;
mod reload;
pub mod router;
pub mod screening_log;
pub mod searches;
pub mod selftest;
pub mod serve;
pub mod settings;
mod shape;
mod shares;
pub mod tls;
pub mod v1;
pub mod view;
mod watchman;
mod wire;
mod yente;

pub use reload::chain;
