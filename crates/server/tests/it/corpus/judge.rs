//! What is right of any answer, whatever was asked: a status that blames no machine, and the form of its interface.

use serde_json::Value as Json;

use super::wire::{Request, Told};

/// Whose form an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interface {
    Yentes,
    Watchmans,
    Ours,
}

impl Interface {
    fn of(target: &[u8]) -> Interface {
        // The form of proxies names the host, too.
        let target = target.strip_prefix(b"http://elsewhere.example").unwrap_or(target);
        if target.starts_with(b"/v1") {
            Interface::Ours
        } else if target.starts_with(b"/v2") || target == b"/ping" || target.starts_with(b"/ping?") {
            Interface::Watchmans
        } else {
            Interface::Yentes
        }
    }
}

/// What is wrong with an answer, if anything.
pub(crate) fn judge(request: &Request, told: &Told) -> Result<(), String> {
    let status = told.status;
    if status >= 500 && status != 503 {
        return Err(format!("a request must not be able to make a {status}"));
    }
    if status == 503 && told.header("retry-after").is_none() {
        return Err("a 503 that is no overload".to_owned());
    }
    if told.header("x-content-type-options") != Some("nosniff") || told.header("x-request-id").is_none() {
        return Err("the headers of every answer are missing".to_owned());
    }
    if status == 405 && told.header("allow").is_none() {
        return Err("a 405 that does not say what is allowed".to_owned());
    }
    if request.verb == "HEAD" || matches!(status, 204 | 304 | 308) {
        return if told.body.is_empty() { Ok(()) } else { Err("a body where there is none".to_owned()) };
    }
    if status < 400 { well(told) } else { refused(Interface::of(&request.target), told) }
}

/// An answer is of the media type that it says to be.
fn well(told: &Told) -> Result<(), String> {
    let kind = told.header("content-type").unwrap_or_default();
    let text = std::str::from_utf8(&told.body).map_err(|_| "an answer that is not UTF-8".to_owned())?;
    let is_json = |text: &str| serde_json::from_str::<Json>(text).map_err(|error| format!("{error}: {text}"));
    match kind.split(';').next().unwrap_or_default() {
        "application/json" => is_json(text).map(drop),
        "application/x-ndjson" => text.lines().try_for_each(|line| is_json(line).map(drop)),
        "text/html" | "image/svg+xml" if text.starts_with('<') => Ok(()),
        "text/plain" | "application/openmetrics-text" => Ok(()),
        other => Err(format!("an answer of no known type: {other:?}")),
    }
}

/// A refusal says what is wrong, in the form of the interface.
fn refused(interface: Interface, told: &Told) -> Result<(), String> {
    let json: Json =
        serde_json::from_slice(&told.body).map_err(|error| format!("a refusal that is no JSON: {error}"))?;
    let kind = told.header("content-type").unwrap_or_default();
    let says = |json: &Json| json.as_str().is_some_and(|text| !text.trim().is_empty());
    let expected = if interface == Interface::Ours { "application/problem+json" } else { "application/json" };
    if kind != expected {
        return Err(format!("a refusal of type {kind:?}, not {expected:?}"));
    }
    match interface {
        Interface::Watchmans if says(&json["error"]) => Ok(()),
        Interface::Watchmans => Err(format!("no `error`: {json}")),
        Interface::Ours => {
            let errors = json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
            let places = errors.iter().all(|error| says(&error["field"]) && says(&error["detail"]));
            let is_named = told.status != 422 || !errors.is_empty();
            let is_whole = json["type"].as_str().is_some_and(|kind| kind.starts_with("urn:interdict:problem:"))
                && says(&json["title"])
                && says(&json["detail"])
                && json["status"] == told.status;
            if is_whole && places && is_named { Ok(()) } else { Err(format!("no problem that helps: {json}")) }
        }
        Interface::Yentes => {
            let faults = |list: &Json| list.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(fault));
            let is_whole = match told.status {
                422 => faults(&json["detail"]),
                _ => says(&json["detail"]) && json.get("errors").is_none_or(faults),
            };
            if is_whole { Ok(()) } else { Err(format!("no `detail` that helps: {json}")) }
        }
    }
}

/// A fault as pydantic tells it, with its place.
fn fault(fault: &Json) -> bool {
    fault["type"].is_string()
        && fault["msg"].as_str().is_some_and(|said| !said.is_empty())
        && fault["loc"].as_array().is_some_and(|place| place.first().is_some_and(Json::is_string))
        && fault.get("input").is_some()
}
