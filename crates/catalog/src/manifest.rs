//! Manifests: which lists, in the form that yente reads.
//!
//! ```yaml
//! datasets:
//!   - name: us_ofac_sdn
//!     title: US OFAC Specially Designated Nationals
//!     format: ofac_sdn_csv          # ours; without it `ftm`
//!     path: lists/sdn               # a file or a folder; or `files:`, or `url:`
//! ```
//! How a list is fetched and guarded stands beside it; see [`FetchRules`]. The publishers' own lists are built in
//! ([`Manifest::publishers`]).
//!
//! Source: the manifest of yente 5 (`datasets`, `name`, `title`, `path`, `entities_url`, `resources`, `load`, `children`,
//! `catalogs`, `auth_token`, `delta_url`), with `format`, `files`, `url` and `mapping` added.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use interdict_fetch::{Credential, Secret};
use interdict_model::ListId;
use interdict_sources::Format;
use serde_json::Value as Json;

use crate::feed::{Feed, Said};
use crate::location::Location;
pub use crate::manifest_error::ManifestError;
use crate::raw::{self, RawCatalog, RawDataset, RawManifest};
use crate::rules::FetchRules;
use crate::state::Trouble;

/// One list of a manifest.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Its id.
    pub id: ListId,
    /// Title for people.
    pub title: Option<String>,
    /// Form of its files.
    pub format: Format,
    /// Files and folders on this machine; empty for a list that is fetched.
    pub paths: Vec<PathBuf>,
    /// Whether the files were found in a folder, though each is named here: they must then be the whole list.
    pub in_folder: bool,
    /// Addresses that it is fetched from.
    pub urls: Vec<String>,
    /// Mapping of an own list.
    pub mapping: Option<PathBuf>,
    /// Version that the manifest gives.
    pub version: Option<String>,
    /// How it is fetched, and how much it may shrink.
    pub rules: FetchRules,
    /// What else is known of how it comes.
    pub feed: Feed,
}

/// A dataset as whoever asks for the catalogue sees it: a list that is loaded, one that is not, or a collection of others.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: ListId,
    /// Title for people.
    pub title: Option<String>,
    /// Datasets that it is made of, as they are named; those of a file that is loaded whole need no entry of their own.
    pub children: Vec<ListId>,
    /// Whether it is a list of [`Manifest::datasets`].
    pub is_loaded: bool,
    /// Whether its entities come with the file of a collection that is loaded.
    pub is_brought: bool,
    /// Version that the manifest gives.
    pub version: Option<String>,
    /// Address of its entities, where it has one.
    pub entities_url: Option<String>,
    /// What else the manifest says of it for people: licence, summary, publisher, coverage and the like.
    pub about: BTreeMap<String, Json>,
}

/// Keys of a dataset that say something of it to people and have no meaning here. Source: yente's catalogue.
pub(crate) const ABOUT: &[&str] = &[
    "license",
    "summary",
    "description",
    "updated_at",
    "last_export",
    "last_change",
    "entity_count",
    "thing_count",
    "category",
    "tags",
    "coverage",
    "resources",
    "deprecation",
    "deprecated",
    "delta_url",
    "namespace",
];

/// Lists to be loaded.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// In the order of the manifest.
    pub datasets: Vec<Dataset>,
    /// All that it names, collections and lists that are not loaded included, in its order.
    pub entries: Vec<Entry>,
    /// Keys that were not understood, for a warning.
    pub unknown: Vec<String>,
    /// Catalogues that it names; their datasets come to it in [`mod@crate::catalogs`].
    pub catalogs: Vec<CatalogSource>,
    /// What people should know of it, though it hinders nothing.
    pub notes: Vec<String>,
    /// Why it may be old itself.
    pub stale: Option<Trouble>,
}

/// A catalogue that a manifest names.
#[derive(Clone, Debug)]
pub struct CatalogSource {
    /// Where it is.
    pub location: Location,
    /// Datasets of it that are loaded, or whose children are; where empty, every dataset that is no collection.
    pub scopes: Vec<String>,
    /// Name of the resource that has a dataset's entities.
    pub resource_name: Option<String>,
    /// Mime type of that resource.
    pub resource_type: Option<String>,
    /// What its server is told of who asks.
    pub token: Option<Secret>,
}

