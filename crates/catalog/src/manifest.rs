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
//! Source: the manifest of yente 5 (`datasets`, `name`, `title`, `path`, `url`, `entities_url`, `load`, `children`,
//! `catalogs`), with `format`, `files` and `mapping` added.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use interdict_model::{ListId, ListIdError};
use interdict_sources::Format;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::rules::{FetchRules, RawRules, RuleError};

/// A manifest cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The file cannot be read.
    #[error("{path}: cannot be read", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is not YAML of this form.
    #[error("{path}: {reason}", path = path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line and reason.
        reason: String,
    },
    /// A list's name is no list id.
    #[error("{path}: a list's name cannot be used", path = path.display())]
    Name {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: ListIdError,
    },
    /// A list that says neither where it is nor of which it is made.
    #[error("{path}: list `{list}` has no `path`, `files`, `url` or `children`", path = path.display())]
    Nowhere {
        /// The file.
        path: PathBuf,
        /// The list.
        list: ListId,
    },
    /// What is said of fetching a list cannot be used.
    #[error("{path}: list `{list}` cannot be fetched as said", path = path.display())]
    Rules {
        /// The file.
        path: PathBuf,
        /// The list.
        list: ListId,
        /// Why.
        #[source]
        source: RuleError,
    },
    /// Two lists of one name.
    #[error("{path}: list `{list}` stands there twice", path = path.display())]
    Twice {
        /// The file.
        path: PathBuf,
        /// The list.
        list: ListId,
    },
    /// A list given as an argument is not `ID=FORMAT:PATH`.
    #[error("{given:?} is not ID=FORMAT:PATH, such as us_ofac_sdn=ofac_sdn_csv:lists/sdn")]
    Argument {
        /// What was given.
        given: String,
    },
    /// A list given as an argument has an unknown format or id.
    #[error("{given:?}: {reason}")]
    ArgumentPart {
        /// What was given.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
}

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
    /// Version that the manifest gives.
    pub version: Option<String>,
    /// Address of its entities, where it has one.
    pub entities_url: Option<String>,
    /// What else the manifest says of it for people: licence, summary, publisher, coverage and the like.
    pub about: BTreeMap<String, Json>,
}

/// Keys of a dataset that say something of it to people and have no meaning here. Source: yente's catalogue.
const ABOUT: &[&str] = &[
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
    /// Catalogues that it names; only those that serve their lists as files can be read.
    pub catalogs: Vec<String>,
}

#[derive(Deserialize)]
struct RawManifest {
    #[serde(default)]
    datasets: Vec<RawDataset>,
    #[serde(default)]
    catalogs: Vec<RawCatalog>,
    #[serde(flatten)]
    unknown: BTreeMap<String, Json>,
}

#[derive(Deserialize)]
struct RawCatalog {
    url: String,
}

#[derive(Deserialize)]
struct RawDataset {
    name: String,
    title: Option<String>,
    path: Option<PathBuf>,
    url: Option<String>,
    entities_url: Option<String>,
    load: Option<bool>,
    #[serde(default, alias = "datasets")]
    children: Vec<String>,
    format: Option<Format>,
    #[serde(default)]
    files: Vec<String>,
    mapping: Option<PathBuf>,
    version: Option<String>,
    #[serde(flatten)]
    rules: RawRules,
    #[serde(flatten)]
    unknown: BTreeMap<String, Json>,
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

