//! Leave for pages of other sites to read answers: what a browser needs before OpenRefine's suggestions or a page that calls Watchman's
//! routes see anything. There are no cookies and no sessions, so nobody's rights are lent to such a page.
//!
//! Source: the Fetch Standard; Watchman sends the same header, the reconciliation API 0.2 (section 2.1) asks for it.

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Answers with leave for all sites.
pub(crate) async fn open(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::ACCESS_CONTROL_ALLOW_ORIGIN).or_insert(HeaderValue::from_static("*"));
    response
}