impl Manifest {
    /// The lists of the publishers, at the addresses of `data/publishers.yml`.
    ///
    /// # Errors
    /// None, as a test parses the same text.
    pub fn publishers() -> Result<Manifest, ManifestError> {
        Manifest::parse(include_str!("../data/publishers.yml"), Path::new("publishers.yml (built in)"))
    }

    /// Reads a manifest; relative paths are taken from its folder.
    pub fn read(path: &Path) -> Result<Manifest, ManifestError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ManifestError::Io { path: path.to_owned(), source })?;
        Manifest::parse(&text, path)
    }

    /// Parses the text of a manifest that lies at `path`; tokens are taken out of this process's environment.
    pub fn parse(text: &str, path: &Path) -> Result<Manifest, ManifestError> {
        Manifest::parse_at(text, &Location::File(path.to_owned()))
    }

    /// Parses the text of a manifest that came from there.
    pub(crate) fn parse_at(text: &str, base: &Location) -> Result<Manifest, ManifestError> {
        let raw: RawManifest =
            raw::parse(text).map_err(|reason| ManifestError::Syntax { path: base.shown(), reason })?;
        let mut manifest = Manifest { unknown: raw.unknown.into_keys().collect(), ..Manifest::default() };
        for catalog in raw.catalogs.unwrap_or_default() {
            manifest.add_catalog(catalog, base);
        }
        let mut bare = Vec::new();
        for dataset in raw.datasets.unwrap_or_default() {
            bare.extend(manifest.add_dataset(dataset, base)?);
        }
        manifest.mark_brought();
        // What is said of a child whose entities come with its collection is all that needs saying.
        let is_brought = |list: &ListId| manifest.entries.iter().any(|entry| entry.id == *list && entry.is_brought);
        match bare.into_iter().find(|list| !is_brought(list)) {
            Some(list) => Err(ManifestError::Nowhere { path: base.shown(), list }),
            None => Ok(manifest),
        }
    }

    fn add_catalog(&mut self, raw: RawCatalog, base: &Location) {
        let joined = match base {
            Location::File(_) => None,
            Location::Url(from) => interdict_fetch::join(from, &raw.url),
        };
        let here = || Location::of(&raw.url, base.folder().unwrap_or(Path::new("")));
        let location = joined.map_or_else(here, Location::Url);
        self.unknown.extend(raw.unknown.keys().map(|key| format!("catalogs.{key}")));
        if raw.namespace == Some(true) {
            self.notes.push(format!("catalog {location}: `namespace` has no meaning here, ids stay as published"));
        }
        let token = self.token(raw.auth_token.as_deref(), &format!("catalog {location}"));
        self.catalogs.push(CatalogSource {
            location,
            scopes: raw::children(raw.scopes, raw.scope.map(|scope| vec![scope])),
            resource_name: raw.resource_name,
            resource_type: raw.resource_type,
            token,
        });
    }

    /// A token out of the environment; a variable that is not set is told, and nothing is sent.
    fn token(&mut self, given: Option<&str>, of: &str) -> Option<Secret> {
        match raw::token(given.filter(|given| !given.trim().is_empty())?, &|name| std::env::var(name).ok()) {
            Ok(token) => Some(token),
            Err(name) => {
                self.notes
                    .push(format!("{of}: its `auth_token` names the variable {name}, which is not set; none is sent"));
                None
            }
        }
    }

    /// Adds a dataset; its id comes back where it says neither where it is nor of which it is made.
    fn add_dataset(&mut self, dataset: RawDataset, base: &Location) -> Result<Option<ListId>, ManifestError> {
        let of_name =
            |name: &str| ListId::new(name).map_err(|source| ManifestError::Name { path: base.shown(), source });
        let id = of_name(&dataset.name)?;
        let (about, unknown): (BTreeMap<_, _>, BTreeMap<_, _>) =
            dataset.about.into_iter().partition(|(key, _)| ABOUT.contains(&key.as_str()));
        self.unknown.extend(unknown.keys().map(|key| format!("{id}.{key}")));
        if self.entries.iter().any(|known| known.id == id) {
            return Err(ManifestError::Twice { path: base.shown(), list: id });
        }
        let named = raw::children(dataset.children, dataset.datasets);
        let children = named.iter().map(|child| of_name(child)).collect::<Result<Vec<_>, _>>()?;
        let unplaced = |reason: String| ManifestError::Place { path: base.shown(), list: id.clone(), reason };
        let said = Said {
            entities_url: dataset.entities_url.as_deref(),
            path: dataset.path.as_ref(),
            resources: about.get("resources"),
            checksum: dataset.checksum.as_deref(),
            resource_name: dataset.resource_name.as_deref(),
            resource_type: dataset.resource_type.as_deref(),
            in_manifest: true,
        };
        let place = said.place(base).map_err(unplaced)?;
        let (mut paths, mut urls) = (Vec::new(), Vec::new());
        let mut put = |location: Location| match location {
            Location::File(path) => paths.push(path),
            Location::Url(url) => urls.push(url),
        };
        // Where entities are said to be elsewhere, `url` is a page for people, as yente has it.
        let of_url = dataset.url.as_deref().filter(|_| place.is_none());
        let checksum = place.as_ref().and_then(|place| place.checksum.clone());
        if let Some(place) = place {
            put(place.location);
        }
        for file in dataset.files.iter().map(String::as_str).chain(of_url) {
            put(Location::of(file, base.folder().unwrap_or(Path::new(""))));
        }
        let rules = FetchRules::of(dataset.rules, &urls).map_err(|source| ManifestError::Rules {
            path: base.shown(),
            list: id.clone(),
            source,
        })?;
        let has_entities = !paths.is_empty() || !urls.is_empty() || rules.page.is_some();
        let is_loaded = has_entities && dataset.load.unwrap_or(children.is_empty());
        let is_bare = dataset.load.is_none() && children.is_empty() && !has_entities;
        let bare = is_bare.then(|| id.clone());
        if dataset.load.is_none() && has_entities && !is_loaded {
            self.notes.push(format!("`{id}` is a collection, and its own entities are loaded only with `load: true`"));
        }
        let version = dataset.version.or_else(|| version_of_export(&about));
        let first = urls.first().cloned();
        let token = self.token(dataset.auth_token.as_deref(), &format!("dataset `{id}`"));
        let delta_url = about.get("delta_url").and_then(Json::as_str).map(str::to_owned);
        self.entries.push(Entry {
            id: id.clone(),
            title: dataset.title.clone(),
            children,
            is_loaded,
            is_brought: false,
            version: version.clone(),
            entities_url: first.clone(),
            about,
        });
        if is_loaded {
            let credential = token.zip(first).and_then(|(token, url)| Credential::token(token, &url));
            self.datasets.push(Dataset {
                id,
                title: dataset.title,
                format: dataset.format.unwrap_or(Format::Ftm),
                paths,
                in_folder: false,
                urls,
                mapping: dataset.mapping.map(|mapping| base.folder().unwrap_or(Path::new("")).join(mapping)),
                version,
                rules,
                feed: Feed { checksum, credential, delta_url, stale: None },
            });
        }
        Ok(bare)
    }

    /// Marks the datasets whose entities come with a collection that is loaded.
    pub(crate) fn mark_brought(&mut self) {
        let mut brought = BTreeSet::new();
        let mut open: Vec<&ListId> =
            self.entries.iter().filter(|entry| entry.is_loaded).flat_map(|entry| &entry.children).collect();
        let by_id: BTreeMap<&ListId, &Entry> = self.entries.iter().map(|entry| (&entry.id, entry)).collect();
        while let Some(id) = open.pop() {
            if brought.insert(id.clone())
                && let Some(entry) = by_id.get(id)
            {
                open.extend(&entry.children);
            }
        }
        for entry in &mut self.entries {
            entry.is_brought = !entry.is_loaded && brought.contains(&entry.id);
        }
    }
}

