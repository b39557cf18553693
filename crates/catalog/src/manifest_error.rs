//! What makes a manifest or a catalogue useless.

use std::path::PathBuf;

use interdict_model::{ListId, ListIdError};
use interdict_snapshot::MAX_LISTS;

use crate::location::Location;
use crate::rules::RuleError;
use crate::state::StateError;

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
    /// A list that says neither where it is nor of which it is made, and that no collection brings which is loaded.
    #[error(
        "{path}: list `{list}` has no `path`, `files`, `url` or `children`, and is no child of a collection that is loaded",
        path = path.display()
    )]
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
    /// A dataset says where its entities are, and they cannot be there.
    #[error("{path}: dataset `{list}`: {reason}", path = path.display())]
    Place {
        /// The manifest or catalogue.
        path: PathBuf,
        /// The dataset.
        list: ListId,
        /// Why.
        reason: String,
    },
    /// A catalogue lacks a dataset that its scope names.
    #[error("catalog {catalog}: there is no dataset {scope:?}, which its scope names")]
    Scope {
        /// The catalogue.
        catalog: Location,
        /// The scope.
        scope: String,
    },
    /// A dataset in scope that cannot be loaded.
    #[error(
        "catalog {catalog}: dataset `{list}` has no entities_url, no resource of the kind asked for and no children"
    )]
    NoEntities {
        /// The catalogue.
        catalog: Location,
        /// The dataset.
        list: ListId,
    },
    /// A catalogue that lost more of the datasets in scope than may go unseen.
    #[error(
        "catalog {catalog}: {gone} of {known} lists in scope are gone ({names}); \
         `lists update --accept-shrink ID --reason TEXT` for each of them lets that in"
    )]
    Fell {
        /// The catalogue.
        catalog: Location,
        /// How many are gone.
        gone: usize,
        /// How many there were.
        known: usize,
        /// Those that are gone.
        names: String,
    },
    /// A manifest or catalogue cannot be had, and there is no earlier copy of it.
    #[error("{location}: cannot be had, and no earlier copy is kept: {reason}")]
    Unreachable {
        /// Where it should be.
        location: Location,
        /// Why.
        reason: String,
    },
    /// More datasets are to be loaded than a snapshot holds.
    #[error(
        "{found} datasets are to be loaded, and a snapshot holds {MAX_LISTS}: give the catalogue as `scope` a collection that has \
         entities of its own, which is loaded as one dataset and whose children can still be asked for by name, or name fewer"
    )]
    TooMany {
        /// How many are to be loaded.
        found: usize,
    },
    /// Copies of manifests and catalogues cannot be kept.
    #[error("copies of manifests and catalogues cannot be kept")]
    Keep(#[from] StateError),
}