    /// Parses the text of a manifest that lies at `path`.
    pub fn parse(text: &str, path: &Path) -> Result<Manifest, ManifestError> {
        let raw: RawManifest = serde_saphyr::from_str(text)
            .map_err(|error| ManifestError::Syntax { path: path.to_owned(), reason: error.to_string() })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut manifest = Manifest { unknown: raw.unknown.into_keys().collect(), ..Manifest::default() };
        manifest.catalogs = raw.catalogs.into_iter().map(|catalog| catalog.url).collect();
        for dataset in raw.datasets {
            let id =
                ListId::new(&dataset.name).map_err(|source| ManifestError::Name { path: path.to_owned(), source })?;
            let (about, unknown): (BTreeMap<_, _>, BTreeMap<_, _>) =
                dataset.unknown.into_iter().partition(|(key, _)| ABOUT.contains(&key.as_str()));
            manifest.unknown.extend(unknown.keys().map(|key| format!("{id}.{key}")));
            if manifest.entries.iter().any(|known| known.id == id) {
                return Err(ManifestError::Twice { path: path.to_owned(), list: id });
            }
            manifest.entries.push(Entry {
                id: id.clone(),
                title: dataset.title.clone(),
                children: dataset
                    .children
                    .iter()
                    .map(|child| ListId::new(child))
                    .collect::<Result<_, _>>()
                    .map_err(|source| ManifestError::Name { path: path.to_owned(), source })?,
                is_loaded: false,
                version: dataset.version.clone(),
                entities_url: dataset.entities_url.clone().or_else(|| dataset.url.clone()),
                about,
            });
            // A collection has no entities of its own; one that is not to be loaded stays out.
            if dataset.load == Some(false) {
                continue;
            }
            let (mut paths, mut urls) = (Vec::new(), Vec::new());
            paths.extend(dataset.path.iter().map(|path| folder.join(path)));
            for file in &dataset.files {
                if file.contains("://") { urls.push(file.clone()) } else { paths.push(folder.join(file)) }
            }
            urls.extend(dataset.entities_url.or(dataset.url));
            let rules = FetchRules::of(dataset.rules, &urls).map_err(|source| ManifestError::Rules {
                path: path.to_owned(),
                list: id.clone(),
                source,
            })?;
            if paths.is_empty() && urls.is_empty() && rules.page.is_none() {
                if dataset.children.is_empty() {
                    return Err(ManifestError::Nowhere { path: path.to_owned(), list: id });
                }
                continue;
            }
            if let Some(entry) = manifest.entries.last_mut() {
                entry.is_loaded = true;
            }
            manifest.datasets.push(Dataset {
                id,
                title: dataset.title,
                format: dataset.format.unwrap_or(Format::Ftm),
                paths,
                in_folder: false,
                urls,
                mapping: dataset.mapping.map(|mapping| folder.join(mapping)),
                version: dataset.version,
                rules,
            });
        }
        Ok(manifest)
    }

    /// Lists given as `ID=FORMAT:PATH`; an argument without `=` is a further path of the list before it.
    pub fn of_arguments(arguments: &[String]) -> Result<Manifest, ManifestError> {
        let mut manifest = Manifest::default();
        for given in arguments {
            let Some((id, rest)) = given.split_once('=').filter(|(id, _)| ListId::new(id).is_ok()) else {
                match manifest.datasets.last_mut() {
                    Some(dataset) if !given.contains('=') => dataset.paths.push(PathBuf::from(given)),
                    _ => return Err(ManifestError::Argument { given: given.clone() }),
                }
                continue;
            };
            let argument = |reason: String| ManifestError::ArgumentPart { given: given.clone(), reason };
            let (format, path) =
                rest.split_once(':').ok_or_else(|| ManifestError::Argument { given: given.clone() })?;
            let id = ListId::new(id).map_err(|error| argument(error.to_string()))?;
            let format: Format =
                format.parse().map_err(|error: interdict_sources::UnknownFormat| argument(error.to_string()))?;
            let path = PathBuf::from(path);
            match manifest.datasets.iter_mut().find(|dataset| dataset.id == id) {
                Some(known) if known.format == format => known.paths.push(path),
                Some(_) => return Err(argument("the list was given before with another format".to_owned())),
                None => manifest.datasets.push(Dataset {
                    id,
                    title: None,
                    format,
                    paths: vec![path],
                    in_folder: false,
                    urls: Vec::new(),
                    mapping: None,
                    version: None,
                    rules: FetchRules::default(),
                }),
            }
        }
        Ok(manifest)
    }
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
    fn a_manifest_that_cannot_be_used_says_why() {
        let fault = |text: &str| Manifest::parse(text, Path::new("m.yml")).unwrap_err().to_string();
        assert!(fault("datasets:\n  - name: a b\n    path: x\n").contains("name"));
        assert!(fault("datasets:\n  - name: a\n").contains("`path`"));
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

    #[test]
    fn lists_as_arguments_may_have_several_files() {
        let given = ["sdn=ofac_sdn_csv:a/sdn.csv", "a/add.csv", "un=un_sc_xml:un.xml"].map(String::from);
        let manifest = Manifest::of_arguments(&given).unwrap();
        assert_eq!(manifest.datasets[0].paths.len(), 2);
        assert!(Manifest::of_arguments(&["nonsense".to_owned()]).is_err());
        assert!(Manifest::of_arguments(&["x=ofac:y".to_owned()]).unwrap_err().to_string().contains("ofac_sdn_csv"));
    }
}
