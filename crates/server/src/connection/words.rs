//! What a client is told that was not given to the routes: over HTTP/1.1, in the shape that yente's routes have.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use super::MAX_HEAD;

/// How long the last words to a client may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A refusal of hyper's that says nothing but its status: 400, 414 or 431.
///
/// Told by its head, which has nothing that every answer of a route has, and no body.
pub(super) fn bare_refusal(bytes: &[u8]) -> Option<u16> {
    let head = std::str::from_utf8(bytes).ok()?.strip_prefix("HTTP/1.1 ")?;
    let status = head.get(..3)?.parse().ok().filter(|status| matches!(status, 400 | 414 | 431))?;
    let (_, lines) = head.strip_suffix("\r\n\r\n")?.split_once("\r\n")?;
    let is_bare = |line: &str| line == "content-length: 0" || line == "connection: close" || line.starts_with("date: ");
    (lines.contains("content-length: 0") && lines.split("\r\n").all(is_bare)).then_some(status)
}

/// The words for what hyper refused.
pub(super) fn refused(status: u16, n_headers: usize) -> Vec<u8> {
    match status {
        414 => said("414 URI Too Long", None, "Request URI too long"),
        431 => {
            let detail = format!(
                "The head of the request is too large (at most {n_headers} headers and {MAX_HEAD} bytes in all)."
            );
            said("431 Request Header Fields Too Large", None, &detail)
        }
        _ => said("400 Bad Request", None, "The head of the request is not one of HTTP/1.1."),
    }
}

/// An answer for a client that was not given to the routes.
pub(crate) fn said(status: &str, retry_after_s: Option<u32>, detail: &str) -> Vec<u8> {
    let body = serde_json::json!({ "detail": detail }).to_string();
    let retry = retry_after_s.map(|seconds| format!("retry-after: {seconds}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         x-content-type-options: nosniff\r\ncache-control: no-store\r\n{retry}content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

pub(super) fn too_slow() -> Vec<u8> {
    said("408 Request Timeout", None, "The head of the request did not come in time.")
}

/// Says last words, if any, and closes. What the client still sends is read away for a moment: a system that closes on unread bytes
/// takes the last words back.
pub(crate) async fn end<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, words: Option<&[u8]>) {
    let last = async {
        if let Some(words) = words {
            stream.write_all(words).await?;
        }
        stream.shutdown().await?;
        if words.is_some() {
            let mut unread = [0; 4096];
            while stream.read(&mut unread).await? > 0 {}
        }
        io::Result::Ok(())
    };
    // Who does not listen to the last words does not get them.
    drop(timeout(LAST_WORDS, last).await);
}

#[cfg(test)]
mod tests {
    use super::{bare_refusal, refused, said};

    #[test]
    fn a_refusal_without_words_is_told_from_an_answer() {
        let bare = b"HTTP/1.1 414 URI Too Long\r\nconnection: close\r\ncontent-length: 0\r\ndate: Sat\r\n\r\n";
        assert_eq!(bare_refusal(bare), Some(414));
        for other in [
            &b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"[..],
            b"HTTP/1.1 414 URI Too Long\r\ncontent-length: 0\r\nx-request-id: a\r\n\r\n",
            b"HTTP/1.1 414 URI Too Long\r\ncontent-length: 0\r\n\r\n{}",
            b"HTTP/1.1 414",
            b"",
            &said("414 URI Too Long", None, "x"),
            &refused(431, 100),
        ] {
            assert_eq!(bare_refusal(other), None, "{other:?}");
        }
    }
}
