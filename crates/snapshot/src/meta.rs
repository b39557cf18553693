//! What a snapshot says of itself.

use interdict_model::ListId;
use serde::{Deserialize, Serialize};

/// One list of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListMeta {
    /// Its id.
    pub id: ListId,
    /// Its version: the publisher's date, else a digest.
    pub version: String,
    /// Title for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Why it is not the whole list, if it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<String>,
    /// Whether newer data was refused and this version goes on serving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<String>,
    /// Why nothing of it could ever be had, if so; then no entity of it is here, and its version is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

/// What a snapshot says of itself. Holds no time of building: the same lists give the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// The lists, ascending by id; their place here is their number in the file.
    pub lists: Vec<ListMeta>,
    /// Whether it is the compiled-in starter list, which clears nobody.
    #[serde(default)]
    pub starter: bool,
    /// Number of parties that can be matched.
    pub n_parties: u64,
    /// Number of entities, relations and documents included.
    pub n_entities: u64,
    /// Number of distinct names of parties.
    pub n_names: u64,
}
