//! Reading the judged cases.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use interdict_model::{Entity, ListId, Origin};
use interdict_snapshot::{Builder, ListMeta, Snapshot};
use serde::Deserialize;
use serde_json::Value as Json;

/// A judged pair.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) group: String,
    pub(crate) query: Json,
    pub(crate) candidate: Json,
    #[serde(rename = "match")]
    pub(crate) is_match: bool,
    /// Score of the reference matcher, where it is known.
    pub(crate) reference: Option<f64>,
}

/// A judged query.
#[derive(Deserialize)]
pub(crate) struct Query {
    pub(crate) id: String,
    pub(crate) group: String,
    pub(crate) schema: String,
    pub(crate) properties: BTreeMap<String, Json>,
    pub(crate) expected: Vec<String>,
}

/// Reads a file of JSON lines.
pub(crate) fn lines<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let parse = |(at, line): (usize, &str)| {
        serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), at + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(parse).collect()
}

/// An entity from a case's `{"schema","properties"}`.
pub(crate) fn entity(id: &str, json: &Json) -> Result<Entity> {
    let origin = Origin::new(ListId::new("bench")?, "", id);
    let mut json = json.clone();
    if let Json::Object(members) = &mut json {
        members.insert("id".to_owned(), Json::String(id.to_owned()));
    }
    let entities = Entity::from_ftm_value(&json, &origin).with_context(|| format!("case {id}"))?;
    entities.into_iter().next().context("a case yields an entity")
}

/// A snapshot of an index of FollowTheMoney lines.
pub(crate) fn snapshot(path: &Path) -> Result<Snapshot> {
    let list = ListId::new("bench")?;
    let origin = Origin::new(list.clone(), "", "");
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let mut builder = Builder::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        for mut entity in Entity::from_ftm(line, &origin).with_context(|| format!("{}:{}", path.display(), at + 1))? {
            entity.datasets = [list.clone()].into();
            builder.entity(entity);
        }
    }
    builder.list(ListMeta { id: list, version: String::new(), title: None, partial: None, stale: None, missing: None });
    Ok(Snapshot::from_bytes(builder.build()?.bytes)?)
}
