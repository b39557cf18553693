//! Ids of requests and spans: unlike each other, not secret.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

static NEXT: AtomicU64 = AtomicU64::new(0);

/// So many bytes that no other id of this process has, in hexadecimal; never all zeros.
pub(crate) fn hex(n_bytes: usize) -> String {
    let mut out = String::with_capacity(2 * n_bytes);
    while out.len() < 2 * n_bytes {
        let number = mix(seed().wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)));
        // Writing into a string cannot fail.
        let _written = write!(out, "{number:016x}");
    }
    out.truncate(2 * n_bytes);
    if out.bytes().all(|byte| byte == b'0') { "1".repeat(2 * n_bytes) } else { out }
}

/// What sets this process apart: its number and the time of its first id.
fn seed() -> u64 {
    static SEED: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    *SEED.get_or_init(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64);
        mix(now ^ (u64::from(std::process::id()) << 40))
    })
}

/// Spreads a number over all 64 bits, one to one. Source: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_have_their_length_and_differ() {
        let ids: std::collections::BTreeSet<String> = (0..1000).map(|_| super::hex(8)).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.len() == 16) && super::hex(16).len() == 32);
    }
}
