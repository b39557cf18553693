//! What a request asks: a batch of queries, a single one, or properties of entities; in the address, or in a form of either encoding.

use std::convert::Infallible;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use multer::Multipart;

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

/// Parts of a form: more than any client sends.
const MAX_PARTS: usize = 100;

/// Reads a query string; nothing where none of the three parameters says anything.
///
/// # Errors
/// It is not UTF-8, or several of them say something, or one of them several times: one of them would go unanswered.
pub(super) fn of_address(query: &str) -> Result<Option<Asked>, Refusal> {
    one(pairs(query.as_bytes())?)
}

/// As [`of_address`], of a body. One that does not say what it is is taken for a form as addresses have it.
///
/// # Errors
/// As there, or the body says to be no form.
pub(super) async fn of_body(headers: &HeaderMap, body: Bytes) -> Result<Option<Asked>, Refusal> {
    let given = headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or_default());
    let kind = given.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    match (kind.as_deref(), given) {
        (None | Some("application/x-www-form-urlencoded"), _) => one(pairs(&body)?),
        (Some("multipart/form-data"), Some(given)) => one(parts(given, body).await?),
        _ => Err(Refusal::bad(
            "The body is not a form; send `queries` or `extend` as application/x-www-form-urlencoded or multipart/form-data.",
        )),
    }
}

fn pairs(bytes: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    crate::pairs::read(bytes).map_err(|error| unreadable(&error))
}

/// The parts of a body, by name.
async fn parts(kind: &str, body: Bytes) -> Result<Vec<(String, String)>, Refusal> {
    let boundary = multer::parse_boundary(kind).map_err(|error| unreadable(&error))?;
    let whole = futures_util::stream::once(std::future::ready(Ok::<_, Infallible>(body)));
    let mut form = Multipart::new(whole, boundary);
    let mut parts = Vec::new();
    while let Some(part) = form.next_field().await.map_err(|error| unreadable(&error))? {
        if parts.len() == MAX_PARTS {
            return Err(unreadable(&format!("it has more than {MAX_PARTS} parts")));
        }
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|error| unreadable(&error))?;
        let text = String::from_utf8(bytes.into()).map_err(|_| unreadable(&format!("part `{name}` is not UTF-8")))?;
        parts.push((name, text));
    }
    Ok(parts)
}

fn unreadable(why: &impl std::fmt::Display) -> Refusal {
    Refusal::bad(format!("The form cannot be read: {why}."))
}

/// The one thing that is asked. A parameter that is left empty asks nothing, unless it is `query`, alone: the empty name.
fn one(pairs: Vec<(String, String)>) -> Result<Option<Asked>, Refusal> {
    let is_said = |value: &str| !value.trim().is_empty();
    let mut empty = None;
    let mut asked = Vec::new();
    for (name, value) in pairs {
        match (name.as_str(), is_said(&value)) {
            ("queries", true) => asked.push(Asked::Queries(value)),
            ("query", true) => asked.push(Asked::Query(value)),
            ("extend", true) => asked.push(Asked::Extend(value)),
            ("query", false) => empty = Some(Asked::Query(value)),
            _ => {}
        }
    }
    if asked.len() > 1 {
        return Err(Refusal::bad("Several of `queries`, `query` and `extend` are given; send one of them a request."));
    }
    Ok(asked.pop().or(empty))
}

#[cfg(test)]
mod tests {
    use super::{Asked, of_address};

    #[test]
    fn one_thing_is_asked_a_request() {
        assert_eq!(of_address("limit=5").unwrap(), None);
        assert_eq!(of_address("api_key=x&queries=%7B%7D").unwrap(), Some(Asked::Queries("{}".to_owned())));
        assert_eq!(of_address("query=Ivan+P").unwrap(), Some(Asked::Query("Ivan P".to_owned())));
        for bad in ["queries={}&queries={}", "query=a&extend={}", "queries=%ff"] {
            assert!(of_address(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_left_empty_asks_nothing() {
        assert_eq!(of_address("queries={}&extend=&query=").unwrap(), Some(Asked::Queries("{}".to_owned())));
        assert_eq!(of_address("queries=+&extend={}").unwrap(), Some(Asked::Extend("{}".to_owned())));
        assert_eq!(of_address("extend=&queries=").unwrap(), None);
        assert_eq!(of_address("query=").unwrap(), Some(Asked::Query(String::new())));
    }
}
