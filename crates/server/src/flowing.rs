//! Bodies that are read as they come, of any length: they may pause, and not for ever.
//!
//! Invariant: each piece comes within a pause of the one before it, or the body ends by an error; while the service itself does not ask
//! for more, no time counts.

use std::error::Error;
use std::time::Duration;

use axum::body::Body;
use futures_util::{StreamExt as _, stream};

/// A body that did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum BrokenOff {
    /// The client went away, or what it sent is no HTTP.
    #[error("the body broke off")]
    Gone,
    /// The client said nothing for too long.
    #[error("nothing more of the body came within {} s", .pause.as_secs_f64())]
    Silent {
        /// The longest pause.
        pause: Duration,
    },
}

/// A body whose pauses are no longer than this.
pub(crate) fn paced(body: Body, pause: Duration) -> Body {
    let pieces = stream::unfold(Some(body.into_data_stream()), move |pieces| async move {
        let mut pieces = pieces?;
        match tokio::time::timeout(pause, pieces.next()).await {
            Ok(Some(Ok(bytes))) => Some((Ok(bytes), Some(pieces))),
            Ok(Some(Err(_))) => Some((Err(BrokenOff::Gone), None)),
            Ok(None) => None,
            Err(_) => Some((Err(BrokenOff::Silent { pause }), None)),
        }
    });
    Body::from_stream(pieces)
}

/// Whether a body ended because its client said nothing for too long.
pub(crate) fn is_silence(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(BrokenOff::Silent { .. }) = error.downcast_ref() {
            return true;
        }
        cause = error.source();
    }
    false
}
