//! A catalogue read: its datasets as entries, and those in scope as lists to load.
//!
//! Idea: a scope with entities of its own is loaded as it is, and its children come with it; one without is loaded by its children.
//! Without a scope every dataset that is no collection is loaded.
//! Invariant: a scope that the catalogue lacks, or that leads to nothing that can be loaded, is an error, never fewer lists.

use std::collections::{BTreeMap, BTreeSet};

use interdict_fetch::Credential;
use interdict_model::ListId;
use interdict_sources::Format;
use serde_json::Value as Json;

use crate::feed::{Feed, Place, Said};
use crate::location::Location;
use crate::manifest::{ABOUT, CatalogSource, Dataset, Entry, ManifestError, version_of_export};
use crate::raw::{self, RawEntry, RawIndex};
use crate::rules::FetchRules;

/// What a catalogue says of its datasets for people, beside what a manifest says: there these keys have a meaning of their own.
const ALSO_ABOUT: &[&str] = &["url", "publisher"];

/// A catalogue as a manifest takes it in.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    pub(crate) entries: Vec<Entry>,
    pub(crate) datasets: Vec<Dataset>,
    pub(crate) notes: Vec<String>,
}

/// A dataset with where its entities are, and why that cannot be used.
struct Known {
    entry: Entry,
    place: Result<Option<Place>, String>,
    load: Option<bool>,
}

/// Reads the bytes of a catalogue.
pub(crate) fn resolve(catalog: &CatalogSource, bytes: &[u8]) -> Result<Resolved, ManifestError> {
    let syntax = |reason: String| ManifestError::Syntax { path: catalog.location.shown(), reason };
    let text = std::str::from_utf8(bytes).map_err(|error| syntax(error.to_string()))?;
    let index: RawIndex = raw::parse(text).map_err(syntax)?;
    let mut resolved = Resolved::default();
    let mut known = Vec::new();
    let mut by_name = BTreeMap::new();
    for raw in index.datasets {
        match read_entry(catalog, raw) {
            Ok(entry) => {
                if by_name.insert(entry.entry.id.as_str().to_owned(), known.len()).is_some() {
                    let path = catalog.location.shown();
                    return Err(ManifestError::Twice { path, list: entry.entry.id });
                }
                known.push(entry);
            }
            Err(said) => resolved.notes.push(said),
        }
    }
    let loaded = loaded(catalog, &known, &by_name)?;
    for (at, known) in known.into_iter().enumerate() {
        let Known { mut entry, place, .. } = known;
        if let (true, Ok(Some(place))) = (loaded.contains(&at), &place) {
            entry.is_loaded = true;
            resolved.datasets.push(dataset(catalog, &entry, place));
        }
        resolved.entries.push(entry);
    }
    Ok(resolved)
}

/// A dataset of the catalogue, or why it is left out: one whose name is none cannot be asked for either.
fn read_entry(catalog: &CatalogSource, raw: RawEntry) -> Result<Known, String> {
    let unusable =
        |name: &str| format!("catalog {}: the name {name:?} cannot be used, and is left out", catalog.location);
    let id = ListId::new(&raw.name).map_err(|_| unusable(&raw.name))?;
    let place = Said {
        entities_url: raw.entities_url.as_deref(),
        path: raw.path.as_ref(),
        resources: raw.about.get("resources"),
        checksum: raw.checksum.as_deref(),
        resource_name: catalog.resource_name.as_deref(),
        resource_type: catalog.resource_type.as_deref(),
        in_manifest: false,
    }
    .place(&catalog.location);
    let version = match raw.version {
        Some(Json::String(version)) if !version.is_empty() => Some(version),
        Some(Json::Number(version)) => Some(version.to_string()),
        _ => version_of_export(&raw.about),
    };
    let url = match &place {
        Ok(Some(Place { location: Location::Url(url), .. })) => Some(url.clone()),
        _ => None,
    };
    let children = raw::children(raw.children, raw.datasets);
    let entry = Entry {
        id,
        title: raw.title,
        // A child whose name cannot be used is left out as it would be itself.
        children: children.iter().filter_map(|child| ListId::new(child).ok()).collect(),
        is_loaded: false,
        is_brought: false,
        version,
        entities_url: url,
        about: raw
            .about
            .into_iter()
            .filter(|(key, _)| ABOUT.contains(&key.as_str()) || ALSO_ABOUT.contains(&key.as_str()))
            .collect(),
    };
    Ok(Known { entry, place, load: raw.load })
}

/// Which datasets are loaded.
fn loaded(
    catalog: &CatalogSource,
    known: &[Known],
    by_name: &BTreeMap<String, usize>,
) -> Result<BTreeSet<usize>, ManifestError> {
    let mut loaded = BTreeSet::new();
    if catalog.scopes.is_empty() {
        for (at, dataset) in known.iter().enumerate() {
            let wanted = dataset.load.unwrap_or(dataset.entry.children.is_empty());
            if wanted && has_entities(catalog, dataset)? {
                loaded.insert(at);
            }
        }
        return Ok(loaded);
    }
    for scope in &catalog.scopes {
        let unknown = |name: &str| ManifestError::Scope { catalog: catalog.location.clone(), scope: name.to_owned() };
        let mut open = vec![*by_name.get(scope).ok_or_else(|| unknown(scope))?];
        let mut seen = BTreeSet::new();
        while let Some(at) = open.pop() {
            let Some(dataset) = known.get(at).filter(|_| seen.insert(at)) else { continue };
            if has_entities(catalog, dataset)? {
                loaded.insert(at);
                continue;
            }
            if dataset.entry.children.is_empty() {
                let list = dataset.entry.id.clone();
                return Err(ManifestError::NoEntities { catalog: catalog.location.clone(), list });
            }
            for child in &dataset.entry.children {
                open.push(*by_name.get(child.as_str()).ok_or_else(|| unknown(child.as_str()))?);
            }
        }
    }
    Ok(loaded)
}

