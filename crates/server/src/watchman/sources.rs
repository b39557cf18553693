//! Lists under Watchman's names.
//!
//! Source: Watchman's names of lists; which of ours each is follows from who publishes it.

use axum::http::StatusCode;
use interdict_search::EntitySet;
use interdict_snapshot::EntityOrd;

use super::refusal::Refusal;
use crate::catalogue::Leaves;
use crate::filter::Filter;
use crate::view::{View, searched};
use crate::yente::scope::{Asked, NOT_LOADED};

/// Watchman's name of a list and our id.
const NAMES: &[(&str, &str)] = &[
    ("us_ofac", "us_ofac_sdn"),
    ("us_non_sdn", "us_ofac_cons"),
    ("us_csl", "us_csl"),
    ("eu_csl", "eu_fsf"),
    ("uk_csl", "gb_fcdo_sanctions"),
    ("un_csl", "un_sc"),
];

/// What Watchman writes before the names of datasets of OpenSanctions.
const OPENSANCTIONS: &str = "opensanctions_";

/// The name that Watchman has for one of our lists, else our own.
pub(super) fn name_of(list: &str) -> &str {
    NAMES.iter().find(|(_, ours)| *ours == list).map_or(list, |(theirs, _)| theirs)
}

/// The leaves that a request asks: all lists, or those of a source: a name of Watchman's, or of a dataset here.
pub(super) fn leaves(view: &View, source: Option<&str>) -> Result<Leaves, Refusal> {
    let catalogue = &view.catalogue;
    let Some(source) = source else {
        let loaded = catalogue.entries().iter().filter(|entry| entry.is_loaded);
        let leaves = loaded.filter_map(|entry| catalogue.leaves(entry.id.as_str())).flatten().collect();
        return consulted(view, None, leaves);
    };
    let ours = NAMES.iter().find(|(theirs, _)| *theirs == source).map(|(_, ours)| *ours);
    let names = [ours, Some(source), source.strip_prefix(OPENSANCTIONS)];
    let Some(leaves) = names.into_iter().flatten().find_map(|name| catalogue.leaves(name)) else {
        let known: Vec<&str> = catalogue.entries().iter().map(|entry| name_of(entry.id.as_str())).collect();
        return Err(Refusal::of("source", format!("there is no list `{source}` here; there are {}", known.join(", "))));
    };
    consulted(view, Some(source), leaves)
}

fn consulted(view: &View, source: Option<&str>, leaves: Leaves) -> Result<Leaves, Refusal> {
    let not = |list: &str, reason: &str| {
        let said = format!("list `{list}` could not be consulted: {reason}; `source` asks one of the others");
        Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, said))
    };
    if let Some((list, reason)) = view.catalogue.missing(&leaves, view.meta()).into_iter().next() {
        return not(&list, &reason);
    }
    match source {
        Some(source) if !view.catalogue.is_loaded(&leaves) => not(source, NOT_LOADED),
        _ => Ok(leaves),
    }
}

/// The matcher's filter of what a request asks.
pub(super) fn filter(view: &View, source: Option<&str>, source_id: Option<&str>) -> Result<Filter, Refusal> {
    let mut filter = Asked::default().filter_of(view, &leaves(view, source)?)?;
    if let Some(id) = source_id {
        let mut records = records(view, id)?;
        records.and(&view.of_lists(filter.lists)?);
        if let Some(only) = &filter.only {
            records.and_words(only);
        }
        if records.is_empty() {
            let said = format!("there is no record `{id}` in the lists that are asked");
            return Err(Refusal::of("sourceID", said));
        }
        filter.only = Some(records.words().into());
    }
    Ok(filter)
}

/// The entities that an id means: their own id, one that was merged into it, or the list's number of the record.
fn records(view: &View, id: &str) -> Result<EntitySet, Refusal> {
    let index = view.snapshot.search_index()?;
    let ids = [id];
    let mut found = searched(index.entities_with("id", &ids))?;
    found.or(&searched(index.entities_with("referents", &ids))?);
    for listing in searched(index.entities_with("properties.recordId", &ids))?.iter() {
        let shown = view.shown(EntityOrd(listing))?;
        for party in shown.entity.get("entity") {
            if let Some(ord) = view.snapshot.find(&party.text)? {
                found.insert(ord.0);
            }
        }
    }
    Ok(found)
}
