//! What `/v1` is, for programs (`/v1/openapi.json`, and where yente has it `/openapi.json`) and for people (`/v1/docs`, `/v1`, `/`).
//!
//! Idea: both are made from the code of the routes; `docs/openapi.json` is the golden file that a test compares. The page is plain HTML made here:
//! it fetches nothing but its icon and runs no script; its link to `openapi.json` leads there from each of its three addresses.

use std::fmt::Write as _;

use axum::Json as Body;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value as Json;
use utoipa::OpenApi;

use super::{entities, jobs, lists, pair, screen, stream};
use crate::html::escaped;
use crate::wire::VERSION;

#[derive(OpenApi)]
#[openapi(
    info(title = "interdict", description = "Screening of parties against lists of sanctions and export controls.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    paths(
        screen::one, screen::many, stream::post, pair::explain, pair::compare, entities::get, lists::get, screen::policies, jobs::create,
        jobs::list, jobs::get, jobs::delete, jobs::offset, jobs::append, jobs::results
    ),
    tags((name = "screening", description = "Who is it?"), (name = "lists", description = "What is listed, and how fresh"), (name = "jobs", description = "Files of parties in the background"))
)]
struct Described;

/// The description, OpenAPI 3.1.
pub fn description() -> utoipa::openapi::OpenApi {
    let mut described = Described::openapi();
    VERSION.clone_into(&mut described.info.version);
    described
}

/// `GET /v1/openapi.json`.
pub(crate) async fn json() -> Body<utoipa::openapi::OpenApi> {
    Body(description())
}

/// `GET /v1/docs`.
pub(crate) async fn page() -> Response {
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; img-src 'self'");
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(html())).into_response()
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}\
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #ccc}section{margin:1.5rem 0;padding:1rem;border:1px solid #ddd;border-radius:6px}\
code,pre{font:14px/1.4 ui-monospace,monospace}b.verb{display:inline-block;min-width:4.5rem;color:#0b5}table{border-collapse:collapse}\
td,th{text-align:left;vertical-align:top;padding:.15rem .8rem .15rem 0}pre{background:#f6f6f6;padding:.6rem;overflow:auto}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#141414}section{border-color:#444}pre{background:#222}}";

/// The page: every route with its parameters, bodies and answers, and every schema.
fn html() -> String {
    let described = serde_json::to_value(description()).unwrap_or_default();
    let mut out = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>interdict: /v1</title>\
         <style>{STYLE}</style><h1>interdict {VERSION}: <code>/v1</code></h1><p>The same for programs: \
         <a href=openapi.json><code>openapi.json</code></a>.</p>"
    );
    let members = |json: &Json| json.as_object().cloned().unwrap_or_default();
    for tag in described["tags"].as_array().into_iter().flatten() {
        let name = tag["name"].as_str().unwrap_or_default();
        let _written = write!(
            out,
            "<h2>{}</h2><p>{}</p>",
            escaped(name),
            escaped(tag["description"].as_str().unwrap_or_default())
        );
        for (path, verbs) in members(&described["paths"]) {
            for (verb, route) in members(&verbs) {
                if route["tags"][0] == name {
                    push_route(&mut out, &path, &verb, &route);
                }
            }
        }
    }
    out.push_str("<h2>Schemas</h2>");
    for (name, schema) in members(&described["components"]["schemas"]) {
        let _written = write!(out, "<section id=\"{0}\"><h3>{0}</h3>", escaped(&name));
        push_text(&mut out, &schema["description"]);
        out.push_str("<table>");
        for (member, about) in members(&schema["properties"]) {
            let said = escaped(about["description"].as_str().unwrap_or_default());
            let _written = write!(out, "<tr><td><code>{}</code><td>{}<td>{said}", escaped(&member), type_of(&about));
        }
        for word in schema["enum"].as_array().into_iter().flatten() {
            let _written = write!(out, "<tr><td><code>{}</code>", escaped(word.as_str().unwrap_or_default()));
        }
        out.push_str("</table></section>");
    }
    out.push_str("</html>");
    out
}

fn push_route(out: &mut String, path: &str, verb: &str, route: &Json) {
    let verb = verb.to_uppercase();
    let _written = write!(out, "<section><h3><b class=verb>{verb}</b> <code>{}</code></h3>", escaped(path));
    push_text(out, &route["summary"]);
    push_text(out, &route["description"]);
    out.push_str("<table>");
    for parameter in route["parameters"].as_array().into_iter().flatten() {
        let text = |member: &str| escaped(parameter[member].as_str().unwrap_or_default());
        let _written =
            write!(out, "<tr><td><code>{}</code><td>{}<td>{}", text("name"), text("in"), text("description"));
    }
    for (kind, content) in route["requestBody"]["content"].as_object().cloned().unwrap_or_default() {
        let _written = write!(out, "<tr><td>body<td>{}<td>{}", escaped(&kind), type_of(&content["schema"]));
    }
    for (status, answer) in route["responses"].as_object().cloned().unwrap_or_default() {
        let schemas = answer["content"].as_object().cloned().unwrap_or_default();
        let schema = schemas.values().map(|content| type_of(&content["schema"])).collect::<Vec<_>>().join(", ");
        let said = escaped(answer["description"].as_str().unwrap_or_default());
        let _written = write!(out, "<tr><td>{}<td>{schema}<td>{said}", escaped(&status));
    }
    out.push_str("</table></section>");
}

fn push_text(out: &mut String, text: &Json) {
    if let Some(text) = text.as_str().filter(|text| !text.is_empty()) {
        let _written = write!(out, "<p>{}</p>", escaped(text));
    }
}

/// The type of a schema, with a link where it has a name.
fn type_of(schema: &Json) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        return format!("<a href=\"#{0}\">{0}</a>", escaped(name));
    }
    if let Some(items) = schema.get("items") {
        return format!("list of {}", type_of(items));
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(kinds) = schema[choice].as_array() {
            return kinds.iter().map(type_of).collect::<Vec<_>>().join(" or ");
        }
    }
    match &schema["type"] {
        Json::String(kind) => escaped(kind),
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).map(escaped).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}