fn has_entities(catalog: &CatalogSource, dataset: &Known) -> Result<bool, ManifestError> {
    match &dataset.place {
        Ok(place) => Ok(place.is_some()),
        Err(reason) => Err(ManifestError::Place {
            path: catalog.location.shown(),
            list: dataset.entry.id.clone(),
            reason: reason.clone(),
        }),
    }
}

fn dataset(catalog: &CatalogSource, entry: &Entry, place: &Place) -> Dataset {
    let (paths, url) = match &place.location {
        Location::File(path) => (vec![path.clone()], None),
        Location::Url(url) => (Vec::new(), Some(url.as_str())),
    };
    let delta = entry.about.get("delta_url").and_then(Json::as_str);
    let delta_url = match &catalog.location {
        Location::Url(from) => delta.and_then(|url| interdict_fetch::join(from, url)),
        Location::File(_) => delta.map(str::to_owned),
    };
    Dataset {
        id: entry.id.clone(),
        title: entry.title.clone(),
        format: Format::Ftm,
        paths,
        in_folder: false,
        urls: url.map(str::to_owned).into_iter().collect(),
        mapping: None,
        version: entry.version.clone(),
        rules: FetchRules::of_catalog(url),
        feed: Feed { checksum: place.checksum.clone(), credential: credential(catalog), delta_url, stale: None },
    }
}

/// The token of a catalogue, for its own server alone: one that names files of another server gets it nowhere else.
pub(crate) fn credential(catalog: &CatalogSource) -> Option<Credential> {
    match (&catalog.token, &catalog.location) {
        (Some(token), Location::Url(url)) => Credential::token(token.clone(), url),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = r#"{"datasets": [
        {"name": "all", "title": "All", "children": ["lists", "own"], "datasets": ["a", "b", "own"]},
        {"name": "lists", "children": ["a", "b"]},
        {"name": "a", "version": "2", "resources": [{"name": "entities.ftm.json", "url": "a/entities.ftm.json",
            "mime_type": "application/json+ftm", "checksum": "00ff"}], "publisher": {"name": "A"}, "url": "https://a.example"},
        {"name": "b", "last_export": "2026-11-24T10:11:12", "entities_url": "https://b.example/b.json"},
        {"name": "own", "entities_url": "own.json"},
        {"name": "whole", "children": ["a", "deep"], "entities_url": "whole.json"},
        {"name": "A-1 ", "entities_url": "x.json"}
    ]}"#;

    fn catalog(scopes: &[&str]) -> CatalogSource {
        CatalogSource {
            location: Location::Url("https://data.example/latest/index.json".to_owned()),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            resource_name: None,
            resource_type: None,
            token: None,
        }
    }

    fn loads(scopes: &[&str]) -> Vec<String> {
        let resolved = resolve(&catalog(scopes), INDEX.as_bytes()).unwrap();
        resolved.datasets.iter().map(|dataset| dataset.id.to_string()).collect()
    }

    #[test]
    fn a_scope_is_loaded_by_itself_or_by_its_children() {
        assert_eq!(loads(&["a"]), ["a"]);
        assert_eq!(loads(&["lists"]), ["a", "b"]);
        assert_eq!(loads(&["all"]), ["a", "b", "own"]);
        assert_eq!(loads(&["whole", "b"]), ["b", "whole"]);
        assert_eq!(loads(&[]), ["a", "b", "own"]);
    }

    #[test]
    fn a_dataset_comes_with_what_is_said_of_it() {
        let resolved = resolve(&catalog(&["lists"]), INDEX.as_bytes()).unwrap();
        let (a, b) = (&resolved.datasets[0], &resolved.datasets[1]);
        assert_eq!(a.urls, ["https://data.example/latest/a/entities.ftm.json"]);
        assert_eq!((a.version.as_deref(), a.feed.checksum.as_deref()), (Some("2"), Some("00ff")));
        assert_eq!((b.version.as_deref(), b.urls[0].as_str()), (Some("20261124101112"), "https://b.example/b.json"));
        assert_eq!(resolved.entries.len(), 6);
        assert_eq!(resolved.entries[2].about["publisher"]["name"], "A");
        assert_eq!(resolved.notes.len(), 1);
    }

    #[test]
    fn what_a_scope_leads_to_must_be_there() {
        let fault = |scope: &str, text: &str| resolve(&catalog(&[scope]), text.as_bytes()).unwrap_err().to_string();
        let said = fault("nope", INDEX);
        assert!(said.contains("\"nope\"") && said.contains("https://data.example/latest/index.json"), "{said}");
        assert!(fault("x", r#"{"datasets": [{"name": "x", "children": ["gone"]}]}"#).contains("\"gone\""));
        assert!(fault("x", r#"{"datasets": [{"name": "x"}]}"#).contains("no resource"));
        assert!(fault("x", r#"{"datasets": [{"name": "x", "path": "/etc/passwd"}]}"#).contains("another"));
        assert!(fault("x", r#"{"datasets": [{"name": "x"}, {"name": "x"}]}"#).contains("twice"));
        assert!(fault("x", "<!doctype html>").starts_with("https://data.example"));
    }
}