/// The version of a dataset that has none but says when it was exported: `YYYYMMDDHHMMSS`, as yente makes it.
pub(crate) fn version_of_export(about: &BTreeMap<String, Json>) -> Option<String> {
    let said = about.get("last_export").and_then(Json::as_str)?;
    let digits: String = said.chars().filter(char::is_ascii_digit).take(14).collect();
    (digits.len() >= 8).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yente_manifest_is_read_with_our_keys() {
        let text = "catalogs:\n  - url: https://example.org/index.json\ndatasets:\n  - name: own\n    title: Own list\n    path: own.json\n  - name: sdn\n    format: ofac_sdn_csv\n    files: [sdn/sdn.csv, sdn/add.csv]\n  - name: all\n    children: [own, sdn]\n  - name: off\n    load: false\n    path: x\n";
        let manifest = Manifest::parse(text, Path::new("/lists/m.yml")).unwrap();
        let names: Vec<_> = manifest.datasets.iter().map(|dataset| dataset.id.as_str()).collect();
        assert_eq!(names, ["own", "sdn"]);
        assert_eq!(manifest.datasets[0].format, Format::Ftm);
        assert_eq!(manifest.datasets[1].paths[1], Path::new("/lists/sdn/add.csv"));
        assert_eq!(manifest.catalogs.len(), 1);
        let entries: Vec<_> = manifest.entries.iter().map(|entry| (entry.id.as_str(), entry.is_loaded)).collect();
        assert_eq!(entries, [("own", true), ("sdn", true), ("all", false), ("off", false)]);
        assert_eq!(manifest.entries[2].children.len(), 2);
    }

    #[test]
    fn a_bare_dataset_describes_a_child_of_a_collection_that_is_loaded() {
        let text = "datasets:\n  - {name: a, title: A, summary: Of a}\n  - {name: all, path: x, load: true, children: [a, b]}\n";
        let manifest = Manifest::parse(text, Path::new("m.yml")).unwrap();
        let entry = &manifest.entries[0];
        assert_eq!((entry.title.as_deref(), entry.is_loaded, entry.is_brought), (Some("A"), false, true));
        assert_eq!(manifest.datasets.len(), 1);
    }

    #[test]
    fn a_manifest_that_cannot_be_used_says_why() {
        let fault = |text: &str| Manifest::parse(text, Path::new("m.yml")).unwrap_err().to_string();
        assert!(fault("datasets:\n  - name: a b\n    path: x\n").contains("name"));
        assert!(fault("datasets:\n  - name: a\n").contains("`path`"));
        // A child of what is not loaded would be asked and have nobody on it.
        let unloaded = "datasets:\n  - {name: all, path: x, children: [a]}\n  - {name: a, title: A}\n";
        assert!(fault(unloaded).contains("`a`"), "{}", fault(unloaded));
        assert!(fault("datasets:\n  - name: a\n    path: x\n    format: nope\n").contains("nope"));
        assert!(fault("datasets:\n  - {name: a, path: x}\n  - {name: a, path: y}\n").contains("twice"));
        assert!(fault("datasets: [").starts_with("m.yml"));
    }

    #[test]
    fn the_publishers_manifest_is_understood_whole() {
        let manifest = Manifest::publishers().unwrap();
        assert_eq!(manifest.unknown, Vec::<String>::new());
        assert_eq!(manifest.datasets.len(), 10);
        for list in &manifest.datasets {
            assert!(list.paths.is_empty() && list.title.is_some() && list.rules.publisher.is_some(), "{}", list.id);
            let https = |url: &String| url.starts_with("https://");
            assert!(list.urls.iter().all(https) && (list.rules.page.is_some() || !list.urls.is_empty()), "{}", list.id);
            // A folder of the files would be read, so that a mirror can hold them under these names.
            let known = list.rules.file_names.iter().all(|name| list.format.knows_file(&name.to_lowercase()));
            assert!(known && !list.rules.file_names.is_empty(), "{}", list.id);
        }
    }
}
