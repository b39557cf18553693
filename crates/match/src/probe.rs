//! Temporary.
#![allow(missing_docs)]
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;
pub static C: [AtomicU64; 24] = [const { AtomicU64::new(0) }; 24];
pub fn c(i: usize, n: u64) { C[i].fetch_add(n, Relaxed); }
pub fn t(i: usize, since: Instant) -> Instant { let now = Instant::now(); c(i, (now - since).as_nanos() as u64); now }
pub fn dump(n: u64) -> String { C.iter().enumerate().map(|(i, c)| format!("{i}:{:.1}", c.swap(0, Relaxed) as f64 / n as f64)).collect::<Vec<_>>().join(" ") }
