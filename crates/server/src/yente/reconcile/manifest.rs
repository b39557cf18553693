//! The manifest: what a client reads before it asks.
//!
//! Source: `schemas/manifest.json` of version 0.2, which yente and OpenRefine speak, with yente's figures.

use serde_json::{Value as Json, json};

use super::View;
use super::schemata;
use crate::settings::Settings;
use crate::wire::{VERSION, served_by};

/// Where schemata and ids are explained. Source: yente's manifest for both.
const SPACE: &str = "https://www.opensanctions.org/reference/#schema";

/// The manifest of a dataset. The query string of the request is carried on to the other routes, so that a key that stands in it is.
pub(super) fn of(
    view: &View,
    settings: &Settings,
    dataset: &str,
    title: &str,
    base: &str,
    query: Option<&str>,
) -> Json {
    let service = format!("{base}/reconcile/{dataset}");
    let query = query.map(str::trim).filter(|query| !query.is_empty());
    let tail = query.map(|query| format!("?{query}")).unwrap_or_default();
    let more = query.map(|query| format!("&{query}")).unwrap_or_default();
    let at = |path: &str| json!({"service_url": service, "service_path": format!("{path}{tail}")});
    let page = format!("{service}/preview?id={{{{id}}}}{more}");
    let types: Vec<Json> = schemata::matchable().map(schemata::json_of).collect();
    json!({
        "versions": ["0.2"],
        "name": format!("{title} ({})", settings.title),
        "identifierSpace": SPACE,
        "schemaSpace": SPACE,
        "documentation": "https://reconciliation-api.github.io/specs/0.2/",
        "serviceVersion": VERSION,
        "batchSize": 3,
        "view": {"url": page},
        "preview": {"url": page, "width": 430, "height": 600},
        "suggest": {
            "entity": at("/suggest/entity"),
            "type": at("/suggest/type"),
            "property": at("/suggest/property"),
        },
        "extend": {
            "propose_properties": at("/extend/property"),
            // yente's name for them, and the protocol's.
            "propose_settings": settings_of_extend(),
            "property_settings": settings_of_extend(),
        },
        "defaultTypes": types,
        "interdict": served_by(view, None),
    })
}

/// What a user may set of each property that is fetched.
fn settings_of_extend() -> Json {
    json!([
        {
            "name": "limit",
            "label": "Limit",
            "type": "number",
            "default": 0,
            "help_text": "Most values of a row; 0 for all",
        },
        {
            "name": "render",
            "label": "Show values as",
            "type": "select",
            "default": "caption",
            "help_text": "Names of countries, topics and entities, or their codes and ids",
            // `value` is the protocol's, `id` yente's.
            "choices": [
                {"id": "caption", "value": "caption", "name": "Caption"},
                {"id": "raw", "value": "raw", "name": "Raw"},
            ],
        },
    ])
}
