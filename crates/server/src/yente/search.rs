//! `GET /search/{dataset}`: the search box, with filters, facets, sorting and pages.
//!
//! A query that cannot be read is a 400 that says where, in yente's words; where yente's index would answer nothing, so does ours.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use axum::Json as Body;
use axum::extract::{RawQuery, State};
use interdict_model::{PropertyType, Schema};
use interdict_search::{EntitySet, Facet, Filter, MAX_SORT, Query, Request, Syntax};
use interdict_snapshot::{Corrupt, EntityOrd};
use serde_json::{Map, Value as Json, json};

use super::entities::{MAX_OFFSET, MAX_PAGE};
use super::order;
use super::params::Params;
use super::refusal::Refusal;
use super::scope::Asked;
use crate::address::Path;
use crate::app::App;
use crate::filter::Filter as Scope;
use crate::searches::found;
use crate::view::{View, searched};
use crate::wire::{served_by, with_warnings};

/// Entities that can be paged through. Source: yente.
const MAX_WINDOW: usize = 9999;

/// Facets that can be asked for, and those that are counted where none is.
const FACETS: &[&str] = &["datasets", "schema", "countries", "identifiers", "topics", "genders"];
const USUAL_FACETS: &[&str] = &["countries", "topics", "datasets"];

/// Answers the route.
pub(crate) async fn get(
    State(app): State<App>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Body<Json>, Refusal> {
    let mut params = Params::of(query.as_deref());
    let limit = params.int("limit", 10, MAX_PAGE);
    let offset = params.int("offset", 0, MAX_OFFSET);
    let schema = params.text("schema").unwrap_or("Thing").to_owned();
    let all = params.word("filter_op", "OR", &["OR", "AND"]) == "AND";
    let fuzzy = params.flag("fuzzy", false);
    let simple = params.flag("simple", false);
    let target = params.flag_if_given("target");
    let facets = params.words("facets", USUAL_FACETS, FACETS);
    let mut asked = Asked::of(&mut params);
    params.finish()?;
    // Its topics are a filter of the search, combined as `filter_op` says; ids are not left out of a search.
    let topics = std::mem::take(&mut asked.topics);
    asked.exclude_entity_ids.clear();
    let view = app.view()?;
    let scope = asked.scope(&view, &dataset)?;
    let schema = Schema::by_name(&schema).ok_or_else(|| Refusal::bad("Invalid schema"))?;
    let mut filters = Vec::new();
    for (field, values) in
        [("countries", params.texts("countries")), ("topics", topics), ("datasets", params.texts("datasets"))]
    {
        add(&mut filters, field, values, all);
    }
    for given in params.texts("filter") {
        let (field, value) = given.split_once(':').ok_or_else(|| Refusal::bad(format!("Invalid filter: '{given}'")))?;
        add(&mut filters, field, vec![value.to_owned()], all);
    }
    let mut warnings = scope.warnings.clone();
    let sort = order::of(&params, &mut warnings);
    if params.texts("sort").len() > MAX_SORT {
        return Err(Refusal::bad(format!("Search error: there are more than {MAX_SORT} fields to sort by")));
    }
    let syntax = if simple { Syntax::Simple } else { Syntax::Full { fuzzy } };
    let query = Query::parse(params.text("q").unwrap_or_default(), syntax)
        .map_err(|error| Refusal::bad(format!("Search error: the query cannot be read {error}")))?;
    let natural = |number: i64| usize::try_from(number.max(0)).unwrap_or_default();
    let (limit, offset) = (natural(limit), natural(offset));
    let (answering, asking) = (view.clone(), scope.clone());
    let task = app.searches.carry_out(move |stopped| {
        let index = answering.snapshot.search_index()?.until(stopped);
        let mut only = among(&answering, &family(schema), &asking.filter)?;
        if let Some(target) = target {
            let risky = answering.targets()?;
            if target { only.and(&risky) } else { only.and_not(&risky) }
        }
        let request = Request {
            query: &query,
            only: Some(only),
            filters,
            offset,
            limit: limit.min(MAX_WINDOW.saturating_sub(offset)),
            sort,
            facets: facets.iter().map(|facet| (*facet).to_owned()).collect(),
        };
        let mut page = found(index.search(&request))?;
        for facet in page.facets.iter_mut().filter(|facet| facet.field == "datasets") {
            sources(&answering, facet, &page.all)?;
        }
        let mut results = Vec::new();
        for hit in &page.found {
            results.push(answering.ftm(&answering.shown(EntityOrd(hit.entity))?.entity));
        }
        Ok((page, results))
    });
    let (page, results) = task.await?;
    let facets: Map<String, Json> =
        page.facets.iter().map(|facet| (facet.field.clone(), facet_json(&view, facet))).collect();
    let json = json!({
        "limit": limit,
        "offset": offset,
        "total": {"value": page.total, "relation": "eq"},
        "results": results,
        "facets": facets,
        "interdict": served_by(&view, Some(&scope.filter)),
    });
    Ok(Body(with_warnings(json, &warnings)))
}

fn add(filters: &mut Vec<Filter>, field: &str, mut values: Vec<String>, all: bool) {
    values.retain(|value| !value.trim().is_empty());
    if values.is_empty() {
        return;
    }
    match filters.iter_mut().find(|filter| filter.field == field) {
        Some(filter) => filter.values.extend(values),
        None => filters.push(Filter { field: field.to_owned(), values, all }),
    }
}

/// The entities of some schemata that a scope asks.
pub(super) fn among(view: &View, schemata: &[&str], scope: &Scope) -> Result<EntitySet, Corrupt> {
    let index = view.snapshot.search_index()?;
    let mut only = searched(index.entities_with("schema", schemata))?;
    only.and(&view.of_lists(scope.lists)?);
    if let Some(more) = &scope.only {
        only.and_words(more);
    }
    Ok(only)
}

/// The schemata that a search for one means: those below it, and those that an entity of it could be the same as.
fn family(schema: Schema) -> Vec<&'static str> {
    let is_kin = |other: &Schema| other.is_a(schema) || schema.can_match(*other);
    Schema::all().filter(is_kin).map(Schema::name).collect()
}

