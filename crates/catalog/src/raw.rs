//! Manifests and catalogues as they are written: JSON or YAML, tokens out of the environment.
//!
//! Source: the manifest of yente 5; `index.json` of OpenSanctions, whose datasets have both `children` and `datasets`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use interdict_fetch::Secret;
use interdict_sources::Format;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::rules::RawRules;

/// A manifest as it stands there.
#[derive(Deserialize)]
pub(crate) struct RawManifest {
    pub(crate) datasets: Option<Vec<RawDataset>>,
    pub(crate) catalogs: Option<Vec<RawCatalog>>,
    #[serde(flatten)]
    pub(crate) unknown: BTreeMap<String, Json>,
}

/// A catalogue that a manifest names.
#[derive(Deserialize)]
pub(crate) struct RawCatalog {
    pub(crate) url: String,
    pub(crate) auth_token: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) resource_name: Option<String>,
    pub(crate) resource_type: Option<String>,
    pub(crate) namespace: Option<bool>,
    #[serde(flatten)]
    pub(crate) unknown: BTreeMap<String, Json>,
}

/// A dataset of a manifest.
#[derive(Deserialize)]
pub(crate) struct RawDataset {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) path: Option<PathBuf>,
    pub(crate) url: Option<String>,
    pub(crate) entities_url: Option<String>,
    pub(crate) load: Option<bool>,
    pub(crate) children: Option<Vec<String>>,
    pub(crate) datasets: Option<Vec<String>>,
    pub(crate) format: Option<Format>,
    #[serde(default)]
    pub(crate) files: Vec<String>,
    pub(crate) mapping: Option<PathBuf>,
    pub(crate) version: Option<String>,
    pub(crate) auth_token: Option<String>,
    pub(crate) resource_name: Option<String>,
    pub(crate) resource_type: Option<String>,
    pub(crate) checksum: Option<String>,
    #[serde(flatten)]
    pub(crate) rules: RawRules,
    #[serde(flatten)]
    pub(crate) about: BTreeMap<String, Json>,
}

/// A catalogue.
#[derive(Deserialize)]
pub(crate) struct RawIndex {
    pub(crate) datasets: Vec<RawEntry>,
}

/// A dataset of a catalogue. Its `url` is a page about it.
#[derive(Deserialize)]
pub(crate) struct RawEntry {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) version: Option<Json>,
    pub(crate) path: Option<PathBuf>,
    pub(crate) entities_url: Option<String>,
    pub(crate) load: Option<bool>,
    pub(crate) children: Option<Vec<String>>,
    pub(crate) datasets: Option<Vec<String>>,
    pub(crate) checksum: Option<String>,
    #[serde(flatten)]
    pub(crate) about: BTreeMap<String, Json>,
}

/// The datasets that a collection is made of, however it names them; each once.
pub(crate) fn children(children: Option<Vec<String>>, datasets: Option<Vec<String>>) -> Vec<String> {
    let mut named = children.unwrap_or_default();
    for dataset in datasets.unwrap_or_default() {
        if !named.contains(&dataset) {
            named.push(dataset);
        }
    }
    named
}

/// Reads JSON or YAML. JSON is tried first where it may be some, as its reader is fast and knows tabs.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let text = text.trim_start_matches('\u{feff}');
    let of_json = if text.trim_start().starts_with('{') {
        match serde_json::from_str(text) {
            Ok(read) => return Ok(read),
            Err(error) => Some(error.to_string()),
        }
    } else {
        None
    };
    serde_saphyr::from_str(text).map_err(|error| of_json.unwrap_or_else(|| error.to_string()))
}

/// A token, `$NAME` and `${NAME}` in it replaced by what the environment says, or the name of the variable that is not set: half a
/// token is none. A `$` before no name stands for itself.
pub(crate) fn token(given: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Secret, String> {
    let mut out = String::new();
    let mut rest = given;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let braced = after.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let (name, after) = braced.unwrap_or_else(|| {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            after.split_at(end)
        });
        if name.is_empty() {
            out.push('$');
        } else {
            out.push_str(&variable(name).filter(|value| !value.is_empty()).ok_or_else(|| name.to_owned())?);
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(Secret::new(out.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_out_of_the_environment() {
        let variable = |name: &str| match name {
            "A" => Some("alpha".to_owned()),
            "B_2" => Some("beta".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        let expanded = |given: &str| token(given, &variable);
        for (given, wanted) in [
            ("$A", "alpha"),
            ("${A}", "alpha"),
            ("x-$A.$B_2", "x-alpha.beta"),
            ("${A}1", "alpha1"),
            ("plain", "plain"),
            ("a$", "a$"),
            ("${A", "${A"),
        ] {
            assert_eq!(expanded(given), Ok(Secret::new(wanted)), "{given}");
        }
        assert_eq!(expanded("${NONE}"), Err("NONE".to_owned()));
        assert_eq!(expanded("x$EMPTY"), Err("EMPTY".to_owned()));
    }

    #[test]
    fn json_and_yaml_are_read() {
        for text in [
            "{\"datasets\":\t[{\"name\": \"a\", \"version\": 3, \"children\": [\"b\"], \"datasets\": [\"b\", \"c\"]}]}",
            "datasets:\n  - {name: a, version: 3, children: [b], datasets: [b, c]}\n",
        ] {
            let index: RawIndex = parse(text).unwrap();
            let entry = index.datasets.into_iter().next().unwrap();
            assert_eq!(children(entry.children, entry.datasets), ["b", "c"]);
        }
        assert!(parse::<RawIndex>("{\"datasets\": [").is_err());
        assert!(parse::<RawIndex>("<html>").is_err());
    }
}
