//! What a request asks: datasets, schemata, topics, entities left out. All of it becomes the matcher's filter before a score is
//! computed, so that the best of what is asked is found, and not what is left of the best of all.

use std::sync::Arc;

use interdict_search::EntitySet;

use super::params::Params;
use super::refusal::Refusal;
use crate::catalogue::Leaves;
use crate::filter::Filter;
use crate::observe::record::note_passed_over;
use crate::view::{Scope, View, searched};
use crate::wire::served_by;

/// Why a dataset that is known has nobody on it.
pub(crate) const NOT_LOADED: &str =
    "it is not loaded (the manifest says `load: false`, or its catalogue's scope leaves it out)";

/// Ids that a request may leave out. Source: yente.
const MAX_EXCLUDED: usize = 50;

/// The filters of a request, as given.
#[derive(Debug, Default, PartialEq)]
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
    /// The dataset is unknown or not loaded, or a list that is asked could not be consulted. yente answers nothing found from a dataset
    /// that is not loaded; here that would be "no hit" from lists that nobody consulted.
    pub(crate) fn leaves(&self, view: &View, dataset: &str) -> Result<Leaves, Refusal> {
        let catalogue = &view.catalogue;
        let mut leaves = catalogue.leaves(dataset).ok_or_else(|| Refusal::unknown("No such dataset."))?;
        if !catalogue.is_loaded(&leaves) {
            return Err(Refusal::unready(
                "list-not-consulted",
                format!("Dataset `{dataset}` could not be consulted: {NOT_LOADED}."),
            ));
        }
        if !self.include_dataset.is_empty() {
            // A dataset that nobody knows includes nothing, which `passed_over` tells.
            let included: Leaves =
                self.include_dataset.iter().filter_map(|name| catalogue.leaves(name)).flatten().collect();
            leaves.retain(|leaf| included.contains(leaf));
        }
        for excluded in self.exclude_dataset.iter().filter_map(|name| catalogue.leaves(name)) {
            leaves.retain(|leaf| !excluded.contains(leaf));
        }
        if let Some((list, reason)) = catalogue.missing(&leaves, view.meta()).into_iter().next() {
            return Err(Refusal::unready(
                "list-not-consulted",
                format!("Dataset `{list}` could not be consulted: {reason}. exclude_dataset={list} asks the others."),
            ));
        }
        Ok(leaves)
    }

    /// What of the datasets that the filters name is passed over, and whether they leave nothing to ask. Each is counted.
    fn passed_over(&self, view: &View, dataset: &str, leaves: &Leaves) -> Vec<String> {
        let catalogue = &view.catalogue;
        let mut said = Vec::new();
        for name in &self.include_dataset {
            match catalogue.leaves(name) {
                None => said.push(format!("include_dataset `{name}` names no dataset and includes nothing")),
                Some(leaves) if !catalogue.is_loaded(&leaves) => {
                    said.push(format!("include_dataset `{name}` includes nothing: {NOT_LOADED}"));
                }
                Some(_) => {}
            }
        }
        for name in self.exclude_dataset.iter().filter(|name| catalogue.leaves(name).is_none()) {
            said.push(format!("exclude_dataset `{name}` names no dataset and leaves nothing out"));
        }
        if !catalogue.is_loaded(leaves) {
            said.push(format!("the filters leave no list of `{dataset}` to ask, so that nobody was looked for"));
        }
        note_passed_over(said.len());
        said
    }

    /// What is asked of a dataset, with what answers say of it. Where it is asked whole, that is found once a view.
    pub(crate) fn scope(&self, view: &View, dataset: &str) -> Result<Arc<Scope>, Refusal> {
        let make = || {
            let leaves = self.leaves(view, dataset)?;
            let filter = self.filter_of(view, &leaves)?;
            let served = served_by(view, Some(&filter)).to_string();
            Ok(Scope { filter, served, warnings: self.passed_over(view, dataset, &leaves) })
        };
        if *self == Asked::default() { view.scope(dataset, make) } else { make().map(Arc::new) }
    }

    /// The matcher's filter. O(entities asked for) where anything but whole lists is asked.
    pub(crate) fn filter(&self, view: &View, dataset: &str) -> Result<Filter, Refusal> {
        self.filter_of(view, &self.leaves(view, dataset)?)
    }

    /// As [`Asked::filter`], of leaves that are known.
    pub(crate) fn filter_of(&self, view: &View, leaves: &Leaves) -> Result<Filter, Refusal> {
        let Stand { lists, mut only } = Stand::of(view, leaves)?;
        let index = view.snapshot.search_index()?;
        let mut narrow = |set: EntitySet| match &mut only {
            Some(only) => only.and(&set),
            None => only = Some(set),
        };
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
        Ok(Filter { lists, only: only.map(|only| only.words().into()) })
    }
}

/// Where leaves stand in a snapshot.
struct Stand {
    /// The lists that are asked, whole or in part, as bits of their numbers.
    lists: u64,
    /// The entities that are asked, where not every list is asked whole.
    only: Option<EntitySet>,
}

impl Stand {
    /// Idea: a list is asked whole, or for what came from some of the datasets that it brought with it; an entity that names none of
    /// these came from the list itself.
    fn of(view: &View, leaves: &Leaves) -> Result<Stand, Refusal> {
        let index = view.snapshot.search_index()?;
        let (mut whole, mut in_part) = (0u64, 0u64);
        let mut parts = EntitySet::none(index.n_entities());
        for (at, list) in view.meta().lists.iter().enumerate() {
            let own = leaves.contains(list.id.as_str());
            let entry = view.catalogue.entry(list.id.as_str());
            let brought = entry.map(|entry| view.catalogue.brought(entry)).unwrap_or_default();
            let asked: Vec<&str> = brought.iter().copied().filter(|name| leaves.contains(*name)).collect();
            if own && asked.len() == brought.len() {
                whole |= 1 << at;
            } else if own || !asked.is_empty() {
                in_part |= 1 << at;
                let of_list = view.of_lists(1 << at)?;
                let mut part = searched(index.entities_with("datasets", &asked))?;
                part.and(&of_list);
                if own {
                    let brought: Vec<&str> = brought.into_iter().collect();
                    let mut rest = of_list;
                    rest.and_not(&searched(index.entities_with("datasets", &brought))?);
                    part.or(&rest);
                }
                parts.or(&part);
            }
        }
        if in_part == 0 {
            return Ok(Stand { lists: whole, only: None });
        }
        parts.or(&view.of_lists(whole)?);
        Ok(Stand { lists: whole | in_part, only: Some(parts) })
    }
}