/// Counts where entities came from: a list that brought datasets with it has those alone that name none of them.
fn sources(view: &View, facet: &mut Facet, all: &EntitySet) -> Result<(), Corrupt> {
    let index = view.snapshot.search_index()?;
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for (at, list) in view.lists(u64::MAX) {
        let entry = view.catalogue.entry(list.id.as_str());
        let brought = entry.map(|entry| view.catalogue.brought(entry)).unwrap_or_default();
        known.insert(list.id.as_str());
        if !brought.is_empty() {
            known.extend(&brought);
            let mut rest = view.of_lists(1 << at)?;
            rest.and(all);
            rest.and_not(&searched(index.entities_with("datasets", &brought.into_iter().collect::<Vec<_>>()))?);
            for bucket in facet.buckets.iter_mut().filter(|bucket| bucket.value == list.id.as_str()) {
                bucket.count = rest.len();
            }
        }
    }
    facet.buckets.retain(|bucket| bucket.count > 0 && known.contains(bucket.value.as_str()));
    facet.buckets.sort_by_key(|bucket| Reverse(bucket.count));
    Ok(())
}

fn facet_json(view: &View, facet: &Facet) -> Json {
    let name = |value: &str| -> String {
        match facet.field.as_str() {
            "datasets" => {
                view.catalogue.entry(value).and_then(|entry| entry.title.clone()).unwrap_or_else(|| value.to_owned())
            }
            "schema" => Schema::by_name(value).map_or_else(|| value.to_owned(), |schema| schema.plural().to_owned()),
            "countries" => PropertyType::Country.caption(value).unwrap_or(value).to_owned(),
            "topics" => PropertyType::Topic.caption(value).unwrap_or(value).to_owned(),
            "genders" => PropertyType::Gender.caption(value).unwrap_or(value).to_owned(),
            _ => value.to_owned(),
        }
    };
    let label = match facet.field.as_str() {
        "datasets" => "Data sources",
        "schema" => "Entity types",
        "countries" => "Countries",
        "identifiers" => "Identifiers",
        "topics" => "Topics",
        _ => "Genders",
    };
    let values: Vec<Json> = facet
        .buckets
        .iter()
        .map(|bucket| json!({"name": bucket.value, "label": name(&bucket.value), "count": bucket.count}))
        .collect();
    json!({"label": label, "values": values})
}
