//! How long to wait before another attempt.
//!
//! Pauses double from attempt to attempt. A share of each, drawn from the address, keeps many clients apart; the same address
//! and attempt always wait equally long, so that a test can say how long.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use sha2::{Digest as _, Sha256};

use crate::options::FetchOptions;

/// Pause after attempt `attempt` (0 is the first): between half of the doubled base and all of it; at least what the server
/// asks for, at most `longest_pause`.
pub(crate) fn pause(options: &FetchOptions, url: &str, attempt: u32, asked: Option<Duration>) -> Duration {
    let whole = options.backoff.saturating_mul(1 << attempt.min(16)).min(options.longest_pause);
    let mut hash = Sha256::new_with_prefix(url);
    hash.update(attempt.to_le_bytes());
    let share = hash.finalize().first().copied().unwrap_or_default();
    let ours = whole / 2 + whole / 2 * u32::from(share) / 255;
    ours.max(asked.unwrap_or_default()).min(options.longest_pause)
}

/// How long the server asks to be left alone: seconds, or until a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    // `GMT` stands for the zone in RFC 9110 and is an obsolete name of it in RFC 5322.
    let date = jiff::fmt::rfc2822::parse(&text.replace("GMT", "+0000")).ok()?;
    let date = u64::try_from(date.timestamp().as_second()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(date))?.duration_since(now).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_within_bounds_and_repeat_exactly() {
        let options = FetchOptions {
            backoff: Duration::from_secs(1),
            longest_pause: Duration::from_secs(20),
            ..FetchOptions::default()
        };
        for attempt in 0..40 {
            let whole = Duration::from_secs(1 << attempt.min(10)).min(options.longest_pause);
            let found = pause(&options, "https://example.org/x", attempt, None);
            assert!(whole / 2 <= found && found <= whole, "{attempt}: {found:?}");
            assert_eq!(found, pause(&options, "https://example.org/x", attempt, None));
        }
        assert_eq!(pause(&options, "x", 0, Some(Duration::from_secs(7))), Duration::from_secs(7));
        assert_eq!(pause(&options, "x", 0, Some(Duration::from_mins(150))), options.longest_pause);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let headers = |value: &'static str| HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(retry_after(&headers("120"), now), Some(Duration::from_mins(2)));
        assert_eq!(retry_after(&headers("Sun, 06 Nov 1994 08:50:00 GMT"), now), Some(Duration::from_secs(23)));
        assert_eq!(retry_after(&headers("Sun, 06 Nov 1994 08:40:00 GMT"), now), None);
        assert_eq!(retry_after(&headers("soon"), now), None);
    }
}
