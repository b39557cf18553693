//! yente's variables: which have a meaning here, and how their values are read.
//!
//! Source: the settings of yente 5. What is typed or configured goes before them.

use anyhow::{Context as _, Result, bail};

/// yente's variables that have a meaning here. All others begin alike and have none.
const KNOWN: &[&str] = &[
    "YENTE_AUTO_REINDEX",
    "YENTE_BEST_ALGORITHM",
    "YENTE_CRONTAB",
    "YENTE_DATA_PATH",
    "YENTE_DATA_TOKEN",
    "YENTE_DEBUG",
    "YENTE_DEFAULT_ALGORITHM",
    "YENTE_DELTA_UPDATES",
    "YENTE_HIDDEN_ALGORITHMS",
    "YENTE_HOST",
    "YENTE_HTTP_PROXY",
    "YENTE_LOG_JSON",
    "YENTE_MANIFEST",
    "YENTE_MATCH_PAGE",
    "YENTE_MAX_BATCH",
    "YENTE_MAX_MATCHES",
    "YENTE_MAX_URL_LENGTH",
    "YENTE_PORT",
    "YENTE_TITLE",
    "YENTE_UPDATE_TOKEN",
    "YENTE_VERIFY_CHECKSUM",
];

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
        names.filter(|name| name.starts_with("YENTE_") && !KNOWN.contains(&name.as_str())).collect();
    found.sort();
    found
}
