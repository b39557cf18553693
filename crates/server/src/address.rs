//! What stands in the path of an address: read as text, and written so that it reads back.
//!
//! Invariant: a path that cannot be read is refused in the shape of the interface that was asked, as every other refusal is. One that is not
//! UTF-8 is refused before any route is found (`router`).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::yente::Refusal;

/// The parameters of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Refusal;

    #[expect(clippy::disallowed_types, reason = "the one place that gives its refusal our shape")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Refusal> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(inner)| Path(inner)).map_err(|error| Refusal::bad(error.body_text()))
    }
}

/// A text as one segment of a path: no `+` for a blank, as that is the habit of query strings alone (RFC 3986, section 3.3).
pub(crate) fn segment(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::segment;

    #[test]
    fn a_segment_reads_back_as_what_it_was() {
        assert_eq!(segment("a b+c/d?ü"), "a%20b%2Bc%2Fd%3F%C3%BC");
    }
}
