//! `GET /entities/{id}` and what stands next to an entity.
//!
//! Idea: an entity's relations stand on other entities: those that it points to, and those that point to it, which FollowTheMoney knows
//! as reverse properties. Nested, both are shown in full: neighbours, and behind those that join two parties (ownership, family) the
//! other party too; in a child, what points back is an id.
//! Limits: [`MAX_NEIGHBOURS`] neighbours, as yente; who has more is paged by `/adjacent`.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Json as Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interdict_model::{Entity, PropertyType};
use interdict_search::{Direction, EntitySet, Query, Request, SearchError};
use interdict_snapshot::{Corrupt, EntityOrd};
use serde_json::{Map, Value as Json, json};

use super::order;
use super::params::Params;
use super::refusal::Refusal;
use crate::address::{Path, segment};
use crate::app::App;
use crate::searches::found;
use crate::view::View;
use crate::wire::{served_by, with_warnings};

/// Most neighbours that are shown of an entity at a time. Source: yente.
const MAX_NEIGHBOURS: usize = 9999;

/// Most entries of a page, and the farthest that one may begin. Source: yente.
pub(crate) const MAX_PAGE: i64 = 500;
pub(crate) const MAX_OFFSET: i64 = 9499;

/// `GET /entities/{id}`.
pub(crate) async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let mut params = Params::of(query.as_deref());
    let nested = params.flag("nested", true);
    params.finish()?;
    let view = app.view()?;
    let ord = match find(&view, &id)? {
        Found::Entity(ord) => ord,
        Found::Elsewhere(response) => return Ok(response),
    };
    let entity = view.shown(ord)?;
    if !nested {
        return Ok(Body(view.ftm(&entity.entity)).into_response());
    }
    // Thousands of neighbours take a second.
    let json = app.searches.carry_out(move |stopped| nest(&view, ord, &entity.entity, stopped)).await?;
    Ok(Body(json).into_response())
}

/// `GET /entities/{id}/adjacent`.
pub(crate) async fn adjacent(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let page = Page::of(query.as_deref())?;
    let view = app.view()?;
    let ord = match find(&view, &id)? {
        Found::Entity(ord) => ord,
        Found::Elsewhere(response) => return Ok(response),
    };
    let entity = view.shown(ord)?;
    let json = app.searches.carry_out(move |stopped| {
        let mut found = neighbours(&view, ord, &entity.entity, stopped)?;
        page.order(&view, &mut found, stopped)?;
        let mut adjacent = Map::new();
        for (name, neighbours) in found {
            adjacent.insert(name, page.json(&view, ord, &neighbours)?);
        }
        Ok(page.told(&view, json!({"entity": view.ftm(&entity.entity), "adjacent": adjacent})))
    });
    Ok(Body(json.await?).into_response())
}

