//! `GET /catalog`: the datasets, their versions, and which of them are not current.
//!
//! Source: yente's `/catalog`; an `ETag`, as its development version sends, here over all that is served.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interdict_catalog::Entry;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::refusal::Refusal;
use crate::app::App;
use crate::view::View;

/// Answers the route.
pub(crate) async fn get(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    let view = app.view();
    // Which datasets there are is known before any of their lists is there, as yente knows it.
    let catalogue = match (&view, app.engine.announced()) {
        (Ok(view), _) => &view.catalogue,
        (Err(_), Some(announced)) => announced,
        (Err(refusal), None) => return Err(refusal.clone()),
    };
    let view = view.as_deref().ok();
    let datasets: Vec<Json> = catalogue.entries().iter().map(|entry| dataset(view, entry)).collect();
    let named = |wanted: bool| {
        let found = datasets.iter().filter(|dataset| {
            dataset["load"] == json!(true)
                && dataset["index_version"].is_string()
                && (dataset["index_current"] == json!(true)) == wanted
        });
        found.map(|dataset| dataset["name"].clone()).collect::<Vec<_>>()
    };
    let (current, outdated) = (named(true), named(false));
    let is_stale = !outdated.is_empty();
    let body =
        json!({"datasets": datasets, "current": current, "outdated": outdated, "index_stale": is_stale}).to_string();
    let tag = tag_of(&body);
    let caching =
        [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"))];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((caching, kind, body).into_response())
}

/// The tag of a body: of all that is served, titles and summaries included, which a manifest may change alone.
fn tag_of(body: &str) -> HeaderValue {
    let hash = Sha256::digest(body);
    let (head, _) = hash.split_at(16);
    let hex = head.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    HeaderValue::from_str(&format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"-\""))
}

fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let given = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|given| given.to_str().ok());
    let mut tags = given.flat_map(|given| given.split(',')).map(str::trim);
    tags.any(|given| given == "*" || given.strip_prefix("W/").unwrap_or(given).as_bytes() == tag.as_bytes())
}

/// A dataset as yente writes it.
fn dataset(view: Option<&View>, entry: &Entry) -> Json {
    let lists = view.map(|view| view.meta().lists.as_slice()).unwrap_or_default();
    let list = lists.iter().find(|list| list.id == entry.id && list.missing.is_none());
    let about = |key: &str| entry.about.get(key).cloned().unwrap_or_default();
    let version = entry.version.clone().or_else(|| list.map(|list| list.version.clone()));
    let mut out = Map::new();
    let mut put = |key: &str, value: Json| drop(out.insert(key.to_owned(), value));
    put("name", json!(entry.id));
    put("title", json!(entry.title.clone().unwrap_or_else(|| entry.id.to_string())));
    for key in ["license", "summary", "description"] {
        put(key, about(key));
    }
    put("url", about("url"));
    for key in ["updated_at", "last_export", "entity_count", "thing_count"] {
        put(key, about(key));
    }
    put("version", json!(version));
    put("category", about("category"));
    put("tags", entry.about.get("tags").cloned().unwrap_or_else(|| json!([])));
    put("publisher", about("publisher"));
    put("coverage", about("coverage"));
    put("resources", entry.about.get("resources").cloned().unwrap_or_else(|| json!([])));
    put("children", json!(entry.children));
    put("deprecation", about("deprecation"));
    put("deprecated", json!(entry.about.get("deprecated").and_then(Json::as_bool).unwrap_or(false)));
    put("load", json!(entry.is_loaded));
    put("entities_url", json!(entry.entities_url));
    put("delta_url", about("delta_url"));
    put("namespace", json!(entry.about.get("namespace").and_then(Json::as_bool).unwrap_or(false)));
    put("index_version", json!(list.map(|list| &list.version)));
    put(
        "index_current",
        json!(list.is_some_and(|list| list.stale.is_none() && version.as_ref() == Some(&list.version))),
    );
    if let Some(stale) = list.and_then(|list| list.stale.as_ref()) {
        put("stale", json!(stale));
    }
    Json::Object(out)
}
