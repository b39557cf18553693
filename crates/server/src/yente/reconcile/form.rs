//! What a request asks: a batch of queries, a single one, or properties of entities.

use axum::http::{HeaderMap, header};

use super::Refusal;

/// What is asked, as JSON that nobody has read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// `queries`: a map of queries.
    Queries(String),
    /// `query`: one query, or its text alone.
    Query(String),
    /// `extend`: properties of entities.
    Extend(String),
}

/// Reads a query string or a form; nothing where none of the three parameters is there.
///
/// # Errors
/// It is not UTF-8, or several of them are there, or one of them several times: one of them would go unanswered.
pub(super) fn read(bytes: &[u8]) -> Result<Option<Asked>, Refusal> {
    let pairs =
        crate::pairs::read(bytes).map_err(|error| Refusal::bad(format!("The form cannot be read: {error}.")))?;
    let mut asked = pairs.into_iter().filter_map(|(name, value)| match name.as_str() {
        "queries" => Some(Asked::Queries(value)),
        "query" => Some(Asked::Query(value)),
        "extend" => Some(Asked::Extend(value)),
        _ => None,
    });
    let first = asked.next();
    if asked.next().is_some() {
        return Err(Refusal::bad("Several of `queries`, `query` and `extend` are given; send one of them a request."));
    }
    Ok(first)
}

/// Refuses a body that says to be something else than a form; one that says nothing is taken for one.
pub(super) fn is_one(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(());
    }
    Err(Refusal::bad(
        "The body is not a form; send `queries` or `extend` as application/x-www-form-urlencoded (versions 0.1 and 0.2 of the protocol).",
    ))
}

#[cfg(test)]
mod tests {
    use super::{Asked, read};

    #[test]
    fn one_thing_is_asked_a_request() {
        assert_eq!(read(b"limit=5").unwrap(), None);
        assert_eq!(read(b"api_key=x&queries=%7B%7D").unwrap(), Some(Asked::Queries("{}".to_owned())));
        assert_eq!(read(b"query=Ivan+P").unwrap(), Some(Asked::Query("Ivan P".to_owned())));
        assert_eq!(read(b"extend=").unwrap(), Some(Asked::Extend(String::new())));
        for bad in [&b"queries={}&queries={}"[..], b"query=a&extend={}", b"queries=%ff"] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
