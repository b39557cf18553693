//! How lists are updated, as the caller says it.

use interdict_fetch::{Credential, FetchOptions, Secret};
use interdict_model::ListId;

use crate::refresh::Acceptance;

/// How lists are updated.
#[derive(Clone, Debug)]
pub struct UpdateOptions {
    /// How files are asked for.
    pub fetch: FetchOptions,
    /// Ask for every file at `MIRROR/<list>/<file name>` instead of its publisher.
    pub mirror: Option<String>,
    /// Ask for these lists only; all where empty. The others stay as they are.
    pub only: Vec<ListId>,
    /// Lists that may shrink.
    pub accept: Option<Acceptance>,
    /// The time, RFC 3339, for what is noted.
    pub now: String,
    /// Bring lists up to date by their deltas, where they have a feed of them.
    pub deltas: bool,
    /// Hold files against the checksums of the manifest or catalogue.
    pub verify_checksums: bool,
    /// Sent as yente's `YENTE_DATA_TOKEN` to the servers of the manifest and of catalogues that have no token of their own.
    pub data_token: Option<Secret>,
}

impl Default for UpdateOptions {
    fn default() -> UpdateOptions {
        UpdateOptions {
            fetch: FetchOptions::default(),
            mirror: None,
            only: Vec::new(),
            accept: None,
            now: String::new(),
            deltas: true,
            verify_checksums: true,
            data_token: None,
        }
    }
}

impl UpdateOptions {
    /// Whether a list is to be asked for.
    pub fn asks(&self, list: &ListId) -> bool {
        self.only.is_empty() || self.only.contains(list)
    }

    /// The older token of yente, for the server of this address.
    pub(crate) fn data_credential(&self, url: &str) -> Option<Credential> {
        Credential::data_token(self.data_token.clone()?, url)
    }
}