/// `GET /entities/{id}/adjacent/{property}`.
pub(crate) async fn adjacent_by(
    State(app): State<App>,
    Path((id, property)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let page = Page::of(query.as_deref())?;
    let view = app.view()?;
    let ord = match find(&view, &id)? {
        Found::Entity(ord) => ord,
        Found::Elsewhere(response) => return Ok(response),
    };
    let entity = view.shown(ord)?;
    let known = entity.entity.schema.property(&property).filter(|known| known.kind() == PropertyType::Entity);
    if known.is_none() {
        return Err(Refusal::unknown("No such property!"));
    }
    let json = app.searches.carry_out(move |stopped| {
        let mut found = neighbours(&view, ord, &entity.entity, stopped)?;
        found.retain(|(name, _)| *name == property);
        page.order(&view, &mut found, stopped)?;
        let neighbours = found.pop().map(|(_, neighbours)| neighbours).unwrap_or_default();
        Ok(page.told(&view, page.json(&view, ord, &neighbours)?))
    });
    Ok(Body(json.await?).into_response())
}

enum Found {
    Entity(EntityOrd),
    /// A redirect to the id that the entity has now.
    Elsewhere(Response),
}

/// The entity of an id. An id that was merged into another one leads to it, as yente does: without the query string.
fn find(view: &View, id: &str) -> Result<Found, Refusal> {
    if let Some(ord) = view.snapshot.find(id)? {
        return Ok(Found::Entity(ord));
    }
    let canonical = view.canonical(id)?.ok_or_else(|| Refusal::unknown("No such entity!"))?;
    let canonical = view.snapshot.party(canonical)?.id;
    let location = HeaderValue::from_str(&format!("/entities/{}", segment(canonical)))
        .map_err(|_| Refusal::unknown("No such entity!"))?;
    Ok(Found::Elsewhere((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response()))
}

fn go_on(stopped: &AtomicBool) -> Result<(), Refusal> {
    if stopped.load(Ordering::Relaxed) { found(Err(SearchError::Stopped)) } else { Ok(()) }
}

/// A neighbour: an entity of the snapshot, or an id that it does not have.
#[derive(Clone, Debug)]
enum Neighbour {
    Here(EntityOrd),
    Elsewhere(String),
}

/// The neighbours of an entity by property: those that it points to in the order of its properties, then by reverse properties those
/// that point to it.
fn neighbours(
    view: &View,
    ord: EntityOrd,
    entity: &Entity,
    stopped: &AtomicBool,
) -> Result<Vec<(String, Vec<Neighbour>)>, Refusal> {
    let mut found: Vec<(String, Vec<Neighbour>)> = Vec::new();
    for (property, values) in entity.properties().filter(|(property, _)| property.kind() == PropertyType::Entity) {
        let mut own = Vec::new();
        for value in values {
            own.push(match view.snapshot.find(&value.text)? {
                Some(ord) => Neighbour::Here(ord),
                None => Neighbour::Elsewhere(value.text.to_string()),
            });
        }
        found.push((property.name().to_owned(), own));
    }
    let n_own = found.len();
    for other in view.snapshot.referrers(ord)?.take(MAX_NEIGHBOURS) {
        go_on(stopped)?;
        let shown = view.shown(other)?;
        for (property, values) in shown.entity.properties() {
            let points_here =
                property.kind() == PropertyType::Entity && values.iter().any(|value| *value.text == *entity.id);
            let Some((_, reverse)) = property.reverse().filter(|_| points_here) else { continue };
            match found.iter_mut().skip(n_own).find(|(name, _)| name == reverse) {
                Some((_, neighbours)) => neighbours.push(Neighbour::Here(other)),
                None => found.push((reverse.to_owned(), vec![Neighbour::Here(other)])),
            }
        }
    }
    if let Some(reverse) = found.get_mut(n_own..) {
        reverse.sort_by(|one, other| one.0.cmp(&other.0));
    }
    Ok(found)
}

/// The entity with its neighbours in full; ends soon after it is told to stop.
pub(crate) fn nest(view: &View, ord: EntityOrd, entity: &Entity, stopped: &AtomicBool) -> Result<Json, Refusal> {
    let mut json = view.ftm(entity);
    for (name, neighbours) in neighbours(view, ord, entity, stopped)? {
        let mut shown = Vec::new();
        for neighbour in &neighbours {
            go_on(stopped)?;
            shown.push(child(view, ord, neighbour)?);
        }
        json["properties"][name] = Json::Array(shown);
    }
    Ok(json)
}

/// A neighbour of an entity: where it joins two parties, with the other one in full.
fn child(view: &View, parent: EntityOrd, neighbour: &Neighbour) -> Result<Json, Corrupt> {
    let ord = match neighbour {
        Neighbour::Here(ord) => *ord,
        Neighbour::Elsewhere(id) => return Ok(json!(id)),
    };
    let shown = view.shown(ord)?;
    let mut json = view.ftm(&shown.entity);
    if !shown.entity.schema.is_edge() {
        return Ok(json);
    }
    let parent = view.snapshot.party(parent)?.id;
    for (property, values) in shown.entity.properties().filter(|(property, _)| property.kind() == PropertyType::Entity)
    {
        let mut ends = Vec::new();
        for value in values {
            let end = if *value.text == *parent { None } else { view.snapshot.find(&value.text)? };
            ends.push(match end {
                Some(end) => view.ftm(&view.shown(end)?.entity),
                None => json!(value.text),
            });
        }
        json["properties"][property.name()] = Json::Array(ends);
    }
    Ok(json)
}

/// A page of neighbours.
#[derive(Clone, Debug)]
struct Page {
    limit: usize,
    offset: usize,
    sort: Vec<(String, Direction)>,
    /// What of the request was passed over.
    warnings: Vec<String>,
}

impl Page {
    fn of(query: Option<&str>) -> Result<Page, Refusal> {
        let mut params = Params::of(query);
        let limit = params.int("limit", 10, MAX_PAGE);
        let offset = params.int("offset", 0, MAX_OFFSET);
        params.finish()?;
        let natural = |number: i64| usize::try_from(number.max(0)).unwrap_or_default();
        let mut warnings = Vec::new();
        let sort = order::of(&params, &mut warnings);
        Ok(Page { limit: natural(limit), offset: natural(offset), sort, warnings })
    }

    /// Puts neighbours in the order that is asked for, as a search would: by their own fields, those without last, then by rank. Ids that
    /// the snapshot does not have come after all. Walks the values of each field once.
    fn order(
        &self,
        view: &View,
        adjacent: &mut [(String, Vec<Neighbour>)],
        stopped: &AtomicBool,
    ) -> Result<(), Refusal> {
        if self.sort.is_empty() {
            return Ok(());
        }
        let index = view.snapshot.search_index()?.until(stopped);
        let mut only = EntitySet::none(index.n_entities());
        for neighbour in adjacent.iter().flat_map(|(_, neighbours)| neighbours) {
            if let Neighbour::Here(ord) = neighbour {
                only.insert(ord.0);
            }
        }
        let request = Request {
            query: &Query::all(),
            only: Some(only),
            filters: Vec::new(),
            offset: 0,
            limit: usize::MAX,
            sort: self.sort.clone(),
            facets: Vec::new(),
        };
        let ordered = found(index.search(&request))?.found;
        let places: HashMap<u32, usize> = ordered.iter().enumerate().map(|(at, found)| (found.entity, at)).collect();
        let place = |neighbour: &Neighbour| match neighbour {
            Neighbour::Here(ord) => places.get(&ord.0).copied().unwrap_or(usize::MAX),
            Neighbour::Elsewhere(_) => usize::MAX,
        };
        for (_, neighbours) in adjacent {
            neighbours.sort_by_key(place);
        }
        Ok(())
    }

    /// An answer with what it rests on and what was passed over.
    fn told(&self, view: &View, mut json: Json) -> Json {
        json["interdict"] = served_by(view, None);
        with_warnings(json, &self.warnings)
    }

    fn json(&self, view: &View, ord: EntityOrd, neighbours: &[Neighbour]) -> Result<Json, Corrupt> {
        let mut results = Vec::new();
        for neighbour in neighbours.iter().skip(self.offset).take(self.limit) {
            results.push(child(view, ord, neighbour)?);
        }
        let total = json!({"value": neighbours.len(), "relation": "eq"});
        Ok(json!({"results": results, "total": total, "limit": self.limit, "offset": self.offset}))
    }
}
