//! What a request asks: datasets, schemata, topics, entities left out. All of it becomes the matcher's filter before a score is
//! computed, so that the best of what is asked is found, and not what is left of the best of all.

use interdict_search::EntitySet;

use super::params::Params;
use super::refusal::Refusal;
use crate::catalogue::{Leaves, list_bits};
use crate::filter::Filter;
use crate::view::{View, searched};

/// Ids that a request may leave out. Source: yente.
const MAX_EXCLUDED: usize = 50;

/// The filters of a request, as given.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) include_dataset: Vec<String>,
    pub(crate) exclude_dataset: Vec<String>,
    pub(crate) exclude_schema: Vec<String>,
    pub(crate) topics: Vec<String>,
    pub(crate) changed_since: Option<String>,
    pub(crate) exclude_entity_ids: Vec<String>,
}

/// The leaves that a request to a dataset's route asks, by its query string.
pub(crate) fn leaves_asked(view: &View, dataset: &str, query: Option<&str>) -> Result<Leaves, Refusal> {
    Asked::of(&mut Params::of(query)).leaves(view, dataset)
}

impl Asked {
    /// Reads the filters that `/match` has.
    pub(crate) fn of(params: &mut Params) -> Asked {
        Asked {
            include_dataset: params.texts("include_dataset"),
            exclude_dataset: params.texts("exclude_dataset"),
            exclude_schema: params.texts("exclude_schema"),
            topics: params.texts("topics"),
            changed_since: params.since("changed_since"),
            exclude_entity_ids: params.few_texts("exclude_entity_ids", MAX_EXCLUDED),
        }
    }

    /// The leaves that are asked of a dataset.
    ///
    /// # Errors
    /// The dataset is unknown, or a list that is asked could not be consulted.
    pub(crate) fn leaves(&self, view: &View, dataset: &str) -> Result<Leaves, Refusal> {
        let catalogue = &view.catalogue;
        let mut leaves = catalogue.leaves(dataset).ok_or_else(|| Refusal::unknown("No such dataset."))?;
        if !self.include_dataset.is_empty() {
            // A dataset that nobody knows includes nothing.
            let included: Leaves =
                self.include_dataset.iter().filter_map(|name| catalogue.leaves(name)).flatten().collect();
            leaves.retain(|leaf| included.contains(leaf));
        }
        for excluded in self.exclude_dataset.iter().filter_map(|name| catalogue.leaves(name)) {
            leaves.retain(|leaf| !excluded.contains(leaf));
        }
        if let Some((list, reason)) = catalogue.missing(&leaves, view.meta()).into_iter().next() {
            return Err(Refusal::unready(format!(
                "Dataset `{list}` could not be consulted: {reason}. exclude_dataset={list} asks the others."
            )));
        }
        Ok(leaves)
    }

    /// The matcher's filter. O(entities asked for) where anything but lists is asked.
    pub(crate) fn filter(&self, view: &View, dataset: &str) -> Result<Filter, Refusal> {
        self.filter_of(view, &self.leaves(view, dataset)?)
    }

    /// As [`Asked::filter`], of leaves that are known.
    pub(crate) fn filter_of(&self, view: &View, leaves: &Leaves) -> Result<Filter, Refusal> {
        let (lists, brought) = list_bits(leaves, view.meta());
        let index = view.snapshot.search_index()?;
        let mut only: Option<EntitySet> = None;
        let mut narrow = |set: EntitySet| match &mut only {
            Some(only) => only.and(&set),
            None => only = Some(set),
        };
        // Datasets that a file brought with it are told by its entities, those that are lists by the snapshot.
        if !brought.is_empty() {
            let names: Vec<&str> = leaves.iter().map(String::as_str).collect();
            narrow(searched(index.entities_with("datasets", &names))?);
        }
        if !self.topics.is_empty() {
            narrow(searched(index.entities_with("topics", &self.topics))?);
        }
        if let Some(since) = &self.changed_since {
            narrow(searched(index.entities_after("last_change", since))?);
        }
        let without = |mut set: EntitySet, other: &EntitySet| {
            set.and_not(other);
            set
        };
        let all = || EntitySet::all(index.n_entities());
        if !self.exclude_schema.is_empty() {
            narrow(without(all(), &searched(index.entities_with("schema", &self.exclude_schema))?));
        }
        if !self.exclude_entity_ids.is_empty() {
            let mut excluded = searched(index.entities_with("id", &self.exclude_entity_ids))?;
            excluded.or(&searched(index.entities_with("referents", &self.exclude_entity_ids))?);
            narrow(without(all(), &excluded));
        }
        let lists = if brought.is_empty() { lists } else { u64::MAX };
        Ok(Filter { lists, only: only.map(|only| only.words().into()) })
    }
}
