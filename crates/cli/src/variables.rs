//! yente's variables: which have a meaning here, and how their values are read.
//!
//! Source: the settings of yente 5. What is typed or configured goes before them.

use anyhow::{Context as _, Result, bail};

/// Beginnings of variables that are about a search cluster, of which there is none here.
const OF_A_CLUSTER: [&str; 4] = ["YENTE_INDEX_", "YENTE_ELASTICSEARCH_", "YENTE_OPENSEARCH_", "YENTE_STREAM_LOAD"];

/// A variable that is set and not empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A number, or the default.
pub(crate) fn number<T: std::str::FromStr>(name: &str, default: T) -> Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    match variable(name) {
        Some(value) => value.parse().with_context(|| format!("{name} {value:?} is no number of its kind")),
        None => Ok(default),
    }
}

/// Whether something is on. A word that says neither is an error: what was meant to be off must not stay on.
pub(crate) fn switch(name: &str, default: bool) -> Result<bool> {
    let Some(value) = variable(name) else { return Ok(default) };
    match value.trim().to_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" => Ok(true),
        "0" | "false" | "f" | "no" | "n" | "off" => Ok(false),
        _ => bail!("{name} {value:?} is neither true nor false"),
    }
}

/// Variables that are set and have no meaning here, in order.
pub(crate) fn without_meaning() -> Vec<String> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut found: Vec<String> =
        names.filter(|name| OF_A_CLUSTER.iter().any(|start| name.starts_with(start))).collect();
    found.sort();
    found
}
